// Text that was typed and not sent is never lost: kept for the tab while one types, offered back on the form, asked about on leaving.
const KEPT = "lf-typed:";
const WAIT_MS = 250;
const WRITTEN = "textarea, select, input:not([type=hidden], [type=password], [type=file], [type=submit], [type=button], [type=search])";
const NOT_KEPT = "[data-sign-in-again], [role=search], [data-forgets]";
const TEXTS = "textarea, input:not([type=checkbox], [type=radio], [type=hidden], [type=password], [type=search])";

const arrived = performance.getEntriesByType("navigation")[0];
const redirected = Boolean(arrived?.redirectCount);
const fields = (form) => [...form.elements].filter((field) => field.name && field.matches(WRITTEN));
const place = (form) => `${KEPT}${document.documentElement.dataset.viewer}:${location.pathname}:${form.id}:${form.getAttribute("action") ?? ""}`;
const read = (key) => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } };

function values(form) {
  const found = {};
  for (const field of fields(form)) {
    const said = field.matches("[type=checkbox], [type=radio]") ? (field.checked ? [field.value] : []) : [field.value];
    found[field.name] = [...(found[field.name] ?? []), ...said];
  }
  return found;
}

function put(form, kept) {
  const left = structuredClone(kept);
  for (const field of fields(form)) {
    if (!(field.name in kept)) continue;
    if (field.matches("[type=checkbox], [type=radio]")) field.checked = kept[field.name].includes(field.value);
    else field.value = left[field.name].shift() ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// what was sent and answered by another page has arrived; a page of ours that refused it says so with data-problem
function settle() {
  for (const key of Object.keys(sessionStorage).filter((each) => each.startsWith(KEPT))) {
    const kept = read(key);
    if (kept?.sent && !document.querySelector("[data-problem]") && (redirected || arrived?.type === "navigate")) sessionStorage.removeItem(key);
  }
}

let settled = false;

export default {
  selector: "form[method=post]",
  begin(form) {
    if (!settled) { settled = true; settle(); }
    if (form.matches(NOT_KEPT) || !fields(form).some((field) => field.matches(TEXTS)) || form.querySelector("[autocomplete=username]")) return;
    const key = place(form);
    const first = JSON.stringify(values(form));
    let changed = false;
    let leaving = false;
    let timer = 0;
    const forget = () => { clearTimeout(timer); sessionStorage.removeItem(key); changed = false; };
    const keep = (sent = false) => sessionStorage.setItem(key, JSON.stringify({ values: values(form), sent }));

    const kept = read(key);
    if (kept && JSON.stringify(kept.values) === first) keep(); // the page that refused it shows it already
    else if (kept) offer(form, () => put(form, kept.values), forget);

    document.addEventListener("input", (event) => { // fields may stand outside of their form
      if (event.target.form !== form || !event.target.matches(WRITTEN)) return;
      changed = true;
      clearTimeout(timer);
      timer = setTimeout(keep, WAIT_MS);
    });
    form.addEventListener("submit", () => { if (changed) { clearTimeout(timer); keep(true); } leaving = true; });
    form.addEventListener("htmx:afterRequest", (event) => {
      leaving = false;
      if (event.detail.successful && event.detail.elt === form) forget();
    });
    addEventListener("pageshow", () => { leaving = false; });
    addEventListener("beforeunload", (event) => {
      if (!changed || leaving || !form.isConnected || JSON.stringify(values(form)) === first) return;
      clearTimeout(timer);
      keep();
      event.preventDefault();
    });
  },
};

function offer(form, restore, forget) {
  const words = document.getElementById("unsent");
  if (!words) return;
  const strip = words.content.firstElementChild.cloneNode(true);
  strip.querySelector("[data-restores]").addEventListener("click", () => { strip.remove(); restore(); fields(form).find((field) => field.matches(TEXTS))?.focus(); });
  strip.querySelector("[data-forgets-it]").addEventListener("click", () => { strip.remove(); forget(); });
  form.prepend(strip);
}
