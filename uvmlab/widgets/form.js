// A form of labelled fields.  Python says what stands in it; all that was typed goes back in one
// message when a button is pressed (or Enter), so nothing is sent before the learner means it.

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function radios(field, id) {
  const choices = field.options.map((option) =>
    make("label", {}, make("input", { type: "radio", name: id, value: option }), option));
  const group = { class: "uvmlab-radios", role: "radiogroup", "aria-labelledby": `${id}-label` };
  return make("div", group, ...choices);
}

function control(field, id) {
  if (field.options && field.radio) return radios(field, id);
  const described = { id, name: field.name, "aria-describedby": `${id}-hint` };
  if (!field.options) {
    const text = { type: "text", size: field.size ?? 24, autocomplete: "off", spellcheck: "false" };
    return make("input", { ...text, ...described });
  }
  const options = field.options.map((option) => make("option", { value: option }, option));
  return make("select", described, ...options);
}

function row(field, id) {
  const label = field.radio ? make("span", { id: `${id}-label` }) : make("label", { for: id });
  label.append(field.label);
  const hint = make("small", { id: `${id}-hint` }, field.hint ?? "");
  return make("div", { class: "uvmlab-field" }, label, control(field, id), hint);
}

// A guess is no answer to any question of the form: nothing is made of it, it is only shown again.
function guessing(id) {
  const hint = make("small", { id: `${id}-hint` }, "shown again beside the outcome");
  const text = { type: "text", maxlength: 300, autocomplete: "off", id, "aria-describedby": hint.id };
  return make("div", { class: "uvmlab-guess" }, make("label", { for: id }, "My guess"), make("input", text), hint);
}

