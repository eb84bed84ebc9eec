// Going back finds the list where it was left: its scroll is kept for the tab's session under the list's own address.
const list = () => document.getElementById("list");
const frame = () => (matchMedia("(min-width: 1200px)").matches ? list() : document.scrollingElement);

function key() {
  const asked = new URLSearchParams(location.search);
  asked.delete("task");
  return `lf-inbox?${asked}`;
}

export function beginReturning() {
  if (!list()) return;
  const kept = Number(sessionStorage.getItem(key()));
  const came = performance.getEntriesByType("navigation")[0]?.type;
  if (kept && (came === "back_forward" || came === "reload")) frame().scrollTop = kept;
  let at = kept;
  // on a phone the list is away while a task is open: what counts is where it stood before
  const note = () => { if (list()?.getClientRects().length) at = frame().scrollTop; };
  document.addEventListener("scroll", note, true);
  addEventListener("pagehide", () => sessionStorage.setItem(key(), String(at)));
  return { back: () => { frame().scrollTop = at; } };
}
