(module
  (type (;0;) (func))
  (table (;0;) 1 funcref)
  (global (;0;) (mut i32) i32.const 1)
  (export "table" (table 0))
  (export "runs" (global 0))
  (elem (;0;) declare func $init)
  (elem (;1;) (i32.const 0) func $init)
  (func $init (;0;) (type 0)
    global.get 0
    i32.const 1
    i32.add
    global.set 0
    i32.const 0
    ref.func $init
    table.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
