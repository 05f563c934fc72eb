/*
 * Previews of internal links: name and one sentence of what the link leads to, on hover, on keyboard focus and on a
 * long press. The texts are one file, fetched for the first preview and never before (hooks/handbook/previews.py).
 */

const ROOT = new URL("../../", import.meta.url)
const SHOW_AFTER = 250 // ms of hovering: a pointer on its way elsewhere opens nothing
const HIDE_AFTER = 150 // ms to move the pointer from the link into the preview
const LONG_PRESS = 450 // ms; iOS and Android open their own menu after about 500
const GAP = 8 // px between link, preview and window edge

const card = document.createElement("div")
card.id = "link-preview"
card.className = "link-preview"
card.setAttribute("role", "tooltip")
card.hidden = true
const title = card.appendChild(document.createElement("strong"))
const text = card.appendChild(document.createElement("p"))
document.body.append(card)

let table // promise of the texts, once asked for
let shown = null // the link whose preview is open
let timer = 0

/** The texts by address; a failed fetch is tried again at the next preview. */
function load() {
  table ??= fetch(new URL("previews.json", ROOT))
    .then(answer => {
      if (!answer.ok) throw new Error(`previews.json: ${answer.status}`)
      return answer.json()
    })
    .catch(error => {
      table = undefined
      console.warn(error)
      return {}
    })
  return table
}

/** The link of the text that an event is about, if it leads to a page of this site. */
function linkOf(event) {
  const link = event.target instanceof Element && event.target.closest(".md-content a[href]")
  if (!link || link.matches(".headerlink, .footnote-ref, .footnote-backref, .md-button")) return null
  if (link.closest(".glossary, .section-pages, .md-content__button")) return null
  return link.origin === ROOT.origin && link.pathname.startsWith(ROOT.pathname) ? link : null
}

/** A link's address as the texts are filed: from the site's root, decoded, without `index.html`. */
function address(link) {
  const path = (link.pathname.slice(ROOT.pathname.length) + link.hash).replace(/(^|\/)index\.html(?=#|$)/, "$1")
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

async function show(link) {
  const entry = (await load())[address(link)]
  if (!entry || wanted !== link || !link.isConnected) return false
  hide()
  title.textContent = entry[0]
  text.textContent = entry[1]
  card.hidden = false
  place(link)
  shown = link
  link.setAttribute("aria-describedby", card.id)
  return true
}

/** Below the link's first line, or above it where there is no room, and inside the window. */
function place(link) {
  const line = link.getClientRects()[0] ?? link.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = card
  const view = document.documentElement
  const left = Math.max(GAP, Math.min(line.left, view.clientWidth - width - GAP))
  const below = line.bottom + GAP
  const top = below + height > view.clientHeight && line.top - GAP - height > 0 ? line.top - GAP - height : below
  card.style.left = `${left + scrollX}px`
  card.style.top = `${top + scrollY}px`
}

function hide() {
  shown?.removeAttribute("aria-describedby")
  shown = null
  card.hidden = true
}

let wanted = null // the link that a preview was last asked for

function want(link, delay) {
  clearTimeout(timer)
  wanted = link
  if (link !== shown) timer = setTimeout(() => show(link), delay)
}

function drop(delay) {
  clearTimeout(timer)
  wanted = null
  timer = setTimeout(hide, delay)
}

// --- Mouse and pen: the preview stays while the pointer is on it.

document.addEventListener("pointerover", event => {
  if (event.pointerType === "touch") return
  const link = linkOf(event)
  if (link) want(link, SHOW_AFTER)
  else if (card.contains(event.target)) clearTimeout(timer)
})
document.addEventListener("pointerout", event => {
  if (event.pointerType === "touch" || (!linkOf(event) && !card.contains(event.target))) return
  const to = event.relatedTarget
  if (to instanceof Node && (card.contains(to) || wanted?.contains(to))) return
  if (document.activeElement !== shown || !shown?.matches(":focus-visible")) drop(HIDE_AFTER)
})

// --- Keyboard

document.addEventListener("focusin", event => {
  const link = linkOf(event)
  if (link?.matches(":focus-visible")) want(link, 0)
})
document.addEventListener("focusout", () => drop(0))
document.addEventListener("keydown", event => {
  if (event.key === "Escape") drop(0)
})

// --- Touch: a long press opens the preview in place of the system's menu; a tap follows the link as ever.

let press = null // { link, x, y, open } while a finger is on a link

document.addEventListener("pointerdown", event => {
  if (!card.contains(event.target)) drop(0)
  const link = event.pointerType === "touch" ? linkOf(event) : null
  press = link && { link, x: event.clientX, y: event.clientY, open: false }
  if (!press) return
  const current = press
  clearTimeout(timer)
  wanted = link
  timer = setTimeout(async () => {
    current.open = true
    current.open = await show(link)
  }, LONG_PRESS)
})
document.addEventListener("pointermove", event => {
  if (press && !press.open && Math.hypot(event.clientX - press.x, event.clientY - press.y) > 10) drop(0)
})
document.addEventListener("pointercancel", () => {
  if (press && !press.open) drop(0)
})
document.addEventListener("pointerup", () => {
  if (press && !press.open) clearTimeout(timer)
})
document.addEventListener("contextmenu", event => {
  if (press && press.link === linkOf(event)) event.preventDefault()
})
document.addEventListener("click", event => {
  if (press?.open && press.link === linkOf(event)) event.preventDefault()
  press = null
}, true)
