// Arrows over the drawing: from what is selected, and from what the step has changed, to its partners now.

const HANDFUL = 6; // more arrows than these show nothing
const HEAD = 7; // points: how long an arrow's head is

function drawn(tag, attributes, text = "") {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = text;
  return node;
}

// Where an arrow leaves a cell and comes to another: at the sides that face each other.
function ends(from, to) {
  const middle = ({ x, y, w, h }) => [x + w / 2, y + h / 2];
  const [[x1, y1], [x2, y2]] = [middle(from), middle(to)];
  if (Math.abs(y2 - y1) < Math.max(from.h, to.h) / 2) { // in a row: from the upper edges, over what lies between
    return [x1, from.y + 3, (x1 + x2) / 2, Math.min(from.y, to.y) - 22, x2, to.y];
  }
  const [start, end] = y2 > y1 ? [from.y + from.h - 3, to.y] : [from.y + 3, to.y + to.h];
  return [x1, start, (x1 + x2) / 2 + (x1 === x2 ? 0 : (end - start) / 8), (start + end) / 2, x2, end];
}

function arrow(from, to) {
  const [x1, y1, bx, by, x2, y2] = ends(from, to);
  const length = Math.hypot(x2 - bx, y2 - by) || 1;
  const [dx, dy] = [(x2 - bx) / length, (y2 - by) / length]; // which way it points
  const [x, y] = [x2 - dx * HEAD, y2 - dy * HEAD]; // where the line meets the head
  const side = HEAD / 2;
  const line = `M${x1} ${y1}Q${bx} ${by} ${x} ${y}`;
  const head = `M${x2} ${y2}L${x - dy * side} ${y + dx * side}L${x + dy * side} ${y - dx * side}Z`;
  return [
    drawn("path", { class: "uvmlab-run-halo", d: line + head }),
    drawn("path", { class: "uvmlab-run-line", d: line }),
    drawn("path", { class: "uvmlab-run-head", d: head }),
  ];
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
    group.replaceChildren(...joined.flatMap(([from, to]) => arrow(from, to)));
  };
}
