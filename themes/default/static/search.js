// Finds reports in the index that gongkai wrote (src/search says how it is made), and shows them.
// The first half knows nothing of the page; the second is the page of /search/.

/** The longest query; more characters than that would load much and tell little. */
export const LONGEST = 100;
/** So many candidates are told apart by their texts; more by the places of their pairs. */
export const FEW = 20;
const SECOND = 0x200000;
const LEFT_OUT = /[\s\0\u0085\u00ad\u200b-\u200d\u2060\ufeff]/;

/** A text as it is compared: an array of characters, and for each where it began in the text. */
export function normal(text) {
  const characters = [];
  const origins = [];
  let at = 0;
  for (const character of text) {
    for (const part of character.normalize('NFKC')) {
      if (LEFT_OUT.test(part)) continue;
      characters.push(/[A-Z]/.test(part) ? part.toLowerCase() : part);
      origins.push(at);
    }
    at += character.length;
  }
  return { characters, origins };
}

/** The words of a query in their normal form; all of them must occur. */
export function words(query) {
  return [...new Set(query.split(/\s+/).map((word) => normal(word).characters.join('')).filter(Boolean))];
}

const pairOf = (first, second) => first.codePointAt(0) * SECOND + (second ? second.codePointAt(0) : 0);

/** Reads numbers of seven bits a byte. */
function reader(bytes, from = 0) {
  let at = from;
  const next = () => {
    let [number, scale, byte] = [0, 1, 0];
    do {
      byte = bytes[at];
      at += 1;
      number += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte & 0x80);
    return number;
  };
  return { next, more: () => at < bytes.length, at: () => at };
}

/** The index below an address; `load` gets a file's bytes. */
export class Index {
  constructor(base, load) {
    this.base = base;
    this.load = load;
    this.files = new Map();
  }

  static async open(base, load = fetched) {
    const index = new Index(base, load);
    const directory = JSON.parse(new TextDecoder().decode(await load(`${base}index.bin`, { cache: 'no-cache' })));
    const firsts = (text) => {
      const characters = [...text];
      return Array.from({ length: characters.length / 2 }, (_, at) => pairOf(characters[2 * at], characters[2 * at + 1]));
    };
    index.version = directory.version;
    index.firsts = { docs: firsts(directory.docs), places: firsts(directory.places) };
    index.years = directory.years.flatMap(([year, count]) => Array(count).fill(year));
    index.kinds = [...directory.kind].map((letter) => directory.kinds[letter.charCodeAt(0) - 97]);
    index.forms = [...directory.form].map((letter) => directory.forms[letter.charCodeAt(0) - 97]);
    let sum = 0;
    index.textStarts = directory.text.map((count) => (sum += count) - count);
    return index;
  }

  /** A file, loaded once. What fails is tried again the next time. */
  file(name, read) {
    if (!this.files.has(name)) {
      const loading = this.load(`${this.base}${name}?v=${this.version}`).then(read);
      loading.catch(() => this.files.delete(name));
      this.files.set(name, loading);
    }
    return this.files.get(name);
  }

  /** The lists of the pairs from one key to another, from the files that have them. */
  async lists(kind, from, to = from) {
    const firsts = this.firsts[kind];
    const all = [];
    for (let at = Math.max(0, last(firsts, from)); at < firsts.length && firsts[at] <= to; at += 1) all.push(at);
    const shards = await Promise.all(all.map((at) => this.file(`${kind}-${at}.bin`, shard)));
    return shards.flatMap((keys) => (from === to ? [keys.get(from)].filter(Boolean) : [...keys].filter(([key]) => key >= from && key <= to).map(([, list]) => list)));
  }

  /** The reports of a pair, as a map from report to whether the pair stands in title or names; in order. */
  async reports(from, to) {
    const found = new Map();
    for (const list of await this.lists('docs', from, to)) {
      const numbers = reader(list);
      let report = -1;
      while (numbers.more()) {
        const number = numbers.next();
        report += Math.floor(number / 2);
        found.set(report, (found.get(report) ?? false) || number % 2 === 1);
      }
    }
    return found;
  }

