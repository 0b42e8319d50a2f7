(module
  (type $s (;0;) (struct (field (mut i32))))
  (type (;1;) (func (param i32)))
  (type (;2;) (func))
  (table (;0;) 3 (ref null $s))
  (global (;0;) (ref $s) i32.const 3 struct.new $s)
  (export "table" (table 0))
  (export "set" (func 0))
  (elem (;0;) (table 0) (i32.const 0) (ref null $s) (global.get 0) (global.get 0))
  (func (;0;) (type 1) (param i32)
    i32.const 0
    table.get 0
    local.get 0
    struct.set $s 0
  )
  (func (;1;) (type 2)
    i32.const 0
    i32.const 3
    struct.new $s
    i32.const 2
    table.fill 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
