/*
 * Attention masks: the pairs they leave, what that is of a layer's FLOPs, and how far a stack of layers sees:
 * labs/attention/sparse_masks.py, masks.py, long_context_cost.py.
 *
 * A mask is given by what a query sees: runs [first, last, stride] of keys that do not overlap, so that a sequence of
 * 131072 tokens needs no matrix.
 */

import { bars, digits, drawing, flop, html, percent, svg, table, widget } from "./ui.js"

const LONGEST = 131_072

/** By pattern: the runs of keys that query i of n sees. Labels, and the inputs it uses, are in PATTERNS below. */
const SEES = {
  full: (i, n) => [[0, n - 1, 1]],
  causal: i => [[0, i, 1]],
  prefix: (i, n, { prefix }) => [[0, Math.max(i, Math.min(prefix, n) - 1), 1]],
  documents: (i, n, { block }) => [[i - (i % block), i, 1]],
  window: (i, n, { w }) => [[Math.max(0, i - w + 1), i, 1]],
  dilated: (i, n, { w, gap }) => [[i - gap * Math.min(w - 1, Math.floor(i / gap)), i, gap]],
  first(i, n, { w, g }) {
    const from = Math.max(0, i - w + 1)
    const sinks = Math.min(g, from)
    return sinks ? [[0, sinks - 1, 1], [from, i, 1]] : [[from, i, 1]]
  },
  strided(i, n, { block }) {
    const near = [Math.max(0, i - block), i, 1]
    return i >= 2 * block ? [[i % block, i - 2 * block, block], near] : [near]
  },
}

const length = ([first, last, stride]) => (last - first) / stride + 1

/** Pairs of a query and a key that a layer computes. */
export function pairs(pattern, n, params) {
  let total = 0
  for (let i = 0; i < n; i++) for (const run of SEES[pattern](i, n, params)) total += length(run)
  return total
}

const STRIDES = { dilated: ({ gap }) => [gap], strided: ({ block }) => [...new Set([1, block])] }

/** How many inputs the last token's output depends on after each layer, and how they lie over `cells` of the sequence. */
export function reach(pattern, n, params, layers, cells = 1) {
  const strides = STRIDES[pattern]?.(params) ?? [1]
  const known = new Uint8Array(n)
  const spread = new Int32Array(cells)
  // Where runs begin and end; summed along the stride, how many runs hold a key. Empty again after each use.
  const held = new Int32Array(n + Math.max(...strides))
  const out = []
  let fresh = [n - 1]
  let count = 0
  let whole = 0 // all before this are known, and so is a run that ends before it
  const learn = j => {
    known[j] = 1
    spread[Math.floor((j * cells) / n)]++
    count++
  }
  learn(n - 1)
  while (out.length < layers) {
    const next = []
    for (const stride of strides) {
      let [low, high] = [n, -1]
      for (const i of fresh) {
        for (const [first, last, by] of SEES[pattern](i, n, params)) {
          if (by !== stride || last < whole) continue
          held[first]++
          held[last + stride]--
          low = Math.min(low, first)
          high = Math.max(high, last)
        }
      }
      for (let j = low; j <= high; j++) {
        if (j - stride >= low) held[j] += held[j - stride]
        if (held[j] > 0 && !known[j]) {
          learn(j)
          next.push(j)
        }
      }
      if (high >= 0) held.fill(0, low, high + stride + 1)
    }
    while (known[whole]) whole++
    fresh = next
    out.push({ count, spread: [...spread] })
  }
  return out
}

/** FLOPs of a layer's attention over so many pairs, and of its products with weights. */
export const flops = (visible, n, d) => ({ attention: 4 * visible * d, linear: 24 * n * d * d })

