(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (global (;0;) (mut funcref) ref.func $f)
  (export "g" (global 0))
  (elem (;0;) declare func $f)
  (func $f (;0;) (type 0) (result i32)
    i32.const 5
  )
  (func (;1;) (type 1)
    ref.func $f
    global.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
