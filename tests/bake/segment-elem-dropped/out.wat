(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32)))
  (table (;0;) 3 funcref)
  (export "table" (table 0))
  (export "copy" (func 0))
  (export "drop" (func 2))
  (elem $e (;0;) func)
  (elem $x (;1;) funcref)
  (elem (;2;) (i32.const 2) func $f)
  (func (;0;) (type 2) (param i32)
    i32.const 0
    i32.const 1
    local.get 0
    table.init $x
    i32.const 0
    i32.const 1
    local.get 0
    table.init $e
  )
  (func (;1;) (type 0)
    i32.const 2
    i32.const 0
    i32.const 1
    table.init $e
    elem.drop $e
    elem.drop $x
  )
  (func (;2;) (type 0)
    elem.drop $e
    elem.drop $x
  )
  (func $f (;3;) (type 1) (result i32)
    i32.const 1
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
