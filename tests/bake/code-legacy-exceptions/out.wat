(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (memory (;0;) 1)
  (tag $longjmp (;0;) (type 0) (param i32))
  (export "memory" (memory 0))
  (export "run" (func 2))
  (func (;0;) (type 1)
    i32.const 64
    i32.const 41
    i32.store
  )
  (func $jump (;1;) (type 1)
    i32.const 64
    i32.load
    throw $longjmp
  )
  (func (;2;) (type 2) (result i32)
    try (result i32) ;; label = @1
      call $jump
      i32.const 0
    catch $longjmp
      i32.const 1
      i32.add
    end
  )
  (data (;0;) (i32.const 64) ")")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
