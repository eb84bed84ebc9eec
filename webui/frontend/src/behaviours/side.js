// The navigation folds to icons on a desk and opens over the page on a phone; the choice is remembered.
const KEPT = "lf-side";
export default {
  begin(document) {
    const frame = document.querySelector("[data-frame]");
    const side = document.getElementById("side");
    if (!frame) return;
    const phone = matchMedia("(max-width: 767px)");
    if (!phone.matches && localStorage.getItem(KEPT) === "folded") frame.classList.add("side-collapsed");
    const tell = () => document.querySelectorAll("[data-side-toggle]").forEach((each) =>
      each.setAttribute("aria-expanded", phone.matches ? side.classList.contains("open") : !frame.classList.contains("side-collapsed")));
    document.addEventListener("click", (event) => {
      if (!event.target.closest("[data-side-toggle]")) return;
      if (phone.matches) {
        if (side.classList.toggle("open")) side.querySelector("a")?.focus();
      } else {
        localStorage.setItem(KEPT, frame.classList.toggle("side-collapsed") ? "folded" : "open");
      }
      tell();
    });
    side.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !side.classList.contains("open")) return;
      side.classList.remove("open");
      document.querySelector(".phone-bar [data-side-toggle]")?.focus();
      tell();
    });
    tell();
  },
};
