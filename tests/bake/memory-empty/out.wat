(module
  (type (;0;) (func))
  (memory (;0;) 0)
  (export "memory" (memory 0))
  (func (;0;) (type 0))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
