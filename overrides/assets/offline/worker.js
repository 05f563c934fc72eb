/*
 * The service worker, loaded by sw.js with VERSION and Workbox. It serves one version of the site, the one that
 * offline.json (of that VERSION) lists, and never parts of two:
 *
 * - A file is stored under its address and its revision, after its bytes were checked against the revision. What is
 *   stored under another revision is not found, so no old page meets a new style sheet, and an update downloads only
 *   what changed.
 * - For each page the worker asks the network which version is out. While it is this one, a page that is stored is
 *   shown from the store at once. When it is a newer one, the page and all it loads come from the network, past the
 *   store: a reader with a network reads the latest text. Without an answer, the store is what there is.
 * - A newer worker first fetches the shell and whatever was stored and has changed, all of it or it does not begin; it
 *   takes over when the reader agrees, or leads the only open page elsewhere. Then what is out of date goes.
 *
 * The store is named after the scope: sites that share a host do not touch each other's.
 */

const { registerRoute } = workbox.routing
const { CacheFirst } = workbox.strategies

const ROOT = registration.scope
const BASE = new URL(ROOT).pathname
const STORE = `handbook ${ROOT}`
const LIST = "offline.json"
const WHOLE = addressOf(LIST) + "?whole" // stored while the reader wants the whole site
const PATIENCE = 2000 // ms to learn which version is out, before the store is asked
const LANES = 6 // downloads at a time

/** The pages and workers that show a newer version than this one. */
const newer = new Set()

/** A path as offline.json has it: below the root, decoded, without index.html. */
function pathOf(address) {
  const path = new URL(address).pathname.slice(BASE.length)
  try {
    return decodeURIComponent(path).replace(/(^|\/)index\.html$/, "$1")
  } catch {
    return path
  }
}

function addressOf(path) {
  return new URL(path.split("/").map(encodeURIComponent).join("/") || ".", registration.scope).href
}

const keyOf = (path, revision) => `${addressOf(path)}?${revision}`

/** The revision of a file: the first 64 bits of SHA-256, as hooks/handbook/offline.py computes them. */
async function revisionOf(response) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.arrayBuffer()))
  return Array.from(digest.slice(0, 8), byte => byte.toString(16).padStart(2, "0")).join("")
}

// --- One version of the site

/** What the revision of a path is in this version; undefined where it is no file to keep. */
async function wanted(path, event) {
  return path === LIST ? VERSION : (await list(event)).files[path]?.[0]
}

const site = new CacheFirst({
  cacheName: STORE,
  plugins: [
    {
      cacheKeyWillBeUsed: async ({ request, event }) => {
        const path = pathOf(request.url)
        return keyOf(path, await wanted(path, event))
      },
      // Past the browser's own cache, which may hold a page of yesterday. A page's redirect is the browser's business.
      requestWillFetch: async ({ request }) =>
        new Request(request.url, { cache: "no-cache", redirect: request.mode === "navigate" ? "manual" : "follow" }),
      cacheWillUpdate: async ({ request, response, event }) => {
        if (response.status !== 200 || response.redirected) return null
        return (await revisionOf(response.clone())) === (await wanted(pathOf(request.url), event)) ? response : null
      },
    },
  ],
})

let listed // promise of the list, once asked for

function list(event) {
  listed ??= site.handle({ event, request: new Request(addressOf(LIST)) }).then(response => response.json())
  listed.catch(() => (listed = undefined))
  return listed
}

/** Store a file unless it is; an error if what the network has is not the file of this version. */
async function keep(path, event) {
  const [response, stored] = site.handleAll({ event, request: new Request(addressOf(path)) })
  await response
  await stored
  const store = await caches.open(STORE)
  if (!(await store.match(keyOf(path, await wanted(path, event))))) throw new Error(`${path || "首页"} 已经是另一版`)
}

/** Store files, some at a time. At the first that fails no more are asked for, and it has ended when it says so. */
async function keepAll(paths, event) {
  const left = [...paths]
  const lane = async () => {
    try {
      while (left.length) await keep(left.shift(), event)
    } catch (error) {
      left.length = 0
      throw error
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane))
  for (const { status, reason } of lanes) if (status === "rejected") throw reason
}

/** What is stored, of any version: revisions by path. */
async function stored() {
  const found = new Map()
  for (const { url } of await (await caches.open(STORE)).keys())
    if (url !== WHOLE) found.set(pathOf(url), (found.get(pathOf(url)) ?? new Set()).add(new URL(url).search.slice(1)))
  return found
}

const wantsWhole = async () => Boolean(await (await caches.open(STORE)).match(WHOLE))

