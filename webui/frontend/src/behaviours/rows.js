// A sheet whose rows open: arrows go from row to row, Home and End to the first and last; Enter opens, as everywhere.
const STEPS = { ArrowDown: 1, KeyJ: 1, ArrowUp: -1, KeyK: -1, Home: -Infinity, End: Infinity };

export default {
  selector: "[data-rows]",
  begin(sheet) {
    sheet.addEventListener("keydown", (event) => {
      const step = STEPS[event.code];
      if (step === undefined || event.target.localName !== "summary" || event.ctrlKey || event.metaKey || event.altKey) return;
      const heads = [...sheet.querySelectorAll("summary")];
      const at = heads.indexOf(event.target) + step;
      event.preventDefault();
      event.stopPropagation();
      heads[Math.min(heads.length - 1, Math.max(0, at))]?.focus();
    });
    const named = location.hash.length > 1 && document.getElementById(location.hash.slice(1))?.querySelector("details");
    if (named && sheet.contains(named)) named.open = true;
  },
};
