//! The options of a bake that have several sources: the command line, the manifest of the package, and that of the workspace.
//!
//! A key of a manifest is the long name of an option, so both are defined and parsed in one place: the values of all sources become
//! arguments, and clap parses them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args as _, Command, FromArgMatches as _};
use serde::{Deserialize, Serialize};

use super::args::GuestArgs;
use super::variant::{self, Variant};
use super::{Allow, options};
use crate::options::{BakeOptions, Stdin};
use crate::shown;

/// What one source says: values by the long name of their option.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings(BTreeMap<String, Vec<OsString>>);

/// The value of a flag that is on, and of an option that stands without its value.
const ON: &str = "true";

/// How an option takes its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// It is on or off.
    Flag,
    /// One value.
    One,
    /// Any number of values.
    Several,
}

/// An option that a manifest can set.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Its long name.
    pub name: String,
    /// How it takes its values.
    pub shape: Shape,
    /// Whether it may stand without a value.
    pub is_value_optional: bool,
    /// What its value is called in the help; nothing for a flag.
    pub value_name: Option<String>,
    /// The first lines of its help.
    pub help: String,
}

/// How to bake the modules of a package.
#[derive(Debug)]
pub struct GuestOptions {
    /// How to bake each.
    pub bake: BakeOptions,
    /// How long the whole bake of each module may take; by default, a time that depends on its size.
    pub timeout: Option<Duration>,
    /// The variants to bake, each into a file of its own. If empty, one module comes from each.
    pub variants: Vec<Variant>,
    /// The name of the output, in which `{name}` stands for the stem of cargo's module. By default, the name of cargo's module.
    pub output_name: Option<String>,
    /// Whether `preinit.lock` says what init reads.
    pub is_locked: bool,
}

impl Settings {
    /// What the command line says.
    pub(super) fn of_arguments(matches: &ArgMatches) -> Self {
        let is_given = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
        let mut found = Self::default();
        for arg in definition().get_arguments() {
            let (id, Some(name)) = (arg.get_id().as_str(), arg.get_long()) else {
                continue;
            };
            if !arg.is_hide_set() && is_given(&off(name)) {
                found.set(name, Vec::new());
            } else if is_given(id) {
                let values = match shape(arg) {
                    Shape::Flag => vec![ON.into()],
                    Shape::One | Shape::Several => matches
                        .get_raw(id)
                        .into_iter()
                        .flatten()
                        .map(OsString::from)
                        .collect(),
                };
                found.set(name, values);
            }
        }
        found
    }

    /// Sets an option. Without values it is switched off, whatever a farther source says. A flag has one value, which does not matter.
    pub fn set(&mut self, name: &str, values: Vec<OsString>) {
        self.0.insert(name.to_owned(), values);
    }

    /// Switches a flag on, whatever else is said of it.
    pub(super) fn switch_on(&mut self, name: &str) {
        self.set(name, vec![ON.into()]);
    }

