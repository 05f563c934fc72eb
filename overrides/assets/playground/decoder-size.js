/* Parameters and FLOPs of a dense decoder: labs/foundations/decoder_params.py and decoder_flops.py. */

import { bars, digits, flop, percent, short, table, widget } from "./ui.js"

const PARTS = {
  attention: "注意力",
  mlp: "前馈",
  norms: "归一化",
  embedding: "词嵌入",
  positions: "位置嵌入",
  output: "输出层",
}
const WORK = { qo: "Q、O 投影", kv: "K、V 投影", scores: "QKᵀ", mix: "权重乘 V", mlp: "前馈", logits: "输出层" }

const inner = model => model.ffn || 4 * model.h
const kvWidth = model => Math.floor(model.h / model.kv_share)

/** Parameters of one attention layer, of one feed-forward network, of one norm. */
function attention(model) {
  const [h, kv] = [model.h, kvWidth(model)]
  const biases = { all: 2 * h + 2 * kv, qkv: h + 2 * kv, none: 0 }[model.bias]
  return 2 * h * h + 2 * h * kv + biases
}
const mlp = model =>
  (model.gated ? 3 : 2) * model.h * inner(model) + (model.bias === "all" ? inner(model) * (model.gated ? 2 : 1) + model.h : 0)
const norm = model => (model.rms ? model.h : 2 * model.h)

/** Parameters by part; the sum is the model. */
export function parts(model) {
  return {
    embedding: model.vocab * model.h,
    positions: model.positions * model.h,
    attention: model.layers * attention(model),
    mlp: model.layers * mlp(model),
    norms: (2 * model.layers + 1) * norm(model),
    output: model.tied ? 0 : model.vocab * model.h,
  }
}

const sum = record => Object.values(record).reduce((total, value) => total + value, 0)

/** All parameters. */
export const total = model => sum(parts(model))

/** Products of matrices in a forward pass of b sequences of s tokens, no causal saving. */
export function forward(model, b, s) {
  const { h, heads, layers } = model
  const matmul = (m, k, n) => 2 * m * k * n
  const head = Math.floor(h / heads)
  const tokens = b * s
  return {
    qo: layers * 2 * matmul(tokens, h, h),
    kv: layers * 2 * matmul(tokens, h, kvWidth(model)),
    scores: layers * b * heads * matmul(s, head, s),
    mix: layers * b * heads * matmul(s, s, head),
    mlp: layers * (model.gated ? 3 : 2) * matmul(tokens, h, inner(model)),
    logits: matmul(tokens, h, model.vocab),
  }
}

/** Forward once, backward twice that; the blocks once more if recomputed. */
export function training(model, b, s, recompute = false) {
  const work = forward(model, b, s)
  return 3 * sum(work) + (recompute ? sum(work) - work.logits : 0)
}

/** The shape of a row of models.json as inputs; nothing for a model that these inputs cannot say. */
export function shapeOf(row) {
  const share = row.heads / (row.kv_heads ?? row.heads)
  const shape = {
    layers: row.layers,
    h: row.hidden,
    heads: row.heads,
    kv_share: share,
    ffn: row.ffn ?? 0,
    gated: row.gated,
    vocab: row.vocab,
    positions: row.positions ?? 0,
    bias: row.bias,
    rms: row.norm === "RMSNorm",
    tied: row.tied,
  }
  const head = row.head_dim ?? row.hidden / row.heads
  // The count of the lab knows all kinds of models: where it agrees, nothing was left out.
  const whole = row.kind === "decoder" && head * row.heads === row.hidden && Number.isInteger(share) && !row.experts && !row.mla
  return whole && total(shape) === row.total ? shape : undefined
}

export default widget({
  name: "decoder-size",
  title: "解码器的参数量与计算量",
  models: true,
  inputs: models => [
    {
      name: "model",
      label: "模型",
      kind: "choice",
      options: [["", "自定义"], ...models.filter(shapeOf).map(row => [row.id, row.name])],
      start: "llama-3-8b",
      sets: id => (id ? shapeOf(models.find(row => row.id === id)) : {}),
    },
    { name: "layers", label: "层数 L", kind: "number", min: 1, max: 200, group: "结构" },
    { name: "h", label: "隐藏维 h", kind: "number", min: 64, max: 20480, step: 64, group: "结构" },
    { name: "heads", label: "查询头数", kind: "number", min: 1, max: 256, group: "结构" },
    { name: "kv_share", label: "几个查询头共用一个 KV 头", kind: "number", min: 1, max: 128, log: 1, group: "结构" },
    { name: "ffn", label: "前馈内宽（0 即 4h）", kind: "number", min: 0, max: 65536, step: 64, group: "结构" },
    { name: "vocab", label: "词表", kind: "number", min: 256, max: 300000, step: 256, group: "结构" },
    { name: "positions", label: "可学习的位置数", kind: "number", min: 0, max: 8192, step: 128, group: "结构" },
    {
      name: "bias",
      label: "线性层的偏置",
      kind: "choice",
      options: [["none", "无"], ["qkv", "只有 Q、K、V"], ["all", "都有"]],
      group: "结构",
    },
    { name: "gated", label: "门控前馈（三个矩阵）", kind: "flag", group: "结构" },
    { name: "rms", label: "RMSNorm", kind: "flag", group: "结构" },
    { name: "tied", label: "输出层与嵌入绑定", kind: "flag", group: "结构" },
    { name: "s", label: "序列长度 s", kind: "number", min: 1, max: 2 ** 20, log: 1, start: 2048, group: "这一步" },
    { name: "b", label: "批量 b", kind: "number", min: 1, max: 1024, log: 1, start: 1, group: "这一步" },
    { name: "recompute", label: "训练时全量重计算", kind: "flag", start: false, group: "这一步" },
  ],
  compute(state) {
    const work = forward(state, state.b, state.s)
    return {
      parts: parts(state),
      count: total(state),
      rule: 12 * state.layers * state.h * state.h,
      work,
      forward: sum(work),
      training: training(state, state.b, state.s, state.recompute),
      quadratic: (work.scores + work.mix) / (sum(work) - work.logits),
    }
  },
  draw(result, { b, s, recompute }) {
    const tokens = b * s
    const row = ([label, value], tone, text, whole) => ({
      label,
      text: `${text(value)} · ${percent(value / whole)}`,
      parts: [{ value, tone }],
    })
    const named = (names, values) => Object.entries(names).map(([key, label]) => [label, values[key]])
    return {
      says: `共 ${digits(result.count)} 个参数（${short(result.count)}）；${digits(b)} × ${digits(s)} 个 token 前向 ${flop(result.forward)}，训练一步 ${flop(result.training)}。`,
      shows: [
        bars("参数在哪里", named(PARTS, result.parts).map(each => row(each, "a", short, result.count))),
        bars("前向的计算在哪里", named(WORK, result.work).map(each => row(each, "b", flop, result.forward))),
        table(
          "估算有多准",
          ["项目", "逐项相加", "估算", "估算 ÷ 逐项"],
          [
            ["参数量，估算 12Lh²", short(result.count), short(result.rule), percent(result.rule / result.count)],
            ["前向，估算 2N 每 token", flop(result.forward), flop(2 * result.count * tokens), percent((2 * result.count * tokens) / result.forward)],
            [
              `训练，估算 ${recompute ? 8 : 6}N 每 token`,
              flop(result.training),
              flop((recompute ? 8 : 6) * result.count * tokens),
              percent(((recompute ? 8 : 6) * result.count * tokens) / result.training),
            ],
            ["二次项占各层前向", percent(result.quadratic), "", ""],
          ],
        ),
      ],
    }
  },
})
