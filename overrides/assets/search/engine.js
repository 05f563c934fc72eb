// Finds and ranks. All of the scoring is here; text.js says what a unit is, search_index.py what the index holds.
//
// A query is a list of units. A unit weighs log(1 + pages / pages that have it), times what grammar leaves of it: words
// such as 为什么 count little. Units that no page has are dropped, after a word was tried as two words, joined with its
// neighbour, and mended (`forms`). `share` is the weight of the units that a text has, of all; `cover` is how much of a
// short text they make up. What a text is worth to the query:
//
//   name      8 share (0.4 + 0.6 cover)   title, name or alias of a concept
//           + 20 if it is the query (24 in its very spelling)     the concept itself comes first
//           + 6 share if the query holds it whole           什么是旋转位置编码
//           + 5 (0.5 + 0.5 query/name) if it begins with the query       half typed: 分组查
//   question  5 share (0.5 + 0.5 cover)   interview questions, statements of the warnings
//   heading   4 share (0.5 + 0.5 cover)
//   summary   3 share
//   tags      1 share
//   body      4 share, words that often occur a little more
//           + 4 phrase², the share of the longest part of the query that stands in it letter for letter
//           + 1 how near its words stand
//
// A page has its names or those of its best section, whichever are worth more, its summary and tags, and its best
// section: heading or question, and body. All that times 0.3 + 0.7 share of the units the page has at all, and times
// 0.75 where it is no concept's home. First every page is scored with what the index knows of its body, the presence of
// terms; the best READ of them are read and scored again with their text, and the others follow with their summaries.
// A row leads to its page's best section, where the units that the page's own name explains count little: for `GQA 质量`
// the section on quality, for `GQA` the top.
"use strict";

