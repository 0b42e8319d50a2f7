//! How the modules of a guest are instantiated.
//!
//! A core module is a graph of one node: one module, instantiated once, whose imports all come from the host. Which state of
//! an instance is external depends on who provides its imports, so a node of the graph records that, and not the module.

use std::ops::Deref;

use super::answers::{Answers, resolve};
use super::error::InputError;
use super::external::External;
use super::index::{InstanceId, ModuleId, enumerate};
use super::module::GuestModule;
use crate::options::AnsweredImport;
use crate::refusal::{Refusal, Refusals, found_in, refuse};

/// A guest: its modules, and the instances made of them.
#[derive(Debug)]
pub struct Guest<'a> {
    pub(crate) wasm: &'a [u8],
    /// By [`ModuleId`].
    modules: Vec<GuestModule<'a>>,
    /// By [`InstanceId`].
    graph: Vec<Instantiation>,
}

/// The instantiation of a module.
#[derive(Debug)]
struct Instantiation {
    module: ModuleId,
    external: External,
    answers: Answers,
}

/// An instance in its guest's graph. It dereferences to its module.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    pub(crate) id: InstanceId,
    module: &'a GuestModule<'a>,
    /// The instance's external state.
    pub(crate) external: &'a External,
    /// What the instance's imports answer at build time: nothing, until [`Guest::answer`] sets it.
    pub(crate) answers: &'a Answers,
}

impl<'a> Deref for Node<'a> {
    type Target = GuestModule<'a>;

    fn deref(&self) -> &Self::Target {
        self.module
    }
}

impl<'a> Guest<'a> {
    /// Reads a core module.
    ///
    /// # Errors
    ///
    /// If the bytes are not a valid core module, or declare something of a proposal that the engine does not have.
    pub fn parse(wasm: &'a [u8]) -> Result<Self, InputError> {
        let module = GuestModule::parse(wasm)?;
        let answers = Answers::default();
        Ok(Self {
            wasm,
            graph: vec![Instantiation {
                module: ModuleId(0),
                external: External::of(&module, &answers.fresh),
                answers,
            }],
            modules: vec![module],
        })
    }

    /// The instance whose exports the host calls. A core module has no other.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        self.node(InstanceId(0), &self.graph[0])
    }

    /// All instances, in the order of instantiation.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        enumerate(&self.graph).map(|(id, instantiation)| self.node(InstanceId(id), instantiation))
    }

    fn node<'g>(&'g self, id: InstanceId, instantiation: &'g Instantiation) -> Node<'g> {
        Node {
            id,
            module: &self.modules[instantiation.module.position()],
            external: &instantiation.external,
            answers: &instantiation.answers,
        }
    }

    /// Sets what imports answer at build time, as [`BakeOptions::imports`](crate::BakeOptions::imports) gives it.
    ///
    /// # Errors
    ///
    /// All answers that cannot be given, at once.
    pub fn answer(&mut self, imports: &[AnsweredImport]) -> Result<(), Refusals> {
        let root = self.root();
        let mut answers = Answers::default();
        let mut refusals = Vec::new();
        for asked in imports {
            if let Err(error) = resolve(&root, asked, &mut answers) {
                refusals.push(Refusal::Answer(error));
            }
        }
        refuse(found_in(root.id, refusals))?;
        let external = External::of(&root, &answers.fresh);
        let root = &mut self.graph[0];
        root.external = external;
        root.answers = answers;
        Ok(())
    }
}
