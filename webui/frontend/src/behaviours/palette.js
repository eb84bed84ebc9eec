// The command palette: Ctrl or ⌘ and K opens it anywhere; asks the server 120 ms after the last letter, never while composing.
import { composing } from "../keyboard.js";

const WAIT_MS = 120;
const KEPT = 5;
const OBJECT = /^\/(letters|inbox\/tasks|processes\/instances|people\/persons|warnings|orders|letters\/commitments)\/\d+/;

export default {
  selector: "[data-palette]",
  begin(dialog) {
    const text = dialog.querySelector("[role=combobox]");
    const list = dialog.querySelector("[role=listbox]");
    const told = dialog.querySelector("[data-found]");
    const recent = recently(dialog.dataset.viewer);
    let timer = 0;
    let asking = null;
    recent.remember();

    const options = () => [...list.querySelectorAll("[role=option]")];
    const chosen = () => list.querySelector("[aria-selected=true]");
    const choose = (option) => {
      chosen()?.setAttribute("aria-selected", "false");
      option?.setAttribute("aria-selected", "true");
      option?.scrollIntoView({ block: "nearest" });
      if (option) text.setAttribute("aria-activedescendant", option.id);
      else text.removeAttribute("aria-activedescendant");
    };
    const ask = async () => {
      asking?.abort();
      asking = new AbortController();
      const answer = await fetch(`${dialog.dataset.palette}?q=${encodeURIComponent(text.value)}`, { signal: asking.signal, headers: { "HX-Request": "true" } }).catch(() => null);
      if (!answer) return;
      if (answer.status === 401) { dialog.close(); document.dispatchEvent(new Event("lf:signed-out")); return; }
      if (!answer.ok) return;
      list.innerHTML = await answer.text();
      if (!text.value.trim()) list.append(...recent.shown(dialog.dataset.recent));
      choose(options()[0]);
      told.textContent = dialog.dataset.told.replace("#", options().length);
    };
    const open = () => {
      if (dialog.open) return;
      text.value = "";
      list.replaceChildren();
      dialog.showModal();
      text.focus();
      ask();
    };
    const follow = (option) => {
      if (!option) return;
      const place = option.getAttribute("href");
      dialog.close();
      if (place === "#keys-help") document.dispatchEvent(new Event("lf:keys"));
      else location.assign(place);
    };

    document.addEventListener("keydown", (event) => {
      if (event.code !== "KeyK" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || composing(event)) return;
      event.preventDefault();
      if (dialog.open) dialog.close();
      else if (!document.querySelector("dialog[open]")) open();
    });
    document.addEventListener("click", (event) => { if (event.target.closest("[data-opens-palette]")) open(); });
    text.addEventListener("input", (event) => {
      if (composing(event)) return;
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT_MS);
    });
    text.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); });
    text.addEventListener("keydown", (event) => {
      if (composing(event)) return;
      const all = options();
      const at = all.indexOf(chosen());
      const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, PageDown: all.length - 1, PageUp: 0 }[event.key];
      if (to !== undefined && all.length) { event.preventDefault(); choose(all[to]); }
      if (event.key === "Enter") { event.preventDefault(); follow(chosen()); }
    });
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (!option || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      follow(option);
    });
  },
};

/** The last pages of single things, as this person saw them in this browser. */
function recently(viewer) {
  const key = `lf-seen-${viewer}`;
  const read = () => { try { return JSON.parse(localStorage.getItem(key)) ?? []; } catch { return []; } };
  return {
    remember() {
      const name = document.querySelector("h1")?.innerText.trim();
      if (!name || !OBJECT.test(location.pathname) || document.querySelector("[data-problem]")) return;
      const others = read().filter((each) => each.name !== name && each.href !== location.pathname);
      localStorage.setItem(key, JSON.stringify([{ href: location.pathname, name }, ...others].slice(0, KEPT + 1)));
    },
    shown(heading) {
      const seen = read().filter((each) => each.href !== location.pathname).slice(0, KEPT);
      if (!seen.length) return [];
      const group = Object.assign(document.createElement("div"), { role: "group" });
      const title = Object.assign(document.createElement("p"), { className: "group", textContent: heading, id: "palette-recent", role: "presentation" });
      group.setAttribute("aria-labelledby", title.id);
      group.append(title, ...seen.map((each, n) => {
        const option = Object.assign(document.createElement("a"), { href: each.href, id: `palette-seen-${n}`, role: "option", tabIndex: -1 });
        option.setAttribute("aria-selected", "false");
        option.append(Object.assign(document.createElement("span"), { className: "name", textContent: each.name }));
        return option;
      }));
      return [group];
    },
  };
}
