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
  (alias export $stdout "get-stdout" (func (;0;)))
  (core func $out (;0;) (canon lower (func 0)))
  (core module $owner (;0;)
    (type (;0;) (func (param i32) (result i32)))
    (type (;1;) (func (result i32)))
    (table (;0;) 2 funcref)
    (global (;0;) (mut funcref) ref.null func)
    (export "table" (table 0))
    (export "global" (global 0))
    (export "get" (func 0))
    (func (;0;) (type 0) (param i32) (result i32)
      local.get 0
      call_indirect (type 1)
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $guest (;1;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func))
    (import "" "out" (func $out (;0;) (type 0)))
    (import "owner" "table" (table (;0;) 1 funcref))
    (import "owner" "global" (global $global (;0;) (mut funcref)))
    (global $held (;1;) (mut i32) i32.const 1)
    (export "held" (func 3))
    (export "next" (func 4))
    (export "fixup-function-1" (func $seven))
    (elem (;0;) declare func $seven)
    (func $seven (;1;) (type 0) (result i32)
      i32.const 7
    )
    (func (;2;) (type 1)
      call $out
      global.set $held
      ref.func $seven
      global.set $global
      i32.const 0
      ref.func $seven
      table.set 0
    )
    (func (;3;) (type 0) (result i32)
      global.get $held
    )
    (func (;4;) (type 0) (result i32)
      call $out
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core module $"#core-module2 guest" (@name "guest") (;2;)
    (type (;0;) (func (result i32)))
    (type (;1;) (func))
    (import "" "out" (func $out (;0;) (type 0)))
    (import "owner" "table" (table (;0;) 1 funcref))
    (import "owner" "global" (global $global (;0;) (mut funcref)))
    (global $held (;1;) (mut i32) i32.const 0)
    (export "held" (func 3))
    (export "next" (func 4))
    (elem (;0;) declare func $seven)
    (func $seven (;1;) (type 0) (result i32)
      i32.const 7
    )
    (func (;2;) (type 1)
      call $out
      global.set $held
      ref.func $seven
      global.set $global
      i32.const 0
      ref.func $seven
      table.set 0
    )
    (func (;3;) (type 0) (result i32)
      global.get $held
    )
    (func (;4;) (type 0) (result i32)
      call $out
    )
    (@producers
      (processed-by "cargo-preinit" "0.1.0")
    )
  )
  (core instance $owner (;0;) (instantiate $owner))
  (core instance (;1;)
    (export "out" (func $out))
  )
  (core instance $guest (;2;) (instantiate $guest
      (with "" (instance 1))
      (with "owner" (instance $owner))
    )
  )
  (core instance (;3;)
    (export "out" (func $out))
  )
  (core instance $other (;4;) (instantiate $"#core-module2 guest"
      (with "" (instance 3))
      (with "owner" (instance $owner))
    )
  )
  (type (;3;) (func))
  (type (;4;) (func (param "n" u32) (result u32)))
  (alias core export $owner "get" (core func (;1;)))
  (func (;1;) (type 4) (canon lift (core func 1)))
  (type (;5;) (func (result u32)))
  (alias core export $guest "held" (core func (;2;)))
  (func (;2;) (type 5) (canon lift (core func 2)))
  (type (;6;) (func (result u32)))
  (alias core export $other "next" (core func (;3;)))
  (func (;3;) (type 6) (canon lift (core func 3)))
  (export (;4;) "get" (func 1))
  (export (;5;) "held" (func 2))
  (export (;6;) "next" (func 3))
  (core module (;3;)
    (type (;0;) (func))
    (type (;1;) (func (result i32)))
    (import "" "0" (table (;0;) 0 funcref))
    (import "" "1" (global (;0;) (mut funcref)))
    (import "" "2" (func (;0;) (type 1)))
    (start 1)
    (elem (;0;) (table 0) (i32.const 0) func 0)
    (elem (;1;) declare func 0)
    (func (;1;) (type 0)
      ref.func 0
      global.set 0
    )
  )
  (alias core export $owner "table" (core table (;0;)))
  (alias core export $owner "global" (core global (;0;)))
  (alias core export $guest "fixup-function-1" (core func (;4;)))
  (core instance (;5;)
    (export "0" (table 0))
    (export "1" (global 0))
    (export "2" (func 4))
  )
  (core instance (;6;) (instantiate 3
      (with "" (instance 5))
    )
  )
  (alias export $stdout "get-stdout" (func (;7;)))
  (alias export $streams "output-stream" (type (;7;)))
  (core func (;5;) (canon lower (func 7)))
  (core func (;6;) (canon resource.drop 7))
  (core module (;4;)
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
  (core instance (;7;)
    (export "get-stdout" (func 5))
    (export "[resource-drop]output-stream" (func 6))
  )
  (core instance (;8;) (instantiate 4
      (with "" (instance 7))
    )
  )
)
