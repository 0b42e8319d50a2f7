(module
  (rec
    (type $a (;0;) (struct (field (mut (ref null $b)))))
    (type $b (;1;) (struct (field (ref $a)) (field i32)))
  )
  (type (;2;) (func (result i32)))
  (type (;3;) (func))
  (global (;0;) (ref $a) ref.null $b struct.new $a)
  (global (;1;) (ref $b) global.get 0 i32.const 42 struct.new $b)
  (global $b (;2;) (mut (ref null $b)) global.get 1)
  (export "b" (global $b))
  (export "get" (func 0))
  (start 2)
  (func (;0;) (type 2) (result i32)
    global.get $b
    struct.get $b 0
    struct.get $a 0
    struct.get $b 0
    struct.get $a 0
    struct.get $b 1
  )
  (func (;1;) (type 3)
    (local $a (ref $a))
    ref.null $b
    struct.new $a
    local.set $a
    local.get $a
    i32.const 42
    struct.new $b
    global.set $b
    local.get $a
    global.get $b
    struct.set $a 0
  )
  (func (;2;) (type 3)
    global.get 0
    global.get 1
    struct.set $a 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
