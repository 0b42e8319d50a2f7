(module
  (type $s (;0;) (struct (field (mut i32))))
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (global (;0;) (ref $s) i32.const 7 struct.new $s)
  (global $a (;1;) (mut (ref null $s)) global.get 0)
  (global $b (;2;) (mut (ref null $s)) global.get 0)
  (export "same" (func 1))
  (func (;0;) (type 1)
    i32.const 7
    struct.new $s
    global.set $a
    global.get $a
    global.set $b
  )
  (func (;1;) (type 2) (result i32)
    global.get $a
    global.get $b
    ref.eq
  )
  (@custom "target_features" (after code) "\00")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
