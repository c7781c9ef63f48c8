// Builds badges/web/static/css/app.css out of scss/app.scss. Run: npm install && npm run build
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import postcss from "postcss";
import * as sass from "sass";

import { KEPT } from "./kept.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../../badges/web/static/css/app.css");
const version = JSON.parse(readFileSync(join(here, "node_modules/nhsuk-frontend/package.json"))).version;

const result = sass.compile(join(here, "scss/app.scss"), {
  loadPaths: [join(here, "node_modules"), join(here, "scss")],
  style: "compressed",
  quietDeps: true,
  silenceDeprecations: ["if-function"],
});

// Of the components' rules, only those stay whose every class our templates can make.
const isKept = (selector) =>
  [...selector.replace(/:not\([^()]*\)/g, "").matchAll(/\.(nhsuk-[\w-]+)/g)].every(([, name]) => KEPT.has(name));
const sheet = postcss.parse(result.css.replace(/^\uFEFF/, ""));
sheet.walkRules((rule) => {
  const selectors = rule.selectors.filter(isKept);
  if (selectors.length === 0) rule.remove();
  else if (selectors.length < rule.selectors.length) rule.selectors = selectors;
});
sheet.walkAtRules((rule) => {
  if (rule.nodes?.length === 0) rule.remove();
  // Browsers that know only the older name of forced colours are gone.
  else if (rule.params.includes("-ms-high-contrast")) rule.params = "(forced-colors: active)";
});
// Two rules in a row for the same elements become one.
const isSame = (one, other) =>
  one && one.type === other.type && (one.type === "rule" ? one.selector === other.selector : one.name === "media" && one.name === other.name && one.params === other.params);
const merge = (container) => {
  for (const node of [...container.nodes]) {
    const before = node.prev();
    if (isSame(before, node)) {
      before.append(...node.nodes);
      node.remove();
    }
  }
  for (const node of container.nodes) if (node.type === "atrule" && node.nodes && node.name === "media") merge(node);
};
merge(sheet);

const notice =
  `/*! Built by tools/build_css from scss/. Form components from nhsuk-frontend ${version}, ` +
  `MIT licence, Copyright NHS England and contributors: see LICENCE-nhsuk-frontend.txt */\n`;
const css = notice + sheet.toString() + "\n";

// The pages' policy allows nothing from another host, so the build refuses it too.
const remote = css.match(/url\(["']?(?:https?:)?\/\/[^)]+\)/);
if (remote) throw new Error(`app.css would fetch from another host: ${remote[0]}`);

const bytes = Buffer.byteLength(css);
const zipped = gzipSync(css).length;
if (bytes > 68_000 || zipped > 12_000) throw new Error(`app.css is too large: ${bytes} bytes, ${zipped} zipped`);
writeFileSync(target, css);
console.log(`app.css: ${bytes} bytes, ${zipped} zipped`);
