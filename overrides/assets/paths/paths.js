/* 学习路线: the boxes of a route can be ticked; what is ticked stays in this browser, by the page that a step leads to. */

const KEY = "handbook-paths"
const boxes = [...document.querySelectorAll("article .task-list-item")].map(step => ({
  step,
  box: step.querySelector("input[type=checkbox]"),
  name: step.querySelector("a[href]")?.pathname.replace(/index\.html$/, ""),
}))
let done = new Set(read())

function read() {
  try {
    const saved = JSON.parse(localStorage.getItem(KEY) ?? "[]")
    return Array.isArray(saved) ? saved.filter(name => typeof name === "string") : []
  } catch (error) {
    console.warn("学习进度读不出来", error)
    return []
  }
}

/** Addresses below the site's root, so that a site that moves keeps the progress. */
const ROOT = new URL("../../", import.meta.url).pathname
const key = name => name.slice(ROOT.length)

const note = document.querySelector(".path-progress") // facts.py has put it there

function show() {
  const ticked = boxes.filter(({ box }) => box.checked).length
  note.textContent = `走过 ${ticked} / ${boxes.length} 步`
}

for (const { step, box, name } of boxes) {
  if (!box || !name) continue
  box.disabled = false
  box.checked = done.has(key(name))
  box.setAttribute("aria-label", step.textContent.trim())
  box.addEventListener("change", () => {
    // Another tab may have ticked others.
    done = new Set(read())
    if (box.checked) done.add(key(name))
    else done.delete(key(name))
    try {
      localStorage.setItem(KEY, JSON.stringify([...done].sort()))
    } catch (error) {
      console.warn("学习进度存不下来", error)
    }
    show()
  })
}
if (note) show()
