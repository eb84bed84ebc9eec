// The action bar: an outcome opens the opinion, confirming sends it; what is typed is kept as a draft after a pause.
import { composing } from "../keyboard.js";

const PAUSE_MS = 2000;

export function beginDecision(form) {
  form.dataset.begun = "yes";
  const opinion = form.querySelector("[data-opinion]");
  const text = form.querySelector("#opinion");
  const confirm = form.querySelector("[data-confirm]");
  const sends = form.querySelector("[data-sends]");
  const outcomes = form.querySelector("[data-outcomes]");
  const refused = Boolean(form.closest("#detail").querySelector(".error-summary"));
  let chosen = null;

  const close = (back) => {
    opinion.hidden = true; confirm.hidden = true; outcomes.hidden = false;
    if (back) chosen?.focus();
    chosen = null;
  };
  const open = (button) => {
    chosen = button;
    opinion.hidden = false; confirm.hidden = false; outcomes.hidden = true;
    form.querySelector("[data-phrases]").hidden = false;
    form.querySelector("[data-needed]").hidden = button.dataset.explains === undefined;
    form.querySelectorAll("[data-for]").forEach((part) => { part.hidden = part.dataset.for !== button.value; part.disabled = part.hidden; });
    sends.value = button.value;
    sends.textContent = button.dataset.confirms;
    text.focus();
  };

  outcomes.addEventListener("click", (event) => {
    const button = event.target.closest("[name=outcome]");
    if (!button) return;
    event.preventDefault();
    open(button);
  });
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-cancels]")) close(true);
    const phrase = event.target.closest("[data-phrase]");
    if (phrase) { text.value = text.value ? `${text.value}\n${phrase.textContent}` : phrase.textContent; text.focus(); text.dispatchEvent(new Event("input", { bubbles: true })); }
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || composing(event) || opinion.hidden) return;
    event.preventDefault(); event.stopPropagation();
    close(true);
  });
  if (refused) {
    const said = form.querySelector("#opinion-wrong") ? "REJECTED" : outcomes.querySelector("[name=outcome]").value;
    open(outcomes.querySelector(`[value=${said}]`) ?? outcomes.querySelector("[name=outcome]"));
  } else close(false);
}

const timers = new WeakMap();

async function save(form) {
  if (!form.isConnected) return;
  const draft = new FormData(form);
  for (const name of ["outcome", "password", "sha256", "drawn", "stored"]) draft.delete(name);
  const answer = await fetch(form.dataset.draft, { method: "POST", body: draft, headers: { "HX-Request": "true" } }).catch(() => null);
  const told = document.querySelector("[data-draft-told]");
  if (answer?.ok && told) told.textContent = await answer.text();
}

/** What is typed into the form, also into fields that stand elsewhere, is kept two seconds after the last letter. */
export function beginDrafts() {
  const stop = (form) => clearTimeout(timers.get(form));
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-decision]")) return;
    stop(form);
    timers.set(form, setTimeout(save, PAUSE_MS, form));
  });
  document.addEventListener("submit", (event) => stop(event.target));
  document.addEventListener("htmx:beforeRequest", (event) => stop(event.target));
}
