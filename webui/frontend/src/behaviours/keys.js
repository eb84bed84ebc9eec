// Single keys press what carries their code: <button data-key="KeyA">; `g` and a letter goes to a page; `?` shows those of the page.
import { composing, keyOf, mayAct } from "../keyboard.js";

const visible = (element) => element.offsetParent !== null || element.getClientRects().length > 0;
const MODIFIERS = { Shift: "Shift" };
const CAPS = { BracketLeft: "[", BracketRight: "]", Slash: "/", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" };
let going = 0;

function go(event) {
  const started = Date.now() - going < 1500;
  going = event.code === "KeyG" ? Date.now() : 0;
  const link = started && document.querySelector(`[data-go="${event.code.slice(3).toLowerCase()}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
}

const cap = (code) => MODIFIERS[code] ?? CAPS[code] ?? code.replace(/^Key(.)$/, (_, letter) => letter.toLowerCase()).replace(/^Digit/, "");

function named(element) {
  const shown = element.cloneNode(true);
  shown.querySelectorAll("kbd, .count, svg, .hush").forEach((each) => each.remove());
  return (element.dataset.keyName ?? (shown.textContent.trim() || element.getAttribute("aria-label") || element.title)).replace(/\s+/g, " ").trim();
}

function line(keys, name) {
  const dt = document.createElement("dt");
  keys.forEach((key) => dt.append(Object.assign(document.createElement("kbd"), { textContent: key })));
  return [dt, Object.assign(document.createElement("dd"), { textContent: name })];
}

/** The map of this page: what it carries, what its own script declares, where `g` leads. */
function fill(dialog) {
  const told = new Map();
  for (const element of document.querySelectorAll("[data-key]"))
    if (visible(element)) for (const code of element.dataset.key.split(" ")) if (!told.has(code)) told.set(code, [code.split("+").map(cap), named(element)]);
  const own = [...document.querySelectorAll("template[data-keys]")].flatMap((each) => [...each.content.cloneNode(true).children]);
  const places = [...document.querySelectorAll(".side [data-go]")].map((link) => [["g", link.dataset.go], named(link)]);
  dialog.querySelector("[data-keys-page]").replaceChildren(...own, ...[...told.values()].flatMap(([keys, name]) => line(keys, name)));
  dialog.querySelector("[data-keys-go]").replaceChildren(...places.flatMap(([keys, name]) => line(keys, name)));
}

function explain() {
  const dialog = document.getElementById("keys-help");
  if (!dialog || dialog.open) return;
  fill(dialog);
  dialog.showModal();
  dialog.scrollTop = 0; // the focus is on the button at the end
}

export default {
  begin(document) {
    document.addEventListener("click", (event) => { if (event.target.closest("[data-explains-keys]")) { event.target.closest("details[data-menu]")?.removeAttribute("open"); explain(); } });
    document.addEventListener("lf:keys", explain);
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && !composing(event)) {
        const form = event.target.closest?.("form");
        if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("[data-sends]") ?? undefined); }
        return;
      }
      if (!mayAct(event) || event.defaultPrevented) return;
      if (event.key === "?" || event.key === "？" || (event.code === "Slash" && event.shiftKey)) { event.preventDefault(); explain(); return; }
      if (event.code === "Slash") {
        const search = [...document.querySelectorAll("[data-search]")].find(visible);
        if (search) { event.preventDefault(); search.focus(); search.select?.(); }
        return;
      }
      if (go(event)) { event.preventDefault(); return; }
      const carries = `[data-key~="${keyOf(event)}"]`; // where several forms have the same key, the one that has the focus
      const near = event.target.closest?.("[data-keys-within]")?.querySelectorAll(carries) ?? [];
      const target = [...near, ...document.querySelectorAll(carries)].find(visible);
      if (target) { event.preventDefault(); target.click(); }
    });
  },
};
