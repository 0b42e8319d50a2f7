;; An object that two globals share gets a global of its own in front of theirs, so global indices change. A custom section whose
;; format is not known may name globals, so it is left out; one that names nothing stays.
;; init: init
;; answer: same() => i32 1
;; warning: left out of the baked module, since what it says of the code would be wrong there: `mine`
;; walrus: walrus cannot keep types that name others, structures and arrays
(module
  (type $s (struct (field (mut i32))))
  (global $a (mut (ref null $s)) (ref.null $s))
  (global $b (mut (ref null $s)) (ref.null $s))
  (func (export "init")
    (global.set $a (struct.new $s (i32.const 7)))
    (global.set $b (global.get $a)))
  (func (export "same") (result i32) (ref.eq (global.get $a) (global.get $b)))
  (@custom "mine" "\01\00")
  (@custom "target_features" "\00"))
