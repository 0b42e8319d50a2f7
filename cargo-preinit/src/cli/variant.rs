//! `--variant NAME[=KIND:VALUE]`: several modules from one guest, which differ in what WASI shows to init.
//!
//! Each option adds one variable, directory or argument to one variant, as `--env`, `--dir` and `--arg` add one to all. So no value
//! needs quotes, and the order of different options does not matter.

use std::ffi::OsStr;

use super::values::{parse_dir, parse_env, show, split_once};
use crate::options::{MappedDir, Wasi};

/// One of several modules that are baked from the same guest.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Its name, which becomes part of the output's file name.
    pub name: String,
    /// What WASI shows to init.
    pub wasi: Wasi,
}

/// One `--variant` option, parsed.
#[derive(Debug, Clone)]
pub(super) struct VariantArg {
    name: String,
    shown: Option<Shown>,
}

#[derive(Debug, Clone)]
enum Shown {
    Env(String),
    Dir(MappedDir),
    Arg(String),
}

impl VariantArg {
    pub(super) fn needs_wasi(&self) -> bool {
        self.shown.is_some()
    }
}

pub(super) fn parse(text: &OsStr) -> Result<VariantArg, String> {
    let (name, shown) = match split_once(text, "=") {
        Some((name, shown)) => (name, Some(shown)),
        None => (text, None),
    };
    // The name becomes part of a file name.
    let is_plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let name = name.to_str().unwrap_or_default();
    if name.is_empty() || !name.chars().all(is_plain) {
        return Err("expected a NAME of letters, digits, `-` and `_`".to_owned());
    }
    Ok(VariantArg {
        name: name.to_owned(),
        shown: shown.map(parse_shown).transpose()?,
    })
}

fn parse_shown(text: &OsStr) -> Result<Shown, String> {
    let (kind, value) = split_once(text, ":").unwrap_or((text, OsStr::new("")));
    // As with `--env` and `--arg`. The path of a host directory need not be UTF-8.
    let in_utf8 = || value.to_str().ok_or("expected a value that is UTF-8");
    match kind.to_str() {
        Some("env") => Ok(Shown::Env(parse_env(in_utf8()?)?)),
        Some("dir") => Ok(Shown::Dir(parse_dir(value)?)),
        Some("arg") => Ok(Shown::Arg(in_utf8()?.to_owned())),
        _ => Err("expected NAME=env:NAME[=VALUE], NAME=dir:HOST[::GUEST] or NAME=arg:ARG".to_owned()),
    }
}

/// The variants, in the order of their first mention. Each starts from `of_all`, and adds its own options.
pub(super) fn variants(arguments: Vec<VariantArg>, of_all: &Wasi) -> Vec<Variant> {
    let mut variants: Vec<Variant> = Vec::new();
    for VariantArg { name, shown } in arguments {
        let position = variants.iter().position(|variant| variant.name == name);
        let position = position.unwrap_or_else(|| {
            let wasi = of_all.clone();
            variants.push(Variant { name, wasi });
            variants.len() - 1
        });
        let (Some(shown), Wasi::Allowed(wasi)) = (shown, &mut variants[position].wasi) else {
            continue;
        };
        match shown {
            Shown::Env(entry) => {
                show(&mut wasi.env, entry);
            }
            Shown::Dir(dir) => {
                wasi.dirs.retain(|other| other.guest != dir.guest);
                wasi.dirs.push(dir);
            }
            Shown::Arg(arg) => wasi.args.push(arg),
        }
    }
    variants
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::WasiOptions;

    #[test]
    fn a_variant_sees_what_all_see_and_its_own() {
        let arguments = [
            "a=env:X=1=1,2",
            "b=arg:--fast",
            "a=dir:here::/",
            "a=env:Y=2",
            "c",
            "b=arg:x=y",
        ];
        let arguments = arguments
            .map(|text| parse(OsStr::new(text)).expect("it is valid"))
            .to_vec();
        let all = WasiOptions {
            env: vec![("X".to_owned(), "0".to_owned())],
            ..WasiOptions::default()
        };
        let found = variants(arguments, &Wasi::Allowed(all));
        let shown: Vec<String> = found
            .iter()
            .map(|variant| match &variant.wasi {
                Wasi::Allowed(wasi) => {
                    format!(
                        "{} {:?} {:?} {}",
                        variant.name,
                        wasi.env,
                        wasi.args,
                        wasi.dirs.len()
                    )
                }
                Wasi::Denied => String::new(),
            })
            .collect();
        assert_eq!(
            shown,
            [
                r#"a [("X", "1=1,2"), ("Y", "2")] [] 1"#,
                r#"b [("X", "0")] ["--fast", "x=y"] 0"#,
                r#"c [("X", "0")] [] 0"#,
            ]
        );
    }

    #[test]
    fn what_is_no_variant() {
        for text in [
            "", "=env:A=1", "a/b", "a=", "a=A=1", "a=env:", "a=env:=1", "a=dir:", "a=file:x", "../a",
        ] {
            assert!(parse(OsStr::new(text)).is_err(), "{text}");
        }
    }
}
