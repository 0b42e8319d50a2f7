(module $name
  (type (;0;) (func))
  (func $init (;0;) (type 0))
  (@producers
    (processed-by "walrus" "0.28.0")
  )
  (@custom "target_features" (after code) "\01+\0fmutable-globals")
  (@custom "mine" (after code) "kept")
)
