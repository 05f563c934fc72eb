/*
 * Attention masks: the pairs they leave, what that is of a layer's FLOPs, and how far a stack of layers sees:
 * labs/attention/sparse_masks.py, masks.py, long_context_cost.py.
 *
 * A mask is given by what a query sees: runs [first, last, stride] of keys that do not overlap. Pairs and reach are sums
 * over them in closed form, so that 131072 tokens take no longer than 64.
 */

import { bars, digits, drawing, flop, html, percent, preset, svg, table, widget } from "./ui.js"

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

/** Σ min(i, most) for i = 1 … n: the pairs of a window. */
function upTo(most, n) {
  const rising = Math.max(0, Math.min(most, n))
  return (rising * (rising + 1)) / 2 + Math.max(0, n - rising) * most
}

/** By pattern: the pairs of all queries, SEES summed. */
const PAIRS = {
  full: n => n * n,
  causal: n => upTo(n, n),
  prefix(n, { prefix }) {
    const p = Math.min(prefix, n)
    return upTo(n, n) + (p * (p - 1)) / 2
  },
  documents: (n, { block }) => Math.floor(n / block) * upTo(block, block) + upTo(n, n % block),
  window: (n, { w }) => upTo(w, n),
  dilated(n, { w, gap }) {
    // `gap` queries each see as many keys.
    const q = Math.floor(n / gap)
    return gap * upTo(w, q) + (n % gap) * Math.min(w, q + 1)
  },
  first: (n, { w, g }) => upTo(w, n) + upTo(g, n - w),
  strided(n, { block }) {
    const q = Math.floor(n / block)
    return upTo(block + 1, n) + (q > 1 ? block * upTo(q, q - 2) + (n % block) * (q - 1) : 0)
  },
}

/** Pairs of a query and a key that a layer computes. */
export const pairs = (pattern, n, params) => PAIRS[pattern](n, params)

/** Where each of `cells` equal parts of n tokens begins, and the end. */
const edges = (n, cells) => Array.from({ length: cells + 1 }, (_, c) => Math.ceil((c * n) / cells))

/** Add to `counts` how many keys of a run lie in each part. */
function count([first, last, stride], n, at, counts, by = 1) {
  const cells = counts.length
  for (let c = Math.floor((first * cells) / n); c < cells && at[c] <= last; c++) {
    const [a, b] = [Math.max(first, at[c]), Math.min(last, at[c + 1] - 1)]
    counts[c] += by * (Math.floor((b - first) / stride) - Math.ceil((a - first) / stride) + 1)
  }
}

/**
 * What the last token's output depends on after some layers. Windows add up to one wider window; strides have brought
 * every residue after two layers; all else sees in one layer what it ever will.
 */
function reached(pattern, n, params, layers) {
  if (pattern === "strided" && layers > 1) return SEES.causal(n - 1)
  return SEES[pattern](n - 1, n, { ...params, w: layers * (params.w - 1) + 1 })
}

/** How many inputs the last token's output depends on after each layer, and how they lie over `cells` of the sequence. */
export function reach(pattern, n, params, layers, cells = 1) {
  const at = edges(n, cells)
  return Array.from({ length: layers }, (_, layer) => {
    const spread = new Array(cells).fill(0)
    for (const run of reached(pattern, n, params, layer + 1)) count(run, n, at, spread)
    return { count: spread.reduce((total, each) => total + each, 0), spread }
  })
}

/** FLOPs of a layer's attention over so many pairs, and of its products with weights. */
export const flops = (visible, n, d) => ({ attention: 4 * visible * d, linear: 24 * n * d * d })

/** The mask as rows of `cells` shares of visible pairs; exact for up to `cells` tokens, else of some queries a row. */
export function grid(pattern, n, params, cells) {
  const at = edges(n, cells)
  return Array.from({ length: cells }, (_, row) => {
    const [top, bottom] = [at[row], at[row + 1]]
    const rows = Math.min(8, bottom - top)
    const shares = new Array(cells).fill(0)
    for (let k = 0; k < rows; k++) {
      const i = top + Math.floor(((k + 0.5) * (bottom - top)) / rows)
      for (const run of SEES[pattern](i, n, params)) count(run, n, at, shares, 1 / rows)
    }
    return shares.map((seen, c) => seen / (at[c + 1] - at[c]))
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

/** Rows of shares as boxes, one path for each of a few shades; neighbours of a shade are one box. */
function shaded(rows, x, y, high, tone) {
  const paths = Array.from({ length: LEVELS }, () => "")
  rows.forEach((row, r) => {
    const shade = c => (row[c] > 0 ? Math.min(LEVELS, Math.ceil(row[c] * LEVELS - 1e-9)) : 0)
    for (let c = 0, next; c < row.length; c = next) {
      for (next = c + 1; next < row.length && shade(next) === shade(c); next++);
      if (shade(c)) paths[shade(c) - 1] += `M${x + c * CELL} ${y + r * high}h${(next - c) * CELL}v${high}h-${(next - c) * CELL}z`
    }
  })
  return paths.map((d, level) =>
    svg("path", { d: d || "M0 0", class: `tone-${tone}`, "fill-opacity": 0.25 + (0.75 * (level + 1)) / LEVELS - 0.1 }),
  )
}

function frame(cells, rows, high, label, side, below, tone) {
  const [left, top, width] = [20, 6, cells * CELL]
  const text = (x, y, words, anchor, more = {}) =>
    svg("text", { x, y, "text-anchor": anchor, "font-size": 14, fill: "currentColor", ...more }, words)
  const height = rows.length * high
  const middle = top + height / 2
  return drawing(
    left + width + 2,
    top + height + 26,
    label,
    ...shaded(rows, left, top, high, tone),
    svg("rect", { x: left, y: top, width, height, fill: "none", stroke: "currentColor", "stroke-opacity": 0.5 }),
    text(13, middle, side, "middle", { transform: `rotate(-90 13 ${middle})` }),
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
    preset("preset", "例子", PRESETS, "small"),
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
          { style: "display: flex; flex-wrap: wrap; gap: 0.8rem" },
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
