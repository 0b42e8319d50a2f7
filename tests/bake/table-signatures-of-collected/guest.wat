;; Parameters and results of every type of references, with null and without.
;; walrus: walrus cannot keep recursion groups
(module
  (rec
    (type $s (struct))
    (type $a (array i8))
    (type $both (func (param (ref null $s) (ref null $a)) (result (ref null $s) (ref null $a)))))
  (table (export "table") 6 funcref)
  (func $tops (param anyref externref funcref exnref) (result anyref externref funcref exnref)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3))
  (func $middles (param eqref i31ref structref arrayref) (result eqref i31ref structref arrayref)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3))
  (func $bottoms (param nullref nullexternref nullfuncref nullexnref)
    (result nullref nullexternref nullfuncref nullexnref)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3))
  (func $concrete (type $both) (local.get 0) (local.get 1))
  (func $demands
    (param (ref any) (ref extern) (ref func) (ref exn) (ref eq) (ref i31) (ref struct) (ref array) (ref $s) (ref $a)))
  (func $gives (result (ref any) (ref extern) (ref func) (ref i31) (ref $s) (ref $a))
    (ref.i31 (i32.const 1)) (extern.convert_any (ref.i31 (i32.const 2))) (ref.func $gives) (ref.i31 (i32.const 3))
    (struct.new $s) (array.new_default $a (i32.const 2)))
  (elem $all func $tops $middles $bottoms $concrete $demands $gives)
  (func (export "wizer-initialize")
    (table.init $all (i32.const 0) (i32.const 0) (i32.const 6))))
