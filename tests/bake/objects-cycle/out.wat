(module
  (rec
    (type $node (;0;) (struct (field i32) (field (mut (ref null $node))) (field (mut anyref))))
    (type $nodes (;1;) (array (mut (ref null $node))))
  )
  (type (;2;) (func (result i32)))
  (type (;3;) (func))
  (global (;0;) (ref $node) i32.const 3 ref.null $node ref.null any struct.new $node)
  (global (;1;) (ref $node) i32.const 1 i32.const 2 global.get 0 ref.null any struct.new $node i32.const 5 ref.i31 struct.new $node)
  (global (;2;) (ref $node) i32.const 4 ref.null $node ref.null any struct.new $node)
  (global (;3;) (ref $node) i32.const 5 ref.null $node ref.null any struct.new $node)
  (global (;4;) (ref $nodes) global.get 3 i32.const 2 array.new $nodes)
  (global $ring (;5;) (mut (ref null $node)) global.get 1)
  (global $self (;6;) (mut (ref null $node)) global.get 2)
  (global $array (;7;) (mut (ref null $nodes)) global.get 4)
  (export "ring" (global $ring))
  (export "self" (global $self))
  (export "array" (global $array))
  (export "walk" (func 0))
  (export "cut" (func 1))
  (start 3)
  (func (;0;) (type 2) (result i32)
    global.get $ring
    struct.get $node 1
    struct.get $node 1
    struct.get $node 1
    struct.get $node 0
  )
  (func (;1;) (type 3)
    global.get $ring
    struct.get $node 1
    global.get $ring
    struct.set $node 1
  )
  (func (;2;) (type 3)
    (local $last (ref $node))
    i32.const 3
    ref.null $node
    ref.null any
    struct.new $node
    local.set $last
    i32.const 1
    i32.const 2
    local.get $last
    ref.null any
    struct.new $node
    i32.const 5
    ref.i31
    struct.new $node
    global.set $ring
    local.get $last
    global.get $ring
    struct.set $node 1
    i32.const 4
    ref.null $node
    ref.null any
    struct.new $node
    global.set $self
    global.get $self
    global.get $self
    struct.set $node 1
    i32.const 5
    ref.null $node
    ref.null any
    struct.new $node
    i32.const 2
    array.new $nodes
    global.set $array
    global.get $array
    i32.const 0
    array.get $nodes
    global.get $array
    struct.set $node 2
  )
  (func (;3;) (type 3)
    global.get 2
    global.get 2
    struct.set $node 1
    global.get 3
    global.get 4
    struct.set $node 2
    global.get 0
    global.get 1
    struct.set $node 1
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
