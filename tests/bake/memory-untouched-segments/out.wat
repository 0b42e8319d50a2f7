(module
  (type (;0;) (func))
  (memory (;0;) 1 1)
  (global $at (;0;) i32 i32.const 4)
  (export "memory" (memory 0))
  (func (;0;) (type 0))
  (data (;0;) (i32.const 0) "abcdXY")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
