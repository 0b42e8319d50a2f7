//! Why a question about a file has no answer.

use super::expressions::Function;
use crate::guest::InputError;
use crate::shown;
use crate::text::listed;

/// Why a question about a file has no answer.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// The file is not a valid module or component.
    #[error(transparent)]
    Input(#[from] InputError),
    /// No function has that name or index.
    #[error("no function is called {} or has it in its name", shown::name(.0))]
    NoFunction(String),
    /// No function has that index.
    #[error("there is no function {0}")]
    NoIndex(u32),
    /// Several functions have that name, or have it as a part of theirs.
    #[error("{} is in the names of {} functions{}", shown::name(.wanted), .found.len(), listed(&lines(.found)))]
    Several {
        /// The name.
        wanted: String,
        /// The functions, each with its module.
        found: Vec<(u32, Function)>,
    },
    /// An index alone says nothing in a component with several core modules.
    #[error("the component has {0} core modules, and each has a function of that index")]
    WhichModule(u32),
    /// There is no core module of that number.
    #[error("there is no core module {0}")]
    NoModule(u32),
    /// The module has no memory.
    #[error("the module has no memory")]
    NoMemory,
    /// The code has an instruction that this tool does not follow.
    #[error("what leads to a function cannot be followed: {}", shown::line(.0))]
    NotFollowed(String),
}

/// Why two files cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// The old one is not valid.
    #[error(transparent)]
    Old(InputError),
    /// The new one is not valid.
    #[error(transparent)]
    New(InputError),
}

impl QuestionError {
    /// Advice for the user, one string per line.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        let line = match self {
            Self::NoFunction(_) => {
                "`cargo preinit inspect -v` lists all functions; an unnamed one has an index"
            }
            Self::Several { .. } => "give a whole name, or an index",
            Self::WhichModule(_) => "say which with `--module`",
            Self::Input(_) | Self::NoIndex(_) | Self::NoModule(_) | Self::NoMemory | Self::NotFollowed(_) => {
                return Vec::new();
            }
        };
        vec![line.to_owned()]
    }
}

fn lines(found: &[(u32, Function)]) -> Vec<String> {
    let is_one_module = found.iter().all(|(module, _)| *module == found[0].0);
    let lines = found.iter().map(|(module, function)| {
        let name = function.name.as_deref().unwrap_or_default();
        let module = match is_one_module {
            true => String::new(),
            false => format!(" of core module {module}"),
        };
        format!("{} (function {}{module})", shown::line(name), function.index)
    });
    lines.collect()
}
