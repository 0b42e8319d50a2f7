;; A function of WASI's that Emscripten has renamed, with the memory: init prints by it.
;; import: a.b=wasi:fd_write
;; import: a.d=wasi:proc_exit
;; output: hello
;; expect: written() => i32 6
(module
  (import "a" "b" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "a" "d" (func $exit (param i32)))
  (memory (export "c") 1)
  (data (i32.const 8) "hello\0a")
  (func (export "wizer-initialize")
    (i32.store (i32.const 32) (i32.const 8))
    (i32.store (i32.const 36) (i32.const 6))
    (if (call $write (i32.const 1) (i32.const 32) (i32.const 1) (i32.const 40)) (then (call $exit (i32.const 3)))))
  (func (export "written") (result i32) (i32.load (i32.const 40))))
