/* Five ways to all-reduce, message by message, and what each costs: labs/distributed/all_reduce_moves.py. */

import { bars, drawing, four, gb, html, svg, table, widget } from "./ui.js"

const KINDS = { ring: "环", halving: "折半加倍", tree: "树", chain: "不切块沿环传", server: "一张卡代收代发" }
const DRAWN = 16 // cards: more would not be read

const range = (count, of) => Array.from({ length: count }, (_, index) => of(index))
const isPower = n => Number.isInteger(Math.log2(n))
const heightOf = n => Math.ceil(Math.log2(n))

/** Lists of messages: in `step`, `src` sends its chunks lo … hi − 1 to `dst`, which adds or overwrites. */
const MOVES = {
  ring(n) {
    const at = index => ((index % n) + n) % n
    const pass = (first, shift, adds) =>
      range(n - 1, t =>
        range(n, r => ({ step: first + t, src: r, dst: at(r + 1), lo: at(r + shift - t), hi: at(r + shift - t) + 1, adds })),
      ).flat()
    return [...pass(0, 0, true), ...pass(n - 1, 1, false)]
  },

  chain(n) {
    const pass = (first, adds) =>
      range(n - 1, t => ({ step: (adds ? 0 : n - 1) + t, src: (first + t) % n, dst: (first + t + 1) % n, lo: 0, hi: n, adds }))
    return [...pass(0, true), ...pass(n - 1, false)]
  },

  halving(n) {
    const [lo, hi, out] = [Array(n).fill(0), Array(n).fill(n), []]
    let step = 0
    for (let gap = n / 2; gap >= 1; gap /= 2, step++) {
      for (let r = 0; r < n; r++) {
        const middle = (lo[r] + hi[r]) / 2
        if (r < (r ^ gap)) hi[r] = middle
        else lo[r] = middle
      }
      for (let r = 0; r < n; r++) out.push({ step, src: r, dst: r ^ gap, lo: lo[r ^ gap], hi: hi[r ^ gap], adds: true })
    }
    const back = out.map(move => ({ ...move, step: 2 * step - 1 - move.step, src: move.dst, dst: move.src, adds: false }))
    return [...out, ...back.reverse()]
  },

  tree(n) {
    const height = heightOf(n)
    const up = range(height, k =>
      range(n, r => r)
        .filter(r => r % 2 ** (k + 1) === 2 ** k)
        .map(r => ({ step: k, src: r, dst: r - 2 ** k, lo: 0, hi: n, adds: true })),
    ).flat()
    const down = [...up].reverse().map(move => ({ ...move, step: 2 * height - 1 - move.step, src: move.dst, dst: move.src, adds: false }))
    return [...up, ...down]
  },

  server(n) {
    const others = range(n - 1, index => index + 1)
    return [
      ...others.map(r => ({ step: 0, src: r, dst: 0, lo: 0, hi: n, adds: true })),
      ...others.map(r => ({ step: 1, src: 0, dst: r, lo: 0, hi: n, adds: false })),
    ]
  },
}

export const moves = (kind, n) => MOVES[kind](n)

/** What every card holds of every chunk at the start and after each step: card r begins with r + 1 everywhere. */
export function states(kind, n) {
  const list = moves(kind, n)
  const history = [range(n, r => Array(n).fill(r + 1))]
  for (let step = 0; step <= list.at(-1).step; step++) {
    const before = history[step]
    const state = before.map(row => [...row])
    for (const { src, dst, lo, hi, adds } of list.filter(move => move.step === step)) {
      for (let chunk = lo; chunk < hi; chunk++) state[dst][chunk] = before[src][chunk] + (adds ? state[dst][chunk] : 0)
    }
    history.push(state)
  }
  return history
}

/** Steps; bytes that the busiest card sends, and receives; bytes of all messages; seconds. */
export function cost(kind, n, size, alpha, bandwidth) {
  const height = heightOf(n)
  const share = (2 * (n - 1)) / n
  const [steps, most, carried] = {
    ring: [2 * (n - 1), share, share],
    halving: [2 * height, share, share],
    tree: [2 * height, height, 2 * height],
    chain: [2 * (n - 1), Math.min(2, n - 1), 2 * (n - 1)],
    server: [2, n - 1, 2 * (n - 1)],
  }[kind]
  const total = 2 * (n - 1) * size
  return { steps, sent: most * size, received: most * size, total, seconds: steps * alpha + (carried * size) / bandwidth }
}

// --- Shown

function time(seconds) {
  const [value, unit] = seconds >= 1 ? [seconds, "秒"] : seconds >= 1e-3 ? [seconds * 1e3, "毫秒"] : [seconds * 1e6, "微秒"]
  return `${four(value)}\u00a0${unit}`
}

