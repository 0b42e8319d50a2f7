(module
  (type (;0;) (func (result i64)))
  (type (;1;) (func))
  (import "env" "other" (memory $other (;0;) 1))
  (import "env" "long" (memory $long (;1;) i64 2))
  (import "env" "a.b" (memory $dotted (;2;) 1 1))
  (memory $own (;3;) 2)
  (export "own" (memory $own))
  (export "load" (func 0))
  (func (;0;) (type 0) (result i64)
    i64.const 65536
    i64.load $long
    i32.const 0
    i64.load $dotted
    i64.add
    i32.const 65536
    i64.load $own
    i32.const 8
    i64.load
    i64.add
    i64.add
  )
  (func (;1;) (type 1)
    i32.const 1
    memory.grow $own
    drop
    i32.const 65536
    i32.const 4
    i32.const 4
    memory.copy $own $dotted
    i32.const 0
    i32.const 65536
    i32.const 2
    memory.copy $dotted $own
    i64.const 65540
    i32.const 0
    i32.const 4
    memory.init $long $passive
    data.drop $again
    data.drop $passive
    i32.const 5
    i32.const 0
    i32.const 1
    memory.fill $dotted
  )
  (data (;0;) (i32.const 8) "kept")
  (data (;1;) (memory $long) (i64.const 65536) "longpass")
  (data $again (;2;) "")
  (data $passive (;3;) "")
  (data (;4;) (memory $dotted) (i32.const 0) "ab\00\00a\00cd")
  (data (;5;) (memory $own) (i32.const 65536) "abcd")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
