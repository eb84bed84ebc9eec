// Text that was typed and not sent is not lost without asking.
export default {
  selector: "form[data-unsaved]",
  begin(form) {
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    addEventListener("beforeunload", (event) => { if (changed && form.isConnected) event.preventDefault(); });
  },
};
