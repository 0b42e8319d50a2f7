(module
  (type $super (;0;) (sub (func (result anyref))))
  (type $sub (;1;) (sub $super (func (result i31ref))))
  (type (;2;) (func))
  (table (;0;) 1 funcref)
  (export "table" (table 0))
  (export "run" (func 1))
  (elem (;0;) declare func $f)
  (elem (;1;) (i32.const 0) func $f)
  (func $f (;0;) (type $sub) (result i31ref)
    i32.const 4
    ref.i31
  )
  (func (;1;) (type $super) (result anyref)
    i32.const 0
    call_indirect (type $super)
  )
  (func (;2;) (type 2)
    i32.const 0
    ref.func $f
    table.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