/** The mask as rows of `cells` shares of visible pairs; exact for up to `cells` tokens, else of some queries a row. */
export function grid(pattern, n, params, cells) {
  const edge = c => Math.ceil((c * n) / cells)
  return Array.from({ length: cells }, (_, row) => {
    const [top, bottom] = [edge(row), edge(row + 1)]
    const rows = Math.min(8, bottom - top)
    const shares = new Float64Array(cells)
    for (let k = 0; k < rows; k++) {
      const i = top + Math.floor(((k + 0.5) * (bottom - top)) / rows)
      for (const [first, last, stride] of SEES[pattern](i, n, params)) {
        for (let c = Math.floor((first * cells) / n); c < cells && edge(c) <= last; c++) {
          const [a, b] = [Math.max(first, edge(c)), Math.min(last, edge(c + 1) - 1)]
          const seen = Math.floor((b - first) / stride) - Math.ceil((a - first) / stride) + 1
          shares[c] += seen / (edge(c + 1) - edge(c)) / rows
        }
      }
    }
    return [...shares]
  })
}

const PATTERNS = {
  full: ["全部可见（双向）", []],
  causal: ["因果", []],
  prefix: ["前缀双向，其余因果", ["prefix"]],
  documents: ["打包文档（按块因果）", ["block"]],
  window: ["滑动窗口", ["w"]],
  dilated: ["空洞窗口", ["w", "gap"]],
  first: ["窗口加开头的全局词", ["w", "g"]],
  strided: ["跨步（近邻加等距）", ["block"]],
}

const PRESETS = {
  small: ["64 个 token 看清每一格", { n: 64, d: 4096, layers: 8, w: 8, gap: 4, g: 4, prefix: 16, block: 16 }],
  mistral: ["Mistral 7B：窗口 4096，32 层", { pattern: "window", n: 32_768, d: 4096, layers: 32, w: 4096 }],
  packed: ["32K 里打包 16 篇 2K 的文档", { pattern: "documents", n: 32_768, d: 4096, layers: 32, block: 2048 }],
  holes: ["空洞：16 层也看不全", { pattern: "dilated", n: 64, d: 4096, layers: 16, w: 8, gap: 4 }],
}

// --- Drawing

const LEVELS = 4
const CELL = 5

/** Rows of shares as squares, one path for each of a few shades. */
function shaded(rows, x, y, high, tone) {
  const paths = Array.from({ length: LEVELS }, () => "")
  rows.forEach((row, r) =>
    row.forEach((share, c) => {
      if (share > 0) paths[Math.min(LEVELS, Math.ceil(share * LEVELS - 1e-9)) - 1] += `M${x + c * CELL} ${y + r * high}h${CELL}v${high}h-${CELL}z`
    }),
  )
  return paths.map((d, level) =>
    svg("path", { d: d || "M0 0", class: `tone-${tone}`, "fill-opacity": 0.25 + (0.75 * (level + 1)) / LEVELS - 0.1 }),
  )
}

function frame(cells, rows, high, label, side, below, tone) {
  const [left, top, width] = [26, 6, cells * CELL]
  const text = (x, y, words, anchor, more = {}) =>
    svg("text", { x, y, "text-anchor": anchor, "font-size": 14, fill: "currentColor", ...more }, words)
  const height = rows.length * high
  const middle = top + height / 2
  return drawing(
    left + width + 6,
    top + height + 26,
    label,
    ...shaded(rows, left, top, high, tone),
    svg("rect", { x: left, y: top, width, height, fill: "none", stroke: "currentColor", "stroke-opacity": 0.5 }),
    text(14, middle, side, "middle", { transform: `rotate(-90 14 ${middle})` }),
    text(left + width / 2, top + height + 19, below, "middle"),
  )
}

const number = (name, label, min, max, more) => ({ name, label, kind: "number", min, max, log: 1, ...more })
const when = name => ({ when: state => PATTERNS[state.pattern][1].includes(name) })

