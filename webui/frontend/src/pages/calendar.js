// The year as twelve grids (APG): one tab stop a month, arrows by day and week, Page keys by month, Enter asks for a day.
const days = (grid) => [...grid.querySelectorAll(".day")];
const grids = [...document.querySelectorAll("[data-months] [role=grid]")];

for (const grid of grids) begin(grid);

function begin(grid) {
  const all = days(grid);
  let at = grid.querySelector("[aria-current] .day") ?? grid.querySelector("a.day") ?? all[0];
  at.tabIndex = 0;

  function go(day) {
    if (!day) return;
    at.tabIndex = -1;
    at = day;
    at.tabIndex = 0;
    at.focus();
  }

  const number = () => all.indexOf(at);
  // beyond a month's edge the next month goes on
  function step(by) {
    const target = number() + by;
    if (all[target]) return go(all[target]);
    const other = grids[grids.indexOf(grid) + Math.sign(by)];
    if (!other) return;
    const there = days(other);
    (by > 0 ? there[target - all.length] : there[there.length + target])?.focus();
  }

  const turn = (by) => { const other = grids[grids.indexOf(grid) + by]; if (other) (days(other)[number()] ?? days(other).at(-1)).focus(); };
  const week = () => [...at.closest("tr").querySelectorAll(".day")];
  const acts = {
    ArrowRight: () => step(1), ArrowLeft: () => step(-1), ArrowDown: () => step(7), ArrowUp: () => step(-7),
    Home: () => go(week()[0]), End: () => go(week().at(-1)), PageDown: () => turn(1), PageUp: () => turn(-1),
  };

  grid.addEventListener("focusin", (event) => { const day = event.target.closest(".day"); if (day && day !== at) { at.tabIndex = -1; at = day; at.tabIndex = 0; } });
  grid.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = event.key === " " ? () => at.click() : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
