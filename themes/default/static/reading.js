// 大字与高对比度：读者的选择记在本机，下一页在画出来以前就照办；不许存的浏览器只管这一页。
// 打印前展开折叠的内容，打印后收回。没有这个脚本，开关不出现，内容一样。
(() => {
  const root = document.documentElement;
  const names = ['large', 'contrast'];
  const kept = (name) => { try { return localStorage.getItem(`gongkai-${name}`) === '1'; } catch { return root.classList.contains(name); } };
  const keep = (name, on) => { try { on ? localStorage.setItem(`gongkai-${name}`, '1') : localStorage.removeItem(`gongkai-${name}`); } catch { /* 不许存 */ } };
  const show = () => {
    for (const name of names) {
      const button = document.querySelector(`[data-reading="${name}"]`);
      if (button) button.setAttribute('aria-pressed', root.classList.contains(name));
    }
  };
  const restore = () => {
    for (const name of names) root.classList.toggle(name, kept(name));
    show();
  };
  root.classList.add('scripted');
  restore();
  addEventListener('DOMContentLoaded', () => {
    show();
    for (const button of document.querySelectorAll('[data-reading]')) {
      button.addEventListener('click', () => {
        keep(button.dataset.reading, root.classList.toggle(button.dataset.reading));
        show();
      });
    }
  });
  addEventListener('pageshow', (event) => { if (event.persisted) restore(); });
  addEventListener('storage', restore);
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details:not([open])')];
    for (const details of opened) details.open = true;
  });
  addEventListener('afterprint', () => { for (const details of opened) details.open = false; });
})();
