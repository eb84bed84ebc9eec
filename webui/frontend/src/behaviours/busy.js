// A pressed button keeps its width and says that it works; a second press does nothing until the answer is there.
export default {
  begin(document) {
    document.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!button || event.defaultPrevented || button.form?.dataset.again !== undefined) return;
      button.style.minWidth = `${button.offsetWidth}px`;
      button.setAttribute("aria-busy", "true");
      if (!button.form.hasAttribute("hx-post")) document.getElementById("progress-line")?.classList.add("on");
    });
    document.addEventListener("submit", (event) => {
      if (event.submitter?.dataset.sent === "yes") event.preventDefault();
      else if (event.submitter) event.submitter.dataset.sent = "yes";
    }, true);
    const free = () => document.querySelectorAll("[aria-busy='true'], [data-sent]").forEach((each) => {
      each.removeAttribute("aria-busy");
      delete each.dataset.sent;
    });
    document.addEventListener("htmx:afterRequest", free);
    addEventListener("pageshow", free);
  },
};
