(module
  (memory (export "memory") 1)
  (global (export "__preinit_v1_armed") i32 (i32.const 1024))
  (global (export "__preinit_v1_slot") i32 (i32.const 1028))
  (global (export "__preinit_v1_phase") i32 (i32.const 1032))
  (global (export "__preinit_v1_message") i32 (i32.const 1040))
  (func (export "__preinit_v1_version") (result i32) (i32.const 1))
)