const chunksOf = ({ lo, hi }, n) => (hi - lo === n ? "全部" : hi - lo === 1 ? `第 ${lo} 块` : `第 ${lo}–${hi - 1} 块`)

/** Bytes that each card has sent after so many steps. */
function sentBy(list, n, size, step) {
  const out = Array(n).fill(0)
  for (const move of list) if (move.step < step) out[move.src] += ((move.hi - move.lo) * size) / n
  return out
}

/** Where a message went: down or up a column, round the side if cards lie between. */
function arrow(x, from, to, bulge) {
  const up = to < from ? 1 : -1
  return svg(
    "g",
    { class: "tone-d" },
    svg("path", { d: `M${x} ${from}Q${x + 2 * bulge} ${(from + to) / 2} ${x} ${to + up * 5}`, fill: "none", stroke: "var(--vermilion)", "stroke-width": 1.6 }),
    svg("path", { d: `M${x} ${to}l-3.5 ${up * 7}h7z`, stroke: "none" }),
  )
}

function grid(kind, n, state, before, made) {
  const [left, top] = [46, 24]
  const width = (396 - left) / n
  const height = n <= 8 ? 34 : 22
  const size = Math.min(14, width * 0.5)
  const whole = (n * (n + 1)) / 2
  const text = (x, y, what, more = {}) => svg("text", { x, y, "font-size": size, fill: "currentColor", ...more }, what)
  const middle = card => top + (card + 0.5) * height
  const parts = []
  for (let card = 0; card < n; card++) {
    parts.push(text(left - 8, middle(card) + 4, `卡 ${card}`, { "text-anchor": "end", "font-size": 12 }))
    for (let chunk = 0; chunk < n; chunk++) {
      const x = left + chunk * width
      const value = state[card][chunk]
      const done = value === whole
      const hit = made.some(move => move.dst === card && move.lo <= chunk && chunk < move.hi)
      const fill = done ? 0.5 : 0.08 + 0.4 * (value / whole)
      parts.push(
        svg("rect", { x: x + 1, y: top + card * height + 1, width: width - 2, height: height - 2, class: done ? "tone-b" : "tone-a", "fill-opacity": fill.toFixed(2), stroke: hit ? "var(--vermilion)" : "none", "stroke-width": 1.6 }),
        text(x + width * 0.42, middle(card) + size * 0.36, String(value), { "text-anchor": "middle", "font-weight": done ? 600 : 400 }),
      )
    }
  }
  const heads = range(n, chunk => text(left + (chunk + 0.42) * width, top - 8, n <= 8 ? `块 ${chunk}` : String(chunk), { "text-anchor": "middle", "font-size": Math.min(12, width * 0.5) }))
  const arrows = made.flatMap(({ src, dst, lo, hi }) => {
    const near = Math.abs(src - dst) === 1
    // A whole vector is one message: one arrow, in the last column.
    const columns = hi - lo === n ? [n - 1] : range(hi - lo, index => lo + index)
    const shift = height * (near ? 0.28 : 0.1) * (dst > src ? 1 : -1)
    return columns.map(chunk => arrow(left + (chunk + 0.76) * width, middle(src) + shift, middle(dst) - shift, near ? 0 : Math.min(13, width * 0.2)))
  })
  const label = `${n} 行是卡，${n} 列是块，数是到此累加的和，${whole} 为完整。${range(n, card => `卡 ${card}：${state[card].join("、")}`).join("；")}`
  const image = drawing(400, top + n * height + 4, label, ...heads, ...parts, ...arrows)
  image.setAttribute("style", `width: 100%; height: auto; max-width: ${n <= 8 ? 560 : 680}px`)
  return html(
    "figure",
    { class: "widget-bars" },
    html("figcaption", {}, before ? `这一步之后各卡手里的和；箭头是刚走的消息，和到 ${whole} 就完整了` : `开始：卡 r 的每一块都是 r + 1，总和应是 ${whole}`),
    image,
  )
}

function messages(n, made, before, after) {
  const rows = made.slice(0, DRAWN).map(move => {
    const [had, got, now] = [before[move.dst], before[move.src], after[move.dst]].map(row => row[move.lo])
    const server = made.filter(each => each.dst === move.dst).length > 1
    const sum = move.adds ? (server ? `加 ${got}` : `${had} + ${got} = ${now}`) : `${had} 换成 ${got}`
    return [`卡 ${move.src} → 卡 ${move.dst}`, chunksOf(move, n), sum]
  })
  return table("这一步的消息", ["从哪到哪", "搬什么", "收到后"], rows)
}

