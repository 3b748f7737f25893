// A run to walk through.  All of it arrives once; which step is shown is this view's own affair, so
// two views of one model move on their own, and no step asks the kernel anything.

const PACE = 500; // milliseconds a step when it plays by itself: no more than two flashes a second
const SOON = 50; // milliseconds until what is live is told, so that it is heard
const LONG = 4000; // milliseconds that "Copied" is in sight

const NOTHING = "Nothing is selected. Click a page, an anon or a slot, or press Enter on it.";

const SHELL = `
  <div class="uvmlab-buttons">
    <button type="button" data-do="first">First</button>
    <button type="button" data-do="back">Back</button>
    <button type="button" data-do="play">Play</button>
    <button type="button" data-do="forward">Forward</button>
    <button type="button" data-do="last">Last</button>
    <div class="uvmlab-run-track">
      <input type="range" min="${BEFORE}" step="1" aria-label="Step">
      <output class="uvmlab-run-at" aria-live="off"></output>
      <button type="button" data-do="copy">Copy step</button>
      <span class="uvmlab-run-copied" aria-hidden="true"></span>
    </div>
  </div>
  <div class="uvmlab-run-parted"><p role="status"></p><button type="button" data-do="one">Back to one run</button></div>
  <p class="uvmlab-run-differ"></p>
  <div class="uvmlab-run-bodies"></div>
  <div class="uvmlab-buttons uvmlab-run-ask">
    <span></span><select aria-label="What could go otherwise at this step"></select>
    <button type="button" data-do="ask">What if …</button>
  </div>
  <p class="uvmlab-run-picked"></p>
  <p class="uvmlab-run-said" role="status"></p>`;

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

// What is said at the foot of the view, and for a while where the button is: the foot may be out of sight.
function bubble(node, say) {
  let timer;
  return (text) => {
    clearTimeout(timer);
    say(text);
    words(node, text);
    timer = setTimeout(() => words(node, ""), LONG);
  };
}

// It plays by itself until somebody walks, or it comes to the end.
function player(root, button, { forward, rested }) {
  let timer;
  const it = {
    get on() { return timer !== undefined; },
    play() {
      button.textContent = "Pause";
      timer = setInterval(() => { if (!root.isConnected || !forward()) it.rest(); }, PACE);
    },
    rest() {
      if (!it.on) return;
      it.stop();
      button.textContent = "Play";
      rested();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
  return it;
}

function shell(data) {
  const root = document.createElement("div");
  root.className = "uvmlab-form uvmlab-run";
  root.tabIndex = -1; // a click on its ground is a click inside: keys stay here
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", data.title);
  root.innerHTML = SHELL;
  const after = root.querySelector('[data-do="last"]');
  for (const name of Object.keys(data.stops).reverse()) { // to run to the next step of a kind
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: name });
    button.dataset.do = name;
    after.after(button);
  }
  return root;
}

// The run, and beside it what would have been, if that was asked for.
function sidesOf(bodies, data, other) {
  const runs = [[data, "run", other.data ? "As it went" : ""]];
  if (other.data) runs.push([other.data, "would_be", other.heading]);
  bodies.classList.toggle("uvmlab-run-two", runs.length > 1);
  const sides = runs.map(([each, name, heading]) => {
    const body = document.createElement("section");
    bodies.append(body);
    return side(body, each, name, heading);
  });
  bodies.style.setProperty("--uvmlab-beside", `${Math.max(...sides.map((each) => each.comfort))}px`);
  return sides;
}

