//! Debug information, names and hints: in the baked module they refer to the same code as in the original.

use std::collections::BTreeMap;

use addr2line::Context;
use addr2line::gimli::{Dwarf, EndianSlice, LittleEndian};
use snapbox::str;
use wasmparser::{Name, NameSectionReader, Parser, Payload};
use wasmtime::error::{Context as _, Result};
use wasmtime::{WasmBacktrace, ensure};

use crate::e2e::host::Guest;
use crate::e2e::sandbox::Sandbox;

/// Traps and panics after init. Remarks mark the lines that a backtrace must lead to.
const SOURCE: &str = r#"
use std::sync::LazyLock;

#[preinit_guest::preinit]
static TABLE: LazyLock<Vec<u32>> = LazyLock::new(|| (0..100).collect());

#[inline(never)]
fn find(table: &[u32], index: usize) -> u32 {
    let Some(number) = table.get(index) else {
        core::arch::wasm32::unreachable(); // traps
    };
    *number
}

#[inline(never)]
fn find_or_panic(table: &[u32], index: usize) -> u32 {
    table[index] // panics
}

#[unsafe(no_mangle)]
pub extern "C" fn look_up(index: usize) -> u32 {
    let found = find(&TABLE, index); // calls what traps
    found + 1
}

#[unsafe(no_mangle)]
pub extern "C" fn look_up_or_panic(index: usize) -> u32 {
    let found = find_or_panic(&TABLE, index); // calls what panics
    found + 1
}
"#;

/// A constructor for [`SOURCE`]: the baked module empties its code, without moving the code behind it.
const CONSTRUCTOR: &str = r#"
static mut CONSTRUCTED: u32 = 0;

extern "C" fn construct() {
    // SAFETY: the guest has one thread.
    unsafe { CONSTRUCTED += 1 }
}

#[used]
#[unsafe(link_section = ".init_array")]
static CONSTRUCTOR: extern "C" fn() = construct;
"#;

const TARGETS: [&str; 2] = ["wasm32-wasip1", "wasm32-unknown-unknown"];
/// Each profile and its directory.
const PROFILES: [(&str, &str); 2] = [("dev", "debug"), ("release", "release")];

/// The number of the line that ends with this remark.
fn line_of(remark: &str) -> u32 {
    let remark = format!("// {remark}");
    let line = SOURCE.lines().position(|line| line.ends_with(&remark));
    let line = line.expect("the source has the remark") + 1;
    u32::try_from(line).expect("the source is short")
}

/// Builds and bakes a guest, and returns cargo's module and the baked one.
fn bake(sandbox: &Sandbox, name: &str, target: &str, profile: (&str, &str)) -> (Vec<u8>, Vec<u8>) {
    let (profile, directory) = profile;
    sandbox
        .preinit(&format!("-q --target {target} --profile {profile}"))
        .expect(0, "");
    let directory = format!("target/{target}/{directory}");
    (
        sandbox.read(&format!("{directory}/{name}.wasm")),
        sandbox.read(&format!("{directory}/preinit/{name}.wasm")),
    )
}

#[test]
fn backtraces_lead_to_the_same_lines() -> Result<()> {
    let sandbox = Sandbox::guest("same-lines", SOURCE);
    sandbox.configure("profile.release.debug = true");
    for target in TARGETS {
        for profile in PROFILES {
            let (plain, baked) = bake(&sandbox, "same_lines", target, profile);
            let checked = || -> Result<()> {
                let (plain, baked) = (Module::read(&plain)?, Module::read(&baked)?);
                ensure!(plain.code == baked.code, "the code is another");
                assert_eq!(baked.lasting_names()?, plain.lasting_names()?);
                same_debug_sections(&plain, &baked)?;
                same_backtraces(&plain, &baked, "same-lines/src/lib.rs")
            };
            checked().with_context(|| format!("{target} {profile:?}"))?;
        }
    }
    Ok(())
}

