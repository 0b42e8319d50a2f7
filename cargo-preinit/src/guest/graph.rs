//! How the modules of a guest are instantiated.
//!
//! A core module is the graph of one node: one module, instantiated once, and all that it imports comes from the host. What an
//! instance may hand on and what it must not touch depends on who provides its imports, so that is known here, and not of a module
//! alone.

use std::ops::Deref;

use super::answers::{Answers, resolve};
use super::error::InputError;
use super::external::External;
use super::index::{InstanceId, ModuleId, enumerate};
use super::module::GuestModule;
use crate::options::AnsweredImport;
use crate::refusal::{Refusal, Refusals, found_in, refuse};

/// A guest: its modules, and the instances that are made of them.
#[derive(Debug)]
pub struct Guest<'a> {
    pub(crate) wasm: &'a [u8],
    /// By [`ModuleId`].
    modules: Vec<GuestModule<'a>>,
    /// By [`InstanceId`].
    graph: Vec<Instantiation>,
}

/// That a module is instantiated.
#[derive(Debug)]
struct Instantiation {
    module: ModuleId,
    external: External,
    answers: Answers,
}

/// An instance in its guest's graph. It is its module, and what the graph adds to that.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    pub(crate) id: InstanceId,
    module: &'a GuestModule<'a>,
    /// The state that comes from the host.
    pub(crate) external: &'a External,
    /// What its imports answer at build time: nothing, until [`Guest::answer`] notes it.
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
    /// Says where the bytes are no valid core module, or what they have that no engine takes.
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

    /// The instance whose exports the host calls: of a core module, its only one.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        self.node(InstanceId(0), &self.graph[0])
    }

    /// All instances, in the order in which they are made.
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

    /// Notes what imports answer at build time, as [`BakeOptions::imports`](crate::BakeOptions::imports) says.
    ///
    /// # Errors
    ///
    /// All that cannot be answered as asked.
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
