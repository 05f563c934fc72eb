/*
 * The concept graph: draws graph.json (hooks/handbook/graph.py) with force-graph, which is loaded on this page alone.
 * The list below the picture is the way in for keyboards and screen readers; what it has in focus, the picture marks.
 */

import "./force-graph.min.js"

const ROOT = new URL("../../", import.meta.url)
const box = document.querySelector(".graph")

const { sections, nodes: rows, edges } = await (await fetch(new URL("graph.json", ROOT))).json()
const nodes = rows.map(([name, , section]) => ({ name, section, near: new Set() }))
const links = edges.map(([source, target]) => {
  nodes[source].near.add(nodes[target])
  nodes[target].near.add(nodes[source])
  return { source: nodes[source], target: nodes[target] }
})
const NAMES_FROM = 2.2 // magnification
const radius = node => 2 + Math.sqrt(node.near.size)

let ink, line, paper, colours, font
function readColours() {
  const style = getComputedStyle(document.body)
  const dark = document.body.dataset.mdColorScheme === "slate"
  ink = style.getPropertyValue("--md-default-fg-color").trim()
  line = style.getPropertyValue("--md-default-fg-color--lighter").trim()
  paper = style.getPropertyValue("--md-default-bg-color").trim()
  font = style.fontFamily
  colours = sections.map(([, hue]) => `hsl(${hue} ${dark ? "55% 66%" : "60% 34%"})`)
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
  if (marked ? !isFaint(node) : scale > NAMES_FROM) {
    write(canvas, scale, node.name, node.x, node.y + radius(node) + 2 / scale, ink, node === marked)
  }
  canvas.globalAlpha = 1
}

/** The names of the sections in their midst, until there is room for those of the nodes. */
function drawSections(canvas, scale) {
  if (marked || scale > NAMES_FROM) return
  sections.forEach(([name], section) => {
    const inside = nodes.filter(node => node.section === section && node.near.size)
    if (!inside.length) return
    const middle = axis => inside.reduce((sum, node) => sum + node[axis], 0) / inside.length
    write(canvas, scale, name, middle("x"), middle("y"), colours[section], true)
  })
}

function write(canvas, scale, text, x, y, colour, bold) {
  canvas.font = `${bold ? "bold " : ""}${(bold ? 13 : 11) / scale}px ${font}`
  canvas.textAlign = "center"
  canvas.textBaseline = "top"
  canvas.lineJoin = "round"
  canvas.lineWidth = 4 / scale
  canvas.strokeStyle = paper
  canvas.strokeText(text, x, y)
  canvas.fillStyle = colour
  canvas.fillText(text, x, y)
}

// force-graph takes on a new size a little later than it is told, and its centre with it.
const fit = () => setTimeout(() => graph.zoomToFit(0, 30, node => node.near.size), 50)

const graph = new globalThis.ForceGraph(box)
  .width(box.clientWidth)
  .height(box.clientHeight)
  .graphData({ nodes, links })
  .backgroundColor("transparent")
  .nodeLabel(() => "")
  .nodeVal(node => radius(node) ** 2)
  .nodeRelSize(1)
  .nodeCanvasObject(drawNode)
  .onRenderFramePost(drawSections)
  .linkColor(edge => (marked && (edge.source === marked || edge.target === marked) ? ink : line))
  .linkWidth(edge => (marked && (edge.source === marked || edge.target === marked) ? 1.2 : 0.5))
  .onNodeHover(node => mark(node))
  .onNodeClick(node => document.querySelector(`.graph-list [data-node="${nodes.indexOf(node)}"]`).click())
  // The layout is computed before it is shown: nothing moves that the reader does not move.
  .warmupTicks(200)
  .cooldownTicks(0)
  .enableNodeDrag(false)
  .onEngineStop(fit)

function mark(node) {
  marked = node
  box.style.cursor = node ? "pointer" : ""
  graph.linkColor(graph.linkColor())
}
graph.d3Force("charge").strength(-60).distanceMax(300)

new ResizeObserver(() => {
  graph.width(box.clientWidth).height(box.clientHeight)
  fit()
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
