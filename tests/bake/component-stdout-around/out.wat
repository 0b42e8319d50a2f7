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
  (component $inner (;0;)
    (type (;0;)
      (instance
        (export (;0;) "output-stream" (type (sub resource)))
      )
    )
    (import "wasi:io/streams@0.2.0" (instance $streams (;0;) (type 0)))
    (alias export $streams "output-stream" (type $stream (;1;)))
    (type (;2;)
      (instance
        (alias outer $inner $stream (type (;0;)))
        (export (;1;) "output-stream" (type (eq 0)))
        (type (;2;) (own 1))
        (type (;3;) (func (result 2)))
        (export (;0;) "get-stdout" (func (type 3)))
      )
    )
    (import "wasi:cli/stdout@0.2.0" (instance $stdout (;1;) (type 2)))
    (alias export $stdout "get-stdout" (func (;0;)))
    (core func $out (;0;) (canon lower (func 0)))
    (core module $guest (;0;)
      (type (;0;) (func (result i32)))
      (type (;1;) (func))
      (import "" "out" (func $out (;0;) (type 0)))
      (export "init" (func 1))
      (export "next" (func 2))
      (func (;1;) (type 1)
        call $out
        drop
      )
      (func (;2;) (type 0) (result i32)
        call $out
      )
    )
    (core instance (;0;)
      (export "out" (func $out))
    )
    (core instance $guest (;1;) (instantiate $guest
        (with "" (instance 0))
      )
    )
    (type (;3;) (func))
    (alias core export $guest "init" (core func (;1;)))
    (func (;1;) (type 3) (canon lift (core func 1)))
    (type (;4;) (func (result u32)))
    (alias core export $guest "next" (core func (;2;)))
    (func (;2;) (type 4) (canon lift (core func 2)))
    (export (;3;) "init" (func 1))
    (export (;4;) "next" (func 2))
    (alias export $stdout "get-stdout" (func (;5;)))
    (alias export $streams "output-stream" (type (;5;)))
    (core func (;3;) (canon lower (func 5)))
    (core func (;4;) (canon resource.drop 5))
    (core module (;1;)
      (type (;0;) (func))
      (type (;1;) (func (result i32)))
      (type (;2;) (func (param i32) (result i32)))
      (type (;3;) (func (param i32)))
      (type (;4;) (func (param i32 i32)))
      (import "" "get-stdout" (func (;0;) (type 1)))
      (import "" "[resource-drop]output-stream" (func (;1;) (type 3)))
      (start 2)
      (func (;2;) (type 0)
        i32.const 1
        call 3
      )
      (func (;3;) (type 3) (param i32)
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
        call 3
        local.get 1
        call 1
      )
    )
    (core instance (;2;)
      (export "get-stdout" (func 3))
      (export "[resource-drop]output-stream" (func 4))
    )
    (core instance (;3;) (instantiate 1
        (with "" (instance 2))
      )
    )
  )
  (instance $inner (;2;) (instantiate $inner
      (with "wasi:io/streams@0.2.0" (instance $streams))
      (with "wasi:cli/stdout@0.2.0" (instance $stdout))
    )
  )
  (alias export $stdout "get-stdout" (func (;0;)))
  (core func $out (;0;) (canon lower (func 0)))
  (core module $guest (;0;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func))
    (import "" "out" (func $out (;0;) (type 0)))
    (export "init" (func 1))
    (export "next" (func 2))
    (func (;1;) (type 1)
      call $out
      drop
      call $out
      drop
      call $out
      drop
    )
    (func (;2;) (type 0) (result i32)
      call $out
    )
  )
  (core instance (;0;)
    (export "out" (func $out))
  )
  (core instance $guest (;1;) (instantiate $guest
      (with "" (instance 0))
    )
  )
  (type (;3;) (func))
  (type (;4;) (func (result u32)))
  (alias core export $guest "next" (core func (;1;)))
  (func (;1;) (type 4) (canon lift (core func 1)))
  (alias export $inner "init" (func (;2;)))
  (alias export $inner "next" (func (;3;)))
  (export (;4;) "inner" (func 3))
  (export (;5;) "outer" (func 1))
  (alias export $stdout "get-stdout" (func (;6;)))
  (alias export $streams "output-stream" (type (;5;)))
  (core func (;2;) (canon lower (func 6)))
  (core func (;3;) (canon resource.drop 5))
  (core module (;1;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (type (;2;) (func (param i32) (result i32)))
    (type (;3;) (func (param i32)))
    (type (;4;) (func (param i32 i32)))
    (import "" "get-stdout" (func (;0;) (type 1)))
    (import "" "[resource-drop]output-stream" (func (;1;) (type 3)))
    (start 2)
    (func (;2;) (type 0)
      i32.const 1
      call 3
      i32.const 2
      call 3
      i32.const 3
      call 3
    )
    (func (;3;) (type 3) (param i32)
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
      call 3
      local.get 1
      call 1
    )
  )
  (core instance (;2;)
    (export "get-stdout" (func 2))
    (export "[resource-drop]output-stream" (func 3))
  )
  (core instance (;3;) (instantiate 1
      (with "" (instance 2))
    )
  )
)
