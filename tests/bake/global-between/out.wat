(module
  (type (;0;) (func))
  (global $a (;0;) i64 i64.const 5)
  (global (;1;) (mut i64) i64.const 6)
  (global (;2;) i64 global.get $a)
  (export "m" (global 1))
  (export "b" (global 2))
  (func (;0;) (type 0)
    i64.const 6
    global.set 1
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
