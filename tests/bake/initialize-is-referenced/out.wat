(module
  (type (;0;) (func))
  (table (;0;) 1 funcref)
  (global (;0;) (mut i32) i32.const 1)
  (export "runs" (global 0))
  (export "table" (table 0))
  (export "_initialize" (func 2))
  (elem (;0;) declare func $initialize)
  (elem (;1;) (i32.const 0) func $initialize)
  (func $initialize (;0;) (type 0)
    global.get 0
    i32.const 1
    i32.add
    global.set 0
  )
  (func (;1;) (type 0)
    i32.const 0
    ref.func $initialize
    table.set 0
  )
  (func (;2;) (type 0))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
