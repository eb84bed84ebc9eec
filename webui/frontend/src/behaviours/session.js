// The session is over: a dialog above the page signs in again; the page keeps what was typed and gets the new token.
export default {
  begin(document) {
    const dialog = document.getElementById("session-over");
    const form = dialog?.querySelector("form");
    document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status === 401) dialog?.showModal(); });
    form?.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      const told = await answer.json();
      const wrong = form.querySelector(".wrong");
      wrong.hidden = answer.ok;
      if (!answer.ok) { wrong.textContent = told.title; return; }
      document.querySelectorAll("input[name=csrf_token]").forEach((field) => { field.value = told.csrf_token; });
      document.querySelector("meta[name=csrf-token]").content = told.csrf_token;
      document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": told.csrf_token }));
      form.querySelector("[type=password]").value = "";
      dialog.close();
    });
  },
};
