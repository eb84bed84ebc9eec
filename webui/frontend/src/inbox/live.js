// One poll for the page: every 20 s when seen, every 3 s for a minute after an act or a return, none when hidden.
const SLOW_MS = 20000;
const FAST_MS = 3000;
const EAGER_MS = 60000;
let eagerUntil = 0;
let timer = 0;

function ask() {
  const element = document.querySelector("[data-live]");
  if (!element || document.hidden) return;
  const address = new URL(element.dataset.base, location.href);
  if (element.dataset.rev) address.searchParams.set("rev", element.dataset.rev);
  element.setAttribute("hx-get", address.pathname + address.search);
  element.dispatchEvent(new CustomEvent("live"));
}

function plan() {
  clearTimeout(timer);
  if (document.hidden) return;
  timer = setTimeout(() => { ask(); plan(); }, Date.now() < eagerUntil ? FAST_MS : SLOW_MS);
}

export function beginLive() {
  const eager = () => { eagerUntil = Date.now() + EAGER_MS; plan(); };
  document.addEventListener("visibilitychange", () => { if (document.hidden) clearTimeout(timer); else { ask(); eager(); } });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.requestConfig?.verb === "post") eager(); });
  plan();
}
