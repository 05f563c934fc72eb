/* Requests through a cache in blocks or in pieces, batch by batch: labs/serving/paged_trace.py. */

import { bars, drawing, four, html, percent, svg, table, widget } from "./ui.js"

const POLICIES = { paged: "分页", exact: "预知长度", pow2: "预留 2 的幂", most: "预留最大长度" }
const LETTERS = "ABCDEFGHIJKLMNOP"
const LONGEST = 200 // of a prompt or an output
const EVENT = /^(\d{1,3})\+(\d{1,3})(?:@(\d{1,3}))?$/

// --- The lab

const sum = values => values.reduce((total, value) => total + value, 0)

/** Slots set aside at once for a request; undefined if it gets blocks as it grows. */
const RESERVE = {
  most: ({ limit }) => limit,
  pow2: ({ limit }, { prompt, output }) => Math.min(prompt + 2 ** Math.ceil(Math.log2(output)), limit),
  exact: (_, { prompt, output }) => prompt + output,
}

/** First hole of `need` slots between the pieces of the running requests, or −1. */
function firstFit(running, need, capacity) {
  let at = 0
  for (const job of [...running].sort((one, other) => one.start - other.start)) {
    if (job.start - at >= need) return at
    at = job.start + job.slots
  }
  return capacity - at >= need ? at : -1
}

/**
 * All steps until the last token, of requests {arrival, prompt, output} and a memory {capacity, size, limit, policy}:
 * who runs and where, who waits, who came, was preempted and finished, and the tokens to compute again.
 */
export function run(trace, memory, most, batched = false) {
  const reserve = RESERVE[memory.policy]
  const blocks = tokens => Math.floor(tokens / memory.size) + 1
  const total = Math.floor(memory.capacity / memory.size)
  const free = Array.from({ length: total }, (_, index) => total - 1 - index)
  const jobs = trace.map((request, index) => ({ ...request, index, tokens: request.prompt, last: request.prompt + request.output, table: [] }))
  const takes = job =>
    job.last <= memory.limit && (reserve ? reserve(memory, job) <= memory.capacity : blocks(job.last - 1) <= total)
  const coming = jobs.filter(takes).sort((one, other) => one.arrival - other.arrival)
  const grow = (job, count) => {
    while (job.table.length < count) job.table.push(free.pop())
  }
  const leave = job => {
    free.push(...job.table.reverse())
    job.table = []
  }
  function place(job) {
    if (reserve) {
      job.slots = reserve(memory, job)
      job.start = firstFit(running, job.slots, memory.capacity)
      return job.start >= 0
    }
    if (blocks(job.tokens) > free.length) return false
    grow(job, blocks(job.tokens))
    return true
  }

  const [waiting, steps] = [[], []]
  let running = []
  while (coming.length || waiting.length || running.length) {
    const step = { running: [], waiting: [], admitted: [], preempted: [], finished: [], recomputed: 0 }
    while (coming.length && coming[0].arrival <= steps.length) waiting.push(coming.shift())
    if (!reserve) {
      while (sum(running.map(job => blocks(job.tokens) - job.table.length)) > free.length) {
        const job = running.pop()
        step.preempted.push(job.index)
        step.recomputed += job.tokens
        waiting.unshift(job)
        leave(job)
      }
      for (const job of running) grow(job, blocks(job.tokens))
    }
    let seats = !batched || !running.length ? most - running.length : 0
    while (waiting.length && seats && place(waiting[0])) {
      step.admitted.push(waiting[0].index)
      running.push(waiting.shift())
      seats--
    }
    step.waiting = waiting.map(job => job.index)
    step.running = running.map(({ index, tokens, table, slots, start }) =>
      reserve
        ? { request: index, tokens, slots, places: [start] }
        : { request: index, tokens, slots: memory.size * table.length, places: [...table] },
    )
    for (const job of running) job.tokens++
    const done = running.filter(job => job.tokens === job.last)
    running = running.filter(job => job.tokens < job.last)
    step.finished = done.map(job => job.index)
    done.forEach(leave)
    steps.push(step)
  }
  return steps
}

/** A run in numbers: steps; requests and slots with a token per step; tokens computed again; steps till a request ends. */
export function totals(trace, steps) {
  const ends = steps.flatMap((step, t) => step.finished.map(index => t + 1 - trace[index].arrival))
  if (!ends.length) return { steps: 0, running: 0, used: 0, recomputed: 0, latency: 0 }
  return {
    steps: steps.length,
    running: sum(steps.map(step => step.running.length)) / steps.length,
    used: sum(steps.map(step => sum(step.running.map(each => each.tokens)))) / steps.length,
    recomputed: sum(steps.map(step => step.recomputed)),
    latency: sum(ends) / ends.length,
  }
}

