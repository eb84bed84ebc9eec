// Finds behaviours by their data attribute, at the start and in whatever htmx puts on the page later.
const behaviours = [];
const begun = new WeakMap();

/** A behaviour is `{ selector, begin(element) }`, or `{ begin(document) }` once for the page. */
export const register = (behaviour) => behaviours.push(behaviour);

function beginIn(root) {
  for (const behaviour of behaviours) {
    if (!behaviour.selector) continue;
    const found = [...root.querySelectorAll(behaviour.selector)];
    if (root.matches?.(behaviour.selector)) found.unshift(root);
    for (const element of found) {
      const known = begun.get(element) ?? begun.set(element, new Set()).get(element);
      if (known.has(behaviour)) continue;
      known.add(behaviour);
      behaviour.begin(element);
    }
  }
}

export function begin() {
  const start = () => {
    behaviours.filter((behaviour) => !behaviour.selector).forEach((behaviour) => behaviour.begin(document));
    beginIn(document.body);
    document.addEventListener("htmx:load", (event) => beginIn(event.target));
    document.addEventListener("lf:parts", (event) => beginIn(event.target));
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
