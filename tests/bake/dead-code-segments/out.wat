(module
  (type $f (;0;) (func (result i32)))
  (type (;1;) (func))
  (type (;2;) (func (param i32)))
  (type (;3;) (func (param i32) (result i32)))
  (table $t (;0;) 4 funcref)
  (memory (;0;) 1)
  (export "copy" (func 4))
  (export "through" (func 5))
  (export "drop" (func 6))
  (export "own" (func 7))
  (export "read" (func 8))
  (elem $passive (;0;) func $b $c)
  (elem $active-gone (;1;) func)
  (elem $declared (;2;) func)
  (elem (;3;) (i32.const 0) func $a)
  (elem (;4;) declare func $d)
  (func $a (;0;) (type $f) (result i32)
    i32.const 1
  )
  (func $b (;1;) (type $f) (result i32)
    i32.const 2
  )
  (func $c (;2;) (type $f) (result i32)
    i32.const 3
  )
  (func $d (;3;) (type $f) (result i32)
    i32.const 4
  )
  (func (;4;) (type 2) (param i32)
    local.get 0
    i32.const 1
    i32.add
    i32.const 0
    i32.const 2
    table.init $passive
    i32.const 16
    i32.const 0
    i32.const 4
    memory.init $kept
  )
  (func (;5;) (type 3) (param i32) (result i32)
    local.get 0
    call_indirect (type $f)
  )
  (func (;6;) (type 1)
    elem.drop $passive
    data.drop $kept
    elem.drop $active-gone
    elem.drop $declared
    data.drop $active-gone
  )
  (func (;7;) (type $f) (result i32)
    i32.const 3
    ref.func $d
    table.set $t
    i32.const 3
    call_indirect (type $f)
  )
  (func (;8;) (type 3) (param i32) (result i32)
    local.get 0
    i32.load8_u
  )
  (data $kept (;0;) "kept")
  (data $active-gone (;1;) "")
  (data (;2;) (i32.const 0) "init")
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
