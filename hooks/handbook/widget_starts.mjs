// Checks the fences of widgets.py: reads {models, requests: [{name, start}]} from stdin, writes [{title, faults}].
import { text } from "node:stream/consumers"

const folder = new URL("../../overrides/assets/playground/", import.meta.url)
const { faults } = await import(new URL("ui.js", folder))
const { models, requests } = JSON.parse(await text(process.stdin))

const answers = await Promise.all(
  requests.map(async ({ name, start }) => {
    try {
      const { default: widget } = await import(new URL(`${name}.js`, folder))
      return { title: widget.title, faults: faults(widget.inputs(models), start) }
    } catch (error) {
      return { title: "", faults: [["name", `overrides/assets/playground/${name}.js does not load: ${error}`]] }
    }
  }),
)
process.stdout.write(JSON.stringify(answers))
