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

/** New opinions on the task's own page; what is being typed below them stays. */
function renew() {
  const told = document.querySelector("template[data-fresh='opinions']");
  const old = document.getElementById("opinions");
  told?.remove();
  if (!told || !old) return;
  const [summary, list] = told.content.querySelectorAll("#opinions > summary, #opinions > summary + *");
  old.querySelector("summary + *").replaceWith(list);
  old.querySelector("summary").replaceWith(summary);
}

function plan() {
  clearTimeout(timer);
  if (document.hidden) return;
  timer = setTimeout(() => { ask(); plan(); }, Date.now() < eagerUntil ? FAST_MS : SLOW_MS);
}

function begin() {
  const eager = () => { eagerUntil = Date.now() + EAGER_MS; plan(); };
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id !== "live") return;
    if (event.detail.elt.dataset.rev) event.detail.parameters.rev = event.detail.elt.dataset.rev;
    if (!document.querySelector("[data-rows]")) return;
    const task = document.getElementById("detail")?.dataset.task;
    if (task) event.detail.parameters.task = task;
    event.detail.parameters.shown = [...document.querySelectorAll(SHOWN)].map((row) => row.id.slice("task-".length)).join(",");
  });
  document.addEventListener("htmx:afterSwap", () => { dim(); renew(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) clearTimeout(timer); else { ask(); eager(); } });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.requestConfig?.verb === "post") eager(); });
  // htmx listens once it has read the page, which is after this
  if (document.querySelector("[data-live][data-eager]")) addEventListener("load", ask);
  plan();
}

// once for the page: the part that asks is replaced with every answer
export default { begin: () => { if (document.querySelector("[data-live]")) begin(); } };