  /** A report's text: address, title, names, sections. */
  async text(report) {
    const at = last(this.textStarts, report);
    const texts = await this.file(`text-${at}.bin`, (bytes) => JSON.parse(new TextDecoder().decode(bytes)));
    const [path, title, names, sections] = texts[report - this.textStarts[at]];
    return { path, title, names, sections };
  }

  /** The reports that contain a word and pass a test; whether the word is likely in title or names. */
  async containing(word, passes) {
    const characters = [...word];
    if (characters.length === 1) {
      const first = pairOf(word);
      return new Map([...(await this.reports(first, first + SECOND - 1))].filter(([report]) => passes(report)));
    }
    // Every other pair, and the last one, cover the word.
    const offsets = [...new Set([...Array(Math.floor(characters.length / 2)).keys()].map((at) => 2 * at).concat(characters.length - 2))];
    const keys = offsets.map((at) => pairOf(characters[at], characters[at + 1]));
    const lists = await Promise.all(keys.map((key) => this.reports(key)));
    let found = [...lists[0].keys()].filter((report) => passes(report) && lists.every((list) => list.has(report)));
    if (characters.length > 2 && found.length > FEW) found = await this.inPlace(found, keys, offsets, lists);
    else if (characters.length > 2) found = await this.inText(found, word);
    return new Map(found.map((report) => [report, lists.every((list) => list.get(report))]));
  }

  /** The reports in which pairs stand behind each other as in the word. */
  async inPlace(found, keys, offsets, lists) {
    const wanted = new Set(found);
    const blobs = await Promise.all(keys.map((key) => this.lists('places', key)));
    const places = blobs.map(([blob], at) => readPlaces(blob, lists[at], wanted));
    return found.filter((report) => {
      const others = places.slice(1).map((of) => new Set(of.get(report)));
      return places[0].get(report).some((place) => others.every((other, at) => other.has(place + offsets[at + 1])));
    });
  }

  /** The reports whose texts contain the word. */
  async inText(found, word) {
    const has = await Promise.all(found.map(async (report) => pieces(await this.text(report)).some((piece) => normal(piece).characters.join('').includes(word))));
    return found.filter((_, at) => has[at]);
  }

  /** All reports that contain every word and pass a test, those with all words in title or names first. */
  async find(query, passes = () => true) {
    const lists = [];
    let test = passes;
    // The longest word first: it leaves the fewest for the others.
    for (const word of words(query).sort((a, b) => b.length - a.length)) {
      const list = await this.containing(word, test);
      lists.push(list);
      test = (report) => list.has(report);
    }
    if (lists.length === 0) return [];
    const found = [...lists.at(-1).keys()].sort((a, b) => a - b);
    const inHead = (report) => lists.every((list) => list.get(report));
    return [...found.filter(inHead), ...found.filter((report) => !inHead(report))];
  }
}

/** The last place in an ascending array whose number is not greater. */
function last(numbers, number) {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= number) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A file of lists: pair → bytes. */
function shard(bytes) {
  const numbers = reader(bytes);
  const keys = new Map();
  let key = 0;
  const lengths = Array.from({ length: numbers.next() }, () => [(key += numbers.next()), numbers.next()]);
  let at = numbers.at();
  for (const [pair, length] of lengths) keys.set(pair, bytes.subarray(at, (at += length)));
  return keys;
}

function readPlaces(blob, list, wanted) {
  const places = new Map();
  const numbers = reader(blob);
  for (const report of list.keys()) {
    const own = wanted.has(report) ? [] : null;
    let place = -1;
    for (let step = numbers.next(); step !== 0; step = numbers.next()) {
      place += step;
      own?.push(place);
    }
    if (own) places.set(report, own);
  }
  return places;
}

/** The pieces of text in which a word must stand as a whole. */
function pieces({ title, names, sections }) {
  return [title, ...names, ...sections.flatMap(([, text]) => text.split('\n'))];
}

