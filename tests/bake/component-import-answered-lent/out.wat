(component
  (type (;0;)
    (instance
      (export (;0;) "error" (type (sub resource)))
    )
  )
  (import "wasi:io/error@0.2.0" (instance $errors (;0;) (type 0)))
  (alias export $errors "error" (type $error (;1;)))
  (type (;2;)
    (instance
      (alias outer 1 $error (type (;0;)))
      (export (;1;) "error" (type (eq 0)))
      (export (;2;) "output-stream" (type (sub resource)))
      (type (;3;) (own 1))
      (type (;4;) (variant (case "last-operation-failed" 3) (case "closed")))
      (export (;5;) "stream-error" (type (eq 4)))
      (type (;6;) (borrow 2))
      (type (;7;) (result u64 (error 5)))
      (type (;8;) (func (param "self" 6) (result 7)))
      (export (;0;) "[method]output-stream.check-write" (func (type 8)))
    )
  )
  (import "wasi:io/streams@0.2.0" (instance $streams (;1;) (type 2)))
  (alias export $streams "output-stream" (type $stream (;3;)))
  (type (;4;)
    (instance
      (alias outer 1 $stream (type (;0;)))
      (export (;1;) "output-stream" (type (eq 0)))
      (type (;2;) (own 1))
      (type (;3;) (func (result 2)))
      (export (;0;) "get-stdout" (func (type 3)))
    )
  )
  (import "wasi:cli/stdout@0.2.0" (instance $stdout (;2;) (type 4)))
  (core module $memory (;0;)
    (memory (;0;) 1)
    (export "memory" (memory 0))
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $memory (;0;) (instantiate $memory))
  (alias export $stdout "get-stdout" (func (;0;)))
  (core func $out (;0;) (canon lower (func 0)))
  (alias export $streams "[method]output-stream.check-write" (func (;1;)))
  (alias core export $memory "memory" (core memory (;0;)))
  (core func $look (;1;) (canon lower (func 1) (memory 0)))
  (core func $drop (;2;) (canon resource.drop $stream))
  (core module $guest (;1;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func (param i32 i32)))
    (type (;2;) (func (param i32)))
    (type (;3;) (func))
    (type (;4;) (func (result i64)))
    (import "" "memory" (memory (;0;) 1))
    (import "" "out" (func $out (;0;) (type 0)))
    (import "" "look" (func $look (;1;) (type 1)))
    (import "" "drop" (func $drop (;2;) (type 2)))
    (global $n (;0;) (mut i64) i64.const 0)
    (export "get" (func 4))
    (func (;3;) (type 3)
      (local i32)
      call $out
      local.set 0
      local.get 0
      i32.const 16
      call $look
      local.get 0
      i32.const 32
      call $look
      local.get 0
      call $drop
      i32.const 40
      i64.load
      i32.const 32
      i64.load8_u
      i64.add
      global.set $n
    )
    (func (;4;) (type 4) (result i64)
      global.get $n
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (alias core export $memory "memory" (core memory (;1;)))
  (core instance (;1;)
    (export "memory" (memory 1))
    (export "out" (func $out))
    (export "look" (func $look))
    (export "drop" (func $drop))
  )
  (core instance $guest (;2;) (instantiate $guest
      (with "" (instance 1))
    )
  )
  (type (;5;) (func))
  (type (;6;) (func (result u64)))
  (alias core export $guest "get" (core func (;3;)))
  (func (;2;) (type 6) (canon lift (core func 3)))
  (export (;3;) "get" (func 2))
)
