// What holds of the built files in every theme and both languages: every internal link and anchor resolves, HTML is valid, pages are light.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT, THEMES, bilingual, build, copy, temporary } from './site.js';

let directory;
let pages;
before(() => {
  directory = temporary('themes');
  for (const theme of THEMES) renameSync(build({ root: copy({ theme, edit: bilingual }) }), join(directory, theme));
  pages = readdirSync(directory, { recursive: true }).filter((name) => name.endsWith('.html')).map((name) => join(directory, name));
});
after(() => rmSync(directory, { recursive: true, force: true }));

const decode = (text) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#x27;', "'");
const attributes = (html, name) => [...html.matchAll(new RegExp(`<[a-z][^>]*?\\s${name}="([^"]*)"`, 'g'))].map((match) => decode(match[1]));

test('every internal link and anchor resolves', () => {
  const anchors = new Map(pages.map((page) => [page, new Set(attributes(readFileSync(page, 'utf8'), 'id'))]));
  const broken = [];
  for (const page of pages.filter((name) => !name.endsWith('404.html'))) {
    const html = readFileSync(page, 'utf8');
    for (const link of [...attributes(html, 'href'), ...attributes(html, 'src')]) {
      if (/^[a-z]+:/.test(link)) continue;
      const [path, anchor] = link.split('?')[0].length ? link.replace(/\?[^#]*/, '').split('#') : ['', link.split('#')[1]];
      let target = path ? join(dirname(page), decodeURIComponent(path)) : page;
      if (existsSync(target) && statSync(target).isDirectory()) target = join(target, 'index.html');
      if (!existsSync(target)) broken.push(`${relative(directory, page)}: ${link}`);
      else if (anchor && !anchors.get(target)?.has(decodeURIComponent(anchor))) broken.push(`${relative(directory, page)}: no anchor ${link}`);
    }
  }
  assert.ok(pages.length > 180, `${pages.length} pages`);
  assert.deepEqual(broken, []);
});

test('no anchor stands twice on a page', () => {
  const twice = pages.flatMap((page) => {
    const ids = attributes(readFileSync(page, 'utf8'), 'id');
    return ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${relative(directory, page)}: ${id}`);
  });
  assert.deepEqual(twice, []);
});

/** The Nu Html Checker, as used by W3C; it needs Java, which CI installs. */
test('HTML is valid', () => {
  const jar = join(dirname(createRequire(import.meta.url).resolve('vnu-jar/package.json')), 'build/dist/vnu.jar');
  const run = spawnSync('java', ['-jar', jar, '--format', 'json', '--skip-non-html', directory], { encoding: 'utf8', maxBuffer: 64 << 20 });
  assert.equal(run.error, undefined, 'java is needed for vnu: apt-get install default-jre-headless');
  const { messages } = JSON.parse(run.stderr || '{"messages":[]}');
  const shown = messages.map((message) => `${relative(directory, message.url.replace('file:', ''))}:${message.lastLine}: ${message.message} ${message.extract ?? ''}`);
  assert.deepEqual(shown, []);
});

test('no page is heavier than 100 KB of HTML and CSS, findings apart', () => {
  const heavy = pages.filter((page) => !page.includes('/quality/')).map((page) => {
    const html = readFileSync(page, 'utf8');
    const css = attributes(html, 'href').filter((link) => link.endsWith('.css')).map((link) => (link.startsWith('/') ? 0 : statSync(join(dirname(page), link)).size));
    return [relative(directory, page), Buffer.byteLength(html) + css.reduce((sum, size) => sum + size, 0)];
  });
  assert.deepEqual(heavy.filter(([, size]) => size > 100 * 1024), []);
});

/** What machines are told: each file is well-formed, and each address in it is that of a file. */
test('sitemap, feeds and linked data hold together', () => {
  const base = /^base_url = "(.*)"$/m.exec(readFileSync(join(ROOT, 'site.toml'), 'utf8'))[1];
  const xml = readdirSync(directory, { recursive: true }).filter((name) => name.endsWith('.xml'));
  const lint = spawnSync('python3', ['-c', 'import sys, xml.dom.minidom as d\nfor f in sys.argv[1:]: d.parse(f)', ...xml.map((name) => join(directory, name))], { encoding: 'utf8' });
  assert.equal(lint.status, 0, lint.stderr);
  const dead = [];
  const check = (from, url) => {
    if (!url.startsWith(base)) return dead.push(`${from}: ${url} is elsewhere`);
    let target = join(directory, relative(directory, join(directory, from)).split('/')[0], decodeURIComponent(url.slice(base.length)));
    if (existsSync(target) && statSync(target).isDirectory()) target = join(target, 'index.html');
    if (!existsSync(target)) dead.push(`${from}: ${url}`);
  };
  let named = 0;
  for (const name of xml) {
    const text = readFileSync(join(directory, name), 'utf8');
    const urls = [...text.matchAll(/<(?:loc|id)>([^<]*)</g), ...text.matchAll(/href="([^"]*)"/g)].map((match) => decode(match[1]));
    urls.forEach((url) => check(name, url));
    named += urls.length;
  }
  assert.ok(THEMES.every((theme) => xml.includes(`${theme}/sitemap.xml`) && xml.includes(`${theme}/feed.xml`)) && xml.length > 20 && named > 200, `${xml.length} files, ${named} addresses`);
  const types = new Set();
  for (const page of pages) {
    const html = readFileSync(page, 'utf8');
    for (const [, json] of html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)) {
      const walk = (value) => {
        if (typeof value['@type'] === 'string') types.add(value['@type']);
        for (const [key, below] of Object.entries(value)) {
          if (['@id', 'url', 'item', 'contentUrl'].includes(key) && typeof below === 'string') check(relative(directory, page), below);
          else if (below && typeof below === 'object') walk(below);
        }
      };
      walk(JSON.parse(json));
    }
    for (const url of [...html.matchAll(/<link rel="canonical" href="([^"]*)"/g)].map((match) => decode(match[1]))) check(relative(directory, page), url);
  }
  assert.deepEqual(dead, []);
  for (const type of ['Report', 'Dataset', 'GovernmentOrganization', 'BreadcrumbList']) assert.ok(types.has(type), type);
});