export default widget({
  name: "attention-patterns",
  title: "注意力掩码：算多少对，几层能看多远",
  simulator: true,
  inputs: () => [
    {
      name: "preset",
      label: "例子",
      kind: "choice",
      options: [...Object.entries(PRESETS).map(([key, [label]]) => [key, label]), ["", "自定义"]],
      start: "small",
      sets: value => PRESETS[value]?.[1] ?? {},
    },
    { name: "pattern", label: "掩码", kind: "choice", options: Object.entries(PATTERNS).map(([key, [label]]) => [key, label]), start: "window" },
    number("w", "窗口（含自己）", 1, LONGEST, when("w")),
    number("gap", "每隔几个取一个", 1, 64, when("gap")),
    number("g", "全局词", 1, 1024, when("g")),
    number("prefix", "前缀长", 1, LONGEST, when("prefix")),
    number("block", "块长（步长）", 1, LONGEST, when("block")),
    number("n", "序列长（token）", 1, LONGEST),
    number("layers", "层数", 1, 64),
    number("d", "隐藏维", 64, 16_384),
  ],
  compute(state) {
    const { pattern, n, layers, d } = state
    const cells = Math.min(n, 64)
    const visible = { [pattern]: pairs(pattern, n, state), causal: (n * (n + 1)) / 2, full: n * n }
    return {
      cells,
      rows: Object.entries(visible).map(([key, count]) => ({ key, count, ...flops(count, n, d) })),
      mask: grid(pattern, n, state, cells),
      far: reach(pattern, n, state, layers, cells),
    }
  },
  draw({ cells, rows, mask, far }, { pattern, n, layers }) {
    const [name] = PATTERNS[pattern]
    const causal = rows.find(row => row.key === "causal").count
    const own = rows.find(row => row.key === pattern)
    const full = far.findIndex(({ count }) => count === n)
    const seen = full >= 0 ? `第 ${full + 1} 层起，最后一个 token 的输出依赖全部 ${digits(n)} 个输入` : `${layers} 层之后，最后一个 token 的输出依赖 ${digits(far.at(-1).count)} 个输入，占 ${percent(far.at(-1).count / n)}`
    const says = `${name}，${digits(n)} 个 token：每层算 ${digits(own.count)} 对，是因果的 ${percent(own.count / causal)}；${seen}。`
    const tokens = n === cells ? "每格一个 token" : `每格约 ${digits(Math.round(n / cells))} 个 token，越浓可见的越多`
    const wide = far.map(({ spread }) => spread.map((count, c) => count / (Math.ceil(((c + 1) * n) / cells) - Math.ceil((c * n) / cells))))
    const high = Math.max(5, Math.min(20, Math.floor(320 / layers)))
    const at = far.map((_, index) => index + 1).filter(layer => Math.log2(layer) % 1 === 0 || layer === layers)
    return {
      says,
      shows: [
        html(
          "div",
          { style: "display: flex; flex-wrap: wrap; gap: 1rem" },
          frame(cells, mask, CELL, `${name}的掩码：行是查询，列是键，${tokens}。`, "查询", `键（${tokens}）`, "a"),
          frame(cells, wide, high, `最后一个 token 经过 1 到 ${layers} 层能看到的输入，逐层一行。`, "层（上为第 1 层）", "最后一个 token 看得到的输入", "b"),
        ),
        bars(
          "一层前向的运算",
          rows.map(({ key, attention, linear }) => ({
            label: PATTERNS[key][0],
            text: percent(attention / (attention + linear)),
            mark: key === pattern,
            parts: [
              { value: attention, tone: "a", name: "注意力（后面的百分数是它的份额）" },
              { value: linear, tone: "faint", name: "与权重的乘法" },
            ],
          })),
        ),
        table("一层", ["掩码", "算的对数", "与因果之比", "平均每个查询", "注意力的运算"], rows.map(({ key, count, attention }) => [
          PATTERNS[key][0],
          digits(count),
          percent(count / causal),
          digits(Math.round(count / n)),
          flop(attention),
        ])),
        table("最后一个 token 的输出依赖多少个输入", ["层", "输入", "占全部"], at.map(layer => [
          `第 ${layer} 层之后`,
          digits(far[layer - 1].count),
          percent(far[layer - 1].count / n),
        ])),
      ],
    }
  },
})
