(module
  (rec
    (type $list (;0;) (struct (field i32) (field (ref null $list))))
    (type $array (;1;) (array (mut i32)))
  )
  (type (;2;) (func (param i32) (result i32)))
  (type (;3;) (func))
  (global (;0;) (mut i32) i32.const 5053)
  (export "g" (global 0))
  (export "run" (func $sum))
  (func $sum (;0;) (type 2) (param $n i32) (result i32)
    (local $list (ref null $list)) (local $sum i32)
    loop $next
      local.get $n
      local.get $list
      struct.new $list
      local.set $list
      local.get $n
      i32.const 1
      i32.sub
      local.tee $n
      br_if $next
    end
    loop $next
      local.get $sum
      local.get $list
      struct.get $list 0
      i32.add
      local.set $sum
      local.get $list
      struct.get $list 1
      local.set $list
      local.get $list
      ref.is_null
      i32.eqz
      br_if $next
    end
    local.get $sum
    i32.const 3
    array.new_default $array
    array.len
    i32.add
  )
  (func (;1;) (type 3)
    i32.const 100
    call $sum
    global.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
