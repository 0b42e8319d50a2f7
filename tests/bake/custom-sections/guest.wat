;; Custom sections and names stay; debug information would be wrong, and goes.
;; warning: the DWARF debug information is left out of the baked module; function names are kept
(module $name
  (func $init (export "wizer-initialize"))
  (@custom "target_features" "\01+\0fmutable-globals")
  (@custom "mine" "kept")
  (@custom ".debug_info" "gone"))
