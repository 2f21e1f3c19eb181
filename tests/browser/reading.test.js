// What readers do with a page: larger type and stronger contrast, sorting and filtering, paging through a big year, printing.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { THEMES, copy, open, visit } from './site.js';

let site;
before(async () => { site = await open(); });
after(() => site.close());

describe('large type and high contrast', () => {
  const pressed = (page) => page.locator('[data-reading]').evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-pressed')));

  test('are switched by keyboard, kept for the next page, and there before it is drawn', async () => {
    const { page, context } = await visit(site, '');
    const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
    const before = await size();
    assert.deepEqual(await pressed(page), ['false', 'false']);
    await page.getByRole('button', { name: '大字' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: '高对比度' }).focus();
    await page.keyboard.press('Enter');
    assert.deepEqual(await pressed(page), ['true', 'true']);
    assert.equal(await size(), before * 1.5);
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (!document.body) return;
        window.dressedFor = document.documentElement.className;
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(`${site.url}years/`);
    assert.equal(await page.evaluate(() => window.dressedFor), 'scripted large contrast', 'no flash: set before the body is there');
    assert.deepEqual(await pressed(page), ['true', 'true']);
    await page.getByRole('button', { name: '大字' }).click();
    await page.reload();
    assert.deepEqual(await pressed(page), ['false', 'true']);
    await context.close();
  });

  test('work on the page where nothing may be stored', async () => {
    const { page, troubles, context } = await visit(site, '');
    await page.addInitScript(() => Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } }));
    await page.reload();
    await page.getByRole('button', { name: '高对比度' }).click();
    assert.deepEqual(await pressed(page), ['false', 'true']);
    assert.deepEqual(troubles, []);
    await context.close();
  });

  test('are not offered where there are no scripts', async () => {
    const { page, context } = await visit(site, '', { javaScriptEnabled: false });
    assert.equal(await page.locator('[data-reading]').first().isVisible(), false);
    await context.close();
  });
});

describe('the table of a year', () => {
  const column = (page, at) => page.locator('table[data-sortable] tbody tr:not([hidden])').evaluateAll((rows, at) => rows.map((row) => row.cells[at].innerText.trim()), at);

  test('is sorted by a column, and says so', async () => {
    const { page, context } = await visit(site, 'years/2023/');
    const before = await column(page, 2);
    const figures = (texts) => texts.map((text) => Number(text.replaceAll(',', '')));
    const button = page.getByRole('button', { name: '新收申请' });
    await button.focus();
    await page.keyboard.press('Enter');
    const up = figures(await column(page, 2));
    assert.deepEqual(up, figures(before).sort((a, b) => a - b));
    assert.notDeepEqual(up, figures(before), 'it was in the order of the tree before');
    const head = page.locator('th', { has: button });
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
    assert.match(await page.getByRole('status').innerText(), /已按“新收申请”从小到大排列/);
    await page.keyboard.press('Enter');
    assert.deepEqual(figures(await column(page, 2)), up.toReversed());
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    assert.match(await page.getByRole('status').innerText(), /从大到小/);
    await page.getByRole('button', { name: '公布日期' }).click();
    const days = await column(page, (await page.locator('table[data-sortable] th').count(), 9));
    assert.deepEqual(days, [...days].sort());
    assert.equal(await head.getAttribute('aria-sort'), null, 'one column sorts at a time');
    await context.close();
  });

  test('is filtered by what is typed, and says how much is left', async () => {
    const { page, context } = await visit(site, 'years/2023/');
    const all = (await column(page, 0)).length;
    await page.getByRole('searchbox', { name: '筛选机关' }).fill('街道');
    const left = await column(page, 0);
    assert.ok(left.length > 0 && left.length < all && left.every((name) => name.includes('街道')), left.join());
    assert.equal(await page.getByRole('status').innerText(), `显示 ${left.length} 行，共 ${all} 行`);
    await page.getByRole('searchbox').fill('');
    assert.equal((await column(page, 0)).length, all);
    await context.close();
  });
});

