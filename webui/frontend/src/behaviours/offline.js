// Says that the line is down, and when it is back.
export default {
  begin(document) {
    const banner = document.getElementById("offline");
    if (!banner) return;
    const tell = () => { banner.hidden = navigator.onLine; };
    addEventListener("online", tell);
    addEventListener("offline", tell);
    document.addEventListener("lf:offline", () => { banner.hidden = false; });
    document.addEventListener("htmx:sendError", () => { banner.hidden = false; });
    document.addEventListener("htmx:afterOnLoad", tell); // an answer that was on its way does not mean that the line is back
    tell();
  },
};
