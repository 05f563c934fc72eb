// Renders formulas for formulas.py: one JSON array of {tex, display} a line in, one array of {html} or {error} a line out.
// usage: node katex_worker.mjs <folder of the katex package>
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { default: katex } = await import(pathToFileURL(`${process.argv[2]}/dist/katex.mjs`));

// \show and \message print to stdout, which is ours; warnings are about glyphs without metrics, which still show.
console.log = console.warn = console.error = () => {};

function render({ tex, display }) {
  try {
    const html = katex.renderToString(tex, {
      displayMode: display,
      output: "htmlAndMathml",
      throwOnError: true,
      // What Obsidian shows is welcome: Chinese in formulas, `\\` in display mode. But the end of $50%$, where
      // an author meant \%, would vanish without a word.
      strict: (code) => (code === "commentAtEnd" ? "error" : "ignore"),
      // Where `trust: false` would print the command in red and report nothing, this is an error like any other.
      trust({ command }) {
        throw new katex.ParseError(`${command} is not allowed: a formula may not link, load or style anything`);
      },
      macros: {}, // \gdef writes here: a new object, so that no formula changes another
    });
    return { html };
  } catch (error) {
    return { error: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${JSON.stringify(JSON.parse(line).map(render))}\n`);
}
