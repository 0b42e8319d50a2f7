//! Natively, and in a module that was not preinitialised, everything initialises itself when it is first used.

use std::panic::catch_unwind;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use preinit_guest::{Phase, phase, preinit};

#[cfg(feature = "std")]
#[test]
fn a_static_is_lazy() {
    use std::sync::LazyLock;

    use preinit_guest::Preinit;

    static MADE: AtomicBool = AtomicBool::new(false);
    #[preinit]
    static SQUARES: LazyLock<Vec<u32>> = LazyLock::new(|| {
        MADE.store(true, Ordering::Relaxed);
        (0..4).map(|n| n * n).collect()
    });

    assert!(!MADE.load(Ordering::Relaxed));
    assert!(!SQUARES.is_preinit());
    assert_eq!(*SQUARES, [0, 1, 4, 9]);
    assert!(SQUARES.is_preinit());
}

#[cfg(feature = "std")]
#[test]
fn a_static_without_a_function_is_initialised_by_its_user() {
    use std::sync::OnceLock;

    use preinit_guest::PreinitWith;

    fn make() -> String {
        "made".to_owned()
    }
    #[preinit(with = make)]
    static NAME: OnceLock<String> = OnceLock::new();

    assert_eq!(NAME.get(), None);
    NAME.preinit_with(make);
    assert!(NAME.is_preinit());
    assert_eq!(NAME.get_or_init(String::new), "made");
}

#[cfg(feature = "once_cell")]
#[test]
fn statics_of_once_cell() {
    use once_cell::sync::{Lazy, OnceCell};
    use preinit_guest::{Preinit, PreinitWith};

    #[preinit]
    static LAZY: Lazy<u32> = Lazy::new(|| 1);
    #[preinit(with = u32::default)]
    static CELL: OnceCell<u32> = OnceCell::new();

    assert!(!LAZY.is_preinit() && !CELL.is_preinit());
    LAZY.preinit();
    CELL.preinit_with(u32::default);
    assert!(LAZY.is_preinit() && CELL.is_preinit());
}

/// Under its lock, and again while it is full.
#[cfg(feature = "std")]
#[test]
fn a_lazy_static_of_an_own_type_may_call_its_function_at_any_time() {
    use std::sync::Mutex;

    use preinit_guest::Preinit;

    struct Lazy(Mutex<Option<u32>>, fn() -> u32);

    impl Lazy {
        const fn new(make: fn() -> u32) -> Self {
            Self(Mutex::new(None), make)
        }
        fn renew(&self) -> u32 {
            *self.0.try_lock().expect("nobody else has it").insert((self.1)())
        }
    }

    impl Preinit for Lazy {
        fn preinit(&'static self) {
            self.renew();
        }
        fn is_preinit(&self) -> bool {
            self.0.try_lock().expect("nobody else has it").is_some()
        }
    }

    impl preinit_guest::Lazy for Lazy {
        type Value = u32;
    }

    static MADE: AtomicU32 = AtomicU32::new(0);
    #[preinit]
    static SERIAL: Lazy = Lazy::new(|| MADE.fetch_add(1, Ordering::Relaxed));

    assert!(!SERIAL.is_preinit());
    assert_eq!([(); 3].map(|()| SERIAL.renew()), [0, 1, 2]);
    assert!(SERIAL.is_preinit());
}

#[test]
fn a_function_runs_once() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    #[preinit]
    fn warm_up() {
        RUNS.fetch_add(1, Ordering::Relaxed);
    }

    assert_eq!(RUNS.load(Ordering::Relaxed), 0);
    warm_up();
    warm_up();
    assert_eq!(RUNS.load(Ordering::Relaxed), 1);
}

#[test]
fn an_error_is_not_remembered() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    #[preinit(order = 10)]
    fn load() -> Result<(), String> {
        match RUNS.fetch_add(1, Ordering::Relaxed) {
            0 => Err("no file".to_owned()),
            _ => Ok(()),
        }
    }

    assert_eq!(load(), Err("no file".to_owned()));
    assert_eq!(load(), Ok(()));
    assert_eq!(load(), Ok(()));
    assert_eq!(RUNS.load(Ordering::Relaxed), 2);
}

