(module (import "x" "y" (func)) (func (export "f")))
