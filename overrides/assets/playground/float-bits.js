/* A number in FP32 … FP4 to the bit: its code, what is kept of it, its neighbours. labs/numerics/float_formats.py. */

import { drawing, html, svg, table, widget } from "./ui.js"

/** e exponent and k mantissa bits; `ieee`: the highest exponent is ∞ and NaN, else only all ones is NaN if `nan`. */
export const FORMATS = {
  fp32: { name: "FP32", e: 8, k: 23, ieee: true },
  tf32: { name: "TF32", e: 8, k: 10, ieee: true },
  bf16: { name: "BF16", e: 8, k: 7, ieee: true },
  fp16: { name: "FP16", e: 5, k: 10, ieee: true },
  e5m2: { name: "FP8 E5M2", e: 5, k: 2, ieee: true },
  e4m3: { name: "FP8 E4M3", e: 4, k: 3, nan: true },
  e2m1: { name: "FP4 E2M1", e: 2, k: 1 },
}

const bitsOf = ({ e, k }) => 1 + e + k
const biasOf = ({ e }) => 2 ** (e - 1) - 1
const beyond = f => (f.ieee ? (2 ** f.e - 1) * 2 ** f.k : 2 ** (f.e + f.k) - (f.nan ? 1 : 0))
const top = f => Math.min(beyond(f), 2 ** (f.e + f.k) - 1)

/** A code in its fields: sign, and exponent and mantissa as stored. Codes have up to 32 bits: no bit operators. */
function fields(code, f) {
  const half = 2 ** (f.e + f.k)
  const magnitude = code % half
  return { sign: code >= half ? 1 : 0, magnitude, exponent: Math.floor(magnitude / 2 ** f.k), mantissa: magnitude % 2 ** f.k }
}

/** The number that a code stands for. */
export function decode(code, f) {
  const { sign, magnitude, exponent, mantissa } = fields(code, f)
  const leading = exponent > 0 ? 2 ** f.k : 0
  let value = (leading + mantissa) * 2 ** (Math.max(exponent, 1) - biasOf(f) - f.k)
  if (magnitude >= beyond(f)) value = f.ieee && magnitude === beyond(f) ? Infinity : NaN
  return sign ? -value : value
}

/** floor(log2 x) of a positive normal double. */
function exponentOf(x) {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x)
  return ((view.getUint16(0) >> 4) & 0x7ff) - 1023
}

/** To the nearest integer, ties to even. */
function rint(x) {
  const down = Math.floor(x)
  const rest = x - down
  return rest > 0.5 || (rest === 0.5 && down % 2) ? down + 1 : down
}

/** The code of the number of a format nearest to x, ties to the even mantissa. */
export function encode(x, f) {
  const sign = x < 0 || Object.is(x, -0) ? 2 ** (f.e + f.k) : 0
  if (Number.isNaN(x)) return 2 ** (f.e + f.k) - 1
  const a = Math.min(Math.abs(x), 2 ** (2 ** f.e - biasOf(f)))
  const exponent = exponentOf(Math.max(a, 2 ** (1 - biasOf(f))))
  const units = rint(a * 2 ** (f.k - exponent))
  return sign + Math.min((exponent + biasOf(f) - 1) * 2 ** f.k + units, top(f))
}

/** The next numbers below and above that of a code. */
export function neighbours(code, f) {
  const { sign, magnitude } = fields(code, f)
  const line = sign ? -magnitude : magnitude
  const at = place => {
    if (Number.isNaN(decode(code, f))) return NaN
    const within = Math.min(Math.max(place, -top(f)), top(f))
    return decode(within < 0 ? 2 ** (f.e + f.k) - within : within, f)
  }
  return [at(line - 1), at(line + 1)]
}

/** What a code is: zero, subnormal, normal, infinite or nan. */
export function kind(code, f) {
  const { magnitude, exponent } = fields(code, f)
  if (magnitude >= beyond(f)) return f.ieee && magnitude === beyond(f) ? "infinite" : "nan"
  return exponent ? "normal" : magnitude ? "subnormal" : "zero"
}

