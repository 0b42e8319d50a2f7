//! Reads `[package.metadata.preinit]` and `[workspace.metadata.preinit]`.
//!
//! **In** cargo's metadata. **Out** the targets that a package names, and the [`Settings`] of its bakes. **Refuses** what it does not
//! understand, with the place in the manifest.
//!
//! A key is the long name of an option of `cargo preinit`, or `target`, or `profile`, a table whose tables have the same keys and apply
//! to one profile. Names and values may be a table where the option's value is a pair, as in `env = { STAGE = "test" }`.

use std::collections::BTreeMap;
use std::ffi::OsString;

use camino::Utf8Path;
use cargo_metadata::{Metadata, Package};
use serde_json::{Map, Value};

use super::is_wasm;
use crate::cli::{Setting, Settings, Shape, check_values, file_of_answer, settings};
use crate::error::Error;
use crate::shown;

/// What manifests say of a package.
#[derive(Debug, Default)]
pub(super) struct OfPackage {
    /// Its targets; empty if none is named.
    pub(super) targets: Vec<String>,
    /// How to bake its modules.
    pub(super) settings: Settings,
    /// Whether its own manifest names init functions, so that it is a guest without the SDK.
    pub(super) names_init: bool,
}

/// Reads what the manifests of a package and of its workspace say of a profile.
///
/// # Errors
///
/// [`Error::Settings`] for what is not understood, [`Error::NotWasm`] for a target that is not one of WebAssembly.
pub(super) fn of_package(package: &Package, metadata: &Metadata, profile: &str) -> Result<OfPackage, Error> {
    let of = |value: &Value, owner: &'static str, manifest: &Utf8Path| {
        let place = Place {
            owner,
            manifest: manifest.to_owned(),
        };
        place.read(value.get("preinit"))
    };
    let own = of(&package.metadata, "package", &package.manifest_path)?;
    let shared = of(
        &metadata.workspace_metadata,
        "workspace",
        &metadata.workspace_root.join("Cargo.toml"),
    )?;
    let of_profile = |table: &Table| table.profiles.get(profile).cloned().unwrap_or_default();
    let of_own = of_profile(&own).over(&own.settings);
    let targets = match own.targets.is_empty() {
        true => shared.targets.clone(),
        false => own.targets.clone(),
    };
    Ok(OfPackage {
        targets,
        names_init: of_own.sets("init-func"),
        settings: of_own.over(&of_profile(&shared)).over(&shared.settings),
    })
}

/// What one table says.
#[derive(Debug, Default)]
struct Table {
    targets: Vec<String>,
    settings: Settings,
    profiles: BTreeMap<String, Settings>,
}

/// A manifest, and which of its `metadata` tables is meant.
struct Place {
    owner: &'static str,
    manifest: camino::Utf8PathBuf,
}

/// What is not understood: the keys that lead to it, below `preinit`.
struct Misfit {
    path: Vec<String>,
    message: String,
    help: Option<String>,
}

impl Misfit {
    fn new(message: impl Into<String>) -> Self {
        Self {
            path: Vec::new(),
            message: message.into(),
            help: None,
        }
    }

    fn below(mut self, key: &str) -> Self {
        self.path.insert(0, key.to_owned());
        self
    }
}

impl Place {
    fn read(&self, value: Option<&Value>) -> Result<Table, Error> {
        let Some(value) = value else {
            return Ok(Table::default());
        };
        let table = self.table(value).map_err(|misfit| self.error(misfit))?;
        match table.targets.iter().find(|target| !is_wasm(target)) {
            Some(target) => Err(Error::NotWasm(target.clone())),
            None => Ok(table),
        }
    }

