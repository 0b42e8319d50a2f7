(module
  (type $s (;0;) (struct))
  (type (;1;) (func (param anyref) (result i32)))
  (type (;2;) (func))
  (export "dead" (func 0))
  (func (;0;) (type 1) (param anyref) (result i32)
    local.get 0
    ref.test (ref (exact $s))
  )
  (func (;1;) (type 2))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
