(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (global (;0;) (mut funcref) ref.func $f)
  (export "g" (global 0))
  (elem (;0;) declare func $f)
  (func (;0;) (type 0)
    ref.func $f
    global.set 0
  )
  (func $f (;1;) (type 1) (result i32)
    i32.const 5
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
