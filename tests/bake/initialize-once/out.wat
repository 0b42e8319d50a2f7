(module
  (type (;0;) (func))
  (global (;0;) (mut i32) i32.const 1)
  (export "done" (global 0))
  (export "_initialize" (func 2))
  (func (;0;) (type 0)
    global.get 0
    if ;; label = @1
      unreachable
    end
    i32.const 1
    global.set 0
  )
  (func (;1;) (type 0))
  (func (;2;) (type 0))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
