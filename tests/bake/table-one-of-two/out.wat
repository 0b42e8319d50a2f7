(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (table $baked (;0;) 2 funcref)
  (table $kept (;1;) 2 funcref)
  (export "baked" (table $baked))
  (export "kept" (table $kept))
  (export "init" (func 0))
  (elem $kept-segment (;0;) (table $kept) (i32.const 1) func $one)
  (elem $passive (;1;) func $two)
  (elem (;2;) (i32.const 0) func $one $two)
  (func (;0;) (type 0)
    i32.const 0
    i32.const 0
    i32.const 1
    table.init $passive
  )
  (func (;1;) (type 0)
    i32.const 1
    ref.func $two
    table.set $baked
  )
  (func $one (;2;) (type 1) (result i32)
    i32.const 1
  )
  (func $two (;3;) (type 1) (result i32)
    i32.const 2
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
