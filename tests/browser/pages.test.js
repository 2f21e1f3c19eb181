// What holds of every page kind in every theme: it fits the screen, is drawn in Chinese, is accessible whatever the
// colours, says the same without scripts, and leaves no error behind.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { AXE, PAGES, THEMES, look, open, visit } from './site.js';

const sites = {};
before(async () => { for (const theme of THEMES) sites[theme] = await open({ theme }); });
after(() => Promise.all(Object.values(sites).map((site) => site.close())));

/** Without a Chinese font glyphs are blank and axe silently leaves colours unchecked. */
test('a Chinese glyph has a width of its own', async () => {
  const { page, context } = await visit(sites.default, '');
  const widths = await page.evaluate(() => {
    const measure = (text) => {
      const span = document.createElement('span');
      span.textContent = text;
      document.body.append(span);
      const { width } = span.getBoundingClientRect();
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      canvas.font = getComputedStyle(span).font;
      canvas.fillText(text, 2, 20);
      const ink = canvas.getImageData(0, 0, 40, 40).data.filter((value, at) => at % 4 === 3 && value > 0).length;
      span.remove();
      return { width, ink };
    };
    return { one: measure('一'), open: measure('聽') };
  });
  await context.close();
  assert.ok(widths.one.width > 8 && widths.open.width > 8, JSON.stringify(widths));
  assert.ok(widths.open.ink > widths.one.ink && widths.one.ink > 0, `glyphs are drawn, not boxes: ${JSON.stringify(widths)}`);
});

for (const theme of THEMES) {
  describe(theme, { concurrency: 2 }, () => {
    /** One visit a page: axe in full once, then its rules about colours in every other dress. */
    for (const [name, path] of Object.entries(PAGES)) {
      test(name, () => look(sites[theme], path, async ({ page, troubles, fetched }) => {
        const found = { light: await axe(page), fetched: await unused(page, fetched) };
        await page.emulateMedia({ colorScheme: 'dark' });
        found.dark = await axe(page, COLOURS);
        await page.emulateMedia({ colorScheme: 'light', contrast: 'more' });
        found.contrast = await axe(page, COLOURS);
        found.wide = await tooWide(page);
        await page.setViewportSize({ width: 360, height: 800 });
        found.narrow = await tooWide(page);
        if (theme === 'default') {
          await page.evaluate(() => document.documentElement.classList.add('large', 'contrast'));
          found.switched = [...await axe(page, COLOURS), await tooWide(page)].filter(Boolean);
        }
        const trouble = Object.entries({ ...found, troubles }).filter(([, what]) => what.length > 0);
        assert.deepEqual(trouble, []);
      }));
    }

    test('every page says the same without JavaScript', async () => {
      const context = await sites[theme].browser.newContext({ javaScriptEnabled: false });
      const page = await context.newPage();
      const silent = [];
      for (const path of Object.values(PAGES)) {
        await page.goto(sites[theme].url + path);
        const [headings, text] = [await page.locator('h1').count(), await page.locator('main').textContent()];
        if (headings !== 1 || text.trim().length < 40) silent.push(`${path}: ${headings} headings, ${text.trim()}`);
      }
      await context.close();
      assert.deepEqual(silent, []);
    });
  });
}

/** What was fetched besides the page itself that the page has no use for. */
async function unused(page, fetched) {
  const uses = await page.evaluate(() => ({
    styles: document.querySelectorAll('link[rel=stylesheet]').length,
    scripts: document.querySelectorAll('script[src]').length,
    table: document.querySelector('table[data-sortable]') !== null,
    reading: document.querySelector('[data-reading]') !== null,
  }));
  const useful = { stylesheet: () => uses.styles > 0, script: (name) => (name.startsWith('table.') ? uses.table : name.startsWith('reading.') ? uses.reading : uses.scripts > 0) };
  return fetched.filter(({ kind, name }) => kind !== 'document' && !useful[kind]?.(name)).map(({ kind, name }) => `${kind} ${name}`);
}

/** The rules of axe that colours decide. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** How far a page is wider than its screen, and by what; nothing if it fits. */
async function tooWide(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return over > 0 ? `by ${over} px: ${await page.evaluate(widest)}` : '';
}

