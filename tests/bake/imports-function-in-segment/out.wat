(module
  (type (;0;) (func))
  (import "env" "function" (global $function (;0;) funcref))
  (table $t (;0;) 1 funcref)
  (elem $e (;0;) funcref (global.get $function))
  (elem (;1;) (i32.const 0) funcref (global.get $function))
  (func (;0;) (type 0)
    i32.const 0
    i32.const 0
    i32.const 1
    table.init $e
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
