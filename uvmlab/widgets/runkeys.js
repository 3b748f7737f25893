// The keys of the view: they walk through the run from wherever the focus is, and none that is plain gets out.
// On the slider, too: by itself it would go forward for ArrowUp, and by many steps for PageUp.

const WALKS = {
  ArrowLeft: "back", ArrowUp: "back", PageUp: "back", Home: "first",
  ArrowRight: "forward", ArrowDown: "forward", PageDown: "forward", End: "last",
};

function keys(root, { acts, select, move }) {
  const scrolls = (node, key) => // text that does not fit into its box; it goes up and down only
    node.matches(".uvmlab-run-told") && node.scrollHeight > node.clientHeight && !/Left|Right/.test(key);

  function pressed({ key, target }) { // returns whether the key was ours
    const id = target.dataset.cell;
    if (target.tagName === "SELECT") return false; // it knows what to do
    if (key === " ") return target.tagName !== "BUTTON" && (acts.play(), true);
    if (id && key === "Enter") return select(id), true;
    if (id && /^(Arrow|Home|End)/.test(key)) return move(target, key), true;
    if (!(key in WALKS) || scrolls(target, key)) return false;
    return acts[WALKS[key]](), true;
  }

  root.addEventListener("keydown", (event) => {
    // JupyterLab's commands, and running the cell; a plain letter would do something to the cell.
    if (event.ctrlKey || event.altKey || event.metaKey || (event.shiftKey && event.key === "Enter")) return;
    event.stopPropagation();
    if (pressed(event)) event.preventDefault();
  });
}
