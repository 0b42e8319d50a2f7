;; An init function that returns an error.
(component
  (core module $guest
    (memory (export "memory") 1)
    (data (i32.const 16) "no config")
    (func (export "init") (result i32)
      (i32.store8 (i32.const 0) (i32.const 1))
      (i32.store (i32.const 4) (i32.const 16))
      (i32.store (i32.const 8) (i32.const 9))
      (i32.const 0)))
  (core instance $guest (instantiate $guest))
  (func (export "wizer-initialize") (result (result (error string)))
    (canon lift (core func $guest "init") (memory $guest "memory"))))