// --- What is typed: a decimal, a sum of powers (1+2^-11), inf, nan, or a code (0x2E66, 0b10)

const NUMBER = String.raw`(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`
const TERM = `(${NUMBER})(?:\\^([+-]?\\d+))?`
const SUM = new RegExp(`^[+-]?${TERM}(?:[+-]${TERM})*$`, "i")
const CODE = /^0(?:x[\da-f]{1,8}|b[01]{1,32})$/i
const NAMED = { inf: Infinity, "∞": Infinity, infinity: Infinity, nan: NaN }

const bare = text => text.replace(/[\s_,]/g, "").replace(/[−–]/g, "-")

function sum(text) {
  const terms = [...text.matchAll(new RegExp(`([+-]?)${TERM}`, "gi"))]
  return terms
    .map(([, sign, base, power]) => (sign === "-" ? -1 : 1) * Number(base) ** Number(power ?? 1))
    .reduce((total, term) => total + term)
}

/** The number that a text means, undefined if none; a code is read in the format, its lowest bits if it has too many. */
export function parse(text, f) {
  const given = bare(text)
  if (CODE.test(given)) return decode(Number(given) % 2 ** bitsOf(f), f)
  const [, sign, word] = /^([+-]?)(.*)$/s.exec(given)
  const named = NAMED[word.toLowerCase()]
  if (named !== undefined) return sign === "-" ? -named : named
  const total = SUM.test(given) ? sum(given) : NaN
  // A sum beyond the doubles is not the ∞ that it would become.
  return Number.isFinite(total) ? total : undefined
}

/** What a format keeps of x: the code nearest to it, or one that is given. */
function stored(x, f, code = encode(x, f)) {
  const value = decode(code, f)
  const [below, above] = neighbours(code, f)
  return { x, code, kind: kind(code, f), value, error: value - x, below, above }
}

/** What a format keeps of what is typed; a code stays itself, also one of the many of NaN. */
export function kept(text, format) {
  const f = FORMATS[format]
  const given = bare(text)
  return stored(parse(text, f), f, CODE.test(given) ? Number(given) % 2 ** bitsOf(f) : undefined)
}

// --- In words

const TIMES = "\u2009×\u2009"
/** The shortest decimal that a double reads back as the same number. */
const plain = value =>
  Number.isNaN(value) ? "NaN" : (Object.is(value, -0) ? "-0" : String(value)).replace("Infinity", "∞").replace("-", "−").replace("e-", "e−")
const brief = value => plain(Number(value.toPrecision(4))).replace(/^(−?)0\.000\d+$/, (_, sign) => sign + Math.abs(value).toExponential(3).replace("e-", "e−"))
const raised = power => String(power).replace(/./g, digit => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]))
const binary = (value, width) => value.toString(2).padStart(width, "0")
const hex = (code, f) => `0x${code.toString(16).toUpperCase().padStart(Math.ceil(bitsOf(f) / 4), "0")}`

function verdict(f, { x, kind, value, error, below, above }) {
  const head = `${plain(x)} 存成 ${f.name} 是 ${plain(value)}`
  if (Number.isNaN(x)) return f.ieee || f.nan ? `这是 NaN 的一个编码。` : `${f.name} 没有 NaN 的编码，规范没有定义这时存什么。`
  if (!Number.isFinite(x)) return f.ieee ? `${f.name} 能表示无穷。` : `${f.name} 没有无穷：${head}。`
  const max = decode(beyond(f) - 1, f)
  if (!Number.isFinite(value)) return `上溢：${head}，${f.name} 最大只到 ${plain(max)}。`
  if (error === 0) return `${head}，一点不差${kind === "subnormal" ? "；它是次正规数，没有隐含的 1" : ""}。`
  if (value === 0) return `下溢：${head}，最小的正数是 ${plain(decode(1, f))}。`
  if (Math.abs(x) > max && !f.nan && !f.ieee) return `饱和：${head}，${f.name} 没有无穷，超出的都存成最大值。`
  const tie = Math.abs(error) === Math.abs((error > 0 ? below : above) - x)
  const how = tie ? "正在两个数中间，取尾数为偶的" : `误差 ${brief(error)}`
  const small = kind === "subnormal" ? "；它是次正规数，有效位不满" : ""
  return `${head}，${how}（相对误差 ${brief((100 * error) / Math.abs(x))}%）${small}。`
}

