/*
 * Memory of one training step on one card: labs/numerics/training_memory.py, labs/finetuning/peft_params.py (LoRA) and
 * qlora.py (frozen weights in 4 bit).
 */

import { shapeOf } from "./decoder-size.js"
import { bars, digits, four, gb, gib, short, table, widget } from "./ui.js"

/** Bytes per parameter of what outlives a step, by optimizer and precision. */
const STATES = {
  "mixed-adam": { label: "混合精度 + Adam", weight: 2, grad: 2, master: 4, moments: 8 },
  "mixed-adam-fp32-grad": { label: "混合精度 + Adam，梯度 FP32", weight: 2, grad: 4, master: 4, moments: 8 },
  "mixed-adam-8bit": { label: "混合精度 + 8 bit Adam", weight: 2, grad: 2, master: 4, moments: 2 },
  "fp32-adam": { label: "FP32 + Adam", weight: 4, grad: 4, master: 0, moments: 8 },
  "fp32-momentum": { label: "FP32 + 动量 SGD", weight: 4, grad: 4, master: 0, moments: 4 },
  "fp32-sgd": { label: "FP32 + SGD", weight: 4, grad: 4, master: 0, moments: 0 },
}
const TARGETS = { qv: ["q", "v"], attention: ["q", "k", "v", "o"], all: ["q", "k", "v", "o", "gate", "up", "down"] }
const PARTS = {
  weights: ["权重", "a"],
  gradients: ["梯度", "b"],
  master: ["FP32 主权重", "c"],
  moments: ["优化器的矩", "d"],
  activations: ["激活", "faint"],
}

/** Bytes on one card by part: `trained` parameters with all their states, and `frozen` bytes of weights only read. */
export function stateParts(trained, frozen, states, stage = 0, cards = 1) {
  const on = (from, size) => (stage >= from ? size / cards : size)
  return {
    weights: on(3, states.weight * trained + frozen),
    gradients: on(2, states.grad * trained),
    master: on(1, states.master * trained),
    moments: on(1, states.moments * trained),
  }
}

/** Bytes of activations kept for the backward pass: "all", "selective" (no s × s) or "inputs" of layers only. */
export function activationBytes(s, b, h, heads, layers, keep = "all") {
  if (keep === "inputs") return layers * 2 * s * b * h
  return layers * (34 * s * b * h + (keep === "all" ? 5 * heads * s * s * b : 0))
}

/** (d, k) of each linear layer of a block. */
function linearLayers(model) {
  const [h, kv, inner] = [model.h, Math.floor(model.h / model.kv_share), model.ffn || 4 * model.h]
  const gate = model.gated ? { gate: [inner, h] } : {}
  return { q: [h, h], k: [kv, h], v: [kv, h], o: [h, h], ...gate, up: [inner, h], down: [h, inner] }
}

/** r(d + k) for every adapted matrix of every block. */
export function loraParams(model, r, targets) {
  const adapted = Object.entries(linearLayers(model)).filter(([name]) => targets.includes(name))
  return model.layers * adapted.reduce((sum, [, [d, k]]) => sum + r * (d + k), 0)
}

/** Bytes of the frozen model: in 16 bit, or its linear layers in NF4 with double quantisation, the rest in 16 bit. */
export function frozenBytes(model, total, nf4) {
  const bits = 4 + 8 / 64 + 32 / (64 * 256)
  const linear = model.layers * Object.values(linearLayers(model)).reduce((sum, [d, k]) => sum + d * k, 0)
  return nf4 ? (linear * bits) / 8 + (total - linear) * 2 : 2 * total
}

const sum = record => Object.values(record).reduce((all, value) => all + value, 0)

export default widget({
  name: "training-memory-size",
  title: "训练要多少显存",
  models: true,
  inputs: models => [
    {
      name: "model",
      label: "模型",
      kind: "choice",
      options: models.filter(shapeOf).map(row => [row.id, row.name]),
      start: "llama-2-7b",
    },
    {
      name: "method",
      label: "训练什么",
      kind: "choice",
      options: [["full", "全部参数"], ["lora", "LoRA，冻结权重 16 bit"], ["qlora", "QLoRA，冻结权重 NF4"]],
      start: "full",
    },
    { name: "rank", label: "LoRA 的秩 r", kind: "number", min: 1, max: 512, log: 1, start: 8, when: state => state.method !== "full" },
    {
      name: "targets",
      label: "LoRA 作用于",
      kind: "choice",
      options: [["qv", "q、v"], ["attention", "注意力四个矩阵"], ["all", "全部线性层"]],
      start: "all",
      when: state => state.method !== "full",
    },
    {
      name: "states",
      label: "精度与优化器",
      kind: "choice",
      options: Object.entries(STATES).map(([name, { label }]) => [name, label]),
      start: "mixed-adam",
    },
    { name: "cards", label: "数据并行的卡数", kind: "number", min: 1, max: 4096, log: 1, start: 8 },
    {
      name: "stage",
      label: "ZeRO 阶段",
      kind: "choice",
      options: [["0", "不切分"], ["1", "1：切优化器"], ["2", "2：再切梯度"], ["3", "3：再切权重"]],
      start: "0",
    },
    { name: "s", label: "序列长度 s", kind: "number", min: 1, max: 131072, log: 1, start: 4096 },
    { name: "b", label: "每卡微批 b", kind: "number", min: 1, max: 256, log: 1, start: 1 },
    {
      name: "keep",
      label: "激活怎样存",
      kind: "choice",
      options: [["all", "全存"], ["selective", "不存 s × s（选择性重计算）"], ["inputs", "只存每层输入（全重计算）"]],
      start: "selective",
    },
  ],
  compute(state, models) {
    const row = models.find(each => each.id === state.model)
    const shape = shapeOf(row)
    const full = state.method === "full"
    const trained = full ? row.total : loraParams(shape, state.rank, TARGETS[state.targets])
    const frozen = full ? 0 : frozenBytes(shape, row.total, state.method === "qlora")
    const activations = activationBytes(state.s, state.b, shape.h, shape.heads, shape.layers, state.keep)
    const at = stage => ({ ...stateParts(trained, frozen, STATES[state.states], stage, state.cards), activations })
    return { row, trained, stages: [0, 1, 2, 3].map(at) }
  },
  draw({ row, trained, stages }, { stage, cards }) {
    const here = stages[Number(stage)]
    const chart = stages.map((parts, index) => ({
      label: index ? `ZeRO-${index}` : "不切分",
      text: gb(sum(parts)),
      mark: index === Number(stage),
      parts: Object.entries(PARTS).map(([key, [name, tone]]) => ({ value: parts[key], tone, name })),
    }))
    const cells = Object.entries(PARTS).map(([key, [name]]) => [name, gb(here[key]), four(here[key] / row.total)])
    return {
      says: `${row.name} 训练 ${short(trained)} 个参数，${digits(cards)} 张卡，每卡 ${gb(sum(here))}（${gib(sum(here))}），其中激活 ${gb(here.activations)}。`,
      shows: [
        bars("每张卡的显存，四种切分", chart),
        table("选中的切分，每张卡", ["部分", "显存", "字节 ÷ 模型参数量"], [...cells, ["合计", gb(sum(here)), four(sum(here) / row.total)]]),
      ],
    }
  },
})
