/*
 * Advantages, ratios and clipping of GRPO, Dr.GRPO, DAPO and GSPO on one group of answers: labs/alignment/policy_losses.py
 * and clip_higher.py, without the KL term. Tokens are {ratio, old}: new probability over old one, and the old one if given.
 */

import { drawing, four, html, percent, preset, svg, table, widget } from "./ui.js"

const MOST = { lines: 6, tokens: 10 }
const METHODS = {
  grpo: ["GRPO", { std: true, unit: "token", average: "sample", low: 0.2, high: 0.2 }],
  dr: ["Dr.GRPO", { std: false, unit: "token", average: "constant", low: 0.2, high: 0.2 }],
  dapo: ["DAPO", { std: true, unit: "token", average: "tokens", low: 0.2, high: 0.28 }],
  gspo: ["GSPO", { std: true, unit: "answer", average: "sample", low: 3e-4, high: 4e-4 }],
}

const sum = values => values.reduce((total, value) => total + value, 0)
const mean = values => sum(values) / values.length

// --- The lab

/** What a method sets, as its paper has it. */
export const method = name => METHODS[name][1]

/** Reward minus the mean of the group, over its deviation if asked; 0 if all are equal. */
export function advantages(rewards, std) {
  if (rewards.every(reward => reward === rewards[0])) return rewards.map(() => 0)
  const middle = mean(rewards)
  const centred = rewards.map(reward => reward - middle)
  const deviation = std ? Math.sqrt(mean(centred.map(each => each * each))) : 1
  return centred.map(each => each / deviation)
}

/** How much one token of each answer counts in the average. */
export function weights(average, lengths, longest) {
  const by = { sample: length => lengths.length * length, tokens: () => sum(lengths), constant: () => lengths.length * longest }
  return lengths.map(length => 1 / by[average](length))
}

/** The loss, and its gradient in the log-probability of each token: `logs` are log-ratios, a list an answer. */
export function loss({ unit, average, low, high }, logs, advantage, longest) {
  const weight = weights(average, logs.map(each => each.length), longest)
  let total = 0
  const grad = logs.map((own, i) => {
    const a = advantage[i]
    const used = unit === "answer" ? own.map(() => mean(own)) : own
    return used.map(log => {
      const ratio = Math.exp(log)
      total += weight[i] * Math.min(ratio * a, Math.min(Math.max(ratio, 1 - low), 1 + high) * a)
      const live = a > 0 ? ratio <= 1 + high : ratio >= 1 - low
      return live ? -weight[i] * a * ratio : 0
    })
  })
  return { loss: -total, grad }
}

/** Up to which probability a token keeps its gradient under the upper clip. */
export const headroom = (p, high) => Math.min(1, (1 + high) * p)

// --- What is typed: a line an answer, its reward and then its tokens, each a ratio or two probabilities

function token(text) {
  const [one, two, ...more] = text.split(">").map(Number)
  if (two === undefined) return one >= 0.01 && one <= 100 ? { ratio: one } : undefined
  return !more.length && one > 0 && one <= 1 && two > 0 && two <= 1 ? { ratio: two / one, old: one } : undefined
}

function parsed(text) {
  return text.split("\n").filter(line => line.trim()).map(line => {
    const [reward, ...tokens] = line.trim().split(/[\s:：]+/)
    return { line, reward: Number(reward), tokens: tokens.filter(Boolean).map(token) }
  })
}

function fault(text) {
  const lines = parsed(text)
  const wrong = lines.find(({ reward, tokens }) => !(Math.abs(reward) <= 100) || !tokens.length || tokens.includes(undefined))
  if (wrong) return `看不懂「${wrong.line}」：先写奖励和冒号，再写每个 token 的比值（0.01 到 100），或旧概率>新概率`
  if (lines.length < 2 || lines.length > MOST.lines) return `要 2 到 ${MOST.lines} 行`
  if (lines.some(({ tokens }) => tokens.length > MOST.tokens)) return `一条最多 ${MOST.tokens} 个 token`
  return ""
}

