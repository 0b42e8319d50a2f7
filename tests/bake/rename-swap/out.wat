(module
  (type (;0;) (func))
  (global (;0;) (mut i32) i32.const 0)
  (export "g" (global 0))
  (export "b" (func 0))
  (export "a" (func 1))
  (func (;0;) (type 0)
    i32.const 1
    global.set 0
  )
  (func (;1;) (type 0)
    i32.const 2
    global.set 0
  )
  (func (;2;) (type 0))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
