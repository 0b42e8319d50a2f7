(component
  (type (;0;)
    (instance
      (export (;0;) "pollable" (type (sub resource)))
      (type (;1;) (borrow 0))
      (type (;2;) (func (param "self" 1) (result bool)))
      (export (;0;) "[method]pollable.ready" (func (type 2)))
    )
  )
  (import "wasi:io/poll@0.2.0" (instance $poll (;0;) (type 0)))
  (alias export $poll "pollable" (type $pollable (;1;)))
  (type (;2;)
    (instance
      (alias outer 1 $pollable (type (;0;)))
      (export (;1;) "pollable" (type (eq 0)))
      (export (;2;) "input-stream" (type (sub resource)))
      (export (;3;) "output-stream" (type (sub resource)))
      (type (;4;) (borrow 2))
      (type (;5;) (own 1))
      (type (;6;) (func (param "self" 4) (result 5)))
      (export (;0;) "[method]input-stream.subscribe" (func (type 6)))
      (type (;7;) (borrow 3))
      (type (;8;) (own 1))
      (type (;9;) (func (param "self" 7) (result 8)))
      (export (;1;) "[method]output-stream.subscribe" (func (type 9)))
    )
  )
  (import "wasi:io/streams@0.2.0" (instance $streams (;1;) (type 2)))
  (alias export $streams "input-stream" (type $input (;3;)))
  (alias export $streams "output-stream" (type $output (;4;)))
  (type (;5;)
    (instance
      (alias outer 1 $input (type (;0;)))
      (export (;1;) "input-stream" (type (eq 0)))
      (type (;2;) (own 1))
      (type (;3;) (func (result 2)))
      (export (;0;) "get-stdin" (func (type 3)))
    )
  )
  (import "wasi:cli/stdin@0.2.0" (instance $stdin (;2;) (type 5)))
  (type (;6;)
    (instance
      (alias outer 1 $output (type (;0;)))
      (export (;1;) "output-stream" (type (eq 0)))
      (type (;2;) (own 1))
      (type (;3;) (func (result 2)))
      (export (;0;) "get-stdout" (func (type 3)))
    )
  )
  (import "wasi:cli/stdout@0.2.0" (instance $stdout (;3;) (type 6)))
  (alias export $stdin "get-stdin" (func (;0;)))
  (core func $in (;0;) (canon lower (func 0)))
  (alias export $stdout "get-stdout" (func (;1;)))
  (core func $out (;1;) (canon lower (func 1)))
  (alias export $streams "[method]input-stream.subscribe" (func (;2;)))
  (core func $await-in (;2;) (canon lower (func 2)))
  (alias export $streams "[method]output-stream.subscribe" (func (;3;)))
  (core func $await-out (;3;) (canon lower (func 3)))
  (alias export $poll "[method]pollable.ready" (func (;4;)))
  (core func $ready (;4;) (canon lower (func 4)))
  (core func $drop (;5;) (canon resource.drop $output))
  (core func $drop-in (;6;) (canon resource.drop $input))
  (core func $drop-pollable (;7;) (canon resource.drop $pollable))
  (core module $guest (;0;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func (param i32) (result i32)))
    (type (;2;) (func (param i32)))
    (type (;3;) (func))
    (import "" "in" (func $in (;0;) (type 0)))
    (import "" "out" (func $out (;1;) (type 0)))
    (import "" "await-in" (func $await-in (;2;) (type 1)))
    (import "" "await-out" (func $await-out (;3;) (type 1)))
    (import "" "ready" (func $ready (;4;) (type 1)))
    (import "" "drop" (func $drop (;5;) (type 2)))
    (global $in (;0;) (mut i32) i32.const 2)
    (global $waits-in (;1;) (mut i32) i32.const 3)
    (global $waits-out (;2;) (mut i32) i32.const 5)
    (export "in" (func 7))
    (export "waits" (func 8))
    (export "next" (func 9))
    (func (;6;) (type 3)
      (local i32)
      call $out
      local.set 0
      call $in
      global.set $in
      global.get $in
      call $await-in
      global.set $waits-in
      call $out
      call $await-out
      global.set $waits-out
      local.get 0
      call $drop
    )
    (func (;7;) (type 0) (result i32)
      global.get $in
      call $await-in
    )
    (func (;8;) (type 0) (result i32)
      global.get $waits-in
      call $ready
      drop
      global.get $waits-in
      i32.const 10
      i32.mul
      global.get $waits-out
      call $ready
      i32.add
    )
    (func (;9;) (type 0) (result i32)
      call $out
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance (;0;)
    (export "in" (func $in))
    (export "out" (func $out))
    (export "await-in" (func $await-in))
    (export "await-out" (func $await-out))
    (export "ready" (func $ready))
    (export "drop" (func $drop))
  )
  (core instance $guest (;1;) (instantiate $guest
      (with "" (instance 0))
    )
  )
  (type (;7;) (func))
  (type (;8;) (func (result u32)))
  (alias core export $guest "in" (core func (;8;)))
  (func (;5;) (type 8) (canon lift (core func 8)))
  (type (;9;) (func (result u32)))
  (alias core export $guest "waits" (core func (;9;)))
  (func (;6;) (type 9) (canon lift (core func 9)))
  (type (;10;) (func (result u32)))
  (alias core export $guest "next" (core func (;10;)))
  (func (;7;) (type 10) (canon lift (core func 10)))
  (export (;8;) "in" (func 5))
  (export (;9;) "waits" (func 6))
  (export (;10;) "next" (func 7))
  (alias export $stdin "get-stdin" (func (;11;)))
  (alias export $stdout "get-stdout" (func (;12;)))
  (alias export $streams "[method]input-stream.subscribe" (func (;13;)))
  (alias export $streams "[method]output-stream.subscribe" (func (;14;)))
  (alias export $streams "input-stream" (type (;11;)))
  (alias export $streams "output-stream" (type (;12;)))
  (alias export $poll "pollable" (type (;13;)))
  (core func (;11;) (canon lower (func 11)))
  (core func (;12;) (canon lower (func 12)))
  (core func (;13;) (canon lower (func 13)))
  (core func (;14;) (canon lower (func 14)))
  (core func (;15;) (canon resource.drop 11))
  (core func (;16;) (canon resource.drop 12))
  (core func (;17;) (canon resource.drop 13))
  (core module (;1;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (type (;2;) (func (param i32) (result i32)))
    (type (;3;) (func (param i32)))
    (type (;4;) (func (param i32 i32)))
    (import "" "get-stdin" (func (;0;) (type 1)))
    (import "" "get-stdout" (func (;1;) (type 1)))
    (import "" "[method]input-stream.subscribe" (func (;2;) (type 2)))
    (import "" "[method]output-stream.subscribe" (func (;3;) (type 2)))
    (import "" "[resource-drop]input-stream" (func (;4;) (type 3)))
    (import "" "[resource-drop]output-stream" (func (;5;) (type 3)))
    (import "" "[resource-drop]pollable" (func (;6;) (type 3)))
    (start 7)
    (func (;7;) (type 0)
      i32.const 1
      call 9
      i32.const 2
      call 8
      i32.const 3
      i32.const 2
      call 10
      i32.const 4
      call 9
      i32.const 5
      i32.const 4
      call 11
      i32.const 1
      call 5
    )
    (func (;8;) (type 3) (param i32)
      (local i32)
      call 0
      local.set 1
      local.get 1
      local.get 0
      i32.eq
      if ;; label = @1
        return
      end
      local.get 1
      local.get 0
      i32.gt_u
      if ;; label = @1
        unreachable
      end
      local.get 0
      call 8
      local.get 1
      call 4
    )
    (func (;9;) (type 3) (param i32)
      (local i32)
      call 1
      local.set 1
      local.get 1
      local.get 0
      i32.eq
      if ;; label = @1
        return
      end
      local.get 1
      local.get 0
      i32.gt_u
      if ;; label = @1
        unreachable
      end
      local.get 0
      call 9
      local.get 1
      call 5
    )
    (func (;10;) (type 4) (param i32 i32)
      (local i32)
      local.get 1
      call 2
      local.set 2
      local.get 2
      local.get 0
      i32.eq
      if ;; label = @1
        return
      end
      local.get 2
      local.get 0
      i32.gt_u
      if ;; label = @1
        unreachable
      end
      local.get 0
      local.get 1
      call 10
      local.get 2
      call 6
    )
    (func (;11;) (type 4) (param i32 i32)
      (local i32)
      local.get 1
      call 3
      local.set 2
      local.get 2
      local.get 0
      i32.eq
      if ;; label = @1
        return
      end
      local.get 2
      local.get 0
      i32.gt_u
      if ;; label = @1
        unreachable
      end
      local.get 0
      local.get 1
      call 11
      local.get 2
      call 6
    )
  )
  (core instance (;2;)
    (export "get-stdin" (func 11))
    (export "get-stdout" (func 12))
    (export "[method]input-stream.subscribe" (func 13))
    (export "[method]output-stream.subscribe" (func 14))
    (export "[resource-drop]input-stream" (func 15))
    (export "[resource-drop]output-stream" (func 16))
    (export "[resource-drop]pollable" (func 17))
  )
  (core instance (;3;) (instantiate 1
      (with "" (instance 2))
    )
  )
)
