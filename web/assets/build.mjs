// Builds the site's style sheet, script, fonts and images into web/assets/dist: hashed names, precompressed
// copies and a manifest. The result depends only on the sources and the locked packages.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import * as sass from "sass";
import subsetFont from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const modules = join(root, "node_modules");
const dist = join(here, "dist");

const types = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  woff2: "font/woff2",
};
const manifest = {};
const written = new Set(["manifest.json"]);

function put(name, body) {
  const bytes = Buffer.from(body);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const [stem, extension] = [name.slice(0, name.lastIndexOf(".")), name.slice(name.lastIndexOf(".") + 1)];
  const hashed = `${stem}.${hash}.${extension}`;
  save(hashed, bytes);
  const compressible = extension !== "woff2";
  if (compressible) {
    saveCompressed(`${hashed}.gz`, bytes, gunzipSync, () => gzipSync(bytes, { level: 9 }));
    saveCompressed(`${hashed}.br`, bytes, brotliDecompressSync, () =>
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    );
  }
  manifest[name] = { file: hashed, type: types[extension], compressed: compressible };
  return `/assets/${hashed}`;
}

function save(file, bytes) {
  written.add(file);
  const path = join(dist, file);
  if (!existsSync(path) || !readFileSync(path).equals(bytes)) writeFileSync(path, bytes);
}

// Compressors differ between Node releases and processors, so a compressed copy that still unpacks to the
// same bytes is left as it is.
function saveCompressed(file, bytes, unpack, pack) {
  written.add(file);
  const path = join(dist, file);
  try {
    if (unpack(readFileSync(path)).equals(bytes)) return;
  } catch {
    // Missing or damaged: write it anew.
  }
  writeFileSync(path, pack());
}

function characters() {
  let text = "";
  for (let c = 0x20; c < 0x7f; c++) text += String.fromCharCode(c);
  for (let c = 0xa0; c <= 0xff; c++) text += String.fromCharCode(c);
  return text + "ŴŵŶŷ–—‘’“”•…€−→←";
}

async function fonts() {
  const from = join(modules, "@fontsource", "atkinson-hyperlegible");
  for (const weight of [400, 700]) {
    const original = readFileSync(join(from, "files", `atkinson-hyperlegible-latin-${weight}-normal.woff2`));
    const subset = await subsetFont(original, characters(), { targetFormat: "woff2", noHinting: true });
    put(`atkinson-${weight}.woff2`, subset);
  }
  put("font-licence.txt", readFileSync(join(from, "LICENSE")));
}

function images() {
  for (const name of readdirSync(join(here, "img")).sort()) put(name, readFileSync(join(here, "img", name)));
}

function styles() {
  const result = sass.compile(join(here, "scss", "app.scss"), {
    loadPaths: [modules],
    style: "compressed",
    quietDeps: true,
    functions: {
      "asset-url($name)": ([name]) => {
        const entry = manifest[name.assertString().text];
        if (!entry) throw new Error(`no asset ${name}`);
        return new sass.SassString(`url("/assets/${entry.file}")`, { quotes: false });
      },
    },
  });
  put("app.css", result.css.replace(/^\uFEFF/, "") + "\n");
}

async function script() {
  const result = await build({
    entryPoints: [join(here, "js", "app.mjs")],
    absWorkingDir: root,
    nodePaths: [modules],
    bundle: true,
    charset: "utf8",
    format: "esm",
    legalComments: "none",
    minify: true,
    target: "es2020",
    write: false,
  });
  put("app.js", result.outputFiles[0].contents);
}

mkdirSync(dist, { recursive: true });
await fonts();
images();
styles();
await script();
save("manifest.json", Buffer.from(JSON.stringify(manifest, Object.keys(manifest).sort().concat(["file", "type", "compressed"]), 2) + "\n"));
for (const file of readdirSync(dist)) if (!written.has(file)) rmSync(join(dist, file));
