// Bundles the pages' scripts, styles and icons into ../static/dist, each with its hash in the name, and writes manifest.json.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const here = import.meta.dirname;
const target = process.argv[2] ?? join(here, "..", "static", "dist");
const source = join(here, "src");
const manifest = {};

const files = (folder, ending) => readdirSync(join(source, folder)).filter((name) => name.endsWith(ending)).sort();

function put(name, bytes) {
  const content = Buffer.from(bytes);
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const dot = name.lastIndexOf(".");
  const hashed = `${name.slice(0, dot)}-${digest}${name.slice(dot)}`;
  writeFileSync(join(target, hashed), content);
  writeFileSync(join(target, `${hashed}.gz`), gzipSync(content, { level: 9 }));
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  writeFileSync(join(target, `${hashed}.br`), brotliCompressSync(content, { params: quality }));
  manifest[name] = hashed;
}

async function bundle(name, options) {
  const result = await build({
    bundle: true, minify: true, write: false, legalComments: "eof", target: ["es2022", "chrome115", "firefox120", "safari16.4"],
    format: "iife", loader: { ".svg": "dataurl", ".woff": "empty", ".woff2": "empty", ".ttf": "empty", ".eot": "empty" }, ...options,
  });
  put(name, result.outputFiles[0].contents);
}

// one behaviour, one file: every file of behaviours/ is part of the shell, nobody keeps a list
const behaviours = files("behaviours", ".js");
const shell = ['import "./htmx.js";', 'import { register, begin } from "./register.js";']
  .concat(behaviours.map((name, n) => `import b${n} from "./behaviours/${name}"; register(b${n});`), "begin();").join("\n");
const styles = ["tokens.css", "base.css", "layout.css"].map((name) => `@import "./css/${name}";`)
  .concat(files("css/components", ".css").map((name) => `@import "./css/components/${name}";`)).join("\n");

// files of an earlier build stay: pages that are open still ask for them
mkdirSync(target, { recursive: true });
await bundle("app.js", { stdin: { contents: shell, resolveDir: source, loader: "js" } });
await bundle("app.css", { stdin: { contents: styles, resolveDir: source, loader: "css" } });
await bundle("theme.js", { entryPoints: [join(source, "theme.js")] });
for (const name of files("pages", ".js")) await bundle(name, { entryPoints: [join(source, "pages", name)] });
for (const name of files("css/pages", ".css")) await bundle(name, { entryPoints: [join(source, "css/pages", name)] });
// the face of printed letters: read by the typesetter, never by a browser
mkdirSync(join(target, "fonts"), { recursive: true });
for (const name of ["fonts/NotoSansHans-Regular.otf", "LICENSE"]) copyFileSync(join(here, "node_modules/@embedpdf/fonts-sc", name), join(target, "fonts", basename(name)));
put("sprite.svg", sprite(JSON.parse(readFileSync(join(source, "icons.json"), "utf8"))));
writeFileSync(join(target, "manifest.new"), JSON.stringify(manifest, null, 1));
renameSync(join(target, "manifest.new"), join(target, "manifest.json"));

function sprite(names) {
  const symbols = names.map((name) => {
    const file = join(here, "node_modules/@tabler/icons/icons/outline", `${basename(name)}.svg`);
    const paths = [...readFileSync(file, "utf8").matchAll(/<path [^>]*\/>/g)].map((match) => match[0]).filter((path) => !path.includes('stroke="none"'));
    return `<symbol id="${name}" viewBox="0 0 24 24">${paths.join("")}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}
