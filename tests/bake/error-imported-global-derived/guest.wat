;; What starts as an imported global says is as unknown as that; here in the start function.
(module
  (import "env" "base" (global $base i32))
  (global $derived i32 (i32.add (global.get $base) (i32.const 1)))
  (global $mine (mut i32) (i32.const 0))
  (start $start)
  (func $start (global.set $mine (global.get $derived)))
  (func (export "wizer-initialize")))
