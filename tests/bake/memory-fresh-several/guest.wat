;; Of several memories some are fresh: one with 64-bit addresses, and one whose name has a dot. The other imported one is left alone,
;; with its data; the module's own grows.
;; import: env.long=fresh
;; import: env.a.b=fresh
;; call: load()
(module
  (import "env" "other" (memory $other 1))
  (import "env" "long" (memory $long i64 2))
  (import "env" "a.b" (memory $dotted 1 1))
  (memory $own (export "own") 1)
  (data (memory $other) (i32.const 8) "kept")
  (data (memory $long) (i64.const 65536) "long")
  (data $again (memory $dotted) (i32.const 4) "abcd")
  (data $passive "passive")
  (func (export "load") (result i64)
    (i64.add
      (i64.add (i64.load $long (i64.const 65536)) (i64.load $dotted (i32.const 0)))
      (i64.add (i64.load $own (i32.const 65536)) (i64.load $other (i32.const 8)))))
  (func (export "wizer-initialize")
    (drop (memory.grow $own (i32.const 1)))
    (memory.copy $own $dotted (i32.const 65536) (i32.const 4) (i32.const 4))
    (memory.copy $dotted $own (i32.const 0) (i32.const 65536) (i32.const 2))
    (memory.init $long $passive (i64.const 65540) (i32.const 0) (i32.const 4))
    (data.drop $again)
    (data.drop $passive)
    (memory.fill $dotted (i32.const 5) (i32.const 0) (i32.const 1))))
