(module
  (type $bytes (;0;) (array i8))
  (type $functions (;1;) (array funcref))
  (type (;2;) (func))
  (type (;3;) (func (result i32)))
  (memory (;0;) 1)
  (export "passive" (func 1))
  (export "dropped" (func 2))
  (export "active" (func 3))
  (export "functions" (func 4))
  (export "dropped-functions" (func 5))
  (elem $e (;0;) func $f)
  (elem $dropped-e (;1;) func)
  (func $f (;0;) (type 2))
  (func (;1;) (type 3) (result i32)
    i32.const 1
    i32.const 2
    array.new_data $bytes $passive
    i32.const 0
    array.get_u $bytes
  )
  (func (;2;) (type 2)
    i32.const 0
    i32.const 1
    array.new_data $bytes $dropped
    drop
  )
  (func (;3;) (type 2)
    i32.const 0
    i32.const 1
    array.new_data $bytes $active
    drop
  )
  (func (;4;) (type 2)
    i32.const 0
    i32.const 1
    array.new_elem $functions $e
    drop
  )
  (func (;5;) (type 2)
    i32.const 0
    i32.const 1
    array.new_elem $functions $dropped-e
    drop
  )
  (func (;6;) (type 2)
    data.drop $dropped
    elem.drop $dropped-e
  )
  (data $passive (;0;) "abc")
  (data $dropped (;1;) "")
  (data $active (;2;) "")
  (data (;3;) (i32.const 0) "abc")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
