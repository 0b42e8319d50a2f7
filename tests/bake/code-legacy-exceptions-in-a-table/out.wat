(module
  (type $f (;0;) (func (param i32) (result i32)))
  (type (;1;) (func (param i32)))
  (type (;2;) (func))
  (table (;0;) 2 funcref)
  (tag $t (;0;) (type 1) (param i32))
  (export "table" (table 0))
  (export "run" (func 3))
  (elem (;0;) declare func $catches $rethrows)
  (elem (;1;) (i32.const 0) func $catches $rethrows)
  (func $catches (;0;) (type $f) (param i32) (result i32)
    try (result i32) ;; label = @1
      i32.const 7
      throw $t
    catch_all
      i32.const 1
      drop
      local.get 0
    end
    drop
    try (result i32) ;; label = @1
      i32.const 7
      throw $t
    catch $t
    end
  )
  (func $rethrows (;1;) (type $f) (param i32) (result i32)
    try $outer (result i32)
      try $inner
        try ;; label = @3
          i32.const 9
          throw $t
        delegate $inner
      catch $t
        drop
        rethrow $inner
      end
      i32.const 0
    catch $t
    end
  )
  (func (;2;) (type 2)
    i32.const 0
    ref.func $catches
    table.set 0
    i32.const 1
    ref.func $rethrows
    table.set 0
  )
  (func (;3;) (type $f) (param i32) (result i32)
    i32.const 0
    local.get 0
    call_indirect (type $f)
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
