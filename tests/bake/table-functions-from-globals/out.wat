(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (table (;0;) 1 funcref)
  (global $g (;0;) funcref ref.func $f)
  (export "table" (table 0))
  (elem (;0;) (i32.const 0) func $f)
  (func (;0;) (type 0)
    i32.const 0
    global.get $g
    table.set 0
  )
  (func $f (;1;) (type 1) (result i32)
    i32.const 1
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
