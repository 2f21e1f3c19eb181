// The demo site, built by gongkai and served below a sub-path on loopback, and a browser to look at it.
//
// Every test file builds its own copy (a tenth of a second). The program is taken from $GONGKAI, else from
// target/release or target/debug, whichever is newer; nothing is compiled here.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
  const root = mkdtempSync(join(tmpdir(), 'gongkai-source-'));
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
  const directory = mkdtempSync(join(tmpdir(), 'gongkai-browser-'));
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

/** The built demo site, its address and a browser; `close` ends and removes all of it. */
export async function open(options) {
  const directory = build(options);
  const { server, url } = await serve(directory);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  const close = async () => {
    await browser.close();
    server.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { directory, url, browser, close };
}

/** A page at an address, with what went wrong on it: script errors, failed requests, requests to other sites. */
export async function visit(site, path, options = {}) {
  const context = await site.browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const troubles = [];
  const fetched = [];
  page.on('pageerror', (error) => troubles.push(`script error: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && troubles.push(`console: ${message.text()}`));
  page.on('request', (request) => {
    const to = new URL(request.url());
    fetched.push({ kind: request.resourceType(), name: to.pathname.split('/').at(-1) });
    if (to.protocol.startsWith('http') && to.origin !== new URL(site.url).origin) troubles.push(`request leaves the site: ${to}`);
  });
  page.on('response', (response) => response.status() >= 400 && troubles.push(`${response.status()}: ${response.url()}`));
  await page.goto(site.url + path);
  return { page, troubles, context, fetched };
}
