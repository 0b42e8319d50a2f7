(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (import "env" "ask" (func (;0;) (type 0)))
  (export "ask" (func 0))
  (func (;1;) (type 1))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
