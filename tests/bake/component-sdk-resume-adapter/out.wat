(component
  (core module $guest (;0;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func (param i32)))
    (type (;2;) (func))
    (memory (;0;) 1)
    (global (;0;) i32 i32.const 16)
    (global (;1;) i32 i32.const 20)
    (global (;2;) i32 i32.const 24)
    (global (;3;) i32 i32.const 32)
    (global (;4;) i32 i32.const 64)
    (global (;5;) i32 i32.const 320)
    (global $n (;6;) (mut i32) i32.const 1)
    (global (;7;) (mut i32) i32.const 0)
    (export "_start" (func 6))
    (func (;0;) (type 0) (result i32)
      i32.const 1
    )
    (func $then (;1;) (type 1) (param i32)
      global.get $n
      i32.const 10
      i32.mul
      local.get 0
      i32.add
      global.set $n
    )
    (func (;2;) (type 0) (result i32)
      i32.const 1
      call $then
      i32.const 0
    )
    (func (;3;) (type 2)
      i32.const 2
      call $then
    )
    (func (;4;) (type 0) (result i32)
      i32.const 3
      call $then
      global.get $n
    )
    (func (;5;) (type 2)
      i32.const 1
      global.set 7
      call 3
    )
    (func (;6;) (type 0) (result i32)
      block ;; label = @1
        global.get 7
        br_if 0 (;@1;)
        call 5
      end
      call 4
    )
    (data (;0;) (i32.const 24) "\02\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\000\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04")
    (data (;1;) (i32.const 200) "item    file")
    (data (;2;) (i32.const 320) "0\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $guest (;0;) (instantiate $guest))
  (core module $adapter (;1;)
    (type (;0;) (func (result i32)))
    (import "guest" "_start" (func $start (;0;) (type 0)))
    (export "run" (func 1))
    (func (;1;) (type 0) (result i32)
      call $start
    )
  )
  (core instance $adapter (;1;) (instantiate $adapter
      (with "guest" (instance $guest))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $adapter "run" (core func (;0;)))
  (func (;0;) (type 0) (canon lift (core func 0)))
  (export (;1;) "run" (func 0))
)
