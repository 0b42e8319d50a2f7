//! Invalid input: mutations of valid modules, and noise.
//!
//! `bake` must return for every input, and never with an error that is a bug of the tool.

use std::time::Duration;

use cargo_preinit::run::{Cause, RunError};
use cargo_preinit::{BakeError, BakeOptions, InitResult, KeepInit, ScrubHeap, Wasi, WasiOptions, bake};
use wasmparser::{CompositeInnerType, ExternalKind, Parser, Payload, RecGroup, TypeRef};

use crate::random::Choices;

/// How long init may run.
const TIMEOUT: Duration = Duration::from_millis(300);

/// Options with small bounds, so that a bake which ignores them is noticed. The input's length decides: WASI for odd lengths, a
/// scrubbed heap for multiples of three, named init functions for multiples of four, and each way to keep these.
fn options(input: &[u8]) -> BakeOptions {
    let mut options = BakeOptions::default();
    if input.len().is_multiple_of(4) {
        options.init_functions = exported_functions(input);
        options.init_result = InitResult::Ignore;
    }
    options.keep_init_functions = match input.len() % 5 {
        0 => KeepInit::Keep,
        1 => KeepInit::Empty,
        _ => KeepInit::Remove,
    };
    if !input.len().is_multiple_of(2) {
        options.wasi = Wasi::Allowed(WasiOptions::default());
    }
    if input.len().is_multiple_of(3) {
        options.scrub_heap = ScrubHeap::Dlmalloc;
    }
    options.limits.timeout = TIMEOUT;
    options.limits.memory_bytes = 16 << 20;
    options.limits.table_elements = 100_000;
    options.limits.stack_bytes = 1 << 20;
    options.limits.output_bytes = 1 << 16;
    options
}

/// Up to two exported functions, as calls with the number 7 for each parameter.
fn exported_functions(input: &[u8]) -> Vec<String> {
    let mut types = Vec::new();
    let mut functions = Vec::new();
    let mut calls = Vec::new();
    // A broken module is read up to its first error.
    for payload in Parser::new(0).parse_all(input).map_while(Result::ok) {
        match payload {
            Payload::TypeSection(reader) => {
                types.extend(reader.into_iter().flatten().flat_map(RecGroup::into_types));
            }
            Payload::ImportSection(reader) => {
                let imports = reader.into_imports().flatten();
                functions.extend(imports.filter_map(|import| match import.ty {
                    TypeRef::Func(ty) => Some(ty),
                    _ => None,
                }));
            }
            Payload::FunctionSection(reader) => functions.extend(reader.into_iter().flatten()),
            Payload::ExportSection(reader) => {
                for export in reader.into_iter().flatten() {
                    let ty = functions.get(export.index as usize);
                    let ty = ty.and_then(|ty| types.get(*ty as usize));
                    if let (ExternalKind::Func, Some(CompositeInnerType::Func(ty))) =
                        (export.kind, ty.map(|ty| &ty.composite_type.inner))
                    {
                        let arguments = vec!["7"; ty.params().len()];
                        calls.push(format!("{}({})", export.name, arguments.join(", ")));
                    }
                }
            }
            _ => {}
        }
    }
    calls.truncate(2);
    calls
}

/// Bakes, and returns the kind of outcome.
///
/// # Errors
///
/// If the error is a bug of the tool.
pub fn check(input: &[u8]) -> Result<&'static str, String> {
    Ok(match bake(input, &options(input)) {
        Ok(_) => "baked",
        Err(error) if error.is_bug() => return Err(format!("a bug: {error}")),
        Err(BakeError::Input(_)) => "no valid module",
        Err(BakeError::Init(_)) => "no init",
        Err(BakeError::Refused(_)) => "refused",
        // A component may export or import the type of a function, an instance or a component, which the engine does not know.
        Err(BakeError::Run(RunError::Compile(why)))
            if why.to_string().ends_with("unsupported type export") =>
        {
            "refused by the engine"
        }
        // The engine must compile every module that the tool accepts.
        Err(BakeError::Run(RunError::Compile(why))) => return Err(format!("not compiled: {why}")),
        Err(BakeError::Emit(error)) => return Err(format!("not rewritten: {error}")),
        Err(BakeError::Run(RunError::Stopped(stopped))) => match stopped.cause {
            Cause::Timeout(_) => "init: time",
            Cause::Memory(_) | Cause::Tables(_) | Cause::Stack(_) | Cause::Output(_) => "init: another bound",
            _ => "init fails",
        },
        Err(BakeError::Run(_)) => "init fails otherwise",
        // The options cannot cause any other error.
        Err(error) => return Err(format!("a bug: {error}")),
    })
}

/// Breaks a module in one to three places.
#[must_use]
pub fn mutate(wasm: &[u8], choices: &mut Choices) -> Vec<u8> {
    let mut bytes = wasm.to_vec();
    // Few places, since with more errors most modules are rejected early.
    let places = if choices.chance(3, 4) {
        1
    } else {
        1 + choices.below(3)
    };
    for _ in 0..places {
        match choices.below(16) {
            0 | 1 => flip_bit(&mut bytes, choices),
            2 | 3 => change_byte(&mut bytes, choices),
            4 => bytes.truncate(choices.below(bytes.len() + 1)),
            5 | 6 => sections(&mut bytes, choices),
            7 => replace_number(&mut bytes, choices),
            8..11 => count(&mut bytes, choices),
            11 => splice(&mut bytes, choices),
            _ => code_byte(&mut bytes, choices),
        }
    }
    bytes
}

