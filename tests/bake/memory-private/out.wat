(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (memory (;0;) 1)
  (global $count (;0;) (mut i32) i32.const 20)
  (export "get" (func 0))
  (func (;0;) (type 0) (result i32)
    global.get $count
    i32.const 40
    i32.load
    i32.add
  )
  (func (;1;) (type 1)
    i32.const 20
    global.set $count
    i32.const 40
    i32.const 22
    i32.store
  )
  (data (;0;) (i32.const 40) "\16")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
