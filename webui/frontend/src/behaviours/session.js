// The session is over: a dialog above the page signs in again; the page keeps what was typed, and what was being sent is sent.
const OWN = "[data-sign-in-again], [data-signs-out]";

export default {
  begin(document) {
    const dialog = document.getElementById("session-over");
    const form = dialog?.querySelector("form");
    if (!form) return;
    let waiting = null;
    const ask = (again) => {
      waiting = again ?? waiting;
      if (!dialog.open) dialog.showModal();
    };

    document.addEventListener("lf:signed-out", () => ask());
    document.addEventListener("htmx:responseError", (event) => {
      if (event.detail.xhr.status !== 401) return;
      const { elt, requestConfig } = event.detail;
      const button = requestConfig?.triggeringEvent?.submitter;
      ask(requestConfig?.verb === "post" && elt.matches("form") ? () => elt.requestSubmit(button ?? undefined) : null);
    });
    // a form of the whole page asks first: the answer to it would be the sign-in page, and the texts would be gone
    addEventListener("submit", async (event) => {
      const sent = event.target;
      if (sent.method !== "post" || sent.hasAttribute("hx-post") || sent.target || sent.matches(OWN)) return;
      if (sent.dataset.checked) { delete sent.dataset.checked; return; }
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter;
      const again = () => { sent.dataset.checked = "yes"; sent.requestSubmit(button ?? undefined); };
      const answer = await fetch(form.dataset.session, { headers: { "HX-Request": "true" } }).catch(() => null);
      if (!answer) document.dispatchEvent(new Event("lf:offline"));
      else if (answer.status === 401) ask(again);
      else again();
    }, true);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } }).catch(() => null);
      const wrong = form.querySelector(".wrong");
      wrong.hidden = Boolean(answer?.ok);
      if (!answer) { wrong.textContent = document.getElementById("offline").textContent; return; }
      const told = await answer.json();
      if (!answer.ok) { wrong.textContent = told.title; return; }
      if (String(told.person) !== document.documentElement.dataset.viewer) { location.reload(); return; } // somebody else: nothing of this page is theirs
      renew(told.csrf_token);
      form.querySelector("[type=password]").value = "";
      dialog.close();
      const again = waiting;
      waiting = null;
      again?.();
    });
  },
};

function renew(token) {
  document.querySelectorAll("input[name=csrf_token]").forEach((field) => { field.value = token; });
  document.querySelector("meta[name=csrf-token]").content = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}
