//! How a Chromium without a window is started.

/// Arguments with which it keeps to the page: no sandbox, which needs rights that containers do not give, and nothing that calls home. What it
/// logs goes to standard error.
pub const ARGUMENTS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--enable-logging=stderr",
];