/** Where any of some words stands in a text: `[start, end]`, in order, apart from each other. */
export function marks(text, wanted) {
  const { characters, origins } = normal(text);
  const joined = characters.join('');
  // Characters outside the basic plane are two units of a string.
  const starts = [];
  for (let [at, unit] = [0, 0]; at < characters.length; unit += characters[at].length, at += 1) starts[unit] = at;
  const found = [];
  for (const word of wanted) {
    for (let at = joined.indexOf(word); at >= 0; at = joined.indexOf(word, at + word.length)) {
      const lastCharacter = origins[starts[at] + [...word].length - 1];
      found.push([origins[starts[at]], lastCharacter + String.fromCodePoint(text.codePointAt(lastCharacter)).length]);
    }
  }
  found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  return found.filter(([start], at) => !found.slice(0, at).some(([, end]) => start < end));
}

async function fetched(url, options) {
  const answer = await fetch(url, options);
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  const plain = answer.body.pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

// ---- The page ----

/** So many reports are shown at a time. */
const PAGE = 10;
/** So many characters stand before a hit in its snippet, and so many in all. */
const BEFORE = 30;
const SNIPPET = 110;

function start(form) {
  const [section, status, list, more] = ['#results', '.searchstatus', '.hits', '.searchmore'].map((name) => document.querySelector(name));
  const strings = JSON.parse(document.getElementById('search-strings').textContent);
  const fields = ['q', 'year', 'kind', 'form'].map((name) => form.elements.namedItem(name));
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  let index;
  let turn = 0;
  let waiting;
  let typing = false;

  const read = () => {
    const parameters = new URLSearchParams(location.search);
    for (const field of fields) field.value = parameters.get(field.name) ?? '';
  };
  const address = () => {
    const parameters = new URLSearchParams(fields.filter((field) => field.value.trim()).map((field) => [field.name, field.value.trim()]));
    return `${location.pathname}${parameters.size === 0 || `${parameters}` === '' ? '' : `?${parameters}`}`;
  };

  const run = async () => {
    turn += 1;
    const mine = turn;
    const current = () => mine === turn;
    const [query, year, kind, edition] = fields.map((field) => field.value.trim());
    const wanted = words([...query].slice(0, LONGEST).join(''));
    section.hidden = false;
    if (wanted.length === 0) {
      list.replaceChildren();
      more.hidden = true;
      status.textContent = strings.hint;
      return;
    }
    // Said only where it takes long enough to be noticed.
    const slow = setTimeout(() => current() && (status.textContent = strings.working), 300);
    section.setAttribute('aria-busy', 'true');
    try {
      index ??= Index.open(form.dataset.index.replace('index.bin', ''));
      const opened = await index;
      const passes = (report) => (!year || `${opened.years[report]}` === year) && (!kind || opened.kinds[report] === kind) && (!edition || opened.forms[report] === edition);
      const found = await opened.find(wanted.join(' '), passes);
      if (!current()) return;
      const items = await shown(opened, found.slice(0, PAGE), wanted);
      if (!current()) return;
      clearTimeout(slow);
      list.replaceChildren(...items);
      const told = () => {
        const showing = list.children.length;
        const count = found.length === 0 ? fill(strings.none_found, { query }) : fill(strings.found, { count: found.length.toLocaleString('en') });
        status.textContent = count + (showing < found.length ? fill(strings.shown, { shown: showing }) : '') + ([...query].length > LONGEST ? fill(strings.too_long, { most: LONGEST }) : '');
        more.hidden = showing >= found.length;
        more.textContent = fill(strings.more, { count: Math.min(PAGE, found.length - showing) });
      };
      told();
      more.onclick = async () => {
        const next = await shown(opened, found.slice(list.children.length, list.children.length + PAGE), wanted);
        if (!current()) return;
        list.append(...next);
        told();
        next[0]?.querySelector('a').focus();
      };
    } catch {
      index = undefined;
      if (current()) status.textContent = typeof DecompressionStream === 'undefined' ? strings.old_browser : strings.failed;
    } finally {
      clearTimeout(slow);
      if (current()) section.removeAttribute('aria-busy');
    }
  };

  /** Reports as items of the list. */
  const shown = (opened, reports, wanted) => Promise.all(reports.map(async (report) => item(await opened.text(report), opened.years[report], wanted)));

  const item = ({ path, title, names, sections }, year, wanted) => {
    const { anchor, text, exact } = snippet(sections, wanted);
    const link = document.createElement('a');
    link.href = form.dataset.pages + path + (anchor ? `#${anchor}` : '') + (exact && 'fragmentDirective' in document ? `${anchor ? '' : '#'}:~:text=${encodeURIComponent(exact).replaceAll('-', '%2D')}` : '');
    link.append(...marked(title, wanted));
    const facts = document.createElement('p');
    facts.className = 'small muted';
    const known = names.find((name) => marks(name, wanted).length > 0) ?? names[0];
    facts.append(...marked(names[0], wanted), ...(known === names[0] ? [] : ['（', ...marked(known, wanted), '）']), ` · ${year}`);
    const quoted = document.createElement('p');
    quoted.className = 'snippet';
    quoted.append(...(text ? marked(text, wanted) : []));
    const entry = document.createElement('li');
    entry.lang = 'zh-CN';
    entry.append(link, facts, ...(text ? [quoted] : []));
    return entry;
  };

  /** What is typed after a search is an entry of the history of its own, one for all its letters. */
  const note = () => {
    if (address() === location.pathname + location.search) return;
    if (typing) history.replaceState(null, '', address());
    else history.pushState(null, '', address());
    typing = true;
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    note();
    typing = false;
    run();
  });
  form.addEventListener('input', (event) => {
    if (event.isComposing) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      note();
      run();
    }, event.target.name === 'q' ? 250 : 0);
  });
  form.elements.namedItem('q').addEventListener('compositionend', (event) => event.target.dispatchEvent(new Event('input', { bubbles: true })));
  addEventListener('popstate', () => {
    clearTimeout(waiting);
    typing = false;
    read();
    run();
  });
  read();
  form.hidden = false;
  if (location.search) run();
  else form.elements.namedItem('q').focus();
}

