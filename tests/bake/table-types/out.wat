(module
  (rec
    (type $first (;0;) (func (result i32)))
    (type (;1;) (struct))
  )
  (rec
    (type $second (;2;) (func (result i32)))
    (type (;3;) (struct (field i32)))
  )
  (type (;4;) (func (result i32)))
  (type (;5;) (func))
  (table (;0;) 1 funcref)
  (export "table" (table 0))
  (export "as-first" (func 1))
  (export "as-second" (func 2))
  (elem (;0;) declare func $f)
  (elem (;1;) (i32.const 0) func $f)
  (func $f (;0;) (type $first) (result i32)
    i32.const 1
  )
  (func (;1;) (type 4) (result i32)
    i32.const 0
    call_indirect (type $first)
  )
  (func (;2;) (type 4) (result i32)
    i32.const 0
    call_indirect (type $second)
  )
  (func (;3;) (type 5)
    i32.const 0
    ref.func $f
    table.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
