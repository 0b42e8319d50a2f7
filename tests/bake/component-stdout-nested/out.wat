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
    (alias export $stdout "get-stdout" (func (;0;)))
    (core func $out (;0;) (canon lower (func 0)))
    (core func $drop (;1;) (canon resource.drop $stream))
    (core module $guest (;0;)
      (type (;0;) (func (result i32)))
      (type (;1;) (func (param i32)))
      (import "" "out" (func $out (;0;) (type 0)))
      (import "" "drop" (func $drop (;1;) (type 1)))
      (global $opened (;0;) (mut i32) i32.const 1)
      (export "open" (func 2))
      (export "next" (func 3))
      (func (;2;) (type 1) (param i32)
        loop $next
          local.get 0
          if ;; label = @2
            call $out
            global.set $opened
            local.get 0
            i32.const 1
            i32.sub
            local.set 0
            br $next
          end
        end
      )
      (func (;3;) (type 0) (result i32)
        global.get $opened
        call $drop
        global.get $opened
        i32.const 10
        i32.mul
        call $out
        i32.add
      )
      (@producers
        (processed-by "cargo-preinit" "0.1.0")
      )
    )
    (core instance (;0;)
      (export "out" (func $out))
      (export "drop" (func $drop))
    )
    (core instance $guest (;1;) (instantiate $guest
        (with "" (instance 0))
      )
    )
    (type (;3;) (func (param "count" u32)))
    (alias core export $guest "open" (core func (;2;)))
    (func (;1;) (type 3) (canon lift (core func 2)))
    (type (;4;) (func (result u32)))
    (alias core export $guest "next" (core func (;3;)))
    (func (;2;) (type 4) (canon lift (core func 3)))
    (export (;3;) "open" (func 1))
    (export (;4;) "next" (func 2))
    (alias export $stdout "get-stdout" (func (;5;)))
    (alias export $streams "output-stream" (type (;5;)))
    (core func (;4;) (canon lower (func 5)))
    (core func (;5;) (canon resource.drop 5))
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
    (alias export $stdout "get-stdout" (func (;0;)))
    (core func $out (;0;) (canon lower (func 0)))
    (core func $drop (;1;) (canon resource.drop $stream))
    (core module $guest (;0;)
      (type (;0;) (func (result i32)))
      (type (;1;) (func (param i32)))
      (import "" "out" (func $out (;0;) (type 0)))
      (import "" "drop" (func $drop (;1;) (type 1)))
      (global $opened (;0;) (mut i32) i32.const 3)
      (export "open" (func 2))
      (export "next" (func 3))
      (func (;2;) (type 1) (param i32)
        loop $next
          local.get 0
          if ;; label = @2
            call $out
            global.set $opened
            local.get 0
            i32.const 1
            i32.sub
            local.set 0
            br $next
          end
        end
      )
      (func (;3;) (type 0) (result i32)
        global.get $opened
        call $drop
        global.get $opened
        i32.const 10
        i32.mul
        call $out
        i32.add
      )
      (@producers
        (processed-by "cargo-preinit" "0.1.0")
      )
    )
    (core instance (;0;)
      (export "out" (func $out))
      (export "drop" (func $drop))
    )
    (core instance $guest (;1;) (instantiate $guest
        (with "" (instance 0))
      )
    )
    (type (;3;) (func (param "count" u32)))
    (alias core export $guest "open" (core func (;2;)))
    (func (;1;) (type 3) (canon lift (core func 2)))
    (type (;4;) (func (result u32)))
    (alias core export $guest "next" (core func (;3;)))
    (func (;2;) (type 4) (canon lift (core func 3)))
    (export (;3;) "open" (func 1))
    (export (;4;) "next" (func 2))
    (alias export $stdout "get-stdout" (func (;5;)))
    (alias export $streams "output-stream" (type (;5;)))
    (core func (;4;) (canon lower (func 5)))
    (core func (;5;) (canon resource.drop 5))
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
      (export "get-stdout" (func 4))
      (export "[resource-drop]output-stream" (func 5))
    )
    (core instance (;3;) (instantiate 1
        (with "" (instance 2))
      )
    )
  )
  (instance $one (;2;) (instantiate $printer
      (with "wasi:io/streams@0.2.0" (instance $streams))
      (with "wasi:cli/stdout@0.2.0" (instance $stdout))
    )
  )
  (instance $two (;3;) (instantiate $"#component1 printer"
      (with "wasi:io/streams@0.2.0" (instance $streams))
      (with "wasi:cli/stdout@0.2.0" (instance $stdout))
    )
  )
  (component $driver (;2;)
    (type (;0;) (func (param "count" u32)))
    (import "open-one" (func $one.open (;0;) (type 0)))
    (type (;1;) (func (param "count" u32)))
    (import "open-two" (func $two.open (;1;) (type 1)))
    (type (;2;) (func (result u32)))
    (import "next-one" (func $one.next (;2;) (type 2)))
    (type (;3;) (func (result u32)))
    (import "next-two" (func $two.next (;3;) (type 3)))
    (core func $open-one (;0;) (canon lower (func $one.open)))
    (core func $open-two (;1;) (canon lower (func $two.open)))
    (core func $next-one (;2;) (canon lower (func $one.next)))
    (core func $next-two (;3;) (canon lower (func $two.next)))
    (core module $guest (;0;)
      (type (;0;) (func (param i32)))
      (type (;1;) (func (result i32)))
      (type (;2;) (func))
      (import "" "open-one" (func $open-one (;0;) (type 0)))
      (import "" "open-two" (func $open-two (;1;) (type 0)))
      (import "" "next-one" (func $next-one (;2;) (type 1)))
      (import "" "next-two" (func $next-two (;3;) (type 1)))
      (export "init" (func 4))
      (export "held" (func 5))
      (func (;4;) (type 2)
        i32.const 1
        call $open-one
        i32.const 3
        call $open-two
      )
      (func (;5;) (type 1) (result i32)
        call $next-one
        i32.const 100
        i32.mul
        call $next-two
        i32.add
      )
    )
    (core instance (;0;)
      (export "open-one" (func $open-one))
      (export "open-two" (func $open-two))
      (export "next-one" (func $next-one))
      (export "next-two" (func $next-two))
    )
    (core instance $guest (;1;) (instantiate $guest
        (with "" (instance 0))
      )
    )
    (type (;4;) (func))
    (alias core export $guest "init" (core func (;4;)))
    (func (;4;) (type 4) (canon lift (core func 4)))
    (type (;5;) (func (result u32)))
    (alias core export $guest "held" (core func (;5;)))
    (func (;5;) (type 5) (canon lift (core func 5)))
    (export (;6;) "init" (func 4))
    (export (;7;) "held" (func 5))
  )
  (alias export $one "open" (func (;0;)))
  (alias export $two "open" (func (;1;)))
  (alias export $one "next" (func (;2;)))
  (alias export $two "next" (func (;3;)))
  (instance $driver (;4;) (instantiate $driver
      (with "open-one" (func 0))
      (with "open-two" (func 1))
      (with "next-one" (func 2))
      (with "next-two" (func 3))
    )
  )
  (alias export $driver "init" (func (;4;)))
  (alias export $driver "held" (func (;5;)))
  (export (;6;) "held" (func 5))
)
