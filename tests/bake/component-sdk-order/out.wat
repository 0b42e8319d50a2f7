(component
  (core module $a (;0;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (type (;2;) (func (param i32)))
    (memory (;0;) 1)
    (global $n (;0;) (mut i32) i32.const 33421)
    (global (;1;) i32 i32.const 16)
    (global (;2;) i32 i32.const 20)
    (global (;3;) i32 i32.const 24)
    (global (;4;) i32 i32.const 32)
    (global (;5;) i32 i32.const 64)
    (export "add" (func $add))
    (export "phases" (func 4))
    (export "get" (func 5))
    (func $constructors (;0;) (type 0)
      nop
      nop
      nop
      nop
    )
    (func (;1;) (type 1) (result i32)
      call $constructors
      i32.const 1
    )
    (func (;2;) (type 1) (result i32)
      i32.const 1
      call $add
      i32.const 48
      i32.const 24
      i32.load8_u
      i32.store8
      i32.const 0
    )
    (func $add (;3;) (type 2) (param i32)
      global.get $n
      i32.const 10
      i32.mul
      local.get 0
      i32.add
      global.set $n
    )
    (func (;4;) (type 1) (result i32)
      i32.const 24
      i32.load
      i32.const 10
      i32.mul
      i32.const 48
      i32.load8_u
      i32.add
    )
    (func (;5;) (type 1) (result i32)
      global.get $n
    )
    (data (;0;) (i32.const 24) "\02\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\000\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04")
    (data (;1;) (i32.const 200) "item    file")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $a (;0;) (instantiate $a))
  (core module $b (;1;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func))
    (type (;2;) (func (result i32)))
    (import "a" "add" (func $add (;0;) (type 0)))
    (memory (;0;) 1)
    (global (;0;) i32 i32.const 16)
    (global (;1;) i32 i32.const 20)
    (global (;2;) i32 i32.const 24)
    (global (;3;) i32 i32.const 32)
    (global (;4;) i32 i32.const 64)
    (global (;5;) i32 i32.const 128)
    (func $constructors (;1;) (type 1)
      nop
      nop
      nop
      nop
    )
    (func (;2;) (type 2) (result i32)
      call $constructors
      i32.const 1
    )
    (func (;3;) (type 2) (result i32)
      i32.const 2
      call $add
      i32.const 0
    )
    (func (;4;) (type 2) (result i32)
      i32.const 4
      call $add
      i32.const 0
    )
    (data (;0;) (i32.const 24) "\02\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\000\00\00\00\00\00\00\00\ff\ff\ff\ff\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\000\00\00\00\00\00\00\00\fe\ff\ff\ff\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00item    file")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $b (;1;) (instantiate $b
      (with "a" (instance $a))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $a "get" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (type (;1;) (func (result u32)))
  (alias core export $a "phases" (core func (;1;)))
  (func (;1;) (type 1) (canon lift (core func 1)))
  (export (;2;) "get" (func 0))
  (export (;3;) "phases" (func 1))
)
