/* GPipe, 1F1B and interleaved 1F1B as a Gantt, and what every card holds: labs/distributed/pipeline.py. */

import { bars, drawing, four, html, percent, preset, svg, table, widget } from "./ui.js"

const KINDS = { gpipe: "GPipe", alternate: "1F1B", interleaved: "交错 1F1B" }
const SAME = 1e-9 // times that only rounding keeps apart

const range = (count, of = index => index) => Array.from({ length: count }, (_, index) => of(index))

// --- The lab

/** Operations of every card in order, as {kind: "F" or "B", micro, chunk}. */
function orders(kind, p, m, v) {
  const op = (kind, micro, chunk = 0) => ({ kind, micro, chunk })
  if (kind === "gpipe") return range(p, () => [...range(m, i => op("F", i)), ...range(m, i => op("B", m - 1 - i))])
  const chunks = kind === "interleaved" ? v : 1
  const total = m * chunks
  const at = (kind, k) => {
    if (chunks === 1) return op(kind, k)
    const chunk = Math.floor((k % (p * chunks)) / p)
    return op(kind, Math.floor(k / (p * chunks)) * p + (k % p), kind === "F" ? chunk : chunks - 1 - chunk)
  }
  return range(p, s => {
    const ahead = Math.min(total, chunks === 1 ? p - 1 - s : 2 * (p - 1 - s) + (chunks - 1) * p)
    const order = range(ahead, k => at("F", k))
    for (let k = 0; k < total - ahead; k++) order.push(at("F", ahead + k), at("B", k))
    for (let k = total - ahead; k < total; k++) order.push(at("B", k))
    return order
  })
}

/** The operations with card, start and end, each begun as soon as its card is free and its input has arrived. */
export function schedule(kind, p, m, v, backward) {
  const chunks = kind === "interleaved" ? v : 1
  const lists = orders(kind, p, m, v)
  const stages = p * chunks
  const done = { F: new Float64Array(m * stages).fill(NaN), B: new Float64Array(m * stages).fill(NaN) } // when
  const [free, next, slots] = [Array(p).fill(0), Array(p).fill(0), []]
  while (next.some((index, card) => index < lists[card].length)) {
    for (let card = 0; card < p; card++) {
      for (; next[card] < lists[card].length; next[card]++) {
        const { kind, micro, chunk } = lists[card][next[card]]
        const forward = kind === "F"
        const stage = chunk * p + card
        const place = micro * stages + stage
        let start = free[card]
        // NaN, not there yet, makes the greatest one NaN too.
        if (!forward) start = Math.max(start, done.F[place])
        if (forward ? stage > 0 : stage + 1 < stages) start = Math.max(start, done[kind][place + (forward ? -1 : 1)])
        if (Number.isNaN(start)) break
        const end = (free[card] = done[kind][place] = start + (forward ? 1 : backward) / chunks)
        slots.push({ card, kind, micro, chunk, start, end })
      }
    }
  }
  return slots
}

/** When a card's activations change, and to how many micro-batches of a whole stage: [time, count]. */
export function held(slots, card, v) {
  const changes = []
  let count = 0
  // Of one card the slots stand in the order of their times.
  for (const slot of slots) {
    if (slot.card === card) changes.push(slot.kind === "F" ? [slot.start, ++count / v] : [slot.end, --count / v])
  }
  return changes
}

/** Total time; share of it in which a card idles; most micro-batches whose activations each card holds. */
export function measures(slots, p, v) {
  const [now, most] = [Array(p).fill(0), Array(p).fill(0)]
  let [total, busy] = [0, 0]
  for (const { card, kind, start, end } of slots) {
    now[card] += kind === "F" ? 1 : -1
    most[card] = Math.max(most[card], now[card])
    total = Math.max(total, end)
    if (card === 0) busy += end - start
  }
  return { total, bubble: (total - busy) / total, peaks: most.map(count => count / v) }
}

// --- Shown

const WIDTH = 400
const LEFT = 34
const CURVE = 40 // height of what card 0 holds

const fixed = value => Math.round(value * 100) / 100
const label = (x, y, text, more = {}) => svg("text", { x, y, "font-size": 11, fill: "currentColor", ...more }, text)

/** Numbers {x, text} of a row in one node: every digit has its own place. */
function numbers(list, y, size) {
  const wide = 0.58 * size
  const places = list.flatMap(({ x, text }) => range(text.length, index => fixed(x + (index - (text.length - 1) / 2) * wide)))
  return label(places.join(" "), y, list.map(({ text }) => text).join(""), { "font-size": size, "text-anchor": "middle" })
}

