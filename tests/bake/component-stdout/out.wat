(component
  (type (;0;)
    (instance
      (export (;0;) "output-stream" (type (sub resource)))
    )
  )
  (import "wasi:io/streams@0.2.0" (instance $streams (;0;) (type 0)))
  (alias export $streams "output-stream" (type $stream (;1;)))
  (type (;2;)
    (instance
      (alias outer 1 $stream (type (;0;)))
      (export (;1;) "output-stream" (type (eq 0)))
      (type (;2;) (own 1))
      (type (;3;) (func (result 2)))
      (export (;0;) "get-stdout" (func (type 3)))
    )
  )
  (import "wasi:cli/stdout@0.2.0" (instance $stdout (;1;) (type 2)))
  (type (;3;)
    (instance
      (alias outer 1 $stream (type (;0;)))
      (export (;1;) "output-stream" (type (eq 0)))
      (type (;2;) (own 1))
      (type (;3;) (func (result 2)))
      (export (;0;) "get-stderr" (func (type 3)))
    )
  )
  (import "wasi:cli/stderr@0.2.0" (instance $stderr (;2;) (type 3)))
  (alias export $stdout "get-stdout" (func (;0;)))
  (core func $out (;0;) (canon lower (func 0)))
  (alias export $stderr "get-stderr" (func (;1;)))
  (core func $err (;1;) (canon lower (func 1)))
  (core func $drop (;2;) (canon resource.drop $stream))
  (core module $guest (;0;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func (param i32)))
    (type (;2;) (func))
    (import "" "out" (func $out (;0;) (type 0)))
    (import "" "err" (func $err (;1;) (type 0)))
    (import "" "drop" (func $drop (;2;) (type 1)))
    (global $held (;0;) (mut i32) i32.const 2)
    (global $dropped (;1;) (mut i32) i32.const 1)
    (export "held" (func 4))
    (func (;3;) (type 2)
      call $out
      global.set $dropped
      call $err
      global.set $held
      call $out
      drop
      global.get $dropped
      call $drop
    )
    (func (;4;) (type 0) (result i32)
      global.get $held
      i32.const 10
      i32.mul
      call $out
      global.get $dropped
      i32.sub
      i32.add
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance (;0;)
    (export "out" (func $out))
    (export "err" (func $err))
    (export "drop" (func $drop))
  )
  (core instance $guest (;1;) (instantiate $guest
      (with "" (instance 0))
    )
  )
  (type (;4;) (func))
  (type (;5;) (func (result u32)))
  (alias core export $guest "held" (core func (;3;)))
  (func (;2;) (type 5) (canon lift (core func 3)))
  (export (;3;) "held" (func 2))
  (alias export $stderr "get-stderr" (func (;4;)))
  (alias export $stdout "get-stdout" (func (;5;)))
  (alias export $streams "output-stream" (type (;6;)))
  (core func (;4;) (canon lower (func 4)))
  (core func (;5;) (canon lower (func 5)))
  (core func (;6;) (canon resource.drop 6))
  (core module (;1;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (type (;2;) (func (param i32) (result i32)))
    (type (;3;) (func (param i32)))
    (type (;4;) (func (param i32 i32)))
    (import "" "get-stderr" (func (;0;) (type 1)))
    (import "" "get-stdout" (func (;1;) (type 1)))
    (import "" "[resource-drop]output-stream" (func (;2;) (type 3)))
    (start 3)
    (func (;3;) (type 0)
      i32.const 1
      call 5
      i32.const 2
      call 4
      i32.const 3
      call 5
      i32.const 1
      call 2
    )
    (func (;4;) (type 3) (param i32)
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
      call 4
      local.get 1
      call 2
    )
    (func (;5;) (type 3) (param i32)
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
      call 5
      local.get 1
      call 2
    )
  )
  (core instance (;2;)
    (export "get-stderr" (func 4))
    (export "get-stdout" (func 5))
    (export "[resource-drop]output-stream" (func 6))
  )
  (core instance (;3;) (instantiate 1
      (with "" (instance 2))
    )
  )
)
