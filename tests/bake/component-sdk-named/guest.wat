;; An export of the SDK that the component names stays.
;; init: init
;; call: get()
(component
  (core module $a
    (global $n (mut i32) (i32.const 0))
    (func (export "__preinit_v1_version") (result i32) (i32.const 1))
    (func (export "init") (global.set $n (i32.const 5))))
  (core instance $a (instantiate $a))
  (func (export "init") (canon lift (core func $a "init")))
  (func (export "get") (result u32) (canon lift (core func $a "__preinit_v1_version"))))
