(module
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
