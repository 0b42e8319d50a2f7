(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func))
  (table $read (;0;) 4 funcref)
  (table $expressions (;1;) 4 funcref)
  (memory (;0;) 1)
  (global $offset (;0;) i32 i32.const 1)
  (global $two (;1;) funcref ref.func $two)
  (export "read" (table $read))
  (export "expressions" (table $expressions))
  (export "memory" (memory 0))
  (export "run" (func 2))
  (elem (;0;) (table $read) (i32.const 2) func $one $two)
  (elem (;1;) (table $expressions) (global.get $offset) funcref (global.get $two) (ref.null func) (ref.func $one))
  (func $one (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func $two (;1;) (type 0) (result i32)
    i32.const 2
  )
  (func (;2;) (type 1) (param i32) (result i32)
    local.get 0
    call_indirect (type 0)
  )
  (func (;3;) (type 2)
    i32.const 2
    table.get $read
    drop
    i32.const 0
    i32.const 1
    i32.store
  )
  (data (;0;) (i32.const 0) "\01")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
