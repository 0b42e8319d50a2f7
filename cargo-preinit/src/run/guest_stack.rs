//! The guest's stack, where it was stopped or asked for something.

use std::fmt;

use crate::guest::Node;
use crate::init::GuestPlan;
use crate::shown;
use crate::text::demangle;

/// A frame of the guest's stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The index of its function in the guest.
    pub index: u32,
    /// The name of its function, demangled, if the module has a name section that names it.
    pub name: Option<String>,
}

/// The guest's stack, innermost first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GuestStack(pub Vec<Frame>);

impl GuestStack {
    /// Replaces the run copy's copy of the constructors by the guest's function.
    pub(super) fn in_terms_of(&mut self, module: &Node<'_>, plan: &GuestPlan) {
        let Some(constructors) = plan.of(module).constructors else {
            return;
        };
        for frame in &mut self.0 {
            if frame.index as usize >= module.functions.len() {
                frame.index = constructors.0;
                frame.name = module.names.get(&constructors).map(|name| demangle(name));
            }
        }
    }
}

impl fmt::Display for GuestStack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Deep recursion repeats itself, so more frames say nothing new.
        const SHOWN: usize = 30;
        for (depth, frame) in self.0.iter().enumerate().take(SHOWN) {
            write!(f, "\n  {depth:>4}: ")?;
            match &frame.name {
                Some(name) => f.write_str(&shown::line(name))?,
                None => write!(f, "function {}, which has no name", frame.index)?,
            }
        }
        let more = self.0.len().saturating_sub(SHOWN);
        if more > 0 {
            write!(f, "\n        and {more} more")?;
        }
        Ok(())
    }
}