#[test]
fn backtraces_lead_to_the_same_lines_behind_constructors() -> Result<()> {
    let sandbox = Sandbox::guest("same-lines-constructor", &format!("{SOURCE}{CONSTRUCTOR}"));
    sandbox.configure("profile.release.debug = true");
    for target in TARGETS {
        for profile in PROFILES {
            let (plain, baked) = bake(&sandbox, "same_lines_constructor", target, profile);
            let checked = || -> Result<()> {
                let (plain, baked) = (Module::read(&plain)?, Module::read(&baked)?);
                ensure!(plain.code != baked.code, "the constructors still run");
                ensure!(plain.code.len() == baked.code.len(), "the code moved");
                same_debug_sections(&plain, &baked)?;
                same_backtraces(&plain, &baked, "same-lines-constructor/src/lib.rs")
            };
            checked().with_context(|| format!("{target} {profile:?}"))?;
        }
    }
    Ok(())
}

/// Without debug information dead code is removed, and functions get other indices; their names follow.
#[test]
fn backtraces_name_the_same_functions_in_less_code() -> Result<()> {
    let sandbox = Sandbox::guest("same-functions", SOURCE);
    sandbox.configure("profile.dev.debug = false");
    for target in TARGETS {
        for profile in PROFILES {
            let (plain, baked) = bake(&sandbox, "same_functions", target, profile);
            let checked = || -> Result<()> {
                let (plain, baked) = (Module::read(&plain)?, Module::read(&baked)?);
                ensure!(plain.code.len() > baked.code.len(), "there is as much code");
                for export in ["look_up", "look_up_or_panic"] {
                    let functions = backtrace(plain.wasm, export)?.into_iter().map(|frame| frame.0);
                    let functions: Vec<Option<String>> =
                        functions.filter(|name| !is_wrapper(name.as_deref())).collect();
                    let in_less = backtrace(baked.wasm, export)?.into_iter().map(|frame| frame.0);
                    assert_eq!(in_less.collect::<Vec<_>>(), functions, "`{export}`");
                    let is_named = |name: &Option<String>| name.as_ref().is_some_and(|name| name == export);
                    assert!(functions.iter().any(is_named), "{functions:?}");
                }
                Ok(())
            };
            checked().with_context(|| format!("{target} {profile:?}"))?;
        }
    }
    Ok(())
}

/// If neither indices nor code positions change, these sections are copied unchanged.
#[test]
fn names_of_locals_and_hints_stay_byte_by_byte() -> Result<()> {
    let sandbox = Sandbox::empty("names-and-hints");
    sandbox.write(
        "guest.wat",
        r#"
(module $guest
  (memory $memory 1)
  (func $dead (local $nobody i32))
  (func $choose (export "choose") (param $first i32) (result i32) (local $second i64) (local $third i32)
    (local.set $third (i32.const 7))
    (@metadata.code.branch_hint "\01")
    (if (result i32) (local.get $first)
      (then (local.get $third))
      (else (i32.wrap_i64 (local.get $second)))))
  (func $init (export "wizer-initialize") (local $address i32)
    (i32.store (local.get $address) (i32.const 42)))
  (@custom "external_debug_info" "\0aguest.dwarf"))
"#,
    );
    sandbox.preinit("bake guest.wat -o baked.wasm -q").expect(0, "");
    let plain = wat::parse_bytes(&sandbox.read("guest.wat"))?.into_owned();
    let baked = sandbox.read("baked.wasm");
    let (plain, baked) = (Module::read(&plain)?, Module::read(&baked)?);
    assert_eq!(plain.code, baked.code);
    for name in ["name", "metadata.code.branch_hint", "external_debug_info"] {
        assert!(plain.custom.contains_key(name), "{name}");
        assert_eq!(plain.custom.get(name), baked.custom.get(name), "{name}");
    }
    let locals = &plain.locals()?["choose"];
    assert_eq!(locals.keys().collect::<Vec<_>>(), ["first", "second", "third"]);
    assert_eq!(&baked.locals()?["choose"], locals);
    Ok(())
}

