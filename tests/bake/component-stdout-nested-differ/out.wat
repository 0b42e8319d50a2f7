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
  (component $printer (;0;)
    (type (;0;)
      (instance
        (export (;0;) "output-stream" (type (sub resource)))
      )
    )
    (import "wasi:io/streams@0.2.0" (instance $streams (;0;) (type 0)))
    (alias export $streams "output-stream" (type $stream (;1;)))
    (type (;2;)
      (instance
        (alias outer $printer $stream (type (;0;)))
        (export (;1;) "output-stream" (type (eq 0)))
        (type (;2;) (own 1))
        (type (;3;) (func (result 2)))
        (export (;0;) "get-stdout" (func (type 3)))
      )
    )
    (import "wasi:cli/stdout@0.2.0" (instance $stdout (;1;) (type 2)))
    (type (;3;)
      (instance
        (alias outer $printer $stream (type (;0;)))
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
    (core module $guest (;0;)
      (type (;0;) (func (result i32)))
      (type (;1;) (func (param i32)))
      (import "" "out" (func $out (;0;) (type 0)))
      (import "" "err" (func $err (;1;) (type 0)))
      (export "init" (func 2))
      (export "next" (func 3))
      (func (;2;) (type 1) (param i32)
        local.get 0
        if (result i32) ;; label = @1
          call $err
        else
          call $out
        end
        drop
      )
      (func (;3;) (type 0) (result i32)
        call $out
      )
    )
    (core instance (;0;)
      (export "out" (func $out))
      (export "err" (func $err))
    )
    (core instance $guest (;1;) (instantiate $guest
        (with "" (instance 0))
      )
    )
    (type (;4;) (func (param "n" u32)))
    (alias core export $guest "init" (core func (;2;)))
    (func (;2;) (type 4) (canon lift (core func 2)))
    (type (;5;) (func (result u32)))
    (alias core export $guest "next" (core func (;3;)))
    (func (;3;) (type 5) (canon lift (core func 3)))
    (export (;4;) "init" (func 2))
    (export (;5;) "next" (func 3))
    (alias export $stdout "get-stdout" (func (;6;)))
    (alias export $streams "output-stream" (type (;6;)))
    (core func (;4;) (canon lower (func 6)))
    (core func (;5;) (canon resource.drop 6))
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
      (export "get-stdout" (func 4))
      (export "[resource-drop]output-stream" (func 5))
    )
    (core instance (;3;) (instantiate 1
        (with "" (instance 2))
      )
    )
  )
  (component $"#component1 printer" (@name "printer") (;1;)
    (type (;0;)
      (instance
        (export (;0;) "output-stream" (type (sub resource)))
      )
    )
    (import "wasi:io/streams@0.2.0" (instance $streams (;0;) (type 0)))
    (alias export $streams "output-stream" (type $stream (;1;)))
    (type (;2;)
      (instance
        (alias outer $printer $stream (type (;0;)))
        (export (;1;) "output-stream" (type (eq 0)))
        (type (;2;) (own 1))
        (type (;3;) (func (result 2)))
        (export (;0;) "get-stdout" (func (type 3)))
      )
    )
    (import "wasi:cli/stdout@0.2.0" (instance $stdout (;1;) (type 2)))
    (type (;3;)
      (instance
        (alias outer $printer $stream (type (;0;)))
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
    (core module $guest (;0;)
      (type (;0;) (func (result i32)))
      (type (;1;) (func (param i32)))
      (import "" "out" (func $out (;0;) (type 0)))
      (import "" "err" (func $err (;1;) (type 0)))
      (export "init" (func 2))
      (export "next" (func 3))
      (func (;2;) (type 1) (param i32)
        local.get 0
        if (result i32) ;; label = @1
          call $err
        else
          call $out
        end
        drop
      )
      (func (;3;) (type 0) (result i32)
        call $out
      )
    )
    (core instance (;0;)
      (export "out" (func $out))
      (export "err" (func $err))
    )
    (core instance $guest (;1;) (instantiate $guest
        (with "" (instance 0))
      )
    )
    (type (;4;) (func (param "n" u32)))
    (alias core export $guest "init" (core func (;2;)))
    (func (;2;) (type 4) (canon lift (core func 2)))
    (type (;5;) (func (result u32)))
    (alias core export $guest "next" (core func (;3;)))
    (func (;3;) (type 5) (canon lift (core func 3)))
    (export (;4;) "init" (func 2))
    (export (;5;) "next" (func 3))
    (alias export $stderr "get-stderr" (func (;6;)))
    (alias export $streams "output-stream" (type (;6;)))
    (core func (;4;) (canon lower (func 6)))
    (core func (;5;) (canon resource.drop 6))
    (core module (;1;)
      (type (;0;) (func))
      (type (;1;) (func (result i32)))
      (type (;2;) (func (param i32) (result i32)))
      (type (;3;) (func (param i32)))
      (type (;4;) (func (param i32 i32)))
      (import "" "get-stderr" (func (;0;) (type 1)))
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
      (export "get-stderr" (func 4))
      (export "[resource-drop]output-stream" (func 5))
    )
    (core instance (;3;) (instantiate 1
        (with "" (instance 2))
      )
    )
  )
  (instance $a (;3;) (instantiate $printer
      (with "wasi:io/streams@0.2.0" (instance $streams))
      (with "wasi:cli/stdout@0.2.0" (instance $stdout))
      (with "wasi:cli/stderr@0.2.0" (instance $stderr))
    )
  )
  (instance $b (;4;) (instantiate $"#component1 printer"
      (with "wasi:io/streams@0.2.0" (instance $streams))
      (with "wasi:cli/stdout@0.2.0" (instance $stdout))
      (with "wasi:cli/stderr@0.2.0" (instance $stderr))
    )
  )
  (alias export $a "init" (func (;0;)))
  (alias export $b "init" (func (;1;)))
  (alias export $a "next" (func (;2;)))
  (export (;3;) "next-a" (func 2))
  (alias export $b "next" (func (;4;)))
  (export (;5;) "next-b" (func 4))
)
