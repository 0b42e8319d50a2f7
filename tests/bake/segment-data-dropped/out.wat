(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "copy" (func 0))
  (export "drop" (func 1))
  (func (;0;) (type 0) (param i32)
    i32.const 0
    i32.const 1
    local.get 0
    memory.init $d
  )
  (func (;1;) (type 1)
    data.drop $d
  )
  (func (;2;) (type 1)
    i32.const 16
    i32.const 0
    i32.const 3
    memory.init $d
    data.drop $d
  )
  (data $d (;0;) "")
  (data (;1;) (i32.const 16) "pas")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
