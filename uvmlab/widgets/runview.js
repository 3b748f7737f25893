// A run to walk through.  All of it arrives once; which step is shown is this view's own affair, so
// two views of one model move on their own, and no step asks the kernel anything.

const BEFORE = -1; // the step before step 0
const PACE = 500; // milliseconds a step when it plays by itself: no more than two flashes a second
const NARROWEST = 0.9; // pixels a point: the smallest that the drawing's text can be read at
const SVG = "http://www.w3.org/2000/svg";

const NOTHING = "Nothing is selected. Click a page, an anon or a slot, or press Enter on it.";

const SHELL = `
  <div class="uvmlab-buttons">
    <button type="button" data-do="first">First</button>
    <button type="button" data-do="back">Back</button>
    <button type="button" data-do="play">Play</button>
    <button type="button" data-do="forward">Forward</button>
    <button type="button" data-do="last">Last</button>
    <input type="range" min="${BEFORE}" step="1" aria-label="Step">
    <output class="uvmlab-run-at" aria-live="off"></output>
    <button type="button" data-do="copy">Copy step</button>
  </div>
  <div class="uvmlab-run-body">
    <div class="uvmlab-run-main">
      <div class="uvmlab-run-picture"></div>
      <div class="uvmlab-run-told" role="status" tabindex="0"><strong></strong><p></p></div>
    </div>
    <div class="uvmlab-run-side">
      <div class="uvmlab-run-steps" role="listbox" aria-label="Steps, each with its line of uvm_pager.c"></div>
    </div>
  </div>
  <p class="uvmlab-run-picked"></p>
  <p class="uvmlab-run-said" role="status"></p>`;

// What each step took away: the way back.  A cell is [id, classes, texts].
function undone({ first, steps }) {
  const now = new Map(first.map((cell) => [cell[0], cell]));
  return steps.map((cells) => cells.map((cell) => {
    const was = now.get(cell[0]);
    now.set(cell[0], cell);
    return was;
  }));
}

// The last word on each cell on the way from one step to another, in either direction.
function between(forth, back, from, to) {
  const cells = new Map();
  for (let i = from + 1; i <= to; i++) for (const cell of forth[i]) cells.set(cell[0], cell);
  for (let i = from; i > to; i--) for (const cell of back[i]) cells.set(cell[0], cell);
  return cells.values();
}

function drawn(tag, attributes, text = "") {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = text;
  return node;
}