function open(model, el, begin, choice) {
  const data = model.get("data");
  const other = model.get("other");
  const root = shell(data);
  el.append(root);

  const find = (name) => root.querySelector(name);
  const slider = find("input");
  const buttons = Object.fromEntries([...root.querySelectorAll("button")].map((b) => [b.dataset.do, b]));
  const sides = sidesOf(find(".uvmlab-run-bodies"), data, other);
  const [run] = sides;
  const last = Math.max(...sides.map((each) => each.last));
  const parted = (step) => !other.data || step >= other.parting; // before that both say the same
  const say = (text) => words(find(".uvmlab-run-said"), text);
  const sayHere = bubble(find(".uvmlab-run-copied"), say);
  const differ = other.data ? differing(find(".uvmlab-run-differ"), other.parting, sides) : () => {};
  const asks = asking(find(".uvmlab-run-ask"), model, say, choice);
  let at = BEFORE;
  let changed; // what is said of the selected cell

  slider.max = last;
  for (const name of ["parted", "differ"]) find(`.uvmlab-run-${name}`).hidden = !other.data;

  const hush = () => sides.forEach((each, i) => each.hush(playing.on || (i && !parted(at)) ? "off" : "polite"));
  const playing = player(root, buttons.play, {
    forward() {
      go(at + 1);
      return at < last;
    },
    rested() { // what it came to while it played is told once
      hush();
      setTimeout(() => sides.forEach((each) => each.retell()), SOON);
      go(at);
    },
  });

  function pick() {
    const id = model.get("selected");
    const [touched] = sides.map((each) => each.about(id));
    changed = touched.length ? `Steps that change it: ${touched.join(", ")}.` : "No step changes it.";
    tellPicked();
  }

  function tellPicked() {
    const id = model.get("selected");
    const said = sides.map((each) => each.says(id)).find(Boolean);
    const picked = find(".uvmlab-run-picked");
    words(picked, id && said ? `Selected: ${said}. ${changed}` : NOTHING);
    put(picked, "title", picked.textContent); // the line may be too short for it
  }

  function go(step) {
    at = Math.max(BEFORE, Math.min(last, step));
    hush();
    for (const each of sides) each.go(at, !playing.on);
    differ(at);
    slider.value = at;
    put(slider, "aria-valuetext", `${at === BEFORE ? "" : `step ${at}: `}${run.title(at)}`);
    words(find("output"), at === BEFORE ? "before step 0" : `step ${at} of 0–${last}`);
    asks.go(at, at > run.last ? [] : run.asks(at));
    tellPicked();
  }

  async function copy() {
    const text = sides.map((each) => `${each.called(at)}  ${each.title(at)}\n${each.words(at)}`).join("\n\n");
    let done;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch {
      done = copied(text, root);
      buttons.copy.focus();
    }
    sayHere(done ? `Copied ${run.called(at)}.` : "The browser does not let us copy.");
  }

  function select(id) {
    model.set("selected", id === model.get("selected") ? "" : id);
    model.save_changes();
  }

  const walk = (step) => { playing.rest(); go(step); };
  function stopAt(name) {
    const next = data.stops[name].find((step) => step > at);
    say(next === undefined ? `${name}: there is no more.` : "");
    if (next !== undefined) walk(next);
  }
  const acts = {
    first: () => walk(BEFORE),
    back: () => walk(at - 1),
    play() {
      if (playing.on) return void playing.rest();
      playing.play();
      hush();
      if (at === last) go(BEFORE);
    },
    forward: () => walk(at + 1),
    last: () => walk(last),
    copy,
    ask: () => asks.ask(),
    one() {
      model.set("other", {});
      model.save_changes();
    },
  };
  for (const name of Object.keys(data.stops)) acts[name] = () => stopAt(name);
  const move = (target, key) => sides.find((each) => each.holds(target)).move(key);
  keys(root, { acts, select, move });
  root.addEventListener("click", ({ target }) => {
    const act = target.closest("button")?.dataset.do;
    const step = target.closest("[data-step]")?.dataset.step;
    const cell = target.closest("[data-cell]")?.dataset.cell;
    if (act) acts[act]();
    else if (step) walk(Number(step));
    else if (cell) select(cell);
  });
  slider.addEventListener("input", () => walk(Number(slider.value)));

  const hear = () => {
    if (model.get("said")) asks.done();
    say(model.get("said"));
  };
  const heard = { "change:selected": pick, "change:said": hear };
  for (const [event, change] of Object.entries(heard)) model.on(event, change);
  if (other.data) {
    for (const each of sides) each.part(other.parting);
    setTimeout(() => words(find(".uvmlab-run-parted p"), other.sentence), SOON);
  }
  pick();
  say(model.get("said"));
  const lost = asks.gone(data.asks);
  if (lost) setTimeout(() => say(lost), SOON);
  go(begin);
  return {
    root,
    buttons,
    at: () => at,
    close() {
      playing.stop();
      asks.done();
      for (const [event, change] of Object.entries(heard)) model.off(event, change);
      for (const each of sides) each.close();
      root.remove();
    },
  };
}

function render({ model, el }) {
  const choice = { answer: "", text: "" };
  let view = open(model, el, model.get("start"), choice);

  function renew(begin, focus) {
    const within = view.root.contains(document.activeElement);
    view.close();
    view = open(model, el, begin, choice);
    if (within) (focus(view) ?? view.root).focus({ preventScroll: true });
  }

  const heard = { // another run in the place of this one; another one beside it, or none any more
    "change:data": () => renew(model.get("start"), () => undefined),
    "change:other": () => {
      const { data, step } = model.get("other");
      renew(data ? step : view.at(), ({ buttons }) => (data ? buttons.one : buttons.ask));
    },
  };
  for (const [event, change] of Object.entries(heard)) model.on(event, change);
  return () => {
    for (const [event, change] of Object.entries(heard)) model.off(event, change);
    view.close();
  };
}

export default { render };
