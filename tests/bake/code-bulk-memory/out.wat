(module
  (type (;0;) (func (param i32 i32 i32)))
  (type (;1;) (func))
  (memory $one (;0;) 1)
  (memory $two (;1;) 1)
  (export "one" (memory $one))
  (export "two" (memory $two))
  (export "move" (func 0))
  (func (;0;) (type 0) (param i32 i32 i32)
    local.get 0
    local.get 1
    local.get 2
    memory.copy
    i32.const 200
    i32.const 0
    i32.const 7
    memory.init $passive
  )
  (func (;1;) (type 1)
    i32.const 100
    i32.const 255
    i32.const 8
    memory.fill
    i32.const 104
    i32.const 64
    i32.const 6
    memory.copy
    i32.const 65530
    i32.const 64
    i32.const 6
    memory.copy $two $one
    i32.const 0
    i32.const 1
    i32.const 3
    memory.init $two $passive
    i32.const 64
    i32.const 0
    i32.const 6
    memory.fill
    i32.const 65536
    i32.const 1
    i32.const 0
    memory.fill
  )
  (data $passive (;0;) "passive")
  (data (;1;) (i32.const 100) "\ff\ff\ff\ffactive")
  (data (;2;) (memory $two) (i32.const 0) "ass")
  (data (;3;) (memory $two) (i32.const 65530) "active")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
