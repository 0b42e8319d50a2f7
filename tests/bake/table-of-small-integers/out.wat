(module
  (type (;0;) (func))
  (table (;0;) 20 anyref)
  (table (;1;) 2 i31ref)
  (export "table" (table 0))
  (export "numbers" (table 1))
  (elem (;0;) (table 0) (i32.const 3) anyref (item i32.const 1 ref.i31) (item i32.const 1 ref.i31) (item i32.const 1 ref.i31) (item i32.const 1 ref.i31) (item i32.const 1 ref.i31) (item i32.const 1 ref.i31) (item i32.const 1 ref.i31) (item i32.const 1 ref.i31) (item i32.const 1 ref.i31))
  (elem (;1;) (table 1) (i32.const 1) i31ref (item i32.const 2147483646 ref.i31))
  (func (;0;) (type 0)
    i32.const 3
    i32.const 1
    ref.i31
    i32.const 9
    table.fill 0
    i32.const 1
    i32.const -2
    ref.i31
    table.set 1
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
