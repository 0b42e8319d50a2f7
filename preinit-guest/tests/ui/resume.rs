use std::sync::LazyLock;

use preinit_guest::preinit;

#[preinit(resume)]
static TABLE: LazyLock<u32> = LazyLock::new(|| 1);

#[preinit(resume = true)]
fn valued() {}

#[preinit(resume, with = make)]
fn made() {}

#[preinit(resume)]
fn wrong() -> u32 {
    1
}

#[preinit(resume)]
fn taking(number: u32) {}

fn main() {}
