/*
 * Starts the service worker (worker.js), says when the page that is open has been updated, and gives
 * `handbookOffline.ask` to the page 离线阅读.
 */

(() => {
  const folder = new URL(".", document.currentScript.src)
  const root = new URL("../../", folder)
  const workers = navigator.serviceWorker

  if (!workers || !location.protocol.startsWith("http")) return

  /** What the worker answers to a question; an error if it has one, or if there is no worker. */
  function ask(question, worker = workers.controller) {
    return new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.value))
      worker.postMessage(question, [port2])
    })
  }

  const registered = new Promise(resolve => addEventListener("load", resolve)).then(() =>
    // Not from the browser's cache, where a part of the worker could be older than the rest.
    workers.register(new URL("sw.js", root), { scope: root.href, updateViaCache: "none" }),
  )
  registered.catch(error => console.warn("离线阅读用不了：", error))

  /** Whether this page is newer than the worker that let it through, which then has a successor to fetch. */
  const isNewer = registered.then(async registration => {
    const newer = Boolean(workers.controller) && (await ask({ ask: "isNewer" }))
    if (newer) registration.update().catch(console.warn)
    return newer
  })

  // The first page was loaded before there was a worker to keep it.
  if (!workers.controller)
    workers.addEventListener(
      "controllerchange",
      async () => {
        const loaded = performance.getEntriesByType("resource").map(({ name }) => name)
        const own = [location.href, ...loaded].filter(address => address.startsWith(root.href))
        // One after the other: all at once would hold up the reader.
        for (const address of new Set(own)) await fetch(address).catch(console.warn)
      },
      { once: true },
    )

  // --- The note about an update

  workers.addEventListener("message", async ({ data }) => {
    if (data.updated && !(await isNewer)) show()
  })

  function button(properties, listener) {
    const made = Object.assign(document.createElement("button"), { type: "button", ...properties })
    made.addEventListener("click", listener)
    return made
  }

  function show() {
    if (document.querySelector(".site-updated")) return
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("offline.css", folder) })
    const note = Object.assign(document.createElement("div"), { className: "site-updated" })
    note.setAttribute("role", "status")
    const close = button({ textContent: "×" }, () => note.remove())
    close.setAttribute("aria-label", "关闭提示")
    note.append(button({ textContent: "网站已更新，点此刷新" }, refresh), close)
    document.head.append(style)
    document.body.append(note)
  }

  /** Show the new version: once its worker has taken over, which another tab may have had it do. */
  async function refresh() {
    const { waiting } = await registered
    if (!waiting) return location.reload()
    workers.addEventListener("controllerchange", () => location.reload(), { once: true })
    waiting.postMessage({ ask: "activate" })
  }

  window.handbookOffline = { ask: async question => ask(question, (await workers.ready).active) }
})()
