;; What stands in for an import takes no room, whatever size it has to have.
;; max-memory: 65536
;; max-table-elements: 10
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (import "env" "memory" (memory 100 200))
  (import "env" "table" (table 100 externref))
  (global (export "g") (mut i32) (i32.const 0))
  (func (export "wizer-initialize") (global.set 0 (i32.const 1))))
