(module
  (type (;0;) (func))
  (type (;1;) (func (result i32)))
  (table (;0;) 5 funcref)
  (memory (;0;) 1)
  (global (;0;) (mut i32) i32.const 0)
  (export "memory" (memory 0))
  (export "global" (global 0))
  (export "table" (table 0))
  (elem (;0;) declare func $traps $loops $recurses $stores $counts)
  (elem (;1;) (i32.const 0) func $traps $loops $recurses $stores $counts)
  (func $traps (;0;) (type 0)
    unreachable
  )
  (func $loops (;1;) (type 0)
    loop ;; label = @1
      br 0 (;@1;)
    end
  )
  (func $recurses (;2;) (type 0)
    call $recurses
  )
  (func $stores (;3;) (type 1) (result i32)
    i32.const 0
    i32.const 1
    i32.store
    i32.const 1
  )
  (func $counts (;4;) (type 0)
    global.get 0
    i32.const 1
    i32.add
    global.set 0
  )
  (func (;5;) (type 0)
    i32.const 0
    ref.func $traps
    table.set 0
    i32.const 1
    ref.func $loops
    table.set 0
    i32.const 2
    ref.func $recurses
    table.set 0
    i32.const 3
    ref.func $stores
    table.set 0
    i32.const 4
    ref.func $counts
    table.set 0
  )
  (@producers
    (processed-by "cargo-preinit" "0.1.0")
  )
)
