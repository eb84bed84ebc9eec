// A summary of errors or a refusal takes the focus when it appears, so that it is read first.
export default { selector: "[data-takes-focus]", begin: (element) => element.focus() };
