(module
  (type (;0;) (func (param i32 f64)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32)))
  (type (;3;) (func (param i32) (result i32)))
  (type (;4;) (func))
  (import "env" "log" (func $log (;0;) (type 0)))
  (import "env" "ask" (func $ask (;1;) (type 1)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (;2;) (type 1)))
  (import "env" "tag" (tag $tag (;0;) (type 2) (param i32)))
  (global (;0;) (mut i32) i32.const 39)
  (export "g" (global 0))
  (export "run" (func 3))
  (export "throw" (func 4))
  (func (;3;) (type 3) (param i32) (result i32)
    local.get 0
    global.get 0
    i32.add
    f64.const 0x1.8p+0 (;=1.5;)
    call $log
    call $yield
    drop
    call $ask
  )
  (func (;4;) (type 4)
    i32.const 1
    throw $tag
  )
  (func (;5;) (type 4)
    i32.const 39
    global.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
