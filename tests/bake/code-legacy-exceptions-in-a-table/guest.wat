;; The same in functions that init puts into a table: they answer the probe all the same. All forms of the instructions are there.
;; for-v8
;; answer: run(0) => i32 7
;; answer: run(1) => i32 9
(module
  (tag $t (param i32))
  (type $f (func (param i32) (result i32)))
  (table (export "table") 2 funcref)
  (func $catches (type $f)
    try (result i32)
      (throw $t (i32.const 7))
    catch_all
      (drop (i32.const 1))
      (local.get 0)
    end
    drop
    try (result i32)
      (throw $t (i32.const 7))
    catch $t
    end)
  (func $rethrows (type $f)
    try $outer (result i32)
      try $inner
        try
          (throw $t (i32.const 9))
        delegate $inner
      catch $t
        drop
        rethrow $inner
      end
      (i32.const 0)
    catch $t
    end)
  (func (export "wizer.initialize")
    (table.set (i32.const 0) (ref.func $catches))
    (table.set (i32.const 1) (ref.func $rethrows)))
  (func (export "run") (param i32) (result i32)
    (call_indirect (type $f) (i32.const 0) (local.get 0)))
  (elem declare func $catches $rethrows))
