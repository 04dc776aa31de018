// What a browser must load before the page is alive: the WASM and its JS, without the map library.
//   node setup/size.mjs SITE     fails over the budget
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";

const budget = 300_000; // bytes, brotli
const pkg = join(process.argv[2], "pkg");
const files = readdirSync(pkg, { recursive: true }).filter((file) => /\.(wasm|js)$/.test(file)).sort();
const row = (name, raw, br) => console.log(name.padEnd(32) + String(raw).padStart(12) + String(br).padStart(12));

row("", "bytes", "brotli");
let [raw, small] = [0, 0];
for (const file of files) {
  const bytes = readFileSync(join(pkg, file));
  const br = brotliCompressSync(bytes).length;
  row(file, bytes.length, br);
  raw += bytes.length;
  small += br;
}
row("together", raw, small);
console.log(small <= budget ? `within the budget of ${budget} bytes` : `OVER the budget of ${budget} bytes by ${small - budget}`);
process.exit(small <= budget ? 0 : 1);
