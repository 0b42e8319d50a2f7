//! The pictures of the guide, as they are in the documentation of the crate.

use std::fmt::Write as _;
use std::path::Path;

use wasmtime::error::Result;

/// A picture as an address that has all of it: see RFC 2397.
fn address(svg: &[u8]) -> String {
    let mut address = "data:image/svg+xml,".to_owned();
    for byte in svg {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => address.push(char::from(*byte)),
            b if b"-_.~/:;=,+*@!$".contains(b) => address.push(char::from(*byte)),
            byte => write!(address, "%{byte:02X}").expect("a text grows"),
        }
    }
    address
}

#[test]
fn the_documentation_has_the_pictures_of_the_book() -> Result<()> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cargo-preinit");
    let mut pictures: Vec<_> =
        fs_err::read_dir(package.join("guide/src/pictures"))?.collect::<Result<_, _>>()?;
    pictures.sort_by_key(fs_err::DirEntry::file_name);
    let lines = pictures.iter().map(|picture| {
        let name = picture.file_name();
        let address = address(&fs_err::read(picture.path())?);
        Ok(format!("[pictures/{}]: {address}\n", name.display()))
    });
    let text: String = lines.collect::<Result<_>>()?;
    snapbox::assert_data_eq!(
        text,
        snapbox::Data::read_from(&package.join("src/guide/pictures.md"), None).raw()
    );
    Ok(())
}
