(component
  (core module $A (;0;)
    (type (;0;) (func (result i32)))
    (table $t (;0;) 2 funcref)
    (export "t" (table $t))
    (export "f" (func 0))
    (elem (;0;) (i32.const 1) func 0)
    (func (;0;) (type 0) (result i32)
      i32.const 4
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $a (;0;) (instantiate $A))
  (core module $M (;1;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func))
    (import "a" "x" (func $x (;0;) (type 0)))
    (import "a" "y" (func $y (;1;) (type 0)))
    (import "a" "t" (table $t (;0;) 2 funcref))
    (table $own (;1;) 1 funcref)
    (export "cp" (func 3))
    (elem (;0;) declare func $x $y)
    (func (;2;) (type 1)
      i32.const 1
      ref.func $y
      table.set $t
    )
    (func (;3;) (type 1)
      i32.const 0
      i32.const 1
      table.get $t
      table.set $own
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (alias core export $a "f" (core func (;0;)))
  (alias core export $a "f" (core func (;1;)))
  (alias core export $a "t" (core table (;0;)))
  (core instance (;1;)
    (export "x" (func 0))
    (export "y" (func 1))
    (export "t" (table 0))
  )
  (core instance $m (;2;) (instantiate $M
      (with "a" (instance 1))
    )
  )
  (type (;0;) (func))
  (type (;1;) (func))
  (alias core export $m "cp" (core func (;2;)))
  (func (;0;) (type 1) (canon lift (core func 2)))
  (export (;1;) "cp" (func 0))
)
