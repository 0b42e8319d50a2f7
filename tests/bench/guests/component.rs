//! Makes a guest a component. Its items are marked for us, and for Wizer a function is exported that does the same.

#[cfg(not(feature = "wizer"))]
wit_bindgen::generate!({
    inline: "
        package bench:guest;

        world guest {
            export run: func(request: u32) -> u32;
        }
    ",
});

#[cfg(feature = "wizer")]
wit_bindgen::generate!({
    inline: "
        package bench:guest;

        world guest {
            export init: func();
            export run: func(request: u32) -> u32;
        }
    ",
});

struct Component;

impl Guest for Component {
    #[cfg(feature = "wizer")]
    fn init() {
        super::initialize();
    }

    fn run(request: u32) -> u32 {
        super::run(request)
    }
}

export!(Component);
