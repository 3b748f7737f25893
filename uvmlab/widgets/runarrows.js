// Arrows over the drawing: from what is selected, and from what the step has changed, to its partners now.

const HANDFUL = 6; // more arrows than these show nothing
const HEAD = 8; // points: how long an arrow's head is
const GAP = 2; // points from a cell to the middle of the gap beside it
const INSET = 10; // points from a cell's corner to where an arrow leaves it
const LETTER = 6; // points, about, of a letter in a cell
const BARB = 5; // points: how long the head of a thin arrow is

function drawn(tag, attributes, text = "") {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = text;
  return node;
}

const long = ({ texts }) => LETTER * Math.max(...texts.map((text) => text.length)); // points, about, of its words

// Where an arrow comes in: beside the words of a wide cell, at the end that is nearer and left of the star;
// a small cell has room above its words.
function entry(from, to) {
  const middle = to.x + to.w / 2;
  const room = (to.w - long(to)) / 2;
  if (room < 3 * INSET) return middle;
  return from.x + from.w / 2 > middle ? to.x + to.w - 2 * INSET : to.x + 2 * INSET;
}

// Where a line from one height to another covers no word of the cells between: at `x`, or in the nearest gap.
function clear(x, [from, to], cells) {
  const between = [...cells.values()].filter(({ y, h }) => y + h > Math.min(from, to) && y < Math.max(from, to));
  const free = (at) => between.every((cell) => Math.abs(cell.x + cell.w / 2 - at) > long(cell) / 2);
  if (free(x)) return x;
  const gaps = [...new Set(between.flatMap((cell) => [cell.x - GAP, cell.x + cell.w + GAP]))];
  return gaps.sort((a, b) => Math.abs(a - x) - Math.abs(b - x)).find(free) ?? x;
}

// The way from one cell to another, in the gaps between cells so that it covers no word: out of the first,
// along its edge into the gap beside it, along that, and along the other's edge to where it points in.
function way(from, to, cells) {
  const row = Math.abs(to.y - from.y) < 1;
  const down = to.y > from.y;
  const [start, end] = [down ? from.y + from.h : from.y, down || row ? to.y : to.y + to.h];
  const [out, inwards] = [down ? GAP : -GAP, down || row ? 1 : -1];
  const into = entry(from, to);
  const right = into >= from.x + from.w / 2;
  const beside = right ? from.x + from.w + GAP : from.x - GAP;
  const x = right ? beside - GAP - INSET : beside + GAP + INSET; // where it leaves
  const same = Math.abs(to.x - from.x) < 1; // one above the other
  const target = same && from.w === to.w ? x : into;
  const legs = [start + out, end - inwards * GAP];
  const turn = row ? 0 : clear(beside, legs, cells);
  const turns = row ? [] : legs.map((y) => [turn, y]);
  return {
    points: [[x, start - out], [x, start + out], ...turns, [target, end - inwards * GAP]],
    tip: [target, end + inwards * (HEAD - GAP)],
    inwards,
  };
}

function arrow(from, to, cells) {
  const { points, tip: [x, y], inwards } = way(from, to, cells);
  const line = `M${points.map((point) => point.join(" ")).join("L")}`;
  const [base, half] = [y - inwards * HEAD, HEAD / 2 + 0.5];
  const head = `M${x} ${y}L${x - half} ${base}L${x + half} ${base}Z`;
  return [
    drawn("path", { class: "uvmlab-run-halo", d: line + head }),
    drawn("path", { class: "uvmlab-run-line", d: line }),
    drawn("path", { class: "uvmlab-run-head", d: head }),
  ];
}

// A thin arrow from a place to the page above it, as the picture has where a page is at home all through the run.
function tenancy(place, page) {
  const [x, from, to] = [place.x + place.w / 2, place.y, page.y + page.h + BARB];
  const edge = drawn("g", { class: "edge" });
  edge.append(
    drawn("path", { d: `M${x} ${from}L${x} ${to}` }),
    drawn("polygon", { points: `${x},${to - BARB} ${x - BARB / 2},${to} ${x + BARB / 2},${to}` }),
  );
  return edge;
}

// Where a page comes or goes, the arrow from its place is there as long as the page is.
function tenancies(group, cells) {
  const edges = new Map(); // by the place's id
  const here = (place) => ({ id, x, y }) => id.startsWith("page-") && x === place.x && y < place.y;
  return (place) => {
    if (!/^(anon|place)-/.test(place.id)) return;
    const page = place.links.map((id) => cells.get(id)).find(here(place));
    if (Boolean(page) === edges.has(place.id)) return;
    if (page) edges.set(place.id, group.appendChild(tenancy(place, page)));
    else edges.get(place.id).remove();
    if (!page) edges.delete(place.id);
  };
}

// The pairs that arrows join, each once; none if they are more than a handful.
function pairs(ids, cells) {
  const found = new Map();
  for (const id of ids) {
    for (const other of cells.get(id).links) {
      if (!found.has(`${other} ${id}`)) found.set(`${id} ${other}`, [cells.get(id), cells.get(other)]);
    }
    if (found.size > HANDFUL) return [];
  }
  return [...found.values()];
}

function arrows(group, cells) {
  let shown = "";
  return (ids) => {
    const joined = pairs(ids, cells);
    const now = joined.map(([from, to]) => `${from.id} ${to.id}`).join();
    if (now === shown) return;
    shown = now;
    group.replaceChildren(...joined.flatMap(([from, to]) => arrow(from, to, cells)));
  };
}
