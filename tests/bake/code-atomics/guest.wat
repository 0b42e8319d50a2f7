;; Atomic instructions on a memory that is not shared.
;; call: run() wait()
(module
  (memory (export "memory") 1 1)
  (func $add (export "run") (result i32)
    (i32.atomic.rmw.add (i32.const 8) (i32.const 5)))
  (func (export "wait") (result i32)
    (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const 0)))
  (func (export "wizer-initialize")
    (drop (call $add))
    (drop (memory.atomic.notify (i32.const 8) (i32.const 1)))
    (atomic.fence)))
