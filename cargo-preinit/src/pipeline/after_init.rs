//! What init leaves at an address, and what wrote it last.
//!
//! Init runs in a copy that counts the changes of the byte, and once more in one that stops behind the last of them: the engine then has
//! the stack. Both runs are alike, since nothing that init is shown differs.

use super::planned;
use crate::bake_error::BakeError;
use crate::clock::{Clock, Stage};
use crate::guest::Guest;
use crate::guest::index::{InstanceId, MemoryIndex};
use crate::init::GuestPlan;
use crate::inspect::{AfterInit, LastChange, Writer};
use crate::instrument::{Guard, Watchpoint, instrument_watching};
use crate::options::{BakeOptions, Profile};
use crate::run::host::HostFunctions;
use crate::run::{LaterCalls, Ran, RunError, Site, Step, run_with};
use crate::stack::with_stack;

/// How many bytes from the address on are shown.
const SHOWN: usize = 16;

/// Runs init, and tells what is then at an address of a memory. `module` is the number of the core module that defines the memory. `None`
/// if there is no such place, nobody knows what it holds, or the module has several instances.
///
/// # Errors
///
/// As for [`bake`](fn@crate::bake), as far as they are found before the state is captured.
pub(crate) fn after_init(
    wasm: &[u8],
    options: &BakeOptions,
    clock: &Clock,
    (module, memory): (u32, MemoryIndex),
    address: u64,
) -> Result<Option<AfterInit>, BakeError> {
    let options = &BakeOptions {
        profile: Profile::Items,
        ..options.clone()
    };
    with_stack(options, clock, || {
        clock.enter(Stage::Parse);
        let host = &HostFunctions::default();
        let (guest, plan) = planned(wasm, options, host)?;
        let mut instances = guest.nodes().filter(|node| node.module_id.0 == module);
        let (Some(node), None) = (instances.next(), instances.next()) else {
            return Ok(None);
        };
        if memory.position() >= node.memories.len() || node.external.memory(memory) {
            return Ok(None);
        }
        let run = Run {
            guest: &guest,
            plan: &plan,
            options,
            host,
            clock,
        };
        run.find(Watchpoint {
            instance: node.id,
            memory,
            address,
            stop: None,
        })
    })
}

/// What is run.
struct Run<'r, 'a> {
    guest: &'r Guest<'a>,
    plan: &'r GuestPlan,
    options: &'r BakeOptions,
    host: &'r HostFunctions,
    clock: &'r Clock,
}

impl Run<'_, '_> {
    fn find(&self, watchpoint: Watchpoint) -> Result<Option<AfterInit>, BakeError> {
        let Watchpoint {
            instance,
            memory,
            address,
            ..
        } = watchpoint;
        let mut ran = self.run(&watchpoint)?;
        let mut live = ran.live.instance(instance);
        let (_, bytes) = live.memory_contents(memory)?;
        let content = usize::try_from(address).ok().and_then(|start| bytes.get(start..));
        let Some(content) = content.filter(|content| !content.is_empty()) else {
            return Ok(None);
        };
        let content = content[..content.len().min(SHOWN)].to_vec();
        let mut writers = Vec::new();
        let mut is_changed = false;
        for node in self.guest.nodes() {
            if let Some((changes, last)) = ran
                .live
                .instance(node.id)
                .changes()
                .filter(|(changes, _)| *changes > 0)
            {
                is_changed = true;
                // Where it holds something else, another wrote later.
                writers.extend((last == content[0]).then_some((node.id, changes)));
            }
        }
        let owner = ran
            .owners
            .as_ref()
            .and_then(|owners| owners.get(&(instance, memory)));
        // Only of bytes that are not zero it is known who wrote them.
        let owner = owner.filter(|_| content[0] != 0);
        let owner = owner.map_or(0, |owners| usize::from(owners.of(address)));
        let step = owner
            .checked_sub(1)
            .and_then(|owner| ran.summary.items.get(owner));
        let step = step.map(|item| (item.step.clone(), item.place.clone()));
        drop(ran);
        let change = match (&writers[..], step) {
            ([writer], _) => Some(self.stop_behind(watchpoint, *writer)?),
            ([], None) if !is_changed => None,
            ([], Some((step, place))) => Some(changed(&step, place, Writer::Import)),
            (_, Some((step, place))) => Some(changed(&step, place, Writer::Unknown)),
            (_, None) => Some(changed(&Step::Start, None, Writer::Unknown)),
        };
        Ok(Some(AfterInit {
            content: content
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<Vec<_>>()
                .join(" "),
            change,
        }))
    }

