;; Objects lose the code that only init reached as all else does; their types stay as they are.
;; remove-dead-code
;; call: get() same() tag()
;; walrus: walrus cannot keep recursion groups
(module
  (rec (type $node (struct (field (mut i32)) (field (mut (ref null $node))))) (type $other (struct)))
  (type $unused (array i8))
  (tag $used (param i32))
  (tag $gone (param i64))
  (global $first (mut (ref null $node)) (ref.null $node))
  (global $gone (mut (ref null $node)) (ref.null $node))
  (func $make (param i32) (result (ref $node)) (struct.new $node (local.get 0) (ref.null $node)))
  (func $only-init (throw $gone (i64.const 1)))
  (func (export "wizer-initialize")
    (block $caught (try_table (catch_all $caught) (call $only-init)))
    (global.set $first (call $make (i32.const 7)))
    (struct.set $node 1 (global.get $first) (global.get $first))
    (global.set $gone (global.get $first)))
  (func (export "get") (result i32) (struct.get $node 0 (global.get $first)))
  (func (export "same") (result i32)
    (ref.eq (global.get $first) (struct.get $node 1 (global.get $first))))
  (func (export "tag") (result i32)
    (block $caught (result i32) (try_table (result i32) (catch $used $caught) (throw $used (i32.const 9))))))
