// The search box: starts the engine when it is needed, shows what it finds. `window.siteSearch` is the engine for tests
// and tools. Everything from the index goes into the page as text, never as HTML.
"use strict";

(() => {
  const folder = new URL(".", document.currentScript.src);
  const root = new URL("../../", folder);
  const form = document.forms.namedItem("site-search");
  const input = form.elements.namedItem("query");
  const toggle = document.getElementById("__search");
  const list = document.querySelector(".md-search-result__list");
  const meta = document.querySelector(".md-search-result__meta");
  const suggest = document.querySelector(".md-search__suggest");
  const share = form.querySelector("[data-clipboard]");
  const { features, translations } = JSON.parse(document.getElementById("__config").textContent);
  const RECENT = `${root.pathname}.recent-searches`;
  const STEP = 10;

  // --- the engine: in a worker; browsers start none from file://, where it runs in the page instead

  const script = (name) =>
    new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = new URL(name, folder);
      element.onload = resolve;
      element.onerror = () => reject(new Error(`${name} 没有载入`));
      document.head.append(element);
    });

  let loadedText;
  const text = () => (loadedText ??= script("text.js").then(() => self.handbookSearch));

  function inWorker() {
    const worker = new Worker(new URL("worker.js", folder));
    const waiting = new Map();
    let last = 0;
    worker.onmessage = ({ data: { id, value, error } }) => {
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error) reject(new Error(error));
      else resolve(value);
    };
    const ask = (method, ...args) =>
      new Promise((resolve, reject) => {
        waiting.set(++last, { resolve, reject });
        worker.postMessage({ id: last, method, args });
      });
    worker.onerror = (event) => {
      for (const { reject } of waiting.values()) reject(new Error(event.message || "搜索没有载入"));
      waiting.clear();
    };
    return ask;
  }

  async function inPage() {
    const search = await text();
    await script("engine.js");
    const reading = new Map();
    search.text = (name, sections) => reading.get(name)(sections);
    const read = (name) =>
      new Promise((resolve, reject) => {
        reading.set(name, resolve);
        script(`text/${name}.js`).catch(reject);
      });
    let engine;
    search.load = (data) => (engine = new search.Engine(data, read));
    await script("index.js");
    return async (method, ...args) => (method === "popular" ? engine.popular : engine[method](...args));
  }

  let started;
  /** Starts the engine once; the promise is of the function that asks it, and is kept once the engine has answered. */
  function start() {
    started ??= (async () => {
      const ask = location.protocol === "file:" ? await inPage() : inWorker();
      return { ask, popular: await ask("popular") };
    })();
    started.catch(() => (started = undefined));
    return started;
  }

  async function ask(method, ...args) {
    return (await start()).ask(method, ...args);
  }

  /** The pages that a query finds, as the box shows them; `url` is relative to the root of the site. */
  window.siteSearch = async (query, limit = STEP) => {
    const { rows } = await ask("search", query, limit);
    return rows.map(({ url, title, excerpt }) => ({ url, title, excerpt }));
  };

  // --- the list

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  /** A text with the matches of the query marked. */
  function marked(string, forms) {
    const parts = document.createDocumentFragment();
    let at = 0;
    for (const [start, end] of self.handbookSearch.ranges(string, forms)) {
      parts.append(string.slice(at, start), element("mark", { textContent: string.slice(start, end) }));
      at = end;
    }
    parts.append(string.slice(at));
    return parts;
  }

  function href(url, highlight) {
    const [path, anchor] = url.split("#");
    const target = new URL(path ? encodeURI(path) : ".", root);
    if (location.protocol === "file:" && target.pathname.endsWith("/")) target.pathname += "index.html";
    if (features.includes("search.highlight") && highlight) target.searchParams.set("h", highlight);
    if (anchor) target.hash = anchor;
    return target.href;
  }

  function link({ url, title, excerpt }, { forms, highlight }, heading) {
    const article = element("article", { className: "md-search-result__article md-typeset" });
    if (heading === "h1") article.append(element("div", { className: "md-search-result__icon md-icon" }));
    article.append(element(heading, {}, marked(title, forms)), element("p", {}, marked(excerpt, forms)));
    return element("a", { className: "md-search-result__link", href: href(url, highlight) }, article);
  }

  function item(row, result) {
    const links = [link(row, result, "h1"), ...row.sections.map((section) => link(section, result, "h2"))];
    return element("li", { className: "md-search-result__item" }, ...links);
  }

  function hint(label, queries, more) {
    const buttons = queries.map((query) => {
      const button = element("button", { type: "button", textContent: query });
      button.onclick = () => look(query);
      return element("li", {}, button);
    });
    if (more) buttons.push(element("li", {}, more));
    return element("li", { className: "search-hint" }, label, element("ul", {}, ...buttons));
  }

  function recent() {
    try {
      const kept = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
      return Array.isArray(kept) ? kept.filter((query) => typeof query === "string").slice(0, 6) : [];
    } catch {
      return []; // Storage may be switched off, or hold something else.
    }
  }

  function keep(query) {
    if (!query) return;
    try {
      localStorage.setItem(RECENT, JSON.stringify([query, ...recent().filter((old) => old !== query)].slice(0, 6)));
    } catch {
      // Without storage there are no recent searches.
    }
  }

  function hints(popular) {
    const old = recent();
    const clear = element("button", { type: "button", textContent: "清除" });
    clear.onclick = () => {
      localStorage.removeItem(RECENT);
      input.focus();
      search();
    };
    return [
      ...(old.length ? [hint("最近搜过", old, clear)] : []),
      ...(popular.length ? [hint("常看的概念", popular)] : []),
    ];
  }

  /** Puts new rows into the list: a result that has the focus keeps it, or leaves it to the box when it is gone. */
  function fill(rows) {
    const held = list.contains(document.activeElement) ? document.activeElement.href : undefined;
    list.replaceChildren(...rows);
    if (held) ([...list.querySelectorAll("a[href]")].find(({ href }) => href === held) ?? input).focus();
  }

  function show(result, popular) {
    const { rows, total, mended, suggestions } = result;
    const count = total === 0 ? "search.result.none" : total === 1 ? "search.result.one" : "search.result.other";
    const better = mended.map(([, word]) => word).join("、");
    meta.textContent = translations[count].replace("#", String(total)) + (better ? `，已按 ${better} 查找` : "");
    const shown = rows.map((row) => item(row, result));
    if (suggestions.length) shown.unshift(hint("你要找的是不是", suggestions));
    if (!rows.length) shown.push(...hints(popular));
    if (total > rows.length && rows.length >= limit) {
      const more = element("button", {
        type: "button",
        className: "search-more",
        textContent: `再看 ${Math.min(STEP, total - rows.length)} 页`,
      });
      more.onclick = () => {
        const at = rows.length;
        limit += STEP;
        search().then(() => list.querySelectorAll(".md-search-result__item")[at]?.querySelector("a").focus());
      };
      shown.push(element("li", {}, more));
    }
    fill(shown);
  }

  // --- typing

  let limit = STEP;
  let running = false;
  let again = false;

  /** Shows what the box asks for; while one query runs only the latest one waits. */
  async function search() {
    again = running;
    if (running) return;
    running = true;
    const query = input.value;
    try {
      if (share) {
        const address = new URL(location.href);
        address.search = new URLSearchParams({ q: query }).toString();
        address.hash = "";
        share.setAttribute("data-clipboard-text", address.href);
      }
      const [{ ask, popular }] = await Promise.all([start(), text()]);
      if (query.trim()) {
        const [result, completion] = await Promise.all([
          ask("search", query, limit),
          suggest ? ask("completion", query) : "",
        ]);
        if (suggest) suggest.textContent = input.value === query ? completion : "";
        if (!again) show(result, popular);
      } else {
        if (suggest) suggest.textContent = "";
        meta.textContent = translations["search.result.placeholder"];
        fill(hints(popular));
      }
    } catch (error) {
      meta.textContent = `搜索出错：${error.message}`;
      fill([]);
    }
    running = false;
    if (again) await search();
  }

  function look(query) {
    input.value = query;
    limit = STEP;
    open();
    return search();
  }

  function open() {
    if (!toggle.checked) toggle.click();
    input.focus();
  }

  function close() {
    if (toggle.checked) toggle.click();
    input.blur();
    const address = new URL(location.href);
    if (address.searchParams.has("q")) {
      address.searchParams.delete("q");
      try {
        history.replaceState(history.state, "", address);
      } catch {
        // Browsers keep the address of a file as it is.
      }
    }
  }

  input.addEventListener("input", (event) => {
    limit = STEP;
    // Half a word of an input method is no query yet.
    if (!event.isComposing) search();
  });
  input.addEventListener("compositionend", search);
  input.addEventListener("focus", () => {
    if (!toggle.checked) toggle.click();
    search();
  });
  toggle.addEventListener("change", () => (toggle.checked ? input.focus() : input.blur()));
  document.querySelector(".md-search").addEventListener("focusout", ({ currentTarget, relatedTarget }) => {
    // The tabulator leads out of the box: what it covers is wanted. Without a target a click did it, which knows its own.
    if (toggle.checked && relatedTarget && !currentTarget.contains(relatedTarget)) close();
  });
  form.addEventListener("reset", () => setTimeout(() => look("")));
  form.addEventListener("submit", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    if (!event.target.closest("a")) return;
    keep(input.value.trim());
    close();
  });

  // --- keys

  const typing = (target) => target.closest?.("input, select, textarea, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (event.isComposing) return;
    if ((ctrlKey || metaKey) && key.toLowerCase() === "k") {
      event.preventDefault();
      open();
      input.select();
    } else if (ctrlKey || metaKey || altKey) {
      return;
    } else if (toggle.checked) {
      move(event);
    } else if (["/", "s", "f"].includes(key) && !typing(target)) {
      event.preventDefault();
      open();
    }
  });

  function move(event) {
    const { key, target } = event;
    if (key === "Escape") {
      close();
    } else if (key === "Enter" && target === input) {
      event.preventDefault();
      // What was typed last may still be looked for.
      const first = () => list.querySelector("a[href]")?.click();
      if (running) search().then(() => waitIdle().then(first));
      else first();
    } else if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      const stops = [input, ...list.querySelectorAll("a[href], button")];
      const at = Math.max(0, stops.indexOf(target));
      stops[(at + stops.length + (key === "ArrowDown" ? 1 : -1)) % stops.length].focus();
    } else if (
      key === "ArrowRight" &&
      target === input &&
      suggest?.textContent &&
      input.selectionStart === input.value.length
    ) {
      look(suggest.textContent);
    } else if (key.length === 1 && target !== input && !typing(target) && key !== " ") {
      input.focus(); // What is typed with a result in focus goes on in the box.
    }
  }

  async function waitIdle() {
    while (running) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  // --- addresses: ?q= opens the search, ?h= marks what was looked for

  async function highlight(query) {
    const { units, ranges } = await text();
    const forms = units(query)
      .filter((unit) => !unit.han || unit.weight >= 0.3)
      .map((unit) => unit.text);
    const article = document.querySelector(".md-content__inner");
    if (!article || !forms.length) return;
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement.closest("script, style, svg, pre, .katex, .headerlink, .md-content__button")
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_ACCEPT,
    );
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    for (const node of nodes) {
      const found = ranges(node.data, forms);
      for (const [start, end] of found.reverse()) {
        node.splitText(end);
        const match = node.splitText(start);
        const mark = element("mark");
        mark.dataset.mdHighlight = "";
        match.replaceWith(mark);
        mark.append(match);
      }
    }
  }

  const { searchParams } = new URL(location.href);
  if (searchParams.has("q")) look(searchParams.get("q"));
  if (searchParams.has("h")) highlight(searchParams.get("h"));
})();
