(module $name
  (type (;0;) (func))
  (func $init (;0;) (type 0)
    (local $unused i32)
  )
  (@custom "target_features" (after code) "\01+\0fmutable-globals")
  (@producers
    (language "Rust" "2024")
    (processed-by "rustc" "1.95.0")
    (processed-by "cargo-preinit" "0.1.0")
  )
  (@custom "mine" (after code) "kept")
  (@custom ".debug_info" (after code) "kept")
)
