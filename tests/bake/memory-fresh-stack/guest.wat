;; The stack in a fresh memory is scrubbed like any other.
;; import: env.memory=fresh
;; init: init
;; dead: 2048..4096
;; call: get(2044) get(4096)
(module
  (import "env" "memory" (memory 1))
  (export "memory" (memory 0))
  (global (export "__stack_pointer") (mut i32) (i32.const 4096))
  (global (export "__stack_low") i32 (i32.const 2048))
  (func (export "init")
    (memory.fill (i32.const 2000) (i32.const 7) (i32.const 2200)))
  (func (export "get") (param i32) (result i32)
    (i32.load (local.get 0))))
