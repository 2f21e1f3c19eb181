// The demo site, built by gongkai and served below a sub-path on loopback, and a browser to look at it.
//
// Every test file builds its own copy (a tenth of a second), in memory where there is enough of it. The program is taken from $GONGKAI, else from
// target/release or target/debug, whichever is newer; nothing is compiled here.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The path that the site is served below: a column of a portal. */
export const BASE = '/zwgk/nianbao/';

/** The built-in themes. */
export const THEMES = ['default', 'plain'];

/** One page of every kind, by name; reports of all three editions, with and without findings. */
export const PAGES = {
  home: '',
  years: 'years/',
  year: 'years/2023/',
  'year of 2014 statistics': 'years/2017/',
  agencies: 'agencies/',
  agency: 'shili/jiaoyu/',
  'agency with bodies below': 'shili/',
  'abolished agency': 'shili/jiuhe/',
  'group or parent without reports': 'fuyang/',
  report: 'shili/jiaoyu/2023/',
  'report with errors': 'shili/jiaoyu/2022/',
  'report with a blank cell': 'shili/chengguan/2023/',
  'report of 2019 form': 'fuyang/wanshi/2020/',
  'report of 2014 statistics': 'shili/2016/',
  quality: 'quality/',
  data: 'data/',
  rule: 'quality/row-total-mismatch/',
  'unknown address': '404.html',
};

const MEMORY = '/dev/shm';
const roomy = () => { const { bavail, bsize } = statfsSync(MEMORY); return bavail * bsize > 2 ** 30; };
const TEMPORARY = existsSync(MEMORY) && roomy() ? MEMORY : tmpdir();

/** A new directory for a while. Hundreds of small files are written in seconds on some disks, in memory at once. */
export function temporary(name) {
  return mkdtempSync(join(TEMPORARY, `gongkai-${name}-`));
}

export function program() {
  if (process.env.GONGKAI) return resolve(process.env.GONGKAI);
  const built = ['release', 'debug'].map((profile) => join(ROOT, 'target', profile, 'gongkai')).filter(existsSync);
  built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (built.length === 0) throw new Error('gongkai is not built: run cargo build first, or set GONGKAI');
  return built[0];
}

/** A copy of the demo site's sources with another theme; `edit` may change more of it before it is built. Without
    `content` only the settings are copied. */
export function copy({ theme = 'default', content = true, edit = () => {} } = {}) {
  const root = temporary('source');
  if (content) cpSync(join(ROOT, 'content'), join(root, 'content'), { recursive: true });
  writeFileSync(join(root, 'site.toml'), readFileSync(join(ROOT, 'site.toml'), 'utf8').replace(/^theme = .*$/m, `theme = "${theme}"`));
  edit(root);
  return root;
}

/** An edit of a copy: the site in two languages. */
export function bilingual(root) {
  const file = join(root, 'site.toml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^language = .*$/m, 'languages = ["zh-CN", "en"]'));
}

/** Builds the demo site (in a theme, or another site, with `root`) into a new directory. */
export function build({ theme, root = copy({ theme }), args = [] } = {}) {
  const directory = temporary('browser');
  const run = spawnSync(program(), ['build', '--root', root, '--output', directory, ...args], { encoding: 'utf8' });
  rmSync(root, { recursive: true, force: true });
  if (run.status !== 0) throw new Error(`gongkai build failed:\n${run.stdout}${run.stderr}`);
  return directory;
}

const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.xml': 'application/xml', '.csv': 'text/csv', '.txt': 'text/plain; charset=utf-8' };

/** Serves a directory below BASE as a plain static host does. */
export async function serve(directory) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    // The browser asks for this by itself, once in a while; it is no request of the site's.
    if (path === '/favicon.ico') return response.writeHead(204).end();
    let file = path.startsWith(BASE) ? join(directory, path.slice(BASE.length)) : '';
    if (file && existsSync(file) && statSync(file).isDirectory()) file = join(file, 'index.html');
    if (!file || !existsSync(file)) {
      response.writeHead(404, { 'content-type': TYPES['.html'] });
      return response.end(existsSync(join(directory, '404.html')) ? readFileSync(join(directory, '404.html')) : '');
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { server, url: `http://127.0.0.1:${server.address().port}${BASE}` };
}

let browser;
let users = 0;

/** The browser of this process, started when it is first asked for. */
export async function launch() {
  browser ??= chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  users += 1;
  return browser;
}

/** Ends the browser when nobody needs it any more. */
export async function dismiss() {
  users -= 1;
  if (users > 0) return;
  const last = browser;
  browser = undefined;
  await (await last).close();
}

/** The built demo site, its address and a browser; `close` ends and removes all of it. */
export async function open(options) {
  const directory = build(options);
  const { server, url } = await serve(directory);
  const site = { directory, url, browser: await launch(), idle: [] };
  site.close = async () => {
    await Promise.all(site.idle.map(({ context }) => context.close()));
    await dismiss();
    server.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return site;
}

const WIDE = { width: 1440, height: 900 };

/** A page that opens addresses of the site, one after another. */
async function reader(site, options) {
  const context = await site.browser.newContext({ viewport: WIDE, ...options });
  const page = await context.newPage();
  let seen;
  page.on('pageerror', (error) => seen.troubles.push(`script error: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && seen.troubles.push(`console: ${message.text()}`));
  page.on('request', (request) => {
    const to = new URL(request.url());
    seen.fetched.push({ kind: request.resourceType(), name: to.pathname.split('/').at(-1) });
    if (to.protocol.startsWith('http') && to.origin !== new URL(site.url).origin) seen.troubles.push(`request leaves the site: ${to}`);
  });
  page.on('response', (response) => response.status() >= 400 && seen.troubles.push(`${response.status()}: ${response.url()}`));
  const go = async (path) => {
    seen = { troubles: [], fetched: [] };
    await page.goto(site.url + path);
    return { page, context, ...seen };
  };
  return { page, context, go };
}

/** A page at an address, with what went wrong on it: script errors, failed requests, requests to other sites. */
export async function visit(site, path, options = {}) {
  return (await reader(site, options)).go(path);
}

/** The same in a page that others had before, dressed as a new one: to make one takes as long as to look at it.
    Nothing may be stored in it. */
export async function look(site, path, work) {
  const found = site.idle.pop() ?? await reader(site, {});
  await found.page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference' });
  await found.page.setViewportSize(WIDE);
  const outcome = await work(await found.go(path));
  site.idle.push(found);
  return outcome;
}

/** Does some work for each item, two at a time: one looks while the other waits. */
export async function each(items, work) {
  const left = [...items];
  const worker = async () => { while (left.length > 0) await work(left.shift()); };
  await Promise.all([worker(), worker()]);
}
