(module
  (rec
    (type $label (;0;) (struct (field externref) (field (mut i32))))
  )
  (type (;1;) (func))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (result externref)))
  (import "S" "hello" (global $hello (;0;) externref))
  (import "S" "world" (global $world (;1;) externref))
  (global $first (;2;) (mut (ref null $label)) global.get $hello i32.const 7 struct.new $label)
  (global $second (;3;) (mut externref) global.get $world)
  (export "weight" (func 1))
  (export "text" (func 2))
  (export "second" (func 3))
  (func (;0;) (type 1)
    global.get $hello
    i32.const 7
    struct.new $label
    global.set $first
    global.get $world
    global.set $second
  )
  (func (;1;) (type 2) (result i32)
    global.get $first
    struct.get $label 1
  )
  (func (;2;) (type 3) (result externref)
    global.get $first
    struct.get $label 0
  )
  (func (;3;) (type 3) (result externref)
    global.get $second
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
