// Searches away from the page; search.js talks to it with {id, method, args} and gets {id, value} or {id, error}.
"use strict";

importScripts("text.js", "engine.js");

const engine = new Promise((resolve, reject) => {
  handbookSearch.load = (data) => {
    // A page's text is the argument of a call, so that it also loads as a script from file://.
    const read = async (name) => {
      const response = await fetch(`text/${name}.js`);
      if (!response.ok) throw new Error(`${response.status}`);
      const call = await response.text();
      return JSON.parse(call.slice(call.indexOf("["), call.lastIndexOf("]") + 1));
    };
    try {
      const engine = new handbookSearch.Engine(data, read);
      resolve(engine);
      // The first search compiles the code: no reader should wait for that.
      setTimeout(() => engine.search(engine.popular[0] ?? ""));
    } catch (error) {
      reject(error);
    }
  };
});
importScripts("index.js");

onmessage = async ({ data: { id, method, args } }) => {
  try {
    const ready = await engine;
    const value = method === "popular" ? ready.popular : await ready[method](...args);
    postMessage({ id, value });
  } catch (error) {
    postMessage({ id, error: String(error.message ?? error) });
  }
};
