//! A component with other modules in place of its own.

use std::borrow::Cow;
use std::collections::BTreeMap;

use wasm_encoder::{ComponentSectionId, Encode as _};

use crate::guest::component::{Component, Definitions};
use crate::guest::index::{ComponentId, ModuleId};

/// The length of the magic number, the version and the layer, in bytes.
pub(crate) const PREAMBLE: usize = 8;

/// The bytes of a component in which `modules` replace those of the same id, and with sections `appended` to some components. All
/// else is copied, byte by byte, but for the sizes of what is around.
pub(crate) fn splice_modules(
    wasm: &[u8],
    components: &[Component<'_>],
    modules: &BTreeMap<ModuleId, Cow<'_, [u8]>>,
    appended: &BTreeMap<ComponentId, Vec<u8>>,
) -> Vec<u8> {
    let splice = Splice {
        wasm,
        components,
        modules,
        appended,
    };
    splice.component(ComponentId(0)).into_owned()
}

struct Splice<'a> {
    wasm: &'a [u8],
    components: &'a [Component<'a>],
    modules: &'a BTreeMap<ModuleId, Cow<'a, [u8]>>,
    appended: &'a BTreeMap<ComponentId, Vec<u8>>,
}

impl Splice<'_> {
    /// The bytes of a component; borrowed if nothing in it is replaced.
    fn component(&self, id: ComponentId) -> Cow<'_, [u8]> {
        let component = &self.components[id.position()];
        let mut bytes = Vec::new();
        // Up to where the file's bytes are in `bytes`, replaced or not.
        let mut copied = component.range.start;
        let mut end = component.range.start + PREAMBLE;
        for section in &component.sections {
            let start = std::mem::replace(&mut end, section.range.end);
            let (tag, replaced) = match section.definitions {
                Definitions::Module(module) => (ComponentSectionId::CoreModule, self.module(module)),
                Definitions::Component(nested) => match self.component(nested) {
                    Cow::Borrowed(_) => continue,
                    Cow::Owned(nested) => (ComponentSectionId::Component, Some(Cow::Owned(nested))),
                },
                _ => continue,
            };
            let Some(replaced) = replaced else { continue };
            bytes.extend_from_slice(&self.wasm[copied..start]);
            bytes.push(tag as u8);
            replaced.encode(&mut bytes);
            copied = section.range.end;
        }
        let appended = self.appended.get(&id);
        if bytes.is_empty() && appended.is_none() {
            return Cow::Borrowed(&self.wasm[component.range.clone()]);
        }
        bytes.extend_from_slice(&self.wasm[copied..component.range.end]);
        bytes.extend(appended.into_iter().flatten());
        Cow::Owned(bytes)
    }

    /// The bytes that replace a module.
    fn module(&self, id: ModuleId) -> Option<Cow<'_, [u8]>> {
        self.modules.get(&id).map(|bytes| Cow::Borrowed(&**bytes))
    }
}
