(component
  (core module $a (;0;)
    (memory (;0;) 1)
    (global $__stack_pointer (;0;) (mut i32) i32.const 4096)
    (global (;1;) i32 i32.const 0)
    (global (;2;) i32 i32.const 4096)
    (global (;3;) i32 i32.const 4096)
    (global (;4;) i32 i32.const 4096)
    (export "m" (memory 0))
    (data (;0;) (i32.const 100) "*")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $a (;0;) (instantiate $a))
  (core module $b (;1;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (import "a" "m" (memory (;0;) 1))
    (export "init" (func 0))
    (export "get" (func 1))
    (func (;0;) (type 0)
      i32.const 100
      i32.const 42
      i32.store
    )
    (func (;1;) (type 1) (result i32)
      i32.const 100
      i32.load
    )
  )
  (core instance $b (;1;) (instantiate $b
      (with "a" (instance $a))
    )
  )
  (type (;0;) (func))
  (type (;1;) (func (result u32)))
  (alias core export $b "get" (core func (;0;)))
  (func (;0;) (type 1) (canon lift (core func 0)))
  (export (;1;) "get" (func 0))
)
