(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i32) (result i32)))
  (export "run" (func 1))
  (func $large (;0;) (type 1) (result i32)
    i32.const 1
    i32.const 2
    i32.add
    i32.const 3
    i32.const 4
    i32.add
    i32.add
  )
  (func (;1;) (type 2) (param i32) (result i32)
    local.get 0
    if (result i32) ;; label = @1
      i32.const 1
    else
      i32.const 2
    end
  )
  (func (;2;) (type 0))
  (@producers
    (processed-by "walrus" "0.28.0")
  )
)
