(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func))
  (import "env" "tag" (tag $tag (;0;) (type 0) (param i32)))
  (tag $own (;1;) (type 0) (param i32))
  (global (;0;) (mut i32) i32.const 7)
  (export "caught" (global 0))
  (export "throw" (func 0))
  (func (;0;) (type 1)
    i32.const 1
    throw $tag
  )
  (func (;1;) (type 1)
    block $caught (result i32)
      try_table (catch $own $caught) (catch $tag $caught) ;; label = @2
        i32.const 7
        throw $tag
      end
      i32.const 0
    end
    global.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
