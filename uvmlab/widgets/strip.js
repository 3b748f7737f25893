// Follows form.js in one module (clusterlab.py joins them): the text field `pages` as a strip of
// buttons.  The strip is a view of that field, so nothing is sent before the learner builds.

function renderStrip({ model, el }) {
  const done = render({ model, el });
  const form = el.querySelector("form");
  const field = (name) => [...form.querySelectorAll("input, select")].find(
    (each) => each.dataset.field === name);
  const kinds = model.get("kinds"); // [letter, word, meaning], in the order of the clicks
  const order = kinds.map(([letter]) => letter);
  const input = field("pages");
  const id = `${input.id}-strip`;
  const legend = make("ul", { class: "uvmlab-kinds", "aria-label": "What the letters mean" },
    ...kinds.map(([letter, word, means]) => make("li", {}, make("b", {}, letter), ` ${word}: ${means}`)));
  const limits = make("p", { class: "uvmlab-limits" });
  const cells = make("div", { class: "uvmlab-strip", role: "toolbar",
    "aria-label": "Strip of pages", "aria-describedby": id });
  const help = make("small", { id }, "Click, Enter or Space: the next state (with Shift the one before). " +
    "Arrows, Home, End: move. A letter sets its state. " +
    "Drag: the caller's range. Or type below. ◆ is the center, ✓ in the cluster.");
  const told = make("small", { class: "uvmlab-told", role: "status" });
  form.querySelector(".uvmlab-fields").before(
    make("div", { class: "uvmlab-strip-box" }, cells), limits, help, legend, told);

  let at = 0;
  let drag = null;

  const letters = () => [...input.value.replace(/\s/g, "").replace(/[a-z]/g, (each) => each.toUpperCase())].slice(0, 32);

  const typed = (name) => (/^\s*\d+\s*$/.test(field(name).value) ? Number(field(name).value) : NaN);

  function ends(size) { // [first page, page after the last] of the pager's window and of the caller's range, if they count
    const [center, window, lo, hi] = ["center", "window", "lo", "hi"].map(typed);
    const from = field("cluster").selectedIndex === 0 ? center - (center % window) : center;
    const offered = center < size && window > 0 && [from, Math.min(from + window, size)];
    const ranged = field("range").selectedIndex === 1;
    limits.textContent = `The pager's window: ${said(offered)}. The caller's range: ${
      ranged ? said(lo < hi && [lo, hi]) : "does not count, for the caller takes all that the pager offers"}.`;
    return { window: offered, range: ranged && lo < hi && [lo, Math.min(hi, size)] };
  }

  const said = (pages) => (!pages ? "not to be told from what is typed"
    : pages[1] - pages[0] === 1 ? `page ${pages[0]} alone` : `pages ${pages[0]} to ${pages[1] - 1}`);

  function bracket(cell, i, name, pages) { // its part over this page; strip.css draws it
    const within = pages && pages[0] <= i && i < pages[1];
    const part = [within && i === pages[0] && "first", within && i === pages[1] - 1 && "last"].filter(Boolean);
    if (within) cell.dataset[name] = part.join(" ");
    else delete cell.dataset[name];
    cell.dataset[`${name}Says`] = part.includes("first") ? name : "";
    return within;
  }

  function place(i, within) { // [page number with its marks, the same in words]
    const center = typed("center") === i;
    const taken = el.querySelector(".uvmlab-form").dataset.old !== "true" && model.get("taken").includes(i);
    const mark = `${i}${center ? "◆" : ""}${taken ? "✓" : ""}`;
    const words = [center && "the center", within.window && "in the pager's window",
      within.range && "in the caller's range", taken && "in the cluster"];
    return [mark, words.filter(Boolean).map((each) => `, ${each}`).join(""), taken];
  }

  function draw() {
    const now = letters();
    while (cells.children.length > now.length) cells.lastElementChild.remove();
    while (cells.children.length < now.length) {
      cells.append(make("button", { type: "button" }, make("b"), make("span"), make("i")));
    }
    at = Math.max(0, Math.min(at, now.length - 1));
    const { window, range } = ends(now.length);
    now.forEach((letter, i) => {
      const cell = cells.children[i];
      const [, word, means] = kinds.find(([each]) => each === letter) ?? [letter, "unknown", "no such state"];
      const within = { window: bracket(cell, i, "window", window), range: bracket(cell, i, "range", range) };
      const [mark, marks, taken] = place(i, within);
      [letter, word, mark].forEach((text, part) => { cell.children[part].textContent = text; });
      cell.dataset.kind = word;
      cell.dataset.taken = taken;
      cell.tabIndex = i === at ? 0 : -1;
      cell.title = means;
      cell.setAttribute("aria-label", `page ${i}: ${word} (${means})${marks}`);
    });
  }

  function go(i) {
    const to = Math.max(0, Math.min(i, cells.children.length - 1));
    at = to;
    draw();
    cells.children[to].focus();
  }

  function set(i, letter) {
    const now = letters();
    now[i] = letter;
    input.value = now.join("");
    edited();
    const [, word, means] = kinds[order.indexOf(letter)];
    told.textContent = `page ${i} is ${letter} now, ${word}: ${means}`;
  }

  const cycle = (i, step) => set(i, order[(order.indexOf(letters()[i]) + step + order.length) % order.length]);
  const number = (node) => [...cells.children].indexOf(node?.closest?.(".uvmlab-strip > button"));

  cells.addEventListener("click", (event) => {
    const i = number(event.target);
    if (i < 0 || drag?.moved) return;
    at = i;
    cycle(i, event.shiftKey ? -1 : 1);
  });

  cells.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    at = number(event.target); // a screen reader may have moved the focus
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: Infinity }[event.key];
    const letter = event.key.toUpperCase();
    if (to !== undefined) go(to);
    else if (order.includes(letter)) set(at, letter);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  cells.addEventListener("pointerdown", (event) => {
    const from = number(event.target);
    drag = event.button === 0 && from >= 0 ? { from, moved: false } : null;
  });

  function moved(event) { // a finger captures the pointer, so the event does not tell what is under it
    if (!drag || !event.buttons) return;
    const to = number(document.elementFromPoint(event.clientX, event.clientY));
    if (to < 0 || (to === drag.from && !drag.moved)) return;
    drag.moved = true;
    field("range").selectedIndex = 1;
    field("lo").value = Math.min(drag.from, to);
    field("hi").value = Math.max(drag.from, to) + 1;
    edited();
    told.textContent = `the caller's range: page ${field("lo").value} up to page ${field("hi").value}, which is not in it`;
  }
  cells.addEventListener("pointermove", moved);

  const edited = () => input.dispatchEvent(new Event("input", { bubbles: true })); // the form hears it first, then draw
  form.addEventListener("input", draw);
  const heard = ["change:values", "change:made", "change:taken"];
  for (const event of heard) model.on(event, draw);
  draw();
  return () => {
    for (const event of heard) model.off(event, draw);
    done();
  };
}

export default { render: renderStrip };
