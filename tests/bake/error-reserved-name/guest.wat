(module
  (memory (export "__cargo_preinit_memory_0") 1)
  (func (export "wizer-initialize")))
