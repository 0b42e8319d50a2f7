// A worker that answers requests by the library that `wasm-bindgen` bound.
import module from "./page_bg.wasm";
import { answer, initSync, Visitor } from "./page.js";

initSync({ module });
const ada = new Visitor("Ada");

export default {
    fetch(request) {
        const { pathname, search } = new URL(request.url);
        return new Response(search === "?ada" ? ada.visit(pathname) : answer(pathname));
    },
};
