(module
  (rec
    (type $s (;0;) (struct))
    (type $a (;1;) (array i8))
    (type $both (;2;) (func (param (ref null $s) (ref null $a)) (result (ref null $s) (ref null $a))))
  )
  (type (;3;) (func (param anyref externref funcref exnref) (result anyref externref funcref exnref)))
  (type (;4;) (func (param eqref i31ref structref arrayref) (result eqref i31ref structref arrayref)))
  (type (;5;) (func (param nullref nullexternref nullfuncref nullexnref) (result nullref nullexternref nullfuncref nullexnref)))
  (type (;6;) (func (param (ref any) (ref extern) (ref func) (ref exn) (ref eq) (ref i31) (ref struct) (ref array) (ref $s) (ref $a))))
  (type (;7;) (func (result (ref any) (ref extern) (ref func) (ref i31) (ref $s) (ref $a))))
  (type (;8;) (func))
  (table (;0;) 6 funcref)
  (export "table" (table 0))
  (elem $all (;0;) func $tops $middles $bottoms $concrete $demands $gives)
  (elem (;1;) (i32.const 0) func $tops $middles $bottoms $concrete $demands $gives)
  (func $tops (;0;) (type 3) (param anyref externref funcref exnref) (result anyref externref funcref exnref)
    local.get 0
    local.get 1
    local.get 2
    local.get 3
  )
  (func $middles (;1;) (type 4) (param eqref i31ref structref arrayref) (result eqref i31ref structref arrayref)
    local.get 0
    local.get 1
    local.get 2
    local.get 3
  )
  (func $bottoms (;2;) (type 5) (param nullref nullexternref nullfuncref nullexnref) (result nullref nullexternref nullfuncref nullexnref)
    local.get 0
    local.get 1
    local.get 2
    local.get 3
  )
  (func $concrete (;3;) (type $both) (param (ref null $s) (ref null $a)) (result (ref null $s) (ref null $a))
    local.get 0
    local.get 1
  )
  (func $demands (;4;) (type 6) (param (ref any) (ref extern) (ref func) (ref exn) (ref eq) (ref i31) (ref struct) (ref array) (ref $s) (ref $a)))
  (func $gives (;5;) (type 7) (result (ref any) (ref extern) (ref func) (ref i31) (ref $s) (ref $a))
    i32.const 1
    ref.i31
    i32.const 2
    ref.i31
    extern.convert_any
    ref.func $gives
    i32.const 3
    ref.i31
    struct.new $s
    i32.const 2
    array.new_default $a
  )
  (func (;6;) (type 8)
    i32.const 0
    i32.const 0
    i32.const 6
    table.init $all
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
