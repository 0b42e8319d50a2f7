(module
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "a" (func 1))
  (export "b" (func 2))
  (export "c" (func 3))
  (func (;0;) (type 0)
    i32.const 0
    i32.load
    if ;; label = @1
      data.drop $c
    else
    end
    data.drop $b
  )
  (func (;1;) (type 1) (param i32)
    i32.const 0
    i32.const 0
    local.get 0
    memory.init $a
  )
  (func (;2;) (type 1) (param i32)
    i32.const 1
    i32.const 0
    local.get 0
    memory.init $b
  )
  (func (;3;) (type 1) (param i32)
    i32.const 2
    i32.const 0
    local.get 0
    memory.init $c
  )
  (data $a (;0;) "a")
  (data $b (;1;) "")
  (data $c (;2;) "c")
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
