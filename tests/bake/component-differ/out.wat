(component
  (core module $guest (;0;)
    (type (;0;) (func))
    (type (;1;) (func (param i32)))
    (type (;2;) (func (result i32)))
    (global $n (;0;) (mut i32) i32.const 5)
    (export "set" (func 1))
    (export "get" (func 2))
    (func (;0;) (type 0)
      i32.const 5
      global.set $n
    )
    (func (;1;) (type 1) (param i32)
      local.get 0
      global.set $n
    )
    (func (;2;) (type 2) (result i32)
      global.get $n
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $"#core-module1 guest" (@name "guest") (;1;)
    (type (;0;) (func))
    (type (;1;) (func (param i32)))
    (type (;2;) (func (result i32)))
    (global $n (;0;) (mut i32) i32.const 1)
    (export "set" (func 1))
    (export "get" (func 2))
    (func (;0;) (type 0)
      i32.const 5
      global.set $n
    )
    (func (;1;) (type 1) (param i32)
      local.get 0
      global.set $n
    )
    (func (;2;) (type 2) (result i32)
      global.get $n
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $other (;2;)
    (type (;0;) (func (result i32)))
    (export "get" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 3
    )
  )
  (core instance $one (;0;) (instantiate $guest))
  (core instance $two (;1;) (instantiate $"#core-module1 guest"))
  (core instance $three (;2;) (instantiate $other))
  (type (;0;) (func))
  (type (;1;) (func (param "n" u32)))
  (alias core export $one "set" (core func (;0;)))
  (func (;0;) (type 1) (canon lift (core func 0)))
  (type (;2;) (func (result u32)))
  (alias core export $one "get" (core func (;1;)))
  (func (;1;) (type 2) (canon lift (core func 1)))
  (type (;3;) (func (result u32)))
  (alias core export $two "get" (core func (;2;)))
  (func (;2;) (type 3) (canon lift (core func 2)))
  (type (;4;) (func (result u32)))
  (alias core export $three "get" (core func (;3;)))
  (func (;3;) (type 4) (canon lift (core func 3)))
  (export (;4;) "set" (func 0))
  (export (;5;) "one" (func 1))
  (export (;6;) "two" (func 2))
  (export (;7;) "three" (func 3))
)