    /// Whether it sets an option, to something or off.
    #[must_use]
    pub fn sets(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The options that are set, each with its values as text. One that is switched off has the value `false`.
    #[must_use]
    pub fn shown(&self) -> Vec<(&str, Vec<String>)> {
        let entries = self.0.iter().map(|(name, values)| {
            let texts = match values.as_slice() {
                [] => vec!["false".to_owned()],
                values => values
                    .iter()
                    .map(|value| value.to_string_lossy().into_owned())
                    .collect(),
            };
            (name.as_str(), texts)
        });
        entries.collect()
    }

    /// These, and of a farther source the options that are not among these.
    #[must_use]
    pub fn over(mut self, farther: &Self) -> Self {
        for (name, values) in &farther.0 {
            self.0.entry(name.clone()).or_insert_with(|| values.clone());
        }
        self
    }

    /// The options of the bake.
    ///
    /// # Errors
    ///
    /// Why some of them do not go together.
    pub fn resolve(&self) -> Result<GuestOptions, String> {
        let args = self.parse().map_err(|error| reason(&error))?;
        if !args.output.precompile_engine.is_empty() && args.output.precompile.is_empty() {
            return Err(
                "`precompile-engine` says what the engine of `precompile` sets, so it needs that".to_owned(),
            );
        }
        // Rust's std draws random numbers from WASI for its hash maps, so few guests would run without it.
        self.options(args, Allow::Wasi(Stdin::Closed))
            .map_err(|(_, message)| message)
    }

    /// Checks what the command line says, without what a manifest may add.
    pub(super) fn check(&self) -> Result<(), (clap::error::ErrorKind, String)> {
        let args = self.parse().map_err(|error| (error.kind(), reason(&error)))?;
        self.options(args, Allow::Wasi(Stdin::Closed)).map(drop)
    }

    fn options(
        &self,
        args: GuestArgs,
        allow: Allow,
    ) -> Result<GuestOptions, (clap::error::ErrorKind, String)> {
        let timeout = args.bake.timeout;
        let bake = options(args.bake, args.output, allow)?;
        Ok(GuestOptions {
            variants: variant::variants(args.variant, &bake.wasi),
            bake,
            timeout,
            output_name: args.output_name,
            is_locked: args.lock,
        })
    }

    fn parse(&self) -> Result<GuestArgs, clap::Error> {
        let definition = definition();
        let mut arguments = Vec::new();
        for (name, values) in &self.0 {
            let arg = definition
                .get_arguments()
                .find(|arg| arg.get_long() == Some(name));
            if arg.is_some_and(|arg| shape(arg) == Shape::Flag) {
                arguments.extend(values.first().map(|_| OsString::from(format!("--{name}"))));
                continue;
            }
            let is_value_optional = arg.is_some_and(is_value_optional);
            for value in values {
                if is_value_optional && value == ON {
                    arguments.push(format!("--{name}").into());
                    continue;
                }
                let mut argument = OsString::from(format!("--{name}="));
                argument.push(value);
                arguments.push(argument);
            }
        }
        GuestArgs::from_arg_matches(&definition.try_get_matches_from(arguments)?)
    }
}

/// The options that a manifest can set, in the order of the help.
#[must_use]
pub fn settings() -> Vec<Setting> {
    let definition = definition();
    let shown = definition.get_arguments().filter(|arg| !arg.is_hide_set());
    let settings = shown.filter_map(|arg| {
        Some(Setting {
            name: arg.get_long()?.to_owned(),
            shape: shape(arg),
            is_value_optional: is_value_optional(arg),
            value_name: arg
                .get_value_names()
                .filter(|_| shape(arg) != Shape::Flag)
                .and_then(|names| Some(names.first()?.to_string())),
            help: arg.get_help().map(ToString::to_string).unwrap_or_default(),
        })
    });
    settings.collect()
}

/// Checks the values of one option.
///
/// # Errors
///
/// What is wrong with them.
pub fn check_values(name: &str, values: &[OsString]) -> Result<(), String> {
    let mut alone = Settings::default();
    alone.set(name, values.to_vec());
    alone.parse().map(drop).map_err(|error| reason(&error))
}

/// The options by which a setting of a manifest is switched off for one call: `--no-` before the name. They are not in the help, since
/// each has a counterpart that is.
pub(super) fn switches_off() -> Vec<Arg> {
    let definition = definition();
    let shown = definition.get_arguments().filter(|arg| !arg.is_hide_set());
    let all = shown.filter_map(|arg| {
        let off = off(arg.get_long()?);
        let arg = Arg::new(off.clone())
            .long(off)
            .action(ArgAction::SetTrue)
            .hide(true)
            .overrides_with(arg.get_id());
        Some(arg)
    });
    all.collect()
}

/// The name of the option that switches another off.
fn off(name: &str) -> String {
    format!("no-{name}")
}

/// The definition of these options alone.
fn definition() -> Command {
    let command = Command::new("settings")
        .no_binary_name(true)
        .disable_help_flag(true)
        .disable_version_flag(true);
    GuestArgs::augment_args(command)
}

fn is_value_optional(arg: &Arg) -> bool {
    arg.get_num_args().is_some_and(|range| range.min_values() == 0) && shape(arg) != Shape::Flag
}

fn shape(arg: &Arg) -> Shape {
    match arg.get_action() {
        ArgAction::SetTrue => Shape::Flag,
        ArgAction::Append => Shape::Several,
        _ => Shape::One,
    }
}

/// What is wrong, without the name of the option.
fn reason(error: &clap::Error) -> String {
    let value = match error.get(ContextKind::InvalidValue) {
        Some(ContextValue::String(value)) => value.as_str(),
        _ => "",
    };
    match (
        std::error::Error::source(error),
        error.get(ContextKind::ValidValue),
    ) {
        (Some(source), _) => format!("{value:?}: {source}"),
        (None, Some(ContextValue::Strings(valid))) => {
            format!("{value:?} is none of {}", shown::names(valid))
        }
        _ => error
            .to_string()
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ")
            .to_owned(),
    }
}
