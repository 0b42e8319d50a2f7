;; Custom sections, names and debug information stay as they are; what is for a linker goes, and so does a source map,
;; which counts from the start of the file. The tool adds itself to the producers.
;; warning: the baked module exports no function that its host could call: export what is to be called after init
;; warning: left out of the baked module, since what it says of the code would be wrong there: `sourceMappingURL`, `linking`
;; walrus: walrus cannot keep the section `mine`, whose format is not known, so that it may name functions
(module $name
  (func $init (export "wizer-initialize") (local $unused i32))
  (@custom "target_features" "\01+\0fmutable-globals")
  (@producers (language "Rust" "2024") (processed-by "rustc" "1.95.0") (processed-by "cargo-preinit" "0.0.1"))
  (@custom "mine" "kept")
  (@custom "sourceMappingURL" "\08file.map")
  (@custom "linking" "\02")
  (@custom ".debug_info" "kept"))
