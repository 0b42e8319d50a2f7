;; The id of the build leads to debug information that is kept elsewhere: the code keeps its positions, dead or not.
;; remove-dead-code
;; answer: get() => i32 42
;; walrus: walrus cannot keep the section `build_id`, which tells where code is
(module
  (memory (export "memory") 1)
  (func $table_maker (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
  (func (export "wizer.initialize") (i32.store (i32.const 0) (call $table_maker (i32.const 14))))
  (func (export "get") (result i32) (i32.load (i32.const 0)))
  (@custom "build_id" "\10\00\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f"))