/// Functions keep the names of their locals when other functions are removed.
#[test]
fn names_of_locals_stay() -> Result<()> {
    let sandbox = Sandbox::empty("names-of-locals");
    sandbox.write(
        "guest.wat",
        r#"
(module $guest
  (global $calls (export "calls") (mut i32) (i32.const 0))
  (func $count (local $step i32)
    (local.set $step (i32.const 1))
    (global.set $calls (i32.add (global.get $calls) (local.get $step))))
  (func $mix (export "mix") (param $a i32) (param $b f64) (result f64)
    (local $c i64) (local $d f32) (local $e i64)
    (local.set $d (f32.convert_i32_s (local.get $a)))
    (local.set $e (i64.trunc_f64_s (local.get $b)))
    (local.set $c (i64.add (local.get $e) (i64.const 2)))
    (f64.add (f64.promote_f32 (local.get $d)) (f64.convert_i64_s (local.get $c))))
  (func $init (export "wizer-initialize") (call $count)))
"#,
    );
    sandbox.preinit("bake guest.wat -o baked.wasm -q").expect(0, "");
    let plain = wat::parse_bytes(&sandbox.read("guest.wat"))?.into_owned();
    let baked = sandbox.read("baked.wasm");
    let (plain, baked) = (Module::read(&plain)?, Module::read(&baked)?);
    assert_eq!(plain.locals()?.keys().collect::<Vec<_>>(), ["count", "mix"]);
    assert_eq!(baked.locals()?.keys().collect::<Vec<_>>(), ["mix"]);
    assert_eq!(baked.locals()?["mix"], plain.locals()?["mix"]);
    Ok(())
}

