;; Exceptions thrown and caught in init, and later.
;; call: run()
(module
  (tag $tag (param i32))
  (global (export "g") (mut i32) (i32.const 0))
  (func $catch (param i32)
    (block $caught (result i32)
      (try_table (catch $tag $caught) (throw $tag (local.get 0)))
      (i32.const 0))
    (global.set 0))
  (func (export "run") (call $catch (i32.const 2)) (throw $tag (global.get 0)))
  (func (export "wizer-initialize") (call $catch (i32.const 1))))
