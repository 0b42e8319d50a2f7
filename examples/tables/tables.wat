;; A table of handlers that the initialiser builds. `tables.c` is the same guest, in C.
(module
  (type $handler (func (param i32) (result i32)))

  (table $handlers 0 funcref)

  (elem declare func $increment $twice $square $negate)

  (func $increment (type $handler) (i32.add (local.get 0) (i32.const 1)))
  (func $twice (type $handler) (i32.mul (local.get 0) (i32.const 2)))
  (func $square (type $handler) (i32.mul (local.get 0) (local.get 0)))
  (func $negate (type $handler) (i32.sub (i32.const 0) (local.get 0)))

  ;; What the table holds after each instruction; `.` is a hole.
  (func (export "wizer-initialize")
    ;; increment increment
    (drop (table.grow $handlers (ref.func $increment) (i32.const 2)))
    ;; increment twice
    (table.set $handlers (i32.const 1) (ref.func $twice))
    ;; increment twice . . . . . .
    (drop (table.grow $handlers (ref.null func) (i32.const 6)))
    ;; increment twice . square square square . .
    (table.fill $handlers (i32.const 3) (ref.func $square) (i32.const 3))
    ;; increment twice . square square increment twice .
    (table.copy $handlers $handlers (i32.const 5) (i32.const 0) (i32.const 3))
    ;; increment twice . square negate increment twice .
    (table.set $handlers (i32.const 4) (ref.func $negate))
    ;; increment . square negate increment increment twice .
    (table.copy $handlers $handlers (i32.const 1) (i32.const 2) (i32.const 4))
  )

  ;; Calls the handler in a slot with 10. A hole traps, and so does a slot beyond the end.
  (func (export "call") (param $slot i32) (result i32)
    (call_indirect $handlers (type $handler) (i32.const 10) (local.get $slot))
  )

  (func (export "size") (result i32) (table.size $handlers))
)
