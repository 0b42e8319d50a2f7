(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type $functions (;2;) (array funcref))
  (type $bytes (;3;) (array i8))
  (memory (;0;) 1)
  (export "passive" (func 0))
  (export "dropped" (func 1))
  (export "active" (func 2))
  (export "functions" (func 3))
  (export "dropped-functions" (func 4))
  (elem $e (;0;) func $f)
  (elem $dropped-e (;1;) func)
  (func (;0;) (type 1) (result i32)
    i32.const 1
    i32.const 2
    array.new_data $bytes $passive
    i32.const 0
    array.get_u $bytes
  )
  (func (;1;) (type 0)
    i32.const 0
    i32.const 1
    array.new_data $bytes $dropped
    drop
  )
  (func (;2;) (type 0)
    i32.const 0
    i32.const 1
    array.new_data $bytes $active
    drop
  )
  (func (;3;) (type 0)
    i32.const 0
    i32.const 1
    array.new_elem $functions $e
    drop
  )
  (func (;4;) (type 0)
    i32.const 0
    i32.const 1
    array.new_elem $functions $dropped-e
    drop
  )
  (func (;5;) (type 0)
    data.drop $dropped
    elem.drop $dropped-e
  )
  (func $f (;6;) (type 0))
  (data $passive (;0;) "abc")
  (data $dropped (;1;) "")
  (data $active (;2;) "")
  (data (;3;) (i32.const 0) "abc")
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
