(component
  (core module $a (;0;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func))
    (global $n (;0;) (mut i32) i32.const 5)
    (export "__preinit_v1_version" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 1
    )
    (func (;1;) (type 1)
      i32.const 5
      global.set $n
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $a (;0;) (instantiate $a))
  (type (;0;) (func))
  (type (;1;) (func (result u32)))
  (alias core export $a "__preinit_v1_version" (core func (;0;)))
  (func (;0;) (type 1) (canon lift (core func 0)))
  (export (;1;) "get" (func 0))
)
