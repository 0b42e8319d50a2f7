(module
  (rec
    (type $shape (;0;) (sub (struct (field (mut i32)))))
    (type $square (;1;) (sub final $shape (struct (field (mut i32)) (field i8))))
  )
  (type $bytes (;2;) (array (mut i8)))
  (type $make (;3;) (func (param i32) (result anyref)))
  (type (;4;) (func (param (ref $square)) (result i32)))
  (type (;5;) (func (param anyref) (result i32)))
  (type (;6;) (func (param i32) (result i32)))
  (type (;7;) (func))
  (table (;0;) 5 anyref)
  (global (;0;) (ref $square) i32.const 16 i32.const 252 struct.new $square)
  (global (;1;) (mut i64) i64.const 214853324755)
  (global (;2;) (mut externref) global.get 0 extern.convert_any)
  (export "made" (table 0))
  (export "sorted" (global 1))
  (export "outside" (global 2))
  (export "sort" (func 3))
  (elem (;0;) (table 0) (i32.const 1) anyref (item i32.const 5 struct.new $shape) (global.get 0) (item i32.const 2147483645 ref.i31) (item i32.const 255 i32.const 2 i32.const 3 array.new_fixed $bytes 3))
  (func $make (;0;) (type $make) (param i32) (result anyref)
    block $four
      block $three
        block $two
          block $one
            block $none
              local.get 0
              br_table $none $one $two $three $four
            end
            ref.null none
            return
          end
          i32.const 5
          struct.new $shape
          return
        end
        i32.const 16
        i32.const -4
        struct.new $square
        return
      end
      i32.const -3
      ref.i31
      return
    end
    i32.const 0
    i32.const 3
    array.new_data $bytes $data
  )
  (func $side (;1;) (type 4) (param (ref $square)) (result i32)
    local.get 0
    struct.get_s $square 1
  )
  (func $sort (;2;) (type 5) (param $any anyref) (result i32)
    (local $shape (ref null $shape))
    local.get $any
    ref.is_null
    if ;; label = @1
      i32.const 1
      return
    end
    local.get $any
    ref.test (ref i31)
    if ;; label = @1
      local.get $any
      ref.cast (ref i31)
      i31.get_u
      return
    end
    block $not-a-shape (result anyref)
      local.get $any
      br_on_cast_fail $not-a-shape anyref (ref $shape)
      local.set $shape
      block $square (result (ref $square))
        local.get $shape
        br_on_cast $square (ref null $shape) (ref $square)
        drop
        local.get $shape
        struct.get $shape 0
        return
      end
      call $side
      return
    end
    ref.cast (ref $bytes)
    i32.const 0
    array.get_u $bytes
    return
  )
  (func (;3;) (type 6) (param i32) (result i32)
    local.get 0
    table.get 0
    call $sort
  )
  (func (;4;) (type 7)
    (local $n i32)
    loop $next
      local.get $n
      local.get $n
      call $make
      table.set 0
      global.get 1
      i64.const 100
      i64.mul
      local.get $n
      table.get 0
      extern.convert_any
      any.convert_extern
      call $sort
      i64.extend_i32_s
      i64.add
      global.set 1
      local.get $n
      i32.const 1
      i32.add
      local.tee $n
      i32.const 5
      i32.lt_u
      br_if $next
    end
    i32.const 2
    table.get 0
    extern.convert_any
    global.set 2
    i32.const 3
    table.get 0
    ref.cast eqref
    i32.const -3
    ref.i31
    ref.eq
    i32.eqz
    if ;; label = @1
      unreachable
    end
  )
  (data $data (;0;) "\ff\02\03")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
