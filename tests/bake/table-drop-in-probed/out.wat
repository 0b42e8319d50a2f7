(module
  (type (;0;) (func))
  (table (;0;) 1 funcref)
  (memory (;0;) 1)
  (export "table" (table 0))
  (export "memory" (memory 0))
  (export "copy" (func 1))
  (elem (;0;) declare func $f)
  (elem (;1;) (i32.const 0) func $f)
  (func $f (;0;) (type 0)
    data.drop $d
  )
  (func (;1;) (type 0)
    i32.const 0
    i32.const 0
    i32.const 3
    memory.init $d
  )
  (func (;2;) (type 0)
    i32.const 0
    ref.func $f
    table.set 0
  )
  (data $d (;0;) "abc")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
