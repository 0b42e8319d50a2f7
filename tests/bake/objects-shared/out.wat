(module
  (type $s (;0;) (struct (field (mut i32))))
  (type $pair (;1;) (struct (field (ref $s)) (field (ref null $s))))
  (type (;2;) (func (param i32)))
  (type (;3;) (func))
  (import "env" "before" (global $imported (;0;) i32))
  (table (;0;) 4 (ref null $s))
  (global (;1;) (ref $s) i32.const 1 struct.new $s)
  (global (;2;) (ref $s) i32.const 2 struct.new $s)
  (global (;3;) (ref $s) i32.const 3 struct.new $s)
  (global $constant (;4;) (ref $pair) global.get 1 ref.null $s struct.new $pair)
  (global $a (;5;) (mut (ref null $s)) global.get 1)
  (global $b (;6;) (mut (ref null $pair)) global.get 1 global.get 2 struct.new $pair)
  (global $number (;7;) (mut i32) i32.const 5)
  (global $derived (;8;) i32 global.get $imported)
  (export "constant" (global $constant))
  (export "a" (global $a))
  (export "b" (global $b))
  (export "number" (global $number))
  (export "derived" (global $derived))
  (export "table" (table 0))
  (export "set" (func 0))
  (elem (;0;) (table 0) (i32.const 0) (ref null $s) (global.get 1) (global.get 2) (global.get 3) (global.get 3))
  (func (;0;) (type 2) (param i32)
    global.get $a
    local.get 0
    struct.set $s 0
    global.get $number
    global.get $derived
    i32.add
    global.set $number
  )
  (func (;1;) (type 3)
    global.get $constant
    struct.get $pair 0
    global.set $a
    global.get $a
    ref.as_non_null
    i32.const 2
    struct.new $s
    struct.new $pair
    global.set $b
    i32.const 0
    global.get $a
    table.set 0
    i32.const 1
    global.get $b
    struct.get $pair 1
    table.set 0
    i32.const 2
    i32.const 3
    struct.new $s
    i32.const 2
    table.fill 0
    i32.const 5
    global.set $number
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
