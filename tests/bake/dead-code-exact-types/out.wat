(module
  (type $t (;0;) (func (param i32)))
  (export "run" (func 1))
  (elem (;0;) declare func $x)
  (func $x (;0;) (type $t) (param i32))
  (func (;1;) (type $t) (param i32)
    (local (ref null (exact $t)))
    ref.func $x
    ref.cast (ref (exact $t))
    drop
    block (result (ref null (exact $t))) ;; label = @1
      ref.func $x
    end
    drop
    ref.func $x
    ref.func $x
    local.get 0
    select (result (ref (exact $t)))
    drop
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
