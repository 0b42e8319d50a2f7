(module
  (tag $tag)
  (global (mut exnref) (ref.null exn))
  (func (export "wizer-initialize")
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (throw $tag))
      unreachable)
    (global.set 0)))
