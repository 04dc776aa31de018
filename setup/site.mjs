// The site's files that are not Rust: style, icons, the map library, the font; and the compressed twin of each text file.
//   node setup/site.mjs SITE [--dev]
// A file is written only when its content changes, so a second run does next to nothing. --dev leaves out the twins.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const [site, mode] = process.argv.slice(2);
const npm = "end2end/node_modules";
const say = (line) => console.log(`· ${line}`);
const walk = (folder) =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).map((f) => join(f.parentPath ?? f.path, f.name)) : [];

/** Writes `content` to SITE/`path` unless it is there already. */
function put(path, content) {
  const file = join(site, path);
  const bytes = Buffer.from(content);
  if (existsSync(file) && readFileSync(file).equals(bytes)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}
const copy = (from, to) => put(to, readFileSync(from));

// Style. Compiled only when a source changed: starting the compiler is the slowest thing here.
const main = "style/main.scss";
if (existsSync(main)) {
  const sum = createHash("sha256");
  for (const file of [...walk("style").sort(), "end2end/package-lock.json"]) sum.update(file).update(readFileSync(file));
  const key = `${sum.digest("hex")} ${mode ?? ""}`;
  const stamp = join("target/stamps", `style-${createHash("sha256").update(site).digest("hex").slice(0, 8)}`);
  if (!existsSync(join(site, "pkg/vedetta.css")) || !existsSync(stamp) || readFileSync(stamp, "utf8") !== key) {
    say(`sass: ${site}/pkg/vedetta.css`);
    const sass = await import(new URL(`../${npm}/sass/sass.node.mjs`, import.meta.url));
    try {
      put("pkg/vedetta.css", sass.compile(main, { style: mode === "--dev" ? "expanded" : "compressed", loadPaths: ["style", npm] }).css);
    } catch (error) {
      console.error(error.message);
      process.exit(1);
    }
    writeFileSync(stamp, key);
  }
} else {
  say(`there is no ${main}: the pages have no style`);
}

// Icons and the like, as they are.
for (const file of walk("public")) copy(file, relative("public", file));

// The map library: ES modules that find their worker beside themselves. Source maps stay at home.
const withoutMap = (file) => readFileSync(file, "utf8").replace(/\n\/\/# sourceMappingURL=\S+\s*$/, "\n");
for (const file of ["maplibre-gl.mjs", "maplibre-gl-worker.mjs"]) put(`vendor/${file}`, withoutMap(`${npm}/maplibre-gl/dist/${file}`));
copy(`${npm}/maplibre-gl/dist/maplibre-gl.css`, "vendor/maplibre-gl.css");
// pmtiles' own module wants a bundler; its browser script does not, and becomes a module with one more line.
const pmtiles = withoutMap(`${npm}/pmtiles/dist/pmtiles.js`);
put("vendor/pmtiles.mjs", `${pmtiles}export const { PMTiles, Protocol, FileSource, FetchSource, TileType } = pmtiles;\n`);

// The font, one file a script, and the rules that name them.
const inter = `${npm}/@fontsource-variable/inter`;
const rules = readFileSync(`${inter}/index.css`, "utf8").replace(/\.\/files\/inter-(\S+?)-wght-normal\.woff2/g, (_, script) => {
  copy(`${inter}/files/inter-${script}-wght-normal.woff2`, `fonts/inter-${script}.woff2`);
  return `inter-${script}.woff2`;
});
put("fonts/inter.css", rules.replaceAll("'Inter Variable'", "'Inter'").replaceAll("woff2-variations", "woff2"));

for (const [name, file] of [["maplibre-gl", "LICENSE.txt"], ["fflate", "LICENSE"], ["@fontsource-variable/inter", "LICENSE"]])
  copy(`${npm}/${name}/${file}`, `vendor/licences/${name.split("/").pop()}.txt`);
put("vendor/licences/pmtiles.txt", "pmtiles: BSD-3-Clause, Copyright 2021 and later Protomaps LLC and the pmtiles contributors\n");
if (existsSync(join(site, "basemap"))) put("basemap/LICENCE.txt", "florence.pmtiles: (c) OpenStreetMap contributors, Open Database License 1.0; tiles by Protomaps\n");

// The compressed twins. Static serving picks `file.br` or `file.gz` when the browser takes it.
const [br, gz] = [promisify(brotliCompress), promisify(gzip)];
const texts = walk(site).filter((file) => /\.(wasm|m?js|css|svg|webmanifest|json)$/.test(file));
if (mode === "--dev") {
  for (const file of texts) for (const twin of [".br", ".gz"]) rmSync(file + twin, { force: true });
} else {
  const old = (file, twin) => !existsSync(file + twin) || statSync(file + twin).mtimeMs < statSync(file).mtimeMs;
  const due = texts.filter((file) => old(file, ".br") || old(file, ".gz"));
  if (due.length) say(`compressing ${due.length} files`);
  await Promise.all(
    due.map(async (file) => {
      const bytes = readFileSync(file);
      writeFileSync(file + ".br", await br(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
      writeFileSync(file + ".gz", await gz(bytes, { level: 9 }));
    }),
  );
}
