;; Init ends the program.
;; allow-wasi
;; init: init
(component
  (import "wasi:cli/exit@0.2.0" (instance $exit (export "exit" (func (param "status" (result))))))
  (core func $exit (canon lower (func $exit "exit")))
  (core module $guest
    (import "" "exit" (func $exit (param i32)))
    (func (export "init") (call $exit (i32.const 1))))
  (core instance $guest (instantiate $guest (with "" (instance (export "exit" (func $exit))))))
  (func (export "init") (canon lift (core func $guest "init"))))
