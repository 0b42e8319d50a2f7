(module
  (type (;0;) (func (result i32)))
  (table (;0;) 2 2 funcref)
  (global $g (;0;) (mut i32) i32.const 7)
  (export "describe" (func 1))
  (elem (;0;) (i32.const 1) func $closure)
  (func $closure (;0;) (type 0) (result i32)
    global.get $g
  )
  (func (;1;) (type 0) (result i32)
    i32.const 1
  )
  (@custom "__wasm_bindgen_unstable" (after code) "closure")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
