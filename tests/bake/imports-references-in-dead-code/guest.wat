;; Code that nothing reaches looks into references of which no type is known, not even that of what stands outside of the block.
;; call: get() number()
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $pair (struct (field i32)))
  (import "host" "reference" (global $reference externref))
  (global $kept (export "kept") (mut externref) (ref.null extern))
  (func (export "wizer.initialize") (global.set $kept (global.get $reference)))
  (func (export "get") (result externref)
    (global.get $kept)
    block
      br 0
      ref.as_non_null
      struct.get $pair 0
      drop
      br_on_null 0
      struct.get $pair 0
      drop
    end)
  (func (export "number") (result i32)
    (global.get $kept)
    block (result i32)
      i32.const 7
      br 0
      ref.is_null
      drop
      ref.test (ref $pair)
    end
    (return)))
