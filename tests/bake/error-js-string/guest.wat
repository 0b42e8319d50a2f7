;; A string of JavaScript is made in init.
(module
  (import "wasm:js-string" "fromCharCode" (func $from (param i32) (result (ref extern))))
  (global $text (mut externref) (ref.null extern))
  (func (export "wizer-initialize") (if (i32.const 1) (then (global.set $text (call $from (i32.const 65)))))))
