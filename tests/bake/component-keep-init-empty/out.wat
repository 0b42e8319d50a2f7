(component
  (core module $guest (;0;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func))
    (type (;2;) (func (result i32)))
    (global $state (;0;) (mut i32) i32.const 5)
    (export "init" (func 3))
    (export "more" (func 1))
    (export "get" (func 2))
    (func $init (;0;) (type 0) (param i32)
      global.get $state
      local.get 0
      i32.add
      global.set $state
    )
    (func (;1;) (type 1)
      i32.const 100
      call $init
    )
    (func (;2;) (type 2) (result i32)
      global.get $state
    )
    (func (;3;) (type 0) (param i32))
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $guest (;0;) (instantiate $guest))
  (type (;0;) (func (param "n" u32)))
  (alias core export $guest "init" (core func (;0;)))
  (func $init (;0;) (type 0) (canon lift (core func 0)))
  (instance $start (;0;)
    (export "init" (func $init))
  )
  (export (;1;) "test:guest/start" (instance $start))
  (type (;1;) (func))
  (alias core export $guest "more" (core func (;1;)))
  (func (;1;) (type 1) (canon lift (core func 1)))
  (type (;2;) (func (result u32)))
  (alias core export $guest "get" (core func (;2;)))
  (func (;2;) (type 2) (canon lift (core func 2)))
  (export (;3;) "more" (func 1))
  (export (;4;) "get" (func 2))
)
