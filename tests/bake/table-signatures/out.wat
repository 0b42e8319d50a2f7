(module
  (type $f (;0;) (func))
  (type (;1;) (func (param i32 i64 f32 f64 v128) (result i32 i64 f32 f64 v128)))
  (type (;2;) (func (param funcref externref (ref null $f)) (result funcref externref (ref null $f))))
  (type (;3;) (func (param (ref $f))))
  (type (;4;) (func (result (ref $f))))
  (type (;5;) (func (param anyref) (result (ref i31))))
  (table (;0;) 5 funcref)
  (export "table" (table 0))
  (elem $all (;0;) func $numbers $references $demands $gives $collected)
  (elem (;1;) declare func $nothing)
  (elem (;2;) (i32.const 0) func $numbers $references $demands $gives $collected)
  (func $numbers (;0;) (type 1) (param i32 i64 f32 f64 v128) (result i32 i64 f32 f64 v128)
    i32.const 1
    i64.const 2
    f32.const 0x1.8p+1 (;=3;)
    f64.const 0x1p+2 (;=4;)
    v128.const i32x4 0x00000005 0x00000000 0x00000006 0x00000000
  )
  (func $references (;1;) (type 2) (param funcref externref (ref null $f)) (result funcref externref (ref null $f))
    local.get 0
    local.get 1
    local.get 2
  )
  (func $demands (;2;) (type 3) (param (ref $f))
    local.get 0
    call_ref $f
  )
  (func $gives (;3;) (type 4) (result (ref $f))
    ref.func $nothing
  )
  (func $collected (;4;) (type 5) (param anyref) (result (ref i31))
    i32.const 7
    ref.i31
  )
  (func $nothing (;5;) (type $f))
  (func (;6;) (type $f)
    i32.const 0
    i32.const 0
    i32.const 5
    table.init $all
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
