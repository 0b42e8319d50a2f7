(module
  (type (;0;) (func))
  (func (;0;) (type 0))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
