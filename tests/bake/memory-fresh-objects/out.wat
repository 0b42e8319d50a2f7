(module
  (type $s (;0;) (struct (field (mut i32))))
  (type (;1;) (func (result i32)))
  (type (;2;) (func))
  (import "env" "memory" (memory (;0;) 1))
  (global (;0;) (ref $s) i32.const 7 struct.new $s)
  (global $a (;1;) (mut (ref null $s)) global.get 0)
  (global $b (;2;) (mut (ref null $s)) global.get 0)
  (export "a" (global $a))
  (export "b" (global $b))
  (export "load" (func 0))
  (func (;0;) (type 1) (result i32)
    global.get $a
    i32.const 9
    struct.set $s 0
    i32.const 0
    i32.load
    global.get $b
    struct.get $s 0
    i32.add
  )
  (func (;1;) (type 2)
    i32.const 0
    i32.const 5
    i32.store
    i32.const 7
    struct.new $s
    global.set $a
    global.get $a
    global.set $b
  )
  (data (;0;) (i32.const 0) "\05")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
