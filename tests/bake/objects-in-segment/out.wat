(module
  (type $s (;0;) (struct (field (mut i32))))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (table $t (;0;) 3 (ref null $s))
  (global $g (;0;) (ref $s) i32.const 3 struct.new $s)
  (export "t" (table $t))
  (export "g" (global $g))
  (export "copy" (func 0))
  (export "get" (func 1))
  (elem $dropped (;0;) (ref $s))
  (elem $unused (;1;) (ref $s) (item i32.const 4 struct.new $s))
  (elem $global (;2;) (ref $s) (global.get $g))
  (elem (;3;) (table $t) (i32.const 0) (ref null $s) (item i32.const 2 struct.new $s))
  (func (;0;) (type 1)
    i32.const 1
    i32.const 0
    i32.const 1
    table.init $unused
    i32.const 2
    i32.const 0
    i32.const 1
    table.init $global
  )
  (func (;1;) (type 2) (result i32)
    i32.const 2
    table.get $t
    struct.get $s 0
  )
  (func (;2;) (type 1)
    i32.const 0
    i32.const 0
    i32.const 1
    table.init $dropped
    elem.drop $dropped
    global.get $g
    i32.const 3
    struct.set $s 0
    i32.const 0
    table.get $t
    i32.const 2
    struct.set $s 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
