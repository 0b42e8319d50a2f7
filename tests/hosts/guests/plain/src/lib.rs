//! A module without imports, for hosts that give none: text goes in and out through its memory.

/// Makes room for a text.
#[unsafe(no_mangle)]
pub extern "C" fn room(length: usize) -> *mut u8 {
    Box::leak(vec![0; length].into_boxed_slice()).as_mut_ptr()
}

/// Answers a path: the address of the answer, and its length in the upper half.
///
/// # Safety
///
/// The path is a text in what [`room`] made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn answer(path: *const u8, length: usize) -> u64 {
    // SAFETY: the caller wrote the text there.
    let path = unsafe { std::slice::from_raw_parts(path, length) };
    let path = std::str::from_utf8(path).expect("it is UTF-8");
    let answer: &str = Box::leak(routes::answer(path).into_boxed_str());
    (answer.len() as u64) << 32 | answer.as_ptr() as u64
}
