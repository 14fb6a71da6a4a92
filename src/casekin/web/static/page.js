// What the pages do beyond forms and links: an image's upload, the drawn region, focus, the compare dialog.
import "./combobox.js";

const byId = (id) => document.getElementById(id);

function say(words) {
  byId("said").textContent = words;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => (byId("said").textContent = ""), 6000);
}

// --- the question's image ------------------------------------------------------------------------------------------

const question = byId("question");
let uploads = 0;

function showViewerCode() {
  if (document.querySelector("casekin-viewer")) import("/static/viewer/viewer.js");
}

function setRegion(region) {
  const box = byId("box"), mask = byId("mask-drawn"), drawn = byId("region-drawn");
  box.value = region?.box && !region.mask ? region.box.map(Math.round).join(",") : "";
  const files = new DataTransfer();
  if (region?.mask) files.items.add(new File([region.mask], "region.png", { type: "image/png" }));
  mask.files = files.files;
  drawn.hidden = !(box.value || region?.mask);
  drawn.querySelector("span").textContent = region?.mask ? "A painted region asks." : `The box ${box.value.replaceAll(",", ", ")} asks.`;
}

function showImage(address, name) {
  const viewer = document.createElement("casekin-viewer");
  viewer.setAttribute("region", "box");
  viewer.setAttribute("label", name);
  viewer.setAttribute("src", address);
  byId("viewer-here").replaceChildren(viewer);
  byId("image-name").textContent = name;
  byId("image-shown").hidden = false;
  byId("image-choice").className = "chosen";
  showViewerCode();
}

function refuseImage(words) {
  byId("image-problem").textContent = words;
  byId("image-problem").hidden = false;
}

async function upload(files) {
  const number = ++uploads;
  byId("image-problem").hidden = true;
  byId("image-progress").hidden = false;
  const body = new FormData();
  for (const file of files) body.append("image", file);
  try {
    const reply = await fetch("/v1/uploads", { method: "POST", body, headers: tokenHeader() });
    const record = await reply.json();
    if (number !== uploads) return; // another image was chosen meanwhile
    if (!reply.ok) return refuseImage(record.detail);
    byId("upload").value = record.upload_id;
    byId("case").value = "";
    byId("image").value = "";
    setRegion(null);
    showImage(`/v1/uploads/${record.upload_id}`, files.length > 1 ? `${files.length} files` : files[0].name);
    say(`Image read: ${record.width} × ${record.height} pixels${record.frames > 1 ? `, ${record.frames} slices` : ""}.`);
  } catch {
    if (number === uploads) refuseImage("The image could not be sent.");
  } finally {
    if (number === uploads) byId("image-progress").hidden = true;
  }
}

function tokenHeader() {
  const token = document.querySelector("input[name=csrf_token]");
  return token ? { "X-CSRF-Token": token.value } : {};
}

if (question) {
  const input = byId("image");
  input.multiple = true; // a CT series is many files
  input.addEventListener("change", () => input.files.length && upload([...input.files]));
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
    if (event.dataTransfer.files.length) upload([...event.dataTransfer.files]);
  });
  byId("viewer-here").addEventListener("region", (event) => setRegion(event.detail));
  byId("clear-region").addEventListener("click", () => {
    const viewer = byId("viewer-here").querySelector("casekin-viewer");
    if (viewer) viewer.box = null;
    setRegion(null);
    byId("image-name").focus();
  });
  byId("other-image").addEventListener("click", () => {
    byId("image-choice").className = "chosen again";
    byId("image").focus();
  });
  byId("add-place").addEventListener("click", () => {
    const rows = byId("places").children, row = rows[0].cloneNode(true), number = rows.length + 1;
    for (const field of row.querySelectorAll("input, select")) {
      field.name = field.name.replace(/\d+$/, number);
      field.setAttribute("aria-label", `${field.getAttribute("aria-label")} ${number}`);
      field.value = "";
    }
    byId("places").append(row);
    row.querySelector("input").focus();
  });
}
showViewerCode();

// --- answers -------------------------------------------------------------------------------------------------------

document.addEventListener("change", (event) => {
  const { name, value, checked } = event.target;
  if (name !== "like" && name !== "unlike") return;
  const other = name === "like" ? "unlike" : "like";
  if (checked) for (const box of document.querySelectorAll(`input[name=${other}]`)) if (box.value === value) box.checked = false;
  const count = (which) => document.querySelectorAll(`input[name=${which}]:checked`).length;
  const words = document.querySelector(".steer .count");
  if (words) words.textContent = `${count("like")} more like, ${count("unlike")} less like.`;
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  const place = event.detail.target;
  showViewerCode();
  if (place.id === "compare") {
    if (!place.open) place.showModal();
    return;
  }
  const arrived = place.querySelector("[data-arrived]");
  if (!arrived || !["answer", "draft"].includes(place.id)) return;
  arrived.focus({ preventScroll: true });
  arrived.scrollIntoView({ block: "nearest" });
  say("");
});

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if ((xhr.getResponseHeader("content-type") ?? "").startsWith("text/html")) return;
  event.detail.shouldSwap = false; // refused before it came to a page
  say("That didn’t work. Try again, or reload the page.");
});
document.body.addEventListener("htmx:sendError", () => say("The service can’t be reached."));

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-closes]");
  if (closer) byId(closer.dataset.closes).close();
});

const compare = byId("compare");
compare?.addEventListener("close", () => compare.replaceChildren()); // its viewers let go of their pictures

addEventListener("hashchange", () => {
  const target = location.hash && byId(location.hash.slice(1));
  if (!target) return;
  if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
});
