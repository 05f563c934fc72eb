/*
 * 面试题库: filters, a random draw, and repetition by FSRS. The questions are the list of the page; an answer is taken
 * from the question's own page when it is asked for. Progress stays in this browser, by question id, and can be
 * exported and imported.
 */

import { Rating, createEmptyCard, fsrs } from "./ts-fsrs.js"

const KEY = "handbook-questions"
const FORMAT = 1
const NEW_PER_SESSION = 20
const GRADES = [
  [Rating.Again, "忘了"],
  [Rating.Hard, "吃力"],
  [Rating.Good, "记得"],
  [Rating.Easy, "轻松"],
]

const scheduler = fsrs({ enable_fuzz: false })
const tools = document.querySelector(".question-tools")
const card = document.querySelector(".question-card")
const list = document.querySelector(".question-list")
const items = [...list.querySelectorAll("li[data-id]")].map(element => ({
  element,
  id: element.dataset.id,
  level: element.dataset.level,
  section: element.closest("[data-section]").dataset.section,
  text: `${element.textContent} ${element.dataset.tags}`.toLowerCase(),
  link: element.querySelector("a"),
}))
let progress = read()
let queue = []
let current = null // the question on the card
let rated = false // whether the card counts: a random draw only asks

/** The saved cards by question id; what another version or a stranger wrote is left out, not read as ours. */
function parse(text) {
  const data = JSON.parse(text)
  if (data?.format !== FORMAT || typeof data.cards !== "object" || !data.cards) throw new Error("不是题库的进度文件")
  const cards = {}
  for (const [id, saved] of Object.entries(data.cards)) {
    const due = new Date(saved?.due)
    if (/^[\w-]+$/.test(id) && !Number.isNaN(+due) && Number.isFinite(saved.stability))
      cards[id] = { ...saved, due, last_review: saved.last_review ? new Date(saved.last_review) : undefined }
  }
  return cards
}

function read() {
  try {
    const text = localStorage.getItem(KEY)
    return text ? parse(text) : {}
  } catch (error) {
    console.warn("题库进度读不出来", error)
    return {}
  }
}

const written = () => JSON.stringify({ format: FORMAT, cards: progress })

function save() {
  try {
    localStorage.setItem(KEY, written())
  } catch (error) {
    say(`进度存不下来：${error.message}`)
  }
}

function say(text) {
  tools.querySelector(".question-count").textContent = text
}

const isDue = (item, now) => item.id in progress && progress[item.id].due <= now

/** Show the questions that the filters leave, and say how many. */
function filter() {
  const { section, level, state, text } = tools.elements
  const words = text.value.toLowerCase().split(/\s+/).filter(Boolean)
  const now = new Date()
  for (const item of items) {
    item.shown =
      (!section.value || item.section === section.value) &&
      (!level.value || item.level === level.value) &&
      (state.value !== "due" || isDue(item, now)) &&
      (state.value !== "new" || !(item.id in progress)) &&
      words.every(word => item.text.includes(word))
    item.element.hidden = !item.shown
  }
  for (const group of list.querySelectorAll("[data-section]"))
    group.hidden = !group.querySelector("li:not([hidden])")
  const due = items.filter(item => isDue(item, now)).length
  say(`${items.filter(item => item.shown).length} 道题；做过 ${Object.keys(progress).length} 道，该复习 ${due} 道`)
}

