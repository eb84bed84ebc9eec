// One poll for the page: every 20 s when seen, every 3 s for a minute after an act or a return, none when hidden.
const SLOW_MS = 20000;
const FAST_MS = 3000;
const EAGER_MS = 60000;
const SHOWN = "[data-rows] > li[id]:not(.decided)";
let eagerUntil = 0;
let timer = 0;

function ask() {
  if (!document.hidden) document.querySelector("[data-live]")?.dispatchEvent(new CustomEvent("live"));
}

/** Rows that somebody else decided stay where they are, struck out, with the name. */
function dim() {
  document.querySelectorAll("template[data-gone]").forEach((told) => {
    const row = document.getElementById(told.dataset.gone);
    told.remove();
    if (!row || row.classList.contains("decided")) return;
    row.classList.add("decided");
    const due = row.querySelector("time") ?? row.querySelector("a").appendChild(document.createElement("time"));
    due.textContent = told.content.textContent;
    const box = row.querySelector("[name=pick]");
    if (box) { box.checked = false; box.disabled = true; }
  });
}

function plan() {
  clearTimeout(timer);
  if (document.hidden) return;
  timer = setTimeout(() => { ask(); plan(); }, Date.now() < eagerUntil ? FAST_MS : SLOW_MS);
}

export function beginLive() {
  const eager = () => { eagerUntil = Date.now() + EAGER_MS; plan(); };
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id !== "live") return;
    if (event.detail.elt.dataset.rev) event.detail.parameters.rev = event.detail.elt.dataset.rev;
    event.detail.parameters.shown = [...document.querySelectorAll(SHOWN)].map((row) => row.id.slice("task-".length)).join(",");
  });
  document.addEventListener("htmx:afterSwap", dim);
  document.addEventListener("visibilitychange", () => { if (document.hidden) clearTimeout(timer); else { ask(); eager(); } });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.requestConfig?.verb === "post") eager(); });
  plan();
}
