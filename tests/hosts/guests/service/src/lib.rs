//! A component that answers requests of HTTP, in the world `wasi:http/proxy`.

use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::types::{Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam};

struct Service;

impl Guest for Service {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let answer = routes::answer(&request.path_with_query().unwrap_or_default());
        let response = OutgoingResponse::new(Fields::new());
        let body = response.body().expect("it is asked for once");
        ResponseOutparam::set(out, Ok(response));
        let stream = body.write().expect("it is asked for once");
        let written = stream.blocking_write_and_flush(answer.as_bytes());
        written.expect("the host reads");
        drop(stream);
        OutgoingBody::finish(body, None).expect("the host reads");
    }
}

wasip2::http::proxy::export!(Service);
