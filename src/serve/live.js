// Shows the panel of the page and follows its changes. Put into pages by `gongkai serve` only.
(() => {
  "use strict";
  const island = document.getElementById("gongkai-live");
  if (!island || !window.EventSource) return;
  const state = JSON.parse(island.textContent);
  const chinese = (state.panel.language || "zh").startsWith("zh");
  const say = (zh, en) => (chinese ? zh : en);

  // Where the reader was, across a reload.
  const place = "gongkai:" + location.pathname;
  try {
    const kept = sessionStorage.getItem(place);
    sessionStorage.removeItem(place);
    if (kept) {
      history.scrollRestoration = "manual";
      const [x, y] = kept.split(",").map(Number);
      const restore = () => window.scrollTo({ left: x, top: y, behavior: "instant" });
      restore();
      addEventListener("load", restore, { once: true });
    }
  } catch { /* no storage: the browser's own memory has to do */ }
  const reload = () => {
    try { sessionStorage.setItem(place, scrollX + "," + scrollY); } catch { /* as above */ }
    location.reload();
  };

  // The panel has a tree of its own, so that neither it nor the page's style reaches the other.
  const host = document.createElement("gongkai-panel");
  const tree = host.attachShadow({ mode: "open" });
  const element = (name, properties = {}, children = []) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children.filter((child) => child !== null));
    return made;
  };
  const style = element("style", { textContent: `
    :host { all: initial; color-scheme: light dark }
    @media print { :host { display: none } }
    * { box-sizing: border-box }
    .bar, .panel { font: 14px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: light-dark(#1c1c1a, #eceae4) }
    .bar { position: fixed; z-index: 2147483647; inset: 0 0 auto 0; max-height: 60vh; overflow: auto; padding: 12px 20px 14px; border-top: 5px solid light-dark(#b3261e, #ff8a80); background: light-dark(#fff3f1, #3a1a17); box-shadow: 0 4px 20px rgb(0 0 0 / .25) }
    .bar h2 { margin: 0 0 4px; font-size: 16px }
    .bar > p { margin: 8px 0 0; font-size: 13px; opacity: .85 }
    .panel { position: fixed; z-index: 2147483646; right: 16px; bottom: 16px; display: flex; flex-direction: column; align-items: flex-end; gap: 8px; max-width: min(34em, calc(100vw - 32px)) }
    .list { max-height: 55vh; overflow: auto; padding: 4px 16px; border: 1px solid light-dark(#c9c6bd, #55534d); border-radius: 8px; background: light-dark(#fffefb, #22211e); box-shadow: 0 4px 20px rgb(0 0 0 / .2) }
    button { font: inherit; font-weight: 600; padding: 6px 14px; border: 1px solid light-dark(#c9c6bd, #55534d); border-radius: 999px; background: light-dark(#fffefb, #22211e); color: inherit; cursor: pointer; box-shadow: 0 2px 8px rgb(0 0 0 / .15) }
    .item { margin: 12px 0; padding-left: 12px; border-left: 4px solid light-dark(#8a6100, #f0c35a) }
    .item.error { border-color: light-dark(#b3261e, #ff8a80) }
    .item p { margin: 0; overflow-wrap: anywhere }
    .item .hint { opacity: .85; font-size: 13px }
    .item code { display: block; margin: 4px 0; padding: 4px 8px; overflow-x: auto; white-space: pre; font: 13px/1.5 ui-monospace, monospace; background: light-dark(rgb(0 0 0 / .06), rgb(255 255 255 / .1)); border-radius: 4px }
    .item small { opacity: .75 }
    a { color: light-dark(#0b57a4, #9ecbff); font-size: 13px; overflow-wrap: anywhere }
    button:focus-visible, a:focus-visible { outline: 3px solid light-dark(#0b57a4, #9ecbff); outline-offset: 2px }
  ` });
  const bar = element("div", { className: "bar", hidden: true });
  bar.setAttribute("role", "alert");
  const list = element("div", { className: "list", hidden: true, id: "list" });
  const button = element("button", { type: "button" });
  button.setAttribute("aria-controls", "list");
  const panel = element("div", { className: "panel" }, [list, button]);
  tree.append(style, bar, panel);

  const open = (isOpen) => {
    list.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
    try { sessionStorage.setItem("gongkai:open", isOpen ? "1" : ""); } catch { /* stays as it is */ }
  };
  button.addEventListener("click", () => open(list.hidden));
  addEventListener("keydown", (event) => { if (event.key === "Escape") open(false); });

  const item = (found) => element("div", { className: "item " + found.level }, [
    element("p", { textContent: found.message }),
    found.line === null ? null : element("code", { textContent: found.line }),
    found.hint === null ? null : element("p", { className: "hint", textContent: found.hint }),
    element("p", {}, [
      found.link === null ? element("small", { textContent: found.place || "" }) : element("a", { href: found.link, textContent: found.place }),
      found.rule ? element("small", { textContent: "　" + found.rule }) : null,
    ]),
  ]);

  const show = (now) => {
    bar.hidden = now.problems.length === 0;
    bar.replaceChildren(
      element("h2", { textContent: say("有错误，页面没有更新", "There is an error; the page is not up to date") }),
      ...now.problems.map(item),
      ...(now.stale ? [element("p", { textContent: say("下面是出错之前的页面；改好并保存，它会自己恢复。", "Below is the page from before; mend the file and save it, and the page comes back by itself.") })] : []),
    );
    const total = now.errors + now.warnings;
    const counts = [];
    if (now.errors) counts.push(say(now.errors + " 个错误", now.errors + " errors"));
    if (now.warnings) counts.push(say(now.warnings + " 个警告", now.warnings + " warnings"));
    panel.hidden = total === 0;
    panel.style.display = total === 0 ? "none" : "";
    button.textContent = counts.join(say("，", ", "));
    const more = total - now.findings.length;
    list.replaceChildren(...now.findings.map(item), ...(more > 0 ? [element("p", { textContent: say("另有 " + more + " 个，见 gongkai check", more + " more; see `gongkai check`") })] : []));
  };
  show(state.panel);
  let wasOpen = false;
  try { wasOpen = sessionStorage.getItem("gongkai:open") === "1"; } catch { /* closed */ }
  open(wasOpen);
  document.body.append(host);

  // A style sheet takes the place of its older version once it has arrived, so that nothing flickers.
  const stem = (address) => address.replace(/[?#].*$/, "").replace(/^.*\//, "").replace(/\.[0-9a-f]{8}\.css$/, "");
  const restyle = (names) => {
    for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
      const href = link.getAttribute("href") || "";
      const name = names.find((name) => stem(name) === stem(href));
      if (!name || href.endsWith("/" + name) || link.dataset.old) continue;
      const fresh = link.cloneNode();
      fresh.href = href.slice(0, href.lastIndexOf("/") + 1) + name.split("/").pop();
      link.dataset.old = "1";
      fresh.addEventListener("load", () => link.remove());
      fresh.addEventListener("error", () => link.remove());
      link.after(fresh);
    }
  };

  // Only a page that is looked at follows: browsers allow few connections, and a hidden page catches
  // up when it is shown again.
  let source = null;
  const follow = () => {
    if (source || document.hidden) return;
    source = new EventSource("/_gongkai/live?page=" + encodeURIComponent(location.pathname) + "&seen=" + encodeURIComponent(state.seen));
    source.addEventListener("reload", reload);
    source.addEventListener("style", (event) => restyle(JSON.parse(event.data)));
    source.addEventListener("panel", (event) => show(JSON.parse(event.data)));
  };
  const rest = () => {
    if (source) source.close();
    source = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : follow()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", follow);
  follow();
})();
