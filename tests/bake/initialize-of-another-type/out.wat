(module
  (rec
    (type $r (;0;) (func))
    (type $q (;1;) (struct))
  )
  (type $p (;2;) (func))
  (global (;0;) (mut i32) i32.const 1)
  (export "g" (global 0))
  (export "_initialize" (func 2))
  (func (;0;) (type $p)
    i32.const 1
    global.set 0
  )
  (func (;1;) (type $p))
  (func (;2;) (type $p))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
