;; Items that differ in nothing but their ids, as in two versions of one library, run in the order of these.
;; original: __preinit_v1_run_a __preinit_v1_run_b
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (memory (export "memory") 1)
  (global (export "__preinit_v1_armed") i32 (i32.const 1024))
  (global (export "__preinit_v1_slot") i32 (i32.const 1028))
  (global (export "__preinit_v1_phase") i32 (i32.const 1032))
  (global (export "__preinit_v1_message") i32 (i32.const 1040))
  (func (export "__preinit_v1_version") (result i32) (i32.const 1))

  (global (export "log") (mut i32) (i32.const 0))
  (func $log (param i32) (result i32)
    (global.set 4 (i32.add (i32.mul (global.get 4) (i32.const 10)) (local.get 0)))
    (i32.const 0))
  (global (export "__preinit_v1_item_b") i32 (i32.const 1200))
  (global (export "__preinit_v1_item_a") i32 (i32.const 1100))
  (func (export "__preinit_v1_run_b") (result i32) (call $log (i32.const 2)))
  (func (export "__preinit_v1_run_a") (result i32) (call $log (i32.const 1)))
  (data (i32.const 1100) "\2c\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\d0\07\00\00\06\00\00\00\e0\07\00\00\08\00\00\00\00\00\00\00\00\00\00\00")
  (data (i32.const 1200) "\2c\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\d0\07\00\00\06\00\00\00\e0\07\00\00\08\00\00\00\00\00\00\00\00\00\00\00")
  (data (i32.const 2000) "g::one")
  (data (i32.const 2016) "src/g.rs")
)
