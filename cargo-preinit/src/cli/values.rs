//! Parses the values of options: names, directories, sizes, times.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use camino::Utf8PathBuf;
use clap::builder::{OsStringValueParser, TypedValueParser};

use crate::guest::to_binary;
use crate::options::{
    AllowedImpurity, AnsweredImport, AnsweringModule, ImportAnswer, MappedDir, Rename, SizeBudget, Stub,
    StubbedImport, WarningKind,
};
use crate::shown;

/// A value parser that also gets values which are not UTF-8.
pub(super) fn in_any_text<T: Clone + Send + Sync + 'static>(
    parse: fn(&OsStr) -> Result<T, String>,
) -> impl TypedValueParser<Value = T> {
    OsStringValueParser::new().try_map(move |text| parse(&text))
}

/// What `--deny` names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Denied {
    /// All warnings.
    Warnings,
    Kind(WarningKind),
}

pub(super) fn parse_denied(text: &str) -> Result<Denied, String> {
    if text == "warnings" {
        return Ok(Denied::Warnings);
    }
    let found = WarningKind::ALL.into_iter().find(|kind| kind.code() == text);
    found.map(Denied::Kind).ok_or_else(|| {
        let kinds = WarningKind::ALL.map(WarningKind::code);
        let near = kinds
            .into_iter()
            .map(|kind| (strsim::levenshtein(kind, text), kind))
            .min()
            .filter(|(distance, kind)| *distance <= kind.len() / 2);
        format!(
            "there is no such kind{}; there are `warnings`, {}",
            near.map_or_else(String::new, |(_, near)| format!("; did you mean `{near}`?")),
            shown::names(&kinds)
        )
    })
}

pub(super) fn parse_rename(text: &str) -> Result<Rename, String> {
    match text.split_once('=') {
        Some((new, old)) if !new.is_empty() && !old.is_empty() => Ok(Rename {
            new: new.to_owned(),
            old: old.to_owned(),
        }),
        _ => Err("expected NEW=OLD, two names of exports".to_owned()),
    }
}

/// An item, and why it may have state that follows from what it asked.
pub(super) fn parse_allowed(text: &str) -> Result<AllowedImpurity, String> {
    match text.split_once('=') {
        Some((item, reason)) if !item.is_empty() && !reason.trim().is_empty() => Ok(AllowedImpurity {
            item: item.to_owned(),
            reason: reason.trim().to_owned(),
        }),
        _ => Err("expected ITEM=REASON, such as `RULES=the keys need not be secret`".to_owned()),
    }
}

/// Keeps `MODULE.NAME` as one text: both may contain dots, so it is matched against the module's imports later.
pub(super) fn parse_import(text: &str) -> Result<AnsweredImport, String> {
    let (import, answer) = match text.rsplit_once('=') {
        Some((import, answer)) if !import.is_empty() => (import.to_owned(), answer),
        _ => {
            return Err(
                "expected MODULE.NAME=zero, =const:NUMBER, =trap, =wasi:FUNCTION or =FILE.wasm for a function, or MODULE.NAME=fresh for a memory"
                    .to_owned(),
            );
        }
    };
    let answer = match answer {
        "zero" => ImportAnswer::Zero,
        "fresh" => ImportAnswer::Fresh,
        "trap" => ImportAnswer::Trap,
        answer => match (answer.strip_prefix("const:"), answer.strip_prefix("wasi:")) {
            (Some(number), _) if !number.is_empty() => ImportAnswer::Const(number.to_owned()),
            (_, Some(function)) if !function.is_empty() => ImportAnswer::Wasi(function.to_owned()),
            _ => {
                let (file, export) = file_of_answer(answer).ok_or(
                    "the answers are `zero`, `const:NUMBER`, `trap`, `wasi:FUNCTION` and `FILE.wasm:EXPORT`, for a function, and `fresh`, for a \
                     memory",
                )?;
                ImportAnswer::Module(answering_module(Path::new(file), export)?)
            }
        },
    };
    Ok(AnsweredImport { import, answer })
}

/// The name of an import, and perhaps what stands for it: `trap` if that is not said.
pub(super) fn parse_stub(text: &str) -> Result<StubbedImport, String> {
    let (import, stub) = match text.rsplit_once('=') {
        Some((import, "trap")) => (import, Stub::Trap),
        Some((import, "nosys")) => (import, Stub::Nosys),
        Some(_) => return Err("expected MODULE.NAME, MODULE.NAME=trap or MODULE.NAME=nosys".to_owned()),
        None => (text, Stub::Trap),
    };
    match import.contains('.') {
        true => Ok(StubbedImport {
            import: import.to_owned(),
            stub,
        }),
        false => Err("expected MODULE.NAME, both as the module has them".to_owned()),
    }
}

/// The file of an answer that is a module's function, and the name of its export, if that is given.
pub(crate) fn file_of_answer(answer: &str) -> Option<(&str, Option<&str>)> {
    [".wasm", ".wat"].into_iter().find_map(|extension| {
        let end = answer.rfind(extension)? + extension.len();
        let (file, rest) = answer.split_at(end);
        match rest.strip_prefix(':') {
            Some(export) if !export.is_empty() => Some((file, Some(export))),
            None if rest.is_empty() => Some((file, None)),
            _ => None,
        }
    })
}

fn answering_module(file: &Path, export: Option<&str>) -> Result<AnsweringModule, String> {
    let bytes = fs_err::read(file).map_err(|error| error.to_string())?;
    let wasm = to_binary(&bytes).map_err(|error| format!("`{}`: {error}", file.display()))?;
    let name = file.file_name().unwrap_or_default();
    Ok(AnsweringModule {
        file: name.to_string_lossy().into_owned(),
        wasm: wasm.as_ref().into(),
        export: export.map(str::to_owned),
    })
}

