// The editor's grid: one tab stop, arrows move, typing edits; every cell is saved with the version it was read at.
const NUMBERS = new Set(["threshold", "target", "challenge", "weight"]);
const CHOICES = new Set(["kind", "importance", "owner"]);
const grid = document.querySelector("[data-grid]");

if (grid) begin(grid);

function begin(grid) {
  const words = JSON.parse(grid.dataset.words);
  const locked = "locked" in grid.dataset;
  const saved = document.querySelector("[data-saved]");
  const rows = () => [...grid.tBodies[0].rows];
  const cells = (row) => [...row.querySelectorAll("[role=gridcell]")];
  const history = [];
  let at = null;
  dress();

  const first = rows()[0] && cells(rows()[0])[0];
  if (first) first.tabIndex = 0, (at = first);

  // what every cell of a grid says of itself is the same for all: it is said here, not in the page
  function dress() {
    const heads = [...grid.tHead.rows[0].cells];
    heads.forEach((head, n) => { head.role = "columnheader"; head.ariaColIndex = n + 1; });
    rows().forEach((row, line) => {
      row.ariaRowIndex = line + 2;
      [...row.cells].forEach((cell, n) => {
        cell.ariaColIndex = n + 1;
        if (cell.tagName === "TH") return;
        cell.role = "gridcell";
        cell.tabIndex = -1;
        if (!heads[n].dataset.field) return;
        cell.dataset.field = heads[n].dataset.field;
        cell.dataset.value ??= cell.textContent === "—" ? "" : cell.textContent;
      });
    });
  }

  const address = (row, act) => `${grid.dataset.items}${row.dataset.item}/${act}`;

  function go(cell, focus = true) {
    if (!cell) return;
    if (at) at.tabIndex = -1;
    at = cell;
    cell.tabIndex = 0;
    if (focus) cell.focus();
  }

  function move(down, right) {
    const lines = rows();
    const line = lines.indexOf(at.closest("tr"));
    const column = cells(lines[line]).indexOf(at);
    const target = lines[Math.max(0, Math.min(lines.length - 1, line + down))];
    const row = cells(target);
    go(row[Math.max(0, Math.min(row.length - 1, column + right))]);
  }

  function next() {
    const all = rows().flatMap(cells);
    go(all[Math.min(all.length - 1, all.indexOf(at) + 1)]);
  }

  grid.addEventListener("focusin", (event) => {
    const cell = event.target.closest("[role=gridcell]");
    if (cell && cell !== at && !cell.classList.contains("editing")) go(cell, false);
  });
  grid.addEventListener("dblclick", (event) => {
    const cell = event.target.closest("[data-field]");
    if (cell) edit(cell);
  });
  grid.addEventListener("click", (event) => {
    const cell = event.target.closest("[role=gridcell]");
    if (cell && !cell.classList.contains("editing") && !event.target.closest("a, button, input, select")) go(cell);
  });

  grid.addEventListener("keydown", (event) => {
    if (!at) return;
    const editing = at.classList.contains("editing");
    // a composition that begins on a cell goes on in its editor; inside one no key saves or leaves
    if (event.isComposing || event.keyCode === 229) return editing || edit(at, event.key);
    if (editing) return editorKey(event);
    const ctrl = event.ctrlKey || event.metaKey;
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) return stop(event, () => moveRow(event.key === "ArrowUp" ? -1 : 1));
    if (event.altKey && event.key === "Enter") return stop(event, () => at.closest("tr").querySelector("[data-drawer]").click());
    if (steps[event.key]) return stop(event, () => move(...steps[event.key]));
    if (event.key === "Home") return stop(event, () => move(ctrl ? -9999 : 0, -9999));
    if (event.key === "End") return stop(event, () => move(ctrl ? 9999 : 0, 9999));
    if (ctrl && event.code === "KeyD") return stop(event, fillDown);
    if (ctrl && event.code === "KeyZ") return stop(event, undo);
    if (event.key === "F8") return stop(event, nextFinding);
    if (event.key === "Enter" && at.querySelector("a")) return stop(event, () => at.querySelector("a").click());
    if (event.key === "Enter" || event.key === "F2") return stop(event, () => edit(at));
    if (event.key === "Delete" || event.key === "Backspace") return stop(event, () => at.dataset.field && !CHOICES.has(at.dataset.field) && save(at, ""));
    if (event.key.length === 1 && !ctrl && !event.altKey && at.dataset.field) edit(at, event.key);
  });

  function editorKey(event) {
    const cell = at;
    if (event.key === "Escape") return stop(event, () => show(cell, cell.dataset.shown));
    if (event.key === "Enter") return stop(event, () => { leave(cell); go(cell); move(1, 0); });
    if (event.key === "Tab") return stop(event, () => { leave(cell); go(cell); event.shiftKey ? move(0, -1) : next(); });
  }

  function edit(cell, typed) {
    if (locked || !cell.dataset.field || cell.classList.contains("editing")) return;
    cell.dataset.shown = cell.textContent;
    const field = cell.dataset.field;
    const control = CHOICES.has(field) ? choice(field, cell) : input(field, cell, typed);
    control.setAttribute("aria-label", grid.tHead.rows[0].cells[cell.cellIndex].textContent);
    cell.replaceChildren(control);
    cell.classList.add("editing");
    control.focus();
    if (typed === undefined && control.select) control.select();
    control.addEventListener("blur", () => { if (cell.classList.contains("editing")) leave(cell); });
  }

  function input(field, cell, typed) {
    const control = document.createElement("input");
    control.type = field === "due" ? "date" : "text";
    if (NUMBERS.has(field)) control.inputMode = "decimal";
    // the key that opened the editor is typed into it by the browser itself
    control.value = typed !== undefined && field !== "due" ? "" : cell.dataset.value;
    return control;
  }

  function choice(field, cell) {
    const control = document.createElement("select");
    control.append(document.querySelector(`template[data-options=${field}]`).content.cloneNode(true));
    control.value = cell.dataset.value;
    return control;
  }

  function leave(cell) {
    const value = cell.querySelector("input, select").value;
    show(cell, cell.dataset.shown);
    if (value !== cell.dataset.value) save(cell, value);
  }

  function show(cell, text) {
    const had = cell.contains(document.activeElement);
    cell.classList.remove("editing");
    cell.textContent = text;
    if (had) cell.focus();
  }

  async function save(cell, value, { remember = true, revision } = {}) {
    const row = cell.closest("tr");
    const before = cell.dataset.value;
    cell.setAttribute("aria-busy", "true");
    say(words.saving);
    const body = new FormData();
    body.set("field", cell.dataset.field);
    body.set("value", value);
    body.set("before", before);
    body.set("revision", revision ?? row.dataset.revision);
    let answer, told;
    try {
      answer = await fetch(address(row, "cell"), { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token() } });
      told = await answer.json();
    } catch {
      cell.removeAttribute("aria-busy");
      return say(words.unsaved, true);
    }
    cell.removeAttribute("aria-busy");
    if (answer.status === 409 && "theirs" in told) return choose(cell, value, told);
    if (!answer.ok) return say(`${words.failed} ${told.message ?? told.sentence ?? answer.status}`, true);
    if (remember) history.push([cell, before]);
    take(row, told);
    say(words.saved);
  }

  function take(row, told) {
    row.dataset.revision = told.revision;
    for (const cell of cells(row)) {
      if (!cell.dataset.field || cell.classList.contains("editing")) continue;
      cell.dataset.value = told.values[cell.dataset.field];
      cell.textContent = told.cells[cell.dataset.field];
    }
    for (const [item, html] of Object.entries(told.badges)) put(grid.querySelector(`[data-badge="${item}"]`), html);
    put(document.querySelector("[data-checks]"), told.checks);
    put(document.querySelector("[data-bar]"), told.bar);
  }

  function put(place, html) {
    if (!place) return;
    place.innerHTML = html; // made by the server's own templates, which escape what people typed
    place.dispatchEvent(new CustomEvent("lf:parts", { bubbles: true }));
  }

  // somebody else wrote this cell: both values, and who; nothing typed is lost
  function choose(cell, mine, told) {
    cell.classList.add("conflict");
    const panel = document.createElement("div");
    panel.className = "choose-value";
    panel.setAttribute("role", "alertdialog");
    panel.setAttribute("aria-label", told.sentence);
    panel.append(Object.assign(document.createElement("p"), { textContent: `${told.sentence} ${told.by}` }));
    for (const [label, value, keep] of [[words.theirs, told.theirs, false], [words.mine, mine, true]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: `${label}: ${value}` });
      button.addEventListener("click", () => {
        panel.remove();
        cell.classList.remove("conflict");
        cell.dataset.value = told.theirs;
        cell.closest("tr").dataset.revision = told.revision;
        if (keep) save(cell, mine, { revision: told.revision });
        else cell.textContent = told.theirs || "—";
        cell.focus();
      });
      panel.append(button);
    }
    cell.append(panel);
    panel.querySelector("button").focus();
    say(told.sentence, true);
  }

  // everything else of a row stands in a drawer; the page of the row is the same without scripts
  const panel = document.getElementById("item-drawer");
  panel.addEventListener("htmx:afterSwap", () => {
    panel.querySelector("h2").textContent = at.closest("tr").querySelector("[data-field=name]").textContent;
    if (!panel.open) panel.showModal();
  });
  panel.addEventListener("close", () => at.focus());
  document.addEventListener("lf:item-saved", async (event) => {
    const row = grid.querySelector(`[data-item="${event.detail.item}"]`);
    if (row && (await renew(row))) say(words.saved);
  });

  // every 20 s, and soon after moving to another row: who else is here; rows that others changed take their new values
  const EVERY_MS = 20000;
  const SOON_MS = 1500;
  let state = "", told, soon;
  async function present() {
    if (document.hidden) return;
    const body = new FormData();
    body.set("item", at?.closest("tr").dataset.item ?? "");
    body.set("rev", state);
    const answer = await fetch(grid.dataset.presence, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token() } }).catch(() => null);
    if (answer?.status !== 200) return;
    const found = await answer.json();
    state = found.rev;
    document.querySelector("[data-others]").replaceChildren(...found.others.map((text) => Object.assign(document.createElement("span"), { className: "chip", textContent: text })));
    for (const row of rows()) {
      const now = found.revisions[row.dataset.item];
      if (now && now > Number(row.dataset.revision) && !row.querySelector(".editing, .conflict, [aria-busy]")) renew(row);
    }
  }
  async function renew(row) {
    const answer = await fetch(address(row, "parts"), { headers: { Accept: "application/json" } });
    if (answer.ok) take(row, await answer.json());
    return answer.ok;
  }
  setInterval(present, EVERY_MS);
  grid.addEventListener("focusin", (event) => {
    const item = event.target.closest("tr")?.dataset.item;
    if (item === told) return;
    told = item;
    clearTimeout(soon);
    soon = setTimeout(present, SOON_MS);
  });

  function fillDown() {
    const lines = rows();
    const line = lines.indexOf(at.closest("tr"));
    if (locked || !at.dataset.field || line === 0) return;
    const above = cells(lines[line - 1])[cells(lines[line]).indexOf(at)];
    save(at, above.dataset.value);
  }

  function undo() {
    const last = history.pop();
    if (!last) return;
    go(last[0]);
    save(last[0], last[1], { remember: false });
  }

  async function moveRow(by) {
    if (locked) return;
    const row = at.closest("tr");
    const body = new FormData();
    body.set("by", by);
    const answer = await fetch(address(row, "move"), { method: "POST", body, headers: { "X-CSRFToken": token() } });
    const beside = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!answer.ok || !beside) return;
    by < 0 ? beside.before(row) : beside.after(row);
    rows().forEach((each, n) => { each.querySelector("th").textContent = n + 1; each.ariaRowIndex = n + 2; });
    at.focus();
  }

  function nextFinding() {
    const marked = [...document.querySelectorAll("[data-to-cell]")];
    if (!marked.length) return;
    const seen = Number(grid.dataset.finding ?? -1) + 1;
    grid.dataset.finding = seen % marked.length;
    toCell(marked[seen % marked.length]);
  }

  function toCell(link) {
    const [item, field] = link.dataset.toCell.split(":");
    const row = grid.querySelector(`[data-item="${item}"]`);
    const cell = row?.querySelector(`[data-field="${field}"]`) ?? row?.querySelector(".row-acts");
    if (!cell) return;
    const finding = link.closest("li");
    finding.id ||= `finding-${item}-${field}`;
    cell.setAttribute("aria-describedby", finding.id);
    cell.scrollIntoView({ block: "center" });
    go(cell);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-to-cell]");
    if (link) stop(event, () => toCell(link));
    if (event.target.closest("[data-next-finding]")) nextFinding();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "F8" && !grid.contains(event.target)) stop(event, nextFinding);
  });

  document.addEventListener("copy", (event) => {
    if (!at || at.classList.contains("editing") || !grid.contains(document.activeElement) || !getSelection().isCollapsed) return;
    event.clipboardData.setData("text/plain", at.dataset.value ?? at.textContent.trim());
    event.preventDefault();
  });
  document.addEventListener("paste", (event) => {
    if (locked || !at || at.classList.contains("editing") || !grid.contains(document.activeElement)) return;
    const text = event.clipboardData.getData("text/plain");
    if (!text) return;
    event.preventDefault();
    if (/[\t\n]/.test(text.trimEnd())) preview(text);
    else if (at.dataset.field) save(at, text.trim());
  });

  // a block is shown first: the server says what is new, changed or cannot be read
  function preview(text) {
    const form = Object.assign(document.createElement("form"), { method: "post", action: grid.dataset.paste, hidden: true });
    const fields = { csrf_token: token(), text, item: at.closest("tr").dataset.item, column: at.dataset.field ?? "kind" };
    for (const [name, value] of Object.entries(fields)) {
      const field = document.createElement("textarea");
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  }

  function say(text, loud = false) {
    saved.textContent = text;
    saved.classList.toggle("bad", loud);
  }

  const wanted = document.querySelector(".error-summary") && document.querySelector("[data-to-cell]");
  if (wanted) requestAnimationFrame(() => toCell(wanted));
}

function stop(event, act) {
  event.preventDefault();
  act();
}

function token() {
  return document.querySelector("meta[name=csrf-token]").content;
}