/** The bits as buttons; their click is handled below. What does not change is left out: 32 of them must be quick. */
function bitButtons(code, format) {
  const f = FORMATS[format]
  const bits = binary(code, bitsOf(f))
  const parts = [["符号", 1, "faint"], ["指数", f.e, "b"], ["尾数", f.k, "a"]]
  let from = 0
  const groups = parts.map(([name, size, tone]) => {
    const first = from
    from += size
    const buttons = [...bits.slice(first, from)].map((bit, index) =>
      html("button", { "aria-pressed": bit === "1", "aria-label": `第 ${bitsOf(f) - 1 - first - index} 位` }, bit),
    )
    const label = `${name} ${size} 位`
    return html(
      "div",
      { role: "group", "aria-label": label },
      html("span", { "aria-hidden": "true" }, html("i", { class: `tone-${tone}` }), label),
      html("div", {}, ...buttons),
    )
  })
  return html("div", { class: "float-bits", "data-code": code, "data-format": format }, ...groups)
}

/** The fields put together, as a sentence. */
function formula(code, f, { kind, value }) {
  const { sign, exponent, mantissa } = fields(code, f)
  if (kind === "infinite") return `指数全 1、尾数为 0：${plain(value)}`
  if (kind === "nan") return f.ieee ? "指数全 1、尾数不为 0：NaN" : "除符号外全 1：NaN"
  const start = sign ? "−" : ""
  const power = Math.max(exponent, 1) - biasOf(f)
  const stored = `指数存的是 ${exponent}，偏置 ${biasOf(f)}`
  const fraction = `${mantissa}/${2 ** f.k}`
  const product = exponent ? `(1 + ${fraction})` : fraction
  return `${stored}：${start}2${raised(power)}${TIMES}${product} = ${plain(value)}`
}

/** The two neighbours, the number kept between them, and where what was typed lies. */
function line({ x, value, below, above }) {
  if (![x, below, above].every(Number.isFinite) || below === above) return undefined
  const place = at => Number((20 + (360 * (at - below)) / (above - below)).toFixed(2))
  const tick = (at, text, half) => [
    svg("path", { d: `M${place(at)} ${36 - half}v${2 * half}`, stroke: "currentColor", "stroke-width": 2 }),
    text && svg("text", { x: place(at), y: 66, "text-anchor": "middle", "font-size": 13, fill: "currentColor" }, text),
  ]
  const marker = Math.min(Math.max(place(x), 10), 390)
  const ticks = [...tick(below, "", 8), ...tick(above, "", 8), ...tick(value, "存成", 13)].filter(Boolean)
  return drawing(
    400,
    74,
    "数轴：存成的数、它两边相邻的数，和写下的数在其间的位置；数值见上面的文字",
    svg("path", { d: "M4 36h392", stroke: "currentColor", "stroke-opacity": 0.5 }),
    ...ticks,
    svg("path", { d: `M${marker} 30l-6 -11h12z`, class: "tone-d" }),
    svg("text", { x: Math.min(Math.max(marker, 28), 372), y: 14, "text-anchor": "middle", "font-size": 13, fill: "currentColor" }, "写下的数"),
  )
}