#[test]
fn a_panic_is_not_remembered() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    #[preinit]
    fn load() {
        assert_ne!(RUNS.fetch_add(1, Ordering::Relaxed), 0, "no file");
    }

    assert!(catch_unwind(load).is_err());
    load();
    load();
    assert_eq!(RUNS.load(Ordering::Relaxed), 2);
}

#[test]
fn threads_wait_for_the_one_that_runs() {
    const THREADS: usize = 8;
    static RUNS: AtomicU32 = AtomicU32::new(0);
    static DONE: AtomicBool = AtomicBool::new(false);
    #[preinit]
    fn load() -> Result<(), &'static str> {
        let run = RUNS.fetch_add(1, Ordering::Relaxed);
        thread::sleep(Duration::from_millis(20));
        if run == 0 {
            return Err("the first to come fails");
        }
        DONE.store(true, Ordering::Relaxed);
        Ok(())
    }

    let barrier = Barrier::new(THREADS);
    let failures: usize = thread::scope(|scope| {
        let call = || {
            barrier.wait();
            let failed = load().is_err();
            assert!(failed || DONE.load(Ordering::Relaxed));
            usize::from(failed)
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(call)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no thread panics"))
            .sum()
    });
    assert_eq!((failures, RUNS.load(Ordering::Relaxed)), (1, 2));
}

#[cfg(feature = "std")]
#[test]
fn a_function_that_calls_itself_panics() {
    #[preinit]
    fn load() {
        load();
    }

    let panic = catch_unwind(load).expect_err("it calls itself");
    assert_eq!(
        panic.downcast_ref::<String>().map(String::as_str),
        Some("a `#[preinit]` function called itself while it was being preinitialised: \"behaviour::load\""),
    );
}

#[test]
fn items_keep_what_they_are() {
    mod inner {
        use preinit_guest::preinit;

        /// Keeps its ABI, its attributes and its visibility.
        #[preinit]
        #[deprecated]
        pub(super) extern "C" fn old() {
            #![expect(unused_variables, reason = "an inner attribute")]
            let run = ();
        }

        #[preinit]
        pub(super) fn r#loop() {}
    }

    #[expect(deprecated, reason = "the attribute is kept")]
    let old: extern "C" fn() = inner::old;
    old();
    inner::r#loop();
}

/// Names that an expansion has a use for.
#[test]
fn items_may_have_any_name() {
    mod inner {
        use preinit_guest::preinit;

        #[preinit]
        pub(super) fn report() {}
        #[preinit]
        pub(super) fn function() {}
    }
    inner::report();
    inner::function();

    #[cfg(feature = "std")]
    {
        fn slot() -> u32 {
            7
        }
        #[preinit]
        static LAZY: std::sync::LazyLock<u32> = std::sync::LazyLock::new(|| 1 + slot());
        #[preinit(with = slot)]
        static WITH: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
        assert_eq!((*LAZY, WITH.get_or_init(slot)), (8, &7));
    }
}

/// A body in one line has braces that would be unused in a block.
#[test]
#[deny(unused_braces, reason = "the user did not write them twice")]
#[rustfmt::skip]
fn items_may_be_short() {
    #[preinit]
    fn short() -> Result<(), String> { Ok(()) }
    assert_eq!(short(), Ok(()));
}

#[test]
fn the_same_line_may_define_many() {
    macro_rules! items {
        ($($name:ident $order:expr),*) => { $(
            mod $name {
                #[::preinit_guest::preinit(order = $order)]
                pub(super) fn same() {}
            }
        )* };
    }
    items!(first -1, second 0x10);
    first::same();
    second::same();
}

#[test]
fn the_crate_may_have_another_name() {
    use preinit_guest as sdk;

    #[sdk::preinit(crate = sdk)]
    fn load() {}
    load();
}

#[test]
fn a_native_program_is_not_preinitialised() {
    assert_eq!(phase(), Phase::NotPreinitialised);
}