fn flip_bit(bytes: &mut [u8], choices: &mut Choices) {
    let position = choices.below(bytes.len());
    if let Some(byte) = bytes.get_mut(position) {
        *byte ^= 1 << choices.below(8);
    }
}

fn change_byte(bytes: &mut [u8], choices: &mut Choices) {
    let position = choices.below(bytes.len());
    if let Some(byte) = bytes.get_mut(position) {
        *byte = interesting(choices);
    }
}

/// A byte that has a meaning in many places: a limit of a LEB128 number, a type, an opcode.
fn interesting(choices: &mut Choices) -> u8 {
    const BYTES: [u8; 20] = [
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0b, 0x3f, 0x40, 0x41, 0x60, 0x6f, 0x70, 0x7f, 0x80,
        0xfb, 0xfc, 0xff,
    ];
    match choices.pick(&BYTES) {
        Some(byte) if choices.chance(3, 4) => *byte,
        _ => choices.number().to_le_bytes()[0],
    }
}

/// The ranges of the sections with their headers, up to the first that cannot be read.
fn section_ranges(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut position = 8;
    while position < bytes.len() {
        let mut reader = wasmparser::BinaryReader::new(&bytes[position + 1..], 0);
        let Ok(length) = reader.read_var_u32() else { break };
        let end = position + 1 + reader.original_position() + length as usize;
        if end > bytes.len() {
            break;
        }
        ranges.push(position..end);
        position = end;
    }
    ranges
}

/// Doubles, removes or swaps sections.
fn sections(bytes: &mut Vec<u8>, choices: &mut Choices) {
    let ranges = section_ranges(bytes);
    let mut parts: Vec<Vec<u8>> = ranges.iter().map(|range| bytes[range.clone()].to_vec()).collect();
    if parts.is_empty() {
        return;
    }
    let (one, other) = (choices.below(parts.len()), choices.below(parts.len()));
    match choices.below(3) {
        0 => parts.insert(other, parts[one].clone()),
        1 => {
            parts.remove(one);
        }
        _ => parts.swap(one, other),
    }
    bytes.truncate(8);
    bytes.extend(parts.into_iter().flatten());
}

fn leb(mut number: u64, longer: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = number.to_le_bytes()[0] & 0x7f;
        number >>= 7;
        if number == 0 {
            if longer {
                bytes.extend([byte | 0x80, 0x80, 0x00]);
            } else {
                bytes.push(byte);
            }
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

fn huge(choices: &mut Choices) -> Vec<u8> {
    const NUMBERS: [u64; 14] = [
        0,
        1,
        100,
        1000,
        65_535,
        65_536,
        65_537,
        100_000,
        1_000_000,
        10_000_000,
        0x7fff_ffff,
        0x8000_0000,
        0xffff_ffff,
        u64::MAX,
    ];
    let number = choices.pick(&NUMBERS).copied().unwrap_or_default();
    leb(number, choices.chance(1, 6))
}

/// Replaces a byte by a LEB128 number.
fn replace_number(bytes: &mut Vec<u8>, choices: &mut Choices) {
    let position = choices.below(bytes.len());
    if position < bytes.len() {
        bytes.splice(position..=position, huge(choices));
    }
}

/// Changes a section's count, or a number next to it, and corrects the section's size, so that the parser reaches that number.
fn count(bytes: &mut Vec<u8>, choices: &mut Choices) {
    let ranges = section_ranges(bytes);
    let Some(range) = choices.pick(&ranges).cloned() else {
        return;
    };
    let id = bytes[range.start];
    let mut reader = wasmparser::BinaryReader::new(&bytes[range.start + 1..], 0);
    if reader.read_var_u32().is_err() {
        return;
    }
    let start = range.start + 1 + reader.original_position();
    let mut contents = bytes[start..range.end].to_vec();
    if contents.is_empty() {
        return;
    }
    let position = if choices.chance(1, 2) {
        0
    } else {
        choices.below(contents.len().min(12))
    };
    contents.splice(position..=position, huge(choices));
    let mut section = vec![id];
    section.extend(leb(contents.len() as u64, false));
    section.extend(contents);
    bytes.splice(range, section);
}

/// Inserts a copy of some bytes at another position.
fn splice(bytes: &mut Vec<u8>, choices: &mut Choices) {
    let start = choices.below(bytes.len());
    let end = (start + choices.below(32)).min(bytes.len());
    let stretch = bytes[start..end].to_vec();
    let position = choices.below(bytes.len() + 1);
    bytes.splice(position..position, stretch);
}

/// Changes a byte of the code section, where a module stays valid most often.
fn code_byte(bytes: &mut [u8], choices: &mut Choices) {
    let ranges = section_ranges(bytes);
    let code = ranges.into_iter().find(|range| bytes[range.start] == 10);
    let Some(range) = code else {
        return change_byte(bytes, choices);
    };
    let position = range.start + choices.below(range.len());
    bytes[position] = if choices.chance(1, 2) {
        bytes[position].wrapping_add(1)
    } else {
        interesting(choices)
    };
}
