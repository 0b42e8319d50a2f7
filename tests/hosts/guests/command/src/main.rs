//! A command of WASI: it answers its first argument.

fn main() {
    let path = std::env::args().nth(1).expect("there is an argument");
    println!("{}", routes::answer(&path));
}
