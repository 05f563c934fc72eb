/*
 * What Material leaves to the mouse. Its labels that switch a hidden checkbox (drawer, search, panels of the drawer)
 * become buttons, and what scrolls inside itself can be focused, to be scrolled with the arrow keys.
 */

const NARROW = matchMedia("(max-width: 76.234375em)") // where Material turns the navigation into a drawer

const LABELS = [
  "label.md-header__button:is([for=__drawer], [for=__search])",
  "label.md-search__icon",
  ".md-nav--primary label:not([for=__drawer])", // a link stands in that one
].join()

/** What a label's button is called: most show an icon alone. */
function nameOf(label) {
  if (label.htmlFor === "__drawer") return "导航"
  if (label.matches(".md-search__icon")) return "关闭搜索"
  if (label.htmlFor === "__search") return "搜索"
  if (label.htmlFor === "__toc") return `${label.textContent.trim()}，本页目录`
  const section = label.closest(".md-nav__item").querySelector(".md-nav__link").textContent.trim()
  return label.matches(".md-nav__title") ? `收起${section}` : `展开${section}`
}

const buttons = new Map() // the buttons of each checkbox

for (const label of document.querySelectorAll(LABELS)) {
  const toggle = document.getElementById(label.htmlFor)
  const button = document.createElement("button")
  button.type = "button"
  for (const { name, value } of label.attributes) if (name !== "tabindex") button.setAttribute(name, value)
  button.setAttribute("aria-label", nameOf(label))
  button.append(...label.childNodes)
  button.addEventListener("click", () => toggle.click())
  label.replaceWith(button)
  buttons.set(toggle, [...(buttons.get(toggle) ?? []), button])
}

const isShown = element => element.checkVisibility({ visibilityProperty: true })

for (const [toggle, all] of buttons) {
  const tell = () => all.forEach(button => button.setAttribute("aria-expanded", toggle.checked))
  tell()
  toggle.addEventListener("change", () => {
    tell()
    // The drawer and its panels cover what was in focus; the search looks after itself.
    if (!NARROW.matches || toggle.id === "__search") return
    const first = [...document.querySelectorAll(".md-nav--primary :is(a[href], button)")].filter(isShown)
    const target = toggle.checked || toggle.id !== "__drawer" ? first : all
    target.find(isShown)?.focus()
  })
}

const drawer = document.getElementById("__drawer")

document.addEventListener("keydown", event => {
  if (event.key === "Escape" && drawer.checked) drawer.click()
})

// --- What scrolls, looked at when it comes near: to measure what is far from the screen would have it laid out.

const REGIONS = {
  ".katex-display": "公式",
  ".drawing-box": "图",
  ".md-typeset__scrollwrap": "表格",
  "pre > code": "代码",
  "p:has(> .katex)": "", // read as what it is
}
const names = new Map() // of the regions
const near = new Set() // those whose width can be told: far from the screen nothing is laid out

/** Measure them all, then change what differs: one after the other each change would lay the page out anew. */
function mark(regions) {
  const scrolling = regions.map(
    region => region.scrollWidth > region.clientWidth && getComputedStyle(region).overflowX !== "visible",
  )
  regions.forEach((region, index) => {
    if (region.hasAttribute("tabindex") === scrolling[index]) return
    const name = names.get(region)
    const attributes = name ? { tabindex: 0, role: "group", "aria-label": `${name}，可左右滚动` } : { tabindex: 0 }
    for (const [attribute, value] of Object.entries(attributes)) {
      if (scrolling[index]) region.setAttribute(attribute, value)
      else region.removeAttribute(attribute)
    }
  })
}

const watch = new IntersectionObserver(
  entries => {
    for (const { isIntersecting, target } of entries) near[isIntersecting ? "add" : "delete"](target)
    mark(entries.filter(entry => entry.isIntersecting).map(entry => entry.target))
  },
  { rootMargin: "100% 0%" },
)

for (const [selector, name] of Object.entries(REGIONS))
  for (const region of document.querySelectorAll(`article ${selector}`)) {
    names.set(region, name)
    watch.observe(region)
  }
// After a jump it can come near before what is in it has been laid out.
addEventListener(
  "contentvisibilityautostatechange",
  ({ target, skipped }) => skipped || mark([...near].filter(region => target.contains(region))),
  true,
)
// A formula is as wide as its fonts make it.
document.fonts.addEventListener("loadingdone", () => mark([...near]))
addEventListener("resize", () => mark([...near]))

// --- What Material puts into the page later: a landmark without a name on each piece of code, for one button.

function mend() {
  document.querySelectorAll("nav.md-code__nav:not([role])").forEach(nav => (nav.role = "presentation"))
}
mend()
new MutationObserver(mend).observe(document.querySelector("article"), { childList: true, subtree: true })
