(module
  (type $s (;0;) (struct (field i32)))
  (type (;1;) (func))
  (table $any (;0;) 2 anyref)
  (table $struct (;1;) 3 (ref null $s))
  (table $exn (;2;) 4 exnref)
  (table $nofunc (;3;) 5 nullfuncref)
  (global (;0;) (mut eqref) ref.null eq)
  (export "any" (table $any))
  (export "struct" (table $struct))
  (export "exn" (table $exn))
  (export "nofunc" (table $nofunc))
  (export "g" (global 0))
  (func (;0;) (type 1)
    ref.null any
    i32.const 1
    table.grow $any
    drop
    ref.null $s
    i32.const 2
    table.grow $struct
    drop
    ref.null exn
    i32.const 3
    table.grow $exn
    drop
    ref.null nofunc
    i32.const 4
    table.grow $nofunc
    drop
    ref.null eq
    global.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