// --- The requests as text: 12+30@5

const pieces = text => text.split(/[,，\s]+/).filter(Boolean)

const requests = text =>
  pieces(text).map(piece => {
    const [, prompt, output, arrival = "0"] = EVENT.exec(piece)
    return { arrival: Number(arrival), prompt: Number(prompt), output: Number(output) }
  })

function fault(text) {
  const all = pieces(text)
  const odd = all.find(piece => !EVENT.test(piece))
  if (odd) return `看不懂「${odd}」：写成 提示+输出，例如 12+30；第 5 步才到就写 12+30@5`
  if (!all.length || all.length > LETTERS.length) return `写 1 到 ${LETTERS.length} 条请求`
  const long = requests(text).some(({ prompt, output }) => prompt < 1 || output < 1 || prompt > LONGEST || output > LONGEST)
  return long ? `提示与输出都是 1 到 ${LONGEST} 个 token` : ""
}

// --- Shown

const TONES = ["a", "b", "c", "d"]
const named = list => list.map(index => LETTERS[index]).join("、")
const look = index => ({ class: `tone-${TONES[index % 4]}`, "fill-opacity": index % 8 < 4 ? 0.55 : 0.3 })
const WIDTH = 400
const STYLE = "width: 100%; height: auto; max-width: 620px"

const figure = (caption, ...children) => html("figure", { class: "widget-bars" }, html("figcaption", {}, caption), ...children)
const label = (x, y, text, more = {}) => svg("text", { x, y, "font-size": 11, fill: "currentColor", ...more }, text)

/** Stretches of slots {request, from, to, what} that a step holds: used, later or never. */
function stretches(step, trace, memory) {
  return step.running.flatMap(({ request, tokens, slots, places }) => {
    if (memory.policy !== "paged") {
      const [from, last] = [places[0], trace[request].prompt + trace[request].output]
      return [[0, tokens, "used"], [tokens, last, "later"], [last, slots, "never"]].map(([at, to, what]) => ({ request, from: from + at, to: from + to, what }))
    }
    return places.flatMap((block, index) => {
      const from = block * memory.size
      const filled = Math.min(memory.size, tokens - index * memory.size)
      return [[0, filled, "used"], [filled, memory.size, "never"]].map(([at, to, what]) => ({ request, from: from + at, to: from + to, what }))
    })
  }).filter(({ from, to }) => from < to)
}

function joined(list) {
  const out = []
  for (const each of [...list].sort((one, other) => one.from - other.from)) {
    const last = out.at(-1)
    if (last && last.to === each.from && last.request === each.request && last.what === each.what) last.to = each.to
    else out.push({ ...each })
  }
  return out
}

function map(step, trace, memory, words) {
  const row = memory.capacity > 512 ? 128 : 64
  const [unit, high] = [WIDTH / row, 24]
  const rows = Math.ceil(memory.capacity / row)
  const shapes = []
  for (let index = 0; index < rows; index++) {
    const wide = Math.min(row, memory.capacity - index * row) * unit
    shapes.push(svg("rect", { x: 0.5, y: index * high + 1.5, width: wide - 1, height: high - 4, fill: "currentColor", "fill-opacity": 0.04, stroke: "currentColor", "stroke-opacity": 0.25 }))
  }
  for (const { request, from, to, what } of joined(stretches(step, trace, memory))) {
    for (let at = from; at < to; ) {
      const line = Math.floor(at / row)
      const end = Math.min(to, (line + 1) * row)
      const [x, y, wide] = [(at - line * row) * unit, line * high, (end - at) * unit]
      const box = { x: x + 0.5, y: y + 1.5, width: wide - 1, height: high - 4 }
      if (what === "used") shapes.push(svg("rect", { ...box, ...look(request) }))
      else shapes.push(svg("rect", { ...box, ...look(request), "fill-opacity": what === "later" ? 0.12 : 0, stroke: "currentColor", "stroke-opacity": 0.55, "stroke-dasharray": what === "later" ? "1 3" : "3 2" }))
      if (wide >= 10 && what === "used") shapes.push(label(x + wide / 2, y + 16, LETTERS[request], { "text-anchor": "middle" }))
      at = end
    }
  }
  const image = drawing(WIDTH, rows * high, words, ...shapes)
  image.setAttribute("style", STYLE)
  return figure(`缓存的 ${memory.capacity} 个槽，每行 ${row} 个：实心有 token，点线框替将来留着，虚线框白占`, image)
}