function widest() {
  const edge = document.documentElement.clientWidth;
  const inScroll = (element) => element.closest('.scroll, .prose table, pre') !== null;
  const over = [...document.querySelectorAll('body *')].filter((element) => !inScroll(element) && element.getBoundingClientRect().right > edge + 1);
  return over.slice(-3).map((element) => element.outerHTML.slice(0, 160)).join('\n');
}

/** Everything that axe has to say, whatever its weight, as lines; of some rules only, if they are named. */
async function axe(page, rules) {
  await page.evaluate((source) => { if (!window.axe) (0, eval)(source); }, AXE);
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) };
  const { violations } = await page.evaluate((options) => window.axe.run(document, options), options);
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${node.target} ${node.failureSummary}`));
}

/** Whoever uses the keyboard sees where they are: every stop on the way has a visible outline. */
test('keyboard focus is visible at every stop', async () => {
  for (const path of ['', 'shili/jiaoyu/2022/', 'years/2023/']) {
    const { page, context } = await visit(sites.default, path);
    const seen = [];
    for (let stop = 0; stop < 60; stop += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        return { html: element.outerHTML.slice(0, 120), outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, box: box.width > 0 && box.height > 0 };
      });
      if (!at) break;
      seen.push(at);
    }
    await context.close();
    assert.ok(seen.length > 10, `${path}: only ${seen.length} stops`);
    assert.match(seen[0].html, /class="skip"/, 'the first stop leads to the text');
    assert.deepEqual(seen.filter((stop) => !stop.outline || !stop.box), [], path);
  }
});

/** The link past the menu works: after it, the next stop is in the main part. */
test('the first link leads past the menu', async () => {
  const { page, context } = await visit(sites.default, 'years/2023/');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const inside = await page.evaluate(() => document.querySelector('main').contains(document.activeElement));
  await context.close();
  assert.ok(inside);
});

/** On paper there is no menu, nothing is cut off, and the table is there. */
test('a report prints whole', async () => {
  const { page, context } = await visit(sites.default, 'shili/jiaoyu/2023/');
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 660, height: 900 });
  const state = await page.evaluate(() => ({
    menu: getComputedStyle(document.querySelector('header.site nav')).display,
    cut: [...document.querySelectorAll('.scroll')].filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.getAttribute('aria-label')),
    tables: document.querySelectorAll('table.official').length,
  }));
  await context.close();
  assert.deepEqual(state, { menu: 'none', cut: [], tables: 3 });
});

/** On paper an official table stays on one sheet: its header was once left alone at the foot of a page. */
test('an official table is not torn apart by a page', async () => {
  const { page, context } = await visit(sites.default, 'shili/ziranziyuan/2023/');
  const pdf = await page.pdf({ preferCSSPageSize: true });
  await context.close();
  const text = spawnSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' }).stdout;
  const sheets = text.split('\f');
  const sheet = (words) => sheets.findIndex((sheet) => sheet.replace(/\s/g, '').includes(words));
  assert.ok(sheet('申请人情况') >= 0, text);
  assert.equal(sheet('申请人情况'), sheet('四、结转下年度继续办理'));
});

/** The unit stands above a wide table where a phone shows it, not beyond the edge. */
test('the unit of an official table is on the screen of a phone', async () => {
  const { page, context } = await visit(sites.default, 'shili/jiaoyu/2023/', { viewport: { width: 360, height: 800 } });
  const rights = await page.evaluate(() => [...document.querySelectorAll('table.official caption')].flatMap((caption) => {
    const walk = document.createTreeWalker(caption, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const ends = [];
    while (walk.nextNode()) {
      if (walk.currentNode.parentElement.closest('.hidden')) continue;
      range.selectNodeContents(walk.currentNode);
      ends.push(range.getBoundingClientRect().right);
    }
    return ends;
  }));
  await context.close();
  assert.ok(rights.length >= 2, `units found: ${rights.length}`);
  assert.ok(rights.every((right) => right <= 360), JSON.stringify(rights));
});
