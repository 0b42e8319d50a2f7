use preinit_guest::preinit;

#[preinit(speed = 1)]
fn unknown() {}

#[preinit(order = 1, order = 2)]
fn duplicate() {}

#[preinit("text")]
fn literal() {}

#[preinit(order = 1 crate = preinit_guest)]
fn separator() {}

#[preinit(crate = 1)]
fn krate() {}

fn main() {}
