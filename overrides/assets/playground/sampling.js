/*
 * From logits to the distribution a token is drawn from, as three engines do it: labs/decoding/pipeline.py, samplers.py.
 *
 * Logits are {head, tail}: the tokens written out, −∞ if dropped, and a tail that falls on behind them, of which only the
 * first `kept` are left. A tail of a whole vocabulary is never stored twice: what differs is where it starts and how hot
 * it is.
 */

import { bars, digits, four, percent, table, widget } from "./ui.js"

const EXPONENT = 1.5
const ORDERS = {
  transformers: ["temperature", "top-k", "top-p", "min-p"],
  vllm: ["temperature", "min-p", "top-k", "top-p"],
  "llama.cpp": ["top-k", "top-p", "min-p", "temperature"],
}
const ENGINES = { transformers: "Transformers", vllm: "vLLM", "llama.cpp": "llama.cpp" }

// --- Logits

let falls = { size: 0, count: 0, by: new Float64Array() }

/** How far each token of a tail lies below the last of the head, by Zipf's law: only of the last one asked for. */
function fall(size, count) {
  if (falls.size !== size || falls.count !== count) {
    const by = Float64Array.from({ length: count }, (_, index) => EXPONENT * Math.log1p((index + 1) / size))
    falls = { size, count, by }
  }
  return falls.by
}

const tailLogit = (tail, index) => (tail.low - tail.by[index]) / tail.t

/** Logits whose first ones are written out. */
const started = (head, count) => {
  const low = Math.min(...head)
  return { head, tail: { low, by: fall(head.length, count), t: 1, kept: count } }
}

/** Probabilities of the head and of the tail, and the effective number of candidates, e to the entropy. */
function softmax(z) {
  if (z.softmax) return z.softmax
  const { head, tail } = z
  const most = Math.max(...head, tail.kept ? tailLogit(tail, 0) : -Infinity)
  // The entropy is ln Σe^x − Σ p x with x = z − most: no logarithm a token.
  const p = new Array(head.length)
  const rest = new Float64Array(tail.kept)
  let [total, bent, behind] = [0, 0, 0]
  for (let i = 0; i < p.length; i++) {
    const x = head[i] - most
    total += p[i] = Math.exp(x)
    if (p[i] > 0) bent += p[i] * x
  }
  for (let i = 0; i < rest.length; i++) {
    const x = tailLogit(tail, i) - most
    behind += rest[i] = Math.exp(x)
    if (rest[i] > 0) bent += rest[i] * x
  }
  total += behind
  for (let i = 0; i < p.length; i++) p[i] /= total
  for (let i = 0; i < rest.length; i++) rest[i] /= total
  return (z.softmax = { p, rest, behind: behind / total, effective: total * Math.exp(-bent / total) })
}

const kept = z => z.head.filter(each => each > -Infinity).length + z.tail.kept

/**
 * Take what is left, likeliest first, until stop(value, taken, sum, last) says so, of how many were taken, the sum of
 * their values and the last one.
 */
function best(z, values, stop) {
  const head = z.head.map((_, place) => place).filter(place => z.head[place] > -Infinity)
  head.sort((one, other) => values.head[other] - values.head[one] || one - other)
  let [h, t, sum, last] = [0, 0, 0, 0]
  let behind = z.tail.kept ? values.tail(0) : -Infinity
  while (h < head.length || t < z.tail.kept) {
    const fromHead = h < head.length && (t >= z.tail.kept || values.head[head[h]] >= behind)
    const value = fromHead ? values.head[head[h]] : behind
    if (stop(value, h + t, sum, last)) break
    sum += value
    last = value
    if (fromHead) h++
    else if (++t < z.tail.kept) behind = values.tail(t)
  }
  return { head: new Set(head.slice(0, h)), tail: t }
}

const only = (z, keep) => ({
  head: z.head.map((each, place) => (keep.head.has(place) ? each : -Infinity)),
  tail: { ...z.tail, kept: keep.tail },
})

const logitsOf = z => ({ head: z.head, tail: index => tailLogit(z.tail, index) })

// --- Filters

/** Penalties: divided or multiplied once if seen, and less for having been seen and for each time. */
function penalised(z, counts, { theta, presence, frequency }) {
  if (theta === 1 && !presence && !frequency) return z
  const head = z.head.map((each, place) => {
    const count = counts[place]
    return count ? (each > 0 ? each / theta : each * theta) - presence - frequency * count : each
  })
  return { ...z, head, softmax: undefined }
}

function temperature(z, { t }) {
  if (t === 1) return z
  const head = z.head.map(each => each / t)
  return { head, tail: { ...z.tail, t: z.tail.t * t } }
}

