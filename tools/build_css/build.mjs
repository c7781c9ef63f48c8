// Builds badges/web/static/css/app.css out of scss/app.scss. Run: npm install && npm run build
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../../badges/web/static/css/app.css");
const version = JSON.parse(readFileSync(join(here, "node_modules/nhsuk-frontend/package.json"))).version;

const result = sass.compile(join(here, "scss/app.scss"), {
  loadPaths: [join(here, "node_modules"), join(here, "scss")],
  style: "compressed",
  quietDeps: true,
  silenceDeprecations: ["if-function"],
});

const notice =
  `/*! Built by tools/build_css from scss/. Form components from nhsuk-frontend ${version}, ` +
  `MIT licence, Copyright NHS Digital and contributors: see LICENCE-nhsuk-frontend.txt */\n`;
const css = notice + result.css.replace(/^\uFEFF/, "") + "\n";

// The pages' policy allows nothing from another host, so the build refuses it too.
const remote = css.match(/url\(["']?(?:https?:)?\/\/[^)]+\)/);
if (remote) throw new Error(`app.css would fetch from another host: ${remote[0]}`);

const bytes = Buffer.byteLength(css);
const zipped = gzipSync(css).length;
if (bytes > 60_000 || zipped > 12_000) throw new Error(`app.css is too large: ${bytes} bytes, ${zipped} zipped`);
writeFileSync(target, css);
console.log(`app.css: ${bytes} bytes, ${zipped} zipped`);
