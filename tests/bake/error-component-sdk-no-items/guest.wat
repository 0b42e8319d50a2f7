;; A module with the SDK, but without items: nothing of its start function is meant.
(component
  (core module $guest
    (memory 1)
    (global (export "__preinit_v1_armed") i32 (i32.const 16))
    (global (export "__preinit_v1_slot") i32 (i32.const 20))
    (global (export "__preinit_v1_phase") i32 (i32.const 24))
    (global (export "__preinit_v1_message") i32 (i32.const 32))
    (func (export "__preinit_v1_version") (result i32) (i32.const 1))
    (func $start (i32.store (i32.const 48) (i32.const 5)))
    (start $start)
    (func (export "get") (result i32) (i32.load (i32.const 48))))
  (core instance $guest (instantiate $guest))
  (func (export "get") (result u32) (canon lift (core func $guest "get"))))
