(module
  (type $f (;0;) (func (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func (param f64)))
  (import "env" "unused" (func (;0;) (type 2)))
  (table $kept (;0;) 2 funcref)
  (memory (;0;) 1)
  (memory $private (;1;) 1 2 (pagesize 0x1))
  (global $kept (;0;) (mut i32) i32.const 9)
  (export "memory" (memory 0))
  (export "get" (func 1))
  (export "through" (func 2))
  (elem (;0;) declare func $reached)
  (elem (;1;) (i32.const 0) func $reached)
  (func (;1;) (type 1) (param i32) (result i32)
    local.get 0
    i32.load8_u
  )
  (func (;2;) (type 1) (param i32) (result i32)
    local.get 0
    call_indirect (type $f)
  )
  (func $reached (;3;) (type $f) (result i32)
    global.get $kept
  )
  (data (;0;) (i32.const 1) "M")
  (data (;1;) (memory $private) (i32.const 0) "\01")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
    (processed-by "walrus" "0.28.0")
  )
)