/** All of a schedule that does not depend on the moment: paths by what they are, numbers by card, what card 0 holds. */
function cells(slots, p, chunks, total, profile) {
  const unit = (WIDTH - LEFT - 2) / total
  const high = p > 8 ? 15 : 22
  const size = p > 8 ? 8 : 10
  const paths = { F: range(chunks, () => []), B: range(chunks, () => []), foot: [] }
  const rows = range(p, () => [])
  // All forwards are as wide, and all backwards.
  const shapes = {}
  for (const { kind, start, end } of [slots[0], slots.at(-1)]) {
    const wide = (end - start) * unit
    const [across, back] = [fixed(wide - Math.min(1, wide * 0.15)), fixed(Math.min(1, wide * 0.15) - wide)]
    shapes[kind] = { wide, box: `h${across}v${high - 3}h${back}z`, foot: `h${across}v3h${back}z` }
  }
  for (const { card, kind, micro, chunk, start } of slots) {
    const { wide, box, foot } = shapes[kind]
    const [x, y] = [fixed(LEFT + start * unit), card * high + 1]
    paths[kind][chunk].push(`M${x} ${y}${box}`)
    if (kind === "B") paths.foot.push(`M${x} ${y + high - 6}${foot}`)
    const text = String(micro)
    if (wide >= 0.58 * size * text.length + 1.5) rows[card].push({ x: x + wide / 2, text })
  }
  const most = Math.max(...profile.map(([, count]) => count))
  const base = p * high + 8 + CURVE
  const level = count => fixed(base - (CURVE * count) / most)
  // What ends as another begins makes no dent.
  const levels = profile.filter(([time], index) => !(profile[index + 1]?.[0] - time < SAME))
  const line = levels.map(([time, count]) => `H${fixed(LEFT + time * unit)}V${level(count)}`).join("")
  const shade = chunk => (chunks === 1 ? 0.4 : 0.2 + (0.5 * chunk) / (chunks - 1)).toFixed(2)
  const joined = (list, more) => svg("path", { d: list.join(""), ...more })
  const idle = range(p, card => `M${LEFT} ${card * high + 0.5}h${WIDTH - LEFT - 2}v${high - 2}H${LEFT}z`)
  return {
    unit,
    tall: base + 16,
    base,
    nodes: () => [
      joined(idle, { fill: "none", stroke: "currentColor", "stroke-opacity": 0.3, "stroke-dasharray": "2 3" }),
      ...paths.F.map((list, chunk) => joined(list, { class: "tone-a", "fill-opacity": shade(chunk) })),
      ...paths.B.map((list, chunk) => joined(list, { class: "tone-b", "fill-opacity": shade(chunk) })),
      joined(paths.foot, { class: "tone-b" }),
      ...range(p, card => label(LEFT - 5, card * high + high / 2 + 3, `卡 ${card}`, { "text-anchor": "end" })),
      ...rows.map((list, card) => numbers(list, card * high + high / 2 + size * 0.3 - 1, size)),
      svg("path", { d: `M${LEFT} ${base}${line}V${base}z`, class: "tone-c", "fill-opacity": 0.3, stroke: "var(--jade)" }),
      label(LEFT - 5, base - CURVE + 9, four(most), { "text-anchor": "end" }),
      label(LEFT - 5, base, "0", { "text-anchor": "end" }),
      label(LEFT, base + 13, "t = 0"),
      label(WIDTH - 2, base + 13, four(total), { "text-anchor": "end" }),
    ],
  }
}

function gantt({ unit, tall, base, nodes }, chunks, time, says) {
  const at = fixed(LEFT + time * unit)
  const cursor = svg("path", { d: `M${at} 0V${base + 3}`, stroke: "var(--vermilion)", "stroke-width": 1.6 })
  const image = drawing(WIDTH, tall, `甘特图。${says}`, ...nodes(), cursor)
  image.setAttribute("style", "width: 100%; height: auto; max-width: 760px")
  const key = [
    ["tone-a", "opacity: 0.5", "前向"],
    ["tone-b", "", "反向（底边加粗）"],
    ["tone-c", "opacity: 0.5", "下面：卡 0 压着几个微批的激活"],
  ].map(([tone, style, name]) => html("li", {}, html("i", { class: tone, style }), name))
  return html(
    "figure",
    { class: "widget-bars" },
    html("figcaption", {}, `每行一张卡，格里的数是微批，空着的是气泡，竖线是眼前的时刻；一个微批过一张卡的前向算 1${chunks > 1 ? "；颜色越浓，小段越靠后" : ""}`),
    image,
    html("ul", { "aria-hidden": "true" }, ...key),
  )
}

/** Times at which anything begins or ends: whatever begins later than 0 begins as something else ends. */
function moments(slots) {
  const times = Float64Array.from([0, ...new Set(slots.map(({ end }) => end))]).sort()
  return [...times.filter((time, index) => !index || time - times[index - 1] > SAME)]
}

