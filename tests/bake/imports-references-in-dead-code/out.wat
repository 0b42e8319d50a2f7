(module
  (type $pair (;0;) (struct (field i32)))
  (type (;1;) (func))
  (type (;2;) (func (result externref)))
  (type (;3;) (func (result i32)))
  (import "host" "reference" (global $reference (;0;) externref))
  (global $kept (;1;) (mut externref) global.get $reference)
  (export "kept" (global $kept))
  (export "get" (func 1))
  (export "number" (func 2))
  (func (;0;) (type 1)
    global.get $reference
    global.set $kept
  )
  (func (;1;) (type 2) (result externref)
    global.get $kept
    block ;; label = @1
      br 0 (;@1;)
      ref.as_non_null
      struct.get $pair 0
      drop
      br_on_null 0 (;@1;)
      struct.get $pair 0
      drop
    end
  )
  (func (;2;) (type 3) (result i32)
    global.get $kept
    block (result i32) ;; label = @1
      i32.const 7
      br 0 (;@1;)
      ref.is_null
      drop
      ref.test (ref $pair)
    end
    return
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
