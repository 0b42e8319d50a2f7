(module
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "copy" (func 1))
  (export "drop" (func 2))
  (func (;0;) (type 0)
    i32.const 16
    i32.const 0
    i32.const 3
    memory.init $d
    data.drop $d
  )
  (func (;1;) (type 1) (param i32)
    i32.const 0
    i32.const 1
    local.get 0
    memory.init $d
  )
  (func (;2;) (type 0)
    data.drop $d
  )
  (data $d (;0;) "")
  (data (;1;) (i32.const 16) "pas")
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
