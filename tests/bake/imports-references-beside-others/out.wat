(module
  (type $s (;0;) (struct))
  (type (;1;) (func (param i32)))
  (type (;2;) (func))
  (type (;3;) (func (result i32)))
  (import "h" "a" (global $a (;0;) externref))
  (import "h" "f" (global $f (;1;) funcref))
  (table (;0;) 1 funcref)
  (global $cache (;2;) (mut externref) struct.new $s extern.convert_any)
  (global $kept (;3;) (mut externref) global.get $a)
  (global $found (;4;) (mut i32) i32.const 7)
  (export "kept" (global $kept))
  (export "found" (func 2))
  (elem (;0;) declare func $note)
  (func $note (;0;) (type 1) (param i32)
    global.get $found
    local.get 0
    i32.or
    global.set $found
  )
  (func (;1;) (type 2)
    global.get $a
    global.set $kept
    global.get $cache
    ref.is_null
    if ;; label = @1
      i32.const 1
      call $note
    end
    struct.new $s
    extern.convert_any
    global.set $cache
    global.get $cache
    any.convert_extern
    ref.test (ref $s)
    if ;; label = @1
      i32.const 2
      call $note
    end
    ref.func $note
    ref.is_null
    i32.eqz
    if ;; label = @1
      i32.const 4
      call $note
    end
    global.get $cache
    any.convert_extern
    br_on_null 0
    drop
  )
  (func (;2;) (type 3) (result i32)
    global.get $found
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
