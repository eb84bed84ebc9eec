// The inbox by keyboard: j k walk and open, x picks, Shift+a picks all, u goes back to the list; and its four behaviours.
import { composing, keyOf, mayAct } from "../keyboard.js";
import { beginDecision } from "../inbox/decision.js";
import { beginLive } from "../inbox/live.js";
import { beginPicker } from "../inbox/person-picker.js";

const inbox = document.querySelector("[data-inbox]");
const rows = () => [...document.querySelectorAll("[data-rows] [data-task] > a")];
const detail = () => document.getElementById("detail");
const currentRow = () => rows().find((row) => row.hasAttribute("aria-current"));

function mark() {
  const task = detail()?.dataset.task;
  for (const row of rows()) {
    if (row.parentElement.dataset.task === task) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

function walk(step) {
  const all = rows();
  const at = all.indexOf(document.activeElement.closest?.("[data-task] > a") ?? currentRow());
  const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
  if (!next) return;
  next.focus();
  if (next !== currentRow()) next.click();
}

function pick(all) {
  const boxes = [...document.querySelectorAll("[name=pick][form=batch]")];
  if (all) {
    const on = boxes.some((box) => !box.checked);
    boxes.forEach((box) => { box.checked = on; });
  } else {
    const box = (document.activeElement.closest?.("[data-task]") ?? currentRow()?.parentElement)?.querySelector("[name=pick]");
    if (box) box.checked = !box.checked;
  }
  tellPicked();
}

function tellPicked() {
  const bar = document.querySelector("[data-batch]");
  const number = document.querySelectorAll("[name=pick][form=batch]:checked").length;
  bar?.classList.toggle("picked", number > 0);
  if (bar) { bar.querySelector("[data-picked]").dataset.number = number; bar.querySelector("button").textContent = `${bar.querySelector("button").textContent.replace(/ \(\d+\)$/, "")}${number ? ` (${number})` : ""}`; }
}

function backToList() {
  if (inbox) inbox.dataset.view = "list";
  (currentRow() ?? rows()[0])?.focus();
}

const ACTS = {
  KeyJ: () => walk(1), KeyK: () => walk(-1), ArrowDown: () => walk(1), ArrowUp: () => walk(-1),
  KeyX: () => pick(false), "Shift+KeyA": () => pick(true), KeyU: backToList, Escape: backToList,
  KeyO: () => { if (inbox) inbox.dataset.view = "detail"; detail()?.focus(); },
};

document.addEventListener("keydown", (event) => {
  if (!inbox || composing(event) || event.defaultPrevented || !mayAct(event)) return;
  const act = ACTS[keyOf(event)];
  if (act) { event.preventDefault(); act(); }
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[name=pick]")) tellPicked();
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-rows] [data-task] > a") && inbox) inbox.dataset.view = "detail";
});
document.addEventListener("htmx:afterSwap", (event) => {
  mark();
  begin(detail());
  keepFocus(); // htmx gives the focus to a field of the same name, which is hidden by now
  const dialog = document.getElementById("batch-dialog");
  if (event.detail.target?.id === "batch-inside" && !dialog.open) dialog.showModal();
});

function keepFocus() {
  const at = document.activeElement;
  if (at !== document.body && at?.getClientRects().length) return;
  const beside = matchMedia("(min-width: 1200px)").matches;
  ((beside && currentRow()) || detail())?.focus({ preventScroll: true });
}

function begin(root) {
  root?.querySelectorAll("[data-decision]:not([data-begun])").forEach(beginDecision);
  root?.querySelectorAll("[data-person-picker]:not([data-begun])").forEach(beginPicker);
}
begin(document);
const live = document.querySelector("[data-live]");
if (live) beginLive();
