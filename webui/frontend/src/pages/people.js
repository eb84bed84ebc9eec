// Pages of people: the tree of units by keyboard (APG treeview), and fields that suggest persons.
import { beginPicker } from "../inbox/person-picker.js";
import { composing } from "../keyboard.js";

const TYPED_MS = 700;

document.querySelectorAll("[data-tree]").forEach(beginTree);
document.querySelectorAll("[data-person-picker]:not([data-begun])").forEach(beginPicker);

function beginTree(tree) {
  const all = () => [...tree.querySelectorAll("[role=treeitem]")];
  const visible = () => all().filter((item) => !item.parentElement.closest('[aria-expanded="false"]'));
  const label = (item) => item.querySelector("a span").textContent.trim().toLowerCase();
  let typed = "", at = all().find((item) => item.getAttribute("aria-selected") === "true") ?? all()[0], timer = 0;
  at.tabIndex = 0;

  function go(item) {
    if (!item) return;
    at.tabIndex = -1;
    at = item;
    at.tabIndex = 0;
    at.focus();
  }

  const open = (item, value) => item.setAttribute("aria-expanded", value);
  const step = (by) => { const items = visible(); go(items[Math.max(0, Math.min(items.length - 1, items.indexOf(at) + by))]); };

  function right() {
    if (at.getAttribute("aria-expanded") === "false") return open(at, true);
    if (at.hasAttribute("aria-expanded")) go(at.querySelector("[role=treeitem]"));
  }

  function left() {
    if (at.getAttribute("aria-expanded") === "true") return open(at, false);
    go(at.parentElement.closest("[role=treeitem]"));
  }

  function find(letter) {
    clearTimeout(timer);
    timer = setTimeout(() => { typed = ""; }, TYPED_MS);
    typed += letter.toLowerCase();
    const items = visible(), from = items.indexOf(at) + (typed.length === 1 ? 1 : 0);
    go([...items.slice(from), ...items.slice(0, from)].find((item) => label(item).startsWith(typed) || item.querySelector("a").dataset.initials?.startsWith(typed)));
  }

  const acts = {
    ArrowDown: () => step(1), ArrowUp: () => step(-1), ArrowRight: right, ArrowLeft: left,
    Home: () => go(visible()[0]), End: () => go(visible().at(-1)),
    Enter: () => at.querySelector("a").click(), " ": () => at.querySelector("a").click(),
    "*": () => [...at.parentElement.children].filter((item) => item.hasAttribute("aria-expanded")).forEach((item) => open(item, true)),
  };

  tree.addEventListener("keydown", (event) => {
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = acts[event.key];
    if (!act && (event.key.length !== 1 || document.documentElement.dataset.keys === "off")) return;
    event.preventDefault();
    event.stopPropagation();
    if (act) act();
    else find(event.key);
  });
  tree.addEventListener("focusin", (event) => { if (event.target.matches("[role=treeitem]") && event.target !== at) go(event.target); });
}
