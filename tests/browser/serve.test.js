// `gongkai serve` in a browser: edits show, a broken file leaves the last good page, style sheets change in place.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, afterEach, before, test } from 'node:test';
import { AXE, ROOT, dismiss, launch, program, temporary } from './site.js';

let root;
let server;
let url;
let browser;
let page;
const REPORT = 'content/shili/jiaoyu/2023.md';
const read = (path) => readFileSync(join(root, path), 'utf8');
const write = (path, text) => writeFileSync(join(root, path), text);
/** Replaces text in a file; it must be there. */
const edit = (path, from, to) => {
  const text = read(path);
  assert.ok(text.match(from), `${path} has no ${from}`);
  write(path, text.replace(from, to));
};

before(async () => {
  root = temporary('serve');
  cpSync(join(ROOT, 'content'), join(root, 'content'), { recursive: true });
  cpSync(join(ROOT, 'site.toml'), join(root, 'site.toml'));
  mkdirSync(join(root, 'themes/own/static'), { recursive: true });
  cpSync(join(ROOT, 'themes/default/static/style.css'), join(root, 'themes/own/static/style.css'));
  edit('site.toml', /^theme = .*$/m, 'theme = "own"');
  server = spawn(program(), ['serve', '--root', root, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: server.stdout });
  url = await new Promise((found) => lines.on('line', (line) => { const at = line.match(/http:\/\/\S+?\/(?=\s|　)/); if (at) found(at[0]); }));
  browser = await launch();
});
after(async () => {
  if (browser) await dismiss();
  server?.kill('SIGINT');
  rmSync(root, { recursive: true, force: true });
});
afterEach(async () => { await page?.context().close(); page = null; });

/** Opens a page and waits until it follows its changes. */
async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  page = await context.newPage();
  const listening = page.waitForRequest(/_gongkai\/live\?/);
  await page.goto(url + path);
  await listening;
  await page.evaluate(() => { window.sameDocument = true; });
  return page;
}
const isSameDocument = () => page.evaluate(() => window.sameDocument === true);
const bar = () => page.locator('gongkai-panel .bar');

