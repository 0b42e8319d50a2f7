//! The host of the examples: the functions of WASI preview 1 that they call.

use wasmtime::error::{Context as _, Result};
use wasmtime::{Caller, Extern, Linker, Memory};

/// The output of a guest.
#[derive(Debug, Default)]
pub(crate) struct Host {
    pub(crate) output: Vec<u8>,
}

/// The guest called `proc_exit` with this code.
#[derive(Debug)]
pub(crate) struct Exit(pub(crate) i32);

impl std::fmt::Display for Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the guest ended with exit code {}", self.0)
    }
}

impl std::error::Error for Exit {}

const MODULE: &str = "wasi_snapshot_preview1";

/// WASI's error numbers.
const SUCCESS: i32 = 0;
const BAD_DESCRIPTOR: i32 = 8;

/// Defines the functions.
pub(crate) fn link(linker: &mut Linker<Host>) -> Result<()> {
    linker.func_wrap(MODULE, "proc_exit", |code: i32| -> Result<()> {
        Err(Exit(code).into())
    })?;
    linker.func_wrap(MODULE, "fd_write", write)?;
    // Arguments, environment and directories are empty.
    for name in ["args_sizes_get", "environ_sizes_get"] {
        linker.func_wrap(
            MODULE,
            name,
            |mut caller: Caller<'_, Host>, count: i32, size: i32| {
                let memory = memory(&mut caller)?;
                for address in [count, size] {
                    memory.write(&mut caller, address.cast_unsigned() as usize, &[0; 4])?;
                }
                Ok(SUCCESS)
            },
        )?;
    }
    for name in ["args_get", "environ_get"] {
        linker.func_wrap(MODULE, name, |_: i32, _: i32| SUCCESS)?;
    }
    linker.func_wrap(MODULE, "fd_prestat_get", |_: i32, _: i32| BAD_DESCRIPTOR)?;
    // The bytes are always the same, so that both modules answer alike.
    linker.func_wrap(
        MODULE,
        "random_get",
        |mut caller: Caller<'_, Host>, address: i32, len: i32| {
            let bytes = vec![7; len.cast_unsigned() as usize];
            memory(&mut caller)?.write(&mut caller, address.cast_unsigned() as usize, &bytes)?;
            Ok(SUCCESS)
        },
    )?;
    Ok(())
}

fn memory(caller: &mut Caller<'_, Host>) -> Result<Memory> {
    let export = caller.get_export("memory").and_then(Extern::into_memory);
    export.context("the guest exports no memory")
}

/// `fd_write`: writes pieces of memory, each an address and a length, and stores how many bytes that was.
fn write(
    mut caller: Caller<'_, Host>,
    _descriptor: i32,
    pieces: i32,
    count: i32,
    written: i32,
) -> Result<i32> {
    let memory = memory(&mut caller)?;
    let word = |caller: &Caller<'_, Host>, address: usize| -> Result<usize> {
        let mut bytes = [0; 4];
        memory.read(caller, address, &mut bytes)?;
        Ok(u32::from_le_bytes(bytes) as usize)
    };
    let mut output = Vec::new();
    for piece in 0..count.cast_unsigned() as usize {
        let place = pieces.cast_unsigned() as usize + 8 * piece;
        let (address, len) = (word(&caller, place)?, word(&caller, place + 4)?);
        let bytes = memory.data(&caller).get(address..address + len);
        output.extend_from_slice(bytes.context("the guest writes what it does not have")?);
    }
    let len = u32::try_from(output.len())?;
    memory.write(&mut caller, written.cast_unsigned() as usize, &len.to_le_bytes())?;
    caller.data_mut().output.extend(output);
    Ok(SUCCESS)
}
