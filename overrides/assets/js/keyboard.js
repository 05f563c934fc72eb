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
  if (label.htmlFor === "__toc") return "本页目录"
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

// --- What scrolls, looked at when the browser has nothing else to do: most of it lies below the screen.

const REGIONS = Object.entries({
  ".katex-display": "公式",
  ".drawing-box": "图",
  ".md-typeset__scrollwrap": "表格",
  "pre > code": "代码",
  "p:has(> .katex)": "", // read as what it is
})
const whenIdle = globalThis.requestIdleCallback ?? (work => setTimeout(work, 50, { timeRemaining: () => 10 }))

function mark(region, name) {
  const scrolls = region.scrollWidth > region.clientWidth && getComputedStyle(region).overflowX !== "visible"
  const attributes = name ? { tabindex: 0, role: "group", "aria-label": `${name}，可左右滚动` } : { tabindex: 0 }
  for (const [attribute, value] of Object.entries(attributes)) {
    if (scrolls) region.setAttribute(attribute, value)
    else region.removeAttribute(attribute)
  }
}

let waiting = []

function work(deadline) {
  while (waiting.length && deadline.timeRemaining() > 5) mark(...waiting.pop())
  if (waiting.length) whenIdle(work)
}

function markScrolling(root = document.querySelector("article")) {
  const found = REGIONS.flatMap(([selector, name]) => [...root.querySelectorAll(selector)].map(region => [region, name]))
  if (!waiting.length) whenIdle(work)
  waiting.push(...found.reverse())
}

// A formula is as wide as its fonts make it; what is folded has no width.
document.fonts.ready.then(() => markScrolling())
addEventListener("resize", () => markScrolling())
document.addEventListener("toggle", event => markScrolling(event.target), true)

// --- Material puts a landmark without a name on each piece of code, for one button.

const quiet = () => document.querySelectorAll("nav.md-code__nav:not([role])").forEach(nav => (nav.role = "presentation"))
quiet()
new MutationObserver(quiet).observe(document.querySelector("article"), { childList: true, subtree: true })
