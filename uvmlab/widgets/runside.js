// One run in the view: its picture, what its step says, and its list of steps.

const BEFORE = -1; // the step before step 0

const SIDE = `
  <h4 class="uvmlab-run-name"></h4>
  <div class="uvmlab-run-main">
    <div class="uvmlab-run-picture"></div>
    <div class="uvmlab-run-told" role="status" tabindex="0"><strong></strong><p></p><small></small></div>
  </div>
  <div class="uvmlab-run-side">
    <div class="uvmlab-run-steps" role="listbox"></div>
  </div>`;

// What each step took away: the way back.  A cell is [id, classes, texts, links].
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

function words(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// `name`: what the run is called in Python; `heading`: what stands over it, "" if it stands alone.
function side(body, data, name, heading) {
  globalThis.uvmlabRuns = (globalThis.uvmlabRuns ?? 0) + 1; // every model has its own module
  const prefix = `uvmlab-run-${globalThis.uvmlabRuns}-`;
  const last = data.steps.length - 1;
  const back = undone(data);
  const width = String(last).length;
  body.className = "uvmlab-run-body";
  body.innerHTML = SIDE;
  const [over, box, told, list] = ["name", "picture", "told", "steps"].map((each) => body.querySelector(`.uvmlab-run-${each}`));
  const [line, sentence, when] = told.children;
  let at = BEFORE;

  over.textContent = heading;
  over.hidden = !heading;
  list.setAttribute("aria-label", `Steps${heading && ` (${heading})`}, each with its line of uvm_pager.c`);
  const drawing = data.svg && picture(box, data, prefix, Boolean(heading));
  if (!drawing) box.textContent = data.why;
  const thread = (step) => data.threads[step - BEFORE]; // the first is of before
  const turned = (step) => step > BEFORE && thread(step) !== thread(step - 1);
  const title = (step) => (step === BEFORE ? "before the first step" : data.lines[step]);
  const steps = listing(list, [{ title: title(BEFORE) }, ...data.lines.map((text, i) => ({
    title: `${String(i).padStart(width)} ${text}${turned(i) ? ` — ${thread(i)} runs` : ""}`,
    turn: turned(i),
  }))]);

  function clock(step) { // who runs, and since when that is so
    const time = data.times[step - BEFORE];
    const later = step === BEFORE ? 0 : time - data.times[step - 1 - BEFORE];
    const runs = data.asleep.includes(step) ? `${thread(step)} sleeps now` : turned(step) ? `Now ${thread(step)} runs, no longer ${thread(step - 1)}` : `${thread(step)} runs`;
    return `${runs}; ${time} µs${later ? `, ${later} µs later` : ""}.`;
  }

  const it = {
    last,
    title: (step) => title(Math.min(step, last)).trim(),
    called: (step) => (step === BEFORE ? `${name}.before` : `${name}[${Math.min(step, last)}]`),
    words: (step) => (step === BEFORE ? `The ${data.title} is about to begin.` : data.told[Math.min(step, last)]),
    asks: (step) => (step in data.ask ? data.asks[data.ask[step]] : []),
    says: (id) => (drawing ? drawing.says(id) : ""),
    named: (id) => data.titles[id],
    comfort: drawing ? drawing.comfort : 0,
    looks: () => (drawing ? drawing.looks() : new Map()),
    differ: (ids, other) => drawing && drawing.differ(ids, other),
    holds: (node) => body.contains(node),
    move: (key) => drawing.move(key),
    tell() {
      words(line, `${it.called(at)}${at > last ? ", where it has ended:" : ""} ${title(Math.min(at, last))}`);
      words(sentence, it.words(at));
      words(when, clock(Math.min(at, last)));
    },
    retell() { // what is set once more is heard once more
      for (const { firstChild } of told.children) firstChild?.replaceWith(firstChild.cloneNode());
    },
    hush: (live) => put(told, "aria-live", live),
    go(step, focus) {
      const [from, to] = [Math.min(at, last), Math.min(step, last)];
      drawing?.go(between(data.steps, back, from, to), to === BEFORE ? [] : data.marks[to]);
      at = step;
      steps.go(to, focus && list.contains(document.activeElement));
      it.tell();
    },
    about(id) { // the steps that change a cell
      const touched = id ? data.marks.flatMap((ids, step) => (ids.includes(id) ? [step] : [])) : [];
      drawing?.select(id);
      steps.about(touched);
      return touched;
    },
    part: (step) => steps.part(step),
    close() {
      drawing?.close();
      steps.close();
    },
  };
  return it;
}
