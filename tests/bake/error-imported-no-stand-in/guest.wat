;; Nothing can stand in for these while init runs.
(module
  (type $s (struct))
  (import "env" "object" (global (ref $s)))
  (import "env" "exception" (global (ref exn)))
  (import "env" "table" (table 1 (ref array)))
  (func (export "wizer-initialize")))
