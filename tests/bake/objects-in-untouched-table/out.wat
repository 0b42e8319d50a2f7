(module
  (type $s (;0;) (struct (field (mut i32))))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32)))
  (type (;3;) (func))
  (table (;0;) 2 (ref $s) i32.const 1 struct.new $s)
  (global (;0;) (ref $s) i32.const 2 struct.new $s)
  (export "table" (table 0))
  (export "get" (func 0))
  (export "set" (func 1))
  (elem (;0;) (table 0) (i32.const 0) (ref $s) (global.get 0) (global.get 0))
  (func (;0;) (type 1) (result i32)
    i32.const 1
    table.get 0
    struct.get $s 0
  )
  (func (;1;) (type 2) (param i32)
    i32.const 0
    table.get 0
    local.get 0
    struct.set $s 0
  )
  (func (;2;) (type 3)
    i32.const 0
    table.get 0
    i32.const 2
    struct.set $s 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
