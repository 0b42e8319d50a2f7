(module
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (result i32)))
  (memory (;0;) 1)
  (tag $longjmp (;0;) (type 1) (param i32))
  (export "memory" (memory 0))
  (export "run" (func 1))
  (func $jump (;0;) (type 0)
    i32.const 64
    i32.load
    throw $longjmp
  )
  (func (;1;) (type 2) (result i32)
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
