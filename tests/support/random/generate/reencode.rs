//! Reencodes modules with unshared memories, more imports, another order of functions, or functions that trap.

use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder, utils};
use wasm_encoder::{
    CodeSection, EntityType, Function, FunctionSection, ImportSection, Instruction, MemoryType, Module,
    RawSection, SectionId,
};
use wasmparser::{
    BinaryReader, CodeSectionReader, FunctionBody, Operator, Parser, Payload, RefType, ValType,
};

/// Makes memories unshared: the threads proposal is on for its atomics, but bakes refuse shared memories.
struct Unshare;

impl Reencode for Unshare {
    type Error = Infallible;

    fn memory_type(&mut self, ty: wasmparser::MemoryType) -> Result<MemoryType, Error<Infallible>> {
        Ok(MemoryType {
            shared: false,
            ..RoundtripReencoder
                .memory_type(ty)
                .map_err(|_| Error::UnexpectedNonCoreModuleSection)?
        })
    }
}

pub(super) fn unshare(wasm: &[u8]) -> Option<Vec<u8>> {
    written_by(&mut Unshare, wasm)
}

fn written_by(writer: &mut impl Reencode, wasm: &[u8]) -> Option<Vec<u8>> {
    let mut output = Module::new();
    writer.parse_core_module(&mut output, Parser::new(0), wasm).ok()?;
    Some(output.finish())
}

/// Adds imports of immutable globals behind all other imports, and so in front of the module's own globals.
struct Import {
    types: Vec<RefType>,
    /// The number of globals that the module imports already.
    before: u32,
    is_done: bool,
}

impl Import {
    fn add(&mut self, imports: &mut ImportSection) -> Result<(), Error<Infallible>> {
        self.is_done = true;
        for (number, ty) in self.types.iter().enumerate() {
            let ty = wasm_encoder::GlobalType {
                val_type: RoundtripReencoder.val_type(ValType::Ref(*ty))?,
                mutable: false,
                shared: false,
            };
            imports.import("references", &number.to_string(), EntityType::Global(ty));
        }
        Ok(())
    }
}

impl Reencode for Import {
    type Error = Infallible;

    fn global_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        let added = u32::try_from(self.types.len()).unwrap_or(u32::MAX);
        Ok(if index < self.before { index } else { index + added })
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        utils::parse_import_section(self, imports, section)?;
        self.add(imports)
    }

    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        _: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Result<(), Error<Infallible>> {
        if !self.is_done && !matches!(before, Some(SectionId::Type | SectionId::Import)) {
            let mut imports = ImportSection::new();
            self.add(&mut imports)?;
            module.section(&imports);
        }
        Ok(())
    }
}

/// The module with more imported immutable globals; `before` is the number that it imports already.
pub(super) fn with_imported_globals(wasm: &[u8], types: Vec<RefType>, before: u32) -> Option<Vec<u8>> {
    let mut writer = Import {
        types,
        before,
        is_done: false,
    };
    written_by(&mut writer, wasm)
}

/// Moves a function in front of all others that the module defines, where the linker puts the constructors.
struct Front {
    function: u32,
    /// The number of imported functions.
    imported: u32,
}

impl Front {
    /// Puts entries into the new order.
    fn sorted<T>(&self, mut entries: Vec<T>) -> Vec<T> {
        let position = usize::try_from(self.function - self.imported).unwrap_or(usize::MAX);
        if let Some(moved) = entries.get_mut(..=position) {
            moved.rotate_right(1);
        }
        entries
    }
}

impl Reencode for Front {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error<Infallible>> {
        Ok(if index == self.function {
            self.imported
        } else if (self.imported..self.function).contains(&index) {
            index + 1
        } else {
            index
        })
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for ty in self.sorted(section.into_iter().collect::<Result<_, _>>()?) {
            functions.function(ty);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for body in self.sorted(section.into_iter().collect::<Result<_, _>>()?) {
            self.parse_function_body(code, body)?;
        }
        Ok(())
    }
}

/// The module with one of its functions in front of all others that it defines.
pub(super) fn with_function_in_front(wasm: &[u8], function: u32, imported: u32) -> Option<Vec<u8>> {
    written_by(&mut Front { function, imported }, wasm)
}

/// Replaces functions that the engine does not compile by ones that trap, and returns how many there are.
///
/// # Errors
///
/// If the module cannot be read.
pub(in crate::random) fn mute(wasm: &[u8]) -> wasmparser::Result<(Vec<u8>, usize)> {
    let mut output = Module::new();
    let mut muted = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if let Payload::CodeSectionStart { range, .. } = &payload {
            let mut code = CodeSection::new();
            let reader = BinaryReader::new(&wasm[range.clone()], 0);
            for body in CodeSectionReader::new(reader)? {
                let body = body?;
                if is_foreign(&body)? {
                    muted += 1;
                    let mut trap = Function::new([]);
                    trap.instruction(&Instruction::Unreachable);
                    trap.instruction(&Instruction::End);
                    code.function(&trap);
                } else {
                    code.raw(body.as_bytes());
                }
            }
            output.section(&code);
        } else if let Some((id, range)) = payload.as_section() {
            output.section(&RawSection {
                id,
                data: &wasm[range],
            });
        }
    }
    Ok((output.finish(), muted))
}

/// Whether a function uses legacy exceptions or `memory.discard`, which the engine does not compile.
fn is_foreign(body: &FunctionBody<'_>) -> wasmparser::Result<bool> {
    for operator in body.get_operators_reader()? {
        if matches!(
            operator?,
            Operator::Try { .. }
                | Operator::Catch { .. }
                | Operator::CatchAll
                | Operator::Rethrow { .. }
                | Operator::Delegate { .. }
                | Operator::MemoryDiscard { .. }
        ) {
            return Ok(true);
        }
    }
    Ok(false)
}
