;; Objects have globals in front of the guest's own, and the note that the instance has been entered comes behind them.
;; expect: get() => i32 41
;; expect: get() => i32 42
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $s (struct (field (mut i32))))
  (memory 1)
  (global (export "__preinit_v1_armed") i32 (i32.const 16))
  (global (export "__preinit_v1_slot") i32 (i32.const 20))
  (global (export "__preinit_v1_phase") i32 (i32.const 24))
  (global (export "__preinit_v1_message") i32 (i32.const 32))
  (func (export "__preinit_v1_version") (result i32) (i32.const 1))
  (global (export "__preinit_v1_item_a") i32 (i32.const 64))
  (global (export "__preinit_v1_item_b") i32 (i32.const 320))
  (global $a (mut (ref null $s)) (ref.null $s))
  (global $b (mut (ref null $s)) (ref.null $s))
  (func (export "__preinit_v1_run_a") (result i32)
    (global.set $a (struct.new $s (i32.const 10)))
    (global.set $b (global.get $a))
    (i32.const 0))
  (func (export "__preinit_v1_resume_b")
    (struct.set $s 0 (global.get $a) (i32.mul (struct.get $s 0 (global.get $b)) (i32.const 4))))
  (func (export "get") (result i32)
    (struct.set $s 0 (global.get $b) (i32.add (struct.get $s 0 (global.get $a)) (i32.const 1)))
    (struct.get $s 0 (global.get $a)))
  (data (i32.const 64) "\30\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
  (data (i32.const 320) "\30\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
  (data (i32.const 200) "item    file"))
