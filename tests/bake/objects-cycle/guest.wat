;; A ring of three, one that holds itself, and an array that holds what holds it.
;; call: walk() cut() walk()
;; walrus: walrus cannot keep recursion groups
(module
  (rec
    (type $node (struct (field $value i32) (field $next (mut (ref null $node))) (field $any (mut anyref))))
    (type $nodes (array (mut (ref null $node)))))
  (global $ring (export "ring") (mut (ref null $node)) (ref.null $node))
  (global $self (export "self") (mut (ref null $node)) (ref.null $node))
  (global $array (export "array") (mut (ref null $nodes)) (ref.null $nodes))
  (func (export "walk") (result i32)
    (struct.get $node $value
      (struct.get $node $next (struct.get $node $next (struct.get $node $next (global.get $ring))))))
  (func (export "cut") (struct.set $node $next (struct.get $node $next (global.get $ring)) (global.get $ring)))
  (func (export "wizer-initialize")
    (local $last (ref $node))
    (local.set $last (struct.new $node (i32.const 3) (ref.null $node) (ref.null any)))
    (global.set $ring
      (struct.new $node (i32.const 1)
        (struct.new $node (i32.const 2) (local.get $last) (ref.null any)) (ref.i31 (i32.const 5))))
    (struct.set $node $next (local.get $last) (global.get $ring))
    (global.set $self (struct.new $node (i32.const 4) (ref.null $node) (ref.null any)))
    (struct.set $node $next (global.get $self) (global.get $self))
    (global.set $array (array.new $nodes (struct.new $node (i32.const 5) (ref.null $node) (ref.null any)) (i32.const 2)))
    (struct.set $node $any (array.get $nodes (global.get $array) (i32.const 0)) (global.get $array))))
