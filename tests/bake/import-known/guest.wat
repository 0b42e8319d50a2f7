;; Emscripten's function that grows the memory answers by itself, and so do weval's hints.
;; warning: init called the import `env` `emscripten_resize_heap` (2x), which answers with a larger memory while a module is baked: each instance sees what init made of that
;; warning: init called the import `env` `emscripten_notify_memory_growth` (1x), which answers with zero while a module is baked: each instance sees what init made of that
;; warning: init called the import `weval` `read.reg` (1x), which answers with zero while a module is baked: each instance sees what init made of that
;; expect: kept() => i32 1
;; expect: pages() => i32 3
(module
  (import "env" "emscripten_resize_heap" (func $resize (param i32) (result i32)))
  (import "env" "emscripten_notify_memory_growth" (func $notify (param i32)))
  (import "weval" "read.reg" (func $read (param i64) (result i64)))
  (memory (export "memory") 1 3)
  (global $kept (mut i32) (i32.const 0))
  (func (export "wizer-initialize")
    (global.set $kept (call $resize (i32.const 0x20001)))
    (call $notify (i32.const 0))
    (drop (call $read (i64.const 1)))
    (global.set $kept (i32.add (global.get $kept) (call $resize (i32.const 0x30001)))))
  (func (export "kept") (result i32) (global.get $kept))
  (func (export "pages") (result i32) (memory.size)))
