//! The functions of WASI preview 1 in a linker.

use wasmparser::{FuncType, ValType};
use wasmtime::{Caller, Linker, Trap};

use super::abi::{Answer, Failure, GuestMemory, span};
use super::paths::Opening;
use super::process::Exited;
use super::{HostWasi, MODULE};
use crate::run::host::Host;
use crate::run::trap::stack_of;

/// Has the functions of WASI preview 1 that return an error number: how each is called, and the method that implements it. `memory` is the
/// guest's memory.
macro_rules! functions {
    ($memory:ident: $(
        $name:ident($($argument:ident: $ty:ty),*) => $method:ident($($given:expr),*);
    )*) => {
        /// The functions that return an error number, and the types of their parameters.
        const FUNCTIONS: &[(&str, &[ValType])] = &[$((stringify!($name), &[$(<$ty as Parameter>::TYPE),*])),*];

        fn define(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
            $(linker.func_wrap(
                MODULE,
                stringify!($name),
                |caller: Caller<'_, Host>, $($argument: $ty),*| {
                    answer(caller, stringify!($name), |wasi, $memory| {
                        // Some functions do not use the memory.
                        let _ = &$memory;
                        wasi.$method($($given),*)
                    })
                },
            )?;)*
            Ok(())
        }
    };
}

/// What a function of WASI's takes.
trait Parameter {
    const TYPE: ValType;
}

impl Parameter for u32 {
    const TYPE: ValType = ValType::I32;
}

impl Parameter for u64 {
    const TYPE: ValType = ValType::I64;
}

impl Parameter for i64 {
    const TYPE: ValType = ValType::I64;
}

functions! { memory:
args_get(pointers: u32, text: u32) => args_get(memory, pointers, text);
    args_sizes_get(count: u32, size: u32) => args_sizes_get(memory, count, size);
    environ_get(pointers: u32, text: u32) => environ_get(memory, pointers, text);
    environ_sizes_get(count: u32, size: u32) => environ_sizes_get(memory, count, size);
    clock_res_get(id: u32, result: u32) => clock_res_get(memory, id, result);
    clock_time_get(id: u32, _precision: u64, result: u32) => clock_time_get(memory, id, result);
    fd_advise(fd: u32, _offset: u64, _length: u64, advice: u32) => fd_advise(fd, advice);
    fd_allocate(fd: u32, _offset: u64, _length: u64) => fd_allocate(fd);
    fd_close(fd: u32) => fd_close(fd);
    fd_datasync(fd: u32) => fd_sync(fd);
    fd_fdstat_get(fd: u32, result: u32) => fd_fdstat_get(memory, fd, result);
    fd_fdstat_set_flags(fd: u32, flags: u32) => fd_fdstat_set_flags(fd, flags);
    fd_fdstat_set_rights(fd: u32, _rights: u64, _inheriting: u64) => fd_fdstat_set_rights(fd);
    fd_filestat_get(fd: u32, result: u32) => fd_filestat_get(memory, fd, result);
    fd_filestat_set_size(fd: u32, _size: u64) => fd_filestat_set_size(fd);
    fd_filestat_set_times(fd: u32, _access: u64, _change: u64, _which: u32) => fd_filestat_set_times(fd);
    fd_pread(fd: u32, buffers: u32, count: u32, offset: u64, result: u32)
        => fd_pread(memory, fd, span(buffers, count), offset, result);
    fd_prestat_get(fd: u32, result: u32) => fd_prestat_get(memory, fd, result);
    fd_prestat_dir_name(fd: u32, path: u32, length: u32)
        => fd_prestat_dir_name(memory, fd, span(path, length));
    fd_pwrite(fd: u32, _buffers: u32, _count: u32, _offset: u64, _result: u32) => fd_pwrite(fd);
    fd_read(fd: u32, buffers: u32, count: u32, result: u32)
        => fd_read(memory, fd, span(buffers, count), result);
    fd_readdir(fd: u32, buffer: u32, length: u32, cookie: u64, result: u32)
        => fd_readdir(memory, fd, span(buffer, length), cookie, result);
    fd_renumber(from: u32, to: u32) => fd_renumber(from, to);
    fd_seek(fd: u32, offset: i64, whence: u32, result: u32) => fd_seek(memory, fd, offset, whence, result);
    fd_sync(fd: u32) => fd_sync(fd);
    fd_tell(fd: u32, result: u32) => fd_tell(memory, fd, result);
    fd_write(fd: u32, buffers: u32, count: u32, result: u32)
        => fd_write(memory, fd, span(buffers, count), result);
    path_create_directory(fd: u32, path: u32, length: u32)
        => refuse_to_write(memory, fd, span(path, length));
    path_filestat_get(fd: u32, lookup: u32, path: u32, length: u32, result: u32)
        => path_filestat_get(memory, fd, lookup, span(path, length), result);
    path_filestat_set_times(
        fd: u32, _lookup: u32, path: u32, length: u32, _access: u64, _change: u64, _which: u32
    ) => refuse_to_write(memory, fd, span(path, length));
    path_link(
        fd: u32, _lookup: u32, path: u32, length: u32, to_fd: u32, to_path: u32, to_length: u32
    ) => refuse_to_move(memory, (fd, span(path, length)), (to_fd, span(to_path, to_length)));
    path_open(
        fd: u32, lookup: u32, path: u32, length: u32, how: u32, rights: u64, _inheriting: u64,
        flags: u32, result: u32
    ) => path_open(memory, fd, span(path, length), Opening { lookup, how, rights, flags }, result);
    path_readlink(fd: u32, path: u32, length: u32, buffer: u32, buffer_length: u32, result: u32)
        => path_readlink(memory, fd, span(path, length), span(buffer, buffer_length), result);
    path_remove_directory(fd: u32, path: u32, length: u32)
        => refuse_to_write(memory, fd, span(path, length));
    path_rename(fd: u32, path: u32, length: u32, to_fd: u32, to_path: u32, to_length: u32)
        => refuse_to_move(memory, (fd, span(path, length)), (to_fd, span(to_path, to_length)));
    path_symlink(_target: u32, _target_length: u32, fd: u32, path: u32, length: u32)
        => refuse_to_write(memory, fd, span(path, length));
    path_unlink_file(fd: u32, path: u32, length: u32)
        => refuse_to_write(memory, fd, span(path, length));
    poll_oneoff(subscriptions: u32, events: u32, count: u32, result: u32)
        => poll_oneoff(memory, span(subscriptions, count), events, result);
    proc_raise(_signal: u32) => proc_raise();
    sched_yield() => sched_yield();
    random_get(buffer: u32, length: u32) => random_get(memory, span(buffer, length));
    sock_accept(fd: u32, _flags: u32, _result: u32) => no_socket(fd);
    sock_recv(fd: u32, _buffers: u32, _count: u32, _flags: u32, _result: u32, _result_flags: u32)
        => no_socket(fd);
    sock_send(fd: u32, _buffers: u32, _count: u32, _flags: u32, _result: u32) => no_socket(fd);
    sock_shutdown(fd: u32, _how: u32) => no_socket(fd);
}

