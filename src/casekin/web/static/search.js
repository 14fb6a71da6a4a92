// The search page: drop, preview, box, progress. The question itself is an ordinary form sent into the evidence frame.
"use strict";

const byId = (id) => document.getElementById(id);
const form = byId("question"), fileInput = byId("image"), viewer = byId("viewer"), film = byId("film");
const preview = byId("preview"), overlay = byId("overlay"), boxField = byId("box"), frame = byId("evidence");
const corners = ["x0", "y0", "x1", "y1"].map(byId);

let size = null; // width and height of the stored image, in whose pixels the box is
let box = null; // [x0, y0, x1, y1] or null
let asked = false;
let isProblem = false;
let previewNumber = 0;

function say(words, isProblem = false) {
  byId("status").textContent = words;
  byId("status").classList.toggle("problem-words", isProblem);
}

function setBusy(words) {
  byId("progress").hidden = !words;
  if (words) say(words);
}

// --- the image ---------------------------------------------------------------------------------------------------

async function showPreview() {
  const number = ++previewNumber;
  const file = fileInput.files[0];
  setBox(null);
  viewer.hidden = true;
  size = null;
  if (!file) return;
  setBusy("Reading the image…");
  const body = new FormData();
  body.append("image", file);
  try {
    const reply = await fetch("/v1/previews", { method: "POST", body });
    if (number !== previewNumber) return; // another file was chosen meanwhile
    if (!reply.ok) throw new Error((await reply.json()).detail);
    size = [Number(reply.headers.get("Casekin-Image-Width")), Number(reply.headers.get("Casekin-Image-Height"))];
    URL.revokeObjectURL(preview.src);
    preview.src = URL.createObjectURL(await reply.blob());
    overlay.setAttribute("viewBox", `0 0 ${size[0]} ${size[1]}`);
    corners.forEach((field, axis) => {
      field.max = size[axis % 2];
      field.step = 1;
    });
    viewer.hidden = false;
    say(`${file.name}: ${size[0]} × ${size[1]} pixels.`);
  } catch (error) {
    if (number === previewNumber) say(error.message || "The image can’t be read.", true);
  } finally {
    if (number === previewNumber) setBusy("");
  }
}

fileInput.addEventListener("change", showPreview);
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  const files = event.dataTransfer.files;
  if (files.length !== 1) return say("Drop one image file.", true);
  fileInput.files = files;
  showPreview();
});

// --- the box -----------------------------------------------------------------------------------------------------

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function setBox(next) {
  box = next;
  overlay.toggleAttribute("hidden", !box);
  boxField.value = box ? box.join(",") : "";
  corners.forEach((field, i) => {
    if (!box) field.value = "";
    else if (Number(field.value) !== box[i] || field.value === "") field.value = box[i];
  });
  if (!box) return;
  for (const rect of overlay.querySelectorAll("rect")) {
    rect.setAttribute("x", box[0]);
    rect.setAttribute("y", box[1]);
    rect.setAttribute("width", box[2] - box[0]);
    rect.setAttribute("height", box[3] - box[1]);
  }
}

function boxBetween(a, b) {
  const found = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])];
  return found[2] > found[0] && found[3] > found[1] ? found : null;
}

function pixelAt(event) {
  const place = preview.getBoundingClientRect();
  return [
    clamp(Math.round(((event.clientX - place.left) / place.width) * size[0]), 0, size[0]),
    clamp(Math.round(((event.clientY - place.top) / place.height) * size[1]), 0, size[1]),
  ];
}

let start = null;
film.addEventListener("pointerdown", (event) => {
  if (!size || event.button !== 0) return;
  film.setPointerCapture(event.pointerId);
  start = pixelAt(event);
});
film.addEventListener("pointermove", (event) => {
  if (start) setBox(boxBetween(start, pixelAt(event)));
});
for (const end of ["pointerup", "pointercancel"]) film.addEventListener(end, () => (start = null));

film.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!step || !size) return;
  event.preventDefault();
  if (!box) return placeBox();
  const stride = Math.max(1, Math.round(Math.max(...size) / 100));
  const [dx, dy] = step.map((sign) => sign * stride);
  const [x0, y0, x1, y1] = box;
  if (event.shiftKey) {
    setBox([x0, y0, clamp(x1 + dx, x0 + 1, size[0]), clamp(y1 + dy, y0 + 1, size[1])]);
  } else {
    const left = clamp(x0 + dx, 0, size[0] - (x1 - x0)), top = clamp(y0 + dy, 0, size[1] - (y1 - y0));
    setBox([left, top, left + x1 - x0, top + y1 - y0]);
  }
});

function placeBox() {
  if (size) setBox([1, 1, 2, 2].map((third, i) => Math.round((third * size[i % 2]) / 3)));
}
byId("place-box").addEventListener("click", placeBox);
byId("clear-box").addEventListener("click", () => setBox(null));
for (const field of corners) {
  field.addEventListener("input", () => {
    const values = corners.map((corner) => (corner.value === "" ? NaN : Number(corner.value)));
    const fits = values.every(Number.isFinite) && values[2] > values[0] && values[3] > values[1];
    const begun = values.some(Number.isFinite);
    corners.forEach((corner) => corner.setCustomValidity(fits || !begun ? "" : "Right must exceed left, and bottom top."));
    if (fits) setBox(values);
    else {
      overlay.setAttribute("hidden", "");
      boxField.value = "";
      box = null;
    }
  });
}

// --- asking ------------------------------------------------------------------------------------------------------

let placeCount = 1;
byId("add-place").addEventListener("click", () => {
  placeCount += 1;
  const field = byId("at-1").cloneNode();
  field.id = `at-${placeCount}`;
  field.value = "";
  field.setAttribute("aria-label", `Place ${placeCount}`);
  byId("places").append(field);
  field.focus();
});

form.addEventListener("submit", (event) => {
  const words = ["text", "phrase"].some((id) => byId(id).value.trim());
  if (!fileInput.files.length && !words) {
    event.preventDefault();
    say("Choose an image, or say which finding to look for.", true);
    fileInput.focus();
    return;
  }
  asked = true;
  setBusy("Searching…");
});

frame.addEventListener("load", () => {
  if (!asked) return;
  asked = false;
  setBusy("");
  const page = frame.contentDocument;
  if (!page || !page.body) return say("The service didn’t answer. Is it still running?", true);
  const problem = page.querySelector("[role=alert]");
  const found = page.querySelectorAll(".card").length;
  if (problem) say(problem.querySelector("p").textContent, true);
  else if (found) say(`${found} ${found === 1 ? "case" : "cases"} found, with evidence below.`);
  else say(page.querySelector(".empty") ? "No case answers the question." : "The service didn’t answer as expected.", true);
  isProblem = Boolean(problem);
  fitFrame();
  if (!isProblem) frame.scrollIntoView({ block: "start" });
});

function fitFrame() {
  const page = frame.contentDocument;
  if (!page || !page.body) return;
  const height = isProblem ? 0 : Math.ceil(page.body.getBoundingClientRect().height); // a problem is said beside the button
  frame.style.height = `${height}px`;
}
new ResizeObserver(fitFrame).observe(frame);
