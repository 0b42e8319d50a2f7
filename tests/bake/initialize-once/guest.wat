;; An `_initialize` that traps when it runs twice, as wasi-libc's does.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
(module
  (global (export "done") (mut i32) (i32.const 0))
  (func (export "_initialize")
    (if (global.get 0) (then unreachable))
    (global.set 0 (i32.const 1)))
  (func (export "wizer-initialize")))
