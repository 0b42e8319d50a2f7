(module
  (func (export "wizer-initialize") (param i32 externref) (result i64) (i64.const 0)))
