(module
  (type $s (;0;) (struct (field (mut i32))))
  (type (;1;) (func (result i32)))
  (type (;2;) (func))
  (memory (;0;) 1)
  (global (;0;) (ref $s) i32.const 10 struct.new $s)
  (global (;1;) i32 i32.const 16)
  (global (;2;) i32 i32.const 20)
  (global (;3;) i32 i32.const 24)
  (global (;4;) i32 i32.const 32)
  (global (;5;) i32 i32.const 64)
  (global (;6;) i32 i32.const 320)
  (global $a (;7;) (mut (ref null $s)) global.get 0)
  (global $b (;8;) (mut (ref null $s)) global.get 0)
  (global (;9;) (mut i32) i32.const 0)
  (export "get" (func 5))
  (func (;0;) (type 1) (result i32)
    i32.const 1
  )
  (func (;1;) (type 1) (result i32)
    i32.const 10
    struct.new $s
    global.set $a
    global.get $a
    global.set $b
    i32.const 0
  )
  (func (;2;) (type 2)
    global.get $a
    global.get $b
    struct.get $s 0
    i32.const 4
    i32.mul
    struct.set $s 0
  )
  (func (;3;) (type 1) (result i32)
    global.get $b
    global.get $a
    struct.get $s 0
    i32.const 1
    i32.add
    struct.set $s 0
    global.get $a
    struct.get $s 0
  )
  (func (;4;) (type 2)
    i32.const 1
    global.set 9
    call 2
  )
  (func (;5;) (type 1) (result i32)
    block ;; label = @1
      global.get 9
      br_if 0 (;@1;)
      call 4
    end
    call 3
  )
  (data (;0;) (i32.const 24) "\02\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\000\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04")
  (data (;1;) (i32.const 200) "item    file")
  (data (;2;) (i32.const 320) "0\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\c8\00\00\00\04\00\00\00\d0\00\00\00\04")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
