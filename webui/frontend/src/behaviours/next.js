// A button that takes the focus to the next element of a kind, after the last one to the first: data-next="<selector>".
export default {
  selector: "[data-next]",
  begin(button) {
    let at = -1;
    button.addEventListener("click", () => {
      const found = [...document.querySelectorAll(button.dataset.next)].filter((each) => each.offsetParent);
      const current = found.indexOf(document.activeElement);
      at = found.length ? ((current >= 0 ? current : at) + 1) % found.length : -1;
      found[at]?.focus();
      found[at]?.scrollIntoView({ block: "center" });
    });
  },
};
