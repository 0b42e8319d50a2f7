(module
  (rec
    (type $node (;0;) (struct (field (mut i32)) (field (mut (ref null $node)))))
    (type $other (;1;) (struct))
  )
  (type $unused (;2;) (array i8))
  (type (;3;) (func (param i32)))
  (type (;4;) (func (param i64)))
  (type (;5;) (func (param i32) (result (ref $node))))
  (type (;6;) (func))
  (type (;7;) (func (result i32)))
  (tag $used (;0;) (type 3) (param i32))
  (global (;0;) (ref $node) i32.const 7 ref.null $node struct.new $node)
  (global $first (;1;) (mut (ref null $node)) global.get 0)
  (export "get" (func 0))
  (export "same" (func 1))
  (export "tag" (func 2))
  (start 3)
  (func (;0;) (type 7) (result i32)
    global.get $first
    struct.get $node 0
  )
  (func (;1;) (type 7) (result i32)
    global.get $first
    global.get $first
    struct.get $node 1
    ref.eq
  )
  (func (;2;) (type 7) (result i32)
    block $caught (result i32)
      try_table (result i32) (catch $used $caught) ;; label = @2
        i32.const 9
        throw $used
      end
    end
  )
  (func (;3;) (type 6)
    global.get 0
    global.get 0
    struct.set $node 1
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