    fn table(&self, value: &Value) -> Result<Table, Misfit> {
        let known = settings();
        let mut found = Table::default();
        for (key, value) in entries(value)? {
            let below = |misfit: Misfit| misfit.below(key);
            match key.as_str() {
                "target" => found.targets = texts(value).map_err(below)?,
                "profile" => {
                    for (profile, value) in entries(value).map_err(below)? {
                        let inner = |misfit: Misfit| misfit.below(profile).below(key);
                        let mut of_profile = Settings::default();
                        for (key, value) in entries(value).map_err(inner)? {
                            let set = self.set(&mut of_profile, &known, &[], key, value);
                            set.map_err(|misfit| inner(misfit.below(key)))?;
                        }
                        found.profiles.insert(profile.clone(), of_profile);
                    }
                }
                _ => self
                    .set(&mut found.settings, &known, &["target", "profile"], key, value)
                    .map_err(below)?,
            }
        }
        Ok(found)
    }

    /// Sets the option of a key. `others` are the keys that may stand beside those of the options.
    fn set(
        &self,
        settings: &mut Settings,
        known: &[Setting],
        others: &[&str],
        key: &str,
        value: &Value,
    ) -> Result<(), Misfit> {
        let names = known.iter().map(|setting| setting.name.as_str());
        let Some(setting) = known.iter().find(|setting| setting.name == key) else {
            return Err(unknown(key, names.chain(others.iter().copied())));
        };
        let values: Vec<String> = match (setting.shape, value) {
            (_, Value::Bool(false)) if setting.shape == Shape::Flag || setting.is_value_optional => {
                settings.set(key, Vec::new());
                return Ok(());
            }
            (_, Value::Bool(true)) if setting.shape == Shape::Flag || setting.is_value_optional => {
                vec!["true".to_owned()]
            }
            (Shape::Flag, _) => return Err(Misfit::new("expected `true` or `false`")),
            (Shape::One, value) => vec![text(value)?],
            (Shape::Several, Value::Object(table)) => self.pairs(key, table)?,
            (Shape::Several, value) => texts(value)?,
        };
        let values = match key {
            "dir" => values.iter().map(|dir| self.dir(dir)).collect::<Result<_, _>>()?,
            "import" => values.iter().map(|import| self.import(import)).collect(),
            _ => values,
        };
        let values: Vec<OsString> = values.into_iter().map(OsString::from).collect();
        check_values(key, &values).map_err(Misfit::new)?;
        settings.set(key, values);
        Ok(())
    }

    /// The values of an option that a table gives.
    fn pairs(&self, key: &str, table: &Map<String, Value>) -> Result<Vec<String>, Misfit> {
        let mut values = Vec::new();
        for (name, value) in table {
            let below = |misfit: Misfit| misfit.below(name);
            match key {
                // The value that the variable has where the tool runs.
                "env" if value == &Value::Bool(true) => values.push(name.clone()),
                "import" => values.push(self.import(&format!("{name}={}", text(value).map_err(below)?))),
                "env" | "rename" => {
                    values.push(format!("{name}={}", text(value).map_err(below)?));
                }
                "variant" => values.extend(self.variant(name, value).map_err(below)?),
                _ => return Err(Misfit::new("expected a string, or a list of strings")),
            }
        }
        Ok(values)
    }

    /// The values of `--variant` for one variant, a table with `env`, `dir` and `arg`.
    fn variant(&self, variant: &str, value: &Value) -> Result<Vec<String>, Misfit> {
        const KEYS: [&str; 3] = ["env", "dir", "arg"];
        let mut values = vec![variant.to_owned()];
        for (key, value) in entries(value)? {
            if !KEYS.contains(&key.as_str()) {
                return Err(unknown(key, KEYS).below(key));
            }
            let shown = match value {
                Value::Object(table) => self.pairs(key, table),
                value => texts(value),
            };
            for text in shown.map_err(|misfit| misfit.below(key))? {
                let text = match key.as_str() {
                    "dir" => self.dir(&text).map_err(|misfit| misfit.below(key))?,
                    _ => text,
                };
                values.push(format!("{variant}={key}:{text}"));
            }
        }
        Ok(values)
    }

