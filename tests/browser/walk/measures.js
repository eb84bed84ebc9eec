// What is measured on a page, as the browser draws it. Each measure answers a list of sentences; empty is right.
window.lfWalk = (() => {
  const WRITES = "input:not([type=checkbox], [type=radio], [type=hidden], [type=range]), select, textarea";
  const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex='-1'])";
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && element.getClientRects().length > 0
    && !element.closest(".hush, .skip, svg");
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const called = (element) => {
    const name = element.id ? `#${element.id}` : element.className && typeof element.className === "string" ? `.${element.className.trim().split(/\s+/).join(".")}` : "";
    return `${element.tagName.toLowerCase()}${name} “${(element.innerText || element.getAttribute("aria-label") || element.name || "").replace(/\s+/g, " ").trim().slice(0, 24)}”`;
  };
  const size = (element) => parseFloat(getComputedStyle(element).fontSize);
  const texts = function* (root = document.body) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (walker.currentNode.data.trim() && walker.currentNode.parentElement.closest("script, style, noscript") === null) yield walker.currentNode;
  };

  const frame = () => {
    const wrong = [];
    const count = (selector) => document.querySelectorAll(selector).length;
    if (count("h1") !== 1) wrong.push(`${count("h1")} h1`);
    if (count("main") !== 1) wrong.push(`${count("main")} main`);
    const first = document.querySelector(STOPS);
    if (!first?.matches(".skip")) wrong.push(`the first stop is ${first && called(first)}`);
    const name = document.title.replace(/^\(\d+\) /, "").replace(/ – Letterflow$/, "");
    if (!name || name === "Letterflow") wrong.push(`the title is “${document.title}”`);
    return wrong;
  };

  const primaries = () => {
    const groups = new Map();
    for (const button of all(".btn-primary")) {
      const around = button.closest("dialog") ?? document.body;
      groups.set(around, [...(groups.get(around) ?? []), called(button)]);
    }
    return [...groups.values()].filter((found) => found.length > 1).map((found) => found.join(", "));
  };

  const type = (phone) => {
    const wrong = new Set();
    if (size(document.body) !== (phone ? 16 : 14)) wrong.add(`the body is ${size(document.body)} px`);
    for (const text of texts()) if (seen(text.parentElement) && size(text.parentElement) < 12) wrong.add(`${called(text.parentElement)} ${size(text.parentElement)} px`);
    if (phone) for (const field of all(WRITES)) if (size(field) < 16) wrong.add(`${called(field)} ${size(field)} px`);
    return [...wrong];
  };

  // a link in running text keeps its line's height; what a label belongs to is pressed by the label
  const targets = (least) => {
    const wrong = new Set();
    for (const element of all("a[href], button, summary, input:not([type=hidden]), select, textarea")) {
      if (element.matches("a") && getComputedStyle(element).display === "inline") continue;
      if (element.closest("[role=grid], .diagram")) continue;
      const label = element.matches("[type=checkbox], [type=radio]") ? element.closest("label") : null;
      const box = (label ?? element).getBoundingClientRect();
      if (box.width < least - 0.5 || box.height < least - 0.5) wrong.add(`${called(element)} ${Math.round(box.width)}×${Math.round(box.height)}`);
    }
    return [...wrong];
  };

  const focus = () => {
    const wrong = new Set();
    const before = scrollY;
    for (const element of all(STOPS)) {
      if (element.disabled || element.closest("dialog:not([open])")) continue;
      element.focus();
      if (document.activeElement !== element) continue;
      if (element.matches("[type=radio]") && !element.matches(":focus-visible")) continue;
      const style = getComputedStyle(element);
      const ringed = [element, element.firstElementChild, element.parentElement, element.closest("label")].some((each) => each && getComputedStyle(each).outlineStyle !== "none" && parseFloat(getComputedStyle(each).outlineWidth) >= 2);
      if (!ringed) wrong.add(`${called(element)} has no ring (${style.outlineStyle} ${style.outlineWidth})`);
      const box = element.getClientRects()[0];
      const top = document.elementFromPoint(Math.min(innerWidth - 1, box.left + box.width / 2), Math.min(innerHeight - 1, Math.max(0, box.top + Math.min(box.height / 2, 12))));
      if (top && top !== element && !element.contains(top) && !top.contains(element) && !element.closest("label")?.contains(top)) wrong.add(`${called(element)} lies under ${called(top)}`);
    }
    document.activeElement?.blur();
    scrollTo(0, before);
    return [...wrong];
  };

  const sideways = () => {
    const wide = document.documentElement.scrollWidth;
    if (wide <= innerWidth) return [];
    const scrolls = (each) => each && each !== document.body && (getComputedStyle(each).overflowX !== "visible" || scrolls(each.parentElement));
    const culprits = [...document.querySelectorAll("body *")].filter((each) => seen(each) && each.getBoundingClientRect().right > innerWidth + 1 && !scrolls(each.parentElement));
    return [`${wide} > ${innerWidth}: ${culprits.slice(0, 3).map(called).join(", ")}`];
  };

  // every text grows by two fifths; what has no room for it is cut
  const longer = () => {
    for (const text of [...texts()]) {
      const said = text.data.trim();
      text.data = `${text.data.trimEnd()}${" mehr".repeat(Math.ceil((said.length * 0.4) / 5))} `;
    }
    const wrong = new Set(sideways());
    for (const element of all("main *, .side *, .top *, .phone-bar *")) {
      const style = getComputedStyle(element);
      if (!["hidden", "clip"].includes(style.overflowX) || style.textOverflow === "ellipsis" || element.matches("dialog, details, .hush, select, input, textarea")) continue;
      if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1) wrong.add(`${called(element)} is cut`);
    }
    return [...wrong];
  };

  const said = () => {
    const found = [...texts()].filter((text) => seen(text.parentElement)).map((text) => text.data.trim());
    for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]"))
      for (const name of ["aria-label", "title", "placeholder"]) if (element.getAttribute(name)) found.push(element.getAttribute(name));
    return found;
  };

  // what a page loads beside the shell, and does not use: `uses` says by which element each bundle is used
  const unused = (uses) => [...document.querySelectorAll("script[src], link[rel=stylesheet]")]
    .map((each) => (each.src || each.href).split("/").pop().replace(/-[0-9a-f]{10}(?=\.)/, ""))
    .filter((name) => !["app.js", "app.css", "theme.js"].includes(name))
    .filter((name) => !uses[name] || !document.querySelector(uses[name]))
    .map((name) => `${name} is loaded${uses[name] ? ` and nothing is ${uses[name]}` : ", and the table of uses does not know it"}`);

  const axe = async (rules) => {
    const options = { resultTypes: ["violations"], runOnly: rules ?? { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } };
    const told = await window.axe.run(document, options);
    return told.violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target.join(" ")} ${node.html.slice(0, 140)} ${node.failureSummary.replaceAll("\n", " ").slice(0, 160)}`));
  };
  return { frame, primaries, type, targets, focus, sideways, longer, said, unused, axe };
})();
