//! Arguments, environment and exit of the process, and the network functions, which find no sockets.

use super::HostWasi;
use super::abi::{Answer, Errno, GuestMemory, length};

/// The error of a guest that called `proc_exit`.
#[derive(Debug, thiserror::Error)]
#[error("exit with code {0}")]
pub(crate) struct Exited(pub(crate) i32);

impl HostWasi {
    pub(super) fn args_get(&mut self, memory: &mut GuestMemory<'_>, pointers: u32, text: u32) -> Answer {
        self.asked.arguments += 1;
        write_strings(memory, pointers, text, &self.arguments)
    }

    pub(super) fn args_sizes_get(&mut self, memory: &mut GuestMemory<'_>, count: u32, size: u32) -> Answer {
        self.asked.arguments += 1;
        write_sizes(memory, count, size, &self.arguments)
    }

    pub(super) fn environ_get(&mut self, memory: &mut GuestMemory<'_>, pointers: u32, text: u32) -> Answer {
        self.asked.environment += 1;
        write_strings(memory, pointers, text, &self.environment)
    }

    pub(super) fn environ_sizes_get(
        &mut self,
        memory: &mut GuestMemory<'_>,
        count: u32,
        size: u32,
    ) -> Answer {
        self.asked.environment += 1;
        write_sizes(memory, count, size, &self.environment)
    }

    pub(super) fn proc_raise(&self) -> Answer {
        Err(Errno::Notsup.into())
    }

    /// There are no other threads to yield to.
    pub(super) fn sched_yield(&self) -> Answer {
        Ok(())
    }

    /// The answer of the network functions: a descriptor is never a socket.
    pub(super) fn no_socket(&mut self, fd: u32) -> Answer {
        self.descriptors.get(fd)?;
        Err(Errno::Notsock.into())
    }
}

/// Writes strings, each with a zero at its end, and the addresses at which they begin.
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

/// Writes how many strings there are, and how many bytes they take with the zeros at their ends.
fn write_sizes(memory: &mut GuestMemory<'_>, count: u32, size: u32, strings: &[String]) -> Answer {
    let bytes: usize = strings.iter().map(|string| string.len() + 1).sum();
    memory.write_u32(count, length(strings.len())?)?;
    memory.write_u32(size, length(bytes)?)
}