/** The k largest; ties with the k-th stay. */
function topK(z, { k }) {
  if (!k || k >= kept(z)) return z
  return only(z, best(z, logitsOf(z), (value, taken, _, last) => taken >= k && value < last))
}

/** The fewest whose probabilities add up to p, at least one. */
function topP(z, { p }) {
  if (p >= 1) return z
  const { p: head, rest } = softmax(z)
  return only(z, best(z, { head, tail: index => rest[index] }, (_, taken, sum) => taken > 0 && sum >= p - 1e-12))
}

/** At least `m` times as likely as the likeliest. */
function minP(z, { m }) {
  if (!m) return z
  const most = Math.max(...z.head, z.tail.kept ? tailLogit(z.tail, 0) : -Infinity)
  return only(z, best(z, logitsOf(z), value => value < most + Math.log(m)))
}

const FILTERS = { temperature, "top-k": topK, "top-p": topP, "min-p": minP }

const told = z => {
  const { p, behind, effective } = softmax(z)
  return { kept: kept(z), p, behind, effective }
}

/**
 * What is left after the penalties and after each filter of an engine: {kept, p, behind, effective}, `p` of the tokens
 * written out and `behind` of the tail.
 */
export function stages(logits, counts, tail, settings, engine) {
  const raw = started(logits, tail)
  return chain(penalised(raw, counts, settings), settings, engine).map(told)
}

function chain(first, settings, engine) {
  const out = [first]
  for (const name of ORDERS[engine]) out.push(FILTERS[name](out.at(-1), settings))
  return out
}

// --- What is typed: a line a token, its logit (a number, or the logarithm of one) and how often it stands in the text

const LINE = /^(\S{1,12})\s+(ln)?(-?\d{1,4}(?:\.\d{1,12})?)(?:\s+(\d{1,3}))?$/
const LINES = { least: 2, most: 16 }

function parsed(text) {
  return text.split("\n").filter(line => line.trim()).map(line => {
    const found = LINE.exec(line.trim())
    if (!found) return { line }
    const [, word, ln, number, count = "0"] = found
    return { line, word, logit: ln ? Math.log(Number(number)) : Number(number), count: Number(count) }
  })
}

function fault(text) {
  const rows = parsed(text)
  const wrong = rows.find(row => !Number.isFinite(row.logit) || Math.abs(row.logit) > 100)
  if (wrong) return `看不懂「${wrong.line}」：每行写词、logit（−100 到 100，或 ln 加概率）、已出现的次数`
  if (rows.length < LINES.least || rows.length > LINES.most) return `要 ${LINES.least} 到 ${LINES.most} 行`
  return ""
}

const lines = rows => rows.map(row => row.join(" ")).join("\n")

const EXAMPLES = {
  five: ["五个 logit：3、2、1、0、−1", lines([["甲", 3], ["乙", 2], ["丙", 1], ["丁", 0], ["戊", -1]]), 0],
  four: ["概率 0.4、0.3、0.2、0.1", lines([["甲", "ln0.4"], ["乙", "ln0.3"], ["丙", "ln0.2"], ["丁", "ln0.1"]]), 0],
  zipf: [
    "整个词表：Zipf 律，50 257 个",
    lines(Array.from({ length: 12 }, (_, index) => [`第${index + 1}名`, (-EXPONENT * Math.log(index + 1)).toFixed(6)])),
    50_257 - 12,
  ],
  loop: ["复读：前三个词出现过", lines([["好", 2.5, 3], ["很", 1.5, 2], ["的", -0.5, 1], ["吃", 1, 0], ["看", 0.5, 0], ["远", -1, 0]]), 0],
}