/** The answer, as it stands on the question's page. */
async function answer(item) {
  const address = new URL(item.link.href)
  const reply = await fetch(address)
  if (!reply.ok) throw new Error(`${address.pathname}: ${reply.status}`)
  const page = new DOMParser().parseFromString(await reply.text(), "text/html")
  const box = page.getElementById(item.id)
  if (!box) throw new Error(`${address.pathname} 上没有这道题`)
  const body = document.createElement("div")
  body.append(...[...box.childNodes].filter(node => !node.matches?.("summary, .admonition-title")))
  for (const name of ["href", "src"])
    for (const element of body.querySelectorAll(`[${name}]`))
      element.setAttribute(name, new URL(element.getAttribute(name), address).href)
  for (const element of body.querySelectorAll("[id]")) element.removeAttribute("id")
  return body
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

function ask(item, counts) {
  current = item
  rated = counts
  const title = element("h2", { className: "question-title" })
  title.innerHTML = item.link.innerHTML // of this page
  const reveal = element("button", { type: "button", className: "question-reveal" }, "看答案（空格）")
  reveal.addEventListener("click", show)
  const close = element("button", { type: "button" }, "收起（Esc）")
  close.addEventListener("click", finish)
  const from = element("p", { className: "question-from" })
  const link = element("a", { href: item.link.href }, item.element.querySelector(".question-page").textContent)
  from.append(`${item.section} · ${item.level} · `, link)
  card.replaceChildren(from, title, element("div", { className: "question-answer" }), element("p", {}, reveal, " ", close))
  card.hidden = false
  card.focus()
  card.scrollIntoView({ block: "nearest" })
}

async function show() {
  const item = current
  const place = card.querySelector(".question-answer")
  const reveal = card.querySelector(".question-reveal")
  if (!item || !reveal) return
  reveal.replaceWith(element("span", { className: "question-grades" }))
  try {
    place.replaceChildren(await answer(item))
  } catch (error) {
    // Read from the disk, a page may not fetch another.
    console.warn(error)
    place.replaceChildren(element("p", {}, "答案在", element("a", { href: item.link.href }, "原页面"), "上。"))
  }
  if (item !== current) return
  const grades = card.querySelector(".question-grades")
  if (!rated) {
    const next = element("button", { type: "button" }, "再抽一题（N）")
    next.addEventListener("click", draw)
    return grades.replaceChildren(next)
  }
  const options = scheduler.repeat(progress[item.id] ?? createEmptyCard(), new Date())
  grades.replaceChildren(
    ...GRADES.map(([grade, name], index) => {
      const button = element("button", { type: "button" }, `${index + 1} ${name} · ${span(options[grade].card.due)}`)
      button.addEventListener("click", () => rate(grade))
      return button
    }),
  )
}

/** How long until a day, in the largest unit that fits. */
function span(due) {
  const minutes = Math.max(1, Math.round((due - Date.now()) / 60000))
  if (minutes < 60) return `${minutes} 分钟`
  if (minutes < 1440) return `${Math.round(minutes / 60)} 小时`
  const days = Math.round(minutes / 1440)
  return days < 60 ? `${days} 天` : `${Math.round(days / 30)} 个月`
}

function rate(grade) {
  const now = new Date()
  progress[current.id] = scheduler.next(progress[current.id] ?? createEmptyCard(now), now, grade).card
  save()
  const again = progress[current.id].due - now < 600000
  if (again && queue.length) queue.push(current)
  next()
}

function next() {
  const item = queue.shift()
  if (item) return ask(item, true)
  finish()
  say("这一轮做完了")
}

function review() {
  filter()
  const now = new Date()
  const shown = items.filter(item => item.shown)
  const due = shown.filter(item => isDue(item, now)).sort((a, b) => progress[a.id].due - progress[b.id].due)
  queue = [...due, ...shown.filter(item => !(item.id in progress)).slice(0, NEW_PER_SESSION)]
  if (queue.length) next()
  else say("这些题都还没到复习的时候")
}

function draw() {
  queue = []
  filter()
  const shown = items.filter(item => item.shown && item !== current)
  if (shown.length) ask(shown[Math.floor(Math.random() * shown.length)], false)
}

function finish() {
  current = null
  card.hidden = true
  filter()
  tools.elements.review.focus()
}

function download() {
  const address = URL.createObjectURL(new Blob([written()], { type: "application/json" }))
  element("a", { href: address, download: "handbook-questions.json" }).click()
  setTimeout(() => URL.revokeObjectURL(address), 1000)
}

function upload() {
  const input = element("input", { type: "file", accept: "application/json,.json" })
  input.addEventListener("change", async () => {
    try {
      const cards = parse(await input.files[0].text())
      for (const [id, saved] of Object.entries(cards))
        if (!(id in progress) || +(saved.last_review ?? 0) > +(progress[id].last_review ?? 0)) progress[id] = saved
      save()
      filter()
      say(`读入 ${Object.keys(cards).length} 道题的进度`)
    } catch (error) {
      say(`读不进来：${error.message}`)
    }
  })
  input.click()
}

tools.addEventListener("input", filter)
tools.addEventListener("submit", event => event.preventDefault())
tools.elements.draw.addEventListener("click", draw)
tools.elements.review.addEventListener("click", review)
tools.elements.export.addEventListener("click", download)
tools.elements.import.addEventListener("click", upload)
document.addEventListener("keydown", event => {
  if (!current || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return
  const buttons = [...card.querySelectorAll(".question-grades button")]
  if (event.key === "Escape") finish()
  else if (event.key === " " && card.querySelector(".question-reveal")) show()
  else if (/^[1-4]$/.test(event.key) && rated && buttons.length) buttons[event.key - 1].click()
  else if (event.key.toLowerCase() === "n" && !rated && buttons.length) draw()
  else return
  event.preventDefault()
})
tools.hidden = false
filter()
