//! A plugin of Typst, by its protocol for plugins.

#[link(wasm_import_module = "typst_env")]
unsafe extern "C" {
    #[link_name = "wasm_minimal_protocol_write_args_to_buffer"]
    fn write_arguments(to: *mut u8);
    #[link_name = "wasm_minimal_protocol_send_result_to_host"]
    fn send_result(from: *const u8, length: usize);
}

/// Answers a path of this length.
#[unsafe(no_mangle)]
pub extern "C" fn answer(length: usize) -> i32 {
    let mut path = vec![0; length];
    // SAFETY: there is room for as much as the host said.
    unsafe { write_arguments(path.as_mut_ptr()) };
    let answer = routes::answer(std::str::from_utf8(&path).expect("it is UTF-8"));
    // SAFETY: the host copies it.
    unsafe { send_result(answer.as_ptr(), answer.len()) };
    0
}
