;; Long runs of one function are filled by the start function; what differs is listed.
;; answer: call(70000) => i32 2
;; answer: call(3) => i32 1
(module
  (type $f (func (result i32)))
  (table 70002 funcref)
  (func $one (type $f) (i32.const 1))
  (func $two (type $f) (i32.const 2))
  (elem declare func $one $two)
  (func (export "wizer-initialize")
    (table.fill (i32.const 1) (ref.func $one) (i32.const 69998))
    (table.set (i32.const 70000) (ref.func $two)))
  (func (export "call") (param i32) (result i32) (call_indirect (type $f) (local.get 0))))
