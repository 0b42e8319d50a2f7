(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (import "env" "log" (func $log (;0;) (type 0)))
  (global $n (;0;) (mut i32) i32.const 110)
  (global (;1;) (mut i32) i32.const 0)
  (export "get" (func 5))
  (func $resume (;1;) (type 0)
    call $deep
  )
  (func $deep (;2;) (type 0)
    call $log
    global.get $n
    i32.const 30
    i32.add
    global.set $n
  )
  (func $get (;3;) (type 1) (result i32)
    global.get $n
    i32.const 1
    i32.add
    global.set $n
    global.get $n
  )
  (func (;4;) (type 0)
    i32.const 1
    global.set 1
    call $resume
  )
  (func (;5;) (type 1) (result i32)
    block ;; label = @1
      global.get 1
      br_if 0 (;@1;)
      call 4
    end
    call $get
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
