const { instance } = await WebAssembly.instantiateStreaming(fetch("{module}.wasm"));

const index = document.getElementById("index");
const prime = document.getElementById("prime");

// WebAssembly's numbers are signed.
const show = () => (prime.value = instance.exports.prime(Number(index.value)) >>> 0);

index.addEventListener("input", show);
show();
