/* KV cache of a model by its attention, the length and number of requests, and bits: labs/models/layer_cache.py. */

import { bars, digits, gib, table, widget } from "./ui.js"

const KINDS = { own: "原样", mha: "MHA", gqa: "GQA", mqa: "MQA", mla: "MLA" }

/** Numbers cached by one attention layer of one request: {perToken, fixed}. */
const grouped = (kvHeads, dim) => ({ perToken: 2 * kvHeads * dim, fixed: 0 })
const latent = (rank = 512, rope = 64) => ({ perToken: rank + rope, fixed: 0 })
const deltaNet = ({ key_heads, value_heads, head_dim, conv }) => ({
  perToken: 0,
  fixed: value_heads * head_dim * head_dim + (conv - 1) * (2 * key_heads * head_dim + value_heads * head_dim),
})

/** The attention layers of a model; those that look at everything may be of another kind. */
export function layersOf(model, kind = "own", groups = 8) {
  const { heads, mla, linear } = model
  const dim = mla ? mla.nope : (model.head_dim ?? Math.floor(model.hidden / heads))
  const own = mla ? latent(mla.kv_rank, mla.rope) : grouped(model.kv_heads ?? heads, dim)
  const others = { mha: grouped(heads, dim), gqa: grouped(Math.min(groups, heads), dim), mqa: grouped(1, dim), mla: latent() }
  const full = others[kind] ?? own
  return Array.from({ length: model.layers * (model.sublayers ?? 1) }, (_, index) =>
    linear && (index + 1) % linear.full_every ? deltaNet(linear) : full,
  )
}

/** Numbers kept for one request after so many tokens. */
export const numbers = (layers, tokens) =>
  layers.reduce((total, layer) => total + layer.perToken * tokens + layer.fixed, 0)

/** Bytes of one request and of all, per token, and what does not grow. */
export function cacheBytes(model, kind, groups, tokens, requests, bits) {
  const layers = layersOf(model, kind, groups)
  const bytes = count => (count * bits) / 8
  const fixed = numbers(layers, 0)
  const one = numbers(layers, tokens)
  return { perToken: bytes(numbers(layers, 1) - fixed), fixed: bytes(fixed), one: bytes(one), all: bytes(one) * requests }
}

function nameOf(model) {
  if (model.linear) return `每 ${model.linear.full_every} 层一层 GQA，其余线性`
  if (model.mla) return "MLA"
  const kv = model.kv_heads ?? model.heads
  return kv === model.heads ? "MHA" : kv === 1 ? "MQA" : `GQA，${kv} 组`
}

export default widget({
  name: "kv-cache-size",
  title: "KV 缓存占多少显存",
  models: true,
  inputs: models => [
    {
      name: "model",
      label: "模型",
      kind: "choice",
      options: models.filter(each => each.kind === "decoder").map(each => [each.id, each.name]),
      start: "llama-3-8b",
    },
    { name: "context", label: "每条请求的 token 数", kind: "number", min: 1, max: 2 ** 20, log: 1, start: 8192 },
    { name: "batch", label: "同时的请求数", kind: "number", min: 1, max: 1024, log: 1, start: 1 },
    {
      name: "bits",
      label: "每个数",
      kind: "choice",
      options: [["16", "16 bit"], ["8", "8 bit"], ["4", "4 bit"]],
      start: "16",
    },
    { name: "groups", label: "对照的 GQA 组数", kind: "number", min: 1, max: 128, log: 1, start: 8 },
  ],
  compute(state, models) {
    const model = models.find(each => each.id === state.model)
    const of = kind => cacheBytes(model, kind, state.groups, state.context, state.batch, Number(state.bits))
    return { model, rows: Object.keys(KINDS).map(kind => ({ kind, ...of(kind) })) }
  },
  draw({ model, rows }, { context, batch, bits, groups }) {
    const label = kind => ({ own: `原样：${nameOf(model)}`, gqa: `改成 GQA，${Math.min(groups, model.heads)} 组`, mla: "改成 MLA（512 + 64 维）" })[kind] ?? `改成 ${KINDS[kind]}`
    const own = rows[0]
    const fixed = own.fixed ? `，另有不随长度变的 ${gib(own.fixed)}` : ""
    const says = `${model.name} 每个 token 缓存 ${gib(own.perToken)}${fixed}；${digits(context)} 个 token × ${digits(batch)} 条请求、${bits} bit，共 ${gib(own.all)}。`
    const chart = rows.map(({ kind, all }) => ({
      label: label(kind),
      text: gib(all),
      mark: kind === "own",
      parts: [{ value: all, tone: kind === "own" ? "a" : "faint" }],
    }))
    const cells = rows.map(row => [label(row.kind), gib(row.perToken), gib(row.one)])
    return {
      says,
      shows: [
        bars("全部请求的缓存，同一个模型换不同的注意力", chart),
        table("一条请求", ["注意力", "每 token", "整条"], cells),
      ],
    }
  },
})
