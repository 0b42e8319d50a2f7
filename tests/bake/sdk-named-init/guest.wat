;; An init function that is named runs in place of the items.
;; init: init
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (memory (export "memory") 1)
  (global (export "__preinit_v1_armed") i32 (i32.const 1024))
  (global (export "__preinit_v1_slot") i32 (i32.const 1028))
  (global (export "__preinit_v1_phase") i32 (i32.const 1032))
  (global (export "__preinit_v1_message") i32 (i32.const 1040))
  (func (export "__preinit_v1_version") (result i32) (i32.const 1))

  (global (export "log") (mut i32) (i32.const 0))
  (func (export "init") (global.set 4 (i32.const 1)))
  (global (export "__preinit_v1_item_a") i32 (i32.const 1100))
  (func (export "__preinit_v1_run_a") (result i32) unreachable)
  (data (i32.const 1100) "\2c\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\d0\07\00\00\06\00\00\00\e0\07\00\00\08\00\00\00\00\00\00\00\00\00\00\00")
  (data (i32.const 2000) "g::one")
  (data (i32.const 2016) "src/g.rs")
)
