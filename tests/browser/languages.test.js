// The demo site in two languages: each page leads to itself in the other, and what is English is English.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AXE, PAGES, ROOT, THEMES, bilingual, copy, each, look, open, visit } from './site.js';

const sites = {};
let site;
before(async () => {
  for (const theme of THEMES) sites[theme] = await open({ root: copy({ theme, edit: bilingual }) });
  site = sites.default;
});
after(() => Promise.all(Object.values(sites).map((site) => site.close())));

test('the switch leads to the same page and back', async () => {
  const { page, troubles, context } = await visit(site, 'shili/jiaoyu/2023/');
  await page.getByRole('link', { name: 'English' }).click();
  await page.waitForURL('**/en/shili/jiaoyu/2023/');
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.equal(await page.locator('h1').getAttribute('lang'), 'zh-CN');
  await page.getByRole('link', { name: '中文' }).click();
  await page.waitForURL((url) => !url.pathname.includes('/en/'));
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  await context.close();
  assert.deepEqual(troubles, []);
});

test('searching works in the second language with the one index', async () => {
  const { page, troubles, context } = await visit(site, 'en/search/?q=掏钱');
  await page.waitForFunction(() => /Reports found: \d/.test(document.querySelector('.searchstatus').textContent));
  await page.locator('.hits a').first().click();
  await page.waitForURL(/\/en\/.*\/20\d\d\/#s\d/);
  await context.close();
  assert.deepEqual(troubles, []);
  assert.deepEqual(readdirSync(join(site.directory, 'en/search')), ['index.html'], 'the index is not doubled');
});

/** The strings of the Chinese theme, cut where values are filled in; short ones are words of the form itself. */
const chinese = [...readFileSync(join(ROOT, 'themes/default/i18n/zh-CN.toml'), 'utf8').matchAll(/^\w+ = "(.*)"$/gm)]
  .flatMap((match) => match[1].split(/\{\w+\}|\\"/)).filter((text) => /[一-龥]{4}/.test(text) && !/^政府信息公开/.test(text));

/** The texts of a page whose Chinese words nothing marks as Chinese. */
function unmarked() {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (element.closest('script, [lang|="zh"]')) continue;
    const said = node.nodeType === Node.TEXT_NODE ? [node.data] : ['title', 'aria-label', 'alt', 'placeholder'].map((name) => node.getAttribute(name) ?? '');
    found.push(...said.filter((text) => /[\u3400-\u9fff]/.test(text)));
  }
  return found;
}

for (const theme of THEMES) {
  test(`${theme}: no Chinese string of the theme is on an English page, Chinese words are marked, and axe finds nothing`, async () => {
    assert.ok(chinese.length > 100, `${chinese.length} strings`);
    await each(Object.entries(PAGES).filter(([, path]) => path !== '404.html'), ([name, path]) => look(sites[theme], `en/${path}`, async ({ page, troubles }) => {
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      const words = await page.evaluate(unmarked);
      const said = await page.evaluate(() => {
        for (const element of document.querySelectorAll('[lang="zh-CN"], script')) element.remove();
        return document.body.innerHTML;
      });
      const found = { strings: chinese.filter((text) => said.includes(text)), words, axe: violations.map((rule) => `${rule.id}: ${rule.nodes[0].html}`), troubles };
      assert.deepEqual(found, { strings: [], words: [], axe: [], troubles: [] }, name);
    }));
  });
}
