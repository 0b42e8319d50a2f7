//! The arguments of `inspect`, `diff` and `why`.

use std::path::PathBuf;

use clap::Args;

use super::args::{BakeArgs, OutputArgs, ShellArgs};
use super::{Allow, options, usage};
use crate::options::{BakeOptions, Stdin};

/// Show what a module or a component has, and where its bytes are
///
/// Lists memories, segments, tables with their functions, globals, imports and exports, sizes by section, crate and function, and what
/// was baked. Takes any valid file, baked or not, also one that a bake refuses. `-v` shows lists to their end, and `--message-format json`
/// writes all of it as one object.
#[derive(Debug, Args)]
pub(super) struct InspectCommand {
    /// The module or component, in the binary or the text format; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) shell: ShellArgs,
}

/// Show what changed from one module or component to another
///
/// Compares sizes, memories byte by byte, tables, globals, imports, exports and functions. Functions are matched by name, and those without
/// one by their code; indices count nowhere. Exits with 0 whether the files differ or not.
#[derive(Debug, Args)]
pub(super) struct DiffCommand {
    /// The module or component before, in the binary or the text format
    #[arg(value_name = "OLD")]
    pub(super) old: PathBuf,
    /// The module or component after
    #[arg(value_name = "NEW")]
    pub(super) new: PathBuf,
    /// Exit with 1 if the files differ, as `git diff` does
    #[arg(long)]
    pub(super) exit_code: bool,
    #[command(flatten)]
    pub(super) shell: ShellArgs,
}

/// Show why a function is in a module, or what wrote the bytes at an address
///
/// For a function, this is a shortest way to it from an export, the start function or a table that is alive, by the references that the
/// removal of dead code follows. For an address, it is the segment, item and symbol there; and if the file has an init to run, what init
/// leaves there, and the item and the call that wrote it last. An item stands for the address of its static.
///
/// Init runs as in a bake: give the options that it needs. Addresses of a baked module are those of the module that it was baked from.
#[derive(Debug, Args)]
pub(super) struct WhyCommand {
    /// A function's index, its name, or a part that no other name has; an item; or an address such as `0x100040`
    #[arg(value_name = "FUNCTION|ITEM|ADDRESS")]
    pub(super) what: String,
    /// The module or component, in the binary or the text format; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Take a decimal number for an address, not for the index of a function
    #[arg(long)]
    pub(super) address: bool,
    /// The core module of a component that is meant, by its number in what `inspect` shows
    #[arg(long, value_name = "N")]
    pub(super) module: Option<u32>,
    /// Let init use WASI, as in the bake
    #[arg(long, help_heading = "Bake Options")]
    pub(super) allow_wasi: bool,
    #[command(flatten)]
    pub(super) shell: ShellArgs,
    #[command(flatten)]
    pub(super) bake: BakeArgs,
}

/// `cargo preinit diff`.
#[derive(Debug)]
pub struct DiffTask {
    /// The file before.
    pub old: PathBuf,
    /// The file after.
    pub new: PathBuf,
    /// Whether to fail if they differ.
    pub exit_code: bool,
}

/// `cargo preinit why`.
#[derive(Debug)]
pub struct WhyTask {
    /// What is asked for.
    pub what: Asked,
    /// The file; `-` is standard input.
    pub file: PathBuf,
    /// The core module that is meant, in a component.
    pub module: Option<u32>,
    /// How init runs.
    pub options: BakeOptions,
}

/// What `why` is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A function by its index, its name or a part of it; or an item.
    Name(String),
    /// An address.
    Address(u64),
}

impl Asked {
    fn parse(what: String, is_address: bool) -> Result<Self, clap::Error> {
        let hexadecimal = what.strip_prefix("0x").or(what.strip_prefix("0X"));
        let number = match hexadecimal {
            Some(digits) => Some(u64::from_str_radix(&digits.replace('_', ""), 16)),
            None if is_address => Some(what.replace('_', "").parse()),
            None => None,
        };
        match number {
            None => Ok(Self::Name(what)),
            Some(Ok(address)) => Ok(Self::Address(address)),
            Some(Err(_)) => {
                let text = format!("`{}` is not an address", crate::shown::line(&what));
                Err(usage("why", clap::error::ErrorKind::ValueValidation, &text))
            }
        }
    }
}

impl WhyCommand {
    pub(super) fn task(self) -> Result<WhyTask, clap::Error> {
        let allow = match self.allow_wasi {
            true => Allow::Wasi(Stdin::Closed),
            false => Allow::Nothing,
        };
        Ok(WhyTask {
            what: Asked::parse(self.what, self.address)?,
            file: self.file,
            module: self.module,
            options: options(self.bake, OutputArgs::default(), allow)
                .map_err(|(kind, text)| usage("why", kind, &text))?,
        })
    }
}
