(component
  (core module $owner (;0;)
    (type (;0;) (func (result i32)))
    (table (;0;) 2 funcref)
    (export "table" (table 0))
    (export "held" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 1
      call_indirect (type 0)
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $owner (;0;) (instantiate $owner))
  (core module $guest (;1;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func (param i32)))
    (type (;2;) (func))
    (type (;3;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;4;) (func (param i32 i32) (result i32)))
    (import "owner" "table" (table (;0;) 2 funcref))
    (memory (;0;) 1)
    (global (;0;) i32 i32.const 16)
    (global (;1;) i32 i32.const 20)
    (global (;2;) i32 i32.const 24)
    (global (;3;) i32 i32.const 32)
    (global (;4;) i32 i32.const 64)
    (global (;5;) i32 i32.const 320)
    (global $n (;6;) (mut i32) i32.const 1)
    (global (;7;) (mut i32) i32.const 0)
    (export "memory" (memory 0))
    (export "realloc" (func 4))
    (export "clean-up" (func 5))
    (export "get" (func 10))
    (export "take" (func 11))
    (export "_start" (func 12))
    (export "fixup-function-6" (func $get))
    (elem (;0;) declare func $get)
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
      i32.const 1
      ref.func $get
      table.set 0
      i32.const 0
    )
    (func (;3;) (type 2)
      i32.const 2
      call $then
    )
    (func (;4;) (type 3) (param i32 i32 i32 i32) (result i32)
      i32.const 1024
    )
    (func (;5;) (type 1) (param i32))
    (func $get (;6;) (type 0) (result i32)
      i32.const 1
      call $then
      global.get $n
    )
    (func (;7;) (type 4) (param i32 i32) (result i32)
      i32.const 2
      call $then
      global.get $n
    )
    (func (;8;) (type 0) (result i32)
      i32.const 3
      call $then
      global.get $n
    )
    (func (;9;) (type 2)
      i32.const 1
      global.set 7
      call 3
    )
    (func (;10;) (type 0) (result i32)
      block ;; label = @1
        global.get 7
        br_if 0 (;@1;)
        call 9
      end
      call $get
    )
    (func (;11;) (type 4) (param i32 i32) (result i32)
      block ;; label = @1
        global.get 7
        br_if 0 (;@1;)
        call 9
      end
      local.get 0
      local.get 1
      call 7
    )
    (func (;12;) (type 0) (result i32)
      block ;; label = @1
        global.get 7
        br_if 0 (;@1;)
        call 9
      end
      call 8
    )
    (data (;0;) (i32.const 24) "\02\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\000\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04")
    (data (;1;) (i32.const 200) "item    file")
    (data (;2;) (i32.const 320) "0\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $guest (;1;) (instantiate $guest
      (with "owner" (instance $owner))
    )
  )
  (core module $adapter (;2;)
    (type (;0;) (func (result i32)))
    (import "guest" "_start" (func $start (;0;) (type 0)))
    (export "run" (func 1))
    (func (;1;) (type 0) (result i32)
      call $start
    )
  )
  (core instance $adapter (;2;) (instantiate $adapter
      (with "guest" (instance $guest))
    )
  )
  (type (;0;) (func (result u32)))
  (alias core export $guest "get" (core func (;0;)))
  (alias core export $guest "clean-up" (core func (;1;)))
  (func (;0;) (type 0) (canon lift (core func 0) (post-return 1)))
  (type (;1;) (func (param "text" string) (result u32)))
  (alias core export $guest "take" (core func (;2;)))
  (alias core export $guest "memory" (core memory (;0;)))
  (alias core export $guest "realloc" (core func (;3;)))
  (func (;1;) (type 1) (canon lift (core func 2) (memory 0) (realloc 3)))
  (type (;2;) (func (result u32)))
  (alias core export $adapter "run" (core func (;4;)))
  (func (;2;) (type 2) (canon lift (core func 4)))
  (type (;3;) (func (result u32)))
  (alias core export $owner "held" (core func (;5;)))
  (func (;3;) (type 3) (canon lift (core func 5)))
  (export (;4;) "get" (func 0))
  (export (;5;) "take" (func 1))
  (export (;6;) "run" (func 2))
  (export (;7;) "held" (func 3))
  (core module (;3;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (import "" "0" (table (;0;) 0 funcref))
    (import "" "1" (func (;0;) (type 1)))
    (elem (;0;) (table 0) (i32.const 1) func 0)
  )
  (alias core export $owner "table" (core table (;0;)))
  (alias core export $guest "fixup-function-6" (core func (;6;)))
  (core instance (;3;)
    (export "0" (table 0))
    (export "1" (func 6))
  )
  (core instance (;4;) (instantiate 3
      (with "" (instance 3))
    )
  )
)