export default widget({
  name: "sampling",
  title: "采样：从 logit 到抽样的分布",
  // A whole vocabulary goes through three chains.
  simulator: true,
  inputs: () => [
    {
      name: "example",
      label: "例子",
      kind: "choice",
      options: [...Object.entries(EXAMPLES).map(([key, [label]]) => [key, label]), ["", "自定义"]],
      start: "five",
      sets: value => (EXAMPLES[value] ? { logits: EXAMPLES[value][1], tail: EXAMPLES[value][2] } : {}),
    },
    {
      name: "engine",
      label: "过滤的次序",
      kind: "choice",
      options: [
        ["transformers", "Transformers：温度、k、p、min-p"],
        ["vllm", "vLLM：温度、min-p、k、p"],
        ["llama.cpp", "llama.cpp：k、p、min-p、温度"],
      ],
      start: "transformers",
    },
    { name: "t", label: "温度 T", kind: "number", group: "截断与温度", min: 0.05, max: 5, step: 0.05, start: 2 },
    { name: "k", label: "top-k（0 不用）", kind: "number", group: "截断与温度", min: 0, max: 200, start: 0 },
    { name: "p", label: "top-p（1 不用）", kind: "number", group: "截断与温度", min: 0.01, max: 1, step: 0.01, start: 0.9 },
    { name: "m", label: "min-p（0 不用）", kind: "number", group: "截断与温度", min: 0, max: 1, step: 0.01, start: 0 },
    { name: "theta", label: "重复惩罚（1 不用）", kind: "number", group: "惩罚出现过的词", min: 1, max: 2, step: 0.05, start: 1 },
    { name: "presence", label: "存在惩罚", kind: "number", group: "惩罚出现过的词", min: -2, max: 2, step: 0.1, start: 0 },
    { name: "frequency", label: "频率惩罚", kind: "number", group: "惩罚出现过的词", min: -2, max: 2, step: 0.1, start: 0 },
    { name: "logits", label: "每行：词、logit、上文里出现的次数", kind: "text", group: "词表", max: 400, rows: 6, fault },
    { name: "tail", label: "后面还有几个词（Zipf 尾巴）", kind: "number", group: "词表", min: 0, max: 60_000, slider: false },
  ],
  compute(state) {
    const rows = parsed(state.logits)
    const raw = started(rows.map(row => row.logit), state.tail)
    const first = penalised(raw, rows.map(row => row.count), state)
    // The whole tail is heated in two of the orders alike: worked out once.
    const hot = temperature(first, state)
    const heated = { ...state, t: 1 }
    const ends = Object.fromEntries(
      Object.keys(ORDERS).map(engine => {
        const early = ORDERS[engine][0] === "temperature"
        return [engine, early ? [first, ...chain(hot, heated, engine).slice(1)] : chain(first, state, engine)]
      }),
    )
    return { rows, raw, ends }
  },
  draw({ rows, raw, ends }, state) {
    const chosen = ends[state.engine]
    const [was, now] = [softmax(raw), told(chosen.at(-1))]
    const top = now.p.indexOf(Math.max(...now.p))
    const among = state.tail ? "列出的词里" : "其中"
    const favourite = now.p[top] > 0 ? `，${among}「${rows[top].word}」最高，${percent(now.p[top])}` : ""
    const says = `${ENGINES[state.engine]} 的次序：${digits(kept(raw))} 个词留下 ${digits(now.kept)} 个${favourite}；相当于在 ${four(now.effective)} 个等可能的词里抽。`
    const parts = (before, after) => [
      { value: Math.min(before, after), tone: "a", name: "原来就有的概率" },
      { value: Math.max(0, after - before), tone: "c", name: "多出来的" },
      { value: Math.max(0, before - after), tone: "faint", name: "减去的" },
    ]
    const bar = rows.map(({ word, count }, index) => ({
      label: count ? `${word}（出现过 ${count} 次）` : word,
      text: chosen.at(-1).head[index] > -Infinity ? percent(now.p[index]) : "截掉",
      parts: parts(was.p[index], now.p[index]),
    }))
    if (state.tail) {
      const text = chosen.at(-1).tail.kept ? percent(now.behind) : "截掉"
      bar.push({ label: `其余 ${digits(state.tail)} 个合计`, text, parts: parts(was.behind, now.behind) })
    }
    const cells = (name, z) => [name, digits(kept(z)), percent(Math.max(...softmax(z).p)), four(softmax(z).effective)]
    const used = { temperature: state.t !== 1, "top-k": state.k > 0, "top-p": state.p < 1, "min-p": state.m > 0 }
    const names = { temperature: `温度 ${state.t}`, "top-k": `top-k ${state.k}`, "top-p": `top-p ${state.p}`, "min-p": `min-p ${state.m}` }
    const steps = ORDERS[state.engine].map((name, index) => [name, chosen[index + 1]]).filter(([name]) => used[name])
    const heads = ["留下", "列出的词里最高", "等效候选数"]
    return {
      says,
      shows: [
        bars("抽样的概率，与不加任何设置时相比", bar),
        table("一步一步", ["这一步之后", ...heads], [
          cells("原来的 softmax", raw),
          ...(chosen[0] === raw ? [] : [cells("惩罚", chosen[0])]),
          ...steps.map(([name, z]) => cells(names[name], z)),
        ]),
        table("同样的设置，三种次序", ["引擎", ...heads], Object.entries(ends).map(([engine, zs]) => cells(ENGINES[engine], zs.at(-1)))),
      ],
    }
  },
})
