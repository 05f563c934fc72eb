// Finds and ranks. All of the scoring is here; text.js says what a unit is, search_index.py what the index holds.
//
// A query is a list of units. A unit weighs log(1 + pages / pages that have it), times what grammar leaves of it: words
// such as 为什么 count little. Units that no page has are dropped, after a word was tried as two words, joined with its
// neighbour, and mended (`forms`). `share` is the weight of the units that a text has, of all; `cover` is how much of a
// short text they make up. What a text is worth to the query:
//
//   name      8 share (0.4 + 0.6 cover)   title, name or alias of a concept
//           + 20 if it is the query, letter for letter      the concept itself comes first
//           + 6 share if the query holds it whole           什么是旋转位置编码
//           + 5 (0.5 + 0.5 query/name) if it begins with the query       half typed: 分组查
//   question  5 share (0.5 + 0.5 cover)   interview questions, statements of the warnings
//   heading   4 share (0.5 + 0.5 cover)
//   summary   3 share
//   tags      1 share
//   body      4 share, words that often occur a little more
//           + 2 longest phrase of the query in it, as a share
//           + 1 how near its words stand
//
// A page has its names, its summary and its best section (its heading, best question, body and own concepts' names); all
// times 0.3 + 0.7 share² of the units the page has at all, and times 0.75 where it is no concept's home. First every
// page is scored with what the index knows of its body, the presence of terms. The best of them (CANDIDATES) are read and
// scored again with their text. A row leads to its page's best section, where the units that the page's own name explains
// count little: for `GQA 质量` the section on quality, for `GQA` the top.
"use strict";

