// Two runs side by side: what they show otherwise at this step is marked in both, and said in words.

const NAMED = 4; // cells that are named; of more it is said how many there are

function differing(node, parting, sides) {
  const [one, other] = sides.map((each) => each.looks());
  // Both begin in the same state: what looks otherwise there is another layout (a longer fold), no difference.
  const both = [...one.keys()].filter((id) => one.get(id).look === other.get(id)?.look);

  function said(ids, step) {
    if (step < parting) return "Up to here both go the same way.";
    if (!ids.length) return "At this step both pictures show the same.";
    const names = ids.slice(0, NAMED).map((id) => sides[0].named(id));
    const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : "";
    return `Marked \u2260 is what differs at this step: ${names.join(", ")}${more}.`;
  }

  return (step) => {
    const ids = both.filter((id) => one.get(id).look !== other.get(id).look);
    sides.forEach((each, i) => each.differ(ids, sides[1 - i].says));
    words(node, said(ids, step));
  };
}
