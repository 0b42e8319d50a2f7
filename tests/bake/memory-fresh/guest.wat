;; A memory that is promised to be fresh: the import stays, and segments write what init left, in place of the guest's.
;; import: env.memory=fresh
;; answer: get() => i32 41
;; answer: size() => i32 1
;; call: load(0) load(2) load(100) load(65532)
(module
  (import "env" "memory" (memory 1 10))
  (data (i32.const 0) "abcd")
  (data (i32.const 2) "xyz")
  (data (i32.const 100) "gone")
  (data (i32.const 65532) "\00\00\00\01")
  (global $size (mut i32) (i32.const 0))
  (func (export "wizer.initialize")
    (i32.store8 (i32.const 3) (i32.const 0))
    (i32.store (i32.const 100) (i32.const 0))
    (global.set $size (memory.size))
    (i32.store (i32.const 64) (i32.const 41)))
  (func (export "get") (result i32) (i32.load (i32.const 64)))
  (func (export "size") (result i32) (global.get $size))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))