const SCENES = {
  four: { name: "4 张卡，14 GB", sets: { cards: 4, size: 14e6, alpha: 10, bandwidth: 50 } },
  eight: { name: "8 张卡，14 GB", sets: { cards: 8, size: 14e6, alpha: 10, bandwidth: 50 } },
  sixteen: { name: "16 张卡，1 MB", sets: { cards: 16, size: 1000, alpha: 10, bandwidth: 50 } },
  many: { name: "1024 张卡，14 GB", sets: { cards: 1024, size: 14e6, alpha: 10, bandwidth: 50 } },
  small: { name: "1024 张卡，64 kB", sets: { cards: 1024, size: 64, alpha: 10, bandwidth: 50 } },
}

export default widget({
  name: "all-reduce-steps",
  title: "All-reduce 一步一步走",
  simulator: true,
  inputs: () => [
    {
      name: "scene",
      label: "情形",
      kind: "choice",
      options: [...Object.entries(SCENES).map(([value, { name }]) => [value, name]), ["", "自定义"]],
      start: "four",
      sets: value => SCENES[value]?.sets ?? {},
    },
    { name: "kind", label: "算法", kind: "choice", options: Object.entries(KINDS), start: "ring" },
    { name: "cards", label: "卡数", kind: "number", min: 2, max: 1024, log: 1 },
    { name: "size", label: "向量（kB）", kind: "number", min: 1, max: 1e9, log: 1 },
    { name: "alpha", label: "一步的延迟（微秒）", kind: "number", min: 0, max: 1000, slider: false },
    { name: "bandwidth", label: "每卡带宽（GB/s）", kind: "number", min: 1, max: 1000, slider: false },
    { name: "step", label: "画面", kind: "step", count: ({ history }) => history.length },
  ],
  compute({ kind, cards, size, alpha, bandwidth }) {
    const costs = Object.keys(KINDS).map(each => ({
      kind: each,
      cost: each === "halving" && !isPower(cards) ? undefined : cost(each, cards, size * 1e3, alpha * 1e-6, bandwidth * 1e9),
    }))
    const drawn = cards <= DRAWN && (kind !== "halving" || isPower(cards))
    return { costs, list: drawn ? moves(kind, cards) : [], history: drawn ? states(kind, cards) : [[]] }
  },
  draw({ costs, list, history }, { kind, cards, size, step }) {
    const own = costs.find(each => each.kind === kind).cost
    const made = list.filter(move => move.step === step - 1)
    const fast = Math.min(...costs.map(each => each.cost?.seconds ?? Infinity))
    const chart = costs.map(each => ({
      label: KINDS[each.kind],
      text: each.cost ? time(each.cost.seconds) : "—",
      mark: each.kind === kind,
      parts: each.cost ? [{ value: each.cost.seconds, tone: each.cost.seconds === fast ? "c" : each.kind === kind ? "a" : "faint" }] : [],
    }))
    const cells = costs.map(each => [
      KINDS[each.kind],
      ...(each.cost ? [String(each.cost.steps), gb(each.cost.sent), gb(each.cost.total)] : ["卡数须是 2 的幂", "", ""]),
    ])
    const always = [
      bars("走完要多久", chart),
      table("同一个向量，五种走法", ["走法", "步数", "最忙的卡发", "全网共发"], cells),
    ]
    if (!own) return { says: `折半加倍要求卡数是 2 的幂，${cards} 不是。`, shows: always }
    const end = `最忙的卡共发 ${gb(own.sent)}，全程 ${time(own.seconds)}`
    if (!list.length) return { says: `${KINDS[kind]}，${cards} 张卡：${own.steps} 步，${end}。超过 ${DRAWN} 张卡就不画每一步了。`, shows: always }
    const sent = sentBy(list, cards, size * 1e3, step)
    const busy = new Set(made.flatMap(move => [move.src, move.dst])).size
    const says = step
      ? `${KINDS[kind]}，第 ${step} 步（共 ${own.steps} 步），${made[0].adds ? "相加" : "复制"}：${made.length} 条消息，每条 ${gb(((made[0].hi - made[0].lo) * size * 1e3) / cards)}，${busy === cards ? "每张卡都在忙" : `${cards - busy} 张卡闲着`}；${step === own.steps ? `走完了，${end}` : `到此最忙的卡发了 ${gb(Math.max(...sent))}`}。`
      : `${KINDS[kind]}，${cards} 张卡：${own.steps} 步，${end}。按「下一步」看每块怎样走。`
    return {
      says,
      shows: [
        grid(kind, cards, history[step], step > 0, made),
        ...(step ? [messages(cards, made, history[step - 1], history[step])] : []),
        bars(
          "到此每张卡发出的字节，满格是全程最忙的卡",
          sent.map((value, card) => ({ label: `卡 ${card}`, text: gb(value), parts: [{ value, tone: "a" }] })),
          own.sent,
        ),
        ...always,
      ],
    }
  },
})
