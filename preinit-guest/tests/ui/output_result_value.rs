use preinit_guest::preinit;

#[preinit]
fn load() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
