;; Imports of references that cannot be null: something stands in for them while init runs.
;; call: get()
(module
  (type $f (func (result i32)))
  (import "env" "function" (global $function (ref func)))
  (import "env" "typed" (global $typed (ref $f)))
  (import "env" "value" (global $value (ref extern)))
  (import "env" "table" (table 2 (ref $f)))
  (global (export "done") (mut i32) (i32.const 0))
  (global (export "copy") (ref extern) (global.get $value))
  (func (export "get") (result i32) (call_ref $f (global.get $typed)))
  (func (export "wizer-initialize") (global.set 3 (i32.const 1))))
