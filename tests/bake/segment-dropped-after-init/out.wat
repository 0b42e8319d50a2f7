(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "a" (func 0))
  (export "b" (func 1))
  (export "c" (func 2))
  (func (;0;) (type 0) (param i32)
    i32.const 0
    i32.const 0
    local.get 0
    memory.init $a
  )
  (func (;1;) (type 0) (param i32)
    i32.const 1
    i32.const 0
    local.get 0
    memory.init $b
  )
  (func (;2;) (type 0) (param i32)
    i32.const 2
    i32.const 0
    local.get 0
    memory.init $c
  )
  (func (;3;) (type 1)
    i32.const 0
    i32.load
    if ;; label = @1
      data.drop $c
    end
    data.drop $b
  )
  (data $a (;0;) "a")
  (data $b (;1;) "")
  (data $c (;2;) "c")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