const EXAMPLES = {
  sheet: [
    "长 2、8、4、6，两对两错",
    { group: "1: 0.95 1.18\n1: 0.69 1.57 1.5 1.26 1.08 0.91 1.55 1.8\n0: 1.72 1.48 1.11 0.7\n0: 1.14 1.23 0.7 0.82 0.88 0.7" },
  ],
  long: [
    "一条短的错，一条长的错",
    { group: "1: 1.05 0.96 1.1 1.02 0.97\n1: 1.08 1.03 0.94 1.1 1.01\n0: 0.95 1.04\n0: 0.97 1.02 0.93 1.05 0.98 1.01 0.96 1.03 0.94 0.99" },
  ],
  rare: [
    "概率 0.01 的 token 与 0.9 的",
    { group: "1: 0.01>0.0125 0.9>0.99 0.3>0.33 0.5>0.52\n0: 0.5>0.45 0.9>0.75 0.4>0.36\n0: 0.2>0.15 0.6>0.58 0.3>0.31\n0: 0.7>0.66 0.05>0.055 0.5>0.48" },
  ],
  mild: [
    "每个 token 只差几个百分点",
    { group: "1: 1.04 0.98 1.03 1.01 0.99 1.02\n1: 1.04 0.98 0.99 1.01 1 0.98\n0: 1.03 1.01 0.99 1.02 0.98 1.02 1.01\n0: 1.02 0.97 0.99 1.01 0.96 0.98 1.01 0.99 0.98 0.97" },
  ],
}

/** Reward and ratios of the answers of an example. */
export const example = name => parsed(EXAMPLES[name][1].group).map(({ reward, tokens }) => [reward, tokens.map(({ ratio }) => ratio)])

const REWARDS = {
  typed: ["照每行开头写的", reward => reward],
  right: ["全对：都是 1", () => 1],
  wrong: ["全错：都是 0", () => 0],
  one: ["只有第一条对", (_, index) => Number(index === 0)],
}

// --- Numbers

const minus = text => text.replace("-", "−")
/** Four decimals, and no minus before a zero. */
const fixed = value => minus((Math.round(value * 1e4) / 1e4 || 0).toFixed(4))
const signed = value => (value > 0 ? "+" : "") + minus((Math.round(value * 1e3) / 1e3 || 0).toFixed(3))

/** A method on a group: per token its state, per answer its share of all that pulls, and the loss. */
function judged(recipe, logs, rewards, longest) {
  const a = advantages(rewards, recipe.std)
  const { loss: value, grad } = loss(recipe, logs, a, longest)
  const used = logs.map(own => (recipe.unit === "answer" ? own.map(() => mean(own)) : own).map(Math.exp))
  const state = used.map((own, i) =>
    own.map((ratio, t) => {
      if (a[i] === 0) return "none"
      if (grad[i][t] === 0) return "cut"
      return ratio > 1 + recipe.high || ratio < 1 - recipe.low ? "out" : "in"
    }),
  )
  const pull = grad.map(own => sum(own.map(Math.abs)))
  const all = sum(pull)
  const count = which => state.flat().filter(each => each === which).length
  return { a, loss: value, used, state, share: pull.map(each => (all ? each / all : 0)), count, still: !all }
}

// --- Drawing: each answer by itself, its tokens as bars up or down from a ratio of 1

const [CELL, HALF] = [40, 30] // a cell is as wide as five letters of the numbers below it
const SPAN = Math.log(2) // where a bar ends that goes on

const y = log => Number((HALF + 2 - (Math.max(-SPAN, Math.min(SPAN, log)) / SPAN) * HALF).toFixed(1))
/** Where a bar ends: one of a ratio of 1 is still to be seen. */
const end = log => (Math.abs(y(log) - y(0)) < 1 ? y(0) - 1 : y(log))

/** Boxes as points from one height and back to it, the way between them without a surface: points need no style anew. */
const boxes = (foot, list) => list.map(([x, top, wide]) => `${x},${foot} ${x},${top} ${x + wide},${top} ${x + wide},${foot}`).join(" ")
const shape = (points, look) => svg("polygon", { points, ...look })

