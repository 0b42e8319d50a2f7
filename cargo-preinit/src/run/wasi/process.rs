//! What belongs to the process: arguments, environment, its end, and the network, of which there is none.

use super::HostWasi;
use super::abi::{Answer, Errno, GuestMemory, length};

/// The guest ended itself.
#[derive(Debug, thiserror::Error)]
#[error("exit with code {0}")]
pub(crate) struct Exited(pub(crate) i32);

impl HostWasi {
    pub(super) fn args_get(&mut self, memory: &mut GuestMemory<'_>, pointers: u32, text: u32) -> Answer {
        self.asked.arguments = true;
        write_strings(memory, pointers, text, &self.arguments)
    }

    pub(super) fn args_sizes_get(&mut self, memory: &mut GuestMemory<'_>, count: u32, size: u32) -> Answer {
        self.asked.arguments = true;
        write_sizes(memory, count, size, &self.arguments)
    }

    pub(super) fn environ_get(&mut self, memory: &mut GuestMemory<'_>, pointers: u32, text: u32) -> Answer {
        self.asked.environment = true;
        write_strings(memory, pointers, text, &self.environment)
    }

    pub(super) fn environ_sizes_get(
        &mut self,
        memory: &mut GuestMemory<'_>,
        count: u32,
        size: u32,
    ) -> Answer {
        self.asked.environment = true;
        write_sizes(memory, count, size, &self.environment)
    }

    pub(super) fn proc_raise(&self) -> Answer {
        Err(Errno::Notsup.into())
    }

    /// There is nobody to yield to.
    pub(super) fn sched_yield(&self) -> Answer {
        Ok(())
    }

    /// What the functions of the network answer.
    pub(super) fn no_socket(&mut self, fd: u32) -> Answer {
        self.descriptors.get(fd)?;
        Err(Errno::Notsock.into())
    }
}

/// Writes strings, each with a zero at its end, and where each begins.
fn write_strings(memory: &mut GuestMemory<'_>, pointers: u32, text: u32, strings: &[String]) -> Answer {
    let (mut pointer, mut place) = (pointers, text);
    for string in strings {
        memory.write_u32(pointer, place)?;
        memory.write(place, string.as_bytes())?;
        place = place.saturating_add(length(string.len())?);
        memory.write(place, &[0])?;
        place = place.saturating_add(1);
        pointer = pointer.saturating_add(4);
    }
    Ok(())
}

/// Writes how many strings there are, and how many bytes they take.
fn write_sizes(memory: &mut GuestMemory<'_>, count: u32, size: u32, strings: &[String]) -> Answer {
    let bytes: usize = strings.iter().map(|string| string.len() + 1).sum();
    memory.write_u32(count, length(strings.len())?)?;
    memory.write_u32(size, length(bytes)?)
}
