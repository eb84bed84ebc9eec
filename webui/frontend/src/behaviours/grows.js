// Tables of inputs grow: when something is typed in the last row, an empty one with the next number stands below it.
const holds = (field) => (field.type === "checkbox" ? field.checked : field.value);

export default {
  selector: "[data-grows]",
  begin(table) {
    const body = table.tBodies[0];
    table.addEventListener("input", () => {
      const last = body.rows[body.rows.length - 1];
      if (![...last.querySelectorAll("input, select")].some(holds)) return;
      const fresh = last.cloneNode(true);
      const number = body.rows.length;
      for (const field of fresh.querySelectorAll("input, select")) {
        field.id = field.name = field.name.replace(/\.\d+\.([a-z_]+)$/, `.${number}.$1`);
        field.ariaLabel = field.ariaLabel?.replace(/\d+$/, number + 1);
        if (field.type === "checkbox") field.checked = false;
        else if (field.tagName === "SELECT") field.selectedIndex = 0;
        else field.value = "";
      }
      body.append(fresh);
    });
  },
};
