(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func))
  (type (;3;) (func (param i32 i32) (result i32)))
  (memory (;0;) 1)
  (global (;0;) i32 i32.const 16)
  (global (;1;) i32 i32.const 20)
  (global (;2;) i32 i32.const 24)
  (global (;3;) i32 i32.const 32)
  (global (;4;) i32 i32.const 64)
  (global (;5;) i32 i32.const 320)
  (global (;6;) i32 i32.const 384)
  (global $n (;7;) (mut i32) i32.const 5)
  (global (;8;) (mut i32) i32.const 0)
  (export "memory" (memory 0))
  (export "cabi_realloc" (func 5))
  (export "add" (func 11))
  (export "get" (func 12))
  (export "again" (func 12))
  (export "_initialize_game" (func 13))
  (export "twice" (func 14))
  (export "memory again" (memory 0))
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
  (func (;2;) (type 2)
    i32.const 1
    call $then
  )
  (func (;3;) (type 2)
    i32.const 2
    call $then
  )
  (func (;4;) (type 0) (result i32)
    i32.const 5
    call $then
    i32.const 0
  )
  (func (;5;) (type 0) (result i32)
    global.get $n
  )
  (func $add (;6;) (type 3) (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.add
    call $then
    global.get $n
  )
  (func $get (;7;) (type 0) (result i32)
    i32.const 1
    call $then
    global.get $n
  )
  (func (;8;) (type 0) (result i32)
    global.get $n
  )
  (func (;9;) (type 0) (result i32)
    call $get
  )
  (func (;10;) (type 2)
    i32.const 1
    global.set 8
    call 3
    call 2
  )
  (func (;11;) (type 3) (param i32 i32) (result i32)
    block ;; label = @1
      global.get 8
      br_if 0 (;@1;)
      call 10
    end
    local.get 0
    local.get 1
    call $add
  )
  (func (;12;) (type 0) (result i32)
    block ;; label = @1
      global.get 8
      br_if 0 (;@1;)
      call 10
    end
    call $get
  )
  (func (;13;) (type 0) (result i32)
    block ;; label = @1
      global.get 8
      br_if 0 (;@1;)
      call 10
    end
    call 8
  )
  (func (;14;) (type 0) (result i32)
    block ;; label = @1
      global.get 8
      br_if 0 (;@1;)
      call 10
    end
    call 9
  )
  (data (;0;) (i32.const 24) "\02\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\000\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04")
  (data (;1;) (i32.const 200) "item    file")
  (data (;2;) (i32.const 320) "0\00\00\00\00\00\00\00\ff\ff\ff\ff\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\000\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
