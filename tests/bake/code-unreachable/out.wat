(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func))
  (table (;0;) 1 funcref)
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "table" (table 0))
  (export "run" (func 1))
  (elem $e (;0;) func)
  (elem (;1;) (i32.const 0) func $f)
  (func $f (;0;) (type 0) (result i32)
    i32.const 1
  )
  (func (;1;) (type 1)
    unreachable
    i32.const 0
    i32.const 0
    i32.const 1
    memory.init $d
    data.drop $d
    i32.const 0
    i32.const 0
    i32.const 1
    table.init $e
  )
  (func (;2;) (type 1))
  (data $d (;0;) "")
  (data (;1;) (i32.const 0) "a")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
