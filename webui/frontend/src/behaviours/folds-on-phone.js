// What is open on a desk and folded on a phone, where it would fill the screen.
export default {
  selector: "details[data-folds-on-phone]",
  begin: (part) => { if (matchMedia("(max-width: 767px)").matches) part.open = false; },
};