function render({ model, el }) {
  globalThis.uvmlabForms = (globalThis.uvmlabForms ?? 0) + 1; // every model has its own module
  const prefix = `uvmlab-form-${globalThis.uvmlabForms}`;
  const legend = make("legend");
  const intro = make("p", { class: "uvmlab-intro" });
  const fields = make("div", { class: "uvmlab-fields" });
  const guess = guessing(`${prefix}-guess`);
  const [, guessed] = guess.children;
  const buttons = make("div", { class: "uvmlab-buttons" });
  const said = make("p", { class: "uvmlab-said", role: "status", tabindex: "-1" });
  const old = make("p", { class: "uvmlab-old", "aria-live": "polite" });
  const note = make("small", { class: "uvmlab-note" });
  const form = make("form", { novalidate: "" },
    make("fieldset", {}, legend, intro, fields, guess,
      make("div", { class: "uvmlab-answer" }, buttons, make("div", {}, old, said, note))));
  const report = make("div", { class: "uvmlab-report" });
  const root = make("div", { class: "uvmlab-form", tabindex: "-1" }); // a click on its ground is a click inside
  root.append(form, report);
  el.append(root);

  const inputs = (name) => [...fields.querySelectorAll("input, select")].filter(
    (input) => input.dataset.field === name);
  const value = (name) => {
    const [first, ...others] = inputs(name);
    if (first.type !== "radio") return first.value;
    return [first, ...others].find((radio) => radio.checked)?.value ?? "";
  };

  function build() {
    legend.textContent = model.get("title");
    intro.textContent = model.get("intro");
    fields.replaceChildren();
    model.get("fields").forEach((field, number) => {
      const made = row(field, `${prefix}-${number}`);
      for (const input of made.querySelectorAll("input, select")) input.dataset.field = field.name;
      fields.append(made);
    });
    buttons.replaceChildren(...model.get("buttons").map((name) =>
      make("button", { type: "submit", value: name }, name)));
  }

  let sent = {}; // with the last press; who has typed something else since is not to lose it
  function fill() {
    for (const [name, text] of Object.entries(model.get("values"))) {
      if (name in sent && value(name) !== sent[name]) continue;
      for (const input of inputs(name)) {
        if (input.type === "radio") input.checked = input.value === text;
        else input.value = text;
      }
    }
    explain();
  }

  function explain() { // what is chosen
    for (const { name, means, hint } of model.get("fields").filter((field) => field.means)) {
      const [select] = inputs(name);
      select.nextElementSibling.textContent = [means[select.selectedIndex], hint].filter(Boolean).join(" ");
    }
  }

  function date() { // what was made is of what was typed then; in words, for a colour says it to few
    const made = model.get("made") > 0;
    const typed = Object.entries(model.get("values")).some(([name, text]) => value(name) !== text);
    const press = model.get("buttons")[0];
    const words = model.get("tone") === "wrong"
      ? `Nothing new: what is shown below is still of the last ${press}.`
      : `You have changed something: all below is of the ${press} before. Press ${press}.`;
    root.dataset.old = made && typed;
    el.classList.toggle("uvmlab-before", made && typed); // and so is what stands below the form
    const now = made && typed ? words : "";
    if (old.textContent !== now) old.textContent = now; // it is read aloud whenever it is set
  }

  function lock() { // locked: the fields and the first button rest, the others work
    const within = form.contains(document.activeElement);
    const locked = model.get("locked");
    fields.querySelectorAll("input, select").forEach((input) => { input.disabled = locked; });
    [...buttons.children].forEach((button, i) => { button.disabled = (i > 0) !== locked; });
    if (model.get("buttons").length < 2) buttons.firstElementChild.disabled = false;
    if (within) buttons.querySelector("button:enabled")?.focus({ preventScroll: true });
  }

  function say() {
    said.textContent = model.get("said");
    said.dataset.tone = model.get("tone");
    note.textContent = model.get("note");
    const wrong = model.get("wrong");
    for (const { name } of model.get("fields")) {
      for (const input of inputs(name)) input.setAttribute("aria-invalid", String(name === wrong));
    }
    if (wrong) inputs(wrong)[0]?.focus({ preventScroll: true });
  }

  function tell() {
    const open = [...report.querySelectorAll("details")].map((each) => each.open);
    report.innerHTML = model.get("report");
    report.querySelectorAll("details").forEach((each, i) => { each.open = open[i] ?? each.open; });
  }

  function recall() { // who is typing has the last word
    guess.hidden = model.get("guess") === null;
    if (guessed !== document.activeElement) guessed.value = model.get("guess") ?? "";
  }
  guessed.addEventListener("input", () => { // kept as it is written, be the button pressed or not: Shift+Enter makes the lab anew
    model.set("guess", guessed.value);
    model.save_changes();
  });

  form.addEventListener("input", () => { date(); explain(); });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const names = model.get("fields").map((field) => field.name);
    sent = Object.fromEntries(names.map((name) => [name, value(name)]));
    const pressed = performance.timeOrigin + performance.now(); // the kernel may hear the next one first
    model.send({ event: event.submitter?.value ?? model.get("buttons")[0], values: sent, guess: guessed.value, pressed });
  });

  root.addEventListener("keydown", (event) => { // a plain letter would do something to the cell: cut it, say
    // What was typed a text field undoes by itself: JupyterLab would, in the cell, once it has seen the key that begins it.
    const undoes = /^(Control|Meta|[yz])$/i.test(event.key) && event.target.type === "text";
    if ((event.ctrlKey || event.metaKey) && !undoes) return;
    if (event.altKey || (event.shiftKey && event.key === "Enter")) return;
    event.stopPropagation();
  });

  form.addEventListener("keydown", (event) => { // and it keeps Enter from submitting
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    form.requestSubmit(buttons.querySelector("button:enabled"));
  });

  const all = () => { sent = {}; build(); fill(); recall(); lock(); say(); tell(); date(); };
  const filled = () => { fill(); date(); };
  const told = () => { say(); date(); };
  const answered = () => { // in a lab, whose answer may come when all else is out of sight
    told();
    if (model.get("buttons").length > 1) return;
    for (const node of [said, ...inputs(model.get("wrong")).slice(0, 1)]) node.scrollIntoView({ block: "nearest" });
  };
  const heard = {
    "change:title": all, "change:fields": all, "change:buttons": all, "change:values": filled,
    "change:guess": recall, "change:made": filled, "change:locked": lock, "change:said": say, "change:tone": told,
    "change:note": say, "change:wrong": say, "change:answered": answered, "change:report": tell,
  };
  for (const [event, change] of Object.entries(heard)) model.on(event, change);
  all();
  return () => {
    for (const [event, change] of Object.entries(heard)) model.off(event, change);
    root.remove();
  };
}

export default { render };