/// Additional globals for objects move the code, so sections with code positions must be left out.
#[test]
fn what_would_mislead_is_left_out() -> Result<()> {
    let sandbox = Sandbox::empty("left-out");
    sandbox.write(
        "guest.wat",
        r#"
(module
  (type $pair (struct (field (mut i32)) (field (mut i32))))
  (global $first (mut (ref null $pair)) (ref.null $pair))
  (global $second (mut (ref null $pair)) (ref.null $pair))
  (func $choose (export "choose") (param $which i32) (result i32)
    (@metadata.code.branch_hint "\01")
    (if (result i32) (local.get $which)
      (then (struct.get $pair 0 (global.get $first)))
      (else (struct.get $pair 1 (global.get $second)))))
  (func $init (export "wizer-initialize")
    (global.set $first (struct.new $pair (i32.const 1) (i32.const 2)))
    (global.set $second (global.get $first)))
  (@custom ".debug_line" "positions")
  (@custom "external_debug_info" "\0aguest.dwarf"))
"#,
    );
    sandbox.preinit("bake guest.wat -o baked.wasm").expect(
        0,
        str![[r#"
      Baking guest.wat
warning: guest.wat: left out of the baked module, since what it says of the code would be wrong there: `metadata.code.branch_hint`, `.debug_line`, `external_debug_info`
       Baked guest.wat: 1 item in [TIME], [SIZE] -> [SIZE]

"#]],
    );
    let baked = sandbox.read("baked.wasm");
    let baked = Module::read(&baked)?;
    let sections: Vec<&str> = baked.custom.keys().map(String::as_str).collect();
    assert_eq!(sections, ["name", "producers"]);
    assert_eq!(baked.locals()?["choose"].keys().collect::<Vec<_>>(), ["which"]);
    Ok(())
}

/// The parts of a module that the tests compare.
struct Module<'a> {
    wasm: &'a [u8],
    /// The contents of the code section, to which positions in debug information are relative.
    code: &'a [u8],
    code_start: usize,
    /// The contents of custom sections, by name.
    custom: BTreeMap<String, &'a [u8]>,
}

impl<'a> Module<'a> {
    fn read(wasm: &'a [u8]) -> Result<Self> {
        let mut module = Self {
            wasm,
            code: &[],
            code_start: 0,
            custom: BTreeMap::new(),
        };
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::CodeSectionStart { range, .. } => {
                    module.code_start = range.start;
                    module.code = &wasm[range];
                }
                Payload::CustomSection(section) => {
                    let name = section.name().to_owned();
                    let earlier = module.custom.insert(name, section.data());
                    ensure!(earlier.is_none(), "`{}` is there twice", section.name());
                }
                _ => {}
            }
        }
        Ok(module)
    }

    /// The contents of the name section.
    fn names(&self) -> Result<&'a [u8]> {
        self.custom.get("name").copied().context("there are no names")
    }

    /// The subsections of the name section, by ID, without those for segments, which a bake replaces.
    fn lasting_names(&self) -> Result<BTreeMap<u8, &'a [u8]>> {
        const ELEMENTS: u8 = 8;
        const DATA: u8 = 9;
        let mut subsections = BTreeMap::new();
        let mut reader = wasmparser::BinaryReader::new(self.names()?, 0);
        while !reader.eof() {
            let number = reader.read_u8()?;
            let len = reader.read_var_u32()?;
            let contents = reader.read_bytes(len as usize)?;
            if ![ELEMENTS, DATA].contains(&number) {
                subsections.insert(number, contents);
            }
        }
        Ok(subsections)
    }

    /// The types of named locals, by the names of function and local.
    fn locals(&self) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
        let mut types = Vec::new();
        let mut functions = Vec::new();
        let mut locals_of = Vec::new();
        for payload in Parser::new(0).parse_all(self.wasm) {
            match payload? {
                Payload::TypeSection(section) => {
                    for group in section {
                        types.extend(group?.into_types());
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        functions.push(ty?);
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let ty = types[functions[locals_of.len()] as usize].unwrap_func();
                    let mut locals: Vec<String> = ty.params().iter().map(ToString::to_string).collect();
                    for declared in body.get_locals_reader()? {
                        let (count, ty) = declared?;
                        locals.extend((0..count).map(|_| ty.to_string()));
                    }
                    locals_of.push(locals);
                }
                _ => {}
            }
        }
        let mut function_names = BTreeMap::new();
        let mut named = BTreeMap::new();
        // The names of functions come before those of locals.
        for name in NameSectionReader::new(wasmparser::BinaryReader::new(self.names()?, 0)) {
            match name? {
                Name::Function(names) => {
                    for name in names {
                        let name = name?;
                        function_names.insert(name.index, name.name.to_owned());
                    }
                }
                Name::Local(names) => {
                    for function in names {
                        let function = function?;
                        let locals = &locals_of[function.index as usize];
                        let mut types = BTreeMap::new();
                        for local in function.names {
                            let local = local?;
                            types.insert(local.name.to_owned(), locals[local.index as usize].clone());
                        }
                        named.insert(function_names[&function.index].clone(), types);
                    }
                }
                _ => {}
            }
        }
        Ok(named)
    }

    /// The `.debug_*` sections.
    fn dwarf(&self) -> Result<Context<EndianSlice<'a, LittleEndian>>> {
        let dwarf = Dwarf::load(|id| -> Result<_> {
            let section = self.custom.get(id.name()).copied().unwrap_or_default();
            Ok(EndianSlice::new(section, LittleEndian))
        })?;
        Ok(Context::from_dwarf(dwarf)?)
    }
}

fn same_debug_sections(plain: &Module<'_>, baked: &Module<'_>) -> Result<()> {
    let debug = |module: &Module<'_>| -> Vec<String> {
        let names = module.custom.keys();
        names.filter(|name| name.starts_with(".debug")).cloned().collect()
    };
    let sections = debug(plain);
    for name in [".debug_info", ".debug_line", ".debug_str"] {
        ensure!(
            sections.iter().any(|section| section == name),
            "there is no `{name}`"
        );
    }
    assert_eq!(debug(baked), sections);
    for name in sections {
        ensure!(plain.custom[&name] == baked.custom[&name], "`{name}` is another");
    }
    Ok(())
}

