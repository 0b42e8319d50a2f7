//! `cargo preinit new`: a package that cargo makes, with the files of a template.

use std::path::Path;

use toml::Table;

use crate::cargo::create::create;
use crate::cli::{NewTask, ShellConfig, Template};
use crate::error::Error;
use crate::report::{Event, Observer};
use crate::shown;
use crate::write;

/// A template of a package.
struct Files {
    /// The flag of `cargo new`.
    kind: &'static str,
    /// What is added to the manifest: tables, and the lines below `[dependencies]` at the end.
    manifest: &'static str,
    /// Other files, by their paths in the package.
    files: &'static [(&'static str, &'static str)],
    /// What to try in its directory.
    next: &'static str,
}

/// Includes files of `templates/`.
macro_rules! files {
    ($template:literal, $kind:literal, [$($path:literal),*], $next:literal) => {
        Files {
            kind: $kind,
            manifest: include_str!(concat!("../../templates/", $template, "/manifest.toml")),
            files: &[$(($path, include_str!(concat!("../../templates/", $template, "/", $path)))),*],
            next: $next,
        }
    };
}

fn files(template: Template) -> Files {
    match template {
        Template::Reactor => files!(
            "reactor",
            "--lib",
            ["src/lib.rs"],
            "cargo preinit run --release --invoke 'prime(9999)'"
        ),
        Template::Command => files!(
            "command",
            "--bin",
            ["src/main.rs"],
            "cargo preinit run --release -- 360 4294967291"
        ),
        Template::Component => files!(
            "component",
            "--lib",
            ["src/lib.rs", "wit/world.wit"],
            "cargo preinit run --release --invoke 'factors(360)'"
        ),
        Template::Browser => files!(
            "browser",
            "--lib",
            ["src/lib.rs", "web/index.html", "web/index.js", "web/gitignore"],
            "cargo preinit --release --artifact-dir web && python3 -m http.server --directory web"
        ),
    }
}

/// Has cargo make the package, and writes the template over it.
pub(super) fn new(task: &NewTask, shell: ShellConfig, observer: &mut dyn Observer) -> Result<(), Error> {
    let template = files(task.template);
    create(task, template.kind, shell)?;
    let dir = Path::new(&task.path);
    let path = dir.join("Cargo.toml");
    let manifest = fs_err::read_to_string(&path)?;
    let name = package_name(&manifest);
    let fill = |text: &str| {
        text.replace("{sdk}", &sdk())
            .replace("{module}", &name.replace('-', "_"))
            .replace("{name}", &name)
    };
    write::write(
        &path,
        with_template(&manifest, &fill(template.manifest)).as_bytes(),
    )?;
    for (file, text) in template.files {
        // git and cargo would obey a `.gitignore` among the templates.
        let path = dir.join(file.replace("gitignore", ".gitignore"));
        if let Some(parent) = path.parent() {
            fs_err::create_dir_all(parent)?;
        }
        let text = if file.ends_with(".rs") {
            (*text).to_owned()
        } else {
            fill(text)
        };
        write::write(&path, text.as_bytes())?;
    }
    let next = format!("cd {} && {}", in_shell(dir), template.next);
    observer.on(&Event::Created {
        package: &name,
        path: dir,
        next: &next,
    });
    Ok(())
}

/// How a manifest names the SDK: by this tool's version, or by its place, if the tool was built in a clone that has it and is still there.
fn sdk() -> String {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("preinit-guest");
    if beside.join("Cargo.toml").is_file() {
        let path = toml::Value::String(beside.to_string_lossy().into_owned());
        format!("{{ path = {path} }}")
    } else {
        format!("\"{}\"", env!("CARGO_PKG_VERSION"))
    }
}

/// The name in a manifest that cargo made.
fn package_name(manifest: &str) -> String {
    let table: Table = manifest.parse().unwrap_or_default();
    let package = table.get("package").and_then(|package| package.get("name"));
    let name = package.and_then(|name| name.as_str());
    name.unwrap_or("guest").to_owned()
}

const DEPENDENCIES: &str = "[dependencies]\n";

/// A manifest that cargo made, with tables before its dependencies, and dependencies.
fn with_template(manifest: &str, template: &str) -> String {
    let (tables, dependencies) = template.split_once(DEPENDENCIES).unwrap_or((template, ""));
    let manifest = manifest.replace("\r\n", "\n");
    match manifest.split_once(DEPENDENCIES) {
        Some((before, after)) => format!("{before}{tables}{DEPENDENCIES}{dependencies}{after}"),
        None => format!("{}\n\n{tables}{DEPENDENCIES}{dependencies}", manifest.trim_end()),
    }
}

/// A path as a word of a shell.
fn in_shell(path: &Path) -> String {
    let text = shown::path(path);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./@:+,%".contains(&byte);
    if text.bytes().all(is_plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "[lib]\ncrate-type = [\"cdylib\"]\n\n[dependencies]\na = \"1\"\n";

    #[test]
    fn tables_come_before_dependencies() {
        for (manifest, expected) in [
            (
                "[package]\nname = \"x\"\n\n[dependencies]\n",
                "[package]\nname = \"x\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n\n[dependencies]\na = \"1\"\n",
            ),
            (
                "[package]\nname = \"x\"\n\n[dependencies]\n\n[lints]\nworkspace = true\n",
                "[package]\nname = \"x\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n\n[dependencies]\na = \"1\"\n\n[lints]\nworkspace = true\n",
            ),
            (
                "[package]\nname = \"x\"\n",
                "[package]\nname = \"x\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n\n[dependencies]\na = \"1\"\n",
            ),
        ] {
            let found = with_template(manifest, TEMPLATE);
            assert_eq!(found, expected);
            assert!(found.parse::<Table>().is_ok());
        }
    }

    #[test]
    fn words_of_a_shell() {
        assert_eq!(in_shell(Path::new("a/b-c")), "a/b-c");
        assert_eq!(in_shell(Path::new("it's")), r"'it'\''s'");
    }
}
