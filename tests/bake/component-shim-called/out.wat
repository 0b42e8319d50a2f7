(component
  (core module $other (;0;)
    (type (;0;) (func (result i32)))
    (global $n (;0;) (mut i32) i32.const 7)
    (export "next" (func 0))
    (func (;0;) (type 0) (result i32)
      global.get $n
      i32.const 1
      i32.add
      global.set $n
      global.get $n
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $shim (;1;)
    (type (;0;) (func (result i32)))
    (table (;0;) 1 1 funcref)
    (export "$imports" (table 0))
    (export "0" (func 0))
    (func (;0;) (type 0) (result i32)
      i32.const 0
      call_indirect (type 0)
    )
  )
  (core module $guest (;2;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func))
    (import "env" "next" (func $next (;0;) (type 0)))
    (memory (;0;) 1)
    (export "get" (func 2))
    (func (;1;) (type 1)
      i32.const 8
      call $next
      call $next
      i32.add
      i32.store
    )
    (func (;2;) (type 0) (result i32)
      call $next
      i32.const 8
      i32.load
      i32.add
    )
    (data (;0;) (i32.const 8) "\0d")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $fixup (;3;)
    (type (;0;) (func (result i32)))
    (import "" "$imports" (table (;0;) 1 1 funcref))
    (import "" "0" (func (;0;) (type 0)))
    (elem (;0;) (i32.const 0) func 0)
  )
  (core instance $other (;0;) (instantiate $other))
  (core instance $shim (;1;) (instantiate $shim))
  (alias core export $shim "0" (core func (;0;)))
  (core instance (;2;)
    (export "next" (func 0))
  )
  (core instance $guest (;3;) (instantiate $guest
      (with "env" (instance 2))
    )
  )
  (alias core export $shim "$imports" (core table (;0;)))
  (alias core export $other "next" (core func (;1;)))
  (core instance (;4;)
    (export "$imports" (table 0))
    (export "0" (func 1))
  )
  (core instance (;5;) (instantiate $fixup
      (with "" (instance 4))
    )
  )
  (type (;0;) (func))
  (type (;1;) (func (result u32)))
  (alias core export $guest "get" (core func (;2;)))
  (func (;0;) (type 1) (canon lift (core func 2)))
  (export (;1;) "get" (func 0))
)
