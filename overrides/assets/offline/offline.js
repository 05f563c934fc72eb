/*
 * The page 离线阅读: downloads the whole site for the worker to keep, file by file, and lists the pages that are kept.
 * The worker also leads here from a page that is not, whose path is then `?page=`.
 */

(() => {
  const BATCH = 12 // files that the worker is asked to keep at once
  const offline = window.handbookOffline // of register.js; missing where there can be no worker
  if (!offline) return

  const root = new URL("../../", new URL(".", document.currentScript.src))
  const tools = document.querySelector(".offline-tools")
  const state = tools.querySelector(".offline-state")
  const bar = tools.querySelector("progress")
  const { download, cancel, remove } = Object.fromEntries(
    Array.from(tools.querySelectorAll("button"), button => [button.name, button]),
  )
  let loading = false
  let known // the last answer about what is kept

  const addressOf = path => new URL(path.split("/").map(encodeURIComponent).join("/") || ".", root).href
  const megabytes = size => `${(size / 1e6).toFixed(size < 1e7 ? 1 : 0)} MB`
  const sizeOf = paths => paths.reduce((sum, path) => sum + known.files[path][1], 0)

  function link(path, title) {
    return Object.assign(document.createElement("a"), { href: addressOf(path), textContent: title })
  }

  async function look() {
    known = await offline.ask({ ask: "status" })
    show()
    list()
  }

  function show(trouble = "") {
    const all = Object.keys(known.files)
    const missing = all.length - known.kept.length
    const beyondShell = known.kept.length - known.kept.filter(path => known.shell.includes(path)).length
    const amount = paths => `${paths.length} 个文件，${megabytes(sizeOf(paths))}`
    state.textContent =
      trouble ||
      (loading
        ? `正在下载：${megabytes(sizeOf(known.kept))}，共 ${megabytes(sizeOf(all))}。离开这一页就停下，回来可以接着下载。`
        : missing
          ? `整站 ${amount(all)}；这台设备上已有 ${amount(known.kept)}。`
          : `整站都在这台设备上：${amount(all)}。`)
    bar.hidden = !loading
    bar.max = sizeOf(all)
    bar.value = sizeOf(known.kept)
    download.hidden = loading || !missing
    download.textContent = known.whole ? "接着下载" : "下载整站"
    cancel.hidden = !loading
    remove.hidden = loading || !beyondShell
    tools.hidden = false
    document.querySelector(".offline-unable").hidden = true
  }

  /** The pages that are kept, in reading order. */
  function list() {
    const kept = new Set(known.kept)
    const pages = known.pages.filter(([path]) => kept.has(path))
    const box = document.querySelector(".offline-kept")
    box.hidden = !pages.length
    box.querySelector("ul").replaceChildren(
      ...pages.map(([path, title]) => {
        const item = document.createElement("li")
        item.append(link(path, title))
        return item
      }),
    )
  }

  async function start() {
    loading = true
    // Without this the browser may throw the site away when the disk is full.
    await navigator.storage?.persist?.()
    try {
      await offline.ask({ ask: "want" })
      known.whole = true
      const kept = new Set(known.kept)
      const left = Object.keys(known.files).filter(path => !kept.has(path))
      while (loading && left.length) {
        show()
        const paths = left.splice(0, BATCH)
        await offline.ask({ ask: "keep", paths })
        known.kept.push(...paths)
      }
      loading = false
      await look()
    } catch (error) {
      loading = false
      await look()
      show(`下载停在半路：${error.message}。已下载的都留着，可以接着下载；如果网站刚刚更新，先刷新这一页。`)
    }
  }

  async function empty() {
    await offline.ask({ ask: "remove" })
    await look()
  }

  /** Say which page was asked for, and open it as soon as there is a network. */
  function explain(path) {
    const [, title] = known.pages.find(([each]) => each === path) ?? [path, path]
    const note = document.querySelector(".offline-missing")
    note.append("现在没有网络，「", link(path, title), "」还没有存在这台设备上。有了网络就自动打开。")
    note.hidden = false
    addEventListener("online", () => location.replace(addressOf(path)))
  }

  download.addEventListener("click", start)
  cancel.addEventListener("click", () => (loading = false))
  remove.addEventListener("click", empty)

  const asked = new URLSearchParams(location.search).get("page")
  look()
    .then(() => asked !== null && explain(asked))
    .catch(error => (document.querySelector(".offline-unable").textContent = `离线存储读不出来：${error.message}`))
})()
