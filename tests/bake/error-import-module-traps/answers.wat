(module (func $inner (unreachable)) (func (export "f") (call $inner)))
