/* BPE step by step, on bytes or characters: labs/tokenization/bpe.py and byte_level.py. */

import { bars, html, table, widget } from "./ui.js"

// --- Symbols: strings, as in the lab; a byte is the visible character that GPT-2 gives it

const PRINTABLE = byte => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
let hidden = 0
const TABLE = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(PRINTABLE(byte) ? byte : 0x100 + hidden++))
const BACK = new Map(TABLE.map((char, byte) => [char, byte]))

const spelled = (chunk, unit) =>
  unit === "bytes" ? [...new TextEncoder().encode(chunk)].map(byte => TABLE[byte]) : [...chunk]

// White space as Python has it: the lab's classes are Python's.
const SPACE = "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
const OTHER = `[^${SPACE}\\p{L}\\p{N}]`
const CHUNK = new RegExp(
  `'(?:s|t|re|ve|m|ll|d)| ?\\p{L}+| ?\\p{N}+| ?${OTHER}+|[${SPACE}]+(?![^${SPACE}])|[${SPACE}]+`,
  "gu",
)

/** GPT-2's pre-tokenization: letters, digits and other signs apart, a space with what follows it. */
export const split = text => text.match(CHUNK) ?? []

// --- Training: words are counted once each, and after a merge only those that changed are counted again

/** The order of code points, which for texts beyond U+FFFF is not that of JavaScript. */
function byCodePoint(a, b) {
  const [left, right] = [[...a], [...b]]
  const at = left.findIndex((char, index) => char !== right[index])
  return at < 0 ? left.length - right.length : at >= right.length ? 1 : left[at].codePointAt() - right[at].codePointAt()
}

function joined(symbols, [a, b]) {
  const out = []
  for (let i = 0; i < symbols.length; i++) {
    const both = symbols[i] === a && symbols[i + 1] === b
    out.push(both ? a + b : symbols[i])
    if (both) i++
  }
  return out
}

const SHOWN = 5

/**
 * Learn merges: the words at the start and after every step, and of each step the pair and its count. `top` are the
 * pairs that came first before that step.
 */
export function train(text, unit, most) {
  const counted = new Map()
  for (const chunk of split(text)) counted.set(chunk, (counted.get(chunk) ?? 0) + 1)
  let words = [...counted].map(([chunk, times]) => ({ symbols: spelled(chunk, unit), times }))
  const base = unit === "bytes" ? TABLE : [...new Set(words.flatMap(word => word.symbols))]
  const ids = new Map([...base].sort(byCodePoint).map((symbol, id) => [symbol, id]))
  const pairs = new Map() // key: {pair, ids, count}

  const count = ({ symbols, times }, sign) => {
    for (let i = 0; i + 1 < symbols.length; i++) {
      const [a, b] = [ids.get(symbols[i]), ids.get(symbols[i + 1])]
      const key = a * 65536 + b
      const entry = pairs.get(key) ?? { pair: [symbols[i], symbols[i + 1]], key, count: 0 }
      entry.count += sign * times
      if (entry.count) pairs.set(key, entry)
      else pairs.delete(key)
    }
  }
  for (const word of words) count(word, 1)

  const before = (one, other) => other.count - one.count || one.key - other.key
  const leading = () => {
    const best = []
    for (const entry of pairs.values()) {
      if (best.length === SHOWN && before(best[SHOWN - 1], entry) < 0) continue
      best.push({ ...entry })
      best.sort(before)
      best.length = Math.min(best.length, SHOWN)
    }
    return best
  }

  const steps = []
  const states = [words]
  let top = leading()
  while (steps.length < most && top.length) {
    const { pair, count: times } = top[0]
    steps.push({ pair, count: times, top })
    ids.set(pair[0] + pair[1], ids.get(pair[0] + pair[1]) ?? ids.size)
    words = words.map(word => {
      const has = word.symbols.some((symbol, i) => symbol === pair[0] && word.symbols[i + 1] === pair[1])
      if (!has) return word
      const next = { ...word, symbols: joined(word.symbols, pair) }
      count(word, -1)
      count(next, 1)
      return next
    })
    states.push(words)
    top = leading()
  }
  return { steps, states, top }
}

const size = words => words.reduce((total, { symbols, times }) => total + symbols.length * times, 0)

/** What training finds, for the comparison with the lab: pair, count and what is left of the text, of every step. */
export function learned(text, unit, most) {
  const { steps, states } = train(text, unit, most)
  return steps.map(({ pair, count }, index) => [...pair, count, size(states[index + 1])])
}

/** The tokens of a text: of the merges the one that was learned earliest, until none applies. */
export function encode(text, unit, merges) {
  const rank = new Map(merges.map(([a, b], index) => [`${a}\0${b}`, index]))
  return split(text).flatMap(chunk => {
    let symbols = spelled(chunk, unit)
    for (;;) {
      const known = symbols.slice(1).map((symbol, i) => rank.get(`${symbols[i]}\0${symbol}`) ?? Infinity)
      const first = Math.min(...known)
      if (first === Infinity) return symbols
      symbols = joined(symbols, merges[first])
    }
  })
}

// --- Texts to train on: those of the lab

const lines = counts => Object.entries(counts).flatMap(([word, times]) => Array(times).fill(word)).join("\n")
const PARALLEL = [
  ["模型把文本切成词元", "the model splits the text into tokens"],
  ["词元是模型的输入", "tokens are the input of the model"],
  ["词表是词元的集合", "the vocabulary is the set of tokens"],
  ["模型学习预测下一个词元", "the model learns to predict the next token"],
  ["训练需要大量的文本", "training needs a large amount of text"],
  ["语料决定切分的结果", "the corpus decides the result of splitting"],
  ["高频的词保持完整", "frequent words are kept whole"],
  ["低频的词被切成小段", "rare words are split into small pieces"],
]

