// Words offered under a field while one types, found by all their names: `RLL` offers "right lower lobe".
//
// Fields with a datalist have the browser's own list without this script. It takes its options: value, and other names in the label.

const MOST = 8;
const popup = document.createElement("ul");
popup.id = "offered";
popup.className = "offered";
popup.setAttribute("role", "listbox");
popup.setAttribute("aria-label", "Suggestions");
let field = null; // the one that the list is open for

for (const input of document.querySelectorAll("input[list]:not([type=range])")) {
  input.dataset.offers = input.getAttribute("list");
  input.removeAttribute("list");
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" })) input.setAttribute(name, value);
}

const wordsOf = (text) => text.toLowerCase().split(/[\s_,/-]+/).filter(Boolean);

/** Options in which every typed word begins a word, those that are so called from their beginning first. */
function offersFor(input) {
  const typed = wordsOf(input.value);
  const options = [...document.getElementById(input.dataset.offers).options];
  const found = options.filter(({ label }) => typed.every((word) => wordsOf(label).some((one) => one.startsWith(word))));
  const begins = ({ label }) => label.toLowerCase().split(", ").some((name) => name.startsWith(input.value.trim().toLowerCase()));
  const isTaken = found.some(({ value }) => value === input.value);
  return !typed.length || isTaken ? [] : [...found.filter(begins), ...found.filter((one) => !begins(one))].slice(0, MOST);
}

/** The option, with the name that it was found by where that is another. */
function offerOf({ value, label }, number) {
  const offer = document.createElement("li"), other = document.createElement("span");
  const missing = wordsOf(field.value).filter((word) => !wordsOf(value).some((one) => one.startsWith(word)));
  offer.id = `offer-${number}`;
  offer.setAttribute("role", "option");
  offer.setAttribute("aria-selected", "false");
  offer.dataset.value = value;
  const names = label.split(", ").slice(1);
  other.textContent = (missing.length && names.find((name) => wordsOf(name).some((one) => missing.some((word) => one.startsWith(word))))) || "";
  offer.append(value);
  if (other.textContent) offer.append(" ", other);
  return offer;
}

function open(input) {
  close();
  const offers = offersFor(input);
  if (!offers.length) return;
  field = input;
  popup.replaceChildren(...offers.map(offerOf));
  input.parentElement.append(popup);
  input.setAttribute("aria-controls", popup.id);
  input.setAttribute("aria-expanded", "true");
}

function close() {
  popup.remove();
  field?.setAttribute("aria-expanded", "false");
  for (const name of ["aria-controls", "aria-activedescendant"]) field?.removeAttribute(name);
  field = null;
}

const marked = () => popup.querySelector("[aria-selected=true]");

function mark(offer) {
  marked()?.setAttribute("aria-selected", "false");
  offer.setAttribute("aria-selected", "true");
  offer.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", offer.id);
}

function take(offer) {
  field.value = offer.dataset.value;
  close();
}

document.addEventListener("input", ({ target }) => target.dataset?.offers && open(target));
document.addEventListener("focusout", close);
document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (!target.dataset?.offers) return;
  if ((key === "ArrowDown" || key === "ArrowUp") && !field) open(target);
  else if (key === "ArrowDown" && field) mark(marked()?.nextElementSibling ?? popup.firstElementChild);
  else if (key === "ArrowUp" && field) mark(marked()?.previousElementSibling ?? popup.lastElementChild);
  else if (key === "Escape" && field) close();
  else if (key === "Enter" && field && marked()) take(marked());
  else return key === "Enter" && close();
  event.preventDefault();
});
popup.addEventListener("pointerdown", (event) => {
  event.preventDefault(); // the field keeps the focus
  const offer = event.target.closest("[role=option]");
  if (offer) take(offer);
});
