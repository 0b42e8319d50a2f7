;; One imported tag is no other's, so init may throw it.
;; call: throw()
(module
  (import "env" "tag" (tag $tag (param i32)))
  (tag $own (param i32))
  (global (export "caught") (mut i32) (i32.const 0))
  (func (export "throw") (throw $tag (i32.const 1)))
  (func (export "wizer-initialize")
    (block $caught (result i32)
      (try_table (catch $own $caught) (catch $tag $caught) (throw $tag (i32.const 7)))
      (i32.const 0))
    (global.set 0)))
