"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const shelf = `casekin-judging-${data.session}-${data.reader}`;
  const answers = new Map(); // pair number from 1 → "0" … "3" or "?"
  let current = 1;

  const say = (text) => {
    at("message").textContent = text;
    at("message").hidden = !text;
  };

  // The browser keeps answers between visits; where it may not, the reader is told to save.
  const keep = () => {
    try {
      localStorage.setItem(shelf, JSON.stringify([...answers]));
    } catch {
      say("This browser keeps nothing between visits. Save your answers before you close the page.");
    }
  };
  const recall = () => {
    try {
      for (const [item, answer] of JSON.parse(localStorage.getItem(shelf) || "[]")) answers.set(item, answer);
    } catch {
      say("This browser keeps nothing between visits. Save your answers before you close the page.");
    }
  };

  const place = (element, values) => {
    for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
  };

  // The square around the box with a quarter of its size on every side, and never less than a third of the film: what
  // surrounds a small place helps to read it. Inside the film where it fits.
  const square = ([x0, y0, x1, y1], film) => {
    const side = Math.max((x1 - x0) * 1.5, (y1 - y0) * 1.5, Math.max(film.width, film.height) / 3);
    const start = (low, high, length) =>
      side >= length ? (length - side) / 2 : Math.min(Math.max((low + high - side) / 2, 0), length - side);
    return `${start(x0, x1, film.width)} ${start(y0, y1, film.height)} ${side} ${side}`;
  };

  const showSide = (figure, { film: number, box }) => {
    const film = data.films[number];
    for (const image of figure.querySelectorAll("image")) place(image, { href: film.uri, width: film.width, height: film.height });
    place(figure.querySelector(".whole"), { viewBox: `0 0 ${film.width} ${film.height}` });
    for (const rect of figure.querySelectorAll("rect")) {
      rect.style.display = box ? "" : "none";
      if (box) place(rect, { x: box[0], y: box[1], width: box[2] - box[0], height: box[3] - box[1] });
    }
    const crop = figure.querySelector(".crop");
    crop.style.display = box ? "" : "none";
    if (box) place(crop, { viewBox: square(box, film) });
    const report = figure.querySelector(".report");
    report.hidden = !film.report;
    report.textContent = film.report || "";
  };

  const show = (item) => {
    current = Math.min(Math.max(item, 1), data.items.length);
    const { place: words, sides } = data.items[current - 1];
    at("place").textContent = words;
    document.querySelectorAll(".film").forEach((figure, side) => showSide(figure, sides[side]));
    for (const button of document.querySelectorAll(".answer"))
      button.setAttribute("aria-pressed", String(button.dataset.answer === answers.get(current)));
    at("number").value = current;
    at("done").value = answers.size;
    const left = data.items.length - answers.size;
    at("status").textContent = left ? `${answers.size} answered, ${left} left` : "All answered: save your answers.";
    document.body.classList.toggle("finished", !left);
  };

  const open = (from) => {
    for (let item = from; item <= data.items.length; item++) if (!answers.has(item)) return item;
    for (let item = 1; item < from; item++) if (!answers.has(item)) return item;
    return null;
  };

  const answer = (key) => {
    answers.set(current, key);
    keep();
    show(open(current) ?? current);
  };

  const save = () => {
    const lines = [...answers]
      .sort(([a], [b]) => a - b)
      .map(([item, key]) => ({ session: data.session, reader: data.reader, item, grade: key === "?" ? null : Number(key) }))
      .map((record) => JSON.stringify(record) + "\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(lines, { type: "application/jsonl" }));
    link.download = `reader-${data.reader}.answers.jsonl`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  const load = async (file) => {
    try {
      const records = (await file.text()).split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line));
      const fits = ({ session, reader, item, grade }) =>
        session === data.session && reader === data.reader && data.items[item - 1] && [null, 0, 1, 2, 3].includes(grade);
      if (!records.every(fits)) throw new Error("other page");
      for (const { item, grade } of records) answers.set(item, grade === null ? "?" : String(grade));
      say("");
      keep();
      show(open(1) ?? 1);
    } catch {
      say("These are not answers saved from this page; nothing was loaded.");
    }
  };

  document.querySelectorAll(".answer").forEach((button) => button.addEventListener("click", () => answer(button.dataset.answer)));
  at("back").addEventListener("click", () => show(current - 1));
  at("next").addEventListener("click", () => show(current + 1));
  at("save").addEventListener("click", save);
  at("number").addEventListener("change", () => {
    show(Math.round(Number(at("number").value)) || 1);
    at("number").blur(); // the next digit is an answer
  });
  at("load").addEventListener("change", () => {
    if (at("load").files[0]) load(at("load").files[0]);
    at("load").value = "";
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === at("number")) return;
    if ("0123?".includes(event.key)) answer(event.key);
    else if (event.key === "ArrowLeft" || event.key === "Backspace") show(current - 1);
    else if (event.key === "ArrowRight") show(current + 1);
    else return;
    event.preventDefault();
  });

  recall();
  show(open(1) ?? 1);
})();