(() => {
  const { setVariants, fold, runs, units: unitsOf, squeeze, find, ranges, isGlue, isHan } = handbookSearch;
  const FORMAT = 1;
  const SURVEYED = 48; // pages whose headings are looked at
  const READ = 5; // pages whose text is read; twice as many change nothing but the wait
  const MOST_HITS = 40; // of one unit in one section
  const RARE = 3; // pages: fewer make a unit no heavier, for the pairs across the edge of two words are rare too
  const EXCERPT = 110;
  const DIGIT = new Int16Array(128).fill(-1);
  for (let code = 35, value = 0; code < 127; code++) if (code !== 92) DIGIT[code] = value++;

  /** Numbers that search_index.py packed into a text. */
  function unpacked(text) {
    const out = new Uint32Array(text.length);
    let size = 0;
    let number = 0;
    let scale = 1;
    for (let at = 0; at < text.length; at++) {
      const digit = DIGIT[text.charCodeAt(at)];
      number += digit * scale;
      if (digit < 60) {
        out[size++] = number;
        number = 0;
        scale = 1;
      } else scale *= 31;
    }
    return out.subarray(0, size);
  }

  /** Sums of gaps: the ascending numbers they stand for. */
  function summed(gaps) {
    for (let at = 1; at < gaps.length; at++) gaps[at] += gaps[at - 1];
    return gaps;
  }

  /** Pages of each term, one after the other, doubled, plus one where the term is frequent; `starts` parts them. */
  function postings(counts, gaps) {
    const sizes = unpacked(counts);
    const entries = unpacked(gaps);
    const starts = new Uint32Array(sizes.length + 1);
    for (let term = 0; term < sizes.length; term++) {
      starts[term + 1] = starts[term] + sizes[term] + 1;
      let page = 0;
      for (let at = starts[term]; at < starts[term + 1]; at++) {
        page += entries[at] >> 1;
        entries[at] = page * 2 + (entries[at] & 1);
      }
    }
    return { starts, entries };
  }

  /** Where `wanted` is in an ascending list, or would be. */
  function place(list, wanted) {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** A short text, squeezed when it is first looked at; `key` has no sentence ends, for comparing whole names. */
  class Short {
    constructor(original) {
      this.original = original;
    }
    get squeezed() {
      return (this.made ??= squeeze(this.original));
    }
    get key() {
      return (this.whole ??= this.squeezed.text.replaceAll("\n", ""));
    }
  }

  /** Edits between two words, neighbours swapped being one; more than `most` is `most + 1`. */
  function edits(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let two = [];
    let one = Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      let least = i;
      for (let j = 1; j <= b.length; j++) {
        let cost = Math.min(one[j] + 1, row[j - 1] + 1, one[j - 1] + (a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, two[j - 2] + 1);
        row.push(cost);
        least = Math.min(least, cost);
      }
      if (least > most) return most + 1;
      [two, one] = [one, row];
    }
    return one[b.length];
  }

  class Engine {
    /** `data` is that of index.js; `read(name)` promises the sections' texts of a page. */
    constructor(data, read) {
      if (data.format !== FORMAT) throw new Error("搜索索引与页面的版本不同，请刷新页面");
      setVariants(data.variants);
      this.read = read;
      this.popular = data.popular;
      this.texts = new Map();
      const short = (text) => new Short(text);
      this.pages = data.pages.map(([url, file, title, names, tags, summary, concept, sections]) => ({
        url,
        file,
        title,
        concept,
        summary,
        names: [title, ...names].map(short),
        tags: short(tags),
        brief: short(summary),
        sections: sections.map(([anchor, heading, own, leads]) => ({
          anchor,
          title: heading,
          heading: short(heading),
          names: own.map(short),
          leads: leads.map(short),
        })),
      }));
      this.letters = Array.from(summed(unpacked(data.letters)), (code) => String.fromCharCode(code));
      this.keys = summed(unpacked(data.pairs[0]));
      this.pairs = postings(data.pairs[1], data.pairs[2]);
      this.words = data.words[0].split(" ");
      this.wordPostings = postings(data.words[1], data.words[2]);
    }

    /** Every name of every concept, with its page. */
    *names() {
      for (const page of this.pages) {
        for (const name of page.names) yield { page, name };
        for (const section of page.sections) for (const name of section.names) yield { page, name };
      }
    }

    /** Names in Latin letters as one word, for mending words such as `flashatention`. */
    get compounds() {
      return (this.latin ??= new Set(
        [...this.names()].map(({ name }) => name.key).filter((name) => /^[a-z0-9]{4,40}$/.test(name)),
      ));
    }

    /** Raises `strength` for every page that has a pair of Han characters, or pairs with a single one. */
    addHan(strength, text) {
      const size = this.letters.length + 1;
      const [first, second] = Array.from(text, (char) => {
        const at = place(this.letters, char);
        return this.letters[at] === char ? at : -1;
      });
      if (first < 0 || second < 0) return;
      if (second !== undefined) {
        const key = first * size + second;
        const at = place(this.keys, key);
        if (this.keys[at] === key) this.add(strength, this.pairs, at, 1);
      } else
        for (let at = 0; at < this.keys.length; at++)
          if (Math.floor(this.keys[at] / size) === first || this.keys[at] % size === first)
            this.add(strength, this.pairs, at, 1);
    }

    /** Raises `strength` to what the pages of a term deserve. */
    add(strength, { starts, entries }, term, quality) {
      for (let at = starts[term]; at < starts[term + 1]; at++) {
        const worth = quality * (entries[at] & 1 ? 1 : 0.75);
        if (worth > strength[entries[at] >> 1]) strength[entries[at] >> 1] = worth;
      }
    }

    has(word) {
      return this.words[place(this.words, word)] === word;
    }

    /** Whether some word is this one or begins with it. */
    knows(word) {
      const at = place(this.words, word);
      return this.words[at] === word || (word.length > 1 && at < this.words.length && this.words[at].startsWith(word));
    }

    /** Raises `strength` for every page that has a word, less for words that begin with it. */
    addWord(strength, word, quality) {
      let at = place(this.words, word);
      if (this.words[at] === word) this.add(strength, this.wordPostings, at++, quality);
      if (word.length > 1)
        for (; at < this.words.length && this.words[at].startsWith(word); at++)
          this.add(strength, this.wordPostings, at, quality * 0.7);
    }

    /** Raises `strength` for pages that have a word as two: kvcache, KV cache. */
    addParts(strength, word) {
      for (let cut = 1; cut < word.length; cut++) {
        const [left, right] = [word.slice(0, cut), word.slice(cut)];
        if (!this.has(left) || !this.knows(right) || (cut === 1 && right.length < 3)) continue;
        const [first, second] = [left, right].map((part) => {
          const found = new Float32Array(this.pages.length);
          this.addWord(found, part, 0.9);
          return found;
        });
        for (let page = 0; page < strength.length; page++)
          strength[page] = Math.max(strength[page], Math.min(first[page], second[page]));
      }
    }

    /** Raises `strength` for pages with a name that holds the word once its spaces are gone: multiheadattention. */
    addNames(strength, word) {
      if (word.length < 4) return;
      this.pages.forEach((page, number) => {
        if ([page, ...page.sections].some(({ names }) => names.some((name) => name.key.includes(word))))
          strength[number] = Math.max(strength[number], 0.8);
      });
    }

    /** The words most like one that nothing has: one edit, two in a long word; also of its beginning. */
    mended(word) {
      const most = word.length >= 8 ? 2 : word.length >= 4 ? 1 : 0;
      let best = most + 0.6;
      let found = [];
      if (!most) return found;
      const consider = (known, cost) => {
        if (cost < best) [best, found] = [cost, []];
        if (cost === best && found.length < 3 && !found.includes(known)) found.push(known);
      };
      const joined = [];
      for (let cut = 2; cut <= word.length - 4; cut++)
        if (this.has(word.slice(0, cut)))
          for (const known of this.words)
            if (known.length > 2 && edits(word.slice(cut), known, 1) === 1) joined.push(word.slice(0, cut) + known);
      for (const known of [...this.words, ...this.compounds, ...joined]) {
        if (known.length < 3 || (known[0] !== word[0] && known[1] !== word[0] && known[0] !== word[1])) continue;
        const whole = edits(word, known, most);
        if (whole <= most) consider(known, whole);
        else if (known.length > word.length) {
          const begun = edits(word, known.slice(0, word.length), most);
          if (begun <= most) consider(known, begun + 0.5);
        }
      }
      return found;
    }

    /** The units of a query that some page has, with their forms, weights and strength by page. */
    parse(query) {
      const all = unitsOf(query);
      const mended = new Map();
      const single = new Map();
      all.forEach((unit, at) => {
        unit.strength = new Float32Array(this.pages.length);
        unit.plain = unit.weight;
        unit.forms = [unit.text];
        if (unit.han) {
          if (isGlue(unit.text)) unit.strength.fill(0.3);
          else this.addHan(unit.strength, unit.text);
          return;
        }
        this.addWord(unit.strength, unit.text, 1);
        // flash attention → FlashAttention
        for (const [left, right] of [
          [all[at - 1], unit],
          [unit, all[at + 1]],
        ])
          if (left && right && !left.han && !right.han && this.knows(left.text + right.text)) {
            this.addWord(unit.strength, left.text + right.text, 1);
            unit.forms.push(left.text + right.text);
          }
        this.addNames(unit.strength, unit.text);
        if (unit.strength.some(Boolean)) return;
        this.addParts(unit.strength, unit.text);
        if (unit.strength.some(Boolean)) return;
        const better = this.mended(unit.text);
        if (better.length) mended.set(unit.text, better[0]);
        for (const word of better) {
          this.addWord(unit.strength, word, 0.8);
          this.addNames(unit.strength, word);
          this.addParts(unit.strength, word);
        }
        unit.forms.push(...better);
      });
      // Where half of the pairs are nowhere, as in a mistyped word, single characters help.
      const pairs = all.filter((unit) => unit.han);
      const lost = pairs.filter((unit) => !unit.strength.some(Boolean));
      if (lost.length * 2 >= pairs.length)
        for (const unit of lost)
          for (const char of unit.text) {
            if (single.has(char)) continue;
            const strength = new Float32Array(this.pages.length);
            this.addHan(strength, char);
            single.set(char, {
              text: char,
              han: true,
              run: unit.run,
              weight: 0.3 * unit.weight,
              strength,
              forms: [char],
            });
          }
      const found = [...all, ...single.values()].filter((unit) => unit.strength.some(Boolean));
      for (const unit of found) {
        const pages = unit.strength.reduce((count, strength) => count + (strength > 0), 0);
        unit.weight *= Math.log(1 + this.pages.length / Math.max(RARE, pages));
      }
      const total = found.reduce((sum, unit) => sum + unit.weight, 0) || 1;
      for (const unit of found) unit.weight /= total;
      // How much of the query no page has, unless it was mended.
      const weight = (units) => units.reduce((sum, unit) => sum + unit.plain, 0);
      const missing = mended.size ? 0 : weight(all.filter((unit) => !found.includes(unit))) / (weight(all) || 1);
      const text = query.slice(0, 400);
      const parts = runs(text).map((run) => mended.get(run) ?? run);
      return {
        units: found,
        mended,
        missing,
        text: text.trim(),
        highlight: parts.join(" ").slice(0, 80),
        key: parts.join(""),
      };
    }

    /** How well a short text matches: the quality of each unit (null: none has any), what part of it they make up. */
    match(short, units) {
      const { squeezed } = short;
      let quality = null;
      let covered = null;
      for (let at = 0; at < units.length; at++)
        for (const form of units[at].forms)
          find(form, squeezed, (place, length, worth) => {
            quality ??= new Float32Array(units.length);
            covered ??= new Uint8Array(squeezed.text.length);
            quality[at] = Math.max(quality[at], worth);
            covered.fill(1, place, place + length);
          });
      return { quality, cover: covered ? covered.reduce((sum, one) => sum + one, 0) / covered.length : 0 };
    }

    /** The best of several names: its worth, what units it explains, whether it is the query. */
    name(names, query) {
      let best = { worth: 0, quality: null, exact: false };
      for (const name of names) {
        const { quality, cover } = this.match(name, query.units);
        const share = shareOf(quality, query.units);
        if (!share) continue;
        const exact = name.key === query.key;
        let worth = 8 * share * (0.4 + 0.6 * cover);
        // FLOPs and FLOPS are two concepts.
        if (exact) worth += name.original === query.text ? 24 : 20;
        if (contains(query.key, name.key)) worth += 6 * share;
        if (name.key.startsWith(query.key) && query.key.length > 1)
          worth += 5 * (0.5 + (0.5 * query.key.length) / name.key.length);
        if (worth > best.worth) best = { worth, quality, exact };
      }
      return best;
    }

    /** What the index itself says of a section; its body is added by `readBody`. */
    head(section, query) {
      const name = this.name(section.names, query);
      const heading = this.match(section.heading, query.units);
      const lead = section.leads.map((text) => this.match(text, query.units));
      return { name, heading, lead };
    }

    /** `least` is what the names of the page are worth: of the two, the better ones count. */
    headWorth({ name, heading, lead }, least, units, weights) {
      const question = lead.reduce(
        (best, text) => Math.max(best, 5 * shareOf(text.quality, units, weights) * (0.5 + 0.5 * text.cover)),
        0,
      );
      return (
        Math.max(name.worth, least) +
        Math.max(question, 4 * shareOf(heading.quality, units, weights) * (0.5 + 0.5 * heading.cover))
      );
    }

    /** Pages that have a unit, best first, by names, headings and the presence of terms. */
    survey(query) {
      const telling = query.units.some((unit) => !isGlue(unit.text))
        ? query.units.filter((unit) => !isGlue(unit.text))
        : query.units;
      const present = this.pages.map((page, number) => {
        let body = 0;
        let has = 0;
        for (const unit of telling) {
          body += unit.weight * unit.strength[number];
          if (unit.strength[number] > 0) has += unit.weight;
        }
        return { page, body, has };
      });
      // A word that is on every page tells little of any, but the page named so is looked at.
      const isNamed = ({ names, sections }) =>
        [names, ...sections.map((section) => section.names)].some((own) => own.some((name) => name.key === query.key));
      const ordered = present.filter(({ body }) => body > 0).sort((a, b) => b.body - a.body);
      const most = ordered.filter(({ page }, rank) => rank < SURVEYED || isNamed(page));
      const scored = most.map(({ page, body, has }) => {
        const own = this.name(page.names, query);
        const heads = page.sections.map((section) => this.head(section, query));
        const brief = this.match(page.brief, query.units).quality;
        const fixed =
          3 * shareOf(brief, query.units) + shareOf(this.match(page.tags, query.units).quality, query.units);
        const factor = (0.3 + 0.7 * has) * (page.concept ? 1 : 0.75);
        const best = Math.max(...heads.map((head) => this.headWorth(head, own.worth, query.units)));
        return { page, own, heads, brief, fixed, factor, score: factor * (fixed + best + 5 * body) };
      });
      return scored.sort((a, b) => b.score - a.score);
    }

    async sections(page) {
      let texts = this.texts.get(page.file);
      if (!texts) {
        texts = this.read(page.file).then((list) => list.map(squeeze));
        texts.catch(() => this.texts.delete(page.file));
        this.texts.set(page.file, texts);
      }
      return texts;
    }

    /** How a section's text matches: quality of each unit, phrase, nearness, and the place of the densest part. */
    body(text, units) {
      const quality = new Float32Array(units.length);
      const hits = [];
      const runs = new Map(); // end of a hit and unit → weight of the phrase that ends there
      let phrase = 0;
      units.forEach((unit, at) => {
        let count = 0;
        const ends = new Map();
        for (const form of unit.forms)
          find(
            form,
            text,
            (place, length, worth) => {
              count++;
              quality[at] = Math.max(quality[at], worth);
              hits.push([place, at]);
              const before =
                runs
                  .get(at - 1)
                  ?.get(unit.han && unit.text.length === 2 && units[at - 1]?.run === unit.run ? place + 1 : place) ?? 0;
              const run = before + unit.weight;
              ends.set(place + length, Math.max(run, ends.get(place + length) ?? 0));
              if (before) phrase = Math.max(phrase, run);
            },
            MOST_HITS,
          );
        runs.set(at, ends);
        quality[at] *= 0.6 + (0.4 * count) / (count + 2);
      });
      hits.sort((a, b) => a[0] - b[0]);
      const present = new Set(hits.map(([, at]) => at)).size;
      const seen = new Uint16Array(units.length);
      let distinct = 0;
      let first = 0;
      let narrow = Infinity;
      for (const [place, at] of hits) {
        if (!seen[at]++) distinct++;
        for (; distinct === present; first++) {
          narrow = Math.min(narrow, place - hits[first][0]);
          if (!--seen[hits[first][1]]) distinct--;
        }
      }
      const near = present > 1 ? 1 / (1 + Math.log2(1 + narrow / (4 * present))) : 0;
      return { quality, phrase, near, hits, text };
    }

    bodyWorth(body, units, weights) {
      const share = shareOf(body.quality, units, weights);
      return 4 * share + 4 * body.phrase ** 2 + share * body.near;
    }

    /** Rows for the interface: the pages that match, best first, each with its best sections. */
    async search(input, limit = 10) {
      const query = this.parse(String(input));
      const out = { query: input, rows: [], total: 0, forms: [], mended: [...query.mended], suggestions: [] };
      if (!query.units.length) {
        out.suggestions = query.key ? this.similar(query.key) : [];
        return out;
      }
      out.highlight = query.highlight;
      out.forms = [
        ...new Set(query.units.filter((unit) => (unit.han ? !weak(unit.text) : true)).flatMap((unit) => unit.forms)),
      ];
      const found = this.survey(query);
      // What only shares a weak word with the query is no result.
      const enough = found.filter((one) => one.score > 0.12 * found[0].score);
      const [read, rest] = [enough.slice(0, READ), enough.slice(READ, limit)];
      await Promise.all(
        read.map(async (one) => this.settle(one, query, await this.sections(one.page).catch(() => null))),
      );
      for (const one of rest) this.settle(one, query, null);
      read.sort((a, b) => b.score - a.score);
      out.total = enough.length;
      out.rows = [...read, ...rest].slice(0, limit).map((one) => this.row(one, query));
      if (query.missing > 1 / 3) out.suggestions = this.similar(query.key);
      return out;
    }

    /** Scores a candidate with its text and finds its best section. */
    settle(one, query, texts) {
      const { units } = query;
      const left = units.map((unit, at) => unit.weight * (one.own.quality?.[at] ? 0.25 : 1));
      const rest = left.reduce((sum, weight) => sum + weight, 0);
      const open = units.reduce((sum, unit, at) => sum + (one.own.quality?.[at] ? 0 : unit.weight), 0);
      const weights = left.map((weight) => weight / rest);
      one.sections = one.page.sections.map((section, at) => {
        const head = one.heads[at];
        const body = texts?.[at] ? this.body(texts[at], units) : null;
        const worth = this.headWorth(head, one.own.worth, units) + (body ? this.bodyWorth(body, units) : 0);
        const fresh = this.headWorth(head, 0, units, weights) + (body ? this.bodyWorth(body, units, weights) : 0);
        return { section, body, worth, fresh };
      });
      const lead = one.sections[0];
      // The top of the page stands for the page: it has the page's names and summary.
      lead.fresh += one.own.worth * (1 - open) + 3 * shareOf(one.brief, units, weights);
      one.score = one.factor * (one.fixed + Math.max(...one.sections.map((section) => section.worth)));
      const exact = one.own.exact || open < 0.1;
      one.sections.sort((a, b) => b.fresh - a.fresh);
      one.target =
        exact && !one.sections.some(({ section }) => section.names.some((name) => name.key === query.key))
          ? lead
          : one.sections[0];
    }

    row(one, query) {
      const { page, target } = one;
      const others = one.sections
        .filter((section) => section !== target && section.section.anchor && section.fresh > 0.4 * target.fresh)
        .slice(0, 3);
      const shown = ({ section, body }) => ({
        url: page.url + (section.anchor ? `#${section.anchor}` : ""),
        title: section.anchor ? section.title : page.title,
        excerpt: excerpt(body, query.units) || page.summary,
      });
      const best = shown(target);
      return {
        ...best,
        title: target.section.anchor && best.title !== page.title ? `${page.title} › ${best.title}` : page.title,
        excerpt:
          target.section.anchor || !page.summary || shareOf(one.brief, query.units) < 0.3 ? best.excerpt : page.summary,
        sections: others.map(shown),
      };
    }

    /** Names most like a query, by pairs of letters and single Han characters in common. */
    similar(key) {
      const grams = (text) =>
        new Set([...text].map((char, at) => text.slice(at, at + 2)).concat([...text].filter(isHan)));
      const wanted = grams(key);
      const scored = [];
      for (const { page, name } of this.names()) {
        if (!page.concept) continue;
        const own = (name.grams ??= grams(name.key));
        let common = 0;
        for (const gram of own) common += wanted.has(gram);
        const score = (2 * common) / (own.size + wanted.size);
        if (score > 0.22) scored.push([score, name.original]);
      }
      return [...new Set(scored.sort((a, b) => b[0] - a[0]).map(([, name]) => name))].slice(0, 3);
    }

    /** The name that what is typed begins, for the completion behind the cursor. */
    completion(input) {
      const typed = fold(input).trimStart();
      if (typed.length < 2) return "";
      let best = "";
      for (const { name } of this.names())
        if (
          name.original.length > typed.length &&
          fold(name.original).startsWith(typed) &&
          (!best || name.original.length < best.length)
        )
          best = name.original;
      return best && input.trimStart() + best.slice(typed.length);
    }
  }

  function weak(text) {
    return unitsOf(text)[0]?.weight < 0.3;
  }

  /** The weight of the units that a text has, each times its quality. */
  function shareOf(quality, units, weights) {
    let share = 0;
    if (!quality) return 0;
    for (let at = 0; at < units.length; at++) share += quality[at] * (weights ? weights[at] : units[at].weight);
    return share;
  }

  /** Whether a query holds a name, not as part of a longer word. */
  function contains(query, name) {
    if (name.length < 2) return false;
    const at = query.indexOf(name);
    if (at < 0) return false;
    const letter = (char) => char !== undefined && /[a-z]/.test(char);
    return (
      !(letter(name[0]) && letter(query[at - 1])) && !(letter(name[name.length - 1]) && letter(query[at + name.length]))
    );
  }

  /** The part of a section's text where most of the query stands, cut at a sentence where one begins near. */
  function excerpt(body, units) {
    if (!body) return "";
    const { hits, text } = body;
    const { original, from } = text;
    let best = 0;
    let most = -1;
    const seen = new Uint16Array(units.length);
    let weight = 0;
    let first = 0;
    for (const [place, at] of hits) {
      if (!seen[at]++) weight += units[at].weight;
      for (; place - hits[first][0] > EXCERPT * 0.6; first++)
        if (!--seen[hits[first][1]]) weight -= units[hits[first][1]].weight;
      if (weight > most + 1e-6) [most, best] = [weight, hits[first][0]];
    }
    const middle = hits.length ? from[best] : 0;
    let start = Math.max(0, middle - 30);
    const sentence = Math.max(
      original.lastIndexOf("。", middle),
      original.lastIndexOf("\n", middle),
      original.lastIndexOf("？", middle),
      original.lastIndexOf("；", middle),
    );
    if (sentence >= 0 && sentence + 1 >= start - 10) start = sentence + 1;
    else if (sentence < 0 && middle <= 40) start = 0;
    const end = Math.min(original.length, start + EXCERPT);
    const clean = original.slice(start, end).replaceAll("\n", " ").trim();
    const cut = start > 0 && start !== sentence + 1;
    return (cut ? "…" : "") + clean + (end < original.length ? "…" : "");
  }

  handbookSearch.Engine = Engine;
  handbookSearch.ranges = ranges;
})();
