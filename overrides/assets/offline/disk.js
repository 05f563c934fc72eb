/*
 * For pages that are opened from the disk (hooks/handbook/disk.py), where a browser lets no script fetch a file: it
 * runs the script beside the file instead, `<file>.js`, which calls `diskFile` with the file's text.
 */

(() => {
  const fetched = window.fetch
  const waiting = new Map()

  window.diskFile = text => waiting.get(document.currentScript.src)(new Response(text))

  window.fetch = (input, options) => {
    const address = new URL(input.url ?? input, document.baseURI)
    if (address.protocol !== "file:") return fetched(input, options)
    return new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement("script"), { src: `${address.href}.js` })
      waiting.set(script.src, resolve)
      script.onerror = () => reject(new TypeError(`${address.href} 不能从硬盘读取`))
      document.head.append(script)
    })
  }
})()
