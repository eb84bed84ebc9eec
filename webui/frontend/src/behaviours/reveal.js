// "Show the password": the label stays hidden where scripts do not run.
export default {
  selector: "[data-reveals]",
  begin(label) {
    const field = document.getElementById(label.dataset.reveals);
    label.hidden = false;
    label.querySelector("input").addEventListener("change", (event) => { field.type = event.target.checked ? "text" : "password"; });
  },
};
