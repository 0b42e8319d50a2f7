;; The same, named as the first init function: they run once, and the export stays, since Emscripten's loaders call it.
;; init: __wasm_call_ctors setup
;; expect: ctors_ran() => i32 1
;; expect: value() => i32 105
;; expect: __wasm_call_ctors() =>
;; expect: ctors_ran() => i32 1
;; expect: value() => i32 105
(module
  (memory (export "memory") 1)
  (global $count (mut i32) (i32.const 0))
  (func (export "__wasm_call_ctors")
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (i32.store (i32.const 16) (i32.const 100)))
  (func (export "setup") (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 5))))
  (func (export "ctors_ran") (result i32) (global.get $count))
  (func (export "value") (result i32) (i32.load (i32.const 16))))