const CASES = {
  tenth: ["FP16 里的 0.1", "fp16", "0.1"],
  odd: ["FP16 里的 2049", "fp16", "2049"],
  absorbed: ["FP16 里的 1 + 2^-11：大数吃小数", "fp16", "1+2^-11"],
  kept: ["FP16 里的 1 - 2^-11：这次存得下", "fp16", "1-2^-11"],
  largest: ["FP16 里的 65519", "fp16", "65519"],
  over: ["FP16 里的 65520：上溢", "fp16", "65520"],
  under: ["FP16 里的 1e-8：下溢", "fp16", "1e-8"],
  subnormal: ["FP16 里的 3e-7：次正规", "fp16", "3e-7"],
  coarse: ["BF16 里的 257", "bf16", "257"],
  whole: ["FP32 里的 16777217", "fp32", "16777217"],
  eight: ["FP8 E4M3 里的 465：成了 NaN", "e4m3", "465"],
  four: ["FP4 E2M1 里的 100：饱和", "e2m1", "100"],
}

export default widget({
  name: "float-bits",
  title: "一个数怎样存进浮点格式",
  inputs: () => [
    {
      name: "case",
      label: "现成的例子",
      kind: "choice",
      options: [["", "自定义"], ...Object.entries(CASES).map(([value, [label]]) => [value, label])],
      start: "tenth",
      sets: value => (value ? { format: CASES[value][1], value: CASES[value][2] } : {}),
    },
    {
      name: "format",
      label: "格式",
      kind: "choice",
      options: Object.entries(FORMATS).map(([value, f]) => [value, `${f.name}：1 + ${f.e} + ${f.k}`]),
    },
    {
      name: "value",
      label: "写一个数（可以写 1e-8、1+2^-11、inf，或编码 0x2E66），也可以点下面的位",
      kind: "text",
      rows: 1,
      max: 60,
      fault: text => (parse(text, FORMATS.fp32) === undefined ? "读不懂这个数" : ""),
    },
  ],
  compute: ({ format, value }) => kept(value, format),
  draw(now, { format }) {
    const f = FORMATS[format]
    const axis = line(now)
    const near = [now.below, now.above].filter(at => Number.isFinite(at) && at !== now.value)
    const beside = near.map(at => (Number.isFinite(now.x) ? `${plain(at)}（差 ${brief(at - now.x)}）` : plain(at)))
    const others = Object.values(FORMATS).map(each => {
      const { code, value, error } = each === f ? now : stored(now.x, each)
      const relative = now.x && Number.isFinite(error) ? `${brief((100 * error) / Math.abs(now.x))}%` : ""
      return [each.name, plain(value), relative, hex(code, each)]
    })
    return {
      says: verdict(f, now),
      shows: [
        bitButtons(now.code, format),
        html("p", {}, formula(now.code, f, now)),
        html("p", {}, beside.length ? `紧挨着它的 ${f.name} 数：${beside.join("，")}。` : "它没有相邻的数。"),
        ...(axis ? [axis] : []),
        table("同一个数存进各种格式", ["格式", "存成", "相对误差", "编码"], others),
      ],
    }
  },
})

// A bit that is clicked changes what is typed; a NaN has no decimal, and stays a code.
globalThis.document?.addEventListener("click", ({ target }) => {
  const button = target.closest?.(".float-bits button")
  if (!button) return
  const box = button.closest(".float-bits")
  const f = FORMATS[box.dataset.format]
  const place = 2 ** (bitsOf(f) - 1 - [...box.querySelectorAll("button")].indexOf(button))
  const code = Number(box.dataset.code)
  const flipped = code + (Math.floor(code / place) % 2 ? -place : place)
  const value = decode(flipped, f)
  const typed = button.closest(".widget").querySelector("textarea")
  typed.value = Number.isNaN(value) ? hex(flipped, f) : Object.is(value, -0) ? "-0" : String(value).replace("Infinity", "inf")
  typed.dispatchEvent(new Event("input", { bubbles: true }))
})
