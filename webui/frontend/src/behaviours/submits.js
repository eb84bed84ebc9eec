// A choice that sends its form by itself; without scripts the button beside it does.
export default {
  selector: "select[data-submits]",
  begin(select) {
    select.form.querySelector("[type=submit]").hidden = true;
    select.addEventListener("change", () => select.form.requestSubmit());
  },
};
