//! LEB128 numbers with padding: linkers write them to leave room, and assemblers may write any length that the format allows.

use anyhow::{Result, ensure};
use cargo_preinit::{BakeOptions, DeadCode, bake};

/// A module with a memory of that type, an init that does nothing, and a function whose load has an offset of `offset` bytes. Its two
/// active segments become one, so that the output has other indices.
fn module(memory: &[u8], is_64: bool, offset: usize, is_debuggable: bool) -> Vec<u8> {
    let zero: &[u8] = if is_64 { b"\x42\0" } else { b"\x41\0" };
    let mut load = [b"\0", zero, b"\x28\x02"].concat();
    load.push(0x88);
    load.extend(std::iter::repeat_n(0x80, offset - 2));
    load.extend(b"\0\x0b");
    let section = |id: u8, contents: &[u8]| {
        let len = u8::try_from(contents.len()).expect("a small module");
        [&[id, len], contents].concat()
    };
    let len = u8::try_from(load.len()).expect("a small module");
    let code = [b"\x02\x02\0\x0b", &[len][..], &load].concat();
    let place = zero[0];
    let data = [2, 0, place, 8, 0x0b, 1, b'a', 0, place, 9, 0x0b, 1, b'b'];
    let mut wasm = [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, b"\x02\x60\0\0\x60\0\x01\x7f"),
        section(3, b"\x02\0\x01"),
        section(5, memory),
        section(7, b"\x02\x04init\0\0\x03get\0\x01"),
        section(10, &code),
        section(11, &data),
    ]
    .concat();
    if is_debuggable {
        wasm.extend(section(0, b"\x0b.debug_info"));
    }
    wasm
}

#[test]
fn offsets_may_be_as_long_as_there_are() -> Result<()> {
    let memories: [(&[u8], bool, usize); 2] = [(b"\x01\0\x01", false, 10), (b"\x01\x04\x01", true, 10)];
    for (memory, is_64, longest) in memories {
        for offset in 2..=longest {
            for dead_code in [DeadCode::Keep, DeadCode::Remove] {
                for is_debuggable in [false, true] {
                    let wasm = module(memory, is_64, offset, is_debuggable);
                    let options = BakeOptions {
                        init_functions: vec!["init".to_owned()],
                        dead_code,
                        ..BakeOptions::default()
                    };
                    let baked = bake(&wasm, &options)?;
                    let text = wasmprinter::print_bytes(&baked.wasm)
                        .map_err(|error| anyhow::anyhow!("{error:#}"))?;
                    ensure!(text.contains("i32.load offset=8"), "{text}");
                }
            }
        }
    }
    Ok(())
}
