// What search compares: texts folded, split into units, squeezed. Page, worker and tests share it; hooks/handbook/
// search_index.py does the same to the pages. No ES module: browsers load none from file://.
"use strict";

var handbookSearch = self.handbookSearch || {};
self.handbookSearch = handbookSearch;

(() => {
  const HAN = /[\u3007\u3400-\u9fff]/;
  const RUN = /([\u3007\u3400-\u9fff]+)|((?:(?![\u3007\u3400-\u9fff])[\p{L}\p{N}])+)/gu;
  const WORD = /[\p{L}\p{N}]/u;
  // Sentences end here; every other sign between words is ignored: `kv cache`, `KV-Cache` and `kvcache` are one.
  const STOP = /[\n,;!?，。；！？]/;
  // No page is looked for by pairs with these: the index has none of them.
  const GLUE = /[的了是就都也把被]/;
  // Characters of questions and grammar: pairs that hold one say little about what is looked for.
  const WEAK = new Set("的了是吗呢么和与或在有会要就都也很把被为什怎哪几啊吧其中对从到让用个这那它你我");
  const WEAK_WORDS = new Set(
    "a an and are can do does for from how in is it of on or the to what when which why with vs".split(" "),
  );
  // What questions are made of stands apart, so that no pair reaches across its edges.
  const ASKING =
    /(?:为什么|为啥|怎么样|怎么办|怎么|怎样|如何|什么是|是什么|有什么|什么|是不是|能不能|要不要|有没有|有哪些|有多少|哪些|哪个|哪种|哪里|哪儿|多少|到底|究竟|可以|是否|请问)(?:能|要|会|可以|需要)?/g;
  const MOST_UNITS = 48;

  // Character codes as they compare, filled on demand; `variants` maps traditional to simplified characters.
  const table = new Uint16Array(65536);
  const variants = new Map();

  function setVariants(pairs) {
    table.fill(0);
    variants.clear();
    for (let at = 0; at < pairs.length; at += 2) variants.set(pairs[at], pairs[at + 1]);
  }

  function foldChar(char) {
    for (const step of [variants.get(char) ?? "", char.normalize("NFKC").toLowerCase(), char.toLowerCase()])
      if (step.length === 1) return step;
    return char;
  }

  /** The text as it compares; as long as before, so that places stay. */
  function fold(text) {
    let out = "";
    const codes = new Uint16Array(Math.min(text.length, 8192));
    for (let start = 0; start < text.length; start += codes.length) {
      const size = Math.min(codes.length, text.length - start);
      for (let at = 0; at < size; at++) {
        const code = text.charCodeAt(start + at);
        codes[at] = table[code] ||= foldChar(String.fromCharCode(code)).charCodeAt(0);
      }
      out += String.fromCharCode.apply(null, codes.subarray(0, size));
    }
    return out;
  }

  /** The terms of a text, as the index has them. */
  function terms(text) {
    const out = [];
    for (const [, han, word] of fold(text).matchAll(RUN))
      if (word) out.push(word);
      else
        for (let at = 0; at < Math.max(1, han.length - 1); at++)
          if (!GLUE.test(han.slice(at, at + 2))) out.push(han.slice(at, at + 2));
    return out;
  }

  /** The runs of Han characters and the words of a text. */
  const runs = (text) => fold(text).match(RUN) ?? [];

  /** A query as units in its order: pairs of Han characters, single ones, words. `weight` is what grammar leaves. */
  function units(query) {
    const out = [];
    // Han characters typed with spaces between single ones are one run.
    const text = fold(query.slice(0, 400)).replace(
      /(?<=^|[^\u3400-\u9fff])([\u3400-\u9fff])(?:\s+[\u3400-\u9fff])+(?![\u3400-\u9fff])/g,
      (run) => run.replace(/\s+/g, ""),
    );
    let run = 0;
    const han = (part, asking) => {
      run++;
      for (let at = 0; at < Math.max(1, part.length - 1); at++) {
        const pair = part.slice(at, at + 2);
        const weak = [...pair].filter((char) => WEAK.has(char)).length;
        const weight = asking || weak === pair.length ? 0.1 : weak ? 0.3 : pair.length === 1 ? 0.7 : 1;
        out.push({ text: pair, han: true, run, weight });
      }
    };
    for (const [, characters, word] of text.matchAll(RUN)) {
      if (word)
        out.push({
          text: word,
          han: false,
          run: ++run,
          weight: WEAK_WORDS.has(word) ? 0.15 : word.length === 1 ? 0.7 : 1.6,
        });
      else {
        let from = 0;
        for (const asking of characters.matchAll(ASKING)) {
          if (asking.index > from) han(characters.slice(from, asking.index), false);
          han(asking[0], true);
          from = asking.index + asking[0].length;
        }
        if (from < characters.length) han(characters.slice(from), false);
      }
      if (out.length >= MOST_UNITS) break;
    }
    return out.slice(0, MOST_UNITS);
  }

  /**
   * A text without spaces and signs: `text`, the place `from` that each character had, and `starts`, which are 1 where
   * a word may begin: after a sign, at a change of script, and at a hump as in FlashAttention.
   */
  function squeeze(original) {
    const folded = fold(original);
    const from = new Uint32Array(folded.length);
    const starts = new Uint8Array(folded.length + 1);
    const kept = new Uint16Array(folded.length);
    let size = 0;
    let before = 0; // kind of the character before: 0 none, 1 Han, 2 digit, 3 letter
    for (let at = 0; at < folded.length; at++) {
      const char = folded[at];
      const code = folded.charCodeAt(at);
      const kind =
        code >= 0x3400 && code <= 0x9fff
          ? 1
          : code >= 48 && code <= 57
            ? 2
            : (code >= 97 && code <= 122) || (code > 127 && WORD.test(char))
              ? 3
              : 0;
      if (kind === 0) {
        if (STOP.test(char) && size && kept[size - 1] !== 10) {
          from[size] = at;
          starts[size] = 1;
          kept[size++] = 10;
        }
        before = 0;
        continue;
      }
      const hump = kind === 3 && original[at] !== char && at > 0 && original[at - 1] === folded[at - 1];
      starts[size] = kind === 1 || kind !== before || hump ? 1 : 0;
      from[size] = at;
      kept[size++] = code;
      before = kind;
    }
    starts[size] = 1;
    let text = "";
    for (let at = 0; at < size; at += 8192)
      text += String.fromCharCode.apply(null, kept.subarray(at, Math.min(size, at + 8192)));
    return { text, from: from.subarray(0, size), starts: starts.subarray(0, size + 1), original };
  }

  /** Calls `hit(place, length, quality)` for each place of `form` in a squeezed text; a word must begin at a start. */
  function find(form, squeezed, hit, most = 400) {
    const { text, starts } = squeezed;
    const han = HAN.test(form[0]);
    for (let at = text.indexOf(form); at >= 0 && most > 0; at = text.indexOf(form, at + 1)) {
      if (!han && !starts[at]) continue;
      const whole = han || starts[at + form.length] === 1;
      if (!whole && form.length < 2) continue;
      most--;
      hit(at, form.length, whole ? 1 : 0.7);
    }
  }

  /** The ranges of a text, as [start, end] in order, that match one of the forms. */
  function ranges(original, forms) {
    const squeezed = squeeze(original);
    const found = [];
    for (const form of forms)
      find(form, squeezed, (at, length) => found.push([squeezed.from[at], squeezed.from[at + length - 1] + 1]));
    found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const out = [];
    for (const range of found) {
      const last = out[out.length - 1];
      // What stands between two matches of one word, as the space of `KV cache`, is part of it.
      if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
      else out.push(range);
    }
    return out;
  }

  Object.assign(handbookSearch, {
    setVariants,
    fold,
    terms,
    runs,
    units,
    squeeze,
    find,
    ranges,
    isGlue: (text) => GLUE.test(text),
    isHan: (char) => HAN.test(char),
  });
})();
