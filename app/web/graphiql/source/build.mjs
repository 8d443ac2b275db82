// Builds the page: `node build.mjs [folder]`. Every file is gzipped and has its content's hash in its name.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { licences } from "./licences.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, "../../static/graphiql"));
const WORKERS = {
  EDITOR_WORKER: "monaco-editor/esm/vs/editor/editor.worker.js",
  GRAPHQL_WORKER: "monaco-graphql/esm/graphql.worker.js",
  JSON_WORKER: "monaco-editor/esm/vs/language/json/json.worker.js",
};
const DATA_FONT = /url\(data:font\/(\w+);base64,([A-Za-z0-9+/=]+)\)/g;
const TEXT_FONT = /@font-face\s*{[^}]*font-family:\s*["']?(Roboto|Fira Code)[^}]*}/g;

// Fonts for text are left out, and the icons' font becomes a file: `font-src data:` would be a wider policy than needed.
const fonts = {
  name: "fonts",
  setup(build) {
    const found = new Map();
    build.onLoad({ filter: /\.css$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8").replace(TEXT_FONT, "");
      const contents = text.replace(DATA_FONT, (_, kind, data) => {
        const name = `icons-${found.size}.${kind}`;
        found.set(name, Buffer.from(data, "base64"));
        return `url("embedded:${name}")`;
      });
      return { contents, loader: "css" };
    });
    build.onResolve({ filter: /^embedded:/ }, ({ path }) => ({ path: path.slice(9), namespace: "embedded" }));
    build.onLoad({ filter: /./, namespace: "embedded" }, ({ path }) => ({ contents: found.get(path), loader: "file" }));
  },
};

// One graphql-js: the explorer requires it, the rest imports it, and types of two copies do not know each other.
// In a browser it never believes to be in production, and compares slowly: that one function is replaced.
const graphql = {
  name: "graphql",
  setup(build) {
    const path = join(here, "node_modules/graphql/index.mjs");
    const contents = "export const instanceOf = (value, constructor) => value instanceof constructor;";
    build.onResolve({ filter: /^graphql$/ }, () => ({ path }));
    build.onLoad({ filter: /graphql\/jsutils\/instanceOf\.mjs$/ }, () => ({ contents }));
  },
};

const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  outdir: target,
  target: "es2022",
  legalComments: "eof",
  entryNames: "[name]-[hash]",
  assetNames: "font-[hash]",
  loader: { ".graphql": "text", ".ttf": "file" },
  plugins: [fonts, graphql],
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
};

async function build() {
  const workers = await esbuild.build({ ...shared, format: "iife", entryPoints: entries(WORKERS) });
  const names = Object.fromEntries(
    Object.entries(WORKERS).map(([constant, path]) => [constant, JSON.stringify(`./${nameOf(workers, path)}`)]),
  );
  // In one piece: esbuild does not load the styles of chunks that are split off.
  const page = await esbuild.build({
    ...shared,
    format: "esm",
    jsx: "automatic",
    entryPoints: { graphiql: "main.jsx" },
    define: { ...shared.define, ...names },
  });
  write([...workers.outputFiles, ...page.outputFiles], {
    script: nameOf(page, "main.jsx"),
    style: basename(page.outputFiles.find(({ path }) => path.endsWith(".css")).path),
    sources: digestOfSources(),
  });
  writeFileSync(join(target, "THIRD-PARTY-LICENCES.txt"), licences(here, [workers.metafile, page.metafile]));
}

function entries(paths) {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name.toLowerCase().replace("_", "-"), path]));
}

function nameOf({ metafile }, path) {
  const [output] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint?.endsWith(path));
  return basename(output);
}

function write(files, manifest) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const { path, contents } of files) {
    const zipped = gzipSync(contents, { level: 9 });
    writeFileSync(`${path}.gz`, zipped);
    console.log(`${basename(path).padEnd(32)} ${contents.length} bytes, ${zipped.length} gzipped`);
  }
  writeFileSync(join(target, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** A test compares this with the sources: whoever changes them has to build. */
function digestOfSources() {
  const digest = createHash("sha256");
  for (const name of readdirSync(here).filter((name) => name !== "node_modules").sort()) {
    digest.update(name).update("\0").update(readFileSync(join(here, name))).update("\0");
  }
  return digest.digest("hex");
}

await build();
