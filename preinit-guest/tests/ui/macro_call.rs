use preinit_guest::preinit;

macro_rules! table {
    ($name:ident) => {
        static $name: [u32; 1] = [1];
    };
}

#[preinit]
table!(TABLE);

fn main() {
    assert_eq!(TABLE, [1]);
}