test('an edit shows in the open page, which keeps its place', async () => {
  await open('shili/jiaoyu/2023/');
  await page.evaluate(() => window.scrollTo({ top: 500, behavior: 'instant' }));
  const licensing = read(REPORT).match(/^licensing\s*=\s*\[\s*(\d+)/m)[1];
  edit(REPORT, /^(licensing\s*=\s*\[\s*)\d+/m, '$187654');
  await page.getByRole('cell', { name: '87654' }).first().waitFor();
  assert.equal(await isSameDocument(), false, 'the page was loaded again');
  await page.waitForFunction(() => Math.abs(scrollY - 500) < 60);
  edit(REPORT, '87654', licensing);
  await page.waitForFunction(() => !document.body.textContent.includes('87654'));
});

test('a sum on another page follows, a page that shows nothing of it stays', async () => {
  await open('years/2022/');
  const report = 'content/shili/jiaoyu/2022.md';
  const before = read(report);
  edit(REPORT, /\n## 六/, '\n文字又多一句。\n\n## 六');
  await page.waitForTimeout(400);
  assert.equal(await isSameDocument(), true, 'prose of another year is not on this page');
  edit(report, /^(received\s*=.*,\s*)\d+(\s*\])/m, '$198765$2');
  await page.waitForFunction(() => document.body.textContent.includes('98,765'));
  write(report, before);
  await page.waitForFunction(() => !document.body.textContent.includes('98,765'));
});

test('broken TOML leaves the last good page with the error on top, escaped; mended, it goes', async () => {
  await open('shili/jiaoyu/2023/');
  const good = read(REPORT);
  const heading = await page.locator('h1').textContent();
  let alerted = false;
  page.on('dialog', (dialog) => { alerted = true; dialog.dismiss(); });
  edit(REPORT, /^licensing\s*=.*$/m, 'licensing = "<img src=x onerror=alert(1)>');
  await bar().waitFor({ state: 'visible' });
  const said = await bar().textContent();
  assert.match(said, /TOML/);
  assert.match(said, /<img src=x onerror=alert\(1\)>/, 'the line is shown as text');
  assert.match(said, /2023\.md:\d+/);
  assert.equal(await page.locator('h1').textContent(), heading);
  assert.equal(await isSameDocument(), true, 'the page was not taken away');
  // The same after a reload, and for somebody who comes only now.
  await page.reload();
  await bar().waitFor({ state: 'visible' });
  assert.equal(await page.locator('h1').textContent(), heading);
  assert.equal(alerted, false);
  const source = await page.locator('gongkai-panel .bar a').first().getAttribute('href');
  const found = await page.context().newPage();
  await found.goto(new URL(source, url).href);
  assert.match(await found.locator('li:target').textContent(), /onerror/);
  await found.close();
  write(REPORT, good);
  await bar().waitFor({ state: 'hidden' });
});

test('findings stand in a panel that opens, closes, and is accessible', async () => {
  const good = read(REPORT);
  await open('shili/jiaoyu/2023/');
  edit(REPORT, /^(granted\s*=\s*\[\s*)\d+/m, '$19999');
  const button = page.locator('gongkai-panel button');
  await page.waitForFunction(() => document.querySelector('gongkai-panel')?.shadowRoot.querySelector('button').textContent.includes('错误'));
  assert.equal(await button.getAttribute('aria-expanded'), 'false');
  await button.click();
  await page.locator('gongkai-panel .list .item.error').first().waitFor();
  assert.match(await page.locator('gongkai-panel .list').textContent(), /2023\.md:\d+/);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(AXE);
    const violations = await page.evaluate(async () => (await window.axe.run('gongkai-panel')).violations.map((violation) => `${violation.id}: ${violation.nodes[0].html}`));
    assert.deepEqual(violations, [], colorScheme);
  }
  await page.keyboard.press('Escape');
  assert.equal(await button.getAttribute('aria-expanded'), 'false');
  write(REPORT, good);
  await button.waitFor({ state: 'hidden' });
});

test('a style sheet changes without a reload', async () => {
  await open('shili/');
  const style = read('themes/own/static/style.css');
  write('themes/own/static/style.css', `${style}\nh1 { color: rgb(1, 2, 3) !important }\n`);
  await page.waitForFunction(() => getComputedStyle(document.querySelector('h1')).color === 'rgb(1, 2, 3)');
  assert.equal(await isSameDocument(), true);
  write('themes/own/static/style.css', style);
  await page.waitForFunction(() => getComputedStyle(document.querySelector('h1')).color !== 'rgb(1, 2, 3)');
  assert.equal(await isSameDocument(), true);
  assert.equal(await page.locator('link[rel="stylesheet"]').count(), 1);
});

test('a deleted report makes the list shorter, its own page says that it is gone', async () => {
  await open('shili/jiaoyu/');
  const rows = () => page.locator('a[href$="shili/jiaoyu/2023/"]').count();
  assert.ok((await rows()) > 0);
  const own = await page.context().newPage();
  await own.goto(`${url}shili/jiaoyu/2023/`);
  const text = read(REPORT);
  rmSync(join(root, REPORT));
  await page.waitForFunction(() => !document.querySelector('a[href$="shili/jiaoyu/2023/"]'));
  await own.bringToFront();
  await own.waitForFunction(() => !document.querySelector('article.report'));
  write(REPORT, text);
  await own.waitForFunction(() => document.querySelector('article.report'));
});

test('a broken template is said in place and mended', async () => {
  await open('shili/');
  mkdirSync(join(root, 'templates'), { recursive: true });
  write('templates/agency.html', '一\n{{ nonesuch }}');
  await bar().waitFor({ state: 'visible' });
  assert.match(await bar().textContent(), /templates\/agency\.html:2/);
  assert.equal(await isSameDocument(), true);
  rmSync(join(root, 'templates'), { recursive: true });
  await bar().waitFor({ state: 'hidden' });
});
