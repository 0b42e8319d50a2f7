(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func (;0;) (type 0)))
  (global (;0;) (mut i32) i32.const 11)
  (export "_start" (func 5))
  (export "get" (func 7))
  (func (;1;) (type 1)
    nop
    nop
  )
  (func (;2;) (type 1)
    global.get 0
    i32.const 1
    i32.add
    global.set 0
  )
  (func (;3;) (type 2) (result i32)
    global.get 0
    i32.const 100
    i32.add
    global.set 0
    i32.const 0
  )
  (func (;4;) (type 1))
  (func (;5;) (type 1)
    (local i32)
    call 1
    call 3
    local.set 0
    call 4
    local.get 0
    if ;; label = @1
      local.get 0
      call 0
      unreachable
    end
  )
  (func (;6;) (type 1)
    global.get 0
    i32.const 10
    i32.add
    global.set 0
  )
  (func (;7;) (type 2) (result i32)
    global.get 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
