use preinit_guest::preinit;

#[preinit]
fn load()
where
    u32: Copy,
{
}

fn main() {}
