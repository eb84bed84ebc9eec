// A disclosure whose content is fetched when it is opened for the first time.
export default {
  selector: "details[data-loads]",
  begin(details) {
    details.addEventListener("toggle", () => { if (details.open) details.querySelector("[hx-trigger='opened']")?.dispatchEvent(new Event("opened")); }, { once: true });
  },
};