function barPoints(log, state, key) {
  const found = log.flatMap((each, t) => (state[t] === key ? [[CELL * t + 7, end(each), 26]] : []))
  if (key !== "cut") return boxes(y(0), found)
  // Hollow: a second, smaller box in each, which an even number of borders leaves out.
  return boxes(y(0), found.flatMap(([x, top, wide]) => [[x, top, wide], [x + 2, top + 2 * Math.sign(y(0) - top), wide - 4]]))
}

const STATES = { in: "界内，有梯度", out: "越界，仍有梯度", cut: "被裁，没有梯度", none: "优势为 0" }
const TONES = { in: "tone-a", out: "tone-c", cut: "group-cut", none: "tone-faint" }

/** An answer: what it got, its ratios, and what they weigh. Always the same elements, so that a redraw only moves them. */
function card(i, { logs, now, rewards, recipe, weight, share }) {
  const [log, state] = [logs[i], now.state[i]]
  const width = CELL * log.length
  const whole = recipe.unit === "answer"
  // Without an advantage all of an answer is.
  const kinds = state[0] === "none" ? ["none", "out", "cut"] : ["in", "out", "cut"]
  const line = (at, wide, step) => boxes(at, Array.from({ length: width / step }, (_, k) => [step * k, at + 1, wide]))
  // From the axis to the dashes and back along the left border.
  const [zero, middle] = [y(0), y(mean(log))]
  const means = whole ? ` 0,${zero} ${line(middle, 6, 10)} 0,${middle} 0,${zero}` : ""
  const head = `第 ${i + 1} 条　奖励 ${minus(four(rewards[i]))}　优势 ${signed(now.a[i])}${whole ? `　s\u00a0=\u00a0${fixed(now.used[i][0])}` : ""}`
  const ratios = log.map(each => Math.exp(each).toFixed(2).slice(0, 4))
  const cut = state.flatMap((each, t) => (each === "cut" ? [t + 1] : []))
  return html(
    "div",
    {},
    html("p", {}, `${head}\n每个 token 权重 ${four(weight[i])}，占全部梯度 ${share(now, i)}`),
    drawing(
      CELL * MOST.tokens,
      2 * HALF + 4,
      cut.length ? `被裁的是第 ${cut.join("、")} 个 token` : "没有 token 被裁",
      shape(boxes(y(Math.log(1 - recipe.low)), [[0, y(Math.log(1 + recipe.high)), width]]), { fill: "currentColor", "fill-opacity": 0.12 }),
      ...kinds.map(key => shape(barPoints(log, state, key), { class: TONES[key] })),
      shape(line(zero, width, width) + means, { fill: "currentColor" }),
    ),
    html("p", { class: "group-ratios" }, ` ${ratios.map(each => each.padStart(4, " ")).join(" ")}`),
  )
}

function legend() {
  const items = Object.entries(STATES).map(([state, text]) => {
    return html("li", {}, html("i", { class: TONES[state] }), text)
  })
  return html("ul", {}, ...items)
}

/** What is clipped, by side, and what is out of the bounds and yet is not. */
function told({ state, a }, unit, all) {
  const parts = unit === "answer" ? state.map(own => own.slice(0, 1)) : state
  const count = (which, of = () => true) => sum(parts.map((own, i) => (of(a[i]) ? own.filter(each => each === which).length : 0)))
  const things = unit === "answer" ? "条" : "个"
  const [cut, out] = [count("cut"), count("out")]
  const sides = `上界 ${count("cut", each => each > 0)} ${things}，下界 ${count("cut", each => each < 0)} ${things}`
  const still = state.flat().filter(each => each === "cut").length
  const lost = unit === "answer" ? `${state.length} 条回答整条裁掉 ${cut} 条（${sides}），${all} 个 token 里 ${still} 个没有梯度` : `${all} 个 token 里 ${cut} 个被裁，没有梯度（${sides}）`
  return (cut ? lost : `${all} 个 token 都没被裁`) + (out ? `；另有 ${out} ${things}越界，仍有梯度` : "")
}

