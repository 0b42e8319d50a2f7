;; Places for garbage-collected values, exceptions and other functions, all null.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $s (struct (field i32)))
  (table $any (export "any") 1 anyref)
  (table $struct (export "struct") 1 (ref null $s))
  (table $exn (export "exn") 1 exnref)
  (table $nofunc (export "nofunc") 1 nullfuncref)
  (global (export "g") (mut eqref) (ref.null eq))
  (func (export "wizer-initialize")
    (drop (table.grow $any (ref.null any) (i32.const 1)))
    (drop (table.grow $struct (ref.null $s) (i32.const 2)))
    (drop (table.grow $exn (ref.null exn) (i32.const 3)))
    (drop (table.grow $nofunc (ref.null nofunc) (i32.const 4)))
    (global.set 0 (ref.null eq))))
