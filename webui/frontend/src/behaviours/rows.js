// A list that is walked with j and k (or the arrows) and opened with Enter: <tbody data-rows>, each row with a link.
import { mayAct } from "../keyboard.js";

export default {
  selector: "[data-rows]:not([data-inbox] *)", // the inbox opens what it walks to
  begin(list) {
    const rows = () => [...list.children].filter((row) => row.querySelector("a[href], summary"));
    const link = (row) => row?.querySelector("a[href], summary");
    document.addEventListener("keydown", (event) => {
      if (!list.isConnected || !mayAct(event) || event.defaultPrevented) return;
      const step = { KeyJ: 1, KeyK: -1 }[event.code] ?? (list.contains(document.activeElement) ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : undefined);
      if (!step) return;
      event.preventDefault();
      const all = rows(), at = all.findIndex((row) => row.contains(document.activeElement));
      link(all[Math.max(0, Math.min(all.length - 1, at + step))])?.focus();
    });
  },
};
