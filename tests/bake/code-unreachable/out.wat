(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (table (;0;) 1 funcref)
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "table" (table 0))
  (export "run" (func 1))
  (elem $e (;0;) func)
  (elem (;1;) (i32.const 0) func $f)
  (func $f (;0;) (type 1) (result i32)
    i32.const 1
  )
  (func (;1;) (type 0)
    unreachable
  )
  (func (;2;) (type 0))
  (data $d (;0;) "")
  (data (;1;) (i32.const 0) "a")
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
