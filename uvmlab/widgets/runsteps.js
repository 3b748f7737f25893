// The list of steps: an option a step, one of them in the tab order.  They stand in blocks of a fixed height:
// the browser lays out and paints those in sight only, so that a step of a long run costs no more than one of a short.

const BLOCK = 32; // options

function listing(list, titles) {
  const options = titles.map(({ title, turn }, i) => {
    const option = document.createElement("div");
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.tabIndex = -1;
    option.dataset.step = i + BEFORE;
    option.textContent = title;
    if (turn) option.className = "uvmlab-run-turn";
    return option;
  });
  for (let i = 0; i < options.length; i += BLOCK) {
    const some = options.slice(i, i + BLOCK);
    const block = document.createElement("div");
    block.className = "uvmlab-run-block";
    block.style.setProperty("--uvmlab-options", some.length);
    block.append(...some);
    list.append(block);
  }
  list.addEventListener("mouseover", ({ target }) => { // if it is cut; were it there always, it would be read aloud twice
    if (target.dataset.step) target.title = target.scrollWidth > target.clientWidth ? target.textContent : "";
  });
  const [first] = list.children;
  let current = options[0];
  let [top, height, row] = [0, 0, 0]; // of what is in sight, and of an option: to ask for them costs a layout

  function reveal() {
    if (!row) return;
    const place = (current.dataset.step - BEFORE) * row;
    if (place >= top && place + row <= top + height) return;
    const last = options.length * row - height;
    top = Math.max(0, Math.min(last, place < top ? place : place + row - height));
    requestAnimationFrame(() => { list.scrollTop = top; }); // with the layout that the frame makes anyhow
  }

  const measured = new ResizeObserver(() => {
    [height, row, top] = [list.clientHeight, first.getBoundingClientRect().height / first.children.length, list.scrollTop];
    reveal();
  });
  measured.observe(list);
  list.addEventListener("scroll", () => { top = list.scrollTop; }, { passive: true });

  return {
    go(step, focus) {
      const option = options[step - BEFORE];
      if (option !== current) {
        current.tabIndex = -1;
        current.setAttribute("aria-selected", "false");
        current = option;
      }
      put(current, "tabindex", "0");
      put(current, "aria-selected", "true");
      if (focus) current.focus({ preventScroll: true });
      reveal();
    },
    about(steps) {
      for (const option of list.querySelectorAll(".uvmlab-run-about")) option.classList.remove("uvmlab-run-about");
      for (const step of steps) options[step - BEFORE].classList.add("uvmlab-run-about");
    },
    part: (step) => options[step - BEFORE]?.classList.add("uvmlab-run-parting"),
    close: () => measured.disconnect(),
  };
}
