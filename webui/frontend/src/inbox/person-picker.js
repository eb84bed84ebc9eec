// Suggests persons while a name, pinyin or number is typed; for several, completes the last one.
import { composing } from "../keyboard.js";

const WAIT_MS = 120;

export function beginPicker(input) {
  input.dataset.begun = "yes";
  const list = document.getElementById(input.getAttribute("list"));
  let timer = 0;
  input.addEventListener("input", (event) => {
    if (composing(event)) return;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const parts = input.value.split(/[,,、]/);
      const last = parts.pop().trim();
      if (!last || last.endsWith(")")) return;
      const answer = await fetch(`${input.dataset.personPicker}?q=${encodeURIComponent(last)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const before = parts.map((part) => `${part.trim()}, `).join("");
      list.replaceChildren(...(await answer.json()).map((each) => Object.assign(document.createElement("option"), { value: before + each.value, label: each.label })));
    }, WAIT_MS);
  });
}
