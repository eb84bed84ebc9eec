// The authority matrix: one tab stop, arrows move, Enter opens the menu of a cell, letters set a duty; every edit is worked out.
import { composing } from "../keyboard.js";

const FIELDS = ["type", "duty", "actor", "org_type", "control_mode", "order", "primary", "article", "condition"];
const LETTERS = { KeyI: "I", KeyR: "R", KeyP: "P", KeyA: "A", KeyF: "F", KeyS: "S", KeyE: "E" };
const WAIT_MS = 250;
const form = document.querySelector("[data-matrix]");

if (form) begin(form);

function begin(form) {
  const table = form.querySelector("table"), dialog = document.getElementById("cell"), tried = form.querySelector("[data-tried]");
  const words = JSON.parse(form.dataset.words), mode = form.dataset.mode;
  const read = (text) => JSON.parse(text).map((row) => Object.fromEntries(FIELDS.map((name, n) => [name, row[n]])));
  let rows = read(form.elements.matrix.value), kinds = JSON.parse(form.elements.kinds.value);
  const template = read(form.dataset.template);
  let at = table.querySelector("[role=gridcell]"), timer = 0, asked = 0;
  at.tabIndex = 0;

  const place = (cell) => ({ type: cell.parentElement.dataset.kind, actor: cell.dataset.actor });
  const here = (cell) => { const { type, actor } = place(cell); return (row) => row.type === type && row.actor === actor && row.control_mode === mode; };
  const found = (cell) => rows.filter(here(cell));

  function go(cell) {
    if (!cell) return;
    at.tabIndex = -1;
    at = cell;
    at.tabIndex = 0;
    at.focus();
  }

  function move(down, right) {
    const lines = [...table.tBodies[0].rows], line = lines.indexOf(at.parentElement), cells = [...at.parentElement.querySelectorAll("[role=gridcell]")];
    const column = Math.max(0, Math.min(cells.length - 1, cells.indexOf(at) + right));
    go(lines[Math.max(0, Math.min(lines.length - 1, line + down))].querySelectorAll("[role=gridcell]")[column]);
  }

  function draw(cell) {
    cell.replaceChildren(...found(cell).map((row) => {
      const duty = element("span", `duty duty-${row.duty}`), small = (text) => Object.assign(element("small"), { textContent: ` ${text}` });
      duty.append(Object.assign(element("b"), { textContent: row.duty + (row.order ?? "") }), row.primary ? ` ${words.lead}` : "");
      if (row.condition) duty.append(small(words.conditions[row.condition]));
      if (row.org_type) duty.append(small(words.types[row.org_type]));
      return duty;
    }));
  }

  function put(cell, fresh) {
    const mine = here(cell), first = rows.findIndex(mine), kept = rows.filter((row) => !mine(row));
    kept.splice(first < 0 ? kept.length : first, 0, ...fresh);
    rows = kept;
    draw(cell);
    changed();
  }

  function blank(cell, duty) {
    const { type, actor } = place(cell);
    const numbers = rows.filter((row) => row.type === type && row.control_mode === mode && row.duty === "R").map((row) => row.order ?? 0);
    const lead = duty === "E" && !rows.some((row) => row.type === type && row.control_mode === mode && row.duty === "E" && row.primary);
    return { type, duty, actor, org_type: null, control_mode: mode, order: duty === "R" ? Math.max(0, ...numbers) + 1 : null, primary: lead, article: "", condition: "" };
  }

  function toggle(cell, duty) {
    const mine = found(cell);
    put(cell, mine.some((row) => row.duty === duty) ? mine.filter((row) => row.duty !== duty) : [...mine, blank(cell, duty)]);
  }

  function changed() {
    form.elements.matrix.value = JSON.stringify(rows.map((row) => FIELDS.map((name) => row[name])));
    form.elements.kinds.value = JSON.stringify(kinds);
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function work() {
    const mine = ++asked;
    tried.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.try, { method: "POST", body: new FormData(form), headers: { "X-CSRFToken": form.elements.csrf_token.value } });
      if (mine !== asked) return;
      if (!answer.ok) throw new Error(answer.status);
      tried.innerHTML = await answer.text();
      mark();
    } catch {
      tried.textContent = words.failed;
    }
    tried.removeAttribute("aria-busy");
  }

  function mark() {
    table.querySelectorAll(".faulty").forEach((each) => each.classList.remove("faulty"));
    tried.querySelectorAll("[data-faulty]").forEach(({ dataset }) => {
      const line = table.querySelector(`tr[data-kind="${dataset.faulty}"]`);
      line?.classList.add("faulty");
      if (!dataset.order) return;
      [...(line?.querySelectorAll("[role=gridcell]") ?? [])].filter((cell) => found(cell).some((row) => row.duty === "R" && String(row.order) === dataset.order)).forEach((cell) => cell.classList.add("faulty"));
    });
  }

  // the menu of a cell
  const lines = () => [...dialog.querySelectorAll("tr[data-duty]")];

  function open(cell) {
    dialog.querySelector("[data-cell-name]").textContent = `${cell.parentElement.querySelector("th").textContent} – ${table.tHead.querySelector(`[data-actor="${CSS.escape(cell.dataset.actor)}"]`).textContent}`;
    for (const line of lines()) {
      const row = found(cell).find((each) => each.duty === line.dataset.duty);
      line.querySelector("input[type=checkbox]").checked = Boolean(row);
      for (const [name, key] of [["order", "order"], ["condition", "condition"], ["org-type", "org_type"], ["article", "article"]]) {
        const control = line.querySelector(`[data-${name}]`);
        if (control) control.value = row?.[key] ?? "";
      }
      const lead = line.querySelector("[data-primary]");
      if (lead) lead.checked = Boolean(row?.primary);
    }
    dialog.showModal();
    (lines().find((line) => line.querySelector("input").checked) ?? lines()[0]).querySelector("input").focus();
  }

  function take() {
    const before = found(at), fresh = [];
    for (const line of lines()) {
      const same = before.filter((row) => row.duty === line.dataset.duty);
      if (!line.querySelector("input[type=checkbox]").checked) continue;
      const row = { ...(same[0] ?? blank(at, line.dataset.duty)) };
      row.condition = line.querySelector("[data-condition]").value;
      row.org_type = line.querySelector("[data-org-type]").value || null;
      row.article = line.querySelector("[data-article]").value.trim();
      const order = line.querySelector("[data-order]"), lead = line.querySelector("[data-primary]");
      if (order) row.order = order.value ? Number(order.value) : row.order;
      if (lead) row.primary = lead.checked;
      fresh.push(row, ...same.slice(1));
    }
    dialog.close();
    put(at, fresh);
    at.focus();
  }

  dialog.querySelector("[data-takes-cell]").addEventListener("click", take);
  dialog.addEventListener("keydown", (event) => { if (event.key === "Enter" && !composing(event) && event.target.tagName !== "BUTTON") { event.preventDefault(); take(); } });

  table.addEventListener("click", (event) => { const cell = event.target.closest("[role=gridcell]"); if (cell) { go(cell); open(cell); } });
  table.addEventListener("focusin", (event) => { const cell = event.target.closest("[role=gridcell]"); if (cell && cell !== at) { at.tabIndex = -1; at = cell; at.tabIndex = 0; } });
  table.addEventListener("keydown", (event) => {
    if (composing(event) || event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -999], End: [0, 999] };
    const act = steps[event.key] ? () => move(...steps[event.key])
      : event.key === "Enter" || event.key === "F2" || event.key === " " ? () => open(at)
      : event.key === "Delete" || event.key === "Backspace" ? () => put(at, [])
      : LETTERS[event.code] ? () => toggle(at, LETTERS[event.code]) : null;
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  form.addEventListener("input", (event) => {
    if (["note", "at"].includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(work, WAIT_MS);
  });

  form.querySelector("[data-takes-template]")?.addEventListener("click", () => {
    rows = [...rows.filter((row) => row.control_mode !== mode), ...template.filter((row) => row.control_mode === mode)];
    table.querySelectorAll("[role=gridcell]").forEach(draw);
    changed();
  });

  form.querySelector("[data-adds-actor]")?.addEventListener("click", () => {
    const field = document.getElementById("new-actor"), name = field.value.trim();
    if (!name || table.tHead.querySelector(`[data-actor="${CSS.escape(name)}"]`)) return field.focus();
    table.tHead.rows[0].append(Object.assign(element("th"), { scope: "col", textContent: words.roles[name] ?? name }));
    table.tHead.rows[0].lastChild.dataset.actor = name;
    for (const line of table.tBodies[0].rows) line.append(cell(name));
    field.value = "";
    go([...table.tBodies[0].rows[0].querySelectorAll("[role=gridcell]")].at(-1));
  });

  form.querySelector("[data-adds-kind]")?.addEventListener("click", () => {
    const field = document.getElementById("new-kind"), [code, ...name] = field.value.trim().split(/\s+/);
    if (!code || !name.length || kinds.some((kind) => kind.code === code)) return field.focus();
    kinds = [...kinds, { code, name: name.join(" "), category: "" }];
    const line = table.tBodies[0].insertRow();
    line.dataset.kind = code;
    line.append(Object.assign(element("th"), { scope: "row", textContent: name.join(" ") }));
    for (const head of [...table.tHead.rows[0].cells].slice(1)) line.append(cell(head.dataset.actor));
    field.value = "";
    changed();
    go(line.querySelector("[role=gridcell]"));
  });

  function cell(actor) {
    const made = Object.assign(element("td"), { tabIndex: -1 });
    made.setAttribute("role", "gridcell");
    made.dataset.actor = actor;
    return made;
  }

  mark();
}

const element = (name, className = "") => Object.assign(document.createElement(name), { className });
