(component
  (core module $env (;0;)
    (table (;0;) 1 funcref)
    (memory (;0;) 1)
    (global (;0;) i32 i32.const 16)
    (global (;1;) (mut i32) i32.const 20)
    (export "memory" (memory 0))
    (export "table" (table 0))
    (export "base" (global 0))
    (export "got" (global 1))
    (data (;0;) (i32.const 16) "\01\00\00\00\05\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\03")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $library (;1;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func))
    (type (;2;) (func (param i32) (result i32)))
    (import "env" "memory" (memory (;0;) 1))
    (import "env" "table" (table (;0;) 1 funcref))
    (import "env" "base" (global $base (;0;) i32))
    (import "env" "got" (global $got (;1;) (mut i32)))
    (export "relocate" (func 1))
    (export "get" (func 3))
    (elem (;0;) (i32.const 0) func $next)
    (func $next (;0;) (type 0) (result i32)
      i32.const 5
    )
    (func (;1;) (type 1)
      global.get $base
      i32.const 4
      i32.add
      global.set $got
    )
    (func (;2;) (type 1)
      global.get $got
      i32.const 0
      call_indirect (type 0)
      i32.store
    )
    (func (;3;) (type 2) (param i32) (result i32)
      global.get $base
      local.get 0
      i32.add
      i32.load
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $starter (;2;)
    (type (;0;) (func))
    (import "library" "relocate" (func $relocate (;0;) (type 0)))
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $env (;0;) (instantiate $env))
  (core instance $library (;1;) (instantiate $library
      (with "env" (instance $env))
    )
  )
  (core instance (;2;) (instantiate $starter
      (with "library" (instance $library))
    )
  )
  (type (;0;) (func))
  (type (;1;) (func (param "n" u32) (result u32)))
  (alias core export $library "get" (core func (;0;)))
  (func (;0;) (type 1) (canon lift (core func 0)))
  (export (;1;) "get" (func 0))
)