/// The function that ends the program.
const EXIT: &str = "proc_exit";

/// Defines the functions of WASI in a linker.
pub(in crate::run) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    define(linker)?;
    linker.func_wrap(
        MODULE,
        EXIT,
        |caller: Caller<'_, Host>, code: i32| -> wasmtime::Result<()> {
            match caller.data().stub_of(MODULE, EXIT) {
                Some(_) => Err(Trap::UnreachableCodeReached.into()),
                None => Err(Exited(code).into()),
            }
        },
    )?;
    Ok(())
}

/// The type of a function of WASI preview 1, if it has one of this name.
pub(crate) fn signature(name: &str) -> Option<FuncType> {
    if name == EXIT {
        return Some(FuncType::new([ValType::I32], []));
    }
    let (_, parameters) = FUNCTIONS.iter().find(|(known, _)| *known == name)?;
    Some(FuncType::new(parameters.iter().copied(), [ValType::I32]))
}

/// The functions of WASI preview 1 that have this type, those that C libraries need most often first.
pub(crate) fn of_type(ty: &FuncType) -> Vec<&'static str> {
    const OFTEN: [&str; 9] = [
        "fd_write",
        "fd_close",
        "fd_seek",
        "fd_read",
        "environ_get",
        "environ_sizes_get",
        "clock_time_get",
        "random_get",
        EXIT,
    ];
    let others = FUNCTIONS.iter().map(|(name, _)| *name);
    let others = others.filter(|name| !OFTEN.contains(name));
    let all = OFTEN.into_iter().chain(others);
    all.filter(|name| signature(name).as_ref() == Some(ty)).collect()
}

fn answer(
    mut caller: Caller<'_, Host>,
    name: &'static str,
    function: impl FnOnce(&mut HostWasi, &mut GuestMemory<'_>) -> Answer,
) -> wasmtime::Result<u32> {
    match caller.data().stub_of(MODULE, name) {
        Some(Some(number)) => return Ok(number.cast_unsigned()),
        Some(None) => return Err(Trap::UnreachableCodeReached.into()),
        None => {}
    }
    let name = caller.data().wasi_memory.clone();
    let memory = name.and_then(|name| caller.get_export(&name)?.into_memory());
    let answer = match memory {
        Some(memory) => {
            let (bytes, host) = memory.data_and_store_mut(&mut caller);
            function(&mut host.wasi, &mut GuestMemory(Some(bytes)))
        }
        None => function(&mut caller.data_mut().wasi, &mut GuestMemory(None)),
    };
    if caller.data_mut().wasi.record() {
        let stack = stack_of(&caller);
        caller.data_mut().wasi.record_stack(stack);
    }
    match answer {
        Ok(()) => Ok(0),
        Err(Failure::Errno(errno)) => Ok(u32::from(errno as u16)),
        Err(Failure::Stop(error)) => Err(error),
    }
}
