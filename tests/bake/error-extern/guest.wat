;; Wasm can make an external reference only of something of its own.
(module
  (table 3 externref)
  (global (mut externref) (ref.null extern))
  (func (export "wizer-initialize")
    (global.set 0 (extern.convert_any (ref.i31 (i32.const 1))))
    (table.set (i32.const 2) (global.get 0))))
