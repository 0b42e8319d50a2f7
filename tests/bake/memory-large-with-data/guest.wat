;; A memory of which the system tells what was written: data that nobody touches is in no page of that, and stays.
;; init: init
;; expect: get(3145728) => i32 50462976
;; expect: get(7340032) => i32 9
;; expect: get(8000000) => i32 7
(module
  (memory 128)
  (data (i32.const 3145728) "\00\01\02\03")
  (data (i32.const 7340032) "\09")
  (func (export "init") (i32.store (i32.const 8000000) (i32.const 7)))
  (func (export "get") (param i32) (result i32) (i32.load (local.get 0))))
