// Searching the built demo site as readers do, and the index against a scan of all its pages.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { AXE, ROOT, open, visit } from './site.js';
import { FEW, Index, marks, normal, words } from '../../themes/default/static/search.js';

let site;
before(async () => { site = await open(); });
after(() => site.close());

const status = (page) => page.locator('.searchstatus');
const titles = (page) => page.locator('.hits a').allTextContents();
const told = async (page, pattern) => {
  await page.waitForFunction((source) => new RegExp(source).test(document.querySelector('.searchstatus').textContent), pattern.source);
  return status(page).textContent();
};

/** From the box of the home page to the passage in the report: two characters, from the middle of its prose. */
test('two characters inside a report are found and the report is opened', async () => {
  const { page, troubles, context } = await visit(site, '');
  await page.getByRole('searchbox').fill('掏钱');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/search/?q=*');
  await told(page, /找到 \d+ 份/);
  const [first] = await titles(page);
  assert.match(await page.locator('.hits .snippet mark').first().textContent(), /^掏钱$/);
  await page.locator('.hits a').first().click();
  await page.waitForURL(/\/20\d\d\/#s\d/);
  assert.equal(await page.locator('h1').textContent(), first);
  assert.match(await page.locator('main').textContent(), /掏钱/);
  await context.close();
  assert.deepEqual(troubles, []);
});

test('year, kind and edition narrow the results, and the address keeps them', async () => {
  const { page, troubles, context } = await visit(site, 'search/?q=公开');
  const count = async () => Number((await told(page, /找到 [\d,]+ 份/)).match(/找到 ([\d,]+) 份/)[1].replace(',', ''));
  const all = await count();
  const narrowed = {};
  for (const [name, value] of [['年度', '2023'], ['机关类别', 'township'], ['格式', 'cn-2014']]) {
    await page.getByLabel(name).selectOption(value);
    await page.waitForFunction((known) => !document.querySelector('.searchstatus').textContent.includes(known), `找到 ${all} 份`);
    narrowed[name] = await count();
    if (name === '年度') assert.ok((await page.locator('.hits .small').allTextContents()).every((facts) => facts.endsWith('2023')));
    assert.ok(new URL(page.url()).searchParams.size === 2, page.url());
    await page.getByLabel(name).selectOption('');
    await told(page, new RegExp(`找到 ${all} 份`));
  }
  assert.ok(Object.values(narrowed).every((some) => some > 0 && some < all), JSON.stringify({ all, narrowed }));
  await page.goto(`${site.url}search/?q=公开&year=2023&kind=department`);
  const shared = await count();
  assert.equal(await page.getByLabel('年度').inputValue(), '2023');
  assert.ok(shared > 0 && shared < narrowed['年度'], `${shared}`);
  await context.close();
  assert.deepEqual(troubles, []);
});

/** What a screen reader is told, what a keyboard reaches, what the button “back” does. */
test('results are told, reached by keyboard and kept in the history', async () => {
  const { page, context } = await visit(site, 'search/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  assert.equal(await status(page).getAttribute('role'), 'status');
  await page.keyboard.type('信息公开');
  await page.keyboard.press('Enter');
  await told(page, /显示前 10 份/);
  for (let stop = 0; stop < 5; stop += 1) await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement.closest('.hits') !== null));
  await page.getByRole('button', { name: '再显示' }).click();
  // Their texts are fetched first.
  await page.locator('.hits li').nth(19).waitFor();
  assert.equal(await page.locator('.hits li').count(), 20);
  assert.equal(await page.evaluate(() => [...document.querySelectorAll('.hits a')].indexOf(document.activeElement)), 10, 'the focus is on the first new one');
  // Whoever waits before pressing Enter sees results while typing; the search before stays in the history all the same.
  for (const wait of [false, true]) {
    await page.getByRole('searchbox').fill('没有这句');
    if (wait) await told(page, /没有找到“没有这句”/);
    await page.getByRole('searchbox').fill('没有这句话');
    if (wait) await told(page, /没有找到“没有这句话”/);
    await page.keyboard.press('Enter');
    await told(page, /没有找到“没有这句话”/);
    await page.goBack();
    await told(page, /找到 \d+ 份/);
    assert.equal(await page.getByRole('searchbox').inputValue(), '信息公开');
  }
  await context.close();
});

