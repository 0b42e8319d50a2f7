(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (import "env" "ask" (func (;0;) (type 1)))
  (export "ask" (func 0))
  (func (;1;) (type 0))
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
