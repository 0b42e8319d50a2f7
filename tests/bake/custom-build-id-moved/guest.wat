;; Where the code has to move all the same, what leads to its debug information goes.
;; warning: left out of the baked module, since what it says of the code would be wrong there: `build_id`, `external_debug_info`
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $node (struct (field (mut (ref null $node)))))
  (global $a (mut (ref null $node)) (ref.null $node))
  (global $b (mut (ref null $node)) (ref.null $node))
  (func (export "wizer.initialize")
    (global.set $a (struct.new $node (ref.null $node)))
    (global.set $b (global.get $a)))
  (func (export "same") (result i32) (ref.eq (global.get $a) (global.get $b)))
  (@custom "build_id" "\04abcd")
  (@custom "external_debug_info" "\03a.b"))
