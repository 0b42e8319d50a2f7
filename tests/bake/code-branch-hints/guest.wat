;; Hints name functions and positions of the original, and must not mislead.
;; call: run(1)
;; walrus: walrus cannot keep the section `metadata.code.branch_hint`, which tells where code is
(module
  (func (export "run") (param i32) (result i32)
    (@metadata.code.branch_hint "\01")
    (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.const 2))))
  (func $large (result i32) (i32.add (i32.add (i32.const 1) (i32.const 2)) (i32.add (i32.const 3) (i32.const 4))))
  (func (export "wizer-initialize")))
