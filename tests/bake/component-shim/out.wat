(component
  (type (;0;) (func (param "n" u32)))
  (import "log" (func $log (;0;) (type 0)))
  (core module $shim (;0;)
    (type (;0;) (func (param i32)))
    (table (;0;) 1 1 funcref)
    (export "$imports" (table 0))
    (export "0" (func 0))
    (func (;0;) (type 0) (param i32)
      local.get 0
      i32.const 0
      call_indirect (type 0)
    )
  )
  (core module $guest (;1;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func))
    (type (;2;) (func (result i32)))
    (import "env" "log" (func $log (;0;) (type 0)))
    (memory (;0;) 1)
    (export "get" (func 2))
    (func (;1;) (type 1)
      i32.const 8
      i32.const 42
      i32.store
    )
    (func (;2;) (type 2) (result i32)
      i32.const 3
      call $log
      i32.const 8
      i32.load
    )
    (data (;0;) (i32.const 8) "*")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $fixup (;2;)
    (type (;0;) (func (param i32)))
    (import "" "$imports" (table (;0;) 1 1 funcref))
    (import "" "0" (func (;0;) (type 0)))
    (elem (;0;) (i32.const 0) func 0)
  )
  (core instance $shim (;0;) (instantiate $shim))
  (alias core export $shim "0" (core func (;0;)))
  (core instance (;1;)
    (export "log" (func 0))
  )
  (core instance $guest (;2;) (instantiate $guest
      (with "env" (instance 1))
    )
  )
  (core func $lowered (;1;) (canon lower (func $log)))
  (alias core export $shim "$imports" (core table (;0;)))
  (core instance (;3;)
    (export "$imports" (table 0))
    (export "0" (func $lowered))
  )
  (core instance (;4;) (instantiate $fixup
      (with "" (instance 3))
    )
  )
  (type (;1;) (func))
  (type (;2;) (func (result u32)))
  (alias core export $guest "get" (core func (;2;)))
  (func (;1;) (type 2) (canon lift (core func 2)))
  (export (;2;) "get" (func 1))
)
