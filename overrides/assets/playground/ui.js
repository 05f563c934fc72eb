/*
 * The playground: what all widgets share. A widget is one module beside this one, and a page of docs/playground/.
 *
 * How to write `<name>.js` (kv-cache-size.js is a short one; no note may have the name already):
 *
 *   import { bars, gib, widget } from "./ui.js"
 *
 *   export function formula(…) {…}            pure, as in the lab; tests/playground/<name>.py compares the two in Node
 *
 *   export default widget({
 *     name: "<name>",
 *     title: "…",                             heading of the box, also without JavaScript
 *     simulator: true,                        only if a change may take 100 ms instead of 16 to show
 *     models: true,                           only if it needs rows of docs/data/models.yaml
 *     inputs: models => [                     in the order shown; `group: "…"` puts neighbours into one fieldset
 *       { name, label, kind: "choice", options: [[value, label], …], start, sets: value => ({ other: 1 }) },
 *       { name, label, kind: "number", min, max, start, step: 1, log: 1 },
 *       { name, label, kind: "flag", start: false },
 *       { name, label, kind: "text", max: 200, start: "…", fault: text => "" },
 *       { name: "step", label: "步", kind: "step", count: result => 12 },
 *     ],
 *     compute: (state, models) => result,     everything but the step; run again when another input changes
 *     draw: (result, state) => ({ says: "一句话结论", shows: [nodes] }),
 *   })
 *
 * number: whole if `step` is (1 if left out); `log` makes the slider's stops powers of two, that many octaves apart;
 *   `slider: false` leaves it out. choice: values are text; with `sets` it is a preset for other inputs, and needs an
 *   option "" (自定义) that it falls back to when one of them is changed. text: `fault` says in Chinese what is wrong.
 * step: adds back, forward and play; `count` is how many steps there are, the state has 0 … count − 1.
 * Any input: `when: state => …` disables it where it says nothing (a form that changes its height makes the page jump).
 *
 * `says` is read out to screen readers once the input rests; what it does not say must be text in `shows` too: bars and
 * tables are, a drawing gets a label. The state is in the address as `<name>.<input>`; a fence may set start values.
 * Without JavaScript the figure docs/playground/img/<name>.svg, drawn by figures/playground/<name>.py from the lab,
 * stands in place of all this: draw there what the widget shows at its start.
 */

const SETTLED = 400 // ms without a change, after which the address is written and the sentence read out
const BEAT = 900 // ms a step while playing
const SPACE = "\u00a0"

// --- Values: read from the address, from a fence (at build time too, in Node) and from the controls

const isWhole = input => Number.isInteger(input.step ?? 1)

/** By kind of input: the value that a text means, undefined if none; and what an author should have written. */
const KINDS = {
  choice: {
    read: (input, text) => (input.options.some(([value]) => value === text) ? text : undefined),
    wanted: input => `one of ${input.options.map(([value]) => value).join(", ")}`,
  },
  number: {
    read(input, text) {
      const value = text.trim() ? Number(text) : NaN
      return value >= input.min && value <= input.max && (!isWhole(input) || Number.isInteger(value)) ? value : undefined
    },
    wanted: input => `a ${isWhole(input) ? "whole " : ""}number from ${input.min} to ${input.max}`,
  },
  flag: {
    read: (_, text) => (text === "true" ? true : text === "false" ? false : undefined),
    wanted: () => "true or false",
  },
  text: {
    read: (input, text) => (text.length <= input.max && !input.fault?.(text) ? text : undefined),
    wanted: input => `text of at most ${input.max} characters that the widget can read`,
  },
  step: {
    read: (_, text) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined),
    wanted: () => "a whole number",
  },
}

const read = (input, text) => KINDS[input.kind].read(input, text)

/** What is wrong with the start values of a fence: pairs of the key and what to write. */
export function faults(inputs, start) {
  return Object.entries(start).flatMap(([name, value]) => {
    const input = inputs.find(each => each.name === name)
    if (!input) return [[name, `there is no input ${name}: use ${inputs.map(each => each.name).join(", ")}`]]
    if (read(input, String(value)) !== undefined) return []
    return [[name, `\`${name}\` must be ${KINDS[input.kind].wanted(input)}, not ${value}`]]
  })
}

