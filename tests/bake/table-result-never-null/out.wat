(module
  (type $i (;0;) (func (result i32)))
  (type $t (;1;) (func (result (ref $i))))
  (type (;2;) (func))
  (table (;0;) 1 funcref)
  (export "table" (table 0))
  (export "run" (func 2))
  (elem (;0;) declare func $one $give)
  (elem (;1;) (i32.const 0) func $give)
  (func $one (;0;) (type $i) (result i32)
    i32.const 1
  )
  (func $give (;1;) (type $t) (result (ref $i))
    ref.func $one
  )
  (func (;2;) (type $i) (result i32)
    i32.const 0
    call_indirect (type $t)
    call_ref $i
  )
  (func (;3;) (type 2)
    i32.const 0
    ref.func $give
    table.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
