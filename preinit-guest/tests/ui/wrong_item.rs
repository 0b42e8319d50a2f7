use preinit_guest::preinit;

#[preinit]
pub struct Table;

#[preinit]
const TABLE: u32 = 1;

#[preinit]
mod table {}

#[preinit]
impl Table {}

fn main() {}
