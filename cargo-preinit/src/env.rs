//! Reads the process's environment variables. No other module does.

use std::ffi::OsString;
use std::path::PathBuf;

use camino::Utf8PathBuf;

use crate::leaks::MachineText;
use crate::shell::Color;
use crate::shown;

/// The value of a variable, if it is set and UTF-8.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    std::env::var(name).ok()
}

/// Whether a variable is set to a value that is not UTF-8.
#[must_use]
pub fn is_unreadable(name: &str) -> bool {
    os_variable(name).is_some_and(|value| value.to_str().is_none())
}

/// The cargo that called this subcommand, so that `cargo +toolchain preinit` keeps its toolchain.
#[must_use]
pub fn cargo() -> OsString {
    os_variable("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The variable that names the file in which [`answer_cargo`](crate::cargo::build::answer_cargo) records targets. Only this tool
/// sets it, for the cargo that it runs.
pub(crate) const RECORD_OF_TARGETS: &str = "CARGO_PREINIT_RECORD_OF_TARGETS";

/// The file that `CARGO_PREINIT_RECORD_OF_TARGETS` names. It is set if cargo calls this program in place of the compiler.
#[must_use]
pub fn record_of_targets() -> Option<PathBuf> {
    os_variable(RECORD_OF_TARGETS).map(PathBuf::from)
}

/// The file that is locked while a target is added.
#[must_use]
pub fn lock_of_targets() -> PathBuf {
    std::env::temp_dir().join("cargo-preinit-targets.lock")
}

/// The directory of the cache of baked modules, `CARGO_PREINIT_CACHE_DIR`, if it is set. A relative path is one from the working
/// directory.
#[must_use]
pub fn shared_cache_dir() -> Option<PathBuf> {
    let dir = os_variable("CARGO_PREINIT_CACHE_DIR").filter(|dir| !dir.is_empty())?;
    std::path::absolute(dir).ok()
}

/// The directory of the cache of compiled code: the one of baked modules, else `cargo-preinit` in the user's cache directory, if there is
/// one.
#[must_use]
pub fn cache_dir() -> Option<PathBuf> {
    let dir = |name: &str| {
        os_variable(name)
            .map(PathBuf::from)
            .filter(|dir| dir.is_absolute())
    };
    let base = || {
        if cfg!(windows) {
            dir("LOCALAPPDATA")
        } else if cfg!(target_os = "macos") {
            Some(dir("HOME")?.join("Library/Caches"))
        } else {
            dir("XDG_CACHE_HOME").or_else(|| Some(dir("HOME")?.join(".cache")))
        }
    };
    shared_cache_dir().or_else(|| Some(base()?.join("cargo-preinit")))
}

/// Texts that name this machine or its user, or are secrets in its environment: none of them should be in a baked module.
///
/// Short ones are left out, since they may be anywhere: values of fewer than 16 bytes, unless the variable's name says that it is a secret,
/// and names of fewer than 6.
#[must_use]
pub fn machine_texts() -> Vec<MachineText> {
    const SECRET: [&str; 8] = [
        "TOKEN",
        "SECRET",
        "PASSWORD",
        "PASSWD",
        "CREDENTIAL",
        "API_KEY",
        "ACCESS_KEY",
        "PRIVATE_KEY",
    ];
    let mut found: Vec<MachineText> = Vec::new();
    let mut add = |what: String, text: String, least: usize, is_secret: bool| {
        if text.len() >= least && !found.iter().any(|known: &MachineText| known.text == text) {
            found.push(MachineText {
                what,
                text,
                is_secret,
            });
        }
    };
    let home = ["HOME", "USERPROFILE"].iter().find_map(|name| variable(name));
    if let Some(home) = home {
        // Of a user without a directory of its own, it says nothing.
        add("the path of the home directory".to_owned(), home, 6, false);
    }
    if let Some(dir) = std::env::current_dir()
        .ok()
        .and_then(|dir| dir.to_str().map(str::to_owned))
    {
        add("the path of the working directory".to_owned(), dir, 6, false);
    }
    for (name, what) in [
        ("USER", "the user's name"),
        ("LOGNAME", "the user's name"),
        ("USERNAME", "the user's name"),
        ("HOSTNAME", "the host's name"),
        ("COMPUTERNAME", "the host's name"),
    ] {
        if let Some(text) = variable(name) {
            add(what.to_owned(), text, 6, false);
        }
    }
    for (name, value) in std::env::vars_os() {
        if let (Ok(name), Ok(value)) = (name.into_string(), value.into_string()) {
            let is_secret = SECRET.iter().any(|word| name.to_ascii_uppercase().contains(word));
            let least = if is_secret { 8 } else { 16 };
            add(
                format!("the value of the variable {}", shown::name(&name)),
                value,
                least,
                is_secret,
            );
        }
    }
    found
}

fn os_variable(name: &str) -> Option<OsString> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    std::env::var_os(name)
}

/// The directories in which programs are looked for.
pub fn path() -> impl Iterator<Item = PathBuf> {
    let path = os_variable("PATH").unwrap_or_default();
    std::env::split_paths(&path).collect::<Vec<_>>().into_iter()
}

/// The variable [`SOURCE_DATE_EPOCH`][spec], the time of a reproducible build, in seconds since the Unix epoch.
///
/// # Errors
///
/// A message, if the variable is set but is not such a number.
///
/// [spec]: https://reproducible-builds.org/specs/source-date-epoch/
pub fn source_date_epoch() -> Result<Option<u64>, String> {
    os_variable("SOURCE_DATE_EPOCH")
        .map(|text| seconds(&text.to_string_lossy()))
        .transpose()
}

fn seconds(text: &str) -> Result<u64, String> {
    // WASI counts nanoseconds in 64 bits.
    const LAST: u64 = u64::MAX / 1_000_000_000;
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = text.parse().ok().filter(|seconds| is_number && *seconds <= LAST);
    seconds.ok_or_else(|| {
        format!(
            "the variable `SOURCE_DATE_EPOCH` is {}, and no number of seconds since 1970 up to {LAST}",
            shown::name(text)
        )
    })
}

/// cargo's home directory, which holds the user's configuration.
#[must_use]
pub fn cargo_home() -> Option<Utf8PathBuf> {
    let home = std::env::home_dir().and_then(|home| Utf8PathBuf::from_path_buf(home).ok());
    variable("CARGO_HOME")
        .map(Utf8PathBuf::from)
        .or_else(|| home.map(|home| home.join(".cargo")))
}

/// `HOME` and the variables whose names begin with `CARGO` or `RUST`, which cargo, rustup and the compiler read, sorted.
#[must_use]
pub fn of_cargo() -> Vec<(OsString, OsString)> {
    let mut variables: Vec<_> = std::env::vars_os()
        .filter(|(name, _)| {
            let name = name.as_encoded_bytes();
            name == b"HOME" || name.starts_with(b"CARGO") || name.starts_with(b"RUST")
        })
        .collect();
    variables.sort();
    variables
}

/// The compiler that the environment has cargo call.
#[must_use]
pub fn rustc() -> OsString {
    os_variable("RUSTC").unwrap_or_else(|| "rustc".into())
}

/// The value of `--color`, else of `CARGO_TERM_COLOR`. It is read before clap parses the arguments, so that it also applies to
/// help and errors. For [`Color::Auto`], `NO_COLOR` and `CLICOLOR_FORCE` count later.
pub fn color(args: &[OsString]) -> Color {
    let mut asked = None;
    let mut args = args.iter().filter_map(|arg| arg.to_str());
    while let Some(arg) = args.next() {
        match arg.strip_prefix("--color") {
            Some("") => asked = args.next().map(str::to_owned),
            Some(value) => asked = value.strip_prefix('=').map(str::to_owned),
            None if arg == "--" => break,
            None => {}
        }
    }
    match asked.or_else(|| variable("CARGO_TERM_COLOR")).as_deref() {
        Some("always") => Color::Always,
        Some("never") => Color::Never,
        _ => Color::Auto,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_digits_and_not_too_many() {
        assert_eq!(seconds("0"), Ok(0));
        assert_eq!(seconds("1700000000"), Ok(1_700_000_000));
        assert_eq!(seconds("18446744073"), Ok(18_446_744_073));
        for text in [
            "",
            " 1",
            "+1",
            "-1",
            "1.5",
            "1e9",
            "0x10",
            "18446744074",
            "99999999999999999999",
            "today",
        ] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn colour_is_found_before_parsing() {
        let ask = |args: &str| color(&args.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(ask("cargo preinit --color never"), Color::Never);
        assert_eq!(ask("cargo preinit --color=always -v"), Color::Always);
    }
}
