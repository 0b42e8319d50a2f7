(module
  (type $node (;0;) (struct (field (mut (ref null $node)))))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (global (;0;) (ref $node) ref.null $node struct.new $node)
  (global $a (;1;) (mut (ref null $node)) global.get 0)
  (global $b (;2;) (mut (ref null $node)) global.get 0)
  (export "same" (func 1))
  (func (;0;) (type 1)
    ref.null $node
    struct.new $node
    global.set $a
    global.get $a
    global.set $b
  )
  (func (;1;) (type 2) (result i32)
    global.get $a
    global.get $b
    ref.eq
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
