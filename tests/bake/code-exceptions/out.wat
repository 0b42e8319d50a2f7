(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (tag $tag (;0;) (type 0) (param i32))
  (global (;0;) (mut i32) i32.const 1)
  (export "g" (global 0))
  (export "run" (func 1))
  (func $catch (;0;) (type 0) (param i32)
    block $caught (result i32)
      try_table (catch $tag $caught) ;; label = @2
        local.get 0
        throw $tag
      end
      i32.const 0
    end
    global.set 0
  )
  (func (;1;) (type 1)
    i32.const 2
    call $catch
    global.get 0
    throw $tag
  )
  (func (;2;) (type 1)
    i32.const 1
    call $catch
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
