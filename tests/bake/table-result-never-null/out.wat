(module
  (type $i (;0;) (func (result i32)))
  (type $t (;1;) (func (result (ref $i))))
  (type (;2;) (func))
  (table (;0;) 1 funcref)
  (export "table" (table 0))
  (export "run" (func 0))
  (elem (;0;) declare func $one $give)
  (elem (;1;) (i32.const 0) func $give)
  (func (;0;) (type $i) (result i32)
    i32.const 0
    call_indirect (type $t)
    call_ref $i
  )
  (func (;1;) (type 2)
    i32.const 0
    ref.func $give
    table.set 0
  )
  (func $one (;2;) (type $i) (result i32)
    i32.const 1
  )
  (func $give (;3;) (type $t) (result (ref $i))
    ref.func $one
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
