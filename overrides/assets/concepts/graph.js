/*
 * The concept graph: draws graph.json (hooks/handbook/graph.py) with force-graph, which is loaded on this page alone.
 * The list below the picture is the way in for keyboards and screen readers; what it has in focus, the picture marks.
 */

import "./force-graph.min.js"

const ROOT = new URL("../../", import.meta.url)
const box = document.querySelector(".graph")
const still = matchMedia("(prefers-reduced-motion: reduce)").matches

const { hues, nodes: rows, edges } = await (await fetch(new URL("graph.json", ROOT))).json()
const nodes = rows.map(([name, url, section]) => ({ name, url, section, near: new Set() }))
const links = edges.map(([source, target]) => {
  nodes[source].near.add(nodes[target])
  nodes[target].near.add(nodes[source])
  return { source: nodes[source], target: nodes[target] }
})
const radius = node => 2 + Math.sqrt(node.near.size)

let ink, line, paper, colours, font
function readColours() {
  const style = getComputedStyle(document.body)
  const dark = document.body.dataset.mdColorScheme === "slate"
  ink = style.getPropertyValue("--md-default-fg-color").trim()
  line = style.getPropertyValue("--md-default-fg-color--lighter").trim()
  paper = style.getPropertyValue("--md-default-bg-color").trim()
  font = style.fontFamily
  colours = hues.map(hue => `hsl(${hue} ${dark ? "55% 66%" : "55% 42%"})`)
}
readColours()

let marked = null // the node under the pointer, or whose link in the list has the focus
const isFaint = node => marked && node !== marked && !marked.near.has(node)

function drawNode(node, canvas, scale) {
  canvas.globalAlpha = isFaint(node) ? 0.15 : 1
  canvas.fillStyle = colours[node.section]
  canvas.beginPath()
  canvas.arc(node.x, node.y, radius(node), 0, 2 * Math.PI)
  canvas.fill()
  // Names of the best-linked first; the others as there is room for them.
  const size = 11 / scale
  const named = marked ? !isFaint(node) : radius(node) * scale > 7 || scale > 2.5
  if (named) {
    canvas.font = `${node === marked ? "bold " : ""}${size}px ${font}`
    canvas.textAlign = "center"
    canvas.textBaseline = "top"
    canvas.lineWidth = 3 / scale
    canvas.strokeStyle = paper
    canvas.lineJoin = "round"
    const y = node.y + radius(node) + 2 / scale
    canvas.strokeText(node.name, node.x, y)
    canvas.fillStyle = ink
    canvas.fillText(node.name, node.x, y)
  }
  canvas.globalAlpha = 1
}

const graph = new globalThis.ForceGraph(box)
  .graphData({ nodes, links })
  .backgroundColor("transparent")
  .nodeLabel(() => "")
  .nodeVal(node => radius(node) ** 2)
  .nodeRelSize(1)
  .nodeCanvasObject(drawNode)
  .linkColor(edge => (marked && (edge.source === marked || edge.target === marked) ? ink : line))
  .linkWidth(edge => (marked && (edge.source === marked || edge.target === marked) ? 1.2 : 0.5))
  .onNodeHover(node => mark(node))
  .onNodeClick(node => location.assign(new URL(node.url, ROOT)))
  .onEngineStop(fit)

let fitted = false
function fit() {
  if (!fitted) graph.zoomToFit(still ? 0 : 300, 30)
  fitted = true
}
function mark(node) {
  marked = node
  box.style.cursor = node ? "pointer" : ""
  graph.linkColor(graph.linkColor())
}
graph.d3Force("charge").strength(-60).distanceMax(300)
// With reduced motion the layout is computed before it is shown.
if (still) graph.warmupTicks(200).cooldownTicks(0)
else graph.warmupTicks(60).cooldownTicks(120)

new ResizeObserver(() => {
  graph.width(box.clientWidth).height(box.clientHeight)
  if (fitted) graph.zoomToFit(0, 30)
}).observe(box)
new MutationObserver(() => {
  readColours()
  mark(marked)
}).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] })

for (const link of document.querySelectorAll(".graph-list a[data-node]")) {
  const node = nodes[link.dataset.node]
  for (const event of ["focus", "pointerenter"]) link.addEventListener(event, () => mark(node))
  for (const event of ["blur", "pointerleave"]) link.addEventListener(event, () => mark(null))
}