const CORPORA = {
  greetings: lines({ 你好: 5, 你们: 3, 他们: 4 }),
  chinese: lines({ 机器学习: 6, 深度学习: 4, 机器翻译: 3, 学习率: 2 }),
  english: lines({ walk: 5, walked: 3, walking: 4, talked: 2, talking: 3 }),
  parallel: PARALLEL.flat().join("\n"),
  "only-english": PARALLEL.map(([, english]) => english).join("\n"),
}

export const corpus = name => CORPORA[name]

const CASES = {
  greetings: ["你好、你们、他们：一个汉字三个字节", "bytes", "你好"],
  chinese: ["机器学习：「度学习」成了一个 token", "characters", "深度机器学习"],
  english: ["walk、talk：没见过的词由片段拼成", "bytes", "wading linked talks"],
  parallel: ["中英对照的八句话", "bytes", "模型切成小段 the tokens of the text"],
  "only-english": ["只用英文训练，再切中文", "bytes", "模型切成小段 the tokens of the text"],
}

// --- In words

const hex = symbol => [...symbol].map(char => BACK.get(char).toString(16).toUpperCase().padStart(2, "0")).join(" ")

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** A symbol as a reader knows it; bytes that are no whole characters in hexadecimal. */
function face(symbol, unit) {
  let text = symbol
  if (unit === "bytes") {
    try {
      text = UTF8.decode(Uint8Array.from(symbol, char => BACK.get(char)))
    } catch {
      return hex(symbol)
    }
  }
  return text.replace(/ /g, "␣").replace(/\n/g, "↵").replace(/\t/g, "⇥")
}

const chips = (symbols, unit) =>
  html("p", { class: "bpe-tokens" }, ...symbols.flatMap(symbol => [html("span", {}, face(symbol, unit)), " "]))

const WINDOW = 8
const WORDS = 12

export default widget({
  name: "bpe-training",
  title: "BPE 一步一步学会合并",
  simulator: true,
  inputs: () => [
    {
      name: "case",
      label: "现成的文本",
      kind: "choice",
      options: [["", "自定义"], ...Object.entries(CASES).map(([value, [label]]) => [value, label])],
      start: "greetings",
      sets: value => (value ? { text: CORPORA[value], unit: CASES[value][1], query: CASES[value][2] } : {}),
    },
    {
      name: "unit",
      label: "最小的符号",
      kind: "choice",
      options: [["bytes", "UTF-8 的字节"], ["characters", "字符"]],
    },
    { name: "merges", label: "最多合并几次", kind: "number", min: 1, max: 100, start: 40 },
    { name: "text", label: "训练文本", kind: "text", rows: 3, max: 1000 },
    { name: "query", label: "要切的文本", kind: "text", rows: 1, max: 80 },
    { name: "step", label: "状态", kind: "step", count: ({ steps }) => steps.length + 1 },
  ],
  compute: ({ text, unit, merges }) => train(text, unit, merges),
  draw({ steps, states, top }, { unit, query, step }) {
    const name = symbol => face(symbol, unit)
    const both = pair => `${name(pair[0])} + ${name(pair[1])}`
    const merges = steps.slice(0, step).map(each => each.pair)
    const tokens = encode(query, unit, merges)
    const start = encode(query, unit, [])
    const words = states[step]
    const candidates = steps[step]?.top ?? top
    const last = steps[step - 1]
    const short = query.length > 12 ? `${[...query].slice(0, 11).join("")}…` : query
    const did = last
      ? `第 ${step} 步把 ${both(last.pair)} 并成 ${name(last.pair.join(""))}，它们相邻 ${last.count} 次`
      : `还没有合并，一个 token 就是一个${unit === "bytes" ? "字节" : "字符"}`
    const tie = candidates.length > 1 && candidates[0].count === candidates[1].count
    const next = candidates.length
      ? `下一步并 ${both(candidates[0].pair)}${tie ? "，次数相同时取编号小的" : ""}。`
      : "每段都成了一个 token，没有可并的了。"
    const from = Math.max(0, Math.min(step - WINDOW / 2, steps.length - WINDOW))
    const learnt = steps.slice(from, from + WINDOW).map((each, index) => {
      const number = from + index + 1
      const mark = number <= step ? "✓" : "将要"
      return [`${number}`, both(each.pair), name(each.pair.join("")), `${each.count}`, mark]
    })
    const bar = (label, now, was) => ({
      label,
      text: `${now} / ${was}`,
      parts: [{ value: was ? now / was : 0, tone: "a" }],
    })
    const listed = words.filter((_, index) => states[0][index].symbols.length > 1)
    const spelt = listed.slice(0, WORDS).map(({ symbols, times }) => `${symbols.map(name).join(" · ")} × ${times}`)
    return {
      says: `${did}。「${short}」切成 ${tokens.length} 个 token。${next}`,
      shows: [
        chips(tokens, unit),
        bars(
          "token 数：现在 / 一次也不合并",
          [bar("要切的文本", tokens.length, start.length), bar("训练文本", size(words), size(states[0]))],
          1,
        ),
        table("合并表", ["步", "合并", "成为", "次数", "学到"], learnt),
        table("下一步的候选", ["相邻的一对", "次数"], candidates.map(({ pair, count }) => [both(pair), `${count}`])),
        html("p", {}, `训练文本里的段：${spelt.join("；")}${listed.length > WORDS ? `；另有 ${listed.length - WORDS} 段` : ""}`),
      ],
    }
  },
})