/// Whether a function is one of the linker's wrappers, to which no export of the baked module leads, since the constructors have
/// run.
fn is_wrapper(name: Option<&str>) -> bool {
    name.is_some_and(|name| name.ends_with(".command_export"))
}

/// Makes both guests trap and panic, and maps each position in the backtraces to the source.
fn same_backtraces(plain: &Module<'_>, baked: &Module<'_>, file: &str) -> Result<()> {
    let expected = [
        ("look_up", ["find", "look_up"], ["traps", "calls what traps"]),
        (
            "look_up_or_panic",
            ["find_or_panic", "look_up_or_panic"],
            ["panics", "calls what panics"],
        ),
    ];
    for (export, functions, remarks) in expected {
        let mut frames = positions(plain, export)?;
        frames.retain(|(name, _)| !is_wrapper(name.as_deref()));
        assert_eq!(positions(baked, export)?, frames, "`{export}`");
        let lines = lines(plain, &frames)?;
        assert_eq!(self::lines(baked, &frames)?, lines, "`{export}`");
        let in_source: Vec<(&str, Option<u32>)> = lines
            .iter()
            .filter(|line| line.file.ends_with(file))
            .zip(functions)
            .filter(|(line, function)| line.function.contains(function))
            .map(|(line, function)| (function, line.line))
            .collect();
        let remarks = remarks.map(|remark| Some(line_of(remark)));
        let wanted: Vec<(&str, Option<u32>)> = functions.into_iter().zip(remarks).collect();
        assert_eq!(in_source, wanted, "`{export}`: {lines:#?}");
    }
    Ok(())
}

/// The function names and positions of a backtrace, relative to the start of the code section's contents.
fn positions(module: &Module<'_>, export: &str) -> Result<Vec<(Option<String>, u64)>> {
    let frames = backtrace(module.wasm, export)?.into_iter();
    frames
        .map(|(name, offset)| {
            let position = offset
                .checked_sub(module.code_start)
                .context("a position before the code section")?;
            Ok((name, u64::try_from(position)?))
        })
        .collect()
}

/// Makes a guest fail after one successful call, and returns the function name and file position of each frame.
fn backtrace(wasm: &[u8], export: &str) -> Result<Vec<(Option<String>, usize)>> {
    let mut guest = Guest::new(wasm, &[])?;
    assert_eq!(guest.call(export, &[7])?, 8);
    let error = guest.call(export, &[100]).expect_err("there are 100 entries");
    let backtrace = error
        .downcast_ref::<WasmBacktrace>()
        .context("there is no backtrace")?;
    let frames = backtrace.frames().iter();
    frames
        .map(|frame| {
            let offset = frame.module_offset().context("no position is known")?;
            Ok((frame.func_name().map(str::to_owned), offset))
        })
        .collect()
}

/// A line of the source.
#[derive(Debug, PartialEq)]
struct Line {
    function: String,
    file: String,
    /// `None` for code that the compiler generated.
    line: Option<u32>,
    column: Option<u32>,
}

/// The source lines of positions, the innermost of inlined functions first.
fn lines(module: &Module<'_>, frames: &[(Option<String>, u64)]) -> Result<Vec<Line>> {
    let dwarf = module.dwarf()?;
    let mut lines = Vec::new();
    for (_, position) in frames {
        let mut found = dwarf.find_frames(*position).skip_all_loads()?;
        while let Some(frame) = found.next()? {
            // The standard library has no debug information.
            let (Some(function), Some(location)) = (frame.function, frame.location) else {
                continue;
            };
            lines.push(Line {
                function: function.raw_name()?.into_owned(),
                file: location.file.context("a line of no file")?.to_owned(),
                line: location.line,
                column: location.column,
            });
        }
    }
    Ok(lines)
}
