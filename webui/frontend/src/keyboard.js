// Whether a key may act: never while typing, composing (an IME), in a dialog or on a drawing; and never when switched off.
const WRITES = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable], [role=textbox]";
const OWN_KEYS = "[data-diagram], [data-grid], [role=grid]";

export const composing = (event) => event.isComposing || event.keyCode === 229;

export function mayAct(event) {
  if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (document.documentElement.dataset.keys === "off") return false;
  if (document.querySelector("dialog[open]")) return false;
  return !event.target.closest?.(`${WRITES}, ${OWN_KEYS}`);
}

/** A key as it lies on the keyboard (`KeyA`, `Slash`): an IME may turn what it writes into something else. */
export const keyOf = (event) => (event.shiftKey ? `Shift+${event.code}` : event.code);
