(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func))
  (table (;0;) 3 funcref)
  (export "table" (table 0))
  (export "copy" (func 1))
  (export "drop" (func 2))
  (elem $e (;0;) func $f $f)
  (elem $x (;1;) funcref (ref.null func) (ref.func $f))
  (elem (;2;) (i32.const 2) func $f)
  (func $f (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func (;1;) (type 1) (param i32)
    i32.const 0
    i32.const 1
    local.get 0
    table.init $x
    i32.const 0
    i32.const 1
    local.get 0
    table.init $e
  )
  (func (;2;) (type 2)
    elem.drop $e
    elem.drop $x
  )
  (func (;3;) (type 2)
    i32.const 2
    i32.const 0
    i32.const 1
    table.init $e
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
