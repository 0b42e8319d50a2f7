(module
  (rec
    (type $first (;0;) (func (result i32)))
    (type (;1;) (struct))
  )
  (rec
    (type $second (;2;) (func (result i32)))
    (type (;3;) (struct (field i32)))
  )
  (type (;4;) (func))
  (table (;0;) 1 funcref)
  (export "table" (table 0))
  (export "as-first" (func 1))
  (export "as-second" (func 2))
  (elem (;0;) declare func $f)
  (elem (;1;) (i32.const 0) func $f)
  (func (;0;) (type 4)
    i32.const 0
    ref.func $f
    table.set 0
  )
  (func (;1;) (type $second) (result i32)
    i32.const 0
    call_indirect (type $first)
  )
  (func (;2;) (type $second) (result i32)
    i32.const 0
    call_indirect (type $second)
  )
  (func $f (;3;) (type $first) (result i32)
    i32.const 1
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