/** Where the words stand in the text: the anchor of the section, the passage around, and the hit as it is written. */
function snippet(sections, wanted) {
  let best;
  for (const [anchor, text] of sections) {
    for (const line of text.split('\n')) {
      const found = marks(line, wanted);
      const kinds = new Set(found.map(([from, to]) => normal(line.slice(from, to)).characters.join(''))).size;
      // A passage says more than a heading.
      const worth = kinds + (line.length > 30 ? 0.5 : 0);
      if (found.length > 0 && (!best || worth > best.worth)) best = { anchor, line, found, worth };
    }
  }
  if (!best) return { anchor: '', text: '', exact: '' };
  const { anchor, line, found } = best;
  const [from, to] = found[0];
  const exact = line.slice(from, to);
  const start = whole(line, Math.max(0, from - BEFORE));
  const end = whole(line, Math.min(line.length, Math.max(start + SNIPPET, to)));
  return { anchor, exact, text: (start > 0 ? '…' : '') + line.slice(start, end) + (end < line.length ? '…' : '') };
}

/** A place in a text that does not cut a character in two. */
const whole = (text, at) => (at > 0 && at < text.length && (text.charCodeAt(at) & 0xfc00) === 0xdc00 ? at - 1 : at);

/** A text as nodes, its hits marked. */
function marked(text, wanted) {
  const nodes = [];
  let at = 0;
  for (const [from, to] of marks(text, wanted)) {
    const mark = document.createElement('mark');
    mark.textContent = text.slice(from, to);
    nodes.push(text.slice(at, from), mark);
    at = to;
  }
  return [...nodes, text.slice(at)];
}

if (typeof document !== 'undefined' && document.getElementById('search')) start(document.getElementById('search'));
