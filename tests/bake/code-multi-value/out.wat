(module
  (type (;0;) (func (param i32 i64) (result i64 i32)))
  (type (;1;) (func))
  (global (;0;) (mut i64) i64.const 2)
  (export "g" (global 0))
  (export "run" (func $swap))
  (func $swap (;0;) (type 0) (param i32 i64) (result i64 i32)
    local.get 1
    local.get 0
  )
  (func (;1;) (type 1)
    i32.const 1
    i64.const 2
    block (type 0) (param i32 i64) (result i64 i32) ;; label = @1
      call $swap
    end
    drop
    global.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
