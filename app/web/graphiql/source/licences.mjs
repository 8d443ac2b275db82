// The licences of the packages whose code is in the bundle.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const LICENCE_FILE = /^(licen[cs]e|copying|notice|third-?party-?notices)/i;
const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

const MIT = `Copyright (c) the authors. (The package has no licence file of its own; its package.json says MIT.)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** Returns one text: name, version, licence and the licence's files of each package in the metafiles. */
export function licences(folder, metafiles) {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const packages = new Set(inputs.map((path) => path.match(PACKAGE)?.[1]).filter(Boolean));
  const entries = [...packages].map((path) => describe(join(folder, path)));
  const unique = new Map(entries.sort((a, b) => (a.title < b.title ? -1 : 1)).map((entry) => [entry.title, entry.text]));
  return `${unique.size} packages are in this bundle.\n\n${[...unique.values()].join("\n")}`;
}

function describe(path) {
  const { name, version, license } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  const title = `${name} ${version}`;
  const files = readdirSync(path).filter((file) => LICENCE_FILE.test(file)).sort();
  const texts = files.map((file) => readFileSync(join(path, file), "utf8").replaceAll("\r\n", "\n").trim());
  if (!texts.length && license !== "MIT") throw new Error(`${title} (${license}) has no licence file: add its text here`);
  const rule = "=".repeat(80);
  return { title, text: `${rule}\n${title} (${license})\n${rule}\n\n${texts.join("\n\n") || MIT}\n` };
}
