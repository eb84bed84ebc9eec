// Menus are <details>: opening one tells htmx, Escape or a click elsewhere closes it and gives the focus back.
export default {
  selector: "details[data-menu]",
  begin(menu) {
    const summary = menu.querySelector("summary");
    menu.addEventListener("toggle", () => {
      if (menu.open) menu.querySelector("[hx-trigger='opened']")?.dispatchEvent(new Event("opened"));
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      event.stopPropagation();
      menu.open = false;
      summary.focus();
    });
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  },
};
