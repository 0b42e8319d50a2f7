(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (tag $t (;0;) (type 0))
  (global $g (;0;) (mut i32) i32.const 1)
  (export "get" (func 2))
  (func $__wasm_call_ctors (;0;) (type 0)
    try ;; label = @1
    catch $t
    end
  )
  (func (;1;) (type 0)
    i32.const 1
    global.set $g
  )
  (func (;2;) (type 1) (result i32)
    global.get $g
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
