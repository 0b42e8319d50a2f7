use preinit_guest::preinit;

struct Silent;

#[preinit]
fn load() -> Result<(), Silent> {
    Ok(())
}

fn main() {}
