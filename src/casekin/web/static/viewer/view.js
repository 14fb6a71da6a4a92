function e(e) {
	return e.spacing ? e.spacing[0] / e.spacing[1] : 1;
}
function t(t, n) {
	return Math.min(n.width / t.width, n.height / (t.height * e(t))) || 1;
}
function n(e, n) {
	return {
		x: e.width / 2,
		y: e.height / 2,
		scale: t(e, n)
	};
}
function r(e, n, r) {
	return {
		x: l(e.x, 0, n.width),
		y: l(e.y, 0, n.height),
		scale: l(e.scale, t(n, r) * .25, 40)
	};
}
function i(t, n, r, [i, a]) {
	return [r.width / 2 + (i - t.x) * t.scale, r.height / 2 + (a - t.y) * t.scale * e(n)];
}
function a(t, n, r, [i, a]) {
	return [t.x + (i - r.width / 2) / t.scale, t.y + (a - r.height / 2) / (t.scale * e(n))];
}
function o(e, t, n, i, o) {
	let [s, c] = a(e, t, n, i), l = r({
		...e,
		scale: e.scale * o
	}, t, n).scale, u = e.scale / l;
	return r({
		x: s + (e.x - s) * u,
		y: c + (e.y - c) * u,
		scale: l
	}, t, n);
}
function s(t, n, i, [a, o]) {
	return r({
		...t,
		x: t.x - a / t.scale,
		y: t.y - o / (t.scale * e(n))
	}, n, i);
}
function c(e, t, n) {
	let [r, i] = [e[0], t[0]].map((e) => l(Math.round(e), 0, n.width)).sort((e, t) => e - t), [a, o] = [e[1], t[1]].map((e) => l(Math.round(e), 0, n.height)).sort((e, t) => e - t);
	return i > r && o > a ? [
		r,
		a,
		i,
		o
	] : null;
}
function l(e, t, n) {
	return Math.min(Math.max(e, t), n);
}
export { n as a, a as c, t as i, i as l, c as n, r as o, l as r, s, e as t, o as u };
