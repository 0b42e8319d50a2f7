(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (table $read (;0;) 4 funcref)
  (table $expressions (;1;) 4 funcref)
  (memory (;0;) 1)
  (global $offset (;0;) i32 i32.const 1)
  (global $two (;1;) funcref ref.func $two)
  (export "read" (table $read))
  (export "expressions" (table $expressions))
  (export "memory" (memory 0))
  (export "run" (func 1))
  (elem (;0;) (i32.const 2) func $one $two)
  (elem (;1;) (table $expressions) (global.get $offset) funcref (global.get $two) (ref.null func) (ref.func $one))
  (func (;0;) (type 0)
    i32.const 2
    table.get $read
    drop
    i32.const 0
    i32.const 1
    i32.store
  )
  (func (;1;) (type 2) (param i32) (result i32)
    local.get 0
    call_indirect (type 1)
  )
  (func $one (;2;) (type 1) (result i32)
    i32.const 1
  )
  (func $two (;3;) (type 1) (result i32)
    i32.const 2
  )
  (data (;0;) (i32.const 0) "\01")
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
