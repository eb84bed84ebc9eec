// Files are sent one by one as soon as they are chosen or dropped: each with its progress, each refused by itself.
const token = () => document.querySelector("meta[name=csrf-token]").content;

for (const place of document.querySelectorAll("[data-uploads]")) begin(place);

function begin(place) {
  const words = JSON.parse(place.dataset.words);
  const input = place.querySelector("input[type=file]");
  const list = place.querySelector(".uploads");
  const submit = place.closest("form").querySelector("[type=submit]");
  input.addEventListener("change", () => take(input.files));
  place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    take(event.dataTransfer.files);
  });

  function take(files) {
    for (const file of files) send(file, true);
    input.value = "";
    input.required = false;
  }

  function send(file, mayRepeat, line = document.createElement("li")) {
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0, ariaLabel: file.name });
    const name = Object.assign(document.createElement("b"), { textContent: file.name });
    const told = Object.assign(document.createElement("span"), { className: "muted small" });
    line.replaceChildren(name, bar, told);
    list.append(line);
    busy(1);
    const request = new XMLHttpRequest();
    request.open("POST", place.dataset.uploads);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = (event) => { bar.value = Math.round((event.loaded / event.total) * 100); told.textContent = `${bar.value}%`; };
    request.onload = () => { busy(-1); request.status === 200 ? keep(line, request.response) : refuse(line, file, request.response?.detail ?? words.failed); };
    request.onerror = () => {
      busy(-1);
      if (!mayRepeat) return refuse(line, file, words.failed);
      told.textContent = words.again;
      send(file, false, line);
    };
    const body = new FormData();
    body.set("file", file);
    request.send(body);
  }

  function keep(line, made) {
    const kept = Object.assign(document.createElement("input"), { type: "hidden", name: "kept", value: made.id });
    const size = Object.assign(document.createElement("span"), { className: "muted small", textContent: `${(made.size / 1048576).toFixed(1)} MB 100%` });
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small btn-quiet", textContent: words.remove });
    remove.addEventListener("click", () => { line.remove(); input.required = !list.querySelector("[name=kept]"); input.focus(); });
    line.replaceChildren(Object.assign(document.createElement("b"), { textContent: made.name }), size, remove, kept);
  }

  function refuse(line, file, reason) {
    line.className = "wrong";
    line.replaceChildren(Object.assign(document.createElement("b"), { textContent: file.name }), ` ${reason}`);
    input.required = !list.querySelector("[name=kept]");
  }

  let under = 0;
  function busy(by) {
    under += by;
    submit.disabled = under > 0;
  }
}
