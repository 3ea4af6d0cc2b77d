// SPDX-License-Identifier: EPL-2.0
// Lists the pages and headings that have all words that were typed; titles first.
{
  const up = document.currentScript.dataset.up;
  const field = document.getElementById("search");
  const found = document.getElementById("found");
  const most = 30;

  const rows = [];
  for (const [place, title, headings] of pages) {
    rows.push({ place, words: title, text: (title + " " + place).toLowerCase(), rank: 0 });
    for (const [anchor, heading] of headings) {
      rows.push({ place: place + "#" + anchor, words: title + ": " + heading, text: (title + " " + heading).toLowerCase(), rank: 1 });
    }
  }

  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    found.replaceChildren();
    if (!words.length) return;
    const hits = rows.filter((row) => words.every((word) => row.text.includes(word))).sort((a, b) => a.rank - b.rank);
    for (const hit of hits.slice(0, most)) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = up + hit.place;
      link.textContent = hit.words;
      item.append(link);
      found.append(item);
    }
    if (hits.length === 0 || hits.length > most) {
      const item = document.createElement("li");
      item.textContent = hits.length ? `and ${hits.length - most} more` : "nothing has these words";
      found.append(item);
    }
  });
}
