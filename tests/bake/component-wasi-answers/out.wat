(component
  (type (;0;)
    (instance
      (type (;0;) (tuple string string))
      (type (;1;) (list 0))
      (type (;2;) (func (result 1)))
      (export (;0;) "get-environment" (func (type 2)))
    )
  )
  (import "wasi:cli/environment@0.2.0" (instance $environment (;0;) (type 0)))
  (type (;1;)
    (instance
      (type (;0;) (func (result u64)))
      (export (;0;) "now" (func (type 0)))
    )
  )
  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock (;1;) (type 1)))
  (type (;2;)
    (instance
      (export (;0;) "error" (type (sub resource)))
    )
  )
  (import "wasi:io/error@0.2.0" (instance $errors (;2;) (type 2)))
  (alias export $errors "error" (type $error (;3;)))
  (type (;4;)
    (instance
      (alias outer 1 $error (type (;0;)))
      (export (;1;) "error" (type (eq 0)))
      (export (;2;) "input-stream" (type (sub resource)))
      (export (;3;) "output-stream" (type (sub resource)))
      (type (;4;) (own 1))
      (type (;5;) (variant (case "last-operation-failed" 4) (case "closed")))
      (export (;6;) "stream-error" (type (eq 5)))
      (type (;7;) (borrow 2))
      (type (;8;) (list u8))
      (type (;9;) (result 8 (error 6)))
      (type (;10;) (func (param "self" 7) (param "len" u64) (result 9)))
      (export (;0;) "[method]input-stream.blocking-read" (func (type 10)))
      (type (;11;) (borrow 3))
      (type (;12;) (list u8))
      (type (;13;) (result (error 6)))
      (type (;14;) (func (param "self" 11) (param "contents" 12) (result 13)))
      (export (;1;) "[method]output-stream.blocking-write-and-flush" (func (type 14)))
    )
  )
  (import "wasi:io/streams@0.2.0" (instance $streams (;3;) (type 4)))
  (alias export $streams "input-stream" (type $input (;5;)))
  (alias export $streams "output-stream" (type $output (;6;)))
  (type (;7;)
    (instance
      (alias outer 1 $input (type (;0;)))
      (export (;1;) "input-stream" (type (eq 0)))
      (type (;2;) (own 1))
      (type (;3;) (func (result 2)))
      (export (;0;) "get-stdin" (func (type 3)))
    )
  )
  (import "wasi:cli/stdin@0.2.0" (instance $stdin (;4;) (type 7)))
  (type (;8;)
    (instance
      (alias outer 1 $output (type (;0;)))
      (export (;1;) "output-stream" (type (eq 0)))
      (type (;2;) (own 1))
      (type (;3;) (func (result 2)))
      (export (;0;) "get-stdout" (func (type 3)))
    )
  )
  (import "wasi:cli/stdout@0.2.0" (instance $stdout (;5;) (type 8)))
  (core module $memory (;0;)
    (type (;0;) (func (param i32 i32 i32 i32) (result i32)))
    (memory (;0;) 1)
    (global $next (;0;) (mut i32) i32.const 1053)
    (export "memory" (memory 0))
    (export "realloc" (func 0))
    (func (;0;) (type 0) (param i32 i32 i32 i32) (result i32)
      global.get $next
      i32.const 7
      i32.add
      i32.const -8
      i32.and
      global.set $next
      global.get $next
      global.get $next
      local.get 3
      i32.add
      global.set $next
    )
    (data (;0;) (i32.const 1) "\04\00\00\01\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\18\04\00\00\05")
    (data (;1;) (i32.const 1024) "\10\04\00\00\04\00\00\00\18\04\00\00\05\00\00\00HOME\00\00\00\00/root\0a")
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $memory (;0;) (instantiate $memory))
  (alias export $environment "get-environment" (func (;0;)))
  (alias core export $memory "memory" (core memory (;0;)))
  (alias core export $memory "realloc" (core func (;0;)))
  (core func $environment (;1;) (canon lower (func 0) (memory 0) (realloc 0)))
  (alias export $clock "now" (func (;1;)))
  (core func $now (;2;) (canon lower (func 1)))
  (alias export $stdin "get-stdin" (func (;2;)))
  (core func $in (;3;) (canon lower (func 2)))
  (alias export $stdout "get-stdout" (func (;3;)))
  (core func $out (;4;) (canon lower (func 3)))
  (alias export $streams "[method]input-stream.blocking-read" (func (;4;)))
  (alias core export $memory "memory" (core memory (;1;)))
  (alias core export $memory "realloc" (core func (;5;)))
  (core func $read (;6;) (canon lower (func 4) (memory 1) (realloc 5)))
  (alias export $streams "[method]output-stream.blocking-write-and-flush" (func (;5;)))
  (alias core export $memory "memory" (core memory (;2;)))
  (core func $write (;7;) (canon lower (func 5) (memory 2)))
  (core func $drop-in (;8;) (canon resource.drop $input))
  (core func $drop-out (;9;) (canon resource.drop $output))
  (core module $guest (;1;)
    (type (;0;) (func (param i32)))
    (type (;1;) (func (result i64)))
    (type (;2;) (func (result i32)))
    (type (;3;) (func (param i32 i64 i32)))
    (type (;4;) (func (param i32 i32 i32 i32)))
    (type (;5;) (func))
    (import "" "memory" (memory (;0;) 1))
    (import "" "environment" (func $environment (;0;) (type 0)))
    (import "" "now" (func $now (;1;) (type 1)))
    (import "" "in" (func $in (;2;) (type 2)))
    (import "" "out" (func $out (;3;) (type 2)))
    (import "" "read" (func $read (;4;) (type 3)))
    (import "" "write" (func $write (;5;) (type 4)))
    (import "" "drop-in" (func $drop-in (;6;) (type 0)))
    (import "" "drop-out" (func $drop-out (;7;) (type 0)))
    (global $waited (;0;) (mut i64) i64.const 1000)
    (export "variable" (func 9))
    (export "closed" (func 10))
    (export "waited" (func 11))
    (func (;8;) (type 5)
      (local $in i32) (local $out i32) (local $variable i32)
      i32.const 0
      call $environment
      i32.const 0
      i32.load
      local.set $variable
      i32.const 64
      local.get $variable
      i32.load offset=8
      i32.store
      i32.const 68
      local.get $variable
      i32.load offset=12
      i32.store
      call $in
      local.set $in
      local.get $in
      i64.const 4
      i32.const 16
      call $read
      call $out
      local.set $out
      i32.const 64
      i32.load
      i32.const 68
      i32.load
      i32.add
      i32.const 10
      i32.store8
      local.get $out
      i32.const 64
      i32.load
      i32.const 68
      i32.load
      i32.const 1
      i32.add
      i32.const 32
      call $write
      local.get $out
      call $drop-out
      local.get $in
      call $drop-in
      call $now
      global.set $waited
    )
    (func (;9;) (type 2) (result i32)
      i32.const 64
    )
    (func (;10;) (type 2) (result i32)
      i32.const 16
      i32.load8_u
      i32.const 16
      i32.load8_u offset=4
      i32.and
    )
    (func (;11;) (type 2) (result i32)
      global.get $waited
      i64.const 0
      i64.ne
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (alias core export $memory "memory" (core memory (;3;)))
  (core instance (;1;)
    (export "memory" (memory 3))
    (export "environment" (func $environment))
    (export "now" (func $now))
    (export "in" (func $in))
    (export "out" (func $out))
    (export "read" (func $read))
    (export "write" (func $write))
    (export "drop-in" (func $drop-in))
    (export "drop-out" (func $drop-out))
  )
  (core instance $guest (;2;) (instantiate $guest
      (with "" (instance 1))
    )
  )
  (type (;9;) (func))
  (type (;10;) (func (result string)))
  (alias core export $guest "variable" (core func (;10;)))
  (alias core export $memory "memory" (core memory (;4;)))
  (func (;6;) (type 10) (canon lift (core func 10) (memory 4)))
  (type (;11;) (func (result u32)))
  (alias core export $guest "closed" (core func (;11;)))
  (func (;7;) (type 11) (canon lift (core func 11)))
  (type (;12;) (func (result bool)))
  (alias core export $guest "waited" (core func (;12;)))
  (func (;8;) (type 12) (canon lift (core func 12)))
  (export (;9;) "variable" (func 6))
  (export (;10;) "closed" (func 7))
  (export (;11;) "waited" (func 8))
)
