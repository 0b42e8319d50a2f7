(module
  (type $s (;0;) (struct (field $x (mut i32))))
  (type (;1;) (func))
  (type (;2;) (func (param i32)))
  (type (;3;) (func (param i32) (result i32)))
  (table $t (;0;) 2000 anyref)
  (global (;0;) (ref $s) i32.const 7 struct.new $s)
  (export "set" (func 1))
  (export "get" (func 2))
  (start 3)
  (func (;0;) (type 1)
    i32.const 0
    i32.const 7
    struct.new $s
    i32.const 2000
    table.fill $t
  )
  (func (;1;) (type 2) (param i32)
    i32.const 9
    table.get $t
    ref.cast (ref $s)
    local.get 0
    struct.set $s $x
  )
  (func (;2;) (type 3) (param i32) (result i32)
    local.get 0
    table.get $t
    ref.cast (ref $s)
    struct.get $s $x
  )
  (func (;3;) (type 1)
    i32.const 0
    global.get 0
    i32.const 2000
    table.fill $t
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
