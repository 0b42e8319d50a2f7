;; Exceptions as they were before the standard, which the engine does not take, in code that init does not reach: its bytes stay.
;; for-v8
;; answer: run() => i32 42
(module
  (tag $longjmp (param i32))
  (memory (export "memory") 1)
  (func (export "wizer.initialize") (i32.store (i32.const 64) (i32.const 41)))
  (func $jump (throw $longjmp (i32.load (i32.const 64))))
  (func (export "run") (result i32)
    try (result i32)
      call $jump
      i32.const 0
    catch $longjmp
      i32.const 1
      i32.add
    end))
