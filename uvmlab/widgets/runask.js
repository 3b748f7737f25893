// What if this step had gone otherwise: the choice beside it, and waiting for the kernel to make the run again.

const PATIENCE = 4000; // milliseconds until we say that no answer has come

const SILENT = "No answer from the kernel yet. If it is busy, both runs are shown as soon as it is free;"
  + " if it has ended, run the cell again.";

// `choice`: what was chosen last; it outlives the run that is shown.
function asking(row, model, say, choice) {
  const [label, select] = [row.querySelector("span"), row.querySelector("select")];
  let shown; // the choices
  let at;
  let timer;

  const done = () => clearTimeout(timer);
  function choose() {
    const [{ value, text }] = select.selectedOptions;
    Object.assign(choice, { answer: value, text });
  }
  select.addEventListener("change", choose);

  return {
    go(step, choices) {
      at = step;
      row.style.visibility = choices.length ? "" : "hidden";
      if (!choices.length) return;
      words(label, `At step ${step}`);
      if (choices === shown) return;
      shown = choices;
      select.replaceChildren(...choices.map(([answer, text]) => new Option(text, answer, false, answer === choice.answer)));
    },
    ask() {
      done();
      choose();
      say(`Running it again: what if ${select.selectedOptions[0].text} at step ${at}?`);
      timer = setTimeout(() => say(SILENT), PATIENCE);
      try {
        model.send({ step: at, answer: select.value });
      } catch {
        done();
        say(SILENT);
      }
    },
    gone(asks) { // says so if what was chosen can be asked at no step of this run
      const { answer, text } = choice;
      if (!answer || asks.flat().some(([other]) => other === answer)) return "";
      choice.answer = "";
      return `What if \u201c${text}\u201d, as you had chosen, cannot be asked in this run: your choice is gone.`;
    },
    done,
  };
}
