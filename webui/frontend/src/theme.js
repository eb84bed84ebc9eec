// Before the first paint: "auto" becomes what the system says. Blocking, so that nothing flashes; tiny, so that it may block.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const settle = () => { if (root.dataset.theme === "auto") root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
settle();
dark.addEventListener("change", settle);
