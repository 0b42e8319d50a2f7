(module
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (import "wasi_snapshot_preview1" "of_the_future" (func (;0;) (type 1)))
  (export "nothing" (func 1))
  (func (;1;) (type 0))
  (func (;2;) (type 0))
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
