(module
  (type (;0;) (func))
  (type (;1;) (func (param i32 i64) (result i64 i32)))
  (global (;0;) (mut i64) i64.const 2)
  (export "g" (global 0))
  (export "run" (func $swap))
  (func (;0;) (type 0)
    i32.const 1
    i64.const 2
    block (type 1) (param i32 i64) (result i64 i32) ;; label = @1
      call $swap
    end
    drop
    global.set 0
  )
  (func $swap (;1;) (type 1) (param i32 i64) (result i64 i32)
    local.get 1
    local.get 0
  )
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
