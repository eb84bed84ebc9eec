// Buttons that open a dialog by its id and close the one they are in; the browser returns the focus.
export default {
  begin(document) {
    document.addEventListener("click", (event) => {
      const opener = event.target.closest("[data-opens]");
      if (opener) {
        opener.closest("details[data-menu]")?.removeAttribute("open");
        document.getElementById(opener.dataset.opens)?.showModal();
      }
      if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
    });
  },
};
