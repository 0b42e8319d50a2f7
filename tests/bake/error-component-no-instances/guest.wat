;; A component without core modules, whose init function is an import, which the engine does not export again.
(component
  (import "f" (func $f))
  (export "wizer-initialize" (func $f)))
