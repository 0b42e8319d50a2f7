;; Functions get other numbers in code that the engine does not take, too.
;; for-v8
;; remove-dead-code
;; answer: run() => i32 42
(module
  (tag $unused)
  (tag $longjmp (param i32))
  (memory (export "memory") 1)
  (func $only_init (i32.store (i32.const 64) (i32.const 41)))
  (func (export "wizer.initialize") (call $only_init))
  (func $jump (throw $longjmp (i32.load (i32.const 64))))
  (func (export "run") (result i32)
    try (result i32)
      call $jump
      i32.const 0
    catch $longjmp
      i32.const 1
      i32.add
    end))
