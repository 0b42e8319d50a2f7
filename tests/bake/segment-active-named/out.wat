(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func))
  (table $t (;0;) 2 funcref)
  (table $untouched (;1;) 2 funcref)
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "table" (table $t))
  (export "untouched" (table $untouched))
  (export "data" (func 1))
  (export "elem" (func 2))
  (export "kept" (func 3))
  (export "drop" (func 4))
  (elem $e (;0;) func)
  (elem $kept (;1;) (table $untouched) (i32.const 0) func $f)
  (elem (;2;) (i32.const 0) func $f)
  (func $f (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func (;1;) (type 1) (param i32)
    i32.const 8
    i32.const 0
    local.get 0
    memory.init $d
  )
  (func (;2;) (type 1) (param i32)
    i32.const 1
    i32.const 0
    local.get 0
    table.init $e
  )
  (func (;3;) (type 1) (param i32)
    i32.const 1
    i32.const 0
    local.get 0
    table.init $kept
  )
  (func (;4;) (type 2)
    data.drop $d
    elem.drop $e
  )
  (func (;5;) (type 2)
    i32.const 0
    i32.const 65
    i32.store8
  )
  (data $d (;0;) "")
  (data (;1;) (i32.const 0) "Abc")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
