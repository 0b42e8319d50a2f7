(component
  (core module $guest (;0;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func))
    (type (;2;) (func (param i32)))
    (table (;0;) 4 funcref)
    (memory (;0;) 1)
    (global $calls (;0;) (mut i32) i32.const 5)
    (export "add" (func 2))
    (export "get" (func 3))
    (elem (;0;) declare func $answer)
    (elem (;1;) (i32.const 2) func $answer)
    (func $answer (;0;) (type 0) (result i32)
      i32.const 77
    )
    (func (;1;) (type 1)
      i32.const 8
      i32.const 42
      i32.store
      i32.const 5
      global.set $calls
      i32.const 2
      ref.func $answer
      table.set 0
    )
    (func (;2;) (type 2) (param i32)
      global.get $calls
      local.get 0
      i32.add
      global.set $calls
    )
    (func (;3;) (type 0) (result i32)
      i32.const 8
      i32.load
      global.get $calls
      i32.add
      i32.const 2
      call_indirect (type 0)
      i32.add
    )
    (data (;0;) (i32.const 8) "*")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $guest (;0;) (instantiate $guest))
  (type (;0;) (func))
  (type (;1;) (func (param "n" u32)))
  (alias core export $guest "add" (core func (;0;)))
  (func (;0;) (type 1) (canon lift (core func 0)))
  (type (;2;) (func (result u32)))
  (alias core export $guest "get" (core func (;1;)))
  (func (;1;) (type 2) (canon lift (core func 1)))
  (export (;2;) "add" (func 0))
  (export (;3;) "get" (func 1))
)
