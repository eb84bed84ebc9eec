// A field that has the focus from the beginning: what stands in it is selected, so that typing replaces it.
export default {
  selector: "input[data-selects]",
  begin(field) {
    if (document.activeElement === field) field.select();
    else field.addEventListener("focus", () => field.select(), { once: true }); // the browser gives the focus later
  },
};
