// Bundles web/assets into web/static/dist: hashed files, an SVG sprite of the icons in use, and manifest.json.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const sources = join(root, "web/assets");
const out = join(root, "web/static/dist");
const ICONS = join(root, "node_modules/bootstrap-icons/icons");

/** What menus may show; which entry has which is decided where menus are made. */
const MENU_ICONS = ["file-earmark-text", "table", "bar-chart", "people", "person-badge", "shield-check", "boxes", "diagram-3", "gear"];

/** Those, and every name in `icon("…")` of templates and scripts. */
function iconsInUse() {
  const sources = ["templates", "assets"].map((folder) => join(root, "web", folder));
  const files = sources.flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => join(folder, file)));
  const names = files
    .filter((file) => /\.(html|ts)$/.test(file))
    .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/\bicon\("([a-z0-9-]+)"/g)].map((match) => match[1]));
  return [...new Set([...MENU_ICONS, ...names])].sort();
}

function sprite() {
  const symbols = iconsInUse().map((name) => {
    const [, box, body] = /viewBox="([^"]+)"[^>]*>([\s\S]*)<\/svg>/.exec(readFileSync(join(ICONS, `${name}.svg`), "utf8"));
    return `<symbol id="${name}" viewBox="${box}" fill="currentColor">${body.trim()}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

mkdirSync(out, { recursive: true });
const before = readdirSync(out);

const { metafile } = await build({
  entryPoints: ["theme.ts", "app.ts", "form.ts", "app.css"].map((name) => join(sources, name)),
  absWorkingDir: root,
  outdir: out,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "external",
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
const made = new Set(["manifest.json", "stamp", ...Object.keys(metafile.outputs).map((file) => basename(file))]);
for (const [file, output] of Object.entries(metafile.outputs)) {
  if (output.entryPoint) {
    manifest[basename(output.entryPoint).replace(/\.ts$/, ".js")] = basename(file);
  }
}
for (const [name, text] of [["icons", sprite()], ["brand", readFileSync(join(sources, "brand.svg"), "utf8")]]) {
  manifest[`${name}.svg`] = `${name}-${createHash("sha256").update(text).digest("hex").slice(0, 8)}.svg`;
  writeFileSync(join(out, manifest[`${name}.svg`]), text);
  made.add(manifest[`${name}.svg`]);
}
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
// Last, so that a server which is running meanwhile always finds what its manifest names.
for (const name of before.filter((name) => !made.has(name))) rmSync(join(out, name));
