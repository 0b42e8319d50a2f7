(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (global (;0;) (mut i32) i32.const 21)
  (export "log" (global 0))
  (export "wizer-initialize" (func 3))
  (func $log (;0;) (type 0) (param i32)
    global.get 0
    i32.const 10
    i32.mul
    local.get 0
    i32.add
    global.set 0
  )
  (func (;1;) (type 1)
    i32.const 1
    call $log
  )
  (func (;2;) (type 1)
    i32.const 2
    call $log
  )
  (func (;3;) (type 1)
    i32.const 3
    call $log
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