// --- Pages and what they load

/** Whether the network has this version, or another one or none; undefined when it does not say. */
async function isCurrent() {
  try {
    const reply = await fetch(new URL("sw.js", ROOT), { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })
    if (reply.status >= 500) return undefined
    return reply.ok && (await reply.text()).includes(VERSION)
  } catch {
    return undefined
  }
}

async function page({ event, request }) {
  const path = pathOf(request.url)
  const current = await isCurrent()
  if (current === false) {
    event.waitUntil(giveWay())
    try {
      const response = await fetch(new Request(request.url, { cache: "no-cache", redirect: "manual" }))
      newer.add(event.resultingClientId)
      return response
    } catch {
      // The network has gone since: the store is what there is.
    }
  }
  try {
    return (await wanted(path, event)) ? await site.handle({ event, request }) : await fetch(request)
  } catch (error) {
    return missing(path, event, error)
  }
}

/** What answers for a page that is not stored while there is no network. */
async function missing(path, event, error) {
  const { files, offline } = await list(event)
  if (`${path}/` in files) return Response.redirect(addressOf(`${path}/`))
  if (path === offline) throw error
  return Response.redirect(`${addressOf(offline)}?page=${encodeURIComponent(path)}`)
}

/** Let the newer worker, if it is ready, take over once no page is open but the one that is being left. */
async function giveWay() {
  const open = await clients.matchAll({ type: "window" })
  if (open.length <= 1) registration.waiting?.postMessage({ ask: "activate" })
}

async function file({ event, request }) {
  if (newer.has(event.clientId)) {
    if (event.resultingClientId) newer.add(event.resultingClientId)
    return fetch(request, { cache: "no-cache" })
  }
  // A part of a film is not stored: the network has it.
  const revision = request.headers.has("range") ? undefined : await wanted(pathOf(request.url), event).catch(() => undefined)
  return revision ? site.handle({ event, request }) : fetch(request)
}

const isInside = url => url.href.startsWith(ROOT)
registerRoute(({ url, request }) => isInside(url) && request.mode === "navigate", page)
registerRoute(({ url }) => isInside(url), file)

// --- From one version to the next

addEventListener("install", event => event.waitUntil(install(event)))
addEventListener("activate", event => event.waitUntil(activate(event)))

async function install(event) {
  const { files, shell } = await list(event)
  const before = await stored()
  const paths = (await wantsWhole()) ? Object.keys(files) : [...new Set([...shell, ...before.keys()])]
  await keepAll(paths.filter(path => path in files), event)
  // An open page whose text has changed may be read again.
  for (const client of await clients.matchAll({ type: "window", includeUncontrolled: true })) {
    const [revision] = files[pathOf(client.url)] ?? []
    if (before.has(pathOf(client.url)) && !before.get(pathOf(client.url)).has(revision))
      client.postMessage({ updated: true })
  }
}

async function activate(event) {
  const { files } = await list(event)
  const store = await caches.open(STORE)
  const current = new Set([WHOLE, keyOf(LIST, VERSION)])
  for (const [path, [revision]] of Object.entries(files)) current.add(keyOf(path, revision))
  for (const request of await store.keys()) if (!current.has(request.url)) await store.delete(request)
  await clients.claim()
}

// --- What pages ask; each gets {value} or {error}

const ANSWERS = {
  activate: () => skipWaiting(),
  /** Whether the page that asks is of a newer version: it then has that version's worker fetched. */
  isNewer: ({ source }) => newer.has(source.id),
  /** The list of this version, what of it is stored, and whether the reader wants all. */
  status: async event => {
    const all = await list(event)
    const before = await stored()
    const kept = Object.keys(all.files).filter(path => before.get(path)?.has(all.files[path][0]))
    return { ...all, kept, whole: await wantsWhole() }
  },
  keep: event => keepAll(event.data.paths, event),
  want: async () => (await caches.open(STORE)).put(WHOLE, new Response("")),
  /** Delete all but the shell. */
  remove: async event => {
    const { files, shell } = await list(event)
    const store = await caches.open(STORE)
    const staying = new Set([keyOf(LIST, VERSION), ...shell.map(path => keyOf(path, files[path][0]))])
    for (const request of await store.keys()) if (!staying.has(request.url)) await store.delete(request)
  },
}

addEventListener("message", event => {
  const [port] = event.ports
  const answer = (async () => ANSWERS[event.data.ask](event))()
  event.waitUntil(
    answer.then(
      value => port?.postMessage({ value }),
      error => port?.postMessage({ error: error.message }),
    ),
  )
})
