(module
  (type $t (;0;) (func (param i32)))
  (type (;1;) (func))
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
    end
    local.get 0
    i32.const 1
    i32.sub
    i32.const 0
    return_call_indirect (type $t)
  )
  (func (;1;) (type 1)
    i32.const 0
    ref.func $count
    table.set 0
    i32.const 50000
    return_call $count
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
