use preinit_guest::preinit;

#[preinit(order = 1.5)]
fn float() {}

#[preinit(order = "1")]
fn text() {}

#[preinit(order = FIRST)]
fn name() {}

#[preinit(order = 1u8)]
fn suffix() {}

#[preinit(order = 2147483648)]
fn high() {}

#[preinit(order = -2147483649)]
fn low() {}

#[preinit(order)]
fn missing() {}

#[preinit(order =)]
fn empty() {}

#[preinit(order = 2147483647)]
fn highest() {}

#[preinit(order = -2147483648)]
fn lowest() {}

fn main() {}
