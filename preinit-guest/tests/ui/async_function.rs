use preinit_guest::preinit;

#[preinit]
async fn load() {}

fn main() {}
