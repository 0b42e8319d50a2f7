(module
  (type (;0;) (func))
  (global (;0;) (mut i32) i32.const 6)
  (export "g" (global 0))
  (export "_start" (func 1))
  (func $start (;0;) (type 0)
    i32.const 5
    global.set 0
  )
  (func (;1;) (type 0)
    global.get 0
    i32.const 2
    i32.mul
    global.set 0
  )
  (func (;2;) (type 0)
    global.get 0
    i32.const 1
    i32.add
    global.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
