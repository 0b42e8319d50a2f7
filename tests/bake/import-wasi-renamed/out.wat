(module
  (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func))
  (type (;3;) (func (result i32)))
  (import "a" "b" (func $write (;0;) (type 0)))
  (import "a" "d" (func $exit (;1;) (type 1)))
  (memory (;0;) 1)
  (export "c" (memory 0))
  (export "written" (func 3))
  (func (;2;) (type 2)
    i32.const 32
    i32.const 8
    i32.store
    i32.const 36
    i32.const 6
    i32.store
    i32.const 1
    i32.const 32
    i32.const 1
    i32.const 40
    call $write
    if ;; label = @1
      i32.const 3
      call $exit
    end
  )
  (func (;3;) (type 3) (result i32)
    i32.const 40
    i32.load
  )
  (data (;0;) (i32.const 8) "hello\0a\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\08\00\00\00\06\00\00\00\06")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