// The drawing: cells that show what they are told to, one of them in the tab order.
function picture(box, data, prefix) {
  const cells = new Map(); // by id: its node, its lines, where it is, what it shows
  let marked = [];
  let current; // the cell in the tab order

  box.innerHTML = data.svg.replace(/( id="|url\(#|href="#)/g, `$1${prefix}`);
  const svg = box.querySelector("svg");
  const [, , width] = svg.getAttribute("viewBox").split(" ").map(Number);
  svg.style.minWidth = `${width * NARROWEST}px`;
  svg.style.maxWidth = `${svg.getAttribute("width")}px`;
  box.parentNode.style.flexBasis = svg.style.minWidth; // so the steps stand beside it where there is room
  for (const [id, classes, texts] of data.first) {
    const node = svg.getElementById(prefix + id);
    const rect = node.querySelector("rect");
    const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
    cells.set(id, { id, node, lines: [...node.querySelectorAll("text")], x, y, w, h, classes, texts });
    node.dataset.cell = id;
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", "-1");
    node.setAttribute("aria-pressed", "false");
  }
  const inOrder = [...cells.values()].sort((a, b) => a.y - b.y || a.x - b.x); // as one reads
  const above = cells.get(data.first[0][0]).node.parentNode;
  const [selected, focused, stars] = ["selected", "focused", "stars"].map((name) => {
    const group = drawn("g", { class: `uvmlab-run-${name}` });
    above.append(group);
    return group;
  });

  function says({ id, classes, texts }) { // the letters are for the eye: here they are words
    if (texts.length === 1) return texts[0];
    const words = classes.split(" ").map((name) => data.words[name]);
    const more = texts.slice(1).filter((text) => !/^[A-Z*]?( ?[A-Z*])*$/.test(text));
    return `${data.titles[id]}: ${[...words.filter(Boolean), ...more].join(", ")}`;
  }

  function show([id, classes, texts]) {
    const cell = cells.get(id);
    cell.lines.forEach((line, i) => { if (texts[i] !== cell.texts[i]) line.textContent = texts[i]; });
    Object.assign(cell, { classes, texts });
    cell.node.setAttribute("class", classes);
    cell.node.setAttribute("aria-label", says(cell));
  }

  function mark(ids) { // as the legend says: a thick border and a star
    for (const { node, classes } of marked) node.setAttribute("class", classes);
    marked = ids.map((id) => cells.get(id));
    stars.replaceChildren(...marked.map(({ node, classes, x, y, w }) => {
      node.setAttribute("class", `${classes} changed`);
      return drawn("text", { x: x + w - 7, y: y + 13 }, "*");
    }));
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

  function reveal() { // if the box is too small to show all, and nothing that has changed is in sight
    if (!marked.length || (box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight)) return;
    const [out, ...places] = [box, ...marked.map(({ node }) => node)].map((node) => node.getBoundingClientRect());
    const beyond = ({ left, right, top, bottom }) => [
      Math.max(0, right + 8 - out.right) - Math.max(0, out.left + 8 - left),
      Math.max(0, bottom + 8 - out.bottom) - Math.max(0, out.top + 8 - top),
    ];
    if (!places.every((place) => beyond(place).some(Boolean))) return;
    const [x, y] = beyond(places[0]);
    box.scrollBy(x, y);
  }

  function beside(key) { // the cell that an arrow key leads to
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
      reveal();
    },
    move: (key) => beside(key)?.node.focus(),
    says: (id) => says(cells.get(id)),
    select(id) {
      svg.querySelector("[aria-pressed=true]")?.setAttribute("aria-pressed", "false");
      const cell = cells.get(id);
      cell?.node.setAttribute("aria-pressed", "true");
      ring(selected, cell, 2.5);
    },
  };
}

// The list of steps: an option a step, one of them in the tab order.
function listing(list, titles) {
  const options = titles.map((title, i) => {
    const option = document.createElement("div");
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.tabIndex = -1;
    option.dataset.step = i + BEFORE;
    option.textContent = title;
    return option;
  });
  list.append(...options);
  let current = options[0];

  return {
    go(step, focus) {
      current.tabIndex = -1;
      current.setAttribute("aria-selected", "false");
      current = options[step - BEFORE];
      current.tabIndex = 0;
      current.setAttribute("aria-selected", "true");
      if (focus) current.focus({ preventScroll: true });
      const { offsetTop: top, offsetHeight: height } = current;
      if (top < list.scrollTop) list.scrollTop = top;
      else if (top + height > list.scrollTop + list.clientHeight) list.scrollTop = top + height - list.clientHeight;
    },
    about(steps) {
      for (const option of list.querySelectorAll(".uvmlab-run-about")) option.className = "";
      for (const step of steps) options[step - BEFORE].className = "uvmlab-run-about";
    },
  };
}

function copied(text, root) { // where the page is plain http there is no navigator.clipboard
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "uvmlab-run-copy";
  root.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

function open(model, el) {
  globalThis.uvmlabRuns = (globalThis.uvmlabRuns ?? 0) + 1; // every model has its own module
  const prefix = `uvmlab-run-${globalThis.uvmlabRuns}-`;
  const data = model.get("data");
  const last = data.steps.length - 1;
  const back = undone(data);
  const root = document.createElement("div");
  root.className = "uvmlab-form uvmlab-run";
  root.tabIndex = -1; // a click on its ground is a click inside: keys stay here
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", data.title);
  root.innerHTML = SHELL;
  el.append(root);

  const find = (name) => root.querySelector(name);
  const [told, slider, list] = [".uvmlab-run-told", "input", ".uvmlab-run-steps"].map(find);
  const buttons = Object.fromEntries([...root.querySelectorAll("button")].map((b) => [b.dataset.do, b]));
  const name = (step) => (step === BEFORE ? "run.before" : `run[${step}]`);
  const title = (step) => (step === BEFORE ? "before the first step" : data.lines[step]);
  const words = (step) => (step === BEFORE ? `The ${data.title} is about to begin.` : data.told[step]);
  const width = String(last).length;
  let at = BEFORE;
  let timer;
  let changed; // what is said of the selected cell

  slider.max = last;
  const drawing = data.svg && picture(find(".uvmlab-run-picture"), data, prefix);
  if (!drawing) find(".uvmlab-run-picture").textContent = data.why;
  const steps = listing(list, [title(BEFORE), ...data.lines.map((line, i) => `${String(i).padStart(width)} ${line}`)]);

  function tell() {
    const [line, sentence] = told.children;
    line.textContent = `${name(at)} ${title(at)}`;
    sentence.textContent = words(at);
  }

  function pick() {
    const id = model.get("selected");
    const touched = id ? data.marks.flatMap((ids, step) => (ids.includes(id) ? [step] : [])) : [];
    changed = touched.length ? `Steps that change it: ${touched.join(", ")}.` : "No step changes it.";
    drawing?.select(id);
    steps.about(touched);
    tellPicked();
  }

  function tellPicked() {
    const id = model.get("selected");
    find(".uvmlab-run-picked").textContent = id && drawing ? `Selected: ${drawing.says(id)}. ${changed}` : NOTHING;
  }

  function go(step) {
    const to = Math.max(BEFORE, Math.min(last, step));
    drawing?.go(between(data.steps, back, at, to), to === BEFORE ? [] : data.marks[to]);
    at = to;
    slider.value = at;
    slider.setAttribute("aria-valuetext", `${at === BEFORE ? "" : `step ${at}: `}${title(at).trim()}`);
    find("output").textContent = at === BEFORE ? "before step 0" : `step ${at} of ${last}`;
    steps.go(at, !timer && list.contains(document.activeElement));
    tell();
    tellPicked();
  }

  function rest() { // what it came to while it played is told once
    if (!timer) return;
    clearInterval(timer);
    timer = undefined;
    buttons.play.textContent = "Play";
    told.setAttribute("aria-live", "polite");
    setTimeout(tell, 50);
    if (list.contains(document.activeElement)) steps.go(at, true);
  }

  function play() {
    if (timer) return void rest();
    if (at === last) go(BEFORE);
    buttons.play.textContent = "Pause";
    told.setAttribute("aria-live", "off");
    timer = setInterval(() => {
      if (root.isConnected && at < last) go(at + 1);
      if (!root.isConnected || at === last) rest();
    }, PACE);
  }

  async function copy() {
    const text = `${name(at)}  ${title(at).trim()}\n${words(at)}`;
    let done;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch {
      done = copied(text, root);
      buttons.copy.focus();
    }
    find(".uvmlab-run-said").textContent = done ? `Copied ${name(at)}.` : "The browser does not let us copy.";
  }

  const walk = (step) => { rest(); go(step); };
  const acts = {
    first: () => walk(BEFORE),
    back: () => walk(at - 1),
    play,
    forward: () => walk(at + 1),
    last: () => walk(last),
    copy,
  };
  const KEYS = {
    ArrowLeft: acts.back, ArrowUp: acts.back, PageUp: acts.back, Home: acts.first,
    ArrowRight: acts.forward, ArrowDown: acts.forward, PageDown: acts.forward, End: acts.last,
  };

  function select(id) {
    model.set("selected", id === model.get("selected") ? "" : id);
    model.save_changes();
  }

  function pressed({ key, target }) { // returns whether the key was ours
    const id = target.dataset.cell;
    if (key === " ") return target.tagName !== "BUTTON" && (play(), true);
    if (id && key === "Enter") return select(id), true;
    if (id && /^(Arrow|Home|End)/.test(key)) return drawing.move(key), true;
    if (!(key in KEYS) || target === slider || target === told) return false; // those two know what to do
    return KEYS[key](), true;
  }

  root.addEventListener("keydown", (event) => {
    // JupyterLab's commands, and running the cell; a plain letter would do something to the cell.
    if (event.ctrlKey || event.altKey || event.metaKey || (event.shiftKey && event.key === "Enter")) return;
    event.stopPropagation();
    if (pressed(event)) event.preventDefault();
  });
  root.addEventListener("click", ({ target }) => {
    const act = target.closest("button")?.dataset.do;
    const step = target.closest("[data-step]")?.dataset.step;
    const cell = target.closest("[data-cell]")?.dataset.cell;
    if (act) acts[act]();
    else if (step) walk(Number(step));
    else if (cell) select(cell);
  });
  slider.addEventListener("input", () => walk(Number(slider.value)));

  const say = () => { find(".uvmlab-run-said").textContent = model.get("said"); };
  const heard = { "change:selected": pick, "change:said": say };
  for (const [event, change] of Object.entries(heard)) model.on(event, change);
  pick();
  say();
  go(model.get("start"));
  return () => {
    clearInterval(timer);
    for (const [event, change] of Object.entries(heard)) model.off(event, change);
    const within = root.contains(document.activeElement);
    root.remove();
    return within;
  };
}

function render({ model, el }) {
  let close = open(model, el);
  const renew = () => { // another run has come in the place of this one
    const within = close();
    close = open(model, el);
    if (within) el.lastElementChild.focus();
  };
  model.on("change:data", renew);
  return () => {
    model.off("change:data", renew);
    close();
  };
}

export default { render };
