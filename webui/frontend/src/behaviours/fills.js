// Ready words for a field: a press puts the word before what stands there, and the caret behind it.
export default {
  selector: "[data-fills]",
  begin(words) {
    const field = document.getElementById(words.dataset.fills);
    const known = [...words.querySelectorAll("button")].map((each) => each.value);
    words.hidden = false;
    words.addEventListener("click", (event) => {
      const word = event.target.closest("button")?.value;
      if (!word) return;
      const rest = known.includes(field.value.trim()) ? "" : field.value.trim();
      field.value = rest && !rest.startsWith(word) ? `${word} ${rest}` : rest || word;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
    });
  },
};
