/*
 * Tables of models: sorting by the heads of columns, filters, the state in the address (hooks/handbook/model_table.py).
 * The tables are whole without this; a column sorts by data-sort, and what is not published comes last either way.
 */

const FACETS = { maker: "机构", kind: "类型", sparsity: "稠密或 MoE" }
const NEXT = { none: "ascending", ascending: "descending", descending: "none" }

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

/** Compare by number where both are one, else as text in Chinese. */
function compare(a, b) {
  const [x, y] = [Number(a), Number(b)]
  return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "zh", { numeric: true }) : x - y
}

function enhance(box, index) {
  if ("enhanced" in box.dataset) return
  box.dataset.enhanced = ""
  const table = box.querySelector("table")
  const body = table.tBodies[0]
  const rows = [...body.rows]
  const heads = [...table.tHead.rows[0].cells]
  const prefix = index ? `models${index + 1}-` : "models-"
  const state = { q: "", sort: "" }

  // --- Filters: only such as leave a choice

  const search = element("input", { type: "search", autocomplete: "off" })
  const selects = Object.fromEntries(
    Object.entries(FACETS).flatMap(([facet, label]) => {
      const values = [...new Set(rows.map(row => row.dataset[facet]))]
      if (values.length < 2) return []
      const options = values.map(value => element("option", { value, textContent: value }))
      const select = element("select", {}, element("option", { value: "", textContent: "全部" }), ...options)
      state[facet] = ""
      return [[facet, { label, select }]]
    }),
  )
  const count = element("output")
  count.setAttribute("aria-live", "polite")
  const clear = element("button", { type: "button", textContent: "清除" })
  const tools = element("div", { className: "models-tools" })
  tools.setAttribute("role", "search")
  tools.setAttribute("aria-label", `筛选：${table.caption.textContent}`)
  tools.append(element("label", {}, "查找", search))
  for (const { label, select } of Object.values(selects)) tools.append(element("label", {}, label, select))
  tools.append(clear, count)
  box.prepend(tools)

  // --- Heads

  for (const head of heads) {
    const column = head.cellIndex
    if (column && !rows.some(row => row.cells[column].dataset.sort)) continue
    const button = element("button", { type: "button" }, ...head.childNodes)
    head.append(button)
    head.setAttribute("aria-sort", "none")
    button.addEventListener("click", () => {
      const order = NEXT[head.getAttribute("aria-sort")]
      state.sort = { none: "", ascending: head.dataset.column, descending: `-${head.dataset.column}` }[order]
      show()
      save()
    })
  }

  const key = (row, column) => (column ? row.cells[column].dataset.sort : row.cells[0].textContent)

  function sorted() {
    const down = state.sort.startsWith("-")
    const sortable = heads.filter(each => each.hasAttribute("aria-sort"))
    const head = sortable.find(each => each.dataset.column === state.sort.replace(/^-/, ""))
    for (const each of sortable) each.setAttribute("aria-sort", "none")
    if (!head) return rows
    head.setAttribute("aria-sort", down ? "descending" : "ascending")
    const known = rows.filter(row => key(row, head.cellIndex) !== undefined)
    known.sort((a, b) => compare(key(a, head.cellIndex), key(b, head.cellIndex)) * (down ? -1 : 1))
    return [...known, ...rows.filter(row => key(row, head.cellIndex) === undefined)]
  }

  function show() {
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean)
    let shown = 0
    for (const row of sorted()) {
      const text = row.textContent.toLowerCase()
      const fits = words.every(word => text.includes(word))
      row.hidden = !fits || Object.keys(selects).some(facet => state[facet] && row.dataset[facet] !== state[facet])
      shown += !row.hidden
      body.append(row)
    }
    const head = heads.find(each => ["ascending", "descending"].includes(each.getAttribute("aria-sort")))
    const order = head && `，按${head.textContent}${head.getAttribute("aria-sort") === "ascending" ? "升序" : "降序"}`
    count.textContent = `${rows.length} 个模型，显示 ${shown} 个${order ?? ""}`
    search.value = state.q
    for (const [facet, { select }] of Object.entries(selects)) select.value = state[facet]
    clear.hidden = !Object.values(state).some(Boolean)
  }

  // --- The address: what is not at its default

  function save() {
    const url = new URL(location)
    for (const [name, value] of Object.entries(state)) {
      if (value) url.searchParams.set(prefix + name, value)
      else url.searchParams.delete(prefix + name)
    }
    history.replaceState(history.state, "", url)
  }

  function load() {
    const asked = new URL(location).searchParams
    for (const name of Object.keys(state)) state[name] = asked.get(prefix + name) ?? ""
    for (const [facet, { select }] of Object.entries(selects)) {
      if (![...select.options].some(option => option.value === state[facet])) state[facet] = ""
    }
  }

  search.addEventListener("input", () => {
    state.q = search.value
    show()
    save()
  })
  for (const [facet, { select }] of Object.entries(selects)) {
    select.addEventListener("change", () => {
      state[facet] = select.value
      show()
      save()
    })
  }
  clear.addEventListener("click", () => {
    for (const name of Object.keys(state)) state[name] = ""
    show()
    save()
    search.focus()
  })
  load()
  show()
}

const start = () => document.querySelectorAll(".models").forEach(enhance)
start()
// With Material's instant navigation the page changes without the module being run again.
globalThis.document$?.subscribe(start)
