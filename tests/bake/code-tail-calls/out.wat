(module
  (type (;0;) (func))
  (type $t (;1;) (func (param i32)))
  (table (;0;) 1 funcref)
  (global (;0;) (mut i32) i32.const 50001)
  (export "table" (table 0))
  (export "g" (global 0))
  (export "run" (func $count))
  (elem (;0;) declare func $count)
  (elem (;1;) (i32.const 0) func $count)
  (func $count (;0;) (type $t) (param i32)
    global.get 0
    i32.const 1
    i32.add
    global.set 0
    local.get 0
    i32.eqz
    if ;; label = @1
      return
    else
    end
    local.get 0
    i32.const 1
    i32.sub
    i32.const 0
    return_call_indirect (type $t)
  )
  (func (;1;) (type 0)
    i32.const 0
    ref.func $count
    table.set 0
    i32.const 50000
    return_call $count
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
