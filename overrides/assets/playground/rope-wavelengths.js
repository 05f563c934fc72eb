/* RoPE's wavelengths stretched by PI, NTK and YaRN, and the angles never met: labs/position/rope_scaling.py. */

import { digits, drawing, four, svg, table, widget } from "./ui.js"

const METHODS = {
  none: "直接外推",
  pi: "PI",
  ntk: "NTK-aware",
  dynamic: "Dynamic NTK",
  parts: "YaRN（论文式）",
  code: "YaRN（官方代码）",
}
const [ALPHA, BETA] = [1, 32] // turns in training: below ALPHA only interpolated, above BETA left alone
const TURN = 2 * Math.PI

const clip = value => Math.min(1, Math.max(0, value))
const mixed = (kept, theta, s) => ((1 - kept) * theta) / s + kept * theta

/** Radians a token of each pair. */
export const frequencies = (d, base) => Array.from({ length: d / 2 }, (_, i) => base ** ((-2 * i) / d))

/** NTK-aware: a base for which the first pair stays and the last is s times as slow. */
export const ntkBase = (d, base, s) => base * s ** (d / (d - 2))

/** YaRN as released: a ramp over the pair index, between the pairs that make BETA and ALPHA turns. */
function asCoded(d, base, s, trained) {
  const pairWith = turns => (d * Math.log(trained / (turns * TURN))) / (2 * Math.log(base))
  const low = Math.max(Math.floor(pairWith(BETA)), 0)
  const high = Math.min(Math.ceil(pairWith(ALPHA)), d - 1)
  return frequencies(d, base).map((theta, i) => mixed(1 - clip((i - low) / (high - low)), theta, s))
}

const NEW = {
  none: ({ d, base }) => frequencies(d, base),
  pi: ({ d, base, s }) => frequencies(d, base).map(theta => theta / s),
  ntk: ({ d, base, s }) => frequencies(d, ntkBase(d, base, s)),
  dynamic: ({ d, base, trained, length }) => frequencies(d, ntkBase(d, base, Math.max(1, length / trained))),
  parts: ({ d, base, s, trained }) =>
    frequencies(d, base).map(theta => mixed(clip(((trained * theta) / TURN - ALPHA) / (BETA - ALPHA)), theta, s)),
  code: ({ d, base, s, trained }) => asCoded(d, base, s, trained),
}

/**
 * The frequencies a method uses; how many times as far each pair turns over `length` tokens as over the trained ones;
 * and which of them thereby come to angles never met in training.
 */
export function scaled(method, setting) {
  const { d, base, trained, length } = setting
  const old = frequencies(d, base)
  const theta = NEW[method](setting)
  const stretch = theta.map((each, i) => (length * each) / (trained * old[i]))
  const unseen = stretch.map((times, i) => trained * old[i] < TURN && times > 1 + 1e-9)
  return { theta, stretch, unseen }
}

/** What YaRN multiplies queries and keys by. */
export const magnitude = s => 0.1 * Math.log(s) + 1

const PRESETS = {
  llama2: ["Llama 2 扩到 64K", { d: "128", base: 10_000, trained: 4096, s: 16, length: 65_536 }],
  llama3: ["LLaMA 3（大基数）扩到 32K", { d: "128", base: 500_000, trained: 8192, s: 4, length: 32_768 }],
  deepseek: ["DeepSeek-V3 的 RoPE 键，s = 40", { d: "64", base: 10_000, trained: 4096, s: 40, length: 131_072 }],
}

// --- Drawing

const FRAME = { width: 480, height: 310, left: 52, right: 470, top: 14, base: 262 }

