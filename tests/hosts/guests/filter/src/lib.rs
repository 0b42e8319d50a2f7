//! A filter for proxies: it answers every request itself.

use proxy_wasm::traits::{Context, HttpContext};
use proxy_wasm::types::{Action, LogLevel};

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Warn);
    proxy_wasm::set_http_context(|_, _| Box::new(Answering));
}}

struct Answering;

impl Context for Answering {}

impl HttpContext for Answering {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let path = self.get_http_request_header(":path").unwrap_or_default();
        let answer = routes::answer(&path);
        self.send_http_response(200, vec![], Some(answer.as_bytes()));
        Action::Pause
    }
}
