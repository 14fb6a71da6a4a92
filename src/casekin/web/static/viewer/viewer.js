import { a as e, c as t, i as n, l as r, n as i, o as a, r as o, s, t as c, u as l } from "./view.js";
// src/actions.ts
var u = 1.25, d = {
	fit: (e) => e.setView(null),
	one: (e) => e.setView(a({
		...e.view,
		scale: 1
	}, e.plane, e.size)),
	in: (e) => e.zoom(u),
	out: (e) => e.zoom(1 / u),
	invert: (e) => e.invert(),
	reset: (e) => e.reset(),
	frontal: (e) => void e.turn(),
	keys: (e) => {
		e.parts.keys.hidden = !e.parts.keys.hidden, I(e);
	}
};
function f(e, t) {
	e.face && d[t](e);
}
// src/overlay.ts
var p = "http://www.w3.org/2000/svg", m = 8, h = [
	.1,
	.2,
	.5,
	1,
	2,
	5,
	10,
	20,
	50,
	100,
	200
];
function g(e, t = {}, ...n) {
	let r = document.createElementNS(p, e);
	for (let [e, n] of Object.entries(t)) r.setAttribute(e, String(n));
	return r.append(...n), r;
}
function _(e, t) {
	let { stage: n } = t;
	e.setAttribute("viewBox", `0 0 ${n.width} ${n.height}`);
	let i = t.overlays.map((e) => b(t, e));
	t.box && i.push(y(t, t.box)), t.pointer && i.push(S(r(t.view, t.plane, n, t.pointer), 14, "crosshair")), t.brush && i.push(...x(t, t.brush)), t.showsMiddle && i.push(S([n.width / 2, n.height / 2], 7, "middle")), i.push(...C(t), ...ee(t)), e.replaceChildren(...i);
}
function v({ view: e, plane: t, stage: n }, i) {
	let [a, o] = r(e, t, n, [i[0], i[1]]), [s, c] = r(e, t, n, [i[2], i[3]]);
	return {
		x: a,
		y: o,
		width: s - a,
		height: c - o
	};
}
function y(e, t) {
	let n = v(e, t), r = [
		0,
		.5,
		1
	].flatMap((e) => [
		0,
		.5,
		1
	].map((t) => [t, e])).filter(([e, t]) => e !== .5 || t !== .5), i = Math.min(n.width, n.height) < 32, a = r.filter(([e, t]) => !i || e !== .5 && t !== .5).map(([e, t]) => g("rect", {
		class: "handle",
		x: n.x + e * n.width - m / 2,
		y: n.y + t * n.height - m / 2,
		width: m,
		height: m
	}));
	return g("g", { class: "drawn" }, g("rect", {
		...n,
		class: "under"
	}), g("rect", {
		...n,
		class: "line"
	}), ...a);
}
function b(e, { box: t, label: n, kind: r = "region" }) {
	let i = v(e, t), a = n ? [g("text", {
		x: i.x + 4,
		y: Math.max(i.y - 5, 13)
	}, n)] : [];
	return g("g", { class: `overlay ${r}` }, g("rect", {
		...i,
		class: "under"
	}), g("rect", {
		...i,
		class: "line"
	}), ...a);
}
function x({ view: e, plane: t, stage: n }, { at: i, diameter: a }) {
	let [o, s] = r(e, t, n, i), l = a / 2 * e.scale, u = {
		cx: o,
		cy: s,
		rx: l,
		ry: l * c(t)
	};
	return [g("ellipse", {
		...u,
		class: "under"
	}), g("ellipse", {
		...u,
		class: "brush"
	})];
}
function S([e, t], n, r) {
	return g("path", {
		class: r,
		d: `M${e - n} ${t}H${e + n}M${e} ${t - n}V${t + n}`
	});
}
function C({ plane: e, stage: t }) {
	let { left: n, right: r, top: i, bottom: a } = e.sides ?? {}, o = (e, t, n, r) => e ? [g("text", {
		class: "side",
		x: t,
		y: n,
		"text-anchor": r
	}, e)] : [];
	return [
		...o(n, 10, t.height / 2, "start"),
		...o(r, t.width - 10, t.height / 2, "end"),
		...o(i, t.width / 2, 22, "middle"),
		...o(a, t.width / 2, t.height - 12, "middle")
	];
}
function ee({ plane: e, view: t, stage: n }) {
	if (!e.spacing) return [];
	let r = t.scale / e.spacing[1], i = h.findLast((e) => e * r <= n.width / 4);
	if (!i) return [];
	let [a, o, s] = [
		12,
		n.height - 34,
		i * r
	], c = i >= 10 ? `${i / 10} cm` : `${i} mm`, l = `M${a} ${o - 4}V${o + 4}M${a} ${o}H${a + s}M${a + s} ${o - 4}V${o + 4}`;
	return [
		g("path", {
			class: "scale under",
			d: l
		}),
		g("path", {
			class: "scale",
			d: l
		}),
		g("text", {
			class: "scale-words",
			x: a + s + 6,
			y: o + 4
		}, c)
	];
}
function te({ view: e, plane: t, stage: r }) {
	let i = Math.abs(e.scale - n(t, r)) < 1e-6;
	return `${Math.round(e.scale * 100)} %${i ? " (fit)" : ""}`;
}
function ne(e, t) {
	e.width = t.columns, e.height = t.rows;
	let n = e.getContext("2d"), r = n.createImageData(t.columns, t.rows);
	t.cells.flat().forEach((e, t) => r.data.set([
		64,
		220,
		235,
		Math.round(255 * e)
	], 4 * t)), n.putImageData(r, 0, 0);
}
function re(e, t, n, i, a) {
	let [o, s] = r(n, i, a, [t.box[0], t.box[1]]);
	e.style.left = `${o}px`, e.style.top = `${s}px`, e.style.width = `${(t.box[2] - t.box[0]) * n.scale}px`, e.style.height = `${(t.box[3] - t.box[1]) * n.scale * c(i)}px`;
}
// src/icons.ts
var ie = {
	window: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18M12 7l4-1.6M12 11h7M12 15l6 1",
	move: "M12 3v18M3 12h18M12 3l-3 3M12 3l3 3M12 21l-3-3M12 21l3-3M3 12l3-3M3 12l3 3M21 12l-3-3M21 12l-3 3",
	box: "M5 6h14v12H5zM3.5 4.5h3v3h-3zM17.500 4.500h3v3h-3zM3.500 16.500h3v3h-3zM17.500 16.500h3v3h-3z",
	brush: "M20 4 11 13M9 12l3 3M10 13c-3 0-4 2-4 4 0 1-1 2-2 2 4 2 9 1 9-3",
	eraser: "M9 19 4 14 14 4l6 6-9 9zM9 9l6 6M9 19h11",
	fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5M9 9h6v6H9z",
	one: "M5 8l2-1.500V17M17 8l2-1.500V17M12 10v.1M12 14v.1",
	in: "M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM15.500 15.500 21 21M7.500 10.500h6M10.500 7.500v6",
	out: "M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM15.500 15.500 21 21M7.500 10.500h6",
	invert: "M4 4h16v16H4zM4 20 20 4M8 7v4M6 9h4M14 16h4",
	reset: "M5 5v5h5M5.500 10a7.500 7.500 0 1 1-1 5",
	frontal: "M8 3c-3 4-4 9-4 18h6V9M16 3c3 4 4 9 4 18h-6V9M12 3v9",
	keys: "M3 7h18v10H3zM7 10.500v.1M11 10.500v.1M15 10.500v.1M18 10.500v.1M8 14h8"
};
function ae(e) {
	return g("svg", {
		viewBox: "0 0 24 24",
		width: 22,
		height: 22,
		class: "icon",
		"aria-hidden": "true"
	}, g("path", { d: ie[e] ?? "" }));
}
// src/controls.ts
var w = [
	"window",
	"move",
	"box",
	"brush",
	"eraser"
];
function T(e) {
	return e === "box" || e === "brush" || e === "eraser";
}
var E = [
	"fit",
	"one",
	"in",
	"out",
	"invert",
	"reset",
	"frontal",
	"keys"
], D = {
	window: "Window: drag for brightness and contrast (W)",
	move: "Move and zoom (M)",
	box: "Draw a box (B)",
	brush: "Paint a region (P)",
	eraser: "Rub out (E)",
	fit: "Fit (F)",
	one: "One to one (O)",
	in: "Zoom in (+)",
	out: "Zoom out (−)",
	invert: "Invert (I)",
	reset: "Reset view and window (R)",
	frontal: "Frontal view of the volume (V)",
	keys: "Keys (?)"
}, oe = [
	["W M B P E", "tools: window, move, box, paint, rub out"],
	["arrows", "the tool’s own: window (↔ width, ↕ centre), move, or the box"],
	["Shift + arrows", "box: its right and lower edge; else ten times as far"],
	["Enter", "place a box in the middle"],
	["Delete", "clear box and painting"],
	["+ −", "zoom"],
	["F O", "fit, one to one"],
	["I R", "invert, reset"],
	["1 … 5", "windows: default first"],
	["PgUp PgDn Home End", "slices"],
	["[ ]", "size of the brush"],
	["V", "CT: frontal view and slices"],
	["right button", "window, whatever the tool"],
	["middle button", "move"],
	["wheel", "slices; a clicked film: zoom (always with Ctrl)"],
	["two fingers", "zoom and move"]
];
function O(e, t = {}, ...n) {
	let r = document.createElement(e);
	for (let [e, n] of Object.entries(t)) r.setAttribute(e, n);
	return r.append(...n), r;
}
function k(e, t) {
	return O("label", {}, O("span", {}, e), t);
}
function se() {
	let e = [...w, ...E], t = Object.fromEntries(e.map((e) => [e, O("button", {
		type: "button",
		"aria-label": D[e],
		title: D[e]
	}, ae(e))]));
	t.keys.setAttribute("aria-expanded", "false");
	let n = {
		title: O("p", { class: "corner title" }),
		window: O("p", { class: "corner window" }),
		value: O("p", { class: "corner value" }),
		zoom: O("p", { class: "corner zoom" })
	}, r = g("svg", {
		class: "overlay-root",
		"aria-hidden": "true"
	}), i = O("div", {
		class: "stage",
		part: "stage",
		tabindex: "0",
		role: "application"
	}, r, O("div", { "aria-hidden": "true" }, ...Object.values(n)));
	i.setAttribute("aria-roledescription", "image viewer");
	let a = O("div", {
		class: "bar",
		role: "toolbar",
		"aria-label": "Image tools"
	}, O("span", { class: "set" }, ...w.map((e) => t[e])), O("span", { class: "set" }, ...E.map((e) => t[e]))), o = O("select"), s = () => O("input", {
		type: "number",
		step: "any",
		inputmode: "decimal"
	}), [c, l] = [s(), s()], u = [
		"Left",
		"Top",
		"Right",
		"Bottom"
	].map((e) => O("input", {
		type: "number",
		min: "0",
		step: "1",
		inputmode: "numeric",
		"aria-label": `${e} edge of the box`
	})), d = [0, 1].map(() => O("button", {
		type: "button",
		class: "words"
	}, "Clear")), f = O("button", {
		type: "button",
		class: "words"
	}, "Place box"), p = O("input", {
		type: "range",
		min: "1",
		max: "100"
	}), m = O("input", { type: "checkbox" });
	m.checked = !0;
	let h = O("input", {
		type: "range",
		min: "0",
		max: "100",
		value: "60",
		"aria-label": "Opacity of the map"
	}), _ = O("input", { type: "checkbox" }), v = O("input", {
		type: "range",
		min: "1",
		step: "1",
		"aria-label": "Slice"
	}), y = {
		window: O("div", { class: "part" }, k("Window", o), k("Centre", c), k("Width", l)),
		box: O("div", {
			class: "part corners",
			role: "group",
			"aria-label": "Box in pixels"
		}, ...u.map((e, t) => k([
			"Left",
			"Top",
			"Right",
			"Bottom"
		][t], e)), f, d[0]),
		brush: O("div", { class: "part" }, k("Brush size", p), d[1]),
		map: O("div", { class: "map-part" }, O("label", { class: "check" }, m, "Map of what matches"), h),
		link: O("div", { class: "part" }, O("label", { class: "check" }, _, "Same window in both"))
	}, b = O("dl", {
		class: "keys",
		hidden: ""
	}, ...oe.flatMap(([e, t]) => [O("dt", {}, e), O("dd", {}, t)])), x = O("p", {
		class: "unseen",
		role: "status"
	}), S = O("p", {
		class: "problem",
		role: "alert",
		hidden: ""
	}), C = O("div", { class: "slice" }, v);
	return {
		root: O("div", {
			class: "viewer",
			part: "viewer",
			hidden: ""
		}, a, O("div", { class: "fields" }, ...Object.values(y)), i, C, b, x),
		bar: a,
		buttons: t,
		stage: i,
		overlay: r,
		corner: n,
		slice: v,
		sliceRow: C,
		fields: y,
		preset: o,
		center: c,
		width: l,
		corners: u,
		place: f,
		clear: d,
		brushSize: p,
		hasMap: m,
		mapOpacity: h,
		linksWindow: _,
		keys: b,
		said: x,
		problem: S
	};
}
// src/link.ts
var A = /* @__PURE__ */ new Set();
function ce(e) {
	A.add(e);
}
function le(e) {
	A.delete(e);
}
function j(e) {
	return N(e).length === 0;
}
function M(e) {
	let { face: t, view: r, pointer: i, parts: a } = e;
	if (!t || !r || j(e)) return;
	let { plane: o } = t, [s, c] = o.window, l = (e) => (e - s) / (c - s || 1), u = {
		x: r.x / o.width,
		y: r.y / o.height,
		zoom: r.scale / n(o, e.size),
		slice: o.frames.length > 1 ? t.frame / (o.frames.length - 1) : 0,
		window: a.linksWindow.checked ? [l(t.window[0]), l(t.window[1])] : null,
		isInverted: t.isInverted,
		pointer: i && [i[0] / o.width, i[1] / o.height]
	};
	for (let t of N(e)) ue(t, u);
}
function ue(e, t) {
	let { face: r, parts: i } = e;
	if (!r) return;
	let { plane: a } = r;
	if (r.view = {
		x: t.x * a.width,
		y: t.y * a.height,
		scale: t.zoom * n(a, e.size)
	}, r.frame = Math.round(t.slice * (a.frames.length - 1)), t.window) {
		let [e, n] = a.window;
		r.window = t.window.map((t) => e + t * (n - e)), r.isInverted = t.isInverted;
	}
	e.linkedPointer = t.pointer && [t.pointer[0] * a.width, t.pointer[1] * a.height], i.linksWindow.checked = t.window !== null, e.draw();
}
function N(e) {
	return e.group ? [...A].filter((t) => t !== e && t.group === e.group) : [];
}
// src/windows.ts
var de = [
	{
		name: "Lung",
		window: [-1350, 150]
	},
	{
		name: "Mediastinum",
		window: [-160, 240]
	},
	{
		name: "Bone",
		window: [-800, 1200]
	}
];
function fe(e) {
	let t = {
		name: "Default",
		window: e.window
	}, n = {
		name: "Full range",
		window: e.valueRange
	};
	return e.units === "HU" ? [
		t,
		...de,
		n
	] : [t, n];
}
function P([e, t]) {
	return (e + t) / 2;
}
function F([e, t]) {
	return t - e;
}
function pe(e, t, n) {
	let r = Math.max(F(n.valueRange), 1e-6) / 1e3, i = Math.max(t, r) / 2;
	return [e - i, e + i];
}
function me(e, t) {
	let n = Math.max(F(e), F(t)) / 1e3;
	return Math.abs(e[0] - t[0]) <= n && Math.abs(e[1] - t[1]) <= n;
}
function he(e, t) {
	let n = Math.max(0, Math.ceil(2 - Math.log10(Math.max(F(t), 1e-9))));
	return e.toFixed(Math.min(n, 6)).replace("-", "−");
}
// src/panel.ts
function ge(e, t) {
	let { parts: n } = e;
	n.root.hidden = !1, n.problem.hidden = !0, n.overlay.replaceChildren();
	for (let e of Object.values(n.corner)) e.textContent = "";
	n.corner.title.textContent = t, n.stage.ariaBusy = "true", I(e);
}
function I(e) {
	let { parts: t, tool: n, face: r, faces: i } = e, a = e.region !== "none" && (i === null || e.regionPlane !== null), o = r?.plane.frames.length ?? 1;
	for (let e of w) t.buttons[e].setAttribute("aria-pressed", String(e === n)), T(e) && (t.buttons[e].hidden = !a);
	t.buttons.frontal.hidden = !i?.frontal, t.buttons.frontal.setAttribute("aria-pressed", String(r !== null && r === i?.frontal)), t.buttons.keys.setAttribute("aria-expanded", String(!t.keys.hidden)), t.fields.window.hidden = n !== "window" && n !== "move", t.fields.box.hidden = n !== "box";
	for (let e of [...t.corners, t.place]) e.disabled = r === null;
	t.fields.brush.hidden = n !== "brush" && n !== "eraser", t.fields.map.hidden = !e.map, t.fields.link.hidden = j(e), t.sliceRow.hidden = o < 2, t.slice.max = String(o), t.stage.setAttribute("aria-label", e.getAttribute("label") ?? "Image"), t.stage.setAttribute("aria-keyshortcuts", "W M B P E F O I R + - ?"), r && _e(e, r.plane);
}
function _e({ parts: e, presets: t }, n) {
	e.corners.forEach((e, t) => e.max = String(t % 2 ? n.height : n.width));
	let r = t.map((e) => e.name);
	e.preset.options.length !== r.length + 1 && e.preset.replaceChildren(...[...r, "Other"].map((e) => new Option(e)));
}
function L(e, t, n) {
	let { parts: r, size: i } = e, { plane: a, frame: o } = t, s = a === e.regionPlane, c = s && (e.tool === "brush" || e.tool === "eraser");
	_(r.overlay, {
		plane: a,
		view: n,
		stage: i,
		box: s ? e.box : null,
		overlays: s ? e.overlays : [],
		pointer: e.linkedPointer,
		brush: c && e.pointer ? {
			at: e.pointer,
			diameter: e.pointed.brushDiameter
		} : null,
		showsMiddle: !e.pointer && e.shadowRoot?.activeElement === r.stage
	});
	let { brush: l } = e.pointed;
	l?.place(n, i), l && (l.canvas.hidden = !s), ye(e, t, n);
	let u = a.frames.length, d = [
		u > 1 ? `Slice ${o + 1} / ${u}` : "",
		e.description?.isKept === !1 ? "preview, 8 bits" : "",
		e.trouble
	];
	r.corner.title.textContent = d.filter(Boolean).join(" · "), r.corner.window.textContent = `C ${e.tell(P(t.window))}  W ${e.tell(F(t.window))}`, r.corner.zoom.textContent = te({
		view: n,
		plane: a,
		stage: i
	}) + (t.isInverted ? " · inverted" : ""), r.corner.value.textContent = be(e, n), r.slice.value = String(o + 1), r.slice.setAttribute("aria-valuetext", `${o + 1} of ${u}`), r.buttons.invert.setAttribute("aria-pressed", String(t.isInverted)), R(r.center, P(t.window), e), R(r.width, F(t.window), e);
	let f = e.presets.findIndex((e) => me(e.window, t.window));
	r.preset.selectedIndex = f < 0 ? e.presets.length : f, ve(e);
}
function ve({ parts: e, box: t, shadowRoot: n }) {
	let r = t?.join() ?? "";
	r !== (e.fields.box.dataset.told ?? "") && (e.fields.box.dataset.told = r, e.corners.forEach((e, r) => {
		n?.activeElement !== e && (e.value = t ? String(t[r]) : "");
	}));
}
function ye(e, t, n) {
	let { parts: r, map: i, mapCanvas: a } = e;
	if (!(i !== null && r.hasMap.checked && t.plane === e.regionPlane)) return a.remove();
	a.isConnected || r.overlay.before(a), a.style.opacity = String(Number(r.mapOpacity.value) / 100), re(a, i, n, t.plane, e.size);
}
function be(e, t) {
	let [n, r] = e.pointer ?? [t.x, t.y], i = e.drawing?.valueAt(n, r) ?? null, a = e.plane?.units ? ` ${e.plane.units}` : "";
	return `${Math.floor(n)}, ${Math.floor(r)}${i === null ? "" : `: ${e.tell(i)}${a}`}`;
}
function R(e, t, n) {
	n.shadowRoot?.activeElement !== e && (e.value = n.tell(t).replace("−", "-"));
}
function xe(e) {
	let { parts: t } = e;
	for (let n of w) t.buttons[n].addEventListener("click", () => e.pick(n));
	for (let n of E) t.buttons[n].addEventListener("click", () => f(e, n));
	t.preset.addEventListener("change", () => e.pickPreset(t.preset.selectedIndex));
	for (let n of [t.center, t.width]) n.addEventListener("change", () => {
		let [n, r] = [t.center.valueAsNumber, t.width.valueAsNumber];
		Number.isFinite(n) && r > 0 && e.setWindow([n - r / 2, n + r / 2]);
	});
	t.slice.addEventListener("input", () => e.setFrame(Number(t.slice.value) - 1));
	for (let n of t.corners) n.addEventListener("input", () => Se(e));
	t.place.addEventListener("click", () => e.pointed.placeBox());
	for (let n of t.clear) n.addEventListener("click", () => e.pointed.clear());
	for (let n of [t.hasMap, t.mapOpacity]) n.addEventListener("input", () => e.draw());
	t.linksWindow.addEventListener("change", () => e.setWindow(e.window));
	for (let n of ["focus", "blur"]) t.stage.addEventListener(n, () => e.draw());
}
function Se(e) {
	let { parts: t, regionPlane: n } = e;
	if (!n) return;
	let r = t.corners.map((e) => e.valueAsNumber), i = r.every((e, t) => e >= 0 && e <= (t % 2 ? n.height : n.width)) && r[2] > r[0] && r[3] > r[1], a = r.every(Number.isFinite);
	for (let e of t.corners) e.setAttribute("aria-invalid", String(a && !i));
	a && i && e.pointed.setBox(r.map(Math.round), !0);
}
// src/description.ts
async function Ce(e, t) {
	let n = await fetch(e, {
		signal: t,
		headers: { Accept: "application/json" }
	}), r = await n.json().catch(() => ({}));
	if (!n.ok) throw Error(r.detail ?? "The image can’t be read.");
	let i = Number(r.frames ?? 1), a = r.orientation ? {
		left: "R",
		right: "L",
		top: "H",
		bottom: "F"
	} : null, o = r.frontal && {
		...r.frontal,
		orientation: a
	};
	return {
		isKept: r.kept !== !1,
		plane: z(r, Array.from({ length: i }, (e, t) => String(t))),
		frontal: o ? z(o, ["frontal"]) : null
	};
}
function z(e, t) {
	let n = e.pixels ?? {}, r = e.spacing_mm ?? null, i = e.value_range ?? e.window ?? [0, 255];
	return {
		width: e.width,
		height: e.height,
		window: e.window ?? i,
		valueRange: i,
		spacing: r && r.length >= 2 ? r.slice(-2) : null,
		pixels: {
			dtype: n.dtype ?? "float32",
			width: n.width ?? e.width,
			height: n.height ?? e.height,
			slope: n.slope ?? 1,
			intercept: n.intercept ?? 0
		},
		sides: e.orientation ?? null,
		units: e.units ?? null,
		frames: t
	};
}
// src/face.ts
function we({ plane: e, frontal: t }) {
	return {
		slices: B(e),
		frontal: t && B(t)
	};
}
function B(e) {
	return {
		plane: e,
		frame: Math.floor((e.frames.length - 1) / 2),
		view: null,
		window: e.window,
		isInverted: !1
	};
}
// src/keys.ts
var Te = {
	w: "window",
	m: "move",
	b: "box",
	p: "brush",
	e: "eraser"
}, Ee = {
	f: "fit",
	o: "one",
	"+": "in",
	"=": "in",
	"-": "out",
	i: "invert",
	r: "reset",
	v: "frontal",
	"?": "keys"
}, De = {
	ArrowLeft: [-1, 0],
	ArrowRight: [1, 0],
	ArrowUp: [0, -1],
	ArrowDown: [0, 1]
}, V = 40, Oe = 100;
function ke(e) {
	e.parts.stage.addEventListener("keydown", (t) => {
		t.ctrlKey || t.metaKey || t.altKey || Ae(e, t.key, t.shiftKey) && t.preventDefault();
	});
}
function Ae(e, t, n) {
	let r = t.length === 1 ? t.toLowerCase() : t, i = Te[r], a = Ee[r], o = De[t], s = e.plane?.frames.length ?? 1;
	if (i) e.pick(i);
	else if (a) f(e, a);
	else if (o) je(e, o, n);
	else if (t === "Enter" && e.tool === "box") e.pointed.placeBox();
	else if (t === "Delete" || t === "Backspace") e.pointed.clear();
	else if (t === "[" || t === "]") e.pointed.resizeBrush(t === "]" ? 1.25 : .8);
	else if (/^[1-9]$/.test(t)) e.pickPreset(Number(t) - 1);
	else if (s > 1 && t === "PageUp") e.setFrame(e.slice - 1);
	else if (s > 1 && t === "PageDown") e.setFrame(e.slice + 1);
	else if (s > 1 && t === "Home") e.setFrame(0);
	else if (s > 1 && t === "End") e.setFrame(s - 1);
	else return !1;
	return !0;
}
function je(e, [t, n], r) {
	let { plane: i, window: a } = e;
	if (!i || !a) return;
	let o = r ? 10 : 1;
	if (e.tool === "window") {
		let r = F(i.window) / Oe * o, [s, c] = [P(a) - n * r, F(a) + t * r];
		e.setWindow([s - c / 2, s + c / 2]);
	} else e.tool === "box" ? e.pointed.moveBox([t, n], r) : e.pan([-t * V * o, -n * V * o]);
}
// src/boxes.ts
var H = [
	0,
	1,
	2,
	3
];
function U(e, [t, n], r) {
	let [i, a] = r;
	if (t < e[0] - i || t > e[2] + i || n < e[1] - a || n > e[3] + a) return null;
	let o = [];
	return Math.abs(t - e[0]) <= i ? o.push(0) : Math.abs(t - e[2]) <= i && o.push(2), Math.abs(n - e[1]) <= a ? o.push(1) : Math.abs(n - e[3]) <= a && o.push(3), o.length ? o : H;
}
function W(e, t, [n, r], a) {
	let [s, c] = [Math.round(n), Math.round(r)];
	if (t.length === 4) {
		let t = o(e[0] + s, 0, a.width - (e[2] - e[0])), n = o(e[1] + c, 0, a.height - (e[3] - e[1]));
		return [
			t,
			n,
			t + e[2] - e[0],
			n + e[3] - e[1]
		];
	}
	let l = [...e];
	for (let e of t) l[e] += e % 2 ? c : s;
	return i([l[0], l[1]], [l[2], l[3]], a) ?? e;
}
function G(e) {
	return [
		1,
		1,
		2,
		2
	].map((t, n) => Math.round(t * (n % 2 ? e.height : e.width) / 3));
}
function Me(e) {
	return Math.max(1, Math.round(Math.max(e.width, e.height) / 100));
}
function Ne(e) {
	return e ? {
		"0123": "move",
		0: "ew-resize",
		2: "ew-resize",
		1: "ns-resize",
		3: "ns-resize",
		"01": "nwse-resize",
		23: "nwse-resize",
		12: "nesw-resize",
		"03": "nesw-resize"
	}[[...e].sort().join("")] ?? "crosshair" : "crosshair";
}
// src/pointers.ts
var K = {
	mouse: 9,
	pen: 12,
	touch: 20
}, q = 300, J = 100;
function Pe(e) {
	let { stage: t } = e.parts, n = /* @__PURE__ */ new Map(), r = null, i = 0;
	t.addEventListener("pointerdown", (i) => {
		e.plane && (t.focus({ preventScroll: !0 }), t.setPointerCapture(i.pointerId), n.set(i.pointerId, Y(t, i)), r = n.size > 1 ? Re(e, r) : Fe(e, Y(t, i), i), i.preventDefault());
	}), t.addEventListener("pointermove", (i) => {
		let a = Y(t, i);
		if (n.size > 1 && n.has(i.pointerId)) return ze(e, n, i.pointerId, a);
		r ? Ie(e, r, a) : Be(e, a), e.point(X(e, a));
	});
	for (let i of ["pointerup", "pointercancel"]) t.addEventListener(i, (t) => {
		n.delete(t.pointerId), r && Le(e, r), r = null;
	});
	t.addEventListener("pointerleave", () => e.point(null)), t.addEventListener("contextmenu", (e) => e.preventDefault()), t.addEventListener("dblclick", () => e.tool === "move" && e.setView(null)), t.addEventListener("wheel", (n) => {
		let r = (e.plane?.frames.length ?? 1) > 1, a = e.shadowRoot?.activeElement === t;
		if (n.ctrlKey || !r && a) e.zoom(Math.exp(-n.deltaY / 400), Y(t, n));
		else if (r) {
			i += n.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? n.deltaY : Math.sign(n.deltaY) * J;
			let t = Math.trunc(i / J);
			i -= t * J, t && e.setFrame(e.slice + t);
		} else return;
		n.preventDefault();
	}, { passive: !1 });
}
function Y(e, t) {
	let n = e.getBoundingClientRect();
	return [t.clientX - n.left - e.clientLeft, t.clientY - n.top - e.clientTop];
}
function X(e, n) {
	return t(e.view, e.plane, e.size, n);
}
function Z(e, t) {
	let n = K[t] ?? K.mouse, [r, i] = [X(e, [0, 0]), X(e, [n, n])];
	return [i[0] - r[0], i[1] - r[1]];
}
function Fe(e, t, { button: n, pointerType: r }) {
	let i = n === 1 ? "move" : n === 2 ? "window" : {
		window: "window",
		move: "move",
		box: "box",
		brush: "paint",
		eraser: "paint"
	}[e.tool], { box: a } = e, o = i === "box" && a ? U(a, X(e, t), Z(e, r)) : null;
	return (i === "box" || i === "paint") && e.plane !== e.regionPlane ? null : (i === "paint" && e.pointed.paint(X(e, t)), {
		kind: i,
		from: t,
		last: t,
		window: e.window,
		box: a,
		hold: o
	});
}
function Ie(e, t, n) {
	let r = e.plane;
	if (t.kind === "move") e.pan([n[0] - t.last[0], n[1] - t.last[1]]);
	else if (t.kind === "paint") e.pointed.paint(X(e, n));
	else if (t.kind === "window") {
		let i = P(t.window) + (n[1] - t.from[1]) / q * F(r.window), a = F(t.window) * 2 ** ((n[0] - t.from[0]) / q);
		e.setWindow([i - a / 2, i + a / 2]);
	} else {
		let [a, o] = [X(e, t.from), X(e, n)], s = [o[0] - a[0], o[1] - a[1]], c = t.hold && t.box ? W(t.box, t.hold, s, r) : i(a, o, r);
		e.pointed.setBox(c ?? t.box, !1);
	}
	t.last = n;
}
function Le(e, t) {
	t.kind === "paint" ? e.pointed.endPainting() : t.kind === "box" && String(e.box) !== String(t.box) && e.pointed.setBox(e.box, !0);
}
function Re(e, t) {
	return t?.kind === "box" && e.pointed.setBox(t.box, !1), t?.kind === "window" && e.setWindow(t.window), t?.kind === "paint" && e.pointed.endPainting(), null;
}
function ze(e, t, n, r) {
	let [i] = [...t].filter(([e]) => e !== n).map(([, e]) => e), a = t.get(n);
	if (t.set(n, r), !i) return;
	let o = (e) => Math.max(Math.hypot(e[0] - i[0], e[1] - i[1]), 1);
	e.zoom(o(r) / o(a), [(r[0] + i[0]) / 2, (r[1] + i[1]) / 2]), e.pan([(r[0] - a[0]) / 2, (r[1] - a[1]) / 2]);
}
function Be(e, t) {
	let { box: n, tool: r } = e, i = {
		window: "default",
		move: "grab",
		box: Ne(r === "box" && n && e.plane === e.regionPlane ? U(n, X(e, t), Z(e, "mouse")) : null),
		brush: "none",
		eraser: "none"
	};
	e.parts.stage.style.cursor = i[r];
}
// src/brush.ts
var Ve = "#ff9f1c", He = class {
	canvas = document.createElement("canvas");
	#e;
	#t;
	#n = null;
	isEmpty = !0;
	constructor(e) {
		this.#t = e, this.canvas.className = "mask", this.canvas.width = e.width, this.canvas.height = e.height, this.#e = this.canvas.getContext("2d", { willReadFrequently: !0 }), this.#e.fillStyle = this.#e.strokeStyle = Ve, this.#e.lineCap = this.#e.lineJoin = "round";
	}
	stroke(e, t, n) {
		let r = this.#e;
		r.globalCompositeOperation = n ? "destination-out" : "source-over", r.lineWidth = t, r.beginPath(), r.moveTo(...this.#n ?? e), r.lineTo(e[0], e[1] + (this.#n ? 0 : .001)), r.stroke(), this.#n = e, n || (this.isEmpty = !1);
	}
	lift() {
		this.#n = null;
	}
	clear() {
		this.#e.clearRect(0, 0, this.canvas.width, this.canvas.height), this.isEmpty = !0, this.#n = null;
	}
	place(e, t) {
		let [n, i] = r(e, this.#t, t, [0, 0]);
		this.canvas.style.transform = `translate(${n}px, ${i}px) scale(${e.scale}, ${e.scale * c(this.#t)})`;
	}
	async mask() {
		let { width: e, height: t } = this.canvas, n = this.#e.getImageData(0, 0, e, t), r = 0;
		for (let e = 0; e < n.data.length; e += 4) {
			let t = n.data[e + 3] >= 128;
			n.data.fill(t ? 255 : 0, e, e + 3), n.data[e + 3] = 255, r += Number(t);
		}
		if (this.isEmpty = r === 0, !r) return null;
		let i = new OffscreenCanvas(e, t);
		return i.getContext("2d").putImageData(n, 0, 0), i.convertToBlob({ type: "image/png" });
	}
}, Ue = 400, We = class {
	box = null;
	brush = null;
	#e;
	constructor(e) {
		this.#e = e;
	}
	put(e) {
		let t = this.#e.regionPlane;
		this.box = e && t ? i([e[0], e[1]], [e[2], e[3]], t) : e, this.brush?.clear(), this.#e.draw();
	}
	setBox(e, t) {
		this.box = e, e && this.brush?.clear(), this.#e.draw(), t && this.#n(null);
	}
	moveBox(e, t) {
		let n = this.#t;
		if (!n) return;
		let r = Me(n), i = t ? [2, 3] : H;
		this.setBox(this.box ? W(this.box, i, [e[0] * r, e[1] * r], n) : G(n), !0);
	}
	placeBox() {
		this.#t && this.setBox(this.box ?? G(this.#t), !0);
	}
	get brushDiameter() {
		let { plane: e, parts: t } = this.#e;
		return e ? Math.max(1, Math.max(e.width, e.height) * t.brushSize.valueAsNumber / Ue) : 1;
	}
	resizeBrush(e) {
		let { brushSize: t } = this.#e.parts;
		t.valueAsNumber = o(Math.round(t.valueAsNumber * e) + Math.sign(e - 1), 1, 100), this.#e.draw(), this.#e.say(`Brush ${Math.round(this.brushDiameter)} pixels wide`);
	}
	paint(e) {
		let t = this.#t;
		t && (this.brush || (this.brush = new He(t), this.#e.parts.overlay.before(this.brush.canvas)), this.box = null, this.brush.stroke(e, this.brushDiameter, this.#e.tool === "eraser"), this.#e.draw());
	}
	async endPainting() {
		this.brush && (this.brush.lift(), this.#n(await this.brush.mask()));
	}
	clear() {
		this.put(null), this.#n(null);
	}
	lose() {
		this.brush?.canvas.remove(), this.brush = null;
	}
	get #t() {
		let { plane: e, regionPlane: t, region: n } = this.#e;
		return n !== "none" && e === t ? e : null;
	}
	#n(e) {
		let { box: t } = this.#e;
		this.#e.say(t ? `Box from ${t[0]}, ${t[1]} to ${t[2]}, ${t[3]}` : e ? "Region painted" : "No region"), this.#e.dispatchEvent(new CustomEvent("region", {
			bubbles: !0,
			detail: {
				box: t,
				mask: e
			}
		}));
	}
};
// src/picture.ts
async function Ge(e, t, n, r) {
	let i = new Image();
	i.alt = "", i.className = "picture", e.prepend(i);
	let a = {
		width: e.clientWidth,
		height: e.clientHeight
	}, o = "", s = async ({ frame: e, view: r, window: [s, l], isInverted: u }) => {
		i.style.width = `${n.width * r.scale}px`, i.style.height = `${n.height * r.scale * c(n)}px`, i.style.left = `${a.width / 2 - r.x * r.scale}px`, i.style.top = `${a.height / 2 - r.y * r.scale * c(n)}px`;
		let d = new URLSearchParams({
			center: String((s + l) / 2),
			width: String(l - s),
			invert: String(u)
		}), f = `${t}/frames/${n.frames[e]}?${d}`;
		f !== o && (o = f, i.src = f, await i.decode().catch(() => {
			if (f === o) throw Error("The picture didn’t arrive.");
		}));
	};
	try {
		await s(r);
	} catch (e) {
		throw i.remove(), e;
	}
	return {
		kind: "server",
		show: s,
		valueAt: () => null,
		resize: (e) => a = e,
		dispose: () => i.remove()
	};
}
// src/renderer.ts
async function Ke(e, t, n, r) {
	try {
		let { openCornerstone: i } = await import("./cornerstone.js");
		return await i(e, t, n, r);
	} catch {
		return Ge(e, t, n, r);
	}
}
// src/style.css?inline
var qe = ":host{min-width:0;display:block}:host([hidden]){display:none}[hidden]{display:none!important}*{box-sizing:border-box}.viewer{border:1px solid var(--line,#8a94a0);background:var(--card,Canvas);color:inherit;border-radius:10px;font-size:.875rem;line-height:1.4;overflow:hidden;container-type:inline-size}p{margin:0}.bar,.set{flex-wrap:wrap;gap:2px;display:flex}.bar{border-bottom:1px solid var(--line,#8a94a0);justify-content:space-between;row-gap:2px;padding:4px}button{min-width:34px;min-height:34px;color:inherit;font:inherit;cursor:pointer;background:0 0;border:1px solid #0000;border-radius:7px;place-items:center;padding:4px;display:inline-grid}button.words{border-color:var(--accent,currentColor);color:var(--accent,inherit);white-space:nowrap;padding:4px 12px}button:hover{background:var(--accent-soft,#8884)}button[aria-pressed=true]{border-color:var(--accent,currentColor);background:var(--accent-soft,#8884);color:var(--accent,inherit)}:focus-visible{outline:3px solid var(--accent,#2a8fd8);outline-offset:1px}.icon{fill:none;stroke:currentColor;stroke-width:1.7px;stroke-linecap:round;stroke-linejoin:round}.fields{border-bottom:1px solid var(--line,#8a94a0);flex-wrap:wrap;align-items:center;gap:6px 12px;min-height:46px;padding:5px 8px;display:flex}.part{display:contents}label{white-space:nowrap;align-items:center;gap:6px;display:inline-flex}label.check{min-height:28px}.map-part{align-items:center;gap:12px;min-width:0;display:flex}.map-part[hidden]{display:none}.map-part input[type=range]{flex:90px;width:110px;min-width:60px}input,select{font:inherit;color:inherit}input[type=number],select{border:1px solid var(--soft,#69737f);background:var(--page,Canvas);border-radius:6px;width:5.6em;min-height:32px;padding:3px 6px}select{width:auto}input[type=range]{min-height:28px;accent-color:var(--accent,auto)}input[type=checkbox]{width:20px;height:20px;accent-color:var(--accent,auto);margin:0}.stage{height:var(--casekin-viewer-height,clamp(260px, 68vh, 760px));color:#fff;touch-action:none;-webkit-user-select:none;user-select:none;cursor:default;background:#000;position:relative;overflow:hidden}.stage:focus-visible{outline-offset:-4px;outline-color:#6fd3dd}.pixels,.overlay-root{width:100%;height:100%;position:absolute;inset:0}.pixels{outline:none}.picture,.map{pointer-events:none;max-width:none;position:absolute}.picture{image-rendering:auto}.mask{transform-origin:0 0;opacity:.45;pointer-events:none;image-rendering:pixelated;position:absolute;top:0;left:0}.overlay-root{pointer-events:none}.overlay-root rect,.overlay-root path,.overlay-root ellipse{fill:none}.under{stroke:#000;stroke-width:4px;stroke-opacity:.65}.drawn .line{stroke:#ffd54a;stroke-width:2px}.handle{stroke:#000;stroke-width:1px;fill:#ffd54a!important}.overlay .line{stroke-width:2px}.overlay.region .line{stroke:#6fe3ee}.overlay.finding .line{stroke:#ff9d6b;stroke-dasharray:9 4}.overlay.other .line{stroke:#cfd6de;stroke-dasharray:2 4}.overlay text,.side,.scale-words{fill:#fff;stroke:#000;stroke-width:3.5px;stroke-linejoin:round;paint-order:stroke;font:600 13px/1 system-ui,sans-serif}.side{dominant-baseline:middle;font-size:16px}.scale{stroke:#fff;stroke-width:1.5px}.scale.under{stroke:#000;stroke-width:4px}.brush{stroke:#fff;stroke-width:1.5px}.crosshair,.middle{stroke:#6fe3ee;stroke-width:1.5px}.corner{color:#fff;font-variant-numeric:tabular-nums;pointer-events:none;white-space:nowrap;background:#000a;max-width:60%;padding:2px 8px;font-size:.75rem;position:absolute}.corner:empty{display:none}.title{border-bottom-right-radius:7px;top:0;left:0}.window{border-bottom-left-radius:7px;top:0;right:0}.value{border-top-right-radius:7px;bottom:0;left:0}.zoom{border-top-left-radius:7px;bottom:0;right:0}.slice{border-top:1px solid var(--line,#8a94a0);padding:4px 8px}.slice input{width:100%;display:block}.keys{border-top:1px solid var(--line,#8a94a0);grid-template-columns:max-content 1fr;gap:4px 14px;margin:0;padding:10px;display:grid}.keys dt{font-weight:650}.keys dd{margin:0}.unseen{clip-path:inset(50%);white-space:nowrap;width:1px;height:1px;position:absolute;overflow:hidden}.problem{border-left:4px solid var(--bad,#a11c23);background:var(--bad-soft,#fde6e4);color:var(--bad,#a11c23);padding:12px 14px}:host{position:relative}@container (width<=560px){.bar{padding:3px}.bar,.set{gap:1px}button:not(.words){min-width:32px;padding:3px}button.words{padding:4px 9px}.fields{gap:5px 8px;padding:4px 6px 6px}.fields label:not(.check){flex:1 1 0;gap:0;min-width:0;font-size:.75rem;display:grid}.fields label:not(.check) input,.fields select{width:100%;min-width:0;font-size:.875rem}.corners{flex:100%;grid-template-columns:repeat(4,minmax(0,1fr)) auto auto;align-items:end;gap:4px 6px;display:grid}.corner{padding:1px 5px;font-size:.6875rem}}@container (width<=400px){.corners{grid-template-columns:repeat(4,minmax(0,1fr))}.corners button{grid-column:span 2}.keys{grid-template-columns:1fr;gap:0}.keys dd{margin-bottom:6px}}@container (width<=300px){button:not(.words){min-width:29px;padding:2px}}@media (width<=480px){.stage{height:var(--casekin-viewer-height,clamp(240px, 56vh, 520px))}}@media (pointer:coarse){.bar button{min-height:40px}}@media (forced-colors:active){button[aria-pressed=true]{border-color:highlight}}", Q = [
	"box",
	"overlays",
	"map"
], Je = 400, $ = class extends HTMLElement {
	static observedAttributes = [
		"src",
		"region",
		"group",
		"label",
		...Q
	];
	parts = se();
	description = null;
	faces = null;
	face = null;
	drawing = null;
	#e = new AbortController();
	trouble = "";
	#t = "window";
	#n = !1;
	#r = !1;
	pointed = new We(this);
	#i = [];
	#a = null;
	mapCanvas = document.createElement("canvas");
	pointer = null;
	linkedPointer = null;
	#o = !0;
	#s = 0;
	#c = 0;
	#l = new ResizeObserver(() => this.#_());
	constructor() {
		super();
		let e = this.attachShadow({ mode: "open" }), t = new CSSStyleSheet();
		t.replaceSync(qe), e.adoptedStyleSheets = [t], e.append(this.parts.problem, this.parts.root, document.createElement("slot")), this.mapCanvas.className = "map", xe(this), ke(this), Pe(this);
	}
	get group() {
		return this.getAttribute("group") ?? "";
	}
	get region() {
		let e = this.getAttribute("region");
		return e === "box" || e === "brush" ? e : "none";
	}
	get box() {
		return this.pointed.box && [...this.pointed.box];
	}
	set box(e) {
		this.pointed.put(e);
	}
	get overlays() {
		return this.#i;
	}
	set overlays(e) {
		this.#i = e ?? [], this.draw();
	}
	get map() {
		return this.#a;
	}
	set map(e) {
		this.#a = e, e && ne(this.mapCanvas, e), I(this), this.draw();
	}
	get renderer() {
		return this.drawing?.kind ?? "";
	}
	get window() {
		return this.face && [...this.face.window];
	}
	set window(e) {
		this.setWindow(e);
	}
	get slice() {
		return this.face?.frame ?? 0;
	}
	set slice(e) {
		this.setFrame(e);
	}
	connectedCallback() {
		ce(this), this.#l.observe(this.parts.stage), this.#d();
	}
	disconnectedCallback() {
		le(this), this.#l.disconnect(), this.#u();
	}
	attributeChangedCallback(e, t, n) {
		let r = Q.find((t) => t === e);
		r && (this[r] = JSON.parse(n || "null")), !r && this.isConnected && t !== n && (e === "src" ? (this.pointed.put(null), this.#d()) : I(this));
	}
	#u() {
		this.#e.abort(), this.drawing?.dispose(), this.drawing = null, this.pointed.lose(), this.faces = this.face = this.description = null;
	}
	async #d() {
		this.#u();
		let e = this.getAttribute("src");
		this.#e = new AbortController();
		let { signal: t } = this.#e;
		if (!e) return this.#m();
		this.#t = this.region === "none" ? "window" : this.region, this.#n = this.#r = !1, import("./cornerstone.js").catch(() => void 0), this.shadowRoot.querySelector("slot").hidden = !0, ge(this, "Reading the image…");
		try {
			let n = await Ce(e, t);
			if (t.aborted) return;
			this.description = n, this.faces = we(n), await this.#p(this.#f(this.faces), t);
		} catch (e) {
			t.aborted || this.#h(e);
		}
	}
	#f({ slices: e, frontal: t }) {
		return !T(this.#t) || this.regionPlane === e.plane ? e : this.#n && t ? t : (this.#t = "window", e);
	}
	async #p(e, t) {
		this.drawing?.dispose(), this.drawing = null, this.face = e, I(this);
		let n = {
			frame: e.frame,
			view: this.view,
			window: e.window,
			isInverted: e.isInverted
		}, r = await Ke(this.parts.stage, this.getAttribute("src"), e.plane, n);
		return t.aborted || this.face !== e ? (r.dispose(), !1) : (this.drawing = r, this.trouble = "", this.parts.stage.ariaBusy = "false", this.draw(), this.#r || this.dispatchEvent(new CustomEvent("ready", {
			bubbles: !0,
			detail: { renderer: this.renderer }
		})), this.#r = !0, !0);
	}
	#m() {
		this.parts.root.hidden = !0, this.shadowRoot.querySelector("slot").hidden = !1;
	}
	#h(e) {
		let t = e instanceof Error ? e.message : "The image can’t be shown.";
		this.#m(), this.parts.problem.textContent = t, this.parts.problem.hidden = !1, this.dispatchEvent(new CustomEvent("problem", {
			bubbles: !0,
			detail: { message: t }
		}));
	}
	get size() {
		return {
			width: this.parts.stage.clientWidth || 1,
			height: this.parts.stage.clientHeight || 1
		};
	}
	get plane() {
		return this.face?.plane ?? null;
	}
	get regionPlane() {
		if (!this.faces) return null;
		let { slices: e, frontal: t } = this.faces;
		return e.plane.frames.length > 1 ? t?.plane ?? null : e.plane;
	}
	get view() {
		return this.face && (this.face.view ?? e(this.face.plane, this.size));
	}
	get tool() {
		return this.#t;
	}
	get isInverted() {
		return this.face?.isInverted ?? !1;
	}
	setView(e) {
		this.face && (this.face.view = e, M(this), this.draw());
	}
	zoom(e, t = [this.size.width / 2, this.size.height / 2]) {
		let { view: n, plane: r } = this;
		n && r && this.setView(l(n, r, this.size, t, e));
	}
	pan(e) {
		let { view: t, plane: n } = this;
		t && n && this.setView(s(t, n, this.size, e));
	}
	setWindow(e) {
		this.face && (this.face.window = pe(P(e), F(e), this.face.plane), M(this), this.draw(), this.say(`Window centre ${this.tell(P(this.face.window))}, width ${this.tell(F(this.face.window))}`));
	}
	pickPreset(e) {
		let t = this.presets[e];
		t && this.setWindow(t.window);
	}
	setFrame(e) {
		let t = this.face;
		if (!t) return;
		let n = o(Math.round(e), 0, t.plane.frames.length - 1);
		n !== t.frame && (t.frame = n, M(this), this.draw(), this.say(`Slice ${n + 1} of ${t.plane.frames.length}`));
	}
	pick(e) {
		let t = T(e);
		t && (this.region === "none" || this.faces && !this.regionPlane) || (this.#t = e, this.#n = !0, t && this.face && this.regionPlane !== this.plane && this.turn(), I(this), this.draw());
	}
	invert() {
		this.face && (this.face.isInverted = !this.face.isInverted, M(this), this.draw(), this.say(this.face.isInverted ? "Inverted" : "Not inverted"));
	}
	reset() {
		this.face && (this.face.isInverted = !1, this.face.view = null, this.setWindow(this.face.plane.window), this.say("View and window reset"));
	}
	async turn() {
		let e = this.faces;
		if (!e?.frontal) return;
		let t = this.face === e.slices ? e.frontal : e.slices;
		try {
			t === e.slices && this.#t !== "move" && this.pick("window"), await this.#p(t, this.#e.signal) && this.say(t === e.frontal ? "Frontal view" : "Slices");
		} catch (e) {
			this.#h(e);
		}
	}
	point(e) {
		this.pointer = e, M(this), this.draw();
	}
	get presets() {
		return this.face ? fe(this.face.plane) : [];
	}
	tell(e) {
		return this.face ? he(e, this.face.plane.valueRange) : "";
	}
	get isSettled() {
		return this.#s === 0 && this.#o;
	}
	draw() {
		this.#o && (this.#o = !1, requestAnimationFrame(() => {
			this.#o = !0;
			let { face: e, view: t, drawing: n } = this;
			e && t && n && (L(this, e, t), this.#s += 1, n.show({
				frame: e.frame,
				view: t,
				window: e.window,
				isInverted: e.isInverted
			}).then(() => this.#g(e, ""), (t) => this.#g(e, t instanceof Error ? t.message : "This slice can’t be shown.")).finally(() => --this.#s));
		}));
	}
	say(e) {
		clearTimeout(this.#c), this.#c = window.setTimeout(() => this.parts.said.textContent = e, Je);
	}
	#g(e, t) {
		this.face === e && (t && t !== this.trouble && this.say(t), this.trouble = t, L(this, e, this.view));
	}
	#_() {
		this.drawing?.resize(this.size), this.draw();
	}
};
customElements.define("casekin-viewer", $);
export { $ as CasekinViewer };
