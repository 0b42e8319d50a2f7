//! A case: a directory with a guest. Comments at the head of its text say how it is baked and called.
//!
//! | Line | Meaning |
//! |---|---|
//! | `;; init: a b(1,2)` | the init functions, with arguments |
//! | `;; original: a b` | what is called in the original in place of the init functions |
//! | `;; remove-dead-code` | the golden is the output without the code that only init reached |
//! | `;; init-result: ignore` | results of init functions are not checked as a status |
//! | `;; keep-init`, `;; keep-init: empty` | the exports of the init functions stay, as they are or emptied |
//! | `;; rename: new=old` | an export to rename |
//! | `;; allow-wasi`, `;; env: NAME=VALUE` | init may call WASI, which has these variables |
//! | `;; import: a.b=zero`, `=const:NUMBER`, `=trap`, `=wasi:NAME`, `=FILE.wat:NAME`, `;; import: a.b=fresh` | what a function answers in init; a memory is promised to be fresh |
//! | `;; stub: a.b`, `;; stub: a.*=nosys` | an import that the output has itself |
//! | `;; compiler: winch` or `cranelift` | the compiler for the run |
//! | `;; timeout: SECONDS`, `;; max-memory: BYTES`, `;; max-table-elements: N`, `;; max-stack: BYTES`, `;; max-output: BYTES` | limits |
//! | `;; call: f(1, 2.5) g()` | calls after init, which original and baked must answer alike |
//! | `;; answer: f(1) => i32 7` | the same for one call, and what both must answer |
//! | `;; expect: f(1) => i32 7` | a call of the baked module only, where the original answers something else |
//! | `;; walrus: TEXT` | why walrus refuses the guest; by default it writes the output |
//! | `;; for-v8` | wasmtime does not compile the guest, so only V8 compares |
//! | `;; again: a b` | the output is baked again, with these init functions |
//! | `;; dead: 0..1024` | bytes of `memory` that are zero after the bake, whatever init left there; the bake also replays |
//! | `;; warning: TEXT`, `;; output: TEXT` | warnings and output in the report; by default there are none |
//!
//! Each line may be repeated.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use cargo_preinit::{
    AnsweredImport, AnsweringModule, BakeError, BakeOptions, Baked, Check, CompilerChoice, DeadCode,
    ImportAnswer, InitResult, KeepInit, Rename, Stub, StubbedImport, Wasi, WasiOptions, bake,
};
use wasmtime::Error;
use wasmtime::error::{Context as _, Result, bail};

/// A case, as read from its directory.
pub struct Case {
    pub directory: PathBuf,
    /// The guest's bytes, in the text or binary format.
    pub guest: Vec<u8>,
    pub must_fail: bool,
    pub options: BakeOptions,
    pub original_init: Option<Vec<String>>,
    pub calls: Vec<Call>,
    /// Calls of both modules, and their answers.
    pub answers: Vec<(Call, String)>,
    /// Calls of the baked module only, and their answers.
    pub expected: Vec<(Call, String)>,
    /// The init functions of a second bake.
    pub again: Vec<String>,
    /// Whether only V8 compiles the guest, and wasmtime does not.
    pub is_for_v8: bool,
    /// The bytes of the exported memory `memory` that the bake zeroes.
    pub dead: Vec<Range<usize>>,
    pub warnings: Vec<String>,
    /// Why walrus refuses the guest; empty if it does not.
    pub walrus: String,
    pub output: String,
}

/// A call of an export. Its arguments are still text, since their types are known from the function only.
#[derive(Debug, Clone)]
pub struct Call {
    pub export: String,
    pub arguments: Vec<String>,
}

impl FromStr for Call {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (export, arguments) = text
            .trim()
            .strip_suffix(')')
            .and_then(|text| text.split_once('('))
            .with_context(|| format!("`{text}` is not a call"))?;
        let arguments = arguments.split(',').map(|argument| argument.trim().to_owned());
        Ok(Self {
            export: export.to_owned(),
            arguments: arguments.filter(|argument| !argument.is_empty()).collect(),
        })
    }
}

impl Case {
    /// The answer of an import. A file is beside the guest.
    fn answer(&self, text: &str) -> Result<ImportAnswer> {
        Ok(match text {
            "zero" => ImportAnswer::Zero,
            "trap" => ImportAnswer::Trap,
            "fresh" => ImportAnswer::Fresh,
            text => match text.split_once(':') {
                Some(("const", number)) => ImportAnswer::Const(number.to_owned()),
                Some(("wasi", function)) => ImportAnswer::Wasi(function.to_owned()),
                Some((file, export)) => ImportAnswer::Module(AnsweringModule {
                    file: file.to_owned(),
                    wasm: wat::parse_file(self.directory.join(file))?.into(),
                    export: Some(export.to_owned()),
                }),
                None => bail!("there is no such answer"),
            },
        })
    }
}

