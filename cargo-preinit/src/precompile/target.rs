//! The targets that a module can be compiled for.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use object::elf::{EM_AARCH64, EM_RISCV, EM_S390, EM_X86_64};
use target_lexicon::{Aarch64Architecture, Architecture, Endianness, OperatingSystem, Triple};
use wasmtime::{Config, Engine};

/// This machine, or another that wasmtime compiles for.
///
/// As text it is `host`, or a triple: `x86_64`, `aarch64`, `s390x` or `riscv64gc` with an operating system, or one of the
/// interpreter's: `pulley32`, `pulley32be`, `pulley64`, `pulley64be`.
///
/// ```
/// use cargo_preinit::precompile::Target;
///
/// let target: Target = "aarch64-unknown-linux-gnu".parse()?;
/// assert_eq!(target.file_suffix(), "aarch64-unknown-linux-gnu.cwasm");
/// # Ok::<(), cargo_preinit::precompile::TargetError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The triple as it was given; `None` for the host.
    triple: Option<String>,
    parsed: Triple,
    machine: Machine,
}

/// The error of a text or a machine that is not a target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{reason}; expected `host`, one of `pulley32`, `pulley32be`, `pulley64`, `pulley64be`, or a triple of aarch64, \
     riscv64gc, s390x or x86_64 with an operating system, such as `x86_64-unknown-linux-gnu`"
)]
pub struct TargetError {
    reason: String,
}

/// What the header of an image says about its machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Machine {
    /// ELF's number of the machine, `e_machine`.
    pub(super) elf: u16,
    /// wasmtime's flags for its interpreter. The interpreter has no ELF number of its own and uses that of RISC-V.
    pub(super) flags: u32,
    pub(super) is_big_endian: bool,
}

const PULLEY_32: u32 = 1 << 2;
const PULLEY_64: u32 = 1 << 3;
/// The bits of ELF's `e_flags` that are in [`Machine::flags`].
pub(super) const PULLEY_FLAGS: u32 = PULLEY_32 | PULLEY_64;

/// The text for this machine.
const HOST: &str = "host";

impl Target {
    /// This machine, with all extensions of its processor.
    ///
    /// # Errors
    ///
    /// If wasmtime does not compile for this machine.
    pub fn host() -> Result<Self, TargetError> {
        Self::new(None, Triple::host())
    }

    fn new(triple: Option<String>, parsed: Triple) -> Result<Self, TargetError> {
        let error = |reason: String| TargetError { reason };
        let machine = machine(&parsed)
            .ok_or_else(|| error(format!("wasmtime does not compile for `{}`", parsed.architecture)))?;
        // wasmtime checks the operating system when it loads an image.
        match (parsed.operating_system, machine.flags) {
            (OperatingSystem::Unknown, 0) => {
                let text = triple.unwrap_or_else(|| parsed.to_string());
                return Err(error(format!("`{text}` does not say for which operating system")));
            }
            (system, flags) if system != OperatingSystem::Unknown && flags != 0 => {
                return Err(error(
                    "the interpreter's code is the same on all operating systems".to_owned(),
                ));
            }
            _ => {}
        }
        let target = Self {
            triple,
            parsed,
            machine,
        };
        let mut config = Config::new();
        if let Some(triple) = target.triple() {
            config
                .target(triple)
                .map_err(|reason| error(reason.to_string()))?;
        }
        Engine::new(&config).map_err(|reason| error(format!("{reason:#}")))?;
        Ok(target)
    }

    /// The end of the name of a file with an image for this target: `cwasm` for the host, else `TRIPLE.cwasm`.
    #[must_use]
    pub fn file_suffix(&self) -> String {
        match &self.triple {
            None => "cwasm".to_owned(),
            Some(triple) => format!("{triple}.cwasm"),
        }
    }

    /// The path for the image of a module: the module's, with `.wasm` replaced by [`file_suffix`](Self::file_suffix), or that added.
    #[must_use]
    pub fn image_of(&self, module: &Path) -> PathBuf {
        match module.extension() {
            Some(extension) if extension == "wasm" => module.with_extension(self.file_suffix()),
            _ => module.with_added_extension(self.file_suffix()),
        }
    }

    /// Whether it is this machine with all that its processor has.
    #[cfg(feature = "cli")]
    pub(crate) fn is_host(&self) -> bool {
        self.triple.is_none()
    }

    /// The triple, if one was given.
    pub(super) fn triple(&self) -> Option<&str> {
        self.triple.as_deref()
    }

    pub(super) fn machine(&self) -> Machine {
        self.machine
    }

    /// Whether the engine on this machine can load an image for this target.
    pub(super) fn runs_here(&self) -> bool {
        let host = Triple::host();
        let is_native = self.parsed.architecture == host.architecture
            && self.parsed.operating_system == host.operating_system;
        is_native || (self.interpreter().is_some() && self.parsed.architecture == interpreter_of(&host))
    }

    /// The triple, if it is one of the interpreter's.
    pub(super) fn interpreter(&self) -> Option<&str> {
        self.triple().filter(|_| self.machine.flags != 0)
    }
}

/// The architecture of the interpreter's code that runs on this machine.
fn interpreter_of(host: &Triple) -> Architecture {
    let is_big_endian = host.endianness() == Ok(Endianness::Big);
    match (cfg!(target_pointer_width = "32"), is_big_endian) {
        (true, false) => Architecture::Pulley32,
        (true, true) => Architecture::Pulley32be,
        (false, false) => Architecture::Pulley64,
        (false, true) => Architecture::Pulley64be,
    }
}

/// What the header of an image for this triple has to say; `None` if wasmtime does not compile for it.
fn machine(triple: &Triple) -> Option<Machine> {
    let (elf, flags, is_big_endian) = match triple.architecture {
        Architecture::X86_64 => (EM_X86_64, 0, false),
        Architecture::Aarch64(Aarch64Architecture::Aarch64) => (EM_AARCH64, 0, false),
        Architecture::Riscv64(_) => (EM_RISCV, 0, false),
        Architecture::S390x => (EM_S390, 0, true),
        Architecture::Pulley32 => (EM_RISCV, PULLEY_32, false),
        Architecture::Pulley32be => (EM_RISCV, PULLEY_32, true),
        Architecture::Pulley64 => (EM_RISCV, PULLEY_64, false),
        Architecture::Pulley64be => (EM_RISCV, PULLEY_64, true),
        _ => return None,
    };
    Some(Machine {
        elf,
        flags,
        is_big_endian,
    })
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        if text == HOST {
            return Self::host();
        }
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        let parsed = Triple::from_str(text)
            .ok()
            // The text becomes part of a file name.
            .filter(|_| text.chars().all(is_plain))
            .ok_or_else(|| TargetError {
                reason: format!("`{text}` is no target triple"),
            })?;
        Self::new(Some(text.to_owned()), parsed)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.triple {
            None => f.write_str("this machine"),
            Some(triple) => write!(f, "`{triple}`"),
        }
    }
}
