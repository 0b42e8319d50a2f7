//! How preview 1 passes values: error numbers, and the guest's memory.
//!
//! The numbers and layouts are those of [`typenames.witx`][witx]; integers are little-endian.
//!
//! [witx]: https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/witx/typenames.witx

/// The error numbers that functions answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub(super) enum Errno {
    Badf = 8,
    Ilseq = 25,
    Inval = 28,
    Loop = 32,
    Nametoolong = 37,
    Noent = 44,
    Notdir = 54,
    Notsock = 57,
    Notsup = 58,
    Overflow = 61,
    Perm = 63,
    Spipe = 70,
}

/// Why a function failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The guest gets the error number, and goes on.
    Errno(Errno),
    /// The run ends.
    Stop(wasmtime::Error),
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
    }
}

/// Makes a failure that ends the run.
pub(super) fn stop(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::Stop(wasmtime::Error::new(error))
}

/// The result of a function, apart from what it writes to the guest's memory.
pub(super) type Answer<T = ()> = Result<T, Failure>;

#[derive(Debug, thiserror::Error)]
#[error("WASI reads and writes an exported memory `memory`, and there is none")]
pub(crate) struct NoMemory;

#[derive(Debug, thiserror::Error)]
#[error("WASI was given {} bytes at {:#x}, which are not all in memory", .0.length, .0.address)]
struct OutOfBounds(Span);

/// The memory that WASI reads and writes, if the guest has one.
pub(super) struct GuestMemory<'a>(pub(super) Option<&'a mut [u8]>);

/// An address in the guest's memory, and a length in bytes or in elements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) address: u32,
    pub(super) length: u32,
}

pub(super) fn span(address: u32, length: u32) -> Span {
    Span { address, length }
}

impl GuestMemory<'_> {
    /// The bytes of a span. A [pointer][pointers] out of bounds ends the run.
    ///
    /// [pointers]: https://github.com/WebAssembly/WASI/blob/main/legacy/tools/witx-docs.md#pointers
    pub(super) fn bytes_mut(&mut self, span: Span) -> Answer<&mut [u8]> {
        let Some(memory) = &mut self.0 else {
            return Err(stop(NoMemory));
        };
        let start = span.address as usize;
        memory
            .get_mut(start..start.saturating_add(span.length as usize))
            .ok_or_else(|| stop(OutOfBounds(span)))
    }

    pub(super) fn bytes(&mut self, span: Span) -> Answer<&[u8]> {
        self.bytes_mut(span).map(|bytes| &*bytes)
    }

    pub(super) fn write(&mut self, address: u32, bytes: &[u8]) -> Answer {
        let target = self.bytes_mut(span(address, length(bytes.len())?))?;
        target.copy_from_slice(bytes);
        Ok(())
    }

    pub(super) fn write_u32(&mut self, address: u32, value: u32) -> Answer {
        self.write(address, &value.to_le_bytes())
    }

    pub(super) fn write_u64(&mut self, address: u32, value: u64) -> Answer {
        self.write(address, &value.to_le_bytes())
    }

    /// A string; `ilseq` if it is not UTF-8.
    pub(super) fn text(&mut self, span: Span) -> Answer<String> {
        let bytes = self.bytes(span)?.to_vec();
        String::from_utf8(bytes).map_err(|_| Errno::Ilseq.into())
    }

    /// An array of structures, each of `size` bytes.
    pub(super) fn array(&mut self, array: Span, size: u32) -> Answer<std::slice::ChunksExact<'_, u8>> {
        let length = array.length.checked_mul(size).ok_or(Errno::Overflow)?;
        let bytes = self.bytes(span(array.address, length))?;
        Ok(bytes.chunks_exact(size as usize))
    }

    /// The elements of an `iovec_array` or `ciovec_array`.
    pub(super) fn buffers(&mut self, array: Span) -> Answer<Vec<Span>> {
        let buffers = self.array(array, 8)?.map(|buffer| {
            let address = u32::from_le_bytes(field(buffer, 0));
            span(address, u32::from_le_bytes(field(buffer, 4)))
        });
        Ok(buffers.collect())
    }
}

/// A number of bytes or elements, as the guest gets it.
pub(super) fn length(length: usize) -> Answer<u32> {
    u32::try_from(length).map_err(|_| Errno::Overflow.into())
}

/// A field of a structure; zeros if the structure ends before the field does.
pub(super) fn field<const N: usize>(structure: &[u8], offset: usize) -> [u8; N] {
    structure
        .get(offset..)
        .and_then(|rest| rest.first_chunk())
        .copied()
        .unwrap_or([0; N])
}