    /// `MODULE.NAME=WHAT`, where a file is relative to the manifest.
    fn import(&self, text: &str) -> String {
        let answer = text.rsplit_once('=');
        let Some((import, file)) = answer.filter(|(_, answer)| file_of_answer(answer).is_some()) else {
            return text.to_owned();
        };
        let base = self.manifest.parent().unwrap_or(Utf8Path::new(""));
        format!("{import}={}", base.join(file))
    }

    /// `HOST::GUEST`, where HOST is relative to the manifest.
    fn dir(&self, text: &str) -> Result<String, Misfit> {
        let (host, guest) = text.split_once("::").unwrap_or((text, text));
        let base = self.manifest.parent().unwrap_or(Utf8Path::new(""));
        if base.as_str().contains("::") {
            let message =
                format!("the directory `{base}` has `::` in its path, which separates HOST from GUEST");
            return Err(Misfit::new(message));
        }
        Ok(format!("{}::{guest}", base.join(host)))
    }

    fn error(&self, misfit: Misfit) -> Error {
        let Self { owner, manifest } = self;
        let fixed = [*owner, "metadata", "preinit"];
        let path: Vec<&str> = fixed
            .into_iter()
            .chain(misfit.path.iter().map(String::as_str))
            .collect();
        let position = fs_err::read_to_string(manifest)
            .ok()
            .and_then(|text| position(&text, &path));
        let position = position.map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
        let subject = match misfit.path.as_slice() {
            [] => String::new(),
            path => format!(", {}", shown::name(&path.join("."))),
        };
        Error::Settings {
            manifest: format!("{manifest}{position}"),
            message: format!("in `[{owner}.metadata.preinit]`{subject}: {}", misfit.message),
            help: misfit.help,
        }
    }
}

/// The error for a key that is not among the known ones.
fn unknown<'k>(key: &str, known: impl IntoIterator<Item = &'k str>) -> Misfit {
    let near = known
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(key, known), known))
        .min()
        .filter(|(distance, known)| *distance <= known.len().div_ceil(2));
    Misfit {
        help: near.map(|(_, near)| format!("there is a key `{near}`")),
        ..Misfit::new("there is no such key")
    }
}

fn entries(value: &Value) -> Result<&Map<String, Value>, Misfit> {
    value.as_object().ok_or_else(|| Misfit::new("expected a table"))
}

/// A value as the text of an argument.
fn text(value: &Value) -> Result<String, Misfit> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(Misfit::new("expected a string or a number")),
    }
}

fn texts(value: &Value) -> Result<Vec<String>, Misfit> {
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        value => text(value)
            .map(|text| vec![text])
            .map_err(|_| Misfit::new("expected a string, or a list of strings")),
    }
}

/// The line and the column, from 1, of the last key of a path in a manifest.
fn position(manifest: &str, path: &[&str]) -> Option<(usize, usize)> {
    let document = toml::de::DeTable::parse(manifest).ok()?;
    let mut table = document.get_ref();
    let mut start = None;
    for (depth, name) in path.iter().enumerate() {
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == name) else {
            break;
        };
        start = Some(key.span().start);
        match value.get_ref() {
            toml::de::DeValue::Table(inner) => table = inner,
            _ if depth + 1 == path.len() => {}
            _ => break,
        }
    }
    let before = manifest.get(..start?)?;
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Some((line, column))
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn where_a_key_is() {
        let manifest = "[package]\nname = 'a'\n[package.metadata.preinit]\nverify = true\n  env = { A = '1',\n# B\nB = '2' }\n";
        let at = |path: &[&str]| {
            let path: Vec<&str> = ["package", "metadata", "preinit"]
                .into_iter()
                .chain(path.iter().copied())
                .collect();
            position(manifest, &path)
        };
        assert_eq!(at(&[]), Some((3, 19)));
        assert_eq!(at(&["verify"]), Some((4, 1)));
        assert_eq!(at(&["env", "B"]), Some((7, 1)));
        // What is not a key, such as an entry of a list, is at the key above it.
        assert_eq!(at(&["env", "C"]), Some((5, 3)));
    }
}