impl Case {
    /// Reads a directory: `guest.wat`, or `guest.bin` for a guest that the text format cannot express.
    pub fn read(directory: &Path) -> Result<Self> {
        let text = directory.join("guest.wat");
        let (path, is_text) = if text.exists() {
            (text, true)
        } else {
            (directory.join("guest.bin"), false)
        };
        let guest = fs_err::read(&path)?;
        let name = directory.file_name().unwrap_or_default().to_string_lossy();
        let mut case = Self {
            directory: directory.to_owned(),
            must_fail: name.starts_with("error-"),
            // Goldens keep dead code, so that they show what the rewrite changes. Equivalence is also checked without dead code.
            options: BakeOptions {
                dead_code: DeadCode::Keep,
                ..BakeOptions::default()
            },
            original_init: None,
            calls: Vec::new(),
            answers: Vec::new(),
            expected: Vec::new(),
            again: Vec::new(),
            is_for_v8: false,
            dead: Vec::new(),
            warnings: Vec::new(),
            walrus: String::new(),
            output: String::new(),
            guest,
        };
        if is_text {
            let text = String::from_utf8_lossy(&case.guest).into_owned();
            let head = text.lines().map_while(|line| line.strip_prefix(";;"));
            for line in head.map(str::trim) {
                case.directive(line).with_context(|| format!("`;; {line}`"))?;
            }
        }
        Ok(case)
    }

    /// Reads one line of the head. A line without a known first word is a remark.
    fn directive(&mut self, line: &str) -> Result<()> {
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.trim();
        let words = || value.split_whitespace().map(str::to_owned);
        let limits = &mut self.options.limits;
        match key {
            "init" => self.options.init_functions.extend(words()),
            "original" => self.original_init.get_or_insert_default().extend(words()),
            "remove-dead-code" => self.options.dead_code = DeadCode::Remove,
            "keep-init" => {
                self.options.keep_init_functions = match value {
                    "" => KeepInit::Keep,
                    "empty" => KeepInit::Empty,
                    _ => bail!("there is no such way to keep it"),
                }
            }
            "init-result" => {
                self.options.init_result = match value {
                    "ignore" => InitResult::Ignore,
                    _ => bail!("there is no such result"),
                }
            }
            "rename" => {
                for word in words() {
                    let (new, old) = word.split_once('=').context("no `=`")?;
                    self.options.renames.push(Rename {
                        new: new.to_owned(),
                        old: old.to_owned(),
                    });
                }
            }
            "allow-wasi" => {
                self.wasi();
            }
            "env" => {
                let (name, value) = value.split_once('=').context("no `=`")?;
                self.wasi().env.push((name.to_owned(), value.to_owned()));
            }
            "import" => {
                let (import, answer) = value.rsplit_once('=').context("no `=`")?;
                self.options.imports.push(AnsweredImport {
                    import: import.to_owned(),
                    answer: self.answer(answer)?,
                });
            }
            "stub" => {
                let (import, stub) = match value.rsplit_once('=') {
                    Some((import, "nosys")) => (import, Stub::Nosys),
                    Some((import, _)) => (import, Stub::Trap),
                    None => (value, Stub::Trap),
                };
                self.options.stubs.push(StubbedImport {
                    import: import.to_owned(),
                    stub,
                });
            }
            "compiler" => {
                self.options.compiler = match value {
                    "winch" => CompilerChoice::Winch,
                    "cranelift" => CompilerChoice::Cranelift,
                    _ => bail!("there is no such compiler"),
                }
            }
            "timeout" => limits.timeout = Duration::from_secs_f64(value.parse()?),
            "max-memory" => limits.memory_bytes = value.parse()?,
            "max-table-elements" => limits.table_elements = value.parse()?,
            "max-stack" => limits.stack_bytes = value.parse()?,
            "max-output" => limits.output_bytes = value.parse()?,
            "call" => {
                for call in value.split_inclusive(')') {
                    self.calls.push(call.parse()?);
                }
            }
            "answer" | "expect" => {
                let (call, answer) = value.split_once("=>").context("no `=>`")?;
                let (call, answer): (Call, String) = (call.parse()?, answer.trim().to_owned());
                if key == "answer" {
                    self.calls.push(call.clone());
                    self.answers.push((call, answer));
                } else {
                    self.expected.push((call, answer));
                }
            }
            "for-v8" => self.is_for_v8 = true,
            "again" => self.again.extend(words()),
            "dead" => {
                for word in words() {
                    let (start, end) = word.split_once("..").context("no `..`")?;
                    self.dead.push(start.parse()?..end.parse()?);
                }
                self.options.check = Check::Replay;
            }
            "warning" => self.warnings.push(value.to_owned()),
            "walrus" => value.clone_into(&mut self.walrus),
            "output" => {
                self.output.push_str(value);
                self.output.push('\n');
            }
            "" => {}
            _ if !key.contains(' ') => bail!("there is no such line"),
            _ => {}
        }
        Ok(())
    }

    /// Bakes the guest with these options, and again if the head says so.
    pub fn bake(&self, options: &BakeOptions) -> std::result::Result<Baked, BakeError> {
        let baked = bake(&self.guest, options)?;
        if self.again.is_empty() {
            return Ok(baked);
        }
        let again = BakeOptions {
            init_functions: self.again.clone(),
            ..options.clone()
        };
        bake(&baked.wasm, &again)
    }

    fn wasi(&mut self) -> &mut WasiOptions {
        if matches!(self.options.wasi, Wasi::Denied) {
            self.options.wasi = Wasi::Allowed(WasiOptions::default());
        }
        match &mut self.options.wasi {
            Wasi::Allowed(options) => options,
            Wasi::Denied => unreachable!("it was just allowed"),
        }
    }
}
