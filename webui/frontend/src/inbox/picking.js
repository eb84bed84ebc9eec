// Ticks beside the rows: x picks one, Shift+x (or Shift+click) a range, Shift+a all; the bar above says how many.
const ROWS = "[data-rows] > li[id]";
let anchor = null;

const boxes = () => [...document.querySelectorAll("[name=pick][form=batch]")];
const boxOf = (row) => row?.querySelector("[name=pick]");

/** Rows come without ticks, which nobody can use without scripts: that keeps a list of fifty short. */
export function offer() {
  const bar = document.querySelector("[data-batch]");
  for (const row of bar ? document.querySelectorAll(`${ROWS}:not(:has([name=pick]))`) : []) {
    const label = Object.assign(document.createElement("label"), { className: "pick" });
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "pick", value: row.id.slice("task-".length) });
    box.setAttribute("form", "batch");
    box.setAttribute("aria-label", `${bar.dataset.select} ${row.querySelector("b").textContent}`);
    label.append(box);
    row.prepend(label);
  }
  tell();
}

export function pick(row) {
  const box = boxOf(row);
  if (!box || box.disabled) return;
  box.checked = !box.checked;
  anchor = row;
  tell();
}

/** From the row that was picked last to this one, all get the state of that one. */
export function pickRange(row) {
  const all = [...document.querySelectorAll(ROWS)];
  const from = all.indexOf(anchor);
  const to = all.indexOf(row);
  if (from < 0 || to < 0) { pick(row); return; }
  const on = boxOf(anchor)?.checked ?? true;
  all.slice(Math.min(from, to), Math.max(from, to) + 1).map(boxOf).forEach((box) => { if (box && !box.disabled) box.checked = on; });
  tell();
}

export function pickAll() {
  const on = boxes().some((box) => !box.checked && !box.disabled);
  boxes().forEach((box) => { if (!box.disabled) box.checked = on; });
  tell();
}

function tell() {
  const bar = document.querySelector("[data-batch]");
  if (!bar) return;
  const number = boxes().filter((box) => box.checked).length;
  const button = bar.querySelector("button");
  bar.classList.toggle("picked", number > 0);
  button.textContent = `${button.textContent.replace(/ \(\d+\)$/, "")}${number ? ` (${number})` : ""}`;
}

export function beginPicking() {
  document.addEventListener("click", (event) => {
    if (!event.target.matches("[name=pick]")) return;
    const row = event.target.closest("li");
    if (event.shiftKey && anchor && anchor !== row) { boxOf(row).checked = !boxOf(row).checked; pickRange(row); } else { anchor = row; tell(); }
  });
}
