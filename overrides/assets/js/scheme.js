/*
 * The switch of colours (partials/palette.html): as the system has it, light, dark. In place of Material's, which
 * restyles the whole page twice at every load; what is remembered has its form, for its script reads it before the
 * first paint.
 */

const AUTOMATIC = "(prefers-color-scheme)"
const SYSTEM = matchMedia("(prefers-color-scheme: dark)")

const form = document.querySelector(".md-palette")
const inputs = [...form.querySelectorAll("input")]
const metas = [...document.querySelectorAll("meta[name=theme-color]")]
const colours = metas.map(meta => meta.content) // of the light scheme, of the dark one
let at = Math.min(__md_get("__palette")?.index ?? 0, inputs.length - 1)

function show() {
  const { mdColorMedia: media, mdColorScheme: chosen } = inputs[at].dataset
  const scheme = media !== AUTOMATIC ? chosen : SYSTEM.matches ? "slate" : "default"
  inputs.forEach((input, index) => {
    input.checked = index === at
    input.nextElementSibling.hidden = index !== at
  })
  metas.forEach((meta, index) => {
    meta.content = media === AUTOMATIC ? colours[index] : colours[scheme === "slate" ? 1 : 0]
  })
  if (document.body.dataset.mdColorScheme === scheme) return
  document.body.dataset.mdColorSwitching = "" // nothing fades from one scheme to the other
  document.body.dataset.mdColorScheme = scheme
  requestAnimationFrame(() => delete document.body.dataset.mdColorSwitching)
}

function choose(index) {
  at = index
  const { mdColorMedia: media, mdColorScheme: scheme, mdColorPrimary: primary, mdColorAccent: accent } = inputs[at].dataset
  __md_set("__palette", { index, color: { media, scheme, primary, accent } })
  show()
}

inputs.forEach((input, index) => input.addEventListener("change", () => choose(index)))
form.addEventListener("keydown", event => {
  if (event.key !== "Enter") return
  choose((at + 1) % inputs.length)
  inputs[at].focus()
})
SYSTEM.addEventListener("change", show)
show()
