//! Removes the code that only init reached, and writes the rest shorter: linkers leave room in the numbers of code.
//!
//! **In** the output of the rewrite. **Out** a smaller one, or the same and why. **Keeps** all that an import, an export,
//! the start function, or anything that these lead to can name; and of code everything but the indices in it. **Refuses**
//! modules whose custom sections would not be right afterwards, such as debug information: their code stays as it is.
//!
//! First code is followed from function to function over what is known of the guest, since many a module has nothing to
//! lose (`emit/estimate.rs`). Then whatever can be named is followed in the output (`emit/liveness.rs`), and what is alive
//! is written with new indices (`emit/relink.rs`).

use wasmparser::{BinaryReader, CustomSectionReader, KnownCustom, Name};

use super::parts::Parts;
use super::{estimate, liveness, relink};
use crate::emit::{EmitError, Emitted, is_never_kept};
use crate::guest::{CUSTOM_SECTION, GuestModule};
use crate::init::InitPlan;
use crate::shown;
use crate::snapshot::Snapshot;

/// Why a module keeps code that nothing reaches any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It was asked for.
    AsAsked,
    /// A custom section would be wrong: it tells positions in the code, or is not known.
    Section(String),
    /// It would not be smaller by a hundredth, its data aside.
    NoGain,
}

impl std::fmt::Display for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AsAsked => f.write_str("as asked for"),
            Self::Section(name) => write!(f, "since {} depends on it", shown::name(name)),
            Self::NoGain => f.write_str("since little would be gained"),
        }
    }
}

/// An output that is as small as it gets.
#[derive(Debug)]
pub struct Shrunk {
    /// The output.
    pub output: Emitted,
    /// How many functions are gone, or why none are.
    pub dead_code: Result<usize, Kept>,
}

/// Makes the output smaller, where that can be done.
///
/// # Errors
///
/// If the output is not what it should be. It is never the guest's fault.
pub fn shrink(
    output: Emitted,
    guest: &GuestModule<'_>,
    plan: &InitPlan,
    snapshot: &Snapshot,
) -> Result<Shrunk, EmitError> {
    let broken =
        |error: &dyn std::fmt::Display| EmitError::Bug(format!("dead code cannot be removed: {error}"));
    let parts = Parts::read(&output.wasm).map_err(|error| broken(&error))?;
    let outlook = estimate::outlook(&parts, guest, plan, snapshot);
    let kept = match section_that_is_lost(parts.custom_sections()) {
        Some(name) => Some(Kept::Section(name)),
        None if !outlook.is_worth_while => Some(Kept::NoGain),
        None => None,
    };
    if let Some(kept) = kept {
        let dead_code = Err(kept);
        return Ok(Shrunk { output, dead_code });
    }
    let alive = liveness::reach(&parts, &outlook.reached).map_err(|error| broken(&error))?;
    let indices = relink::number(&parts, &alive);
    let relinked = relink::relink(&parts, &alive, &indices).map_err(|error| broken(&error))?;
    if relinked.len() >= output.wasm.len() {
        let dead_code = Err(Kept::NoGain);
        return Ok(Shrunk { output, dead_code });
    }
    let removed = indices.functions.iter().filter(|index| index.is_none()).count();
    Ok(Shrunk {
        output: Emitted {
            wasm: relinked.into_wasm(output.wasm),
            indices: output.indices.then(&indices),
            ..output
        },
        dead_code: Ok(removed),
    })
}

/// Whether dead code can be removed, as far as that can be told from the guest.
pub(crate) fn can_shrink(guest: &GuestModule<'_>) -> bool {
    let customs = guest
        .sections
        .iter()
        .filter(|section| section.id == CUSTOM_SECTION);
    section_that_is_lost(customs.map(|section| guest.bytes(&section.range))).is_none()
}

/// A custom section that would be wrong.
fn section_that_is_lost<'a>(mut sections: impl Iterator<Item = &'a [u8]>) -> Option<String> {
    sections.find_map(|bytes| {
        let section = CustomSectionReader::new(BinaryReader::new(bytes, 0)).ok()?;
        let name = section.name();
        if is_never_kept(name) {
            return None;
        }
        // What is not known may tell indices or positions.
        let is_harmless = matches!(
            name,
            "name" | "producers" | "target_features" | crate::emit::stamp::NAME
        ) || name.starts_with("component-type");
        let is_lost = !is_harmless
            || match section.as_known() {
                KnownCustom::Name(mut names) => names.any(|name| matches!(name, Ok(Name::Unknown { .. }))),
                _ => false,
            };
        is_lost.then(|| name.to_owned())
    })
}