test('the page of results is accessible, fits a phone and asks no other site', async () => {
  const { page, troubles, context } = await visit(site, 'search/?q=依申请公开');
  await told(page, /找到 \d+ 份/);
  const found = {};
  await page.evaluate(AXE);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    found[colorScheme] = violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`));
  }
  await page.setViewportSize({ width: 360, height: 800 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await context.close();
  assert.deepEqual({ ...found, over, troubles }, { light: [], dark: [], over: 0, troubles: [] });
});

test('without JavaScript the page says so and leads to the lists', async () => {
  const { page, troubles, context } = await visit(site, 'search/', { javaScriptEnabled: false });
  const text = await page.locator('main').textContent();
  assert.match(text, /检索需要浏览器运行脚本/);
  assert.deepEqual(await page.locator('noscript a').evaluateAll((links) => links.map((link) => link.getAttribute('href'))), ['../years/', '../agencies/']);
  assert.equal(await page.locator('form').isVisible(), false);
  await context.close();
  assert.deepEqual(troubles, []);
});

/** A strict policy of the host stops nothing. */
test('it works under a content security policy', async () => {
  const { page, context } = await visit(site, '404.html');
  const seen = [];
  page.on('console', (message) => message.type() === 'error' && seen.push(message.text()));
  await page.route('**/search/', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, headers: { ...answer.headers(), 'content-security-policy': "default-src 'self'" } });
  });
  await page.goto(`${site.url}search/`);
  await page.getByRole('searchbox').fill('教育');
  await told(page, /找到 \d+ 份/);
  await context.close();
  assert.deepEqual(seen, []);
});

/** Reads an index from the disk, as the browser reads it over the network; counts the bytes. */
async function index() {
  const loaded = { bytes: 0 };
  const load = async (url) => {
    const bytes = readFileSync(url.split('?')[0]);
    loaded.bytes += bytes.length;
    return new Uint8Array(gunzipSync(bytes));
  };
  return { index: await Index.open(join(site.directory, 'search/'), load), loaded };
}

/** What readers see of all reports: from the built pages and the cards of agencies, not from the index. */
async function scanned() {
  const { page, context } = await visit(site, '404.html');
  // Former addresses only lead on.
  const isReport = (name) => !readFileSync(join(site.directory, name), 'utf8').includes('http-equiv="refresh"');
  const paths = readdirSync(site.directory, { recursive: true }).filter((name) => /\/\d{4}\/index\.html$/.test(name) && !name.startsWith('years/') && isReport(name));
  const pieces = await page.evaluate(async ({ paths, url }) => {
    const inline = new Set(['A', 'B', 'CODE', 'DEL', 'EM', 'I', 'S', 'SPAN', 'STRONG', 'SUB', 'SUP']);
    const of = (root) => {
      const found = new Map();
      const walk = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        let block = walk.currentNode.parentElement;
        while (inline.has(block.tagName)) block = block.parentElement;
        found.set(block, (found.get(block) ?? '') + walk.currentNode.textContent);
      }
      return [...found.values()];
    };
    return Promise.all(paths.map(async (path) => {
      const html = await (await fetch(url + path)).text();
      const root = new DOMParser().parseFromString(html, 'text/html');
      const parts = [root.querySelector('h1'), ...root.querySelectorAll('.section[id^="s"] > h2, .section[id^="s"] > .prose')];
      return parts.flatMap(of).map((text) => text.trim()).filter(Boolean);
    }));
  }, { paths, url: site.url });
  await context.close();
  return paths.map((path, at) => {
    const card = readFileSync(join(ROOT, 'content', path.replace(/\/\d{4}\/index\.html$/, ''), 'agency.toml'), 'utf8');
    const names = ['name', 'short_name', 'aliases'].flatMap((key) => [...(card.match(new RegExp(`^${key} = (.*)$`, 'm'))?.[1] ?? '').matchAll(/"([^"]*)"/g)].map((match) => match[1]));
    return { path: path.replace('index.html', ''), pieces: [...names, ...pieces[at]] };
  });
}

/** Dice that fall the same way in every run. */
function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

test('what is found is what contains the words: all of it and nothing else', async () => {
  const reports = await scanned();
  const { index: opened } = await index();
  assert.equal(reports.length, opened.years.length);
  assert.ok(reports.length > 50, `${reports.length} reports`);
  const compared = reports.map(({ path, pieces }) => ({ path, pieces: pieces.map((piece) => normal(piece).characters.join('')) }));
  const roll = dice(6);
  const some = () => {
    const { pieces } = reports[roll(reports.length)];
    const characters = [...pieces[roll(pieces.length)]];
    const from = roll(Math.max(1, characters.length - 1));
    return characters.slice(from, from + 1 + roll(12)).join('').replace(/\s/g, '');
  };
  const queries = ['公开', '信息公开', '政府信息公开', '依申请公开', 'ＧＢ', '２０２３年', '(一)', '的', '㊣', ...Array.from({ length: 400 }, some), ...Array.from({ length: 60 }, () => `${some()} ${some()}`)];
  const tally = { none: 0, few: 0, many: 0 };
  for (const query of queries.filter((query) => query.trim())) {
    const all = words(query);
    const truth = compared.filter(({ pieces }) => all.every((word) => pieces.some((piece) => piece.includes(word)))).map(({ path }) => path);
    const found = await Promise.all((await opened.find(query)).map(async (report) => decodeURI((await opened.text(report)).path)));
    assert.deepEqual(found.toSorted(), truth.toSorted(), query);
    tally[truth.length === 0 ? 'none' : truth.length > FEW ? 'many' : 'few'] += 1;
  }
  assert.ok(tally.few > 100 && tally.many > 20, JSON.stringify(tally));
});

/** Hits are marked where they stand in the text as it is written, whatever its form there. */
test('hits are marked in the text as it is written', () => {
  const marked = (text, query) => marks(text, words(query)).map(([from, to]) => text.slice(from, to));
  assert.deepEqual(marked('共２０ ２３年，𠮷林 GB', '2023年'), ['２０ ２３年']);
  assert.deepEqual(marked('𠮷林省𠮷林市', '𠮷林'), ['𠮷林', '𠮷林']);
  assert.deepEqual(marked('公开公开公开', '公开公'), ['公开公']);
  assert.deepEqual(marked('Ａ（b）', 'A(B)'), ['Ａ（b）']);
  assert.deepEqual(marked('㍿', '株'), ['㍿']);
});

/** A query loads little, however many reports there are: here the whole index is small already. */
test('a query loads few files', async () => {
  const { index: opened, loaded } = await index();
  await opened.find('依申请公开');
  assert.ok(loaded.bytes < 120 << 10, `${loaded.bytes} bytes`);
});
