/*
 * Stands in the place of the service worker where there is none (a preview): a worker that an earlier site at this
 * address left behind is replaced by this one, which deletes what was kept and ends.
 */

addEventListener("install", () => skipWaiting())
addEventListener("activate", event => event.waitUntil(end()))

async function end() {
  await caches.delete(`handbook ${registration.scope}`)
  await registration.unregister()
}
