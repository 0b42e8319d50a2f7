;; Emscripten's function that grows the memory asks for more than it may.
;; max-memory: 131072
(module
  (import "env" "emscripten_resize_heap" (func $resize (param i32) (result i32)))
  (memory (export "memory") 1)
  (func $init (export "wizer-initialize") (drop (call $resize (i32.const 0x30000)))))
