// A part that asks every 20 seconds, while the page is seen, whether it changed; what did is outlined for 5 seconds.
const EVERY_MS = 20000;
const OUTLINED_MS = 5000;
const known = new Map();

export default {
  selector: "[data-polls]",
  begin(part) {
    part.querySelectorAll("a[id]").forEach((each) => {
      const before = known.get(each.id);
      known.set(each.id, each.textContent);
      if (before === undefined || before === each.textContent) return;
      each.classList.add("changed");
      setTimeout(() => each.classList.remove("changed"), OUTLINED_MS);
    });
    const timer = setInterval(() => {
      if (!part.isConnected) clearInterval(timer);
      else if (!document.hidden) part.dispatchEvent(new CustomEvent("poll"));
    }, EVERY_MS);
  },
};