const SCENES = {
  four: ["4 张卡，8 个微批", { stages: 4, micros: 8, chunks: 2, backward: 2 }],
  whole: ["4 张卡，不切微批", { stages: 4, micros: 1, chunks: 2, backward: 2 }],
  eight: ["8 张卡，8 个微批", { stages: 8, micros: 8, chunks: 2, backward: 2 }],
  many: ["8 张卡，64 个微批", { stages: 8, micros: 64, chunks: 2, backward: 2 }],
  deep: ["16 张卡，16 个微批", { stages: 16, micros: 16, chunks: 4, backward: 2 }],
  again: ["4 张卡，8 个微批，重计算", { stages: 4, micros: 8, chunks: 2, backward: 3 }],
}

export default widget({
  name: "pipeline-schedules",
  title: "流水线的三种调度",
  simulator: true,
  inputs: () => [
    preset("scene", "情形", SCENES, "four"),
    { name: "kind", label: "调度", kind: "choice", options: Object.entries(KINDS), start: "alternate" },
    { name: "stages", label: "卡数 p", kind: "number", min: 2, max: 16 },
    { name: "micros", label: "微批数 m", kind: "number", min: 1, max: 64 },
    { name: "chunks", label: "交错时每卡几个小段 v", kind: "number", min: 2, max: 4 },
    { name: "backward", label: "反向是前向的几倍", kind: "number", min: 0.5, max: 4, step: 0.5 },
    { name: "step", label: "时刻", kind: "step", count: ({ times }) => times.length },
  ],
  compute({ kind, stages: p, micros: m, chunks: v, backward }) {
    const rows = Object.keys(KINDS).map(each => {
      if (each === "interleaved" && m % p) return { kind: each }
      const slots = schedule(each, p, m, v, backward)
      const chunks = each === "interleaved" ? v : 1
      return { kind: each, slots, chunks, ...measures(slots, p, chunks) }
    })
    const { slots, chunks, total } = rows.find(each => each.kind === kind)
    if (!slots) return { rows, times: [0] }
    const profiles = range(p, card => held(slots, card, chunks))
    return { rows, times: moments(slots), profiles, picture: cells(slots, p, chunks, total, profiles[0]) }
  },
  draw({ rows, times, profiles, picture }, { kind, stages: p, micros: m, step }) {
    const own = rows.find(each => each.kind === kind)
    const chart = bars(
      "总时间",
      rows.map(each => ({
        label: KINDS[each.kind],
        text: each.slots ? `${four(each.total)}，闲 ${percent(each.bubble)}` : "—",
        mark: each.kind === kind,
        parts: each.slots
          ? [
              { value: each.total * (1 - each.bubble), tone: "a", name: "每张卡在算" },
              { value: each.total * each.bubble, tone: "faint", name: "每张卡闲着（气泡）" },
            ]
          : [],
      })),
    )
    const compare = table(
      `同样的卡与微批，三种调度${m % p ? "（交错要求 m 是 p 的倍数）" : ""}`,
      ["调度", "气泡", "公式", "卡 0 最多压", `卡 ${p - 1} 最多压`],
      rows.map(each => [
        KINDS[each.kind],
        ...(each.slots
          ? [percent(each.bubble), `${p - 1}/${m * each.chunks + p - 1}`, `${four(each.peaks[0])} 个`, `${four(each.peaks.at(-1))} 个`]
          : ["排不了", "", "", ""]),
      ]),
    )
    if (!own.slots) return { says: `交错时微批每 ${p} 个一组轮流过各个小段，${m} 个分不成整组，这样排不了。`, shows: [chart, compare] }
    const time = times[step]
    const now = Array(p)
    for (const slot of own.slots) if (slot.start <= time + SAME && time + SAME < slot.end) now[slot.card] = slot
    const doing = kind => now.filter(slot => slot?.kind === kind).length
    const moment =
      step === times.length - 1 ? "都做完了" : `${doing("F")} 张卡在前向，${doing("B")} 张在反向，${p - doing("F") - doing("B")} 张闲着`
    const says = `${KINDS[kind]}，${p} 张卡、${m} 个微批：总时间 ${four(own.total)}，气泡占 ${percent(own.bubble)}，卡 0 最多压着 ${four(own.peaks[0])} 个微批的激活。t\u00a0=\u00a0${four(time)}：${moment}。`
    const part = ({ kind, micro, chunk }) => `${kind === "F" ? "前向" : "反向"} ${micro}${own.chunks > 1 ? `，第 ${chunk + 1} 小段` : ""}`
    const counts = profiles.map(profile => profile.findLast(([when]) => when <= time + SAME)?.[1] ?? 0)
    const cards = range(p, card => [
      `卡 ${card}`,
      now[card] ? part(now[card]) : "闲着",
      `${four(counts[card])} 个`,
      `${four(own.peaks[card])} 个`,
    ])
    return {
      says,
      shows: [
        gantt(picture, own.chunks, time, says),
        chart,
        compare,
        table(`t = ${four(time)} 时每张卡`, ["卡", "在做", "压着的微批", "全程最多"], cards),
      ],
    }
  },
})
