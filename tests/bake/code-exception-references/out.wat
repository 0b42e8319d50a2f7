(module
  (type $payload (;0;) (func (param i32 i64)))
  (type (;1;) (func))
  (type (;2;) (func (param i32)))
  (type (;3;) (func (param i32) (result exnref)))
  (type (;4;) (func (result i32 i64 exnref)))
  (type (;5;) (func (param exnref)))
  (tag $tag (;0;) (type $payload) (param i32 i64))
  (tag $empty (;1;) (type 1))
  (global (;0;) (mut i64) i64.const 210)
  (global $kept (;1;) (mut exnref) ref.null exn)
  (export "tag" (tag 0))
  (export "sum" (global 0))
  (export "run" (func 3))
  (func $throw (;0;) (type 2) (param i32)
    local.get 0
    if ;; label = @1
      local.get 0
      i64.const 10
      throw $tag
    else
      throw $empty
    end
  )
  (func $catch (;1;) (type 3) (param i32) (result exnref)
    (local $caught exnref)
    block $any (result exnref)
      block $tagged (type 4) (result i32 i64 exnref)
        try_table (catch_ref $tag $tagged) (catch_all_ref $any) ;; label = @3
          local.get 0
          call $throw
        end
        ref.null exn
        return
      end
      local.set $caught
      global.get 0
      i64.add
      global.set 0
      drop
      local.get $caught
    end
  )
  (func $again (;2;) (type 5) (param exnref)
    block $all
      try_table (catch_all $all) ;; label = @2
        local.get 0
        throw_ref
      end
      return
    end
    global.get 0
    i64.const 100
    i64.add
    global.set 0
  )
  (func (;3;) (type 2) (param i32)
    local.get 0
    call $catch
    throw_ref
  )
  (func (;4;) (type 1)
    i32.const 1
    call $catch
    global.set $kept
    global.get $kept
    call $again
    i32.const 0
    call $catch
    call $again
    ref.null exn
    global.set $kept
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
