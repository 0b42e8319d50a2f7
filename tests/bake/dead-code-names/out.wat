(module $named
  (type $number (;0;) (func (param i32) (result i32)))
  (type (;1;) (func))
  (table $table (;0;) 2 funcref)
  (tag $tag (;0;) (type 1))
  (global $counter (;0;) (mut i32) i32.const 5)
  (export "seldom" (func $seldom))
  (export "often" (func $often))
  (elem $slots (;0;) (i32.const 0) func $helper $helper)
  (func $helper (;0;) (type $number) (param $x i32) (result i32)
    local.get $x
    i32.const 3
    i32.mul
  )
  (func $seldom (;1;) (type $number) (param $n i32) (result i32)
    (local $sum i32)
    block $done
      loop $again
        local.get $n
        i32.eqz
        br_if $done
        local.get $sum
        local.get $n
        call $helper
        i32.add
        local.set $sum
        local.get $n
        i32.const 1
        i32.sub
        local.set $n
        br $again
      end
    end
    local.get $sum
    global.get $counter
    i32.add
  )
  (func $often (;2;) (type $number) (param $x i32) (result i32)
    local.get $x
    i32.eqz
    if ;; label = @1
      throw $tag
    end
    local.get $x
    i32.const 1
    call_indirect (type $number)
    call $helper
    call $helper
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
