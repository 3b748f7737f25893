// The keys of the view: they walk through the run from wherever the focus is, and none that is plain gets out.

const WALKS = {
  ArrowLeft: "back", ArrowUp: "back", PageUp: "back", Home: "first",
  ArrowRight: "forward", ArrowDown: "forward", PageDown: "forward", End: "last",
};

function keys(root, { acts, select, move }) {
  function pressed({ key, target }) { // returns whether the key was ours
    const id = target.dataset.cell;
    if (target.tagName === "SELECT") return false; // it knows what to do, as slider and text do with what walks
    if (key === " ") return target.tagName !== "BUTTON" && (acts.play(), true);
    if (id && key === "Enter") return select(id), true;
    if (id && /^(Arrow|Home|End)/.test(key)) return move(target, key), true;
    if (!(key in WALKS) || target.matches("input, .uvmlab-run-told")) return false;
    return acts[WALKS[key]](), true;
  }

  root.addEventListener("keydown", (event) => {
    // JupyterLab's commands, and running the cell; a plain letter would do something to the cell.
    if (event.ctrlKey || event.altKey || event.metaKey || (event.shiftKey && event.key === "Enter")) return;
    event.stopPropagation();
    if (pressed(event)) event.preventDefault();
  });
}