(() => {
  const { setVariants, fold, units: unitsOf, squeeze, find, ranges, isHan } = handbookSearch;
  const FORMAT = 1;
  const CANDIDATES = 16;
  const EXCERPT = 110;
  const DIGIT = new Int16Array(128).fill(-1);
  for (let code = 35, value = 0; code < 127; code++) if (code !== 92) DIGIT[code] = value++;

  function* unpacked(text) {
    let number = 0;
    let scale = 1;
    for (let at = 0; at < text.length; at++) {
      const digit = DIGIT[text.charCodeAt(at)];
      if (digit < 60) {
        yield number + digit * scale;
        number = 0;
        scale = 1;
      } else {
        number += scale * (60 + (digit - 60));
        scale *= 31;
      }
    }
  }

  /** Pages of each term, one after the other, doubled, plus one where the term is frequent; `starts` parts them. */
  function postings(counts, gaps) {
    const sizes = [...unpacked(counts)];
    const starts = new Uint32Array(sizes.length + 1);
    sizes.forEach((size, at) => (starts[at + 1] = starts[at] + size + 1));
    const entries = new Uint16Array(starts[sizes.length]);
    let term = -1;
    let page = 0;
    let at = 0;
    for (const value of unpacked(gaps)) {
      if (at === starts[term + 1]) {
        term++;
        page = 0;
      }
      page += value >> 1;
      entries[at++] = page * 2 + (value & 1);
    }
    return { starts, entries };
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
      const key = (text) => squeeze(text).text.replaceAll("\n", "");
      const short = (text) => ({ ...squeeze(text), key: key(text) });
      this.pages = data.pages.map(([url, file, title, names, tags, summary, concept, sections]) => ({
        url, file, title, concept, summary,
        names: [title, ...names].map(short),
        tags: short(tags),
        brief: squeeze(summary),
        sections: sections.map(([anchor, heading, own, leads]) => ({ anchor, title: heading, heading: short(heading), names: own.map(short), leads: leads.map(short) })),
      }));
      this.compounds = new Set(this.pages.flatMap((page) => [page.names, ...page.sections.map((section) => section.names)].flat().map((name) => name.key)).filter((name) => name.length > 3 && !/[^\x00-\x7f]/.test(name)));
      const letters = [];
      let code = 0;
      for (const gap of unpacked(data.letters)) letters.push(String.fromCharCode((code += gap)));
      letters.push("");
      let pair = 0;
      this.terms = new Map();
      let number = 0;
      for (const gap of unpacked(data.pairs[0])) {
        pair += gap;
        this.terms.set(letters[Math.floor(pair / letters.length)] + letters[pair % letters.length], number++);
      }
      this.pairs = postings(data.pairs[1], data.pairs[2]);
      this.words = data.words[0].split(" ");
      this.place = new Map(this.words.map((word, at) => [word, at]));
      this.wordPostings = postings(data.words[1], data.words[2]);
    }

    /** Raises `strength` to what the pages of a term deserve. */
    add(strength, { starts, entries }, term, quality) {
      for (let at = starts[term]; at < starts[term + 1]; at++) {
        const worth = quality * (entries[at] & 1 ? 1 : 0.75);
        if (worth > strength[entries[at] >> 1]) strength[entries[at] >> 1] = worth;
      }
    }

    /** Strength by page of a word; words that begin with it count too. */
    addWord(strength, word, quality) {
      const exact = this.place.get(word);
      if (exact !== undefined) this.add(strength, this.wordPostings, exact, quality);
      if (word.length > 1) {
        let low = 0;
        let high = this.words.length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (this.words[middle] < word) low = middle + 1;
          else high = middle;
        }
        for (; low < this.words.length && this.words[low].startsWith(word); low++)
          if (low !== exact) this.add(strength, this.wordPostings, low, quality * 0.7);
      }
      return exact !== undefined;
    }

    knows(word) {
      return this.place.has(word) || (word.length > 1 && this.words.some((known) => known.startsWith(word)));
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
      for (const known of [...this.words, ...this.compounds]) {
        if (known.length < 3 || known[0] !== word[0] && known[1] !== word[0] && known[0] !== word[1]) continue;
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
        unit.forms = [unit.text];
        if (unit.han) {
          if (unit.text.length === 1) {
            for (const [term, number] of this.terms) if (term.includes(unit.text)) this.add(unit.strength, this.pairs, number, 1);
          } else if (this.terms.has(unit.text)) this.add(unit.strength, this.pairs, this.terms.get(unit.text), 1);
          return;
        }
        this.addWord(unit.strength, unit.text, 1);
        // flash attention → FlashAttention
        for (const [left, right] of [[all[at - 1], unit], [unit, all[at + 1]]])
          if (left && right && !left.han && !right.han && this.knows(left.text + right.text)) {
            this.addWord(unit.strength, left.text + right.text, 1);
            unit.forms.push(left.text + right.text);
          }
        if (unit.strength.some(Boolean)) return;
        // kvcache → KV cache
        for (let cut = 1; cut < unit.text.length; cut++) {
          const [left, right] = [unit.text.slice(0, cut), unit.text.slice(cut)];
          if (!this.place.has(left) || !this.knows(right) || (cut === 1 && right.length < 3)) continue;
          const [first, second] = [left, right].map((part) => {
            const strength = new Float32Array(this.pages.length);
            this.addWord(strength, part, 0.9);
            return strength;
          });
          unit.strength.forEach((strength, page) => (unit.strength[page] = Math.max(strength, Math.min(first[page], second[page]))));
        }
        if (unit.strength.some(Boolean) || this.compounds.has(unit.text)) {
          if (!unit.strength.some(Boolean)) unit.strength.fill(0.3);
          return;
        }
        const better = this.mended(unit.text);
        if (better.length) mended.set(unit.text, better[0]);
        for (const word of better) {
          this.addWord(unit.strength, word, 0.8);
          if (!this.place.has(word)) this.pages.forEach((page, number) => { if ([page.names, ...page.sections.map((section) => section.names)].flat().some((name) => name.key === word)) unit.strength[number] = 0.8; });
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
            for (const [term, number] of this.terms) if (term.includes(char)) this.add(strength, this.pairs, number, 1);
            single.set(char, { text: char, han: true, run: unit.run, weight: 0.3 * unit.weight, strength, forms: [char] });
          }
      const found = [...all, ...single.values()].filter((unit) => unit.strength.some(Boolean));
      for (const unit of found) {
        const pages = unit.strength.reduce((count, strength) => count + (strength > 0), 0);
        unit.weight *= Math.log(1 + this.pages.length / pages);
      }
      const total = found.reduce((sum, unit) => sum + unit.weight, 0) || 1;
      for (const unit of found) unit.weight /= total;
      const missing = all.filter((unit) => !unit.strength.some(Boolean)).map((unit) => unit.text);
      return { units: found, mended, missing, key: squeeze(query.slice(0, 400)).text.replaceAll("\n", "") };
    }

    /** How well a short text matches: the quality of each unit, and what part of the text they make up. */
    match(text, units) {
      const quality = new Float32Array(units.length);
      const covered = new Uint8Array(text.text.length);
      units.forEach((unit, at) => {
        for (const form of unit.forms)
          find(form, text, (place, length, worth) => {
            quality[at] = Math.max(quality[at], worth);
            covered.fill(1, place, place + length);
          });
      });
      const cover = text.text.length ? covered.reduce((sum, one) => sum + one, 0) / text.text.length : 0;
      return { quality, cover };
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
        if (exact) worth += 20;
        if (contains(query.key, name.key)) worth += 6 * share;
        if (name.key.startsWith(query.key) && query.key.length > 1) worth += 5 * (0.5 + (0.5 * query.key.length) / name.key.length);
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

    headWorth({ name, heading, lead }, units, weights) {
      const question = lead.reduce((best, text) => Math.max(best, 5 * shareOf(text.quality, units, weights) * (0.5 + 0.5 * text.cover)), 0);
      return name.worth + Math.max(question, 4 * shareOf(heading.quality, units, weights) * (0.5 + 0.5 * heading.cover)) ;
    }

    /** Every page that has a unit, best first, by names, headings and the presence of terms. */
    survey(query) {
      const scores = [];
      this.pages.forEach((page, number) => {
        let body = 0;
        let has = 0;
        for (const unit of query.units) {
          body += unit.weight * unit.strength[number];
          if (unit.strength[number] > 0) has += unit.weight;
        }
        if (!body) return;
        const own = this.name(page.names, query);
        const heads = page.sections.map((section) => this.head(section, query));
        const fixed = own.worth + 3 * shareOf(this.match(page.brief, query.units).quality, query.units) + shareOf(this.match(page.tags, query.units).quality, query.units);
        const factor = (0.3 + 0.7 * has * has) * (page.concept ? 1 : 0.75);
        const best = Math.max(...heads.map((head) => this.headWorth(head, query.units)));
        scores.push({ page, own, heads, fixed, factor, score: factor * (fixed + best + 5 * body) });
      });
      return scores.sort((a, b) => b.score - a.score);
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
          find(form, text, (place, length, worth) => {
            count++;
            quality[at] = Math.max(quality[at], worth);
            hits.push([place, at]);
            const before = runs.get(at - 1)?.get(unit.han && unit.text.length === 2 && units[at - 1]?.run === unit.run ? place + 1 : place) ?? 0;
            const run = before + unit.weight;
            ends.set(place + length, Math.max(run, ends.get(place + length) ?? 0));
            if (before) phrase = Math.max(phrase, run);
          });
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
      return 4 * share + 2 * body.phrase + share * body.near;
    }

    /** Rows for the interface: the pages that match, best first, each with its best sections. */
    async search(input, limit = 10) {
      const query = this.parse(String(input));
      const out = { query: input, rows: [], total: 0, forms: [], mended: [...query.mended], suggestions: [] };
      if (!query.units.length) {
        out.suggestions = query.key ? this.similar(query.key) : [];
        return out;
      }
      out.forms = [...new Set(query.units.filter((unit) => unit.han ? !weak(unit.text) : true).flatMap((unit) => unit.forms))];
      const found = this.survey(query);
      // What only shares a weak word with the query is no result.
      const enough = found.filter((one) => one.score > 0.12 * found[0].score);
      const candidates = enough.slice(0, Math.max(limit, CANDIDATES));
      await Promise.all(candidates.map(async (one) => this.settle(one, query, await this.sections(one.page).catch(() => null))));
      candidates.sort((a, b) => b.score - a.score);
      out.total = enough.length;
      out.rows = candidates.slice(0, limit).map((one) => this.row(one, query, out.forms));
      if (query.missing.length) out.suggestions = this.similar(query.key).filter((name) => !found[0].page.names.some((own) => own.original === name));
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
        const worth = this.headWorth(head, units) + (body ? this.bodyWorth(body, units) : 0);
        const fresh = this.headWorth(head, units, weights) + (body ? this.bodyWorth(body, units, weights) : 0);
        return { section, body, worth, fresh };
      });
      const lead = one.sections[0];
      // The top of the page stands for the page: it has the page's names and summary.
      lead.fresh += one.own.worth * (1 - open) + 3 * shareOf(this.match(one.page.brief, units).quality, units, weights);
      one.score = one.factor * (one.fixed + Math.max(...one.sections.map((section) => section.worth)));
      const exact = one.own.exact || open < 0.1;
      one.sections.sort((a, b) => b.fresh - a.fresh);
      one.target = exact && !one.sections.some(({ section }) => section.names.some((name) => name.key === query.key)) ? lead : one.sections[0];
    }

    row(one, query, forms) {
      const { page, target } = one;
      const others = one.sections.filter((section) => section !== target && section.section.anchor && section.fresh > 0.4 * target.fresh).slice(0, 3);
      const shown = ({ section, body }) => ({
        url: page.url + (section.anchor ? `#${section.anchor}` : ""),
        title: section.anchor ? section.title : page.title,
        excerpt: excerpt(body, query.units) || page.summary,
      });
      const best = shown(target);
      return {
        ...best,
        title: target.section.anchor && best.title !== page.title ? `${page.title} › ${best.title}` : page.title,
        excerpt: target.section.anchor || !page.summary || shareOf(this.match(page.brief, query.units).quality, query.units) < 0.3 ? best.excerpt : page.summary,
        sections: others.map(shown),
      };
    }

    /** Names most like a query: common pairs of letters, or few edits. */
    similar(key) {
      const grams = (text) => new Set([...text].map((char, at) => text.slice(at, at + 2)).concat([...text].filter(isHan)));
      const wanted = grams(key);
      const scored = [];
      for (const page of this.pages)
        if (page.concept)
          for (const name of [...page.names, ...page.sections.flatMap((section) => section.names)]) {
            const own = grams(name.key);
            let common = 0;
            for (const gram of own) common += wanted.has(gram);
            const score = (2 * common) / (own.size + wanted.size);
            if (score > 0.35) scored.push([score, name.original]);
          }
      return [...new Set(scored.sort((a, b) => b[0] - a[0]).map(([, name]) => name))].slice(0, 3);
    }

    /** The name that what is typed begins, for the completion behind the cursor. */
    completion(input) {
      const typed = fold(input).trimStart();
      if (typed.length < 2) return "";
      let best = "";
      for (const page of this.pages)
        for (const name of [...page.names, ...page.sections.flatMap((section) => section.names)])
          if (fold(name.original).startsWith(typed) && name.original.length > typed.length && (!best || name.original.length < best.length)) best = name.original;
      return best && input.trimStart() + best.slice(typed.length);
    }
  }

  function weak(text) {
    return unitsOf(text)[0]?.weight < 0.3;
  }

  /** The weight of the units that a text has, each times its quality. */
  function shareOf(quality, units, weights) {
    let share = 0;
    for (let at = 0; at < units.length; at++) share += quality[at] * (weights ? weights[at] : units[at].weight);
    return share;
  }

  /** Whether a query holds a name, not as part of a longer word. */
  function contains(query, name) {
    if (name.length < 2) return false;
    const at = query.indexOf(name);
    if (at < 0) return false;
    const letter = (char) => char !== undefined && /[a-z]/.test(char);
    return !(letter(name[0]) && letter(query[at - 1])) && !(letter(name[name.length - 1]) && letter(query[at + name.length]));
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
      for (; place - hits[first][0] > EXCERPT * 0.6; first++) if (!--seen[hits[first][1]]) weight -= units[hits[first][1]].weight;
      if (weight > most + 1e-6) [most, best] = [weight, hits[first][0]];
    }
    const middle = hits.length ? from[best] : 0;
    let start = Math.max(0, middle - 30);
    const sentence = Math.max(original.lastIndexOf("。", middle), original.lastIndexOf("\n", middle), original.lastIndexOf("？", middle), original.lastIndexOf("；", middle));
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