/** The values, with those of `texts` (texts by name) laid over them; what cannot be read is left as it was. */
export function overlaid(inputs, values, texts) {
  const next = { ...values }
  const given = inputs.filter(input => texts[input.name] !== undefined && read(input, texts[input.name]) !== undefined)
  // Presets first: a value that is given beside one counts more.
  for (const input of [...given.filter(each => each.sets), ...given.filter(each => !each.sets)]) {
    next[input.name] = read(input, texts[input.name])
    if (input.sets) Object.assign(next, input.sets(next[input.name]))
  }
  return loosened(inputs, next)
}

/** The values, presets that no longer say what is set replaced by "" (自定义). */
function loosened(inputs, values) {
  const off = inputs.filter(
    input => input.sets && Object.entries(input.sets(values[input.name])).some(([name, value]) => values[name] !== value),
  )
  return { ...values, ...Object.fromEntries(off.map(input => [input.name, ""])) }
}

/** The start values of the inputs, as texts say otherwise. */
export function started(inputs, texts = {}) {
  // What a preset sets needs no start of its own.
  const own = inputs.filter(input => input.start !== undefined).map(input => [input.name, String(input.start)])
  const zero = inputs.filter(input => input.kind === "step").map(input => [input.name, 0])
  return overlaid(inputs, Object.fromEntries(zero), { ...Object.fromEntries(own), ...texts })
}

// --- Numbers as text

/** Four significant digits, without zeros at the end. */
export const four = value => String(Number(value.toPrecision(4)))

/** A whole number in groups of three. */
export const digits = value => String(value).replace(/\B(?=(\d{3})+$)/g, SPACE)

function scaled(value, base, units) {
  let unit = 0
  while (unit < units.length - 1 && Math.abs(value) >= base) {
    value /= base
    unit++
  }
  return `${four(value)}\u00a0${units[unit]}`
}

