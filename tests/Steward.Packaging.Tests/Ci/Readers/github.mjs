// Says what GitHub's own reader of workflows finds wrong with a file, one sentence a line; nothing when it takes the file.
import { readFileSync } from "node:fs";
import { register } from "node:module";

// The package imports its tables the way newer versions of Node do without being told.
const tables = `export const load = (url, context, next) => next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);`;
register("data:text/javascript," + encodeURIComponent(tables));
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");

for (const file of process.argv.slice(2)) {
  const read = parseWorkflow({ name: "steward.yml", content: readFileSync(file, "utf8") }, new NoOperationTraceWriter());
  if (read.value) await convertWorkflowTemplate(read.context, read.value);
  for (const error of read.context.errors.getErrors()) console.log(`${file}: ${error.message}`);
}
