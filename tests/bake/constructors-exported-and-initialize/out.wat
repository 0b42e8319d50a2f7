(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (global $runs (;0;) (mut i32) i32.const 1)
  (global $started (;1;) (mut i32) i32.const 1)
  (export "__wasm_call_ctors" (func 4))
  (export "_initialize" (func 5))
  (export "runs" (func 2))
  (export "started" (func 3))
  (func $ctors (;0;) (type 0)
    global.get $runs
    i32.const 1
    i32.add
    global.set $runs
  )
  (func (;1;) (type 0)
    global.get $started
    if ;; label = @1
      unreachable
    end
    i32.const 1
    global.set $started
    call $ctors
  )
  (func (;2;) (type 1) (result i32)
    global.get $runs
  )
  (func (;3;) (type 1) (result i32)
    global.get $started
  )
  (func (;4;) (type 0))
  (func (;5;) (type 0))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