/** A county of 12 bodies with 50 below each: too many rows for one page. Its portal fills the slots in. */
function county(root) {
  const write = (path, text) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('templates/portal-head.html', '<meta name="portal" content="county">');
  write('templates/portal-header.html', '<div id="portal-top" role="banner">县门户的页眉</div>');
  write('templates/portal-footer.html', '<div id="portal-foot" role="contentinfo">县门户的页脚</div>');
  for (let body = 0; body < 12; body += 1) {
    write(`content/b${body}/agency.toml`, `name = "第${body}镇人民政府"\nkind = "township"\nowes_report = false\n`);
    for (let below = 0; below < 50; below += 1) {
      write(`content/b${body}/s${below}/agency.toml`, `name = "第${body}镇第${below}站"\nkind = "other"\n`);
      write(`content/b${body}/s${below}/2023.md`, '+++\npublished = 2024-01-10\nproactive = 0\napplications = 0\ndisputes = 0\n+++\n\n## 一、总体情况\n\n无事可报。\n');
    }
  }
}

test('a year of more than 500 reports is paged by the body above, and portals fill their slots in', async () => {
  for (const theme of THEMES) {
    const big = await open({ root: copy({ theme, edit: county, content: false }) });
    try {
      const { page, troubles, context } = await visit(big, 'years/2023/');
      const parts = page.locator('table tbody th[scope=row] a', { hasText: /^第\d+镇/ });
      assert.equal(await parts.count(), 12, theme);
      const names = new Set();
      for (const link of await parts.evaluateAll((links) => links.map((one) => one.href))) {
        await page.goto(link);
        for (const name of await page.locator('tbody th[scope=row] a').allInnerTexts()) names.add(name);
      }
      assert.equal(names.size, 600, 'every report is on exactly one part of the year');
      assert.equal(await page.locator('#portal-top').innerText(), '县门户的页眉');
      assert.equal(await page.locator('#portal-foot').innerText(), '县门户的页脚');
      assert.equal(await page.locator('head meta[name=portal]').getAttribute('content'), 'county');
      assert.deepEqual(troubles, []);
      await context.close();
    } finally {
      await big.close();
    }
  }
});

/** Rankings set bodies of one kind beside each other, and shares only those with enough cases. */
test('only bodies of a kind with enough cases are ranked', async () => {
  const { page, context } = await visit(site, 'years/2023/');
  const lists = await page.locator('.rankings section').evaluateAll((sections) => sections.map((section) => ({
    title: section.querySelector('h3').innerText,
    cases: [...section.querySelectorAll('li small')].map((small) => Number(small.innerText.split('/')[1])),
  })));
  assert.ok(lists.length > 0);
  const kinds = lists.map(({ title }) => title.split('：')[0]);
  assert.deepEqual(kinds.filter((kind) => !['部门', '政府', '乡镇', '街道', '政府办公室', '垂直管理机关', '其他'].some((known) => kind.includes(known))), []);
  assert.deepEqual(lists.flatMap(({ cases }) => cases).filter((cases) => !(cases >= 10)), []);
  await context.close();
});

/** On paper closed disclosures show what they hold, and sheets are numbered. */
test('what is folded on the screen is open on paper', async () => {
  for (const theme of THEMES) {
    const themed = await open({ theme });
    try {
      for (const [javaScriptEnabled, path, words] of [[true, 'shili/jiaoyu/', ['数据表', '2016']], [false, 'shili/jiaoyu/2023/', ['变化的数字', '→']]]) {
        const { page, context } = await visit(themed, path, { javaScriptEnabled });
        const folded = await page.locator('details').count();
        assert.ok(folded > 0);
        const pdf = await page.pdf({ preferCSSPageSize: true });
        const text = spawnSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' }).stdout;
        for (const word of words) assert.ok(text.includes(word), `${theme}, ${path}: no ${word}`);
        const sheets = text.split('\f').length - 1;
        assert.match(text, new RegExp(`1\\s*/\\s*${sheets}`), `${theme}: sheets are numbered`);
        await context.close();
      }
    } finally {
      await themed.close();
    }
  }
});