/** Bytes in powers of 1024: 1.5 GiB. */
export const gib = bytes => scaled(bytes, 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"])
/** Bytes in powers of 1000: 16.06 GB. */
export const gb = bytes => scaled(bytes, 1000, ["B", "kB", "MB", "GB", "TB", "PB"])
/** A count with K, M, B, T as models are named: 8.03B. */
export const short = count => scaled(count, 1000, ["", "K", "M", "B", "T"]).replace("\u00a0", "")
/** Operations: 29.26 TFLOP. */
export const flop = count => scaled(count, 1000, ["", "K", "M", "G", "T", "P", "E", "Z", "Y"].map(unit => `${unit}FLOP`))
/** A share: 4.2 %. */
export const percent = share => `${(share * 100).toFixed(1)}%`

// --- Elements

function made(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** An HTML element. */
export const html = (tag, attributes = {}, ...children) => made(document.createElement(tag), attributes, children)

/** An SVG element. */
export const svg = (tag, attributes = {}, ...children) =>
  made(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children)

/** A drawing in the colours of the page; `label` says all of it that neither `says` nor a table does. */
export const drawing = (width, height, label, ...children) =>
  svg("svg", { class: "drawing", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label }, ...children)

/**
 * Bars: rows of {label, text, parts: [{value, tone, name}], mark}, each as long as its parts together against `most`
 * (the longest if left out). Tones: a, b, c, d, faint. Names of parts are listed below, once each.
 */
export function bars(caption, rows, most = Math.max(...rows.map(row => sum(row.parts.map(part => part.value))))) {
  const lines = rows.map(row => {
    const pieces = row.parts.map(part =>
      html("i", { class: `tone-${part.tone}`, style: `width:${most > 0 ? (100 * part.value) / most : 0}%` }),
    )
    const track = html("span", { class: "widget-track", "aria-hidden": "true" }, ...pieces)
    return html("div", { class: row.mark ? "marked" : undefined }, html("dt", {}, row.label), html("dd", {}, track, html("b", {}, row.text)))
  })
  const tones = new Map(rows.flatMap(row => row.parts.filter(part => part.name).map(part => [part.name, part.tone])))
  const key = [...tones].map(([name, tone]) => html("li", {}, html("i", { class: `tone-${tone}` }), name))
  return html(
    "figure",
    { class: "widget-bars" },
    html("figcaption", {}, caption),
    html("dl", { style: `--text:${0.62 * Math.max(9, ...rows.map(row => row.text.length))}em` }, ...lines),
    ...(key.length ? [html("ul", { "aria-hidden": "true" }, ...key)] : []),
  )
}

/** A table: the first cell of a row is its head, the others are numbers. */
export function table(caption, heads, rows) {
  const cells = row => row.map((cell, index) => (index ? html("td", {}, cell) : html("th", { scope: "row" }, cell)))
  return html(
    "table",
    { class: "widget-table" },
    html("caption", {}, caption),
    html("thead", {}, html("tr", {}, ...heads.map(head => html("th", { scope: "col" }, head)))),
    html("tbody", {}, ...rows.map(row => html("tr", {}, ...cells(row)))),
  )
}

/** Give an element these children, changing only what differs: an element that stays needs no style and less layout. */
function become(element, children) {
  const old = [...element.childNodes]
  children.forEach((child, index) => {
    const was = old[index]
    if (was?.isEqualNode(child)) return
    if (!was) element.append(child)
    else if (was.nodeName !== child.nodeName) was.replaceWith(child)
    else if (child.nodeType === Node.TEXT_NODE) was.data = child.data
    else {
      for (const { name } of [...was.attributes]) if (!child.hasAttribute(name)) was.removeAttribute(name)
      for (const { name, value } of child.attributes) if (was.getAttribute(name) !== value) was.setAttribute(name, value)
      become(was, [...child.childNodes])
    }
  })
  for (const was of old.slice(children.length)) was.remove()
}

const sum = values => values.reduce((total, value) => total + value, 0)

// --- Controls: by kind of input, its element and how to show a value in it; `set` takes a new value

const CONTROLS = {
  choice(input, set) {
    const select = html("select", {}, ...input.options.map(([value, label]) => html("option", { value }, label)))
    select.addEventListener("input", () => set(select.value))
    return { node: labelled(input, select), show: value => (select.value = value) }
  },

  number(input, set) {
    const { min, max, step = 1 } = input
    // Typed numbers need not be on the slider's stops.
    const box = html("input", { type: "number", min, max, step: isWhole(input) ? 1 : "any", inputmode: isWhole(input) ? "numeric" : "decimal" })
    const hint = html("small", { hidden: "" }, `${min} 到 ${max} 的${isWhole(input) ? "整" : ""}数`)
    const slider = scale(input, value => {
      current = box.value = value
      valid(true)
      set(value)
    })
    let current
    function show(value) {
      current = box.value = value
      slider?.show(value)
      valid(true)
    }
    function valid(is) {
      hint.hidden = is
      if (is) box.removeAttribute("aria-invalid")
      else box.setAttribute("aria-invalid", "true")
    }
    box.addEventListener("input", () => {
      const value = read(input, box.value)
      valid(value !== undefined)
      if (value !== undefined) {
        current = value
        slider?.show(value)
        set(value)
      }
    })
    box.addEventListener("change", () => {
      box.value = current
      valid(true)
    })
    const node = labelled(input, box)
    node.append(...(slider ? [slider.node] : []), hint)
    if (slider) node.classList.add("number")
    return { node, show }
  },

  flag(input, set) {
    const box = html("input", { type: "checkbox" })
    box.addEventListener("input", () => set(box.checked))
    return {
      node: html("div", { class: "widget-input flag" }, html("label", {}, box, html("span", {}, input.label))),
      show: value => (box.checked = value),
    }
  },

  text(input, set) {
    const box = html("textarea", { rows: input.rows ?? 2, maxlength: input.max, spellcheck: "false" })
    const hint = html("small", { hidden: "" })
    box.addEventListener("input", () => {
      const fault = input.fault?.(box.value) ?? ""
      hint.textContent = fault
      hint.hidden = !fault
      box.setAttribute("aria-invalid", String(Boolean(fault)))
      if (!fault) set(box.value)
    })
    const node = labelled(input, box)
    node.append(hint)
    node.classList.add("wide")
    const show = value => {
      if (box.value === value) return
      box.value = value
      hint.hidden = true
      box.setAttribute("aria-invalid", "false")
    }
    return { node, show }
  },

  step(input, set) {
    let [at, last, timer] = [0, 0, 0]
    const go = to => {
      if (to < 0 || to > last) return
      set(to)
    }
    const button = (text, act) => {
      const one = html("button", { type: "button" }, text)
      one.addEventListener("click", act)
      return one
    }
    const stop = () => {
      clearInterval(timer)
      timer = 0
      play.textContent = "播放"
    }
    const back = button("上一步", () => {
      stop()
      go(at - 1)
    })
    const on = button("下一步", () => {
      stop()
      go(at + 1)
    })
    const play = button("播放", () => {
      if (timer) return stop()
      play.textContent = "暂停"
      if (at === last) go(0)
      timer = setInterval(() => (at < last ? go(at + 1) : stop()), BEAT)
    })
    // What moves on its own is not for readers who asked for less motion.
    play.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches
    const slider = html("input", { type: "range", min: 0, step: 1, "aria-label": input.label })
    slider.addEventListener("input", () => {
      stop()
      go(Number(slider.value))
    })
    const place = html("span", { class: "widget-place" })
    const show = (value, count) => {
      ;[at, last] = [value, count - 1]
      slider.max = last
      slider.value = at
      const text = `${input.label} ${at + 1} / ${count}`
      slider.setAttribute("aria-valuetext", text)
      place.textContent = text
      // Not `disabled`: a button that is would lose the focus.
      back.setAttribute("aria-disabled", String(at === 0))
      on.setAttribute("aria-disabled", String(at === last))
      if (at === last && timer) stop()
    }
    const buttons = html("div", { class: "widget-steps" }, back, on, play, place)
    return { node: html("div", { class: "widget-input wide" }, buttons, slider), show, stop }
  },
}

const labelled = (input, control) =>
  html("div", { class: "widget-input" }, html("label", {}, html("span", {}, input.label), control))

function enable(node, on) {
  for (const control of node.querySelectorAll("input, select, textarea")) if (control.disabled === on) control.disabled = !on
}

/** The slider of a number; none where the input wants none. */
function scale(input, moved) {
  const { min, max, step = 1, log, label } = input
  if (input.slider === false) return undefined
  const to = log ? Math.log2 : value => value
  const from = log ? place => 2 ** place : place => place
  const bounds = log ? { min: to(min), max: to(max), step: log } : { min, max, step }
  const node = html("input", { type: "range", "aria-label": `${label}（滑块）`, ...bounds })
  node.addEventListener("input", () => {
    const exact = Math.min(max, Math.max(min, from(Number(node.value))))
    const value = isWhole(input) ? Math.round(exact) : Number(exact.toPrecision(12))
    node.setAttribute("aria-valuetext", value)
    moved(value)
  })
  const show = value => {
    node.value = to(value)
    node.setAttribute("aria-valuetext", value)
  }
  return { node, show }
}

// --- A widget on the page

/** Define a widget: in a browser it comes to life wherever the page has one, in Node (tests, build) it only is defined. */
export function widget(definition) {
  if (globalThis.document) start(definition)
  return definition
}

async function start(definition) {
  const sections = document.querySelectorAll(`[data-widget="${definition.name}"]`)
  // Another widget may only want its formulas.
  if (!sections.length) return
  const models = definition.models ? await (await fetch(new URL("models.json", import.meta.url))).json() : []
  sections.forEach((section, index) => mount(section, definition, models, index))
}

function mount(section, definition, models, index) {
  const inputs = definition.inputs(models)
  const stepper = inputs.find(input => input.kind === "step")
  const key = definition.name + (index ? index + 1 : "")
  const first = started(inputs, texts(JSON.parse(section.dataset.start ?? "{}")))
  const asked = new URL(location).searchParams
  const given = inputs.flatMap(({ name }) => (asked.has(`${key}.${name}`) ? [[name, asked.get(`${key}.${name}`)]] : []))
  let state = overlaid(inputs, first, Object.fromEntries(given))
  let result, computed, frame, settling

  // --- What it is made of

  const controls = Object.fromEntries(inputs.map(input => [input.name, CONTROLS[input.kind](input, value => set(input, value))]))
  const form = html("form", { class: "widget-inputs", "aria-label": `${definition.title}：输入` }, ...fieldsets(inputs, controls))
  form.addEventListener("submit", event => event.preventDefault())
  const says = html("p", { class: "widget-says" })
  const inner = html("div")
  const shows = html("div", { class: "widget-shows", role: "group", "aria-label": `${definition.title}：结果` }, inner)
  const spoken = html("p", { class: "widget-spoken", role: "status" })
  const reset = html("button", { type: "button" }, "恢复起始值")
  const copy = html("button", { type: "button" }, "复制链接")
  const actions = html("div", { class: "widget-actions" }, reset, copy)
  const page = section.querySelector(".widget-page")
  if (page) actions.append(page)
  section.append(form, says, shows, actions, spoken)
  section.classList.add("live")

  // A box that scrolls must be reached by the keyboard, and one that does not is no stop on its way.
  const fit = () => (inner.scrollWidth > shows.clientWidth ? (shows.tabIndex = 0) : shows.removeAttribute("tabindex"))
  const sizes = new ResizeObserver(fit)
  sizes.observe(shows)
  sizes.observe(inner)

  // --- What happens to it

  function set(input, value) {
    const before = state
    state = { ...state, [input.name]: value }
    if (input.sets) Object.assign(state, input.sets(value))
    if (input !== stepper) {
      controls[stepper?.name]?.stop()
      state = loosened(inputs, state)
    }
    // What was changed shows itself, and would lose what is being typed; the others only where a preset set them.
    for (const each of inputs) {
      if (each !== input && each !== stepper && state[each.name] !== before[each.name]) controls[each.name].show(state[each.name])
    }
    changed()
  }

  function changed() {
    frame ??= requestAnimationFrame(() => {
      frame = undefined
      redraw()
    })
    spoken.textContent = ""
    clearTimeout(settling)
    settling = setTimeout(() => {
      save()
      spoken.textContent = says.textContent
    }, SETTLED)
  }

  function redraw() {
    const rest = inputs.filter(input => input !== stepper)
    if (!computed || rest.some(({ name }) => state[name] !== computed[name])) {
      result = definition.compute ? definition.compute(state, models) : undefined
      computed = state
    }
    if (stepper) {
      const count = stepper.count(result)
      state = { ...state, [stepper.name]: Math.min(state[stepper.name], count - 1) }
      controls[stepper.name].show(state[stepper.name], count)
    }
    for (const input of inputs) if (input.when) enable(controls[input.name].node, input.when(state))
    const drawn = definition.draw(result, state)
    become(says, [drawn.says].map(text => document.createTextNode(text)))
    become(inner, drawn.shows)
  }

  // --- The address: what is not as at the start, a preset standing for all that it sets

  function save() {
    const presets = inputs.filter(input => input.sets && state[input.name] !== first[input.name])
    const usual = Object.assign({}, first, ...presets.map(input => input.sets(state[input.name])))
    const url = new URL(location)
    for (const { name } of inputs) {
      if (state[name] === usual[name]) url.searchParams.delete(`${key}.${name}`)
      else url.searchParams.set(`${key}.${name}`, state[name])
    }
    history.replaceState(history.state, "", url)
  }

  reset.addEventListener("click", () => {
    controls[stepper?.name]?.stop()
    state = first
    showAll()
    changed()
  })

  copy.addEventListener("click", async () => {
    const url = new URL(page?.href ?? location.href)
    for (const { name } of inputs) url.searchParams.set(page ? `${definition.name}.${name}` : `${key}.${name}`, state[name])
    try {
      await navigator.clipboard.writeText(url)
      copy.textContent = spoken.textContent = "已复制"
    } catch {
      // Refused, or no secure context: the reader copies by hand.
      prompt("复制这个链接", url)
    }
    setTimeout(() => (copy.textContent = "复制链接"), 2000)
  })

  function showAll() {
    for (const input of inputs) if (input !== stepper) controls[input.name].show(state[input.name])
  }

  showAll()
  redraw()
}

const texts = values => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))

/** The controls in order, neighbours of one group together. */
function fieldsets(inputs, controls) {
  const out = []
  let group
  for (const input of inputs) {
    if (input.group && input.group === group?.name) group.node.append(controls[input.name].node)
    else if (input.group) {
      const node = html("fieldset", {}, html("legend", {}, input.group), controls[input.name].node)
      group = { name: input.group, node }
      out.push(node)
    } else {
      group = undefined
      out.push(controls[input.name].node)
    }
  }
  return out
}