/** Stretches of steps {what, from, to, lost} in which a request runs or waits; `lost`: it begins with a preemption. */
function lives(trace, steps) {
  const lists = trace.map(() => [])
  steps.forEach((step, t) => {
    const note = (index, what) => {
      const last = lists[index].at(-1)
      const lost = step.preempted.includes(index)
      if (last?.what === what && last.to === t && !lost) last.to = t + 1
      else lists[index].push({ what, from: t, to: t + 1, lost })
    }
    for (const { request } of step.running) note(request, "runs")
    for (const index of step.waiting) note(index, "waits")
  })
  return lists
}

function gantt(spans, counts, at) {
  const [left, high, top] = [18, 15, 4]
  const unit = (WIDTH - left - 2) / counts.length
  const bottom = top + spans.length * high
  const tall = 44
  const most = Math.max(...counts, 1)
  const rows = spans.flatMap((list, index) => [
    label(left - 6, top + index * high + 11, LETTERS[index], { "text-anchor": "end" }),
    ...list.flatMap(({ what, from, to, lost }) => {
      const [x, y] = [left + from * unit, top + index * high]
      const wide = (to - from) * unit
      const box = what === "runs" ? svg("rect", { x, y: y + 2, width: wide, height: high - 4, ...look(index) }) : svg("rect", { x, y: y + 6, width: wide, height: 2, fill: "currentColor", "fill-opacity": 0.35 })
      return lost ? [box, svg("path", { d: `M${x - 3} ${y + 4}l6 6m0 -6l-6 6`, stroke: "var(--vermilion)", "stroke-width": 1.6 })] : [box]
    }),
  ])
  const level = count => bottom + 10 + tall * (1 - count / most)
  const line = counts.map((count, t) => `H${(left + t * unit).toFixed(1)}V${level(count).toFixed(1)}`).join("")
  const area = svg("path", { d: `M${left} ${level(0)}${line}H${WIDTH - 2}V${level(0)}Z`, class: "tone-a", "fill-opacity": 0.3, stroke: "var(--figure-a)" })
  const cursor = svg("rect", { x: left + at * unit, y: 0, width: Math.max(unit, 1.2), height: bottom + tall + 12, fill: "var(--vermilion)", "fill-opacity": 0.55 })
  const words = `上面每条请求何时在等、何时在跑；下面每步同时跑几条，最多 ${most} 条。`
  const image = drawing(WIDTH, bottom + tall + 14, words, ...rows, area, label(left - 6, level(most) + 8, String(most), { "text-anchor": "end" }), cursor)
  image.setAttribute("style", STYLE)
  return figure("每条请求的一生：细线在等，色块在跑，叉是被抢占；下面是同时跑几条，竖线是眼前这一步", image)
}

function stateOf(index, step, trace, at, spans) {
  if (step.running.some(each => each.request === index)) return "在跑"
  if (step.preempted.includes(index)) return "被抢占"
  if (step.waiting.includes(index)) return "在等"
  if (trace[index].arrival > at) return "没到"
  return spans[index].length ? "结束了" : "放不下"
}

function people(step, trace, at, memory, spans) {
  const rows = trace.map((request, index) => {
    const held = step.running.find(each => each.request === index)
    const places = held ? (memory.policy === "paged" ? held.places.join(" ") : `${held.places[0]}–${held.places[0] + held.slots - 1}`) : ""
    const cell = html("span", { style: "white-space: normal; overflow-wrap: anywhere" }, places)
    return [LETTERS[index], stateOf(index, step, trace, at, spans), held ? `${held.tokens} / ${request.prompt + request.output}` : "", cell]
  })
  return table("这一步每条请求", ["请求", "状态", "token / 最终", memory.policy === "paged" ? "块表" : "槽位"], rows)
}

