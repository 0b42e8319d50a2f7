(module
  (type $f (;0;) (func (result i32)))
  (type (;1;) (func))
  (import "env" "function" (global $function (;0;) (ref func)))
  (import "env" "typed" (global $typed (;1;) (ref $f)))
  (import "env" "value" (global $value (;2;) (ref extern)))
  (import "env" "table" (table (;0;) 2 (ref $f)))
  (global (;3;) (mut i32) i32.const 1)
  (global (;4;) (ref extern) global.get $value)
  (export "done" (global 3))
  (export "copy" (global 4))
  (export "get" (func 0))
  (func (;0;) (type $f) (result i32)
    global.get $typed
    call_ref $f
  )
  (func (;1;) (type 1)
    i32.const 1
    global.set 3
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
