(module
  (rec
    (type $a (;0;) (func))
    (type $s (;1;) (struct))
  )
  (type $b (;2;) (func))
  (type (;3;) (func (result i32)))
  (table (;0;) 1 funcref)
  (export "go" (func 1))
  (export "test" (func 2))
  (elem (;0;) (i32.const 0) func $f)
  (func $f (;0;) (type $a))
  (func (;1;) (type $b)
    i32.const 0
    call_indirect (type $b)
  )
  (func (;2;) (type 3) (result i32)
    ref.func $f
    ref.test (ref $b)
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
