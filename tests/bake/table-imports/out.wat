(module
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func))
  (import "env" "f" (func $a (;0;) (type 0)))
  (import "env" "f" (func $b (;1;) (type 0)))
  (import "env" "g" (func $c (;2;) (type 1)))
  (table (;0;) 6 funcref)
  (export "table" (table 0))
  (elem (;0;) declare func $a $b $c)
  (elem (;1;) (i32.const 1) func $a $a $b $c)
  (func (;3;) (type 1)
    i32.const 1
    ref.func $a
    table.set 0
    i32.const 2
    ref.func $a
    table.set 0
    i32.const 3
    ref.func $b
    table.set 0
    i32.const 4
    ref.func $c
    table.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