    /// Stops init behind the last change.
    fn stop_behind(
        &self,
        watchpoint: Watchpoint,
        writer: (InstanceId, u64),
    ) -> Result<LastChange, BakeError> {
        let stopped = self.run(&Watchpoint {
            stop: Some(writer),
            ..watchpoint
        });
        match stopped {
            Err(BakeError::Run(RunError::Stopped(mut stopped))) => {
                // The innermost frame is the function that stopped it.
                if !stopped.backtrace.0.is_empty() {
                    stopped.backtrace.0.remove(0);
                }
                let site = Site::of(stopped.backtrace);
                let by = Writer::Code {
                    function: site.function,
                    backtrace: site.backtrace.0.into_iter().map(|frame| frame.name).collect(),
                };
                Ok(changed(&stopped.step, stopped.place, by))
            }
            Err(error) => Err(error),
            Ok(_) => Err(RunError::Bug("init did not write the byte a second time".to_owned()).into()),
        }
    }

    fn run(&self, watchpoint: &Watchpoint) -> Result<Ran, BakeError> {
        self.clock.enter(Stage::Compile);
        let copy = instrument_watching(self.guest, self.plan, Guard::On, Some(watchpoint))
            .map_err(|refusals| refusals.in_terms_of(self.guest))?;
        self.clock.enter(Stage::Init);
        let ran = run_with(
            self.guest,
            &copy,
            self.plan,
            self.options,
            self.host,
            LaterCalls::None,
        )?;
        Ok(ran)
    }
}

