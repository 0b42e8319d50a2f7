(module
  (type $f (;0;) (func (param i32) (result i32)))
  (type (;1;) (func (param (ref $f) i32) (result i32)))
  (type (;2;) (func (param (ref null $f)) (result (ref $f))))
  (type (;3;) (func (param (ref null $f)) (result i32)))
  (type (;4;) (func))
  (global $chosen (;0;) (mut (ref null $f)) ref.func $square)
  (global (;1;) (mut i32) i32.const 13)
  (export "chosen" (global $chosen))
  (export "g" (global 1))
  (export "run" (func 5))
  (elem (;0;) declare func $double $square)
  (func $double (;0;) (type $f) (param i32) (result i32)
    local.get 0
    i32.const 2
    i32.mul
  )
  (func $square (;1;) (type $f) (param i32) (result i32)
    local.get 0
    local.get 0
    i32.mul
  )
  (func $twice (;2;) (type 1) (param $f (ref $f)) (param i32) (result i32)
    local.get 1
    local.get $f
    call_ref $f
    local.get $f
    return_call_ref $f
  )
  (func $or-double (;3;) (type 2) (param (ref null $f)) (result (ref $f))
    block $is-null
      local.get 0
      br_on_null $is-null
      return
    end
    ref.func $double
  )
  (func $is-there (;4;) (type 3) (param (ref null $f)) (result i32)
    block $there (result (ref $f))
      local.get 0
      br_on_non_null $there
      i32.const 0
      return
    end
    drop
    i32.const 1
  )
  (func (;5;) (type $f) (param i32) (result i32)
    global.get $chosen
    ref.as_non_null
    local.get 0
    call $twice
  )
  (func (;6;) (type 4)
    (local $kept (ref $f))
    global.get $chosen
    call $or-double
    local.set $kept
    local.get $kept
    i32.const 3
    call $twice
    global.get $chosen
    call $is-there
    i32.add
    global.set 1
    ref.func $square
    global.set $chosen
    global.get 1
    global.get $chosen
    call $is-there
    i32.add
    global.set 1
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
