//! What the tool reads and writes in the guest's memories and flags between steps.

use wasmtime::{Store, Val};

use super::Runner;
use crate::capture::memory::runs;
use crate::guest::index::{InstanceId, MemoryIndex};
use crate::guest::sdk::{Address, GuestReader, PointerWidth, Resume, Sdk};
use crate::init::is_procedure;
use crate::instrument::Injected;
use crate::options::{MemoryScan, ScrubHeap};
use crate::run::error::RunError;
use crate::run::host::Host;
use crate::run::running::Running;
use crate::scrub::{MEMORY, dead};
use crate::snapshot::MemoryState;

impl Runner<'_> {
    /// Reads the descriptors of what is to run in each baked instance.
    pub(super) fn read_resumes(&mut self) -> Result<(), RunError> {
        for running in self.instances.clone() {
            let Some(sdk) = &running.plan.sdk else { continue };
            let reader = reader(&running, &mut self.store);
            for exports in &sdk.resumes {
                let is_procedure = is_procedure(&running.node, exports.run);
                let item = reader.item(exports.descriptor).filter(|_| is_procedure);
                self.resumes.push(Resume {
                    instance: running.node.id,
                    item: item.ok_or_else(|| RunError::Descriptor(exports.run_export.clone()))?,
                    export: exports.run_export.clone(),
                    function: exports.run,
                });
            }
        }
        self.resumes.sort_by(|a, b| {
            (a.item.sort_key(), &a.export, a.instance).cmp(&(b.item.sort_key(), &b.export, b.instance))
        });
        Ok(())
    }

    /// Zeroes what allocators have free, if that is wanted.
    pub(super) fn zero_free(&mut self) {
        for id in &self.conditions.zeroes_free {
            let Some(running) = self.instances.get(id.position()) else {
                continue;
            };
            let name = Injected::Memory(MEMORY).name();
            let Some(memory) = running.instance.get_memory(&mut self.store, &name) else {
                continue;
            };
            let state = MemoryState {
                index: MEMORY,
                pages: memory.size(&self.store),
                runs: runs(memory.data(&self.store), MemoryScan::Auto),
            };
            for range in dead(&running.node, &state, ScrubHeap::Dlmalloc, |_| None).heap {
                let place = |address: u64| usize::try_from(address).unwrap_or(usize::MAX);
                if let Some(bytes) = memory
                    .data_mut(&mut self.store)
                    .get_mut(place(range.start)..place(range.end))
                {
                    bytes.fill(0);
                }
            }
        }
    }

    /// Whether std made keys of addresses since this was asked last.
    pub(super) fn made_keys(&mut self) -> bool {
        let mut are_made = false;
        for running in self
            .instances
            .iter()
            .filter(|running| running.copy.has_fixed_keys)
        {
            let name = Injected::HashKeys.name();
            if let Some(flag) = running.instance.get_global(&mut self.store, &name) {
                are_made |= flag.get(&mut self.store).i32() != Some(0);
                // The engine takes any number for a mutable global of numbers.
                let _ = flag.set(&mut self.store, Val::I32(0));
            }
        }
        are_made
    }

    /// Writes bytes into the memory 0 of an instance. Nothing is written beyond its end.
    pub(super) fn write(&mut self, id: InstanceId, address: u64, bytes: &[u8]) {
        let name = Injected::Memory(MemoryIndex(0)).name();
        let running = self.instances.get(id.position());
        let memory = running.and_then(|running| running.instance.get_memory(&mut self.store, &name));
        if let (Some(memory), Ok(address)) = (memory, usize::try_from(address)) {
            // Whoever looks for the bytes finds that they are not there.
            let _ = memory.write(&mut self.store, address, bytes);
        }
    }

    /// Writes the phase into the SDK's static of each instance. Memory keeps it, so the baked module reads [`abi::PHASE_DONE`].
    pub(super) fn set_phase(&mut self, phase: u32) {
        for running in &self.instances {
            let Some(&Sdk {
                phase: Address(address),
                ..
            }) = running.plan.sdk.as_ref()
            else {
                continue;
            };
            let name = Injected::Memory(MemoryIndex(0)).name();
            if let Some(memory) = running.instance.get_memory(&mut self.store, &name)
                && let Ok(address) = usize::try_from(address)
            {
                // An address outside of memory is not the SDK's static, so the failed write does not matter.
                let bytes = phase.to_le_bytes();
                let written = memory.write(&mut self.store, address, &bytes);
                if let (Ok(()), Some(profiler)) = (written, &mut self.profiler) {
                    profiler.wrote(running.node.id, MemoryIndex(0), address, &bytes);
                }
            }
        }
    }
}

/// Reads what the SDK has in the memory 0 of an instance.
pub(super) fn reader<'s>(running: &Running<'_>, store: &'s mut Store<Host>) -> GuestReader<'s> {
    let name = Injected::Memory(MemoryIndex(0)).name();
    let memory = running.instance.get_memory(&mut *store, &name);
    GuestReader {
        memory: memory.map_or(&[], |memory| memory.data(store)),
        pointers: match running.node.memories.first() {
            Some(memory) if memory.memory64 => PointerWidth::Eight,
            _ => PointerWidth::Four,
        },
    }
}
