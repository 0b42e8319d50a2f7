(module
  (type (;0;) (func))
  (global (;0;) (mut i32) i32.const 1)
  (export "g" (global 0))
  (export "wizer-initialize" (func 0))
  (func (;0;) (type 0)
    i32.const 2
    global.set 0
  )
  (func (;1;) (type 0)
    i32.const 1
    global.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
