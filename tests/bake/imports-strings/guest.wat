;; String constants of a host, as Dart and J2CL import them: what init hands on, the output takes from the same import.
;; answer: weight() => i32 7
;; answer: text() => extern #0 of the host's: S.hello
;; answer: second() => extern #0 of the host's: S.world
;; walrus: walrus cannot keep recursion groups
(module
  (rec
    (type $label (struct (field $text (ref null extern)) (field $weight (mut i32)))))
  (import "S" "hello" (global $hello externref))
  (import "S" "world" (global $world externref))
  (global $first (mut (ref null $label)) (ref.null $label))
  (global $second (mut externref) (ref.null extern))
  (func (export "wizer.initialize")
    (global.set $first (struct.new $label (global.get $hello) (i32.const 7)))
    (global.set $second (global.get $world)))
  (func (export "weight") (result i32) (struct.get $label $weight (global.get $first)))
  (func (export "text") (result externref) (struct.get $label $text (global.get $first)))
  (func (export "second") (result externref) (global.get $second)))
