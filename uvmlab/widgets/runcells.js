// The drawing: cells that show what they are told to, one of them in the tab order.  What a step needs to
// know of sizes and of scrolling is kept at hand: to ask the browser for it costs a layout.

const NARROWEST = 1.1; // pixels a point: letters of 11 pixels are read without effort; a narrower box is scrolled
const BESIDE = 0.9; // where two are side by side: letters of 9 pixels, or one stands below the other
const COMPARED = 0.7; // and there a picture is scrolled only when it would be smaller than this
const MARGIN = 8; // pixels between what is brought into sight and the edge

function put(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

// The SVG in its box: how large it is drawn, and what of it is in sight.
function sight(box, svg, above) {
  const { x: left, width } = svg.viewBox.baseVal;
  const top = svg.viewBox.baseVal.y;
  const { e, f } = above.transform.baseVal.consolidate().matrix;
  const seen = { x: 0, y: 0, w: Infinity, h: Infinity };
  let scale = 0;
  let wanted = []; // cells to be brought into sight

  const scrolled = () => Object.assign(seen, { x: box.scrollLeft, y: box.scrollTop });
  const measured = new ResizeObserver(() => {
    scale = svg.clientWidth / width;
    Object.assign(seen, { w: box.clientWidth, h: box.clientHeight });
    scrolled();
    reveal(wanted);
  });
  measured.observe(box);
  box.addEventListener("scroll", scrolled, { passive: true });

  function beyond({ x, y, w, h }) { // how far to scroll for a cell
    const [from, to] = [(x + e - left) * scale, (y + f - top) * scale];
    const [right, bottom] = [from + w * scale, to + h * scale];
    const wide = w * scale > seen.w - 2 * MARGIN; // some of it is always in sight
    return [
      wide ? 0 : Math.max(0, right + MARGIN - seen.x - seen.w) - Math.max(0, seen.x - Math.max(0, from - MARGIN)),
      Math.max(0, bottom + MARGIN - seen.y - seen.h) - Math.max(0, seen.y - Math.max(0, to - MARGIN)),
    ];
  }

  function reveal(cells) { // if none of them is in sight
    wanted = cells;
    if (!scale || !cells.length || !cells.every((cell) => beyond(cell).some(Boolean))) return;
    const [x, y] = beyond(cells[0]);
    Object.assign(seen, { x: seen.x + x, y: seen.y + y });
    box.scrollTo(seen.x, seen.y);
  }

  return { reveal, close: () => measured.disconnect() };
}

// The same sign on each of some cells, `x` points from the left.
function signs(group, sign, x) {
  return (cells) => {
    cells.forEach((cell, i) => {
      const node = group.children[i] ?? group.appendChild(drawn("text", {}, sign));
      put(node, "transform", `translate(${cell.x + x(cell.w)} ${cell.y + 13})`);
    });
    while (group.children.length > cells.length) group.lastChild.remove();
  };
}

// The cell that an arrow key leads to.
function beside(key, current, inOrder) {
  const at = inOrder.indexOf(current);
  if (key === "Home") return inOrder[0];
  if (key === "End") return inOrder.at(-1);
  if (key === "ArrowLeft") return inOrder[at - 1];
  if (key === "ArrowRight") return inOrder[at + 1];
  const down = (cell) => (cell.y - current.y) * (key === "ArrowDown" ? 1 : -1);
  const aside = (cell) => Math.max(0, cell.x - current.x, current.x - cell.x - cell.w);
  const far = (cell) => Math.round(down(cell)) * 1e5 + aside(cell); // the nearest row first
  return inOrder.filter((cell) => down(cell) > 1).sort((a, b) => far(a) - far(b))[0];
}

// `two`: another run stands beside this one.
function picture(box, data, prefix, two) {
  const cells = new Map(); // by id: its node, its lines, where it is, what it shows
  let marked = [];
  let unlike = []; // those that the other run shows otherwise
  let current; // the cell in the tab order
  let chosen = ""; // the one that is selected

  box.innerHTML = data.svg.replace(/( id="|url\(#|href="#)/g, `$1${prefix}`);
  const svg = box.querySelector("svg");
  const { width, height } = svg.viewBox.baseVal;
  svg.style.minWidth = `${width * (two ? COMPARED : NARROWEST)}px`;
  const comfort = width * (two ? BESIDE : NARROWEST);
  const whole = `min(${svg.getAttribute("width")}px, var(--uvmlab-room) * ${width / height})`; // all of it is in sight
  svg.style.maxWidth = `max(${comfort}px, ${whole})`;
  box.parentNode.style.flexBasis = `${comfort}px`; // so the steps stand beside it where there is room
  for (const [id, classes, texts, links] of data.first) {
    const node = svg.getElementById(prefix + id);
    const rect = node.querySelector("rect");
    const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
    cells.set(id, { id, node, lines: [...node.querySelectorAll("text")], x, y, w, h, classes, texts, links });
    node.dataset.cell = id;
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", "-1");
    node.setAttribute("aria-pressed", "false");
  }
  const inOrder = [...cells.values()].sort((a, b) => a.y - b.y || a.x - b.x); // as one reads
  const above = cells.get(data.first[0][0]).node.parentNode;
  const insight = sight(box, svg, above);
  const layer = (name) => {
    const group = drawn("g", { class: `uvmlab-run-${name}` });
    above.append(group);
    return group;
  };
  const [selected, focused] = ["selected", "focused"].map(layer);
  const tenant = tenancies(layer("tenants"), cells);
  const stars = signs(layer("stars"), "*", (w) => w - 7);
  const differs = signs(layer("differs"), "≠", () => 9);
  const [step, choice] = ["changes", "choice"].map((name) => arrows(layer(name), cells));

  function says({ id, classes, texts }) { // the letters are for the eye: here they are words
    if (texts.length === 1) return texts[0];
    const [title, words] = [data.titles[id], classes.split(" ").map((name) => data.words[name]).filter(Boolean)];
    const more = texts.slice(1).filter((text) => !/^[A-Z*.]?( ?[A-Z*.])*$/.test(text));
    const said = new Set([...words, ...more].filter((each) => !title.includes(each))); // each once
    return said.size ? `${title}: ${[...said].join(", ")}` : title;
  }

  function show([id, classes, texts, links]) {
    const cell = cells.get(id);
    cell.lines.forEach((line, i) => { if (texts[i] !== cell.texts[i]) line.textContent = texts[i]; });
    Object.assign(cell, { classes, texts, links, look: `${classes}: ${texts}` });
    put(cell.node, "class", classes);
    put(cell.node, "aria-label", says(cell));
    tenant(cell);
  }

  function mark(ids) { // as the legend says: a thick border and a star
    for (const { node, classes } of marked) put(node, "class", classes);
    marked = ids.map((id) => cells.get(id));
    for (const { node, classes } of marked) put(node, "class", `${classes} changed`);
    stars(marked);
  }

  function ring(group, cell, space) {
    const [x, y, w, h] = [cell?.x - space, cell?.y - space, cell?.w + 2 * space, cell?.h + 2 * space];
    group.replaceChildren(...(cell ? [drawn("rect", { x, y, width: w, height: h })] : []));
  }

  function enter(cell) { // the one that Tab comes to
    current?.node.setAttribute("tabindex", "-1");
    current = cell;
    current?.node.setAttribute("tabindex", "0");
  }

  const point = () => choice(cells.has(chosen) ? [chosen] : []);

  // Not on the SVG: in Chromium one that listens for focus is a Tab stop.
  box.addEventListener("focusin", ({ target }) => {
    if (!target.dataset.cell) return;
    enter(cells.get(target.dataset.cell));
    ring(focused, target.matches(":focus-visible") ? current : undefined, 4.5);
  });
  box.addEventListener("focusout", () => ring(focused));
  data.first.forEach(show);
  enter(inOrder[0]);

  return {
    go(shown, ids) {
      for (const cell of shown) show(cell);
      mark(ids);
      step(ids);
      point();
      insight.reveal(marked);
    },
    move(key) {
      const cell = beside(key, current, inOrder);
      if (!cell) return;
      insight.reveal([cell]); // all of it: by itself the browser is content with a corner
      cell.node.focus();
    },
    says: (id) => (cells.has(id) ? says(cells.get(id)) : ""),
    comfort,
    looks: () => cells,
    differ(ids, other) { // `other`: says what the other run shows
      for (const cell of unlike) put(cell.node, "aria-label", says(cell));
      unlike = ids.map((id) => cells.get(id));
      for (const cell of unlike) put(cell.node, "aria-label", `${says(cell)}. In the other run: ${other(cell.id)}`);
      differs(unlike);
    },
    select(id) {
      cells.get(chosen)?.node.setAttribute("aria-pressed", "false");
      chosen = id;
      cells.get(chosen)?.node.setAttribute("aria-pressed", "true");
      ring(selected, cells.get(chosen), 2.5);
      point();
    },
    close: insight.close,
  };
}
