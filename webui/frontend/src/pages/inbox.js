// The inbox by keyboard: j k walk and open, x picks (Shift+x a range), Shift+a all, u goes back to the list; and its behaviours.
import { composing, keyOf, mayAct } from "../keyboard.js";
import { beginDecision, beginDrafts } from "../inbox/decision.js";
import { beginPad } from "../pad.js";
import { beginPicker } from "../inbox/person-picker.js";
import { beginPicking, offer, pick, pickAll, pickRange } from "../inbox/picking.js";
import { beginReturning } from "../inbox/returning.js";

const inbox = document.querySelector("[data-inbox]");
const rows = () => [...document.querySelectorAll("[data-rows] > li[id] > a")];
const detail = () => document.getElementById("detail");
const currentRow = () => rows().find((row) => row.hasAttribute("aria-current"));
const focusedRow = () => document.activeElement.closest?.("[data-rows] > li[id]") ?? currentRow()?.parentElement;

function mark() {
  const task = `task-${detail()?.dataset.task}`;
  const all = rows();
  for (const row of all) {
    if (row.parentElement.id === task) { row.setAttribute("aria-current", "true"); row.parentElement.classList.remove("new"); } else row.removeAttribute("aria-current");
  }
  const place = document.querySelector("[data-place]");
  const at = all.indexOf(currentRow());
  if (place) place.textContent = at < 0 ? "" : `${at + 1}/${Math.max(all.length, Number(document.querySelector(".tabs [aria-current] .count")?.textContent) || 0)}`;
}

function walk(step) {
  const all = rows();
  const at = all.indexOf(document.activeElement.closest?.("[data-rows] > li[id] > a") ?? currentRow());
  const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
  if (!next) return;
  next.focus();
  if (next !== currentRow()) next.click();
}

function show(view) {
  if (inbox) inbox.dataset.view = view;
}

function backToList() {
  show("list");
  returning?.back();
  (currentRow() ?? rows()[0])?.focus({ preventScroll: true });
}

const ACTS = {
  KeyJ: () => walk(1), KeyK: () => walk(-1), ArrowDown: () => walk(1), ArrowUp: () => walk(-1),
  KeyX: () => pick(focusedRow()), "Shift+KeyX": () => pickRange(focusedRow()), "Shift+KeyA": pickAll,
  KeyU: backToList, Escape: backToList,
  KeyO: () => { show("detail"); detail()?.focus(); },
};

document.addEventListener("keydown", (event) => {
  if (!inbox || composing(event) || event.defaultPrevented || !mayAct(event)) return;
  const act = ACTS[keyOf(event)];
  if (act) { event.preventDefault(); act(); }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-rows] > li[id] > a")) { show("detail"); if (!matchMedia("(min-width: 1200px)").matches) scrollTo(0, 0); }
  if (event.target.closest(".back") && inbox && rows().length) { event.preventDefault(); backToList(); }
  if (event.target.closest("[data-prints]")) print();
  if (event.target.closest("[data-opens='act-dialog']")) document.getElementById("act-inside").querySelectorAll("form, div, ul").forEach((old) => old.remove());
});
document.addEventListener("htmx:afterSwap", (event) => {
  mark();
  offer();
  begin(document);
  keepFocus(); // htmx gives the focus to a field of the same name, which is hidden by now
  const dialog = document.getElementById("batch-dialog");
  if (event.detail.target?.id === "batch-inside" && !dialog.open) dialog.showModal();
  if (event.detail.target?.id === "act-inside") event.detail.target.querySelector("input:not([type=hidden]), a")?.focus();
});

function keepFocus() {
  const at = document.activeElement;
  if (at !== document.body && at?.getClientRects().length) return;
  const beside = matchMedia("(min-width: 1200px)").matches;
  ((beside && currentRow()) || detail())?.focus({ preventScroll: true });
}

function begin(root) {
  root.querySelectorAll("[data-decision]:not([data-begun])").forEach(beginDecision);
  root.querySelectorAll("[data-signature]").forEach(beginPad);
  root.querySelectorAll("[data-plain]").forEach((button) => { button.hidden = true; });
  root.querySelectorAll("[data-person-picker]:not([data-begun])").forEach(beginPicker);
}

const returning = inbox ? beginReturning() : undefined;
begin(document);
beginPicking();
beginDrafts();
offer();
mark();
