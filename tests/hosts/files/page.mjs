// Loads the library that `wasm-bindgen` bound, `/page.html?GUEST/FOLDER`, and hands what it answers to the server, which says
// what to load next.
const PATHS = ["/ROUTE-17/kiosk/42", "/route-19/abc/7", "/nowhere"];

// What is asked of each guest after its first answer, which is timed.
const CALLS = {
    page({ answer, Visitor }) {
        const ada = new Visitor("Ada");
        return [...PATHS.slice(1).map(answer), ada.visit(PATHS[0]), ada.visit(PATHS[1])];
    },
    values({ answers, hand, counter }) {
        const twice = hand(PATHS[1], (answer) => ({ handed: answer }));
        const count = counter();
        return [
            ...answers(PATHS.slice(1)),
            `${twice[0] === twice[1]} ${twice[0].handed}`,
            `${count()} ${count()} ${counter()()}`,
        ];
    },
    start({ answer }) {
        return [...PATHS.slice(1).map(answer), `started ${globalThis.started} time(s)`];
    },
    refused() {
        return [];
    },
};
const FIRST = {
    page: ({ answer }) => answer(PATHS[0]),
    values: ({ answers }) => answers([PATHS[0]])[0],
    start: ({ answer }) => answer(PATHS[0]),
    refused: ({ length }) => `length ${length()}`,
};

let seen;
try {
    const [guest, folder] = location.search.slice(1).split("/");
    const begun = performance.now();
    const bound = await import(`/${guest}/${folder}/${guest}.js`);
    await bound.default();
    const loaded = performance.now();
    const first = FIRST[guest](bound);
    const answered = performance.now();
    seen = {
        answers: [first, ...CALLS[guest](bound)],
        seconds: (answered - loaded) / 1000,
        withLoading: (answered - begun) / 1000,
    };
} catch (error) {
    seen = { error: `${error}` };
}
const next = await fetch("/seen", { method: "POST", body: JSON.stringify(seen) });
const page = await next.text();
if (page) {
    location = page;
}
