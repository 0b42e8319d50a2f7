(module
  (type (;0;) (func))
  (func (;0;) (type 0))
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
