;; A call in the version function is the linker's, so the constructors are known without names.
;; init: init
;; expect: get() => i32 11
(module
  (memory (export "memory") 1)
  (global (export "__preinit_v1_armed") i32 (i32.const 1024))
  (global (export "__preinit_v1_slot") i32 (i32.const 1028))
  (global (export "__preinit_v1_phase") i32 (i32.const 1032))
  (global (export "__preinit_v1_message") i32 (i32.const 1040))
  (func (export "__preinit_v1_version") (result i32) (call 1) (i32.const 1))

  (global (mut i32) (i32.const 0))
  (func (global.set 4 (i32.add (global.get 4) (i32.const 1))))
  (func (global.set 4 (i32.add (global.get 4) (i32.const 10))))
  (func (export "init") (call 1) (call 2))
  (func (result i32) (global.get 4))
  (func (export "get") (result i32) (call 1) (call 4)))
