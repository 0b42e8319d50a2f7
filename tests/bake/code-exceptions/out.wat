(module
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (tag $tag (;0;) (type 1) (param i32))
  (global (;0;) (mut i32) i32.const 1)
  (export "g" (global 0))
  (export "run" (func 1))
  (func $catch (;0;) (type 1) (param i32)
    block (result i32) ;; label = @1
      try_table (catch $tag 0 (;@1;)) ;; label = @2
        local.get 0
        throw $tag
      end
      i32.const 0
    end
    global.set 0
  )
  (func (;1;) (type 0)
    i32.const 2
    call $catch
    global.get 0
    throw $tag
  )
  (func (;2;) (type 0)
    i32.const 1
    call $catch
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
