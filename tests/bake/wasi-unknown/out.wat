(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (import "wasi_snapshot_preview1" "of_the_future" (func (;0;) (type 0)))
  (export "nothing" (func 1))
  (func (;1;) (type 1))
  (func (;2;) (type 1))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