const REPEAT = (count, text) => Array(count).fill(text).join(", ")
const SCENES = {
  mixed: {
    name: "十条长短不一",
    sets: { trace: "20+30, 12+60, 40+20, 8+90, 30+40, 16+16, 24+70, 10+25, 36+50, 14+80", capacity: 256, size: 16, limit: 128, most: 16 },
  },
  grow: { name: "短提示，一起变长", sets: { trace: REPEAT(12, "8+100"), capacity: 256, size: 16, limit: 128, most: 16 } },
  tail: {
    name: "一条长，许多短",
    sets: { trace: `10+120, ${REPEAT(3, "10+12")}, ${REPEAT(8, "10+12@4")}`, capacity: 512, size: 16, limit: 160, most: 4 },
  },
  tiny: { name: "许多短请求", sets: { trace: REPEAT(16, "6+8"), capacity: 256, size: 16, limit: 64, most: 16 } },
}

export default widget({
  name: "paged-serving",
  title: "分页与连续批处理",
  simulator: true,
  inputs: () => [
    {
      name: "scene",
      label: "情形",
      kind: "choice",
      options: [...Object.entries(SCENES).map(([value, { name }]) => [value, name]), ["", "自定义"]],
      start: "mixed",
      sets: value => SCENES[value]?.sets ?? {},
    },
    { name: "policy", label: "显存怎样分", kind: "choice", options: Object.entries(POLICIES), start: "paged" },
    { name: "batching", label: "怎样组批", kind: "choice", options: [["continuous", "连续：每步都补人"], ["static", "静态：整批做完再换"]], start: "continuous" },
    { name: "capacity", label: "缓存的槽（token）", kind: "number", min: 32, max: 1024 },
    { name: "size", label: "一块几个槽", kind: "number", min: 1, max: 64, log: 1 },
    { name: "limit", label: "最大长度", kind: "number", min: 8, max: 400 },
    { name: "most", label: "最多同时跑", kind: "number", min: 1, max: 16 },
    { name: "trace", label: "请求：提示+输出，@ 后面是第几步到", kind: "text", max: 300, fault },
    { name: "step", label: "步", kind: "step", count: ({ steps }) => Math.max(steps.length, 1) },
  ],
  compute({ trace: text, policy, batching, capacity, size, limit, most }) {
    const trace = requests(text)
    const of = each => run(trace, { capacity, size, limit, policy: each }, most, batching === "static")
    const steps = of(policy)
    const rows = Object.keys(POLICIES).map(each => ({ policy: each, ...totals(trace, each === policy ? steps : of(each)) }))
    return { trace, steps, rows, spans: lives(trace, steps), counts: steps.map(each => each.running.length) }
  },
  draw({ trace, steps, rows, spans, counts }, { policy, capacity, size, limit, step: at }) {
    const memory = { capacity, size, limit, policy }
    const refused = named(trace.map((_, index) => index).filter(index => !spans[index].length))
    const chart = bars(
      "全部做完要几步",
      rows.map(each => ({ label: POLICIES[each.policy], text: each.steps ? `${each.steps} 步` : "—", mark: each.policy === policy, parts: [{ value: each.steps, tone: each.policy === policy ? "a" : "faint" }] })),
    )
    const compare = table(
      "同样的请求，四种分法",
      ["分法", "平均同时跑", "有 token 的槽", "重算 token", "平均完成用时"],
      rows.map(each => [POLICIES[each.policy], ...(each.steps ? [four(each.running), percent(each.used / capacity), String(each.recomputed), `${four(each.latency)} 步`] : ["放不下", "", "", ""])]),
    )
    if (!steps.length) return { says: "每一条都放不下：提示加输出超过最大长度，或要的槽比缓存还多。", shows: [chart, compare] }
    const step = steps[at]
    const all = stretches(step, trace, memory)
    const slots = what => sum(all.filter(each => each.what === what).map(each => each.to - each.from))
    const news = [
      [step.preempted, `被抢占，丢掉 ${step.recomputed} 个 token，回头重算`],
      [step.admitted, "进来"],
      [step.finished, "这一步结束"],
    ].filter(([list]) => list.length).map(([list, what]) => `${named(list)} ${what}`)
    const later = policy === "paged" ? "" : `，${slots("later")} 个替将来留着`
    const says = `第 ${at + 1} 步（共 ${steps.length} 步）：${step.running.length} 条在跑，${step.waiting.length} 条在等；${capacity} 个槽里 ${slots("used")} 个有 token${later}，${slots("never")} 个白占。${news.length ? `${news.join("；")}。` : ""}${refused ? `${refused} 放不下。` : ""}`
    return {
      says,
      shows: [map(step, trace, memory, says), gantt(spans, counts, at), chart, compare, people(step, trace, at, memory, spans)],
    }
  },
})
