(module
  (type $f (;0;) (func (result i32)))
  (type (;1;) (func (param f64)))
  (type (;2;) (func (param i32) (result i32)))
  (import "env" "unused" (func (;0;) (type 1)))
  (table $kept (;0;) 2 funcref)
  (memory (;0;) 1)
  (global $kept (;0;) (mut i32) i32.const 9)
  (export "memory" (memory 0))
  (export "get" (func 2))
  (export "through" (func 3))
  (elem (;0;) (i32.const 0) func $reached)
  (func $reached (;1;) (type $f) (result i32)
    global.get $kept
  )
  (func (;2;) (type 2) (param i32) (result i32)
    local.get 0
    i32.load8_u
  )
  (func (;3;) (type 2) (param i32) (result i32)
    local.get 0
    call_indirect (type $f)
  )
  (data (;0;) (i32.const 1) "M")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
