;; rename: a=nothing b=run b=stop
(module
  (func (export "run"))
  (func (export "stop"))
  (func (export "wizer-initialize")))
