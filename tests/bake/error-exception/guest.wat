(module
  (tag $tag)
  (func $init (export "wizer-initialize") (throw $tag)))