/// HOST can be any path. GUEST is a WASI path, so it has to be UTF-8.
pub(super) fn parse_dir(text: &OsStr) -> Result<MappedDir, String> {
    let (host, guest) = split_once(text, "::").unwrap_or((text, text));
    let Some(guest) = guest.to_str() else {
        return Err("expected HOST::GUEST, where GUEST is UTF-8".to_owned());
    };
    if host.is_empty() || guest.is_empty() {
        return Err("expected HOST::GUEST, two directories".to_owned());
    }
    Ok(MappedDir {
        host: host.into(),
        guest: guest.to_owned(),
    })
}

/// A directory as Wizer's `--mapdir` has it.
pub(super) fn parse_mapdir(text: &OsStr) -> Result<MappedDir, String> {
    let parts = split_once(text, "::").and_then(|(guest, host)| Some((guest.to_str()?, host)));
    match parts {
        Some((guest, host)) if !guest.is_empty() && !host.is_empty() => Ok(MappedDir {
            host: host.into(),
            guest: guest.to_owned(),
        }),
        _ => Err("expected GUEST::HOST, two directories, as Wizer has it".to_owned()),
    }
}

/// The text before and after the first `separator`.
pub(super) fn split_once<'t>(text: &'t OsStr, separator: &str) -> Option<(&'t OsStr, &'t OsStr)> {
    let bytes = text.as_encoded_bytes();
    let mut windows = bytes.windows(separator.len());
    let start = windows.position(|window| window == separator.as_bytes())?;
    let part = |bytes: &'t [u8]| {
        // SAFETY: the bytes are those of an `OsStr`, split before or behind a nonempty UTF-8 substring.
        unsafe { OsStr::from_encoded_bytes_unchecked(bytes) }
    };
    Some((part(&bytes[..start]), part(&bytes[start + separator.len()..])))
}

/// Parses a path that is handed to cargo.
pub(super) fn parse_path_for_cargo(path: &OsStr) -> Result<Utf8PathBuf, String> {
    path.to_str()
        .map(Utf8PathBuf::from)
        .ok_or_else(|| "cargo takes no path that is not UTF-8".to_owned())
}

pub(super) fn parse_env(text: &str) -> Result<String, String> {
    if text.is_empty() || text.starts_with('=') {
        return Err("expected NAME or NAME=VALUE, where the name is not empty".to_owned());
    }
    if !text.contains('=') && crate::env::is_unreadable(text) {
        return Err("its value here is not UTF-8".to_owned());
    }
    Ok(text.to_owned())
}

/// A name for files in one directory.
pub(super) fn parse_file_name(text: &str) -> Result<String, String> {
    let is_plain = !text.is_empty() && !text.contains(['/', '\\', '\0']) && text != "." && text != "..";
    match is_plain {
        true => Ok(text.to_owned()),
        false => Err("expected the name of a file, without a directory".to_owned()),
    }
}

pub(super) fn parse_post_process(text: &str) -> Result<String, String> {
    let has = |place: &str| text.split_whitespace().any(|word| word.contains(place));
    let starts_with_program = text
        .split_whitespace()
        .next()
        .is_some_and(|word| !word.contains(['{', '}']));
    match starts_with_program && has("{input}") && has("{output}") {
        true => Ok(text.to_owned()),
        false => Err("expected a program with `{input}` and `{output}` among its arguments".to_owned()),
    }
}

pub(super) fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "expected a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "expected a positive number of seconds".to_owned())
}

pub(super) fn parse_bytes(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 7] = [
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("kB", 1_000),
        ("KB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
    ];
    let (number, unit) = UNITS
        .iter()
        .find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?, *unit)))
        .unwrap_or((text, 1));
    number
        .trim()
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(unit))
        .ok_or_else(|| "expected a number of bytes, such as 65536, 512MiB or 2GiB".to_owned())
}

/// A size, or the name of a host with a limit.
pub(super) fn parse_size_budget(text: &str) -> Result<SizeBudget, String> {
    if let Some(of_host) = SizeBudget::of_host(text) {
        return Ok(of_host);
    }
    let bytes = parse_bytes(text);
    bytes
        .map(SizeBudget::of_file)
        .map_err(|error| format!("{error}, or one of shopify, workers, workers-free"))
}

/// Rejects 0: init cannot be called without a stack, whereas the limits on memory, tables and output may be 0.
pub(super) fn parse_stack(text: &str) -> Result<u64, String> {
    match parse_bytes(text)? {
        0 => Err("init cannot be called without a stack".to_owned()),
        bytes => Ok(bytes),
    }
}

/// Adds an entry to the guest's environment: `NAME=VALUE` as it is, `NAME` with the value of this process's variable. It replaces
/// earlier entries for that name. If `NAME` is not set here, only these are removed.
pub(super) fn show(env: &mut Vec<(String, String)>, entry: String) {
    let (name, value) = match entry.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (entry.clone(), crate::env::variable(&entry)),
    };
    env.retain(|(other, _)| *other != name);
    env.extend(value.map(|value| (name, value)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_understood() {
        assert_eq!(parse_bytes("512"), Ok(512));
        assert_eq!(parse_bytes("2GiB"), Ok(2 << 30));
        assert_eq!(parse_bytes("256kB"), Ok(256_000));
        assert!(parse_bytes("2gb").is_err());
        assert!(parse_bytes("99999999999GiB").is_err());
        assert_eq!(parse_bytes("0"), Ok(0));
        assert!(parse_stack("0KiB").is_err());
        assert_eq!(parse_seconds("0.5"), Ok(Duration::from_millis(500)));
        assert!(parse_seconds("0").is_err());
        assert!(parse_seconds("nan").is_err());
    }
}