export default widget({
  name: "group-policy-losses",
  title: "GRPO、DAPO、GSPO：哪些 token 的梯度被裁掉",
  inputs: () => [
    preset("example", "例子", EXAMPLES, "sheet"),
    { name: "rewards", label: "奖励", kind: "choice", options: Object.entries(REWARDS).map(([key, [label]]) => [key, label]), start: "typed" },
    preset("method", "方法", METHODS, "grpo"),
    { name: "way", label: "新策略走了几成（%）", kind: "number", min: 0, max: 100, start: 100 },
    { name: "unit", label: "比值", kind: "choice", group: "方法的开关", options: [["token", "每个 token 一个"], ["answer", "整条一个，几何平均"]] },
    {
      name: "average",
      label: "平均",
      kind: "choice",
      group: "方法的开关",
      options: [["sample", "先在每条内平均"], ["tokens", "全组 token 一起"], ["constant", "除以常数 G·L"]],
    },
    { name: "low", label: "ε 下", kind: "number", group: "方法的开关", min: 0, max: 0.5, step: 0.01 },
    { name: "high", label: "ε 上", kind: "number", group: "方法的开关", min: 0, max: 0.5, step: 0.01 },
    { name: "longest", label: "生成上限 L", kind: "number", group: "方法的开关", min: MOST.tokens, max: 64, start: MOST.tokens },
    { name: "std", label: "优势除以标准差", kind: "flag", group: "方法的开关" },
    { name: "group", label: "每行一条回答：奖励，冒号，各 token 的比值（或旧概率>新概率）", kind: "text", max: 400, rows: 4, fault },
  ],
  compute(state) {
    const lines = parsed(state.group)
    const rewards = lines.map(({ reward }, index) => REWARDS[state.rewards][1](reward, index))
    // On the way from the old policy to the new one, straight in log-probabilities.
    const logs = lines.map(({ tokens }) => tokens.map(({ ratio }) => (Math.log(ratio) * state.way) / 100))
    const by = Object.values(METHODS).map(([name, recipe]) => ({ name, ...judged(recipe, logs, rewards, state.longest) }))
    return { lines, logs, rewards, recipe: state, now: judged(state, logs, rewards, state.longest), by }
  },
  draw(result, state) {
    const { lines, logs, rewards, now, by } = result
    const lengths = logs.map(each => each.length)
    const all = sum(lengths)
    const long = lengths.indexOf(Math.max(...lengths))
    const weight = weights(state.average, lengths, state.longest)
    const name = METHODS[state.method]?.[0] ?? "自定义"
    const equal = now.a.every(each => each === 0)
    const says = equal
      ? `奖励全相同：优势都是 0，${all} 个 token 都没有梯度。DAPO 的动态采样会丢掉这一组，另采一组。`
      : `${name}：${told(now, state.unit, all)}。损失 ${fixed(now.loss)}。`
    const share = (which, i) => (which.still ? "—" : percent(which.share[i]))
    const bounded = lines.flatMap(({ tokens }, i) =>
      tokens.flatMap(({ old }, t) => (old && now.a[i] > 0 && state.unit === "token" ? [{ i, t, old, now: old * Math.exp(logs[i][t]) }] : [])),
    )
    return {
      says,
      shows: [
        html(
          "figure",
          { class: "widget-bars" },
          html("figcaption", {}, `各 token 的比值：新概率除以旧概率。横线是 1，底色是裁剪区间${state.unit === "answer" ? "，虚线是 s" : ""}`),
          html("div", { class: "group-answers" }, ...lines.map((_, i) => card(i, { ...result, weight, share }))),
          legend(),
        ),
        table("同一组，四种方法（各用自己的 ε）", ["方法", "没有梯度的 token", "最长一条占梯度", "损失"], by.map(each => [
          each.name,
          `${each.count("cut") + each.count("none")} / ${all}`,
          share(each, long),
          fixed(each.loss),
        ])),
        ...(bounded.length
          ? [table("优势为正的 token，概率涨到多少就没有梯度", ["token", "旧概率", "新概率", "界限"], bounded.map(each => [
              `第 ${each.i + 1} 条第 ${each.t + 1} 个`,
              four(each.old),
              four(each.now),
              four(headroom(each.old, state.high)),
            ]))]
          : []),
      ],
    }
  },
})
