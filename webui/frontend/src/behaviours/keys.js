// Single keys press what carries their code: <button data-key="KeyA">; `g` and a letter goes to a page; `?` shows them all.
import { composing, keyOf, mayAct } from "../keyboard.js";

const visible = (element) => element.offsetParent !== null || element.getClientRects().length > 0;
let going = 0;

function go(event) {
  const started = Date.now() - going < 1500;
  going = event.code === "KeyG" ? Date.now() : 0;
  const link = started && document.querySelector(`[data-go="${event.code.slice(3).toLowerCase()}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
}

export default {
  begin(document) {
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && !composing(event)) {
        const form = event.target.closest?.("form");
        if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("[data-sends]") ?? undefined); }
        return;
      }
      if (!mayAct(event) || event.defaultPrevented) return;
      if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) { event.preventDefault(); document.getElementById("keys-help")?.showModal(); return; }
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
