(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (table $baked (;0;) 2 funcref)
  (table $kept (;1;) 2 funcref)
  (export "baked" (table $baked))
  (export "kept" (table $kept))
  (export "init" (func 2))
  (elem (;0;) (i32.const 0) func $one $two)
  (elem $kept-segment (;1;) (table $kept) (i32.const 1) func $one)
  (elem $passive (;2;) func $two)
  (func $one (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func $two (;1;) (type 0) (result i32)
    i32.const 2
  )
  (func (;2;) (type 1)
    i32.const 0
    i32.const 0
    i32.const 1
    table.init $passive
  )
  (func (;3;) (type 1)
    i32.const 1
    ref.func $two
    table.set $baked
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
