(module
  (type (;0;) (func (param i32 i32) (result i32)))
  (type (;1;) (func (result i32 i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $sizes (;0;) (type 0)))
  (import "wasi_snapshot_preview1" "environ_get" (func $get (;1;) (type 0)))
  (memory (;0;) 1)
  (export "memory" (memory 0))
  (export "sizes" (func 2))
  (export "second" (func 3))
  (func (;2;) (type 1) (result i32 i32)
    i32.const 0
    i32.load
    i32.const 4
    i32.load
  )
  (func (;3;) (type 2) (result i32)
    i32.const 36
    i32.load
  )
  (func (;4;) (type 3)
    i32.const 0
    i32.const 4
    call $sizes
    drop
    i32.const 8
    i32.const 32
    call $get
    drop
  )
  (data (;0;) (i32.const 0) "\02\00\00\00\0a\00\00\00 \00\00\00$\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00A=1\00B=two")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
