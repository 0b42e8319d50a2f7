(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (memory (;0;) 1)
  (global (;0;) i32 i32.const 16)
  (global (;1;) i32 i32.const 20)
  (global (;2;) i32 i32.const 24)
  (global (;3;) i32 i32.const 32)
  (global (;4;) i32 i32.const 64)
  (global $n (;5;) (mut i32) i32.const 3)
  (global (;6;) (mut i32) i32.const 0)
  (export "get" (func 5))
  (func (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func $start (;1;) (type 1)
    i32.const 3
    global.set $n
  )
  (func (;2;) (type 1)
    global.get $n
    i32.const 10
    i32.mul
    i32.const 2
    i32.add
    global.set $n
  )
  (func (;3;) (type 0) (result i32)
    global.get $n
  )
  (func (;4;) (type 1)
    i32.const 1
    global.set 6
    call 2
  )
  (func (;5;) (type 0) (result i32)
    block ;; label = @1
      global.get 6
      br_if 0 (;@1;)
      call 4
    end
    call 3
  )
  (data (;0;) (i32.const 24) "\02\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\000\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04")
  (data (;1;) (i32.const 200) "item    file")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
