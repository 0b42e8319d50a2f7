(module
  (type $a (array (mut i8)))
  (global $g (mut (ref null $a)) (ref.null $a))
  (func (export "wizer-initialize") (global.set $g (array.new_default $a (i32.const 200000000)))))
