//! A parser of user agents, made of the thousand patterns that the `ua-parser` project collects. Its init runs long.

use std::sync::LazyLock;

#[cfg(not(feature = "wizer"))]
use preinit_guest::{ZeroFreed, preinit};
use uaparser::{Parser as _, UserAgentParser};

#[cfg(feature = "component")]
#[path = "../../component.rs"]
mod component;

#[cfg(not(feature = "wizer"))]
#[global_allocator]
static ALLOCATOR: ZeroFreed<std::alloc::System> = ZeroFreed::new(std::alloc::System);

/// The patterns come with the crate, but only as a file: who builds the guest says where.
const PATTERNS: &[u8] = include_bytes!(env!("UAPARSER_REGEXES"));

#[cfg_attr(not(feature = "wizer"), preinit)]
static PARSER: LazyLock<UserAgentParser> = LazyLock::new(|| {
    UserAgentParser::builder()
        .with_unicode_support(false)
        .build_from_bytes(PATTERNS)
        .expect("patterns that were published")
});

#[cfg(feature = "wizer")]
#[unsafe(export_name = "wizer-initialize")]
extern "C" fn initialize() {
    LazyLock::force(&PARSER);
}

const AGENTS: [&str; 3] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:85.0) Gecko/20100101 Firefox/85.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
     Version/17.5 Mobile/15E148 Safari/604.1",
    "curl/8.5.0",
];

/// What one of the agents is: a sum over the names that the parser found.
#[cfg_attr(not(feature = "component"), unsafe(no_mangle))]
pub extern "C" fn run(request: u32) -> u32 {
    let client = PARSER.parse(AGENTS[request as usize % AGENTS.len()]);
    let names = [client.user_agent.family, client.os.family, client.device.family];
    names
        .iter()
        .flat_map(|name| name.bytes())
        .fold(0, |sum, byte| sum * 31 + u32::from(byte) & 0xff_ffff)
}
