;; The type allows it, and no engine here has that much.
(module (memory 0 4294967295 (pagesize 1)) (global $r (export "r") (mut i32) (i32.const 5)) (func (export "wizer-initialize") (global.set $r (memory.grow (i32.const -1)))) (func (export "get") (result i32) (global.get $r)))
