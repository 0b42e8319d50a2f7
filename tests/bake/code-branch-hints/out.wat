(module
  (type (;0;) (func (param i32) (result i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func))
  (export "run" (func 0))
  (func (;0;) (type 0) (param i32) (result i32)
    (@metadata.code.branch_hint "\01")
    local.get 0
    if (result i32) ;; label = @1
      i32.const 1
    else
      i32.const 2
    end
  )
  (func $large (;1;) (type 1) (result i32)
    i32.const 1
    i32.const 2
    i32.add
    i32.const 3
    i32.const 4
    i32.add
    i32.add
  )
  (func (;2;) (type 2))
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
