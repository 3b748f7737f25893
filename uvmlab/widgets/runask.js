// What if this step had gone otherwise: the choice beside it, and waiting for the kernel to make the run again.

const PATIENCE = 4000; // milliseconds until we say that no answer has come

const SILENT = "No answer from the kernel yet. If it is busy, both runs are shown as soon as it is free;"
  + " if it has ended, run the cell again.";

function asking(row, model, say) {
  const [label, select] = [row.querySelector("span"), row.querySelector("select")];
  let shown; // the choices
  let at;
  let timer;

  const done = () => clearTimeout(timer);

  return {
    go(step, choices) {
      at = step;
      row.style.visibility = choices.length ? "" : "hidden";
      if (!choices.length) return;
      words(label, `At step ${step}`);
      if (choices === shown) return;
      shown = choices;
      const was = select.value;
      select.replaceChildren(...choices.map(([answer, text]) => new Option(text, answer, false, answer === was)));
    },
    ask() {
      done();
      say(`Running it again: what if ${select.selectedOptions[0].text} at step ${at}?`);
      timer = setTimeout(() => say(SILENT), PATIENCE);
      try {
        model.send({ step: at, answer: select.value });
      } catch {
        done();
        say(SILENT);
      }
    },
    done,
  };
}