function chart(old, { theta, unseen }, { trained, length, method }) {
  const { width, height, left, right, top, base } = FRAME
  const slowest = Math.max(TURN / Math.min(...old, ...theta), length)
  const [low, high] = [Math.log10(TURN), Math.log10(slowest) + 0.1]
  const x = i => left + ((right - left) * i) / (old.length - 1)
  const y = tokens => base - ((base - top) * (Math.log10(tokens) - low)) / (high - low)
  const text = (at, up, words, anchor = "middle") =>
    svg("text", { x: at, y: up, "text-anchor": anchor, "font-size": 14, fill: "currentColor" }, words)
  const line = (points, attributes) =>
    svg("path", { d: `M${points.map(([at, up]) => `${at.toFixed(1)} ${up.toFixed(1)}`).join("L")}`, fill: "none", ...attributes })
  const level = (tokens, words, up) => [
    line([[left, y(tokens)], [right, y(tokens)]], { stroke: "currentColor", "stroke-dasharray": "4 4", "stroke-opacity": 0.6 }),
    text(left + 8, y(tokens) + up, words, "start"),
  ]
  const curve = each => each.map((value, i) => [x(i), y(TURN / value)])
  const powers = Array.from({ length: Math.ceil(high) }, (_, power) => power).filter(power => power >= low)
  const dots = theta.map((value, i) => `M${x(i).toFixed(1)} ${y(TURN / value).toFixed(1)}h0`)
  const dotted = (which, tone) =>
    svg("path", { d: dots.filter((_, i) => unseen[i] === which).join("") || "M0 0", stroke: tone, "stroke-width": 6, "stroke-linecap": "round" })
  const label = `横轴是组号，纵轴是波长（对数）。灰线是原来的波长，彩点是 ${METHODS[method]} 的；红点是到第 ${digits(length)} 个 token 时转到训练里没见过的角度的组。`
  return drawing(
    width,
    height,
    label,
    line([[left, top], [left, base], [right, base]], { stroke: "currentColor" }),
    ...powers.map(power => text(left - 6, y(10 ** power) + 5, `10${[..."⁰¹²³⁴⁵⁶⁷⁸⁹"][power]}`, "end")),
    ...level(trained, `训练长度 ${digits(trained)}`, -5),
    ...(length > trained * 1.2 ? level(length, `用到 ${digits(length)}`, -5) : []),
    line(curve(old), { stroke: "currentColor", "stroke-opacity": 0.45, "stroke-width": 2 }),
    dotted(false, "var(--figure-a)"),
    dotted(true, "var(--vermilion)"),
    text(left, base + 20, "0"),
    text(right, base + 20, String(old.length - 1), "end"),
    text((left + right) / 2, base + 20, "组号：高频 → 低频"),
    text((left + right) / 2, base + 42, "纵轴：转一圈要几个 token"),
  )
}

export default widget({
  name: "rope-wavelengths",
  title: "RoPE 的波长：PI、NTK、YaRN 各改了谁",
  inputs: () => [
    {
      name: "preset",
      label: "设定",
      kind: "choice",
      options: [...Object.entries(PRESETS).map(([key, [label]]) => [key, label]), ["", "自定义"]],
      start: "llama2",
      sets: value => PRESETS[value]?.[1] ?? {},
    },
    { name: "method", label: "图上画哪种", kind: "choice", options: Object.entries(METHODS), start: "ntk" },
    { name: "s", label: "扩展倍数 s", kind: "number", group: "扩展", min: 1, max: 128, step: 0.5 },
    { name: "length", label: "用到多长（token）", kind: "number", group: "扩展", min: 512, max: 2 ** 20, log: 0.5 },
    { name: "trained", label: "训练长度 L", kind: "number", group: "模型", min: 512, max: 131_072, log: 1 },
    { name: "base", label: "基数 b", kind: "number", group: "模型", min: 1000, max: 10_000_000, log: 0.5 },
    { name: "d", label: "头维 d", kind: "choice", group: "模型", options: ["32", "64", "80", "96", "128", "256"].map(each => [each, each]) },
  ],
  compute({ base, trained, s, length, d }) {
    const setting = { d: Number(d), base, trained, s, length }
    const all = Object.fromEntries(Object.keys(METHODS).map(method => [method, scaled(method, setting)]))
    return { old: all.none.theta, all, slow: all.none.theta.filter(theta => trained * theta < TURN).length }
  },
  draw({ old, all, slow }, state) {
    const { s, length, trained, method } = state
    const count = flags => flags.filter(Boolean).length
    const farthest = ({ stretch, unseen }) => {
      const times = Math.max(0, ...stretch.filter((_, i) => unseen[i]))
      return times ? `${four(times)} 倍` : "—"
    }
    const now = all[method]
    const bad = count(now.unseen)
    const heat = ["parts", "code"].includes(method) ? `得分另乘 ${four(magnitude(s) ** 2)}。` : ""
    const outcome = bad ? `其中 ${bad} 组转到了没见过的角度，最远是训练时的 ${farthest(now)}` : "没有一组转到没见过的角度"
    const says = `${old.length} 组里有 ${slow} 组在 ${digits(trained)} 个 token 的训练里转不满一圈；用 ${METHODS[method]} 读到 ${digits(length)} 个 token，${outcome}。${heat}`
    const cells = Object.entries(all).map(([key, each]) => [
      METHODS[key],
      `${count(each.unseen)} 组`,
      farthest(each),
      `${count(each.theta.map((theta, i) => theta > old[i] * (1 - 1e-9)))} 组`,
      `${four((each.theta[0] * 360) / TURN)}°`,
      digits(Math.round(TURN / each.theta.at(-1))),
    ])
    return {
      says,
      shows: [
        chart(old, now, state),
        table(`s = ${s}，用到 ${digits(length)} 个 token`, ["方法", "没见过的角度", "最远是训练时的", "波长不变", "最快的组每 token 转", "最慢的组转一圈"], cells),
      ],
    }
  },
})
