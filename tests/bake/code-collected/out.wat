(module
  (rec
    (type $list (;0;) (struct (field i32) (field (ref null $list))))
    (type $array (;1;) (array (mut i32)))
  )
  (type (;2;) (func))
  (type (;3;) (func (param i32) (result i32)))
  (global (;0;) (mut i32) i32.const 5053)
  (export "g" (global 0))
  (export "run" (func $sum))
  (func $sum (;0;) (type 3) (param i32) (result i32)
    (local i32 (ref null $list))
    loop ;; label = @1
      local.get 0
      local.get 2
      struct.new $list
      local.set 2
      local.get 0
      i32.const 1
      i32.sub
      local.tee 0
      br_if 0 (;@1;)
    end
    loop ;; label = @1
      local.get 1
      local.get 2
      struct.get $list 0
      i32.add
      local.set 1
      local.get 2
      struct.get $list 1
      local.set 2
      local.get 2
      ref.is_null
      i32.eqz
      br_if 0 (;@1;)
    end
    local.get 1
    i32.const 3
    array.new_default $array
    array.len
    i32.add
  )
  (func (;1;) (type 2)
    i32.const 100
    call $sum
    global.set 0
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
