;; A memory whose free stack another instance uses: nothing is zeroed.
;; init: init
;; call: get()
(component
  (core module $a
    (memory (export "m") 1)
    (global $__stack_pointer (export "__stack_pointer") (mut i32) (i32.const 4096))
    (global (export "__stack_low") i32 (i32.const 0))
    (global (export "__stack_high") i32 (i32.const 4096))
    (global (export "__heap_base") i32 (i32.const 4096))
    (global (export "__data_end") i32 (i32.const 4096)))
  (core instance $a (instantiate $a))
  (core module $b
    (import "a" "m" (memory 1))
    (func (export "init") (i32.store (i32.const 100) (i32.const 42)))
    (func (export "get") (result i32) (i32.load (i32.const 100))))
  (core instance $b (instantiate $b (with "a" (instance $a))))
  (func (export "init") (canon lift (core func $b "init")))
  (func (export "get") (result u32) (canon lift (core func $b "get"))))