fn changed(step: &Step, place: Option<String>, by: Writer) -> LastChange {
    let source = match step {
        Step::Item(item) => Some((item.file.clone(), item.line)),
        _ => None,
    };
    LastChange {
        step: step.name(),
        source,
        place,
        by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guest::to_binary;
    use crate::options::Wasi;

    fn ask(text: &str, options: &BakeOptions, place: (u32, u32), address: u64) -> Option<AfterInit> {
        let wasm = to_binary(text.as_bytes()).expect("the text is valid");
        let place = (place.0, MemoryIndex(place.1));
        after_init(&wasm, options, &Clock::unwatched(), place, address).expect("init runs")
    }

    /// What init does in a function `change`, with a memory of one page that has `\01\02` at 100, and what is then said of the byte at 100.
    fn changed_by(memory: &str, code: &str) -> Option<AfterInit> {
        let text = format!(
            r#"(module {memory} (data (i32.const 100) "\01\02") (data $passive "\07\08\09")
                (func $change {code})
                (func (export "init") (call $change) (call $other))
                (func $other (i32.store8 (i32.const 99) (i32.const 9)) (i32.store8 (i32.const 101) (i32.const 9))))"#
        );
        let options = BakeOptions {
            init_functions: vec!["init".to_owned()],
            ..BakeOptions::default()
        };
        ask(&text, &options, (0, 0), 100)
    }

    /// Checks that the change is found, and what it leaves.
    #[track_caller]
    fn check(memory: &str, code: &str, content: &str) {
        let after = changed_by(memory, code).expect("the place exists");
        assert!(after.content.starts_with(content), "{code}: {after:?}");
        let names = |name: &str| Some(name.to_owned());
        let change = after.change.unwrap_or_else(|| panic!("{code}: no change"));
        assert_eq!(change.step, "init");
        assert_eq!(
            change.by,
            Writer::Code {
                function: names("change"),
                backtrace: vec![names("change"), None],
            },
            "{code}"
        );
    }

    #[test]
    fn every_instruction_that_writes_is_seen() {
        let memory = "(memory 1)";
        for (code, content) in [
            ("(i32.store (i32.const 98) (i32.const 0x04030201))", "03"),
            ("(i32.store offset=90 (i32.const 10) (i32.const 5))", "05"),
            ("(i64.store (i32.const 93) (i64.const 0x0900000000000000))", "09"),
            ("(f32.store (i32.const 97) (f32.const 1))", "3f"),
            ("(f64.store (i32.const 93) (f64.const 1))", "3f"),
            ("(i32.store8 (i32.const 100) (i32.const 8))", "08"),
            ("(i32.store16 (i32.const 99) (i32.const 0x0807))", "08"),
            ("(i64.store8 (i32.const 100) (i64.const 8))", "08"),
            ("(i64.store16 (i32.const 99) (i64.const 0x0807))", "08"),
            ("(i64.store32 (i32.const 97) (i64.const 0x08000000))", "08"),
            (
                "(v128.store (i32.const 85) (v128.const i8x16 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 6))",
                "06",
            ),
            (
                "(v128.store8_lane 3 (i32.const 100) (v128.const i8x16 0 0 0 6 0 0 0 0 0 0 0 0 0 0 0 0))",
                "06",
            ),
            (
                "(v128.store16_lane 1 (i32.const 99) (v128.const i8x16 0 0 0 6 0 0 0 0 0 0 0 0 0 0 0 0))",
                "06",
            ),
            (
                "(v128.store32_lane 0 (i32.const 97) (v128.const i8x16 0 0 0 6 0 0 0 0 0 0 0 0 0 0 0 0))",
                "06",
            ),
            (
                "(v128.store64_lane 1 (i32.const 93) (v128.const i8x16 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 6))",
                "06",
            ),
            ("(memory.fill (i32.const 0) (i32.const 4) (i32.const 101))", "04"),
            (
                "(memory.copy (i32.const 100) (i32.const 101) (i32.const 1))",
                "02",
            ),
            (
                "(memory.init $passive (i32.const 99) (i32.const 0) (i32.const 3))",
                "08",
            ),
            ("(i32.atomic.store (i32.const 100) (i32.const 8))", "08"),
            ("(i64.atomic.store32 (i32.const 100) (i64.const 8))", "08"),
            ("(drop (i32.atomic.rmw.add (i32.const 100) (i32.const 8)))", "09"),
            (
                "(drop (i64.atomic.rmw16.xchg_u (i32.const 100) (i64.const 8)))",
                "08",
            ),
            (
                "(drop (i32.atomic.rmw8.cmpxchg_u (i32.const 100) (i32.const 1) (i32.const 8)))",
                "08",
            ),
        ] {
            check(memory, code, content);
        }
    }

    #[test]
    fn addresses_may_have_64_bits() {
        let memory = "(memory i64 1) (memory $other 1)";
        let text = |code: &str| code.replace("(i32.const 100)", "(i64.const 100)");
        // The segment's offset is of the memory's type.
        let check = |code: &str, content: &str| {
            let module = format!(
                r#"(module {memory} (data (i64.const 100) "\01\02") (data (memory $other) (i32.const 7) "\07")
                    (func $change {})
                    (func (export "init") (call $change)))"#,
                text(code)
            );
            let options = BakeOptions {
                init_functions: vec!["init".to_owned()],
                ..BakeOptions::default()
            };
            let after = ask(&module, &options, (0, 0), 100).expect("the place exists");
            assert!(after.content.starts_with(content), "{code}: {after:?}");
            assert!(
                matches!(after.change.map(|change| change.by), Some(Writer::Code { function: Some(name), .. }) if name == "change"),
                "{code}"
            );
        };
        check("(i32.store (i64.const 98) (i32.const 0x04030201))", "03");
        check("(memory.fill (i64.const 0) (i32.const 4) (i64.const 101))", "04");
        check(
            "(memory.copy 0 0 (i64.const 100) (i64.const 101) (i64.const 1))",
            "02",
        );
        check(
            "(memory.copy 0 $other (i64.const 100) (i32.const 7) (i32.const 1))",
            "07",
        );
    }

    #[test]
    fn what_is_not_changed() {
        for code in [
            "",
            // The same value.
            "(i32.store8 (i32.const 100) (i32.const 1))",
            // Neighbours.
            "(i32.store (i32.const 96) (i32.const -1)) (i64.store (i32.const 101) (i64.const -1))",
            "(memory.fill (i32.const 101) (i32.const 1) (i32.const 4)) (memory.fill (i32.const 0) (i32.const 1) (i32.const 100))",
            "(memory.fill (i32.const 100) (i32.const 1) (i32.const 0))",
            "(drop (i32.atomic.rmw8.cmpxchg_u (i32.const 100) (i32.const 3) (i32.const 8)))",
        ] {
            let after = changed_by("(memory 1)", code).expect("the place exists");
            assert_eq!(after.change, None, "{code}");
        }
        assert_eq!(
            ask(
                r#"(module (memory 1) (func (export "wizer-initialize")))"#,
                &BakeOptions::default(),
                (0, 0),
                1 << 16
            ),
            None
        );
    }

    #[test]
    fn the_last_of_several_changes() {
        let text = r#"(module (memory 1) (global $n (mut i32) (i32.const 0))
            (func $add (i32.store8 (i32.const 5) (i32.add (i32.load8_u (i32.const 5)) (i32.const 1))))
            (func $early (call $add)) (func $late (call $add))
            (func (export "one") (loop $again (call $early)
                (br_if $again (i32.lt_u (global.get $n) (i32.const 100)) (global.set $n (i32.add (global.get $n) (i32.const 1))))))
            (func (export "two") (call $late)))"#;
        let options = BakeOptions {
            init_functions: vec!["one".to_owned(), "two".to_owned()],
            ..BakeOptions::default()
        };
        let after = ask(text, &options, (0, 0), 5).expect("the place exists");
        assert_eq!(&after.content[..2], "66");
        let change = after.change.expect("it is changed");
        assert_eq!(change.step, "two");
        assert!(
            matches!(&change.by, Writer::Code { backtrace, .. } if backtrace[1] == Some("late".to_owned())),
            "{change:?}"
        );
    }

    #[test]
    fn what_the_host_writes() {
        let text = r#"(module
            (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
            (memory (export "memory") 1)
            (func (export "init")
                (i32.store8 (i32.const 64) (i32.const 1))
                (drop (call $random (i32.const 64) (i32.const 8)))))"#;
        let options = BakeOptions {
            init_functions: vec!["init".to_owned()],
            wasi: Wasi::Allowed(crate::options::WasiOptions::default()),
            ..BakeOptions::default()
        };
        let after = ask(text, &options, (0, 0), 64).expect("the place exists");
        let change = after.change.expect("it is changed");
        assert_eq!((change.step.as_str(), change.by), ("init", Writer::Import));
    }

    #[test]
    fn in_a_component_another_module_may_write() {
        let text = r#"(component
            (core module $a (memory (export "memory") 1) (func (export "init") (i32.store8 (i32.const 1) (i32.const 1))))
            (core module $b (import "a" "memory" (memory 1)) (import "a" "init" (func $init))
                (func $write (i32.store8 (i32.const 2) (i32.const 2)))
                (func (export "init") (call $init) (call $write)))
            (core instance $a (instantiate $a))
            (core instance $b (instantiate $b (with "a" (instance $a))))
            (func (export "init") (canon lift (core func $b "init"))))"#;
        let options = BakeOptions {
            init_functions: vec!["init()".to_owned()],
            ..BakeOptions::default()
        };
        for (address, function) in [(1, None), (2, Some("write".to_owned()))] {
            let after = ask(text, &options, (0, 0), address).expect("the place exists");
            let change = after.change.expect("it is changed");
            assert_eq!(change.step, "init()");
            assert!(
                matches!(change.by, Writer::Code { function: found, .. } if found == function),
                "{address}"
            );
        }
    }
}
