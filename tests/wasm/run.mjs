// Runs the checks of a module: node run.mjs <file.wasm>
import { readFile } from "node:fs/promises";

const bytes = await readFile(process.argv[2]);
const { instance } = await WebAssembly.instantiate(bytes, {});
const failed = instance.exports.first_failed_check(Date.now() / 1000);
if (failed !== 0) {
    console.error(`WebAssembly: check ${failed} of tests/wasm/src/lib.rs fails`);
    process.exit(1);
}
