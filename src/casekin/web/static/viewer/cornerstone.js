import { r as e, t } from "./view.js";
// \0rolldown/runtime.js
var n = Object.create, r = Object.defineProperty, i = Object.getOwnPropertyDescriptor, a = Object.getOwnPropertyNames, o = Object.getPrototypeOf, s = Object.prototype.hasOwnProperty, c = (e, t) => () => (t || (e((t = { exports: {} }).exports, t, t.exports), e = null), t.exports), l = (e, t) => {
	let n = {};
	for (var i in e) r(n, i, {
		get: e[i],
		enumerable: !0
	});
	return t || r(n, Symbol.toStringTag, { value: "Module" }), n;
}, u = (e, t, n, o) => {
	if (t && typeof t == "object" || typeof t == "function") for (var c = a(t), l = 0, u = c.length, d; l < u; l++) d = c[l], !s.call(e, d) && d !== n && r(e, d, {
		get: ((e) => t[e]).bind(null, d),
		enumerable: !(o = i(t, d)) || o.enumerable
	});
	return e;
}, d = (e, t, i) => (i = e == null ? {} : n(o(e)), u(t || !e || !e.__esModule || !s.call(e, "default") ? r(i, "default", {
	value: e,
	enumerable: !0
}) : i, e)), f = {}, p = {
	get: (e) => f[e],
	set: (e) => {
		let t = e.id;
		f[t] = e;
	},
	delete: (e) => delete f[e],
	getAll: () => {
		let e = Object.keys(f).map((e) => f[e]);
		return e.sort((e, t) => e.id[0] === "_" && t.id[0] !== "_" ? 1 : e.id[0] !== "_" && t.id[0] === "_" ? -1 : 0), e;
	}
}, m = (e) => e && typeof e == "object" && Object.prototype.toString.call(e) !== "[object RegExp]" && Object.prototype.toString.call(e) !== "[object Date]", h = (e) => Array.isArray(e) ? [] : {}, g = (e, t) => t && t.clone === !0 && m(e) ? y(h(e), e, t) : e, _ = (e, t, n) => {
	let r = e.slice();
	return t.forEach(function(t, i) {
		r[i] === void 0 ? r[i] = g(t, n) : m(t) ? r[i] = y(e[i], t, n) : e.indexOf(t) === -1 && (r[i] = g(t, n));
	}), r;
}, v = (e, t, n) => {
	let r = {};
	return m(e) && Object.keys(e).forEach(function(t) {
		r[t] = g(e[t], n);
	}), Object.keys(t).forEach(function(i) {
		!m(t[i]) || !e[i] ? r[i] = g(t[i], n) : r[i] = y(e[i], t[i], n);
	}), r;
}, y = (e = {}, t = {}, n = void 0) => {
	let r = Array.isArray(t), i = (n || { arrayMerge: _ }).arrayMerge || _;
	return r ? Array.isArray(e) ? i(e, t, n) : g(t, n) : v(e, t, n);
}, b = Symbol("Comlink.proxy"), x = Symbol("Comlink.endpoint"), S = Symbol("Comlink.releaseProxy"), C = Symbol("Comlink.finalizer"), w = Symbol("Comlink.thrown"), T = (e) => typeof e == "object" && !!e || typeof e == "function", E = /* @__PURE__ */ new Map([["proxy", {
	canHandle: (e) => T(e) && e[b],
	serialize(e) {
		let { port1: t, port2: n } = new MessageChannel();
		return O(e, t), [n, [n]];
	},
	deserialize(e) {
		return e.start(), ee(e);
	}
}], ["throw", {
	canHandle: (e) => T(e) && w in e,
	serialize({ value: e }) {
		let t;
		return t = e instanceof Error ? {
			isError: !0,
			value: {
				message: e.message,
				name: e.name,
				stack: e.stack
			}
		} : {
			isError: !1,
			value: e
		}, [t, []];
	},
	deserialize(e) {
		throw e.isError ? Object.assign(Error(e.value.message), e.value) : e.value;
	}
}]]);
function D(e, t) {
	for (let n of e) if (t === n || n === "*" || n instanceof RegExp && n.test(t)) return !0;
	return !1;
}
function O(e, t = globalThis, n = ["*"]) {
	t.addEventListener("message", function r(i) {
		if (!i || !i.data) return;
		if (!D(n, i.origin)) {
			console.warn(`Invalid origin '${i.origin}' for comlink proxy`);
			return;
		}
		let { id: a, type: o, path: s } = Object.assign({ path: [] }, i.data), c = (i.data.argumentList || []).map(me), l;
		try {
			let t = s.slice(0, -1).reduce((e, t) => e[t], e), n = s.reduce((e, t) => e[t], e);
			switch (o) {
				case "GET":
					l = n;
					break;
				case "SET":
					t[s.slice(-1)[0]] = me(i.data.value), l = !0;
					break;
				case "APPLY":
					l = n.apply(t, c);
					break;
				case "CONSTRUCT":
					l = fe(new n(...c));
					break;
				case "ENDPOINT":
					{
						let { port1: t, port2: n } = new MessageChannel();
						O(e, n), l = de(t, [t]);
					}
					break;
				case "RELEASE":
					l = void 0;
					break;
				default: return;
			}
		} catch (e) {
			l = {
				value: e,
				[w]: 0
			};
		}
		Promise.resolve(l).catch((e) => ({
			value: e,
			[w]: 0
		})).then((n) => {
			let [i, s] = pe(n);
			t.postMessage(Object.assign(Object.assign({}, i), { id: a }), s), o === "RELEASE" && (t.removeEventListener("message", r), A(t), C in e && typeof e[C] == "function" && e[C]());
		}).catch((e) => {
			let [n, r] = pe({
				value: /* @__PURE__ */ TypeError("Unserializable return value"),
				[w]: 0
			});
			t.postMessage(Object.assign(Object.assign({}, n), { id: a }), r);
		});
	}), t.start && t.start();
}
function k(e) {
	return e.constructor.name === "MessagePort";
}
function A(e) {
	k(e) && e.close();
}
function ee(e, t) {
	let n = /* @__PURE__ */ new Map();
	return e.addEventListener("message", function(e) {
		let { data: t } = e;
		if (!t || !t.id) return;
		let r = n.get(t.id);
		if (r) try {
			r(t);
		} finally {
			n.delete(t.id);
		}
	}), se(e, n, [], t);
}
function te(e) {
	if (e) throw Error("Proxy has been released and is not useable");
}
function ne(e) {
	return he(e, /* @__PURE__ */ new Map(), { type: "RELEASE" }).then(() => {
		A(e);
	});
}
var re = /* @__PURE__ */ new WeakMap(), ie = "FinalizationRegistry" in globalThis && new FinalizationRegistry((e) => {
	let t = (re.get(e) || 0) - 1;
	re.set(e, t), t === 0 && ne(e);
});
function ae(e, t) {
	let n = (re.get(t) || 0) + 1;
	re.set(t, n), ie && ie.register(e, t, e);
}
function oe(e) {
	ie && ie.unregister(e);
}
function se(e, t, n = [], r = function() {}) {
	let i = !1, a = new Proxy(r, {
		get(r, o) {
			if (te(i), o === S) return () => {
				oe(a), ne(e), t.clear(), i = !0;
			};
			if (o === "then") {
				if (n.length === 0) return { then: () => a };
				let r = he(e, t, {
					type: "GET",
					path: n.map((e) => e.toString())
				}).then(me);
				return r.then.bind(r);
			}
			return se(e, t, [...n, o]);
		},
		set(r, a, o) {
			te(i);
			let [s, c] = pe(o);
			return he(e, t, {
				type: "SET",
				path: [...n, a].map((e) => e.toString()),
				value: s
			}, c).then(me);
		},
		apply(r, a, o) {
			te(i);
			let s = n[n.length - 1];
			if (s === x) return he(e, t, { type: "ENDPOINT" }).then(me);
			if (s === "bind") return se(e, t, n.slice(0, -1));
			let [c, l] = le(o);
			return he(e, t, {
				type: "APPLY",
				path: n.map((e) => e.toString()),
				argumentList: c
			}, l).then(me);
		},
		construct(r, a) {
			te(i);
			let [o, s] = le(a);
			return he(e, t, {
				type: "CONSTRUCT",
				path: n.map((e) => e.toString()),
				argumentList: o
			}, s).then(me);
		}
	});
	return ae(a, e), a;
}
function ce(e) {
	return Array.prototype.concat.apply([], e);
}
function le(e) {
	let t = e.map(pe);
	return [t.map((e) => e[0]), ce(t.map((e) => e[1]))];
}
var ue = /* @__PURE__ */ new WeakMap();
function de(e, t) {
	return ue.set(e, t), e;
}
function fe(e) {
	return Object.assign(e, { [b]: !0 });
}
function pe(e) {
	for (let [t, n] of E) if (n.canHandle(e)) {
		let [r, i] = n.serialize(e);
		return [{
			type: "HANDLER",
			name: t,
			value: r
		}, i];
	}
	return [{
		type: "RAW",
		value: e
	}, ue.get(e) || []];
}
function me(e) {
	switch (e.type) {
		case "HANDLER": return E.get(e.name).deserialize(e.value);
		case "RAW": return e.value;
	}
}
function he(e, t, n, r) {
	return new Promise((i) => {
		let a = ge();
		t.set(a, i), e.start && e.start(), e.postMessage(Object.assign({ id: a }, n), r);
	});
}
function ge() {
	return [
		,
		,
		,
		,
	].fill(0).map(() => Math.floor(Math.random() * (2 ** 53 - 1)).toString(16)).join("-");
}
// node_modules/@cornerstonejs/core/dist/esm/enums/Events.js
var _e;
(function(e) {
	e.ERROR_EVENT = "CORNERSTONE_ERROR", e.CACHE_SIZE_EXCEEDED = "CACHE_SIZE_EXCEEDED", e.IMAGE_LOAD_ERROR = "IMAGE_LOAD_ERROR", e.CAMERA_MODIFIED = "CORNERSTONE_CAMERA_MODIFIED", e.CAMERA_RESET = "CORNERSTONE_CAMERA_RESET", e.VOI_MODIFIED = "CORNERSTONE_VOI_MODIFIED", e.PRESET_MODIFIED = "CORNERSTONE_VIEWPORT_RENDERING_PRESET_MODIFIED", e.DISPLAY_AREA_MODIFIED = "CORNERSTONE_DISPLAY_AREA_MODIFIED", e.ELEMENT_DISABLED = "CORNERSTONE_ELEMENT_DISABLED", e.ELEMENT_ENABLED = "CORNERSTONE_ELEMENT_ENABLED", e.IMAGE_RENDERED = "CORNERSTONE_IMAGE_RENDERED", e.IMAGE_VOLUME_MODIFIED = "CORNERSTONE_IMAGE_VOLUME_MODIFIED", e.IMAGE_VOLUME_LOADING_COMPLETED = "CORNERSTONE_IMAGE_VOLUME_LOADING_COMPLETED", e.IMAGE_LOADED = "CORNERSTONE_IMAGE_LOADED", e.IMAGE_RETRIEVAL_STAGE = "CORNERSTONE_IMAGE_RETRIEVAL_STAGE", e.IMAGE_LOAD_FAILED = "CORNERSTONE_IMAGE_LOAD_FAILED", e.VOLUME_VIEWPORT_NEW_VOLUME = "CORNERSTONE_VOLUME_VIEWPORT_NEW_VOLUME", e.VOLUME_LOADED = "CORNERSTONE_VOLUME_LOADED", e.VOLUME_LOADED_FAILED = "CORNERSTONE_VOLUME_LOADED_FAILED", e.IMAGE_CACHE_IMAGE_ADDED = "CORNERSTONE_IMAGE_CACHE_IMAGE_ADDED", e.IMAGE_CACHE_IMAGE_REMOVED = "CORNERSTONE_IMAGE_CACHE_IMAGE_REMOVED", e.VOLUME_CACHE_VOLUME_ADDED = "CORNERSTONE_VOLUME_CACHE_VOLUME_ADDED", e.VOLUME_CACHE_VOLUME_REMOVED = "CORNERSTONE_VOLUME_CACHE_VOLUME_REMOVED", e.STACK_NEW_IMAGE = "CORNERSTONE_STACK_NEW_IMAGE", e.VOLUME_NEW_IMAGE = "CORNERSTONE_VOLUME_NEW_IMAGE", e.PRE_STACK_NEW_IMAGE = "CORNERSTONE_PRE_STACK_NEW_IMAGE", e.IMAGE_SPACING_CALIBRATED = "CORNERSTONE_IMAGE_SPACING_CALIBRATED", e.VIEWPORT_NEW_IMAGE_SET = "CORNERSTONE_VIEWPORT_NEW_IMAGE_SET", e.STACK_VIEWPORT_SCROLL = "CORNERSTONE_STACK_VIEWPORT_SCROLL", e.STACK_SCROLL_OUT_OF_BOUNDS = "STACK_SCROLL_OUT_OF_BOUNDS", e.GEOMETRY_CACHE_GEOMETRY_ADDED = "CORNERSTONE_GEOMETRY_CACHE_GEOMETRY_ADDED", e.GEOMETRY_CACHE_GEOMETRY_REMOVED = "CORNERSTONE_GEOMETRY_CACHE_GEOMETRY_REMOVED", e.VOLUME_VIEWPORT_SCROLL_OUT_OF_BOUNDS = "VOLUME_VIEWPORT_SCROLL_OUT_OF_BOUNDS", e.VOLUME_VIEWPORT_SCROLL = "VOLUME_VIEWPORT_SCROLL", e.CLIPPING_PLANES_UPDATED = "CORNERSTONE_CLIPPING_PLANES_UPDATED", e.WEB_WORKER_PROGRESS = "CORNERSTONE_WEB_WORKER_PROGRESS", e.COLORMAP_MODIFIED = "CORNERSTONE_COLORMAP_MODIFIED", e.DYNAMIC_VOLUME_DIMENSION_GROUP_CHANGED = "DYNAMIC_VOLUME_DIMENSION_GROUP_CHANGED", e.DYNAMIC_VOLUME_TIME_POINT_INDEX_CHANGED = "DYNAMIC_VOLUME_TIME_POINT_INDEX_CHANGED", e.DYNAMIC_VOLUME_DIMENSION_GROUP_LOADED = "DYNAMIC_VOLUME_DIMENSION_GROUP_LOADED", e.DYNAMIC_VOLUME_TIME_POINT_LOADED = "DYNAMIC_VOLUME_TIME_POINT_LOADED", e.GEOMETRY_LOADED = "GEOMETRY_LOADED", e.GEOMETRY_LOAD_PROGRESS = "GEOMETRY_LOAD_PROGRESS", e.GEOMETRY_LOADED_FAILED = "GEOMETRY_LOADED_FAILED", e.ACTORS_CHANGED = "CORNERSTONE_ACTORS_CHANGED", e.RENDER_BACKEND_CHANGED = "CORNERSTONE_RENDER_BACKEND_CHANGED", e.WEBGL_CONTEXT_LOST = "CORNERSTONE_WEBGL_CONTEXT_LOST", e.WEBGL_CONTEXT_RESTORED = "CORNERSTONE_WEBGL_CONTEXT_RESTORED", e.RENDER_PATH_ERROR = "CORNERSTONE_RENDER_PATH_ERROR", e.RENDERING_PIPELINE_CHANGED = "CORNERSTONE_RENDERING_PIPELINE_CHANGED";
})(_e ||= {});
var j = _e, ve;
(function(e) {
	e.Interaction = "interaction", e.Thumbnail = "thumbnail", e.Prefetch = "prefetch", e.Compute = "compute";
})(ve ||= {});
var M = ve, ye;
(function(e) {
	e.STACK = "stack", e.ORTHOGRAPHIC = "orthographic", e.PERSPECTIVE = "perspective", e.VOLUME_3D = "volume3d", e.VOLUME_3D_NEXT = "volume3dNext", e.PLANAR_NEXT = "planarNext", e.VIDEO = "video", e.VIDEO_NEXT = "videoNext", e.WHOLE_SLIDE = "wholeSlide", e.WHOLE_SLIDE_NEXT = "wholeSlideNext", e.ECG = "ecg", e.ECG_NEXT = "ecgNext";
})(ye ||= {});
var be = ye, xe;
(function(e) {
	e[e.NEAREST = 0] = "NEAREST", e[e.LINEAR = 1] = "LINEAR", e[e.FAST_LINEAR = 2] = "FAST_LINEAR";
})(xe ||= {});
var Se = xe, Ce;
(function(e) {
	e.AXIAL = "axial", e.CORONAL = "coronal", e.SAGITTAL = "sagittal", e.ACQUISITION = "acquisition", e.AXIAL_REFORMAT = "axial_reformat", e.CORONAL_REFORMAT = "coronal_reformat", e.SAGITTAL_REFORMAT = "sagittal_reformat", e.REFORMAT = "reformat";
})(Ce ||= {});
var we = Ce, Te;
(function(e) {
	e.LINEAR = "LINEAR", e.SAMPLED_SIGMOID = "SIGMOID", e.LINEAR_EXACT = "LINEAR_EXACT";
})(Te ||= {});
var Ee = Te, De;
(function(e) {
	e.NOT_APPLICABLE = "", e.ERMF = "ERMF", e.USER = "User", e.PROJECTION = "Proj", e.REGION = "Region", e.ERROR = "Error", e.UNCALIBRATED = "Uncalibrated", e.CALIBRATED = "Calibrated", e.UNKNOWN = "Unknown";
})(De ||= {});
var Oe = De, ke;
(function(e) {
	e.CALIBRATION = "calibrationModule", e.CINE = "cineModule", e.FRAME_OF_REFERENCE = "frameOfReferenceModule", e.GENERAL_IMAGE = "generalImageModule", e.GENERAL_SERIES = "generalSeriesModule", e.GENERAL_STUDY = "generalStudyModule", e.IMAGE_PIXEL = "imagePixelModule", e.IMAGE_PLANE = "imagePlaneModule", e.IMAGE_URL = "imageUrlModule", e.MODALITY_LUT = "modalityLutModule", e.MULTIFRAME = "multiframeModule", e.NM_MULTIFRAME_GEOMETRY = "nmMultiframeGeometryModule", e.OVERLAY_PLANE = "overlayPlaneModule", e.PATIENT = "patientModule", e.PATIENT_DEMOGRAPHIC = "patientDemographicModule", e.PATIENT_STUDY = "patientStudyModule", e.PET_IMAGE = "petImageModule", e.PET_ISOTOPE = "petIsotopeModule", e.PET_SERIES = "petSeriesModule", e.SCALING = "scalingModule", e.SOP_COMMON = "sopCommonModule", e.ULTRASOUND_ENHANCED_REGION = "ultrasoundEnhancedRegionModule", e.ECG = "ecgModule", e.VOI_LUT = "voiLutModule", e.TRANSFER_SYNTAX = "transferSyntax", e.PLANE_ORIENTATION = "PlaneOrientation", e.PLANE_POSITION = "PlanePosition", e.PIXEL_MEASURES = "PixelMeasures", e.XRAY_GEOMETRY = "XrayGeometry", e.FRAME_PIXEL_DATA = "FramePixelData", e.FRAME_MODULE = "frameModule", e.URI_MODULE = "uriModule", e.WADO_WEB_CLIENT = "wadoWebClient", e.INSTANCE = "instance", e.IMAGE_SOP_INSTANCE_REFERENCE = "ImageSopInstanceReference", e.REFERENCED_SERIES_REFERENCE = "ReferencedSeriesReference", e.PREDECESSOR_SEQUENCE = "PredecessorSequence", e.STUDY_DATA = "StudyData", e.SERIES_DATA = "SeriesData", e.IMAGE_DATA = "ImageData", e.RTSS_INSTANCE_DATA = "RtssInstanceData", e.NEW_INSTANCE_DATA = "NewInstanceData", e.RTSS_CONTOUR = "metaRTSSContour", e.SEG_BIT = "metaSegBitmap", e.SR_ANNOTATION = "metaSrAnnotation", e.COMPRESSED_FRAME_DATA = "compressedFrameData", e.BASE_IMAGE_ID = "baseImageId", e.FRAME_IMAGE_IDS = "frameImageIds", e.NATURALIZED = "naturalized", e.DISPLAY_SET = "displaySetModule";
})(ke ||= {});
function Ae(e) {
	return `${e}Add`;
}
var je = ke, Me = /^[a-zA-Z]+:/;
function Ne(e) {
	if (!e) return "";
	let t = e.match(Me);
	if (!t) return e;
	let n = e.substring(t[0].length);
	return Me.test(n) ? n : e;
}
// slim/dcmjs.js
var Pe = () => void 0, Fe = () => ({
	trace: Pe,
	debug: Pe,
	info: Pe,
	warn: Pe,
	error: Pe,
	setLevel: Pe,
	getLogger: Fe
}), Ie = Fe(), Le = 1e-5;
function Re(e, t, n) {
	return Math.abs(e - t) <= n;
}
function ze(e, t, n = Le) {
	if (e.length !== t.length) return !1;
	for (let r = 0; r < e.length; r++) if (!Re(e[r], t[r], n)) return !1;
	return !0;
}
function Be(e) {
	return typeof e == "number";
}
function Ve(e) {
	return e && typeof e == "object" && "length" in e && typeof e.length == "number" && e.length > 0 && typeof e[0] == "number";
}
function He(e, t, n = Le) {
	return typeof e != typeof t || e === null || t === null ? !1 : Be(e) && Be(t) ? Re(e, t, n) : Ve(e) && Ve(t) ? ze(e, t, n) : !1;
}
// node_modules/@cornerstonejs/utils/dist/esm/utilities/logging/index.js
var Ue = /* @__PURE__ */ l({
	adaptersLog: () => Je,
	aiLog: () => $e,
	coreLog: () => Ke,
	cs3dLog: () => We,
	dicomConsistencyLog: () => nt,
	examplesLog: () => et,
	getLogger: () => at,
	getRootLogger: () => it,
	imageConsistencyLog: () => rt,
	labelmapInterpolationLog: () => Qe,
	loaderLog: () => Ye,
	log: () => Ie,
	metadataLog: () => Ge,
	niftiVolumeLoaderLog: () => Xe,
	polySegLog: () => Ze,
	toolsLog: () => qe,
	workerLog: () => tt
}), We = it("cs3d"), Ge = We.getLogger("metadata"), Ke = We.getLogger("core"), qe = We.getLogger("tools"), Je = We.getLogger("adapters"), Ye = We.getLogger("dicomImageLoader"), Xe = We.getLogger("niftiVolumeLoader"), Ze = We.getLogger("polymorphicSegmentation"), Qe = We.getLogger("labelmapInterpolation"), $e = We.getLogger("ai"), et = We.getLogger("examples"), tt = We.getLogger("worker"), nt = Ie.getLogger("consistency.dicom"), rt = Ie.getLogger("consistency.image");
function it(e) {
	let t = Ie.getLogger(e);
	return t.getLogger = (...t) => it(`${e}.${t.join(".")}`), t;
}
function at(...e) {
	return it(e.join("."));
}
// node_modules/@cornerstonejs/metadata/dist/esm/metaData.js
var ot = /* @__PURE__ */ l({
	addAddProvider: () => ht,
	addMetaData: () => xt,
	addProvider: () => dt,
	addTyped: () => St,
	addTypedProvider: () => mt,
	clear: () => wt,
	clearQuery: () => Ct,
	get: () => Tt,
	getMetaData: () => yt,
	getNormalized: () => Et,
	getTyped: () => bt,
	metadataModuleProvider: () => gt,
	removeAllProviders: () => vt,
	removeProvider: () => _t,
	toLowerCamelTag: () => Ot,
	toUpperCamelTag: () => Dt
}), st = Ge.getLogger("metaData"), ct = [], lt = /* @__PURE__ */ new Map(), ut = /* @__PURE__ */ new Map();
function dt(e, t = 0) {
	if (ct.some((t) => t.provider === e)) return;
	let n = 0;
	for (; n < ct.length && !(ct[n].priority <= t); n++);
	ct.splice(n, 0, {
		priority: t,
		provider: e
	});
}
var ft = (e, t, n) => n?.defaultValue;
function pt(e, t, n, r) {
	let i = {
		type: e,
		...r,
		provider: n
	};
	if (!t.find((e) => e.provider === n)) {
		let e, { priority: n = 0 } = r;
		for (e = 0; e < t.length && !(t[e].priority <= n); e++);
		t.splice(e, 0, i);
	}
	let a = ft;
	for (let e = t.length - 1; e >= 0; e--) {
		let n = t[e].provider;
		n && (a = n.bind(null, a));
	}
	return a;
}
function mt(e, t, n = {
	priority: 0,
	isDefault: !0
}) {
	if (!t) throw Error(`addTypedProvider: cannot register undefined provider for type "${e}"`);
	let r = lt.get(e);
	if (r || (r = [], lt.set(e, r)), r.find((e) => e.provider === t)) return;
	let i = pt(e, r, t, n);
	if (!i) throw Error(`newProvider is empty for ${e}`);
	ut.set(e, i);
}
function ht(e, t, n = {
	priority: 0,
	isDefault: !0
}) {
	mt(Ae(e), t, n);
}
function gt(e, t, n) {
	let r = ut.get(e);
	if (r) return r(t, null, n);
}
function _t(e) {
	for (let t = 0; t < ct.length; t++) if (ct[t].provider === e) {
		ct.splice(t, 1);
		break;
	}
}
function vt() {
	for (; ct.length > 0;) ct.pop();
	lt.clear(), ut.clear();
}
function yt(e, t, n) {
	if (t !== void 0) for (let r = 0; r < ct.length; r++) {
		let i = ct[r].provider(e, t, n);
		if (i !== void 0) return i;
	}
}
function bt(e, t, n) {
	return yt(e, t, n);
}
function xt(e, t, n) {
	return yt(Ae(e), t, n);
}
function St(e, t, n) {
	return xt(e, t, n);
}
var Ct = (e, t) => {
	let n = [e, Ae(e)];
	for (let e of n) {
		let n = lt.get(e);
		if (n) for (let e of n) e?.clearQuery?.(t);
	}
}, wt = (e) => {
	let t = Array.from(/* @__PURE__ */ new Set([e, Ae(e)]));
	for (let e of t) {
		let t = lt.get(e);
		if (t) for (let e of t) e?.clear?.();
	}
}, Tt = (e, ...t) => t.length === 1 ? yt(e, t[0]) : t.map((t) => t && yt(e, t)).find((e) => e !== void 0);
function Et(e, t, n = yt) {
	let r = {};
	for (let i of t) try {
		let t = n(i, e);
		if (t) {
			let e = {};
			for (let n in t) if (n in t) {
				let r = Dt(n);
				e[r] = t[n];
			}
			Object.assign(r, e);
		}
	} catch (e) {
		st.error(`Error retrieving ${i} data:`, e);
	}
	return r;
}
var Dt = (e) => e.startsWith("sop") ? `SOP${e.substring(3)}` : e.startsWith("voi") ? `VOI${e.substring(3)}` : (e.endsWith("Id") && (e = `${e.substring(0, e.length - 2)}ID`), e.charAt(0).toUpperCase() + e.slice(1)), Ot = (e) => e.startsWith("SOP") ? `sop${e.substring(3)}` : e.startsWith("VOI") ? `voi${e.substring(3)}` : (e.endsWith("ID") && !e.endsWith("UID") && (e = `${e.substring(0, e.length - 2)}Id`), e.charAt(0).toLowerCase() + e.slice(1)), kt = /* @__PURE__ */ new Map(), At = {
	add: (e, t) => {
		let n = Ne(e);
		kt.set(n, t), Ct(je.IMAGE_PLANE, e);
	},
	get: (e, t) => {
		if (e === "calibratedPixelSpacing") {
			let e = Ne(t);
			return kt.get(e);
		}
	},
	clear: () => {
		kt.clear();
	}
}, jt = {
	CalibrationTypes: Oe,
	MetadataModules: je
}, Mt = {
	calibratedPixelSpacingMetadataProvider: At,
	imageIdToURI: Ne,
	getPixelSpacingInformation: () => void 0,
	isVideoTransferSyntax: () => !1
}, Nt;
(function(e) {
	e.NO_DATA = "noData", e.LOADING = "loading", e.PRE_RENDER = "preRender", e.NEEDS_RENDER = "needsRender", e.RESIZE = "resize", e.RENDERED = "rendered";
})(Nt ||= {});
var Pt = Nt, Ft;
(function(e) {
	e[e.FAR_REPLICATE = 1] = "FAR_REPLICATE", e[e.ADJACENT_REPLICATE = 3] = "ADJACENT_REPLICATE", e[e.SUBRESOLUTION = 6] = "SUBRESOLUTION", e[e.LOSSY = 7] = "LOSSY", e[e.FULL_RESOLUTION = 8] = "FULL_RESOLUTION";
})(Ft ||= {});
var It = Ft, Lt = jt.MetadataModules, Rt;
(function(e) {
	e.RLE = "RLE", e.Volume = "Volume";
})(Rt ||= {});
var zt = Rt, Bt;
(function(e) {
	e.Tiled = "tiled", e.ContextPool = "contextPool";
})(Bt ||= {});
var Vt = Bt, Ht = {
	Auto: "auto",
	GPU: "gpu",
	CPU: "cpu"
};
// node_modules/@cornerstonejs/core/dist/esm/utilities/uuidv4.js
function Ut() {
	return typeof crypto.randomUUID == "function" ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (e) => (e ^ crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(1))[0] & 15 >> e / 4).toString(16));
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/logger.js
var { getRootLogger: Wt, getLogger: Gt, cs3dLog: Kt, coreLog: qt, toolsLog: Jt, adaptersLog: Yt, loaderLog: Xt, niftiVolumeLoaderLog: Zt, polySegLog: Qt, labelmapInterpolationLog: $t, aiLog: en, examplesLog: tn, dicomConsistencyLog: nn, imageConsistencyLog: rn, log: an } = Ue, { workerLog: on } = Ue;
Jt.getLogger("growCut");
// node_modules/@cornerstonejs/core/dist/esm/requestPool/requestPoolManager.js
var sn = qt.getLogger("requestPool", "requestPoolManager"), cn = class {
	constructor(e) {
		this.numRequests = {
			[M.Interaction]: 0,
			[M.Thumbnail]: 0,
			[M.Prefetch]: 0,
			[M.Compute]: 0
		}, this.id = e || Ut(), this.requestPool = {
			[M.Interaction]: { 0: [] },
			[M.Thumbnail]: { 0: [] },
			[M.Prefetch]: { 0: [] },
			[M.Compute]: { 0: [] }
		}, this.grabDelay = 5, this.awake = !1, this.numRequests = {
			[M.Interaction]: 0,
			[M.Thumbnail]: 0,
			[M.Prefetch]: 0,
			[M.Compute]: 0
		}, this.maxNumRequests = {
			[M.Interaction]: 6,
			[M.Thumbnail]: 6,
			[M.Prefetch]: 5,
			[M.Compute]: 1e3
		};
	}
	setMaxSimultaneousRequests(e, t) {
		this.maxNumRequests[e] = t;
	}
	getMaxSimultaneousRequests(e) {
		return this.maxNumRequests[e];
	}
	destroy() {
		this.timeoutHandle && window.clearTimeout(this.timeoutHandle);
	}
	addRequest(e, t, n, r = 0) {
		let i = {
			requestFn: e,
			type: t,
			additionalDetails: n
		};
		this.requestPool[t][r] === void 0 && (this.requestPool[t][r] = []), this.requestPool[t][r].push(i), this.startGrabbing();
	}
	filterRequests(e) {
		Object.keys(this.requestPool).forEach((t) => {
			let n = this.requestPool[t];
			Object.keys(n).forEach((t) => {
				n[t] = n[t].filter((t) => e(t));
			});
		});
	}
	clearRequestStack(e) {
		if (!this.requestPool[e]) throw Error(`No category for the type ${e} found`);
		this.requestPool[e] = { 0: [] };
	}
	sendRequests(e) {
		let t = this.maxNumRequests[e] - this.numRequests[e], n = 0;
		for (let r = 0; r < t; r++) {
			let t = this.getNextRequest(e);
			if (t === null) return !1;
			if (t) {
				this.numRequests[e]++, this.awake = !0;
				let r;
				try {
					r = t.requestFn();
				} catch (e) {
					sn.warn("sendRequest failed", e);
				}
				r?.finally ? r.finally(() => {
					this.numRequests[e]--, this.startAgain();
				}) : (this.numRequests[e]--, n++);
			}
		}
		return n && this.startAgain(), !0;
	}
	getNextRequest(e) {
		let t = this.getSortedPriorityGroups(e);
		for (let n of t) if (this.requestPool[e][n].length) return this.requestPool[e][n].shift();
		return null;
	}
	startGrabbing() {
		let e = this.sendRequests(M.Interaction), t = this.sendRequests(M.Thumbnail), n = this.sendRequests(M.Prefetch), r = this.sendRequests(M.Compute);
		e || t || n || r || (this.awake = !1);
	}
	startAgain() {
		this.awake && (this.grabDelay === void 0 ? this.startGrabbing() : this.timeoutHandle ||= window.setTimeout(() => {
			this.timeoutHandle = null, this.startGrabbing();
		}, this.grabDelay));
	}
	getSortedPriorityGroups(e) {
		return Object.keys(this.requestPool[e]).map(Number).filter((t) => this.requestPool[e][t].length).sort((e, t) => e - t);
	}
	getRequestPool() {
		return this.requestPool;
	}
}, ln = qt.getLogger("webWorkerManager", "webWorkerManager"), un = class {
	constructor() {
		this.workerRegistry = {}, this.workerPoolManager = new cn("webworker");
	}
	registerWorker(e, t, n = {}) {
		let { maxWorkerInstances: r = 1, overwrite: i = !1, autoTerminateOnIdle: a = {
			enabled: !1,
			idleTimeThreshold: 3e3
		} } = n;
		if (this.workerRegistry[e] && !i) {
			ln.warn(`Worker type '${e}' is already registered...`);
			return;
		}
		i && this.workerRegistry[e]?.idleCheckIntervalId && clearInterval(this.workerRegistry[e].idleCheckIntervalId);
		let o = {
			workerFn: null,
			instances: [],
			loadCounters: [],
			lastActiveTime: [],
			nativeWorkers: [],
			autoTerminateOnIdle: a.enabled,
			idleCheckIntervalId: null,
			idleTimeThreshold: a.idleTimeThreshold
		};
		o.loadCounters = Array(r).fill(0), o.lastActiveTime = Array(r).fill(null);
		for (let e = 0; e < r; e++) {
			let e = t();
			o.instances.push(ee(e)), o.nativeWorkers.push(e), o.workerFn = t;
		}
		this.workerRegistry[e] = o;
	}
	getNextWorkerAPI(e) {
		let t = this.workerRegistry[e];
		if (!t) return ln.error(`Worker type '${e}' is not registered.`), null;
		let n = t.instances.filter((e) => e !== null), r = 0, i = t.loadCounters[0] || 0;
		for (let e = 1; e < n.length; e++) {
			let n = t.loadCounters[e] || 0;
			n < i && (r = e, i = n);
		}
		if (t.instances[r] === null) {
			let e = t.workerFn();
			t.instances[r] = ee(e), t.nativeWorkers[r] = e;
		}
		return t.loadCounters[r] += 1, {
			api: t.instances[r],
			index: r
		};
	}
	executeTask(e, t, n = {}, { requestType: r = M.Compute, priority: i = 0, options: a = {}, callbacks: o = [] } = {}) {
		return new Promise((s, c) => {
			this.workerPoolManager.addRequest(async () => {
				let { api: r, index: i } = this.getNextWorkerAPI(e);
				if (r) try {
					let a = [];
					o.length && (a = o.map((e) => fe(e)));
					let c = this.workerRegistry[e];
					c.processing = !0;
					let l = await r[t](n, ...a);
					c.processing = !1, c.lastActiveTime[i] = Date.now(), c.autoTerminateOnIdle && !c.idleCheckIntervalId && c.idleTimeThreshold && (c.idleCheckIntervalId = setInterval(() => {
						this.terminateIdleWorkers(e, c.idleTimeThreshold);
					}, c.idleTimeThreshold)), s(l);
				} catch (n) {
					ln.error(`Error executing method '${t}' on worker '${e}':`, n), c(n);
				} finally {
					this.workerRegistry[e].loadCounters[i]--;
				}
				else {
					let t = /* @__PURE__ */ Error(`No available worker instance for '${e}'`);
					ln.error(t), c(t);
				}
			}, r, a, i);
		});
	}
	terminateIdleWorkers(e, t) {
		let n = this.workerRegistry[e];
		if (n.processing) return;
		let r = Date.now();
		n.instances.forEach((i, a) => {
			let o = n.lastActiveTime[a], s = o !== null && n.loadCounters[a] > 0, c = r - o;
			!s && c > t && this.terminateWorkerInstance(e, a);
		});
	}
	terminate(e) {
		let t = this.workerRegistry[e];
		t ? t.instances.forEach((t, n) => {
			this.terminateWorkerInstance(e, n);
		}) : ln.error(`Worker type '${e}' is not registered.`);
	}
	terminateWorkerInstance(e, t) {
		let n = this.workerRegistry[e], r = n.instances[t];
		r !== null && (r[S](), n.nativeWorkers[t].terminate(), n.instances[t] = null, n.lastActiveTime[t] = null);
	}
}, dn = 4, fn = 5, pn = 1, mn = [1, 1];
function hn() {
	try {
		let e = document.createElement("canvas");
		e.width = dn, e.height = dn;
		let t = e.getContext("webgl2");
		if (!t) return null;
		let n = `#version 300 es
    void main() {
      gl_PointSize = ${dn.toFixed(1)};
      gl_Position = vec4(0, 0, 0, 1);
    }
  `, r = t.createShader(t.VERTEX_SHADER);
		if (t.shaderSource(r, n), t.compileShader(r), !t.getShaderParameter(r, t.COMPILE_STATUS)) return null;
		let i = t.createShader(t.FRAGMENT_SHADER);
		if (t.shaderSource(i, "#version 300 es\n    precision highp float;\n    precision highp int;\n    precision highp sampler2D;\n\n    uniform sampler2D u_image;\n\n    out vec4 color;\n\n    void main() {\n        vec4 intColor = texture(u_image, gl_PointCoord.xy);\n        color = vec4(vec3(intColor.rrr), 1);\n    }\n    "), t.compileShader(i), !t.getShaderParameter(i, t.COMPILE_STATUS)) return null;
		let a = t.createProgram();
		return t.attachShader(a, r), t.attachShader(a, i), t.linkProgram(a), t.getProgramParameter(a, t.LINK_STATUS) ? (t.useProgram(a), t) : null;
	} catch {
		return null;
	}
}
function gn(e, { ext: t, filterType: n, texData: r, internalFormat: i, glDataType: a }) {
	try {
		let o;
		if (t && (o = e.getExtension(t), !o)) return !1;
		let s = e.createTexture();
		e.bindTexture(e.TEXTURE_2D, s), e.texImage2D(e.TEXTURE_2D, 0, i(e, o), fn, pn, 0, e.RED, a(e, o), r);
		let c = n === "LINEAR" ? e.LINEAR : e.NEAREST;
		e.texParameteri(e.TEXTURE_2D, e.TEXTURE_MAG_FILTER, c), e.texParameteri(e.TEXTURE_2D, e.TEXTURE_MIN_FILTER, c), e.clearColor(0, 0, 0, 0), e.clear(e.COLOR_BUFFER_BIT), e.drawArrays(e.POINTS, 0, 1);
		let l = /* @__PURE__ */ new Uint8Array(4);
		e.readPixels(mn[0], mn[1], 1, 1, e.RGBA, e.UNSIGNED_BYTE, l);
		let [u, d, f] = l;
		return e.deleteTexture(s), u === d && d === f && u !== 0;
	} catch {
		return !1;
	}
}
function _n() {
	let e = hn();
	if (!e) return null;
	let t = new Int16Array([
		32767,
		2e3,
		3e3,
		4e3,
		5e3,
		16784,
		7e3,
		8e3,
		9e3,
		32767
	]), n = new Float32Array([
		.3,
		.2,
		.3,
		.4,
		.5
	]), r = new Uint16Array([
		13517,
		12902,
		13517,
		13926,
		14336
	]), i = {
		norm16: gn(e, {
			ext: "EXT_texture_norm16",
			filterType: "NEAREST",
			texData: t,
			internalFormat: (e, t) => t.R16_SNORM_EXT,
			glDataType: (e) => e.SHORT
		}),
		norm16Linear: gn(e, {
			ext: "EXT_texture_norm16",
			filterType: "LINEAR",
			texData: t,
			internalFormat: (e, t) => t.R16_SNORM_EXT,
			glDataType: (e) => e.SHORT
		}),
		float: gn(e, {
			filterType: "NEAREST",
			texData: n,
			internalFormat: (e) => e.R32F,
			glDataType: (e) => e.FLOAT
		}),
		floatLinear: gn(e, {
			ext: "OES_texture_float_linear",
			filterType: "LINEAR",
			texData: n,
			internalFormat: (e) => e.R32F,
			glDataType: (e) => e.FLOAT
		}),
		halfFloat: gn(e, {
			filterType: "NEAREST",
			texData: r,
			internalFormat: (e) => e.R16F,
			glDataType: (e) => e.HALF_FLOAT
		}),
		halfFloatLinear: gn(e, {
			filterType: "LINEAR",
			texData: r,
			internalFormat: (e) => e.R16F,
			glDataType: (e) => e.HALF_FLOAT
		})
	}, a = e.isContextLost(), o = e.getExtension("WEBGL_lose_context");
	return o && o.loseContext(), a ? null : i;
}
var vn = "cornerstone3D.renderingCapabilities", yn = /swiftshader|llvmpipe|softpipe|software|microsoft basic render/i, bn = {
	norm16: !1,
	norm16Linear: !1,
	float: !1,
	floatLinear: !1,
	halfFloat: !1,
	halfFloatLinear: !1
}, xn = null;
function Sn() {
	let e = {
		webgl: !1,
		webgl2: !1,
		maxTextureSize: 0,
		renderer: ""
	};
	if (typeof document > "u") return e;
	try {
		let t = document.createElement("canvas"), n = t.getContext("webgl2"), r = n || t.getContext("webgl") || t.getContext("experimental-webgl");
		if (!r) return e;
		e.webgl = !0, e.webgl2 = !!n, e.maxTextureSize = Number(r.getParameter(r.MAX_TEXTURE_SIZE)) || 0;
		let i = r.getExtension("WEBGL_debug_renderer_info"), a = i ? r.getParameter(i.UNMASKED_RENDERER_WEBGL) : r.getParameter(r.RENDERER);
		e.renderer = typeof a == "string" ? a : "";
		let o = r.getExtension("WEBGL_lose_context");
		o && o.loseContext();
	} catch {}
	return e;
}
function Cn(e, t) {
	try {
		let n = window.localStorage?.getItem(vn);
		if (!n) return null;
		let r = JSON.parse(n);
		return r?.probeVersion !== 1 || r?.renderer !== e || r?.webgl2 !== t || typeof r?.formats != "object" || r?.formats === null ? null : {
			...bn,
			...r.formats
		};
	} catch {
		return null;
	}
}
function wn(e, t, n) {
	try {
		let r = {
			probeVersion: 1,
			renderer: e,
			webgl2: t,
			formats: n
		};
		window.localStorage?.setItem(vn, JSON.stringify(r));
	} catch {}
}
function Tn({ useCache: e = !0 } = {}) {
	let t = Sn();
	if (!t.webgl) return {
		...t,
		...bn,
		softwareRasterizer: !1
	};
	let n = e ? Cn(t.renderer, t.webgl2) : null;
	if (!n) {
		let e = _n();
		e && wn(t.renderer, t.webgl2, e), n = e ?? { ...bn };
	}
	return {
		...t,
		...n,
		softwareRasterizer: yn.test(t.renderer)
	};
}
function En() {
	return xn ||= Tn(), xn;
}
// node_modules/@cornerstonejs/core/dist/esm/eventTarget.js
var Dn = qt.getLogger("eventTarget"), N = new class {
	constructor() {
		this.listeners = {}, this.debouncedListeners = {};
	}
	reset() {
		this.listeners = {}, this.debouncedListeners = {};
	}
	addEventListenerOnce(e, t) {
		let n = (r) => {
			this.removeEventListener(e, n), t.call(this, r);
		};
		this.addEventListener(e, n);
	}
	addEventListener(e, t) {
		this.listeners[e] || (this.listeners[e] = []), this.listeners[e].indexOf(t) === -1 && this.listeners[e].push(t);
	}
	addEventListenerDebounced(e, t, n) {
		this.debouncedListeners[e] = this.debouncedListeners[e] || {};
		let r = this.debouncedListeners[e];
		if (!r[t]) {
			let i = (e) => {
				r[t] && clearTimeout(r[t].timeoutId), r[t].timeoutId = setTimeout(() => {
					t.call(this, e);
				}, n);
			};
			r[t] = {
				original: t,
				handle: i,
				timeoutId: null
			}, this.addEventListener(e, i);
		}
	}
	removeEventListenerDebounced(e, t) {
		if (this.debouncedListeners[e]?.[t]) {
			let n = this.debouncedListeners[e][t];
			this.removeEventListener(e, n.handle), clearTimeout(n.timeoutId), delete this.debouncedListeners[e][t];
		}
	}
	removeEventListener(e, t) {
		if (!this.listeners[e]) return;
		let n = this.listeners[e], r = n.length;
		for (let e = 0; e < r; e++) if (n[e] === t) {
			n.splice(e, 1);
			return;
		}
	}
	dispatchEvent(e) {
		if (!this.listeners[e.type]) return !e.defaultPrevented;
		let t = this.listeners[e.type].slice(), n = t.length;
		for (let r = 0; r < n; r++) try {
			t[r].call(this, e);
		} catch (t) {
			Dn.error(`error in event listener of type:  ${e.type}`, t);
		}
		return !e.defaultPrevented;
	}
}();
// node_modules/@cornerstonejs/core/dist/esm/utilities/triggerEvent.js
function P(e = N, t, n = null) {
	if (!t) throw Error("Event type was not defined");
	let r = new CustomEvent(t, {
		detail: n,
		cancelable: !0
	});
	return e?.dispatchEvent(r);
}
// node_modules/@cornerstonejs/core/dist/esm/init.js
var On = !1, kn = qt.getLogger("init"), An = {
	isMobile: !1,
	rendering: {
		useCPURendering: !1,
		preferSizeOverAccuracy: !1,
		useLegacyCameraFOV: !1,
		strictZSpacingForVolumeViewport: !0,
		sliceStepMeasure: "l2",
		renderingEngineMode: Vt.ContextPool,
		webGlContextCount: 7,
		planar: {
			renderBackend: Ht.Auto,
			cpuVolume: {
				useViewportSamplingForLinear: !0,
				volumeModifiedThrottleMs: 5e3
			}
		},
		volumeRendering: { sampleDistanceMultiplier: 1 }
	},
	segmentation: { labelmapVoxelRepresentation: zt.Volume },
	debug: { statsOverlay: !1 },
	peerImport: (e) => null
}, jn = {
	...An,
	rendering: { ...An.rendering },
	segmentation: { ...An.segmentation }
}, Mn = null;
function Nn() {
	let e = En();
	return e.norm16 && e.norm16Linear;
}
function Pn() {
	return /iPad|iPhone|iPod/.test(navigator.platform) ? !0 : navigator.maxTouchPoints && navigator.maxTouchPoints > 2 && navigator.platform.includes("MacIntel");
}
function Fn(e = jn) {
	if (On) return On;
	jn = y(An, e), jn.isMobile && (jn.rendering.webGlContextCount = 1), Pn() && (e.rendering?.preferSizeOverAccuracy ? jn.rendering.preferSizeOverAccuracy = !0 : Nn() || kn.info("norm16 texture not supported, you can turn on the preferSizeOverAccuracy flag to use native data type, but be aware of the inaccuracy of the rendering in high bits"));
	let t = En();
	return t.webgl ? (kn.info("CornerstoneRender: using GPU rendering"), t.softwareRasterizer && kn.info(`CornerstoneRender: software rasterizer detected (${t.renderer}), GPU rendering may be slow`)) : (kn.info("CornerstoneRender: GPU not detected, using CPU rendering"), jn.rendering.useCPURendering = !0), On = !0, Mn ||= new un(), On;
}
function In() {
	return jn.rendering.useCPURendering;
}
function Ln() {
	return jn.rendering.useGenericViewport === !0;
}
function Rn() {
	return On;
}
function zn() {
	return jn;
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/imageIdToURI.js
var Bn = Mt.imageIdToURI;
// node_modules/@cornerstonejs/core/dist/esm/utilities/fnv1aHash.js
function Vn(e) {
	let t = 2166136261;
	for (let n = 0; n < e.length; n++) t ^= e.charCodeAt(n), t += (t << 1) + (t << 4) + (t << 7) + (t << 8) + (t << 24);
	return (t >>> 0).toString(36);
}
// node_modules/@cornerstonejs/core/dist/esm/cache/cache.js
var Hn = qt.getLogger("cache"), Un = 1073741824, Wn = new class {
	constructor() {
		this._imageCache = /* @__PURE__ */ new Map(), this._volumeCache = /* @__PURE__ */ new Map(), this._imageIdsToVolumeIdCache = /* @__PURE__ */ new Map(), this._referencedImageIdToImageIdCache = /* @__PURE__ */ new Map(), this._geometryCache = /* @__PURE__ */ new Map(), this._imageCacheSize = 0, this._maxCacheSize = 3 * Un, this._geometryCacheSize = 0, this.setMaxCacheSize = (e) => {
			if (!e || typeof e != "number") {
				let e = `New max cacheSize ${this._maxCacheSize} should be defined and should be a number.`;
				throw Error(e);
			}
			this._maxCacheSize = e;
		}, this.isCacheable = (e) => this.getBytesAvailable() + Array.from(this._imageCache.values()).reduce((e, t) => t.sharedCacheKey ? e : e + t.sizeInBytes, 0) >= e, this.getMaxCacheSize = () => this._maxCacheSize, this.getCacheSize = () => this._imageCacheSize, this._decacheImage = (e, t = !1) => {
			let n = this._imageCache.get(e);
			if (!n) return;
			if (n.sharedCacheKey && !t) throw Error("Cannot decache an image with a shared cache key. You need to manually decache the volume first.");
			let { imageLoadObject: r } = n;
			n.image?.referencedImageId && this._referencedImageIdToImageIdCache.delete(n.image.referencedImageId), r?.cancelFn && r.cancelFn(), r?.decache && r.decache(), this._imageCache.delete(e);
		}, this._decacheVolume = (e) => {
			let t = this._volumeCache.get(e);
			if (!t) return;
			let { volumeLoadObject: n, volume: r } = t;
			r && (r.cancelLoading && r.cancelLoading(), r.imageData && r.imageData.delete(), n.cancelFn && n.cancelFn(), r.imageIds && r.imageIds.forEach((t) => {
				let n = this._imageCache.get(t);
				n && n.sharedCacheKey === e && (n.sharedCacheKey = void 0);
			}), this._volumeCache.delete(e));
		}, this.purgeCache = () => {
			let e = this._imageCache.keys();
			for (this.purgeVolumeCache();;) {
				let { value: t, done: n } = e.next();
				if (n) break;
				this.removeImageLoadObject(t, { force: !0 }), P(N, j.IMAGE_CACHE_IMAGE_REMOVED, { imageId: t });
			}
		}, this.purgeVolumeCache = () => {
			let e = this._volumeCache.keys();
			for (;;) {
				let { value: t, done: n } = e.next();
				if (n) break;
				this.removeVolumeLoadObject(t), P(N, j.VOLUME_CACHE_VOLUME_REMOVED, { volumeId: t });
			}
		}, this.getVolumeLoadObject = (e) => {
			if (e === void 0) throw Error("getVolumeLoadObject: volumeId must not be undefined");
			let t = this._volumeCache.get(e);
			if (t) return t.timeStamp = Date.now(), t.volumeLoadObject;
		}, this.putGeometryLoadObject = (e, t) => {
			if (e === void 0) throw Error("putGeometryLoadObject: geometryId must not be undefined");
			if (t.promise === void 0) throw Error("putGeometryLoadObject: geometryLoadObject.promise must not be undefined");
			if (this._geometryCache.has(e)) throw Error("putGeometryLoadObject: geometryId already present in geometryCache");
			if (t.cancelFn && typeof t.cancelFn != "function") throw Error("putGeometryLoadObject: geometryLoadObject.cancel must be a function");
			let n = {
				loaded: !1,
				geometryId: e,
				geometryLoadObject: t,
				timeStamp: Date.now(),
				sizeInBytes: 0
			};
			return this._geometryCache.set(e, n), t.promise.then((t) => {
				try {
					this._putGeometryCommon(e, t, n);
				} catch (t) {
					throw Hn.debug(`Error in _putGeometryCommon for geometry ${e}:`, t), t;
				}
			}).catch((t) => {
				throw Hn.debug(`Error caching geometry ${e}:`, t), this._geometryCache.delete(e), t;
			});
		}, this.getGeometry = (e) => {
			if (e === void 0) throw Error("getGeometry: geometryId must not be undefined");
			let t = this._geometryCache.get(e);
			if (t) return t.timeStamp = Date.now(), t.geometry;
		}, this.removeGeometryLoadObject = (e) => {
			if (e === void 0) throw Error("removeGeometryLoadObject: geometryId must not be undefined");
			let t = this._geometryCache.get(e);
			if (!t) throw Error("removeGeometryLoadObject: geometryId was not present in geometryCache");
			this.decrementGeometryCacheSize(t.sizeInBytes);
			let n = {
				geometry: t,
				geometryId: e
			};
			P(N, j.GEOMETRY_CACHE_GEOMETRY_REMOVED, n), this._decacheGeometry(e);
		}, this._decacheGeometry = (e) => {
			let t = this._geometryCache.get(e);
			if (!t) return;
			let { geometryLoadObject: n } = t;
			n.cancelFn && n.cancelFn(), n.decache && n.decache(), this._geometryCache.delete(e);
		}, this.incrementGeometryCacheSize = (e) => {
			this._geometryCacheSize += e;
		}, this.decrementGeometryCacheSize = (e) => {
			this._geometryCacheSize -= e;
		}, this.getImageByReferencedImageId = (e) => {
			let t = this._referencedImageIdToImageIdCache.get(e);
			if (t) return this._imageCache.get(t)?.image;
		}, this.getImage = (e, t = It.FAR_REPLICATE) => {
			if (e === void 0) throw Error("getImage: imageId must not be undefined");
			let n = this._imageCache.get(e);
			if (n && (n.timeStamp = Date.now(), !(n.image?.imageQualityStatus < t))) return n.image;
		}, this.getVolume = (e, t = !1) => {
			if (e === void 0) throw Error("getVolume: volumeId must not be undefined");
			let n = this._volumeCache.get(e);
			return n ? (n.timeStamp = Date.now(), n.volume) : t ? [...this._volumeCache.values()].find((t) => t.volumeId.includes(e))?.volume : void 0;
		}, this.getVolumes = () => Array.from(this._volumeCache.values()).map((e) => e.volume), this.filterVolumesByReferenceId = (e) => this.getVolumes().filter((t) => t.referencedVolumeId === e), this.removeImageLoadObject = (e, { force: t = !1 } = {}) => {
			if (e === void 0) throw Error("removeImageLoadObject: imageId must not be undefined");
			let n = this._imageCache.get(e);
			if (!n) throw Error("removeImageLoadObject: imageId was not present in imageCache");
			this._decacheImage(e, t), this.incrementImageCacheSize(-n.sizeInBytes);
			let r = {
				image: n,
				imageId: e
			};
			P(N, j.IMAGE_CACHE_IMAGE_REMOVED, r);
		}, this.removeVolumeLoadObject = (e) => {
			if (e === void 0) throw Error("removeVolumeLoadObject: volumeId must not be undefined");
			let t = this._volumeCache.get(e);
			if (!t) throw Error("removeVolumeLoadObject: volumeId was not present in volumeCache");
			let n = {
				volume: t,
				volumeId: e
			};
			P(N, j.VOLUME_CACHE_VOLUME_REMOVED, n), this._decacheVolume(e);
		}, this.incrementImageCacheSize = (e) => {
			this._imageCacheSize += e;
		}, this.decrementImageCacheSize = (e) => {
			this._imageCacheSize -= e;
		}, this.getGeometryLoadObject = (e) => {
			if (e === void 0) throw Error("getGeometryLoadObject: geometryId must not be undefined");
			let t = this._geometryCache.get(e);
			if (t) return t.timeStamp = Date.now(), t.geometryLoadObject;
		};
	}
	generateVolumeId(e) {
		let t = e.map(Bn).sort(), n = 2166136261;
		for (let e of t) {
			let t = Vn(e);
			for (let e = 0; e < t.length; e++) n ^= t.charCodeAt(e), n += (n << 1) + (n << 4) + (n << 7) + (n << 8) + (n << 24);
		}
		return `volume-${(n >>> 0).toString(36)}`;
	}
	getImageIdsForVolumeId(e) {
		return Array.from(this._imageIdsToVolumeIdCache.entries()).filter(([t, n]) => n === e).map(([e]) => e);
	}
	getBytesAvailable() {
		return this.getMaxCacheSize() - this.getCacheSize();
	}
	decacheIfNecessaryUntilBytesAvailable(e, t) {
		let n = this.getBytesAvailable();
		if (n >= e) return n;
		let r = Array.from(this._imageCache.values()).filter((e) => !e.sharedCacheKey);
		function i(e, t) {
			return e.timeStamp > t.timeStamp ? 1 : e.timeStamp < t.timeStamp ? -1 : 0;
		}
		r.sort(i);
		let a = r.map((e) => e.imageId), o = a;
		t && (o = a.filter((e) => !t.includes(e)));
		for (let t of o) if (this.removeImageLoadObject(t), P(N, j.IMAGE_CACHE_IMAGE_REMOVED, { imageId: t }), n = this.getBytesAvailable(), n >= e) return n;
		for (let t of a) if (this.removeImageLoadObject(t), P(N, j.IMAGE_CACHE_IMAGE_REMOVED, { imageId: t }), n = this.getBytesAvailable(), n >= e) return n;
	}
	_putImageCommon(e, t, n) {
		if (!this._imageCache.has(e)) {
			Hn.warn("The image was purged from the cache before it completed loading.");
			return;
		}
		if (!t) {
			Hn.warn("Image is undefined");
			return;
		}
		if (t.sizeInBytes === void 0 || Number.isNaN(t.sizeInBytes)) throw Error("_putImageCommon: image.sizeInBytes must not be undefined");
		if (t.sizeInBytes.toFixed === void 0) throw Error("_putImageCommon: image.sizeInBytes is not a number");
		if (!this.isCacheable(t.sizeInBytes)) throw Error(j.CACHE_SIZE_EXCEEDED);
		this.decacheIfNecessaryUntilBytesAvailable(t.sizeInBytes), n.loaded = !0, n.image = t, n.sizeInBytes = t.sizeInBytes, this.incrementImageCacheSize(n.sizeInBytes);
		let r = { image: n };
		t.referencedImageId && this._referencedImageIdToImageIdCache.set(t.referencedImageId, e), P(N, j.IMAGE_CACHE_IMAGE_ADDED, r), n.sharedCacheKey = t.sharedCacheKey;
	}
	async putImageLoadObject(e, t) {
		if (e === void 0) throw Hn.error("putImageLoadObject: imageId must not be undefined"), Error("putImageLoadObject: imageId must not be undefined");
		if (t.promise === void 0) throw Hn.error("putImageLoadObject: imageLoadObject.promise must not be undefined"), Error("putImageLoadObject: imageLoadObject.promise must not be undefined");
		let n = this._imageCache.get(e);
		if (n?.imageLoadObject) throw Hn.warn(`putImageLoadObject: imageId ${e} already in cache`), Error("putImageLoadObject: imageId already in cache");
		if (t.cancelFn && typeof t.cancelFn != "function") throw Hn.error("putImageLoadObject: imageLoadObject.cancel must be a function"), Error("putImageLoadObject: imageLoadObject.cancel must be a function");
		let r = {
			...n,
			loaded: !1,
			imageId: e,
			sharedCacheKey: void 0,
			imageLoadObject: t,
			timeStamp: Date.now(),
			sizeInBytes: 0
		};
		return this._imageCache.set(e, r), t.promise.then((t) => {
			try {
				this._putImageCommon(e, t, r);
			} catch (t) {
				throw Hn.debug(`Error in _putImageCommon for image ${e}:`, t), t;
			}
		}).catch((t) => {
			throw Hn.debug(`Error caching image ${e}:`, t), this._imageCache.delete(e), t;
		});
	}
	putImageSync(e, t) {
		if (e === void 0) throw Error("putImageSync: imageId must not be undefined");
		if (this._imageCache.has(e)) throw Error("putImageSync: imageId already in cache");
		let n = {
			loaded: !1,
			imageId: e,
			sharedCacheKey: void 0,
			imageLoadObject: { promise: Promise.resolve(t) },
			timeStamp: Date.now(),
			sizeInBytes: 0
		};
		this._imageCache.set(e, n);
		try {
			this._putImageCommon(e, t, n);
		} catch (t) {
			throw this._imageCache.delete(e), t;
		}
	}
	getImageLoadObject(e) {
		if (e === void 0) throw Error("getImageLoadObject: imageId must not be undefined");
		let t = this._imageCache.get(e);
		if (t) return t.timeStamp = Date.now(), t.imageLoadObject;
	}
	isLoaded(e) {
		let t = this._imageCache.get(e);
		return t ? t.loaded : !1;
	}
	getVolumeContainingImageId(e) {
		let t = Array.from(this._volumeCache.keys()), n = Bn(e);
		for (let e of t) {
			let t = this._volumeCache.get(e);
			if (!t) return;
			let { volume: r } = t;
			if (!r.imageIds.length) return;
			let i = r.getImageURIIndex(n);
			if (i > -1) return {
				volume: r,
				imageIdIndex: i
			};
		}
	}
	getCachedImageBasedOnImageURI(e) {
		let t = Bn(e), n = Array.from(this._imageCache.keys()).find((e) => Bn(e) === t);
		if (n) return this._imageCache.get(n);
	}
	_putVolumeCommon(e, t, n) {
		if (!this._volumeCache.get(e)) {
			Hn.warn("The volume was purged from the cache before it completed loading.");
			return;
		}
		n.loaded = !0, n.volume = t, t.imageIds?.forEach((t) => {
			let n = this._imageCache.get(t);
			n && (n.sharedCacheKey = e);
		});
		let r = { volume: n };
		P(N, j.VOLUME_CACHE_VOLUME_ADDED, r);
	}
	putVolumeSync(e, t) {
		if (e === void 0) throw Error("putVolumeSync: volumeId must not be undefined");
		if (this._volumeCache.has(e)) throw Error("putVolumeSync: volumeId already in cache");
		let n = {
			loaded: !1,
			volumeId: e,
			volumeLoadObject: { promise: Promise.resolve(t) },
			timeStamp: Date.now(),
			sizeInBytes: 0
		};
		this._volumeCache.set(e, n);
		try {
			this._putVolumeCommon(e, t, n);
		} catch (t) {
			throw this._volumeCache.delete(e), t;
		}
	}
	async putVolumeLoadObject(e, t) {
		if (e === void 0) throw Error("putVolumeLoadObject: volumeId must not be undefined");
		if (t.promise === void 0) throw Error("putVolumeLoadObject: volumeLoadObject.promise must not be undefined");
		if (this._volumeCache.has(e)) throw Error(`putVolumeLoadObject: volumeId:${e} already in cache`);
		if (t.cancelFn && typeof t.cancelFn != "function") throw Error("putVolumeLoadObject: volumeLoadObject.cancel must be a function");
		let n = {
			loaded: !1,
			volumeId: e,
			volumeLoadObject: t,
			timeStamp: Date.now(),
			sizeInBytes: 0
		};
		return this._volumeCache.set(e, n), t.promise.then((t) => {
			try {
				this._putVolumeCommon(e, t, n);
			} catch (t) {
				throw Hn.error(`Error in _putVolumeCommon for volume ${e}:`, t), this._volumeCache.delete(e), t;
			}
		}).catch((t) => {
			throw this._volumeCache.delete(e), t;
		});
	}
	_putGeometryCommon(e, t, n) {
		if (!this._geometryCache.get(e)) {
			Hn.warn("The geometry was purged from the cache before it completed loading.");
			return;
		}
		if (!t) {
			Hn.warn("Geometry is undefined");
			return;
		}
		if (t.sizeInBytes === void 0 || Number.isNaN(t.sizeInBytes)) throw Error("_putGeometryCommon: geometry.sizeInBytes must not be undefined");
		if (t.sizeInBytes.toFixed === void 0) throw Error("_putGeometryCommon: geometry.sizeInBytes is not a number");
		if (!this.isCacheable(t.sizeInBytes)) throw Error(j.CACHE_SIZE_EXCEEDED);
		this.decacheIfNecessaryUntilBytesAvailable(t.sizeInBytes), n.loaded = !0, n.geometry = t, n.sizeInBytes = t.sizeInBytes, this.incrementGeometryCacheSize(n.sizeInBytes);
		let r = { geometry: n };
		P(N, j.GEOMETRY_CACHE_GEOMETRY_ADDED, r);
	}
	putGeometrySync(e, t) {
		if (e === void 0) throw Error("putGeometrySync: geometryId must not be undefined");
		if (this._geometryCache.has(e)) throw Error("putGeometrySync: geometryId already in cache");
		let n = {
			loaded: !1,
			geometryId: e,
			geometryLoadObject: { promise: Promise.resolve(t) },
			timeStamp: Date.now(),
			sizeInBytes: 0
		};
		this._geometryCache.set(e, n);
		try {
			this._putGeometryCommon(e, t, n);
		} catch (t) {
			throw this._geometryCache.delete(e), t;
		}
	}
	setPartialImage(e, t, n = !1) {
		let r = this._imageCache.get(e);
		r ? r.loaded ? (r.loaded = !1, r.imageLoadObject = null, this.incrementImageCacheSize(-r.sizeInBytes), r.sizeInBytes = 0, r.image = t || r.image) : (n && (r.imageLoadObject = null), r.image = t || r.image) : t && this._imageCache.set(e, {
			image: t,
			imageId: e,
			loaded: !1,
			timeStamp: Date.now(),
			sizeInBytes: 0
		});
	}
	getImageQuality(e) {
		let t = this._imageCache.get(e)?.image;
		return t ? t.imageQualityStatus || It.FULL_RESOLUTION : void 0;
	}
}(), { addProvider: Gn, removeProvider: Kn, removeAllProviders: qn, getMetaData: Jn, getTyped: Yn, get: Xn, getNormalized: Zn, toUpperCamelTag: Qn, toLowerCamelTag: $n } = ot;
// node_modules/@cornerstonejs/core/dist/esm/utilities/deepClone.js
function er(e) {
	if (typeof structuredClone == "function") try {
		return structuredClone(e);
	} catch {}
	return tr(e, /* @__PURE__ */ new WeakMap());
}
function tr(e, t) {
	if (typeof e != "object" || !e) return e;
	let n = t.get(e);
	if (n) return n;
	if (e instanceof Date) return new Date(e.getTime());
	if (e instanceof Map) {
		let n = /* @__PURE__ */ new Map();
		return t.set(e, n), e.forEach((e, r) => {
			n.set(tr(r, t), tr(e, t));
		}), n;
	}
	if (e instanceof Set) {
		let n = /* @__PURE__ */ new Set();
		return t.set(e, n), e.forEach((e) => {
			n.add(tr(e, t));
		}), n;
	}
	if (Array.isArray(e)) {
		let n = [];
		return t.set(e, n), e.forEach((e, r) => {
			n[r] = tr(e, t);
		}), n;
	}
	let r = {};
	return t.set(e, r), Reflect.ownKeys(e).forEach((n) => {
		r[n] = tr(e[n], t);
	}), r;
}
var nr = typeof Float32Array < "u" ? Float32Array : Array, rr = Math.PI / 180;
function ir(e) {
	return e * rr;
}
Math.hypot || (Math.hypot = function() {
	for (var e = 0, t = arguments.length; t--;) e += arguments[t] * arguments[t];
	return Math.sqrt(e);
});
// node_modules/gl-matrix/esm/mat3.js
function ar() {
	var e = new nr(9);
	return nr != Float32Array && (e[1] = 0, e[2] = 0, e[3] = 0, e[5] = 0, e[6] = 0, e[7] = 0), e[0] = 1, e[4] = 1, e[8] = 1, e;
}
function or(e, t) {
	return e[0] = t[0], e[1] = t[1], e[2] = t[2], e[3] = t[4], e[4] = t[5], e[5] = t[6], e[6] = t[8], e[7] = t[9], e[8] = t[10], e;
}
function sr(e, t, n, r, i, a, o, s, c) {
	var l = new nr(9);
	return l[0] = e, l[1] = t, l[2] = n, l[3] = r, l[4] = i, l[5] = a, l[6] = o, l[7] = s, l[8] = c, l;
}
function cr(e) {
	return e[0] = 1, e[1] = 0, e[2] = 0, e[3] = 0, e[4] = 1, e[5] = 0, e[6] = 0, e[7] = 0, e[8] = 1, e;
}
function lr(e, t) {
	if (e === t) {
		var n = t[1], r = t[2], i = t[5];
		e[1] = t[3], e[2] = t[6], e[3] = n, e[5] = t[7], e[6] = r, e[7] = i;
	} else e[0] = t[0], e[1] = t[3], e[2] = t[6], e[3] = t[1], e[4] = t[4], e[5] = t[7], e[6] = t[2], e[7] = t[5], e[8] = t[8];
	return e;
}
function ur(e, t) {
	var n = t[0], r = t[1], i = t[2], a = t[3], o = t[4], s = t[5], c = t[6], l = t[7], u = t[8], d = u * o - s * l, f = -u * a + s * c, p = l * a - o * c, m = n * d + r * f + i * p;
	return m ? (m = 1 / m, e[0] = d * m, e[1] = (-u * r + i * l) * m, e[2] = (s * r - i * o) * m, e[3] = f * m, e[4] = (u * n - i * c) * m, e[5] = (-s * n + i * a) * m, e[6] = p * m, e[7] = (-l * n + r * c) * m, e[8] = (o * n - r * a) * m, e) : null;
}
// node_modules/gl-matrix/esm/mat4.js
function dr() {
	var e = new nr(16);
	return nr != Float32Array && (e[1] = 0, e[2] = 0, e[3] = 0, e[4] = 0, e[6] = 0, e[7] = 0, e[8] = 0, e[9] = 0, e[11] = 0, e[12] = 0, e[13] = 0, e[14] = 0), e[0] = 1, e[5] = 1, e[10] = 1, e[15] = 1, e;
}
function fr(e, t) {
	return e[0] = t[0], e[1] = t[1], e[2] = t[2], e[3] = t[3], e[4] = t[4], e[5] = t[5], e[6] = t[6], e[7] = t[7], e[8] = t[8], e[9] = t[9], e[10] = t[10], e[11] = t[11], e[12] = t[12], e[13] = t[13], e[14] = t[14], e[15] = t[15], e;
}
function F(e) {
	return e[0] = 1, e[1] = 0, e[2] = 0, e[3] = 0, e[4] = 0, e[5] = 1, e[6] = 0, e[7] = 0, e[8] = 0, e[9] = 0, e[10] = 1, e[11] = 0, e[12] = 0, e[13] = 0, e[14] = 0, e[15] = 1, e;
}
function pr(e, t) {
	if (e === t) {
		var n = t[1], r = t[2], i = t[3], a = t[6], o = t[7], s = t[11];
		e[1] = t[4], e[2] = t[8], e[3] = t[12], e[4] = n, e[6] = t[9], e[7] = t[13], e[8] = r, e[9] = a, e[11] = t[14], e[12] = i, e[13] = o, e[14] = s;
	} else e[0] = t[0], e[1] = t[4], e[2] = t[8], e[3] = t[12], e[4] = t[1], e[5] = t[5], e[6] = t[9], e[7] = t[13], e[8] = t[2], e[9] = t[6], e[10] = t[10], e[11] = t[14], e[12] = t[3], e[13] = t[7], e[14] = t[11], e[15] = t[15];
	return e;
}
function mr(e, t) {
	var n = t[0], r = t[1], i = t[2], a = t[3], o = t[4], s = t[5], c = t[6], l = t[7], u = t[8], d = t[9], f = t[10], p = t[11], m = t[12], h = t[13], g = t[14], _ = t[15], v = n * s - r * o, y = n * c - i * o, b = n * l - a * o, x = r * c - i * s, S = r * l - a * s, C = i * l - a * c, w = u * h - d * m, T = u * g - f * m, E = u * _ - p * m, D = d * g - f * h, O = d * _ - p * h, k = f * _ - p * g, A = v * k - y * O + b * D + x * E - S * T + C * w;
	return A ? (A = 1 / A, e[0] = (s * k - c * O + l * D) * A, e[1] = (i * O - r * k - a * D) * A, e[2] = (h * C - g * S + _ * x) * A, e[3] = (f * S - d * C - p * x) * A, e[4] = (c * E - o * k - l * T) * A, e[5] = (n * k - i * E + a * T) * A, e[6] = (g * b - m * C - _ * y) * A, e[7] = (u * C - f * b + p * y) * A, e[8] = (o * O - s * E + l * w) * A, e[9] = (r * E - n * O - a * w) * A, e[10] = (m * S - h * b + _ * v) * A, e[11] = (d * b - u * S - p * v) * A, e[12] = (s * T - o * D - c * w) * A, e[13] = (n * D - r * T + i * w) * A, e[14] = (h * y - m * x - g * v) * A, e[15] = (u * x - d * y + f * v) * A, e) : null;
}
function hr(e, t, n) {
	var r = t[0], i = t[1], a = t[2], o = t[3], s = t[4], c = t[5], l = t[6], u = t[7], d = t[8], f = t[9], p = t[10], m = t[11], h = t[12], g = t[13], _ = t[14], v = t[15], y = n[0], b = n[1], x = n[2], S = n[3];
	return e[0] = y * r + b * s + x * d + S * h, e[1] = y * i + b * c + x * f + S * g, e[2] = y * a + b * l + x * p + S * _, e[3] = y * o + b * u + x * m + S * v, y = n[4], b = n[5], x = n[6], S = n[7], e[4] = y * r + b * s + x * d + S * h, e[5] = y * i + b * c + x * f + S * g, e[6] = y * a + b * l + x * p + S * _, e[7] = y * o + b * u + x * m + S * v, y = n[8], b = n[9], x = n[10], S = n[11], e[8] = y * r + b * s + x * d + S * h, e[9] = y * i + b * c + x * f + S * g, e[10] = y * a + b * l + x * p + S * _, e[11] = y * o + b * u + x * m + S * v, y = n[12], b = n[13], x = n[14], S = n[15], e[12] = y * r + b * s + x * d + S * h, e[13] = y * i + b * c + x * f + S * g, e[14] = y * a + b * l + x * p + S * _, e[15] = y * o + b * u + x * m + S * v, e;
}
function gr(e, t, n) {
	var r = n[0], i = n[1], a = n[2], o, s, c, l, u, d, f, p, m, h, g, _;
	return t === e ? (e[12] = t[0] * r + t[4] * i + t[8] * a + t[12], e[13] = t[1] * r + t[5] * i + t[9] * a + t[13], e[14] = t[2] * r + t[6] * i + t[10] * a + t[14], e[15] = t[3] * r + t[7] * i + t[11] * a + t[15]) : (o = t[0], s = t[1], c = t[2], l = t[3], u = t[4], d = t[5], f = t[6], p = t[7], m = t[8], h = t[9], g = t[10], _ = t[11], e[0] = o, e[1] = s, e[2] = c, e[3] = l, e[4] = u, e[5] = d, e[6] = f, e[7] = p, e[8] = m, e[9] = h, e[10] = g, e[11] = _, e[12] = o * r + u * i + m * a + t[12], e[13] = s * r + d * i + h * a + t[13], e[14] = c * r + f * i + g * a + t[14], e[15] = l * r + p * i + _ * a + t[15]), e;
}
function _r(e, t, n) {
	var r = n[0], i = n[1], a = n[2];
	return e[0] = t[0] * r, e[1] = t[1] * r, e[2] = t[2] * r, e[3] = t[3] * r, e[4] = t[4] * i, e[5] = t[5] * i, e[6] = t[6] * i, e[7] = t[7] * i, e[8] = t[8] * a, e[9] = t[9] * a, e[10] = t[10] * a, e[11] = t[11] * a, e[12] = t[12], e[13] = t[13], e[14] = t[14], e[15] = t[15], e;
}
function vr(e, t, n, r) {
	var i = r[0], a = r[1], o = r[2], s = Math.hypot(i, a, o), c, l, u, d, f, p, m, h, g, _, v, y, b, x, S, C, w, T, E, D, O, k, A, ee;
	return s < 1e-6 ? null : (s = 1 / s, i *= s, a *= s, o *= s, c = Math.sin(n), l = Math.cos(n), u = 1 - l, d = t[0], f = t[1], p = t[2], m = t[3], h = t[4], g = t[5], _ = t[6], v = t[7], y = t[8], b = t[9], x = t[10], S = t[11], C = i * i * u + l, w = a * i * u + o * c, T = o * i * u - a * c, E = i * a * u - o * c, D = a * a * u + l, O = o * a * u + i * c, k = i * o * u + a * c, A = a * o * u - i * c, ee = o * o * u + l, e[0] = d * C + h * w + y * T, e[1] = f * C + g * w + b * T, e[2] = p * C + _ * w + x * T, e[3] = m * C + v * w + S * T, e[4] = d * E + h * D + y * O, e[5] = f * E + g * D + b * O, e[6] = p * E + _ * D + x * O, e[7] = m * E + v * D + S * O, e[8] = d * k + h * A + y * ee, e[9] = f * k + g * A + b * ee, e[10] = p * k + _ * A + x * ee, e[11] = m * k + v * A + S * ee, t !== e && (e[12] = t[12], e[13] = t[13], e[14] = t[14], e[15] = t[15]), e);
}
function yr(e, t, n) {
	var r = Math.sin(n), i = Math.cos(n), a = t[4], o = t[5], s = t[6], c = t[7], l = t[8], u = t[9], d = t[10], f = t[11];
	return t !== e && (e[0] = t[0], e[1] = t[1], e[2] = t[2], e[3] = t[3], e[12] = t[12], e[13] = t[13], e[14] = t[14], e[15] = t[15]), e[4] = a * i + l * r, e[5] = o * i + u * r, e[6] = s * i + d * r, e[7] = c * i + f * r, e[8] = l * i - a * r, e[9] = u * i - o * r, e[10] = d * i - s * r, e[11] = f * i - c * r, e;
}
function br(e, t, n) {
	var r = Math.sin(n), i = Math.cos(n), a = t[0], o = t[1], s = t[2], c = t[3], l = t[8], u = t[9], d = t[10], f = t[11];
	return t !== e && (e[4] = t[4], e[5] = t[5], e[6] = t[6], e[7] = t[7], e[12] = t[12], e[13] = t[13], e[14] = t[14], e[15] = t[15]), e[0] = a * i - l * r, e[1] = o * i - u * r, e[2] = s * i - d * r, e[3] = c * i - f * r, e[8] = a * r + l * i, e[9] = o * r + u * i, e[10] = s * r + d * i, e[11] = c * r + f * i, e;
}
function xr(e, t, n) {
	var r = Math.sin(n), i = Math.cos(n), a = t[0], o = t[1], s = t[2], c = t[3], l = t[4], u = t[5], d = t[6], f = t[7];
	return t !== e && (e[8] = t[8], e[9] = t[9], e[10] = t[10], e[11] = t[11], e[12] = t[12], e[13] = t[13], e[14] = t[14], e[15] = t[15]), e[0] = a * i + l * r, e[1] = o * i + u * r, e[2] = s * i + d * r, e[3] = c * i + f * r, e[4] = l * i - a * r, e[5] = u * i - o * r, e[6] = d * i - s * r, e[7] = f * i - c * r, e;
}
function Sr(e, t) {
	return e[0] = 1, e[1] = 0, e[2] = 0, e[3] = 0, e[4] = 0, e[5] = 1, e[6] = 0, e[7] = 0, e[8] = 0, e[9] = 0, e[10] = 1, e[11] = 0, e[12] = t[0], e[13] = t[1], e[14] = t[2], e[15] = 1, e;
}
function Cr(e, t) {
	return e[0] = t[0], e[1] = 0, e[2] = 0, e[3] = 0, e[4] = 0, e[5] = t[1], e[6] = 0, e[7] = 0, e[8] = 0, e[9] = 0, e[10] = t[2], e[11] = 0, e[12] = 0, e[13] = 0, e[14] = 0, e[15] = 1, e;
}
function wr(e, t, n) {
	var r = n[0], i = n[1], a = n[2], o = Math.hypot(r, i, a), s, c, l;
	return o < 1e-6 ? null : (o = 1 / o, r *= o, i *= o, a *= o, s = Math.sin(t), c = Math.cos(t), l = 1 - c, e[0] = r * r * l + c, e[1] = i * r * l + a * s, e[2] = a * r * l - i * s, e[3] = 0, e[4] = r * i * l - a * s, e[5] = i * i * l + c, e[6] = a * i * l + r * s, e[7] = 0, e[8] = r * a * l + i * s, e[9] = i * a * l - r * s, e[10] = a * a * l + c, e[11] = 0, e[12] = 0, e[13] = 0, e[14] = 0, e[15] = 1, e);
}
function Tr(e, t) {
	var n = t[0], r = t[1], i = t[2], a = t[4], o = t[5], s = t[6], c = t[8], l = t[9], u = t[10];
	return e[0] = Math.hypot(n, r, i), e[1] = Math.hypot(a, o, s), e[2] = Math.hypot(c, l, u), e;
}
function Er(e, t) {
	var n = new nr(3);
	Tr(n, t);
	var r = 1 / n[0], i = 1 / n[1], a = 1 / n[2], o = t[0] * r, s = t[1] * i, c = t[2] * a, l = t[4] * r, u = t[5] * i, d = t[6] * a, f = t[8] * r, p = t[9] * i, m = t[10] * a, h = o + u + m, g = 0;
	return h > 0 ? (g = Math.sqrt(h + 1) * 2, e[3] = .25 * g, e[0] = (d - p) / g, e[1] = (f - c) / g, e[2] = (s - l) / g) : o > u && o > m ? (g = Math.sqrt(1 + o - u - m) * 2, e[3] = (d - p) / g, e[0] = .25 * g, e[1] = (s + l) / g, e[2] = (f + c) / g) : u > m ? (g = Math.sqrt(1 + u - o - m) * 2, e[3] = (f - c) / g, e[0] = (s + l) / g, e[1] = .25 * g, e[2] = (d + p) / g) : (g = Math.sqrt(1 + m - o - u) * 2, e[3] = (s - l) / g, e[0] = (f + c) / g, e[1] = (d + p) / g, e[2] = .25 * g), e;
}
function Dr(e, t, n, r) {
	var i = t[0], a = t[1], o = t[2], s = t[3], c = i + i, l = a + a, u = o + o, d = i * c, f = i * l, p = i * u, m = a * l, h = a * u, g = o * u, _ = s * c, v = s * l, y = s * u, b = r[0], x = r[1], S = r[2];
	return e[0] = (1 - (m + g)) * b, e[1] = (f + y) * b, e[2] = (p - v) * b, e[3] = 0, e[4] = (f - y) * x, e[5] = (1 - (d + g)) * x, e[6] = (h + _) * x, e[7] = 0, e[8] = (p + v) * S, e[9] = (h - _) * S, e[10] = (1 - (d + m)) * S, e[11] = 0, e[12] = n[0], e[13] = n[1], e[14] = n[2], e[15] = 1, e;
}
function Or(e, t) {
	var n = t[0], r = t[1], i = t[2], a = t[3], o = n + n, s = r + r, c = i + i, l = n * o, u = r * o, d = r * s, f = i * o, p = i * s, m = i * c, h = a * o, g = a * s, _ = a * c;
	return e[0] = 1 - d - m, e[1] = u + _, e[2] = f - g, e[3] = 0, e[4] = u - _, e[5] = 1 - l - m, e[6] = p + h, e[7] = 0, e[8] = f + g, e[9] = p - h, e[10] = 1 - l - d, e[11] = 0, e[12] = 0, e[13] = 0, e[14] = 0, e[15] = 1, e;
}
function kr(e, t, n, r, i, a, o) {
	var s = 1 / (t - n), c = 1 / (r - i), l = 1 / (a - o);
	return e[0] = -2 * s, e[1] = 0, e[2] = 0, e[3] = 0, e[4] = 0, e[5] = -2 * c, e[6] = 0, e[7] = 0, e[8] = 0, e[9] = 0, e[10] = 2 * l, e[11] = 0, e[12] = (t + n) * s, e[13] = (i + r) * c, e[14] = (o + a) * l, e[15] = 1, e;
}
var Ar = kr;
function jr(e, t, n, r) {
	var i, a, o, s, c, l, u, d, f, p, m = t[0], h = t[1], g = t[2], _ = r[0], v = r[1], y = r[2], b = n[0], x = n[1], S = n[2];
	return Math.abs(m - b) < 1e-6 && Math.abs(h - x) < 1e-6 && Math.abs(g - S) < 1e-6 ? F(e) : (u = m - b, d = h - x, f = g - S, p = 1 / Math.hypot(u, d, f), u *= p, d *= p, f *= p, i = v * f - y * d, a = y * u - _ * f, o = _ * d - v * u, p = Math.hypot(i, a, o), p ? (p = 1 / p, i *= p, a *= p, o *= p) : (i = 0, a = 0, o = 0), s = d * o - f * a, c = f * i - u * o, l = u * a - d * i, p = Math.hypot(s, c, l), p ? (p = 1 / p, s *= p, c *= p, l *= p) : (s = 0, c = 0, l = 0), e[0] = i, e[1] = s, e[2] = u, e[3] = 0, e[4] = a, e[5] = c, e[6] = d, e[7] = 0, e[8] = o, e[9] = l, e[10] = f, e[11] = 0, e[12] = -(i * m + a * h + o * g), e[13] = -(s * m + c * h + l * g), e[14] = -(u * m + d * h + f * g), e[15] = 1, e);
}
// node_modules/gl-matrix/esm/vec3.js
function I() {
	var e = new nr(3);
	return nr != Float32Array && (e[0] = 0, e[1] = 0, e[2] = 0), e;
}
function Mr(e) {
	var t = new nr(3);
	return t[0] = e[0], t[1] = e[1], t[2] = e[2], t;
}
function Nr(e) {
	var t = e[0], n = e[1], r = e[2];
	return Math.hypot(t, n, r);
}
function Pr(e, t, n) {
	var r = new nr(3);
	return r[0] = e, r[1] = t, r[2] = n, r;
}
function Fr(e, t) {
	return e[0] = t[0], e[1] = t[1], e[2] = t[2], e;
}
function Ir(e, t, n, r) {
	return e[0] = t, e[1] = n, e[2] = r, e;
}
function Lr(e, t, n) {
	return e[0] = t[0] + n[0], e[1] = t[1] + n[1], e[2] = t[2] + n[2], e;
}
function Rr(e, t, n) {
	return e[0] = t[0] - n[0], e[1] = t[1] - n[1], e[2] = t[2] - n[2], e;
}
function zr(e, t, n) {
	return e[0] = t[0] * n, e[1] = t[1] * n, e[2] = t[2] * n, e;
}
function Br(e, t, n, r) {
	return e[0] = t[0] + n[0] * r, e[1] = t[1] + n[1] * r, e[2] = t[2] + n[2] * r, e;
}
function Vr(e, t) {
	var n = t[0] - e[0], r = t[1] - e[1], i = t[2] - e[2];
	return Math.hypot(n, r, i);
}
function Hr(e, t) {
	return e[0] = -t[0], e[1] = -t[1], e[2] = -t[2], e;
}
function Ur(e, t) {
	return e[0] = 1 / t[0], e[1] = 1 / t[1], e[2] = 1 / t[2], e;
}
function Wr(e, t) {
	var n = t[0], r = t[1], i = t[2], a = n * n + r * r + i * i;
	return a > 0 && (a = 1 / Math.sqrt(a)), e[0] = t[0] * a, e[1] = t[1] * a, e[2] = t[2] * a, e;
}
function L(e, t) {
	return e[0] * t[0] + e[1] * t[1] + e[2] * t[2];
}
function Gr(e, t, n) {
	var r = t[0], i = t[1], a = t[2], o = n[0], s = n[1], c = n[2];
	return e[0] = i * c - a * s, e[1] = a * o - r * c, e[2] = r * s - i * o, e;
}
function R(e, t, n) {
	var r = t[0], i = t[1], a = t[2], o = n[3] * r + n[7] * i + n[11] * a + n[15];
	return o ||= 1, e[0] = (n[0] * r + n[4] * i + n[8] * a + n[12]) / o, e[1] = (n[1] * r + n[5] * i + n[9] * a + n[13]) / o, e[2] = (n[2] * r + n[6] * i + n[10] * a + n[14]) / o, e;
}
function Kr(e, t, n) {
	var r = t[0], i = t[1], a = t[2];
	return e[0] = r * n[0] + i * n[3] + a * n[6], e[1] = r * n[1] + i * n[4] + a * n[7], e[2] = r * n[2] + i * n[5] + a * n[8], e;
}
function qr(e, t) {
	var n = e[0], r = e[1], i = e[2], a = t[0], o = t[1], s = t[2], c = Math.sqrt(n * n + r * r + i * i) * Math.sqrt(a * a + o * o + s * s), l = c && L(e, t) / c;
	return Math.acos(Math.min(Math.max(l, -1), 1));
}
function Jr(e, t) {
	return e[0] === t[0] && e[1] === t[1] && e[2] === t[2];
}
function Yr(e, t) {
	var n = e[0], r = e[1], i = e[2], a = t[0], o = t[1], s = t[2];
	return Math.abs(n - a) <= 1e-6 * Math.max(1, Math.abs(n), Math.abs(a)) && Math.abs(r - o) <= 1e-6 * Math.max(1, Math.abs(r), Math.abs(o)) && Math.abs(i - s) <= 1e-6 * Math.max(1, Math.abs(i), Math.abs(s));
}
var Xr = Rr, Zr = Vr, Qr = Nr;
(function() {
	var e = I();
	return function(t, n, r, i, a, o) {
		var s, c;
		for (n ||= 3, r ||= 0, c = i ? Math.min(i * n + r, t.length) : t.length, s = r; s < c; s += n) e[0] = t[s], e[1] = t[s + 1], e[2] = t[s + 2], a(e, e, o), t[s] = e[0], t[s + 1] = e[1], t[s + 2] = e[2];
		return t;
	};
})();
// node_modules/gl-matrix/esm/vec4.js
function $r() {
	var e = new nr(4);
	return nr != Float32Array && (e[0] = 0, e[1] = 0, e[2] = 0, e[3] = 0), e;
}
function ei(e, t, n, r) {
	var i = new nr(4);
	return i[0] = e, i[1] = t, i[2] = n, i[3] = r, i;
}
function ti(e, t) {
	var n = t[0], r = t[1], i = t[2], a = t[3], o = n * n + r * r + i * i + a * a;
	return o > 0 && (o = 1 / Math.sqrt(o)), e[0] = n * o, e[1] = r * o, e[2] = i * o, e[3] = a * o, e;
}
function ni(e, t, n) {
	var r = t[0], i = t[1], a = t[2], o = t[3];
	return e[0] = n[0] * r + n[4] * i + n[8] * a + n[12] * o, e[1] = n[1] * r + n[5] * i + n[9] * a + n[13] * o, e[2] = n[2] * r + n[6] * i + n[10] * a + n[14] * o, e[3] = n[3] * r + n[7] * i + n[11] * a + n[15] * o, e;
}
(function() {
	var e = $r();
	return function(t, n, r, i, a, o) {
		var s, c;
		for (n ||= 4, r ||= 0, c = i ? Math.min(i * n + r, t.length) : t.length, s = r; s < c; s += n) e[0] = t[s], e[1] = t[s + 1], e[2] = t[s + 2], e[3] = t[s + 3], a(e, e, o), t[s] = e[0], t[s + 1] = e[1], t[s + 2] = e[2], t[s + 3] = e[3];
		return t;
	};
})();
// node_modules/gl-matrix/esm/quat.js
function ri() {
	var e = new nr(4);
	return nr != Float32Array && (e[0] = 0, e[1] = 0, e[2] = 0), e[3] = 1, e;
}
function ii(e, t, n) {
	n *= .5;
	var r = Math.sin(n);
	return e[0] = r * t[0], e[1] = r * t[1], e[2] = r * t[2], e[3] = Math.cos(n), e;
}
function ai(e, t) {
	var n = Math.acos(t[3]) * 2, r = Math.sin(n / 2);
	return r > 1e-6 ? (e[0] = t[0] / r, e[1] = t[1] / r, e[2] = t[2] / r) : (e[0] = 1, e[1] = 0, e[2] = 0), n;
}
function oi(e, t, n) {
	var r = t[0], i = t[1], a = t[2], o = t[3], s = n[0], c = n[1], l = n[2], u = n[3];
	return e[0] = r * u + o * s + i * l - a * c, e[1] = i * u + o * c + a * s - r * l, e[2] = a * u + o * l + r * c - i * s, e[3] = o * u - r * s - i * c - a * l, e;
}
function si(e, t, n, r) {
	var i = t[0], a = t[1], o = t[2], s = t[3], c = n[0], l = n[1], u = n[2], d = n[3], f, p = i * c + a * l + o * u + s * d, m, h, g;
	return p < 0 && (p = -p, c = -c, l = -l, u = -u, d = -d), 1 - p > 1e-6 ? (f = Math.acos(p), m = Math.sin(f), h = Math.sin((1 - r) * f) / m, g = Math.sin(r * f) / m) : (h = 1 - r, g = r), e[0] = h * i + g * c, e[1] = h * a + g * l, e[2] = h * o + g * u, e[3] = h * s + g * d, e;
}
function ci(e, t) {
	return e[0] = -t[0], e[1] = -t[1], e[2] = -t[2], e[3] = t[3], e;
}
function li(e, t) {
	var n = t[0] + t[4] + t[8], r;
	if (n > 0) r = Math.sqrt(n + 1), e[3] = .5 * r, r = .5 / r, e[0] = (t[5] - t[7]) * r, e[1] = (t[6] - t[2]) * r, e[2] = (t[1] - t[3]) * r;
	else {
		var i = 0;
		t[4] > t[0] && (i = 1), t[8] > t[i * 3 + i] && (i = 2);
		var a = (i + 1) % 3, o = (i + 2) % 3;
		r = Math.sqrt(t[i * 3 + i] - t[a * 3 + a] - t[o * 3 + o] + 1), e[i] = .5 * r, r = .5 / r, e[3] = (t[a * 3 + o] - t[o * 3 + a]) * r, e[a] = (t[a * 3 + i] + t[i * 3 + a]) * r, e[o] = (t[o * 3 + i] + t[i * 3 + o]) * r;
	}
	return e;
}
var ui = ei, di = ti;
(function() {
	var e = I(), t = Pr(1, 0, 0), n = Pr(0, 1, 0);
	return function(r, i, a) {
		var o = L(i, a);
		return o < -.999999 ? (Gr(e, t, i), Qr(e) < 1e-6 && Gr(e, n, i), Wr(e, e), ii(r, e, Math.PI), r) : o > .999999 ? (r[0] = 0, r[1] = 0, r[2] = 0, r[3] = 1, r) : (Gr(e, i, a), r[0] = e[0], r[1] = e[1], r[2] = e[2], r[3] = 1 + o, di(r, r));
	};
})(), function() {
	var e = ri(), t = ri();
	return function(n, r, i, a, o, s) {
		return si(e, r, o, s), si(t, i, a, s), si(n, e, t, 2 * s * (1 - s)), n;
	};
}(), function() {
	var e = ar();
	return function(t, n, r, i) {
		return e[0] = r[0], e[3] = r[1], e[6] = r[2], e[1] = i[0], e[4] = i[1], e[7] = i[2], e[2] = -n[0], e[5] = -n[1], e[8] = -n[2], di(t, li(t, e));
	};
}();
// node_modules/gl-matrix/esm/vec2.js
function fi() {
	var e = new nr(2);
	return nr != Float32Array && (e[0] = 0, e[1] = 0), e;
}
function pi(e, t) {
	var n = new nr(2);
	return n[0] = e, n[1] = t, n;
}
function mi(e, t, n) {
	return e[0] = t[0] + n[0], e[1] = t[1] + n[1], e;
}
function hi(e, t, n) {
	return e[0] = t[0] - n[0], e[1] = t[1] - n[1], e;
}
var gi = hi;
(function() {
	var e = fi();
	return function(t, n, r, i, a, o) {
		var s, c;
		for (n ||= 2, r ||= 0, c = i ? Math.min(i * n + r, t.length) : t.length, s = r; s < c; s += n) e[0] = t[s], e[1] = t[s + 1], a(e, e, o), t[s] = e[0], t[s + 1] = e[1];
		return t;
	};
})();
// node_modules/@cornerstonejs/core/dist/esm/utilities/RLEVoxelMap.js
var _i = [
	[
		0,
		-1,
		0
	],
	[
		0,
		1,
		0
	],
	[
		0,
		0,
		-1
	],
	[
		0,
		0,
		1
	]
], vi = [[
	0,
	-1,
	0
], [
	0,
	1,
	0
]], yi = [
	[
		0,
		-1,
		0
	],
	[
		0,
		1,
		0
	],
	[
		0,
		0,
		-1
	]
], bi = [
	[
		0,
		-1,
		0
	],
	[
		0,
		1,
		0
	],
	[
		0,
		0,
		1
	]
], xi = class {
	static copyMap(e, t) {
		for (let [n, r] of t.rows) e.rows.set(n, er(r));
	}
	constructor(e, t, n = 1) {
		this.rows = /* @__PURE__ */ new Map(), this.height = 1, this.width = 1, this.depth = 1, this.jMultiple = 1, this.kMultiple = 1, this.numComps = 1, this.updateScalarData = function(e) {
			e.fill(this.defaultValue ?? 0), this.forEach((t, n, r) => {
				let { start: i, end: a, value: o } = n;
				for (let n = i; n < a; n++) e[t + n] = o;
			});
		}, this.get = (e) => {
			let t = e % this.jMultiple, n = (e - t) / this.jMultiple;
			return this.getRLE(t, n)?.value ?? this.defaultValue;
		}, this.getRun = (e, t) => {
			let n = e + t * this.height;
			return this.rows.get(n);
		}, this.set = (e, t) => {
			if (t === void 0) return;
			let n = e % this.width, r = (e - n) / this.width, i = this.rows.get(r);
			if (!i) {
				this.rows.set(r, [{
					start: n,
					end: n + 1,
					value: t
				}]);
				return;
			}
			let a = this.findIndex(i, n), o = i[a], s = i[a - 1];
			if (!o) {
				if (!s || s.value !== t || s.end !== n) {
					i[a] = {
						start: n,
						end: n + 1,
						value: t
					};
					return;
				}
				s.end++;
				return;
			}
			let { start: c, end: l, value: u } = o;
			if (t === u && n >= c) return;
			let d = {
				start: n,
				end: n + 1,
				value: t
			}, f = n > c, p = f ? a + 1 : a, m = f ? o : s, h = f ? i[a + 1] : o;
			if (m?.value === t && m?.end === n) m.end++, h?.value === t && h.start === n + 1 ? (m.end = h.end, i.splice(a, 1)) : h?.start === n && (h.start++, h.start === h.end && (i.splice(a, 1), h = i[a], h?.start === n + 1 && h.value === t && (m.end = h.end, i.splice(a, 1))));
			else if (h?.value === t && h.start === n + 1) h.start--, m?.end > n && (m.end = n, m.end === m.start && i.splice(a, 1));
			else if (h?.start === n && h.end === n + 1) {
				h.value = t;
				let e = i[a + 1];
				e?.start == n + 1 && e.value === t && (i.splice(a + 1, 1), h.end = e.end);
			} else n === h?.start && h.start++, f && l > n + 1 ? i.splice(p, 0, d, {
				start: n + 1,
				end: m.end,
				value: m.value
			}) : i.splice(p, 0, d), m?.end > n && (m.end = n);
		}, this.width = e, this.height = t, this.depth = n, this.jMultiple = e, this.kMultiple = this.jMultiple * t;
	}
	toIJK(e) {
		let t = e % this.jMultiple;
		return [
			t,
			(e - t) / this.jMultiple % this.height,
			Math.floor(e / this.kMultiple)
		];
	}
	toIndex([e, t, n]) {
		return e + n * this.kMultiple + t * this.jMultiple;
	}
	getRLE(e, t, n = 0) {
		let r = this.rows.get(t + n * this.height);
		if (!r) return;
		let i = r[this.findIndex(r, e)];
		return e >= i?.start ? i : void 0;
	}
	has(e) {
		let t = e % this.jMultiple, n = (e - t) / this.jMultiple;
		return this.getRLE(t, n)?.value !== void 0;
	}
	delete(e) {
		let t = e % this.width, n = (e - t) / this.width, r = this.rows.get(n);
		if (!r) return;
		let i = this.findIndex(r, t), a = r[i];
		if (!a || a.start > t) return;
		if (a.end === t + 1) {
			a.end--, a.start >= a.end && (r.splice(i, 1), r.length || this.rows.delete(n));
			return;
		}
		if (a.start === t) {
			a.start++;
			return;
		}
		let o = {
			value: a.value,
			start: t + 1,
			end: a.end
		};
		a.end = t, r.splice(i + 1, 0, o);
	}
	findIndex(e, t) {
		for (let n = 0; n < e.length; n++) {
			let { end: r } = e[n];
			if (t < r) return n;
		}
		return e.length;
	}
	forEach(e, t) {
		let n = t?.rowModified;
		for (let [t, r] of this.rows) {
			let i = n ? [...r] : r;
			for (let n of i) e(t * this.width, n, r);
		}
	}
	forEachRow(e) {
		for (let [t, n] of this.rows) e(t * this.width, n);
	}
	clear() {
		this.rows.clear();
	}
	keys() {
		return [...this.rows.keys()];
	}
	getPixelData(e = 0, t) {
		let n = this.defaultValue ?? 0;
		t ? t.fill(n) : (t = new (this.pixelDataConstructor ?? Uint8Array)(this.width * this.height * this.numComps), n !== 0 && t.fill(n));
		let { width: r, height: i, numComps: a } = this;
		for (let n = 0; n < i; n++) {
			let i = this.getRun(n, e);
			if (i) {
				if (a === 1) for (let e of i) {
					let i = n * r, { start: a, end: o, value: s } = e;
					for (let e = a; e < o; e++) t[i + e] = s;
				}
				else for (let e of i) {
					let i = n * r * a, { start: o, end: s, value: c } = e;
					for (let e = o; e < s; e += a) for (let n = 0; n < a; n++) t[i + e + n] = c[n];
				}
			}
		}
		return t;
	}
	floodFill(e, t, n, r, i) {
		let a = this.getRLE(e, t, n);
		if (!a) throw Error(`Initial point ${e},${t},${n} isn't in the RLE`);
		let o = [[
			a,
			t,
			n
		]], s = a.value;
		if (s === r) throw Error(`source (${s}) and destination (${r}) are identical`);
		return this.flood(o, s, r, i);
	}
	flood(e, t, n, r) {
		let i = 0, { planar: a = !0, diagonals: o = !0, singlePlane: s = !1 } = r || {}, c = {
			planar: a,
			diagonals: o,
			singlePlane: s
		};
		for (; e.length;) {
			let r = e.pop(), [a] = r;
			if (a.value !== t) continue;
			a.value = n, i += a.end - a.start;
			let o = this.findAdjacents(r, c).filter((e) => e && e[0].value === t);
			e.push(...o);
		}
		return i;
	}
	fillFrom(e, t) {
		for (let n = t[2][0]; n <= t[2][1]; n++) for (let r = t[1][0]; r <= t[1][1]; r++) {
			let i, a;
			for (let o = t[0][0]; o <= t[0][1]; o++) {
				let t = e(o, r, n);
				t === void 0 ? i = void 0 : (a || (a = [], this.rows.set(r + n * this.height, a)), i && i.value !== t && (i = void 0), i || (i = {
					start: o,
					end: o,
					value: t
				}, a.push(i)), i.end++);
			}
		}
	}
	findAdjacents(e, { diagonals: t = !0, planar: n = !0, singlePlane: r = !1 }) {
		let [i, a, o, s] = e, { start: c, end: l } = i, u = c > 0 && this.getRLE(c - 1, a, o), d = l < this.width && this.getRLE(l, a, o), f = t ? [c > 0 ? c - 1 : c, l < this.width ? l + 1 : l] : [c, l], p = [];
		u && p.push([
			u,
			a,
			o
		]), d && p.push([
			d,
			a,
			o
		]);
		for (let e of s || (r ? vi : _i)) {
			let [, t, i] = e, c = t + a, l = i + o;
			if (c < 0 || c >= this.height || l < 0 || l >= this.depth) continue;
			let u = this.getRun(c, l);
			if (u) for (let e of u) {
				let t = s || r && vi || n && i > 0 && bi || n && i < 0 && yi || _i;
				e.end <= f[0] || e.start >= f[1] || p.push([
					e,
					c,
					l,
					t
				]);
			}
		}
		return p;
	}
};
xi.getScalarData = function(e) {
	let t = e ?? this.map?.pixelDataConstructor ?? Uint8ClampedArray, n = this.map?.depth || 1, r = new t(this.frameSize * n);
	return this.map.updateScalarData(r), r;
};
// node_modules/@cornerstonejs/core/dist/esm/utilities/isEqual.js
var Si = He, Ci = class e {
	constructor(e = {}) {
		this._dimensions = 3, this._length = 0, this._byteSize = 4, this.growSize = 128;
		let { initialSize: t = 1024, dimensions: n = 3, growSize: r = 128 } = e, i = t * n;
		this.growSize = r, this.array = new ArrayBuffer(i * this._byteSize), this.data = new Float32Array(this.array), this._dimensions = n;
	}
	forEach(e) {
		for (let t = 0; t < this._length; t++) e(this.getPoint(t), t);
	}
	get length() {
		return this._length;
	}
	get dimensions() {
		return this._dimensions;
	}
	get dimensionLength() {
		return this._length * this._dimensions;
	}
	getPoint(e) {
		if (e < 0 && (e += this._length), e < 0 || e >= this._length) return;
		let t = this._dimensions * e;
		return this.data.subarray(t, t + this._dimensions);
	}
	getPointArray(e) {
		let t = [];
		if (e < 0 && (e += this._length), e < 0 || e >= this._length) return;
		let n = this._dimensions * e;
		for (let e = 0; e < this._dimensions; e++) t.push(this.data[e + n]);
		return t;
	}
	grow(e = 1, t = this.growSize) {
		if (this.dimensionLength + e * this._dimensions <= this.data.length) return;
		let n = this.data.length + t, r = new ArrayBuffer(n * this._dimensions * this._byteSize), i = new Float32Array(r);
		i.set(this.data), this.data = i, this.array = r;
	}
	reverse() {
		let e = Math.floor(this._length / 2);
		for (let t = 0; t < e; t++) {
			let e = t * this._dimensions, n = (this._length - 1 - t) * this._dimensions;
			for (let t = 0; t < this._dimensions; t++) {
				let r = this.data[e + t];
				this.data[e + t] = this.data[n + t], this.data[n + t] = r;
			}
		}
	}
	getTypedArray() {
		return this.data;
	}
	push(e) {
		this.grow(1);
		let t = this.length * this._dimensions;
		for (let n = 0; n < this._dimensions; n++) this.data[n + t] = e[n];
		this._length++;
	}
	map(e) {
		let t = [];
		for (let n = 0; n < this._length; n++) t.push(e(this.getPoint(n), n));
		return t;
	}
	get points() {
		return this.map((e) => e);
	}
	toXYZ() {
		let e = {
			x: [],
			y: []
		};
		this._dimensions >= 3 && (e.z = []);
		let { x: t, y: n, z: r } = e;
		return this.forEach((e) => {
			t.push(e[0]), n.push(e[1]), r && r.push(e[2]);
		}), e;
	}
	static fromXYZ({ x: t, y: n, z: r }) {
		let i = e.create3(t.length), a = 0;
		for (let e = 0; e < t.length; e++) i.data[a++] = t[e], i.data[a++] = n[e], i.data[a++] = r ? r[e] : 0;
		return i._length = t.length, i;
	}
	subselect(t = 10, n = 0) {
		let r = new e({
			initialSize: t,
			dimensions: this._dimensions
		});
		for (let e = 0; e < t; e++) {
			let i = (n + Math.floor(this.length * e / t)) % this.length;
			r.push(this.getPoint(i));
		}
		return r;
	}
	static create3(t = 128, n) {
		t = Math.max(t, n?.length || 0);
		let r = new e({
			initialSize: t,
			dimensions: 3
		});
		return n && n.forEach((e) => r.push(e)), r;
	}
	static create2(t = 128) {
		return new e({
			initialSize: t,
			dimensions: 2
		});
	}
};
// node_modules/@cornerstonejs/core/dist/esm/utilities/createPositionCallback.js
function wi(e) {
	let t = I(), n = e.getDimensions(), r = Ci.create3(n[0]), i = Ci.create3(n[1]), a = Ci.create3(n[2]), o = e.getDirection(), s = o.slice(0, 3), c = o.slice(3, 6), l = o.slice(6, 9), [u, d, f] = e.getSpacing(), p = e.indexToWorld([
		0,
		0,
		0
	]), m = Pr(s[0] * u, s[1] * u, s[2] * u), h = Pr(c[0] * d, c[1] * d, c[2] * d), g = Pr(l[0] * f, l[1] * f, l[2] * f), _ = I();
	for (let e = 0; e < n[0]; e++) r.push(Lr(_, p, zr(_, m, e)));
	for (let e = 0; e < n[1]; e++) i.push(zr(_, h, e));
	for (let e = 0; e < n[2]; e++) a.push(zr(_, g, e));
	let v = r.getTypedArray(), y = i.getTypedArray(), b = a.getTypedArray();
	return (e, n = t) => {
		let [r, i, a] = e, o = r * 3, s = i * 3, c = a * 3;
		return n[0] = v[o] + y[s] + b[c], n[1] = v[o + 1] + y[s + 1] + b[c + 1], n[2] = v[o + 2] + y[s + 2] + b[c + 2], n;
	};
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/pointInShapeCallback.js
function Ti({ voxelManager: e, bounds: t, imageData: n, pointInShapeFn: r, callback: i, returnPoints: a }) {
	let [[o, s], [c, l], [u, d]] = t, f = wi(n), p = [
		0,
		0,
		0
	], m = [];
	for (let t = u; t <= d; t++) {
		p[2] = t;
		for (let t = c; t <= l; t++) {
			p[1] = t;
			for (let t = o; t <= s; t++) {
				p[0] = t;
				let n = f(p);
				if (r(n, p)) {
					let t = e.toIndex(p), r = e.getAtIndex(t);
					a && m.push({
						value: r,
						index: t,
						pointIJK: [...p],
						pointLPS: n.slice()
					}), i?.({
						value: r,
						index: t,
						pointIJK: p,
						pointLPS: n
					});
				}
			}
		}
	}
	return m;
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/VoxelManager.js
var Ei = qt.getLogger("utilities", "VoxelManager"), Di = 5120, Oi = [
	0,
	0,
	0
], ki = [
	0,
	0,
	0
], Ai = /* @__PURE__ */ new WeakMap(), ji = class e {
	get id() {
		return this._id;
	}
	constructor(t, n) {
		this.modifiedSlices = /* @__PURE__ */ new Set(), this.boundsIJK = [
			[Infinity, -Infinity],
			[Infinity, -Infinity],
			[Infinity, -Infinity]
		], this.scalarData = null, this._scalarDataIsCachedExpansion = !1, this._sliceDataCache = null, this.getAtIJK = (e, t, n) => this._get(e + t * this.width + n * this.frameSize), this.setAtIJK = (t, n, r, i) => {
			let a = t + n * this.width + r * this.frameSize, o = this._set(a, i);
			return o !== !1 && (this.modifiedSlices.add(r), e.addBounds(this.boundsIJK, [
				t,
				n,
				r
			]), this.invalidateCachedScalarExpansion()), o;
		}, this.getAtIJKPoint = ([e, t, n]) => this.getAtIJK(e, t, n), this.setAtIJKPoint = ([e, t, n], r) => {
			this.setAtIJK(e, t, n, r);
		}, this.getAtIndex = (e) => this._get(e), this.setAtIndex = (t, n) => {
			let r = this._set(t, n);
			if (r !== !1) {
				let n = this.toIJK(t);
				this.modifiedSlices.add(n[2]), e.addBounds(this.boundsIJK, n), this.invalidateCachedScalarExpansion();
			}
			return r;
		}, this.getMiddleSliceData = () => {
			let e = Math.floor(this.dimensions[2] / 2);
			return this.getSliceData({
				sliceIndex: e,
				slicePlane: 2
			});
		}, this.forEach = (e, t = {}) => {
			let n = t.boundsIJK || this.getBoundsIJK(), r = t.isInObject || this.isInObject || (() => !0), i = t.returnPoints || !1, a = t.imageData, o = Math.min(n[0][0], n[0][1]), s = Math.max(n[0][0], n[0][1]), c = Math.min(n[1][0], n[1][1]), l = Math.max(n[1][0], n[1][1]), u = Math.min(n[2][0], n[2][1]), d = Math.max(n[2][0], n[2][1]), f = [];
			if (a) return Ti({
				voxelManager: this,
				imageData: t.imageData,
				bounds: [
					[o, s],
					[c, l],
					[u, d]
				],
				pointInShapeFn: r,
				callback: e,
				returnPoints: i
			});
			if (this.map) {
				if (this.map instanceof xi) return this.rleForEach(e, t);
				for (let t of this.map.keys()) {
					let n = this.toIJK(t);
					if (!r(null, n)) continue;
					let a = this._get(t);
					i && f.push({
						value: a,
						index: t,
						pointIJK: n,
						pointLPS: null
					}), e({
						value: a,
						index: t,
						pointIJK: n,
						pointLPS: null
					});
				}
				return f;
			}
			for (let t = u; t <= d; t++) {
				let n = t * this.frameSize;
				for (let a = c; a <= l; a++) {
					let c = n + a * this.width;
					for (let n = o, l = c + n; n <= s; n++, l++) {
						let o = this.getAtIndex(l), s = [
							n,
							a,
							t
						];
						r(null, s) && (i && f.push({
							value: o,
							index: l,
							pointIJK: s,
							pointLPS: null
						}), e({
							value: o,
							index: l,
							pointIJK: [
								n,
								a,
								t
							],
							pointLPS: null
						}));
					}
				}
			}
			return f;
		}, this.getSliceData = ({ sliceIndex: e, slicePlane: t }) => {
			let [n, r, i] = this.dimensions, a = n * r, o = e * a, s, c = this.getConstructor();
			function l(e) {
				return typeof e == "function";
			}
			if (!l(c)) return /* @__PURE__ */ new Uint8Array();
			let u;
			switch (t) {
				case 0:
					s = r * i, u = new c(s);
					for (let t = 0; t < r; t++) for (let o = 0; o < i; o++) {
						let i = e + t * n + o * a;
						this.setSliceDataValue(u, t + o * r, this._get(i));
					}
					break;
				case 1:
					s = n * i, u = new c(s);
					for (let t = 0; t < n; t++) for (let r = 0; r < i; r++) {
						let i = t + e * n + r * a;
						this.setSliceDataValue(u, t + r * n, this._get(i));
					}
					break;
				case 2:
					s = n * r, u = new c(s);
					for (let e = 0; e < s; e++) this.setSliceDataValue(u, e, this._get(o + e));
					break;
				default: throw Error("Oblique plane - todo - implement as ortho normal vector");
			}
			return u;
		}, this.dimensions = t, this.width = t[0], this.frameSize = this.width * t[1], this._get = n._get, this._set = n._set, this._id = n._id || "", this._getConstructor = n._getConstructor, this.numberOfComponents = n.numberOfComponents || 1, this.scalarData = n.scalarData, this._getScalarData = n._getScalarData, this._updateScalarData = n._updateScalarData;
	}
	getMinMax() {
		let e, t;
		return this.forEach(({ value: n }) => {
			let r = Array.isArray(n);
			if (e === void 0 && (e = r ? [...n] : n, t = r ? [...n] : n), r) for (let r = 0; r < n.length; r++) e[r] = Math.min(e[r], n[r]), t[r] = Math.max(t[r], n[r]);
			else e = Math.min(e, n), t = Math.max(t, n);
		}, { boundsIJK: this.getDefaultBounds() }), {
			min: e,
			max: t
		};
	}
	invalidateCachedScalarExpansion() {
		this._scalarDataIsCachedExpansion &&= (this.scalarData = null, !1);
	}
	toIJK(e) {
		return [
			e % this.width,
			Math.floor(e % this.frameSize / this.width),
			Math.floor(e / this.frameSize)
		];
	}
	toIndex(e) {
		return e[0] + e[1] * this.width + e[2] * this.frameSize;
	}
	getDefaultBounds() {
		return this.dimensions.map((e) => [0, e - 1]);
	}
	getBoundsIJK() {
		return this.boundsIJK[0][0] < this.dimensions[0] ? this.boundsIJK : this.getDefaultBounds();
	}
	rleForEach(e, t) {
		let n = t?.boundsIJK || this.getBoundsIJK(), { isWithinObject: r } = t || {}, i = this.map;
		if (!i) Ei.warn("No map found, you need to use a map voxel manager to use rleForEach");
		else for (let t = n[2][0]; t <= n[2][1]; t++) for (let a = n[1][0]; a <= n[1][1]; a++) {
			let n = i.getRun(a, t);
			if (n) for (let i of n) {
				let { start: n, end: o, value: s } = i, c = this.toIndex([
					0,
					a,
					t
				]);
				for (let i = n; i < o; i++) {
					let n = {
						value: s,
						index: c + i,
						pointIJK: [
							i,
							a,
							t
						]
					};
					r?.(n) !== !1 && e(n);
				}
			}
		}
	}
	getScalarData(e = !1) {
		if (this.scalarData) return this._updateScalarData?.(this.scalarData), this.scalarData;
		if (this._getScalarData) {
			let t = this._getScalarData();
			return e && (this.scalarData = t, this._scalarDataIsCachedExpansion = !0), t;
		}
		throw Error("No scalar data available");
	}
	setScalarData(e) {
		this.scalarData = e, this._scalarDataIsCachedExpansion = !1;
	}
	getWritableScalarData() {
		return this._scalarDataIsCachedExpansion ? void 0 : this.scalarData ?? void 0;
	}
	setFromScalarData(e) {
		let t = this.map;
		if (t instanceof xi) {
			let [n, r, i] = this.dimensions, a = t.defaultValue ?? 0;
			t.clear(), t.fillFrom((t, r, i) => {
				let o = e[t + r * n + i * this.frameSize];
				return o === a ? void 0 : o;
			}, [
				[0, n - 1],
				[0, r - 1],
				[0, (i ?? 1) - 1]
			]), this.invalidateCachedScalarExpansion();
		} else this.getScalarData().set(e);
	}
	getScalarDataLength() {
		if (this.scalarData) return this.scalarData.length;
		if (this._getScalarDataLength) return this._getScalarDataLength();
		let [e, t, n] = this.dimensions ?? [];
		if (e && t) return e * t * (n || 1) * this.numberOfComponents;
		throw Error("No scalar data available");
	}
	get sizeInBytes() {
		return this.getScalarDataLength() * this.bytePerVoxel;
	}
	get bytePerVoxel() {
		if (this.scalarData) return this.scalarData.BYTES_PER_ELEMENT;
		let e = this._getConstructor?.();
		return e?.BYTES_PER_ELEMENT ? e.BYTES_PER_ELEMENT : this.map instanceof xi ? (this.map.pixelDataConstructor ? this.map.pixelDataConstructor : Uint8ClampedArray).BYTES_PER_ELEMENT : this._get(0).BYTES_PER_ELEMENT;
	}
	clearBounds() {
		this.boundsIJK.map((e) => {
			e[0] = Infinity, e[1] = -Infinity;
		});
	}
	clear() {
		this.map?.clear(), this.clearBounds(), this.modifiedSlices.clear(), this.points?.clear();
	}
	getConstructor() {
		return this.scalarData ? this.scalarData.constructor : this._getConstructor ? this._getConstructor() : (Ei.warn("No scalar data available or can be used to get the constructor"), Float32Array);
	}
	getArrayOfModifiedSlices() {
		return Array.from(this.modifiedSlices);
	}
	resetModifiedSlices() {
		this.modifiedSlices.clear();
	}
	setBounds(e) {
		this.boundsIJK = e;
	}
	static addBounds(e, t) {
		e ||= [
			[Infinity, -Infinity],
			[Infinity, -Infinity],
			[Infinity, -Infinity]
		], e[0][0] = Math.min(t[0], e[0][0]), e[0][1] = Math.max(t[0], e[0][1]), e[1][0] = Math.min(t[1], e[1][0]), e[1][1] = Math.max(t[1], e[1][1]), e[2][0] = Math.min(t[2], e[2][0]), e[2][1] = Math.max(t[2], e[2][1]);
	}
	static getWorldToIndexTransform(e) {
		let t = Ai.get(e);
		if (t) return t;
		let n = e.direction, r = e.spacing, i = sr(n[0] / r[0], n[3] / r[1], n[6] / r[2], n[1] / r[0], n[4] / r[1], n[7] / r[2], n[2] / r[0], n[5] / r[1], n[8] / r[2]);
		return Ai.set(e, i), i;
	}
	static worldToIndexContinuous(t, n) {
		let r = t.origin;
		Oi[0] = n[0] - r[0], Oi[1] = n[1] - r[1], Oi[2] = n[2] - r[2];
		let i = Kr(ki, Oi, e.getWorldToIndexTransform(t));
		return [
			i[0],
			i[1],
			i[2]
		];
	}
	static sampleAtWorldCoordinates(t, n, r, i, a = Se.LINEAR) {
		if (!t.voxelManager) return NaN;
		let o = t.origin;
		Oi[0] = n - o[0], Oi[1] = r - o[1], Oi[2] = i - o[2];
		let s = Kr(ki, Oi, e.getWorldToIndexTransform(t));
		return e.sampleAtContinuousCoordinates(t.voxelManager, t.dimensions, s[0], s[1], s[2], a);
	}
	static sampleAtWorld(t, n, r = Se.LINEAR) {
		return e.sampleAtWorldCoordinates(t, n[0], n[1], n[2], r);
	}
	static sampleAtContinuousIndex(t, n, r, i = Se.LINEAR) {
		return e.sampleAtContinuousCoordinates(t, n, r[0], r[1], r[2], i);
	}
	static sampleAtContinuousCoordinates(t, n, r, i, a, o) {
		return o === Se.NEAREST ? e.sampleNearestAtContinuousCoordinates(t, n, r, i, a) : e.sampleLinearAtContinuousCoordinates(t, n, r, i, a);
	}
	static sampleNearestAtContinuousCoordinates(e, t, n, r, i) {
		let a = Math.floor(n + .5 - 1e-6), o = Math.floor(r + .5 - 1e-6), s = Math.floor(i + .5 - 1e-6), c = t[0], l = t[1], u = t[2];
		return a < 0 || a >= c || o < 0 || o >= l || s < 0 || s >= u ? NaN : Number(e.getAtIJK(a, o, s));
	}
	static sampleLinearAtContinuousCoordinates(e, t, n, r, i) {
		let a = t[0], o = t[1], s = t[2];
		if (n < 0 || n > a - 1 || r < 0 || r > o - 1 || i < 0 || i > s - 1) return NaN;
		let c = Math.floor(n), l = Math.floor(r), u = Math.floor(i), d = Math.min(c + 1, a - 1), f = Math.min(l + 1, o - 1), p = Math.min(u + 1, s - 1), m = n - c, h = r - l, g = i - u, _ = 1 - m, v = 1 - h, y = 1 - g, b = Number(e.getAtIJK(c, l, u)), x = Number(e.getAtIJK(d, l, u)), S = Number(e.getAtIJK(c, f, u)), C = Number(e.getAtIJK(d, f, u)), w = Number(e.getAtIJK(c, l, p)), T = Number(e.getAtIJK(d, l, p)), E = Number(e.getAtIJK(c, f, p)), D = Number(e.getAtIJK(d, f, p)), O = b * _ + x * m, k = S * _ + C * m, A = w * _ + T * m, ee = E * _ + D * m, te = O * v + k * h, ne = A * v + ee * h;
		return te * y + ne * g;
	}
	addPoint(e) {
		let t = Array.isArray(e) ? e[0] + this.width * e[1] + this.frameSize * e[2] : e;
		this.points ||= /* @__PURE__ */ new Set(), this.points.add(t);
	}
	getPoints() {
		return this.points ? [...this.points].map((e) => this.toIJK(e)) : [];
	}
	setSliceDataValue(e, t, n) {
		if (Array.isArray(n)) for (let r = 0; r < n.length; r++) e[t * n.length + r] = this.toNumber(n[r]);
		else e[t] = this.toNumber(n);
	}
	toNumber(e) {
		return typeof e == "number" ? e : Array.isArray(e) && e[0] || 0;
	}
	static _createRGBScalarVolumeVoxelManager({ dimensions: t, scalarData: n, numberOfComponents: r = 3, id: i }) {
		let a = new e(t, {
			_get: (e) => (e *= r, [
				n[e++],
				n[e++],
				n[e++]
			]),
			_id: i || "_createRGBScalarVolumeVoxelManager",
			_set: (e, t) => {
				e *= 3;
				let r = !Si(n[e], t);
				return n[e++] = t[0], n[e++] = t[1], n[e++] = t[2], r;
			},
			numberOfComponents: r,
			scalarData: n
		});
		return a.clear = () => {
			n.fill(0);
		}, a;
	}
	static createImageVolumeVoxelManager({ dimensions: t, imageIds: n, numberOfComponents: r = 1, id: i }) {
		let a = t[0] * t[1], o = t[2], s = Array(o), c = -1, l = null, u = /* @__PURE__ */ new Set(), d = /* @__PURE__ */ new Set(), f = (e) => {
			if (e < 0 || e >= o) return null;
			let t = s[e];
			if (t !== void 0) return t;
			let r = n[e];
			if (!r) return u.has(e) || (u.add(e), Ei.warn(`ImageId not found for sliceIndex: ${e}`)), s[e] = null, null;
			let i = Wn.getImage(r);
			if (!i?.voxelManager) return d.has(r) || (d.add(r), Ei.warn(`Image not found for imageId: ${r}`)), null;
			let a = i.voxelManager;
			return s[e] = a, a;
		};
		function p(e) {
			let t = Math.floor(e / a);
			if (t < 0 || t >= o) return null;
			let n = t === c ? l : f(t);
			if (!n) return null;
			t !== c && (c = t, l = n);
			let r = e - t * a;
			return n.getAtIndex(r);
		}
		function m(e, t) {
			let n = Math.floor(e / a);
			if (n < 0 || n >= o) return !1;
			let r = n === c ? l : f(n);
			if (!r) return !1;
			n !== c && (c = n, l = r);
			let i = e - n * a;
			return !Si(t, r.getAtIndex(i)) && (r.setAtIndex(i, t), !0);
		}
		let h = new e(t, {
			_get: p,
			_set: m,
			numberOfComponents: r,
			_getConstructor: () => {
				let e = f(0);
				return e ? e.getConstructor() : null;
			},
			_id: i || "createImageVolumeVoxelManager"
		});
		return h.invalidateCache = () => {
			s.fill(void 0), c = -1, l = null;
		}, h.getMiddleSliceData = () => {
			let e = Math.floor(t[2] / 2);
			return h.getSliceData({
				sliceIndex: e,
				slicePlane: 2
			});
		}, h.clear = () => {
			for (let e of n) Wn.getImage(e).voxelManager.clear();
		}, h.getRange = () => {
			let e = Infinity, t = -Infinity;
			for (let r of n) {
				let n = Wn.getImage(r);
				n && (n.minPixelValue < e && (e = n.minPixelValue), n.maxPixelValue > t && (t = n.maxPixelValue));
			}
			return e === Infinity && t === -Infinity ? [0, 0] : [e, t];
		}, h._getScalarDataLength = () => {
			let e = f(0);
			return e ? e.getScalarDataLength() * t[2] : 0;
		}, h.getCompleteScalarDataArray = () => {
			let e = h._getConstructor();
			if (!e) return /* @__PURE__ */ new Uint8Array();
			let n = new e(h.getScalarDataLength()), i = t[0] * t[1] * r;
			for (let e = 0; e < t[2]; e++) {
				let t = f(e);
				if (t) {
					let a = e * i, o = t.getScalarData();
					if (r === 1) n.set(o, a);
					else for (let e = 0; e < o.length; e += r) for (let t = 0; t < r; t++) n[a + e + t] = o[e + t];
				}
			}
			return n;
		}, h.setCompleteScalarDataArray = (e) => {
			let i = t[0] * t[1] * r, a = h._getConstructor(), o = Infinity, s = -Infinity;
			for (let r = 0; r < t[2]; r++) {
				let t = f(r);
				if (t && a) {
					let c = r * i, l = c + i, u = new a(i);
					if (u.set(e.subarray(c, l)), t.scalarData) t.scalarData.set(u), t.modifiedSlices.add(r);
					else for (let e = 0; e < i; e++) t.setAtIndex(e, u[e]);
					for (let e = 0; e < u.length; e++) {
						let t = u[e];
						o = Math.min(o, t), s = Math.max(s, t);
					}
					let d = n[r], f = Wn.getImage(d);
					f && (f.minPixelValue = o, f.maxPixelValue = s);
				}
			}
			for (let e = 0; e < t[2]; e++) h.modifiedSlices.add(e);
			h.boundsIJK = [
				[0, t[0] - 1],
				[0, t[1] - 1],
				[0, t[2] - 1]
			];
		}, h;
	}
	static createScalarVolumeVoxelManager({ dimensions: t, scalarData: n, numberOfComponents: r, id: i }) {
		if (t.length !== 3) throw Error("Dimensions must be provided as [number, number, number] for [width, height, depth]");
		if (!r && (r = n.length / t[0] / t[1] / t[2], r > 4 || r < 1 || r === 2)) throw Error(`Number of components ${r} must be 1, 3 or 4`);
		return r > 1 ? e._createRGBScalarVolumeVoxelManager({
			dimensions: t,
			scalarData: n,
			numberOfComponents: r,
			id: i
		}) : e._createNumberVolumeVoxelManager({
			dimensions: t,
			scalarData: n,
			id: i
		});
	}
	static createScalarDynamicVolumeVoxelManager({ imageIdGroups: t, dimensions: n, dimensionGroupNumber: r = 1, timePoint: i = 0, numberOfComponents: a = 1, id: o }) {
		let s = 0;
		if (r === void 0 ? i !== void 0 && (Ei.warn("Warning: timePoint parameter is deprecated. Please use dimensionGroupNumber instead. timePoint is zero-based while dimensionGroupNumber starts at 1."), s = i) : s = r - 1, !a) {
			let e = Wn.getImage(t[0][0]);
			if (!e) throw Error("Unable to determine number of components: No image found");
			if (a = e.getPixelData().length / (n[0] * n[1]), a > 4 || a < 1 || a === 2) throw Error(`Number of components ${a} must be 1, 3 or 4`);
		}
		let c = t.map((t) => e.createImageVolumeVoxelManager({
			dimensions: n,
			imageIds: t,
			numberOfComponents: a,
			id: o
		})), l = new e(n, {
			_get: (e) => c[s]._get(e),
			_set: (e, t) => c[s]._set(e, t),
			numberOfComponents: a,
			_id: o || "createScalarDynamicVolumeVoxelManager"
		});
		return l.getScalarDataLength = () => c[s].getScalarDataLength(), l.getConstructor = () => c[s].getConstructor(), l.getRange = () => c[s].getRange(), l.getMiddleSliceData = () => c[s].getMiddleSliceData(), l.setTimePoint = (e) => {
			Ei.warn("Warning: setTimePoint is deprecated. Please use setDimensionGroupNumber instead. Note that timePoint is zero-based while dimensionGroupNumber starts at 1."), l.setDimensionGroupNumber(e + 1);
		}, l.setDimensionGroupNumber = (e) => {
			s = e - 1, l._get = (e) => c[s]._get(e), l._set = (e, t) => c[s]._set(e, t);
		}, l.getAtIndexAndTimePoint = (e, t) => (Ei.warn("Warning: getAtIndexAndTimePoint is deprecated. Please use getAtIndexAndDimensionGroup instead. Note that timePoint is zero-based while dimensionGroupNumber starts at 1."), l.getAtIndexAndDimensionGroup(e, t + 1)), l.getAtIndexAndDimensionGroup = (e, t) => c[t - 1]._get(e), l.getTimePointScalarData = (e) => (Ei.warn("Warning: getTimePointScalarData is deprecated. Please use getDimensionGroupScalarData instead. Note that timePoint is zero-based while dimensionGroupNumber starts at 1."), l.getDimensionGroupScalarData(e + 1)), l.getDimensionGroupScalarData = (e) => c[e - 1].getCompleteScalarDataArray(), l.getCurrentTimePointScalarData = () => (Ei.warn("Warning: getCurrentTimePointScalarData is deprecated. Please use getCurrentDimensionGroupScalarData instead."), l.getCurrentDimensionGroupScalarData()), l.getCurrentDimensionGroupScalarData = () => c[s].getCompleteScalarDataArray(), l.getCompleteScalarDataArray = () => c[s].getCompleteScalarDataArray(), l.getCurrentTimePoint = () => (Ei.warn("Warning: getCurrentTimePoint is deprecated. Please use getCurrentDimensionGroupNumber instead. Note that timePoint is zero-based while dimensionGroupNumber starts at 1."), s), l.getCurrentDimensionGroupNumber = () => s + 1, l;
	}
	static createImageVoxelManager({ width: t, height: n, scalarData: r, numberOfComponents: i = 1, id: a }) {
		let o = [
			t,
			n,
			1
		];
		if (!i && (i = r.length / t / n, i > 4 || i < 1 || i === 2)) throw Error(`Number of components ${i} must be 1, 3 or 4`);
		return i > 1 ? e._createRGBScalarVolumeVoxelManager({
			dimensions: o,
			scalarData: r,
			numberOfComponents: i,
			id: a
		}) : e._createNumberVolumeVoxelManager({
			dimensions: o,
			scalarData: r,
			id: a
		});
	}
	static _createNumberVolumeVoxelManager({ dimensions: t, scalarData: n, id: r }) {
		let i = new e(t, {
			_get: (e) => n[e],
			_set: (e, t) => {
				let r = n[e] !== t;
				return n[e] = t, r;
			},
			_getConstructor: () => n.constructor,
			_id: r || "_createNumberVolumeVoxelManager"
		});
		return i.scalarData = n, i.clear = () => {
			i.scalarData.fill(0);
		}, i.getMiddleSliceData = () => {
			let e = Math.floor(t[2] / 2);
			return i.getSliceData({
				sliceIndex: e,
				slicePlane: 2
			});
		}, i;
	}
	static createMapVoxelManager({ dimension: t, id: n }) {
		let r = /* @__PURE__ */ new Map(), i = new e(t, {
			_get: r.get.bind(r),
			_set: (e, t) => r.set(e, t) && !0,
			_id: n || "createMapVoxelManager"
		});
		return i.map = r, i;
	}
	static createHistoryVoxelManager(t, n) {
		let r = /* @__PURE__ */ new Map(), { dimensions: i } = t, a = new e(i, {
			_get: (e) => r.get(e),
			_set: function(e, t) {
				if (r.has(e)) t === r.get(e) && r.delete(e);
				else {
					let n = this.sourceVoxelManager.getAtIndex(e);
					if (n === t) return !1;
					r.set(e, n);
				}
				this.sourceVoxelManager.setAtIndex(e, t);
			},
			_id: n || "createHistoryVoxelManager"
		});
		return a.map = r, a.scalarData = t.scalarData, a.sourceVoxelManager = t, a;
	}
	static createRLEHistoryVoxelManager(t, n) {
		let { dimensions: r } = t, i = new xi(r[0], r[1], r[2]), a = new e(r, {
			_get: (e) => i.get(e),
			_set: function(e, t) {
				let n = i.get(e);
				if (n === void 0) {
					let n = this.sourceVoxelManager.getAtIndex(e);
					if (n === t || n === void 0 && t === 0 || t === null) return !1;
					i.set(e, n ?? 0);
				} else (t === n || t === null) && (i.delete(e), t = n);
				this.sourceVoxelManager.setAtIndex(e, t);
			},
			_getScalarData: xi.getScalarData,
			_updateScalarData: (e) => (i.updateScalarData(e), e),
			_id: n || "createRLEHistoryVoxelManager"
		});
		return a.map = i, a.sourceVoxelManager = t, a;
	}
	static createLazyVoxelManager({ dimensions: t, planeFactory: n, id: r }) {
		let i = /* @__PURE__ */ new Map(), [a, o] = t, s = a * o, c = new e(t, {
			_get: (e) => i.get(Math.floor(e / s))[e % s],
			_set: (e, t) => {
				let r = Math.floor(e / s), c = i.get(r);
				return c || (c = n(a, o), i.set(r, c)), c[e % s] = t, !0;
			},
			_id: r || "createLazyVoxelManager"
		});
		return c.map = i, c;
	}
	static createRLEVolumeVoxelManager({ dimensions: t, id: n, pixelDataConstructor: r, defaultValue: i }) {
		let [a, o, s] = t, c = new xi(a, o, s);
		r && (c.pixelDataConstructor = r), i !== void 0 && (c.defaultValue = i);
		let l = new e(t, {
			_get: (e) => c.get(e),
			_set: (e, t) => (c.set(e, t), !0),
			_getScalarData: xi.getScalarData,
			_getConstructor: r ? () => c.pixelDataConstructor : void 0,
			_updateScalarData: (e) => (c.updateScalarData(e), e),
			_id: n || "createRLEVolumeVoxelManager"
		});
		return l.map = c, l.getPixelData = c.getPixelData.bind(c), l;
	}
	static createRLEImageVoxelManager({ dimensions: t, id: n, pixelDataConstructor: r, defaultValue: i }) {
		let [a, o] = t;
		return e.createRLEVolumeVoxelManager({
			dimensions: [
				a,
				o,
				1
			],
			id: n,
			pixelDataConstructor: r,
			defaultValue: i
		});
	}
	static addInstanceToImage(t) {
		let { width: n, height: r } = t, i = t.voxelManager.getScalarData();
		i.length >= n * r ? t.voxelManager = e.createScalarVolumeVoxelManager({
			dimensions: [
				n,
				r,
				1
			],
			scalarData: i
		}) : (t.voxelManager = e.createRLEVolumeVoxelManager({ dimensions: [
			n,
			r,
			1
		] }), t.getPixelData = t.voxelManager.getPixelData, t.sizeInBytes = Di);
	}
}, Mi = new cn("imageLoadPool");
Mi.grabDelay = 0, Mi.setMaxSimultaneousRequests(M.Interaction, 1e3), Mi.setMaxSimultaneousRequests(M.Thumbnail, 1e3), Mi.setMaxSimultaneousRequests(M.Prefetch, 1e3);
// node_modules/@cornerstonejs/core/dist/esm/loaders/imageLoader.js
var Ni = {}, Pi;
function Fi(e) {
	return e.retrieveOptions?.imageQualityStatus ?? It.FULL_RESOLUTION;
}
function Ii(e, t) {
	let n = !t.ignoreCache && Wn.getImageLoadObject(e);
	if (n) return Li(n.promise, e), n;
	let r = !t.ignoreCache && Wn.getImage(e, Fi(t));
	if (r) {
		let t = { promise: Promise.resolve(r) };
		return Li(t.promise, e), t;
	}
	let i = e.split(":")[0], a = Ni[i] || Pi;
	if (!a) throw Error(`loadImageFromImageLoader: No image loader found for scheme '${i}'`);
	let o = a(e, t);
	return Li(o.promise, e), o;
}
function Li(e, t) {
	Promise.resolve(e).then((e) => {
		Ri(e), P(N, j.IMAGE_LOADED, { image: e });
	}).catch((e) => {
		let n = {
			imageId: t,
			error: e
		};
		P(N, j.IMAGE_LOAD_FAILED, n);
	});
}
function Ri(e) {
	if (!e.voxelManager) {
		let { width: t, height: n, numberOfComponents: r } = e, i = ji.createImageVoxelManager({
			scalarData: e.getPixelData(),
			width: t,
			height: n,
			numberOfComponents: r
		});
		e.voxelManager = i, e.getPixelData = () => i.getScalarData(), delete e.imageFrame.pixelData;
	}
}
function zi(e, t = {
	priority: 0,
	requestType: "prefetch"
}) {
	if (e === void 0) throw Error("loadAndCacheImage: parameter imageId must not be undefined");
	let n = Ii(e, t);
	return Wn.getImageLoadObject(e) || Wn.putImageLoadObject(e, n), n.promise;
}
function Bi(e, t) {
	Ni[e] = t;
}
// node_modules/@kitware/vtk.js/_virtual/_rolldown/runtime.js
var Vi = Object.defineProperty, Hi = (e, t) => {
	let n = {};
	for (var r in e) Vi(n, r, {
		get: e[r],
		enumerable: !0
	});
	return t || Vi(n, Symbol.toStringTag, { value: "Module" }), n;
}, Ui = { vtkObject: () => null };
function Wi(e) {
	if (e == null || e.isA) return e;
	if (!e.vtkClass) return globalThis.console && globalThis.console.error && globalThis.console.error("Invalid VTK object"), null;
	let t = Ui[e.vtkClass];
	if (!t) return globalThis.console && globalThis.console.error && globalThis.console.error(`No vtk class found for Object of type ${e.vtkClass}`), null;
	let n = { ...e };
	Object.keys(n).forEach((e) => {
		n[e] && typeof n[e] == "object" && n[e].vtkClass && (n[e] = Wi(n[e]));
	});
	let r = t(n);
	return r && r.modified && r.modified(), r;
}
function Gi(e, t) {
	Ui[e] = t;
}
Wi.register = Gi;
// node_modules/@kitware/vtk.js/Common/Core/ClassHierarchy.js
var Ki = class extends Array {
	push() {
		for (let e = 0; e < arguments.length; e++) this.includes(arguments[e]) || super.push(arguments[e]);
		return this.length;
	}
}, qi = /* @__PURE__ */ d((/* @__PURE__ */ c(((e, t) => {
	t.exports = function e(t, n) {
		if (t === n) return !0;
		if (t && n && typeof t == "object" && typeof n == "object") {
			if (t.constructor !== n.constructor) return !1;
			var r, i, a;
			if (Array.isArray(t)) {
				if (r = t.length, r != n.length) return !1;
				for (i = r; i-- !== 0;) if (!e(t[i], n[i])) return !1;
				return !0;
			}
			if (t.constructor === RegExp) return t.source === n.source && t.flags === n.flags;
			if (t.valueOf !== Object.prototype.valueOf) return t.valueOf() === n.valueOf();
			if (t.toString !== Object.prototype.toString) return t.toString() === n.toString();
			if (a = Object.keys(t), r = a.length, r !== Object.keys(n).length) return !1;
			for (i = r; i-- !== 0;) if (!Object.prototype.hasOwnProperty.call(n, a[i])) return !1;
			for (i = r; i-- !== 0;) {
				var o = a[i];
				if (!e(t[o], n[o])) return !1;
			}
			return !0;
		}
		return t !== t && n !== n;
	};
})))(), 1), Ji = /* @__PURE__ */ Hi({
	EVENT_ABORT: () => Fa,
	TYPED_ARRAYS: () => ua,
	VOID: () => Zi,
	_capitalize: () => B,
	algo: () => Pa,
	capitalize: () => pa,
	chain: () => Ra,
	debounce: () => Va,
	default: () => V,
	event: () => Ia,
	formatBytesToProperUnit: () => ha,
	formatNumbersWithThousandSeparator: () => ga,
	get: () => Ta,
	getArray: () => Aa,
	isVtkObject: () => za,
	keystore: () => Ua,
	measurePromiseExecution: () => Sa,
	moveToProtected: () => Na,
	newInstance: () => La,
	newTypedArray: () => da,
	newTypedArrayFrom: () => fa,
	normalizeWheel: () => Qa,
	obj: () => Ca,
	proxy: () => Ka,
	proxyPropertyMapping: () => qa,
	proxyPropertyState: () => Ja,
	requiredParam: () => Xi,
	set: () => Oa,
	setArray: () => ja,
	setGet: () => ka,
	setGetArray: () => Ma,
	setImmediateVTK: () => xa,
	setLoggerFunction: () => ra,
	throttle: () => Ha,
	traverseInstanceTree: () => Ba,
	uncapitalize: () => ma,
	vtkDebugMacro: () => oa,
	vtkErrorMacro: () => z,
	vtkInfoMacro: () => aa,
	vtkLogMacro: () => ia,
	vtkOnceErrorMacro: () => la,
	vtkWarningMacro: () => sa
}), Yi = 0, Xi = (e) => {
	throw Error(`Named parameter '${e}' is missing`);
}, Zi = Symbol("void");
function Qi() {
	return Yi;
}
var $i = {};
function ea() {}
[
	"log",
	"debug",
	"info",
	"warn",
	"error",
	"time",
	"timeEnd",
	"group",
	"groupEnd"
].forEach((e) => {
	$i[e] = ea;
});
var ta = globalThis.console && globalThis.console.hasOwnProperty("log") ? globalThis.console : $i, na = {
	debug: ea,
	error: ta.error || ea,
	info: ta.info || ea,
	log: ta.log || ea,
	warn: ta.warn || ea
};
function ra(e, t) {
	na[e] && (na[e] = t || ea);
}
function ia(...e) {
	na.log(...e);
}
function aa(...e) {
	na.info(...e);
}
function oa(...e) {
	na.debug(...e);
}
function z(...e) {
	na.error(...e);
}
function sa(...e) {
	na.warn(...e);
}
var ca = {};
function la(e) {
	ca[e] || (na.error(e), ca[e] = !0);
}
var ua = Object.create(null);
ua.Float32Array = Float32Array, ua.Float64Array = Float64Array, ua.Uint8Array = Uint8Array, ua.Int8Array = Int8Array, ua.Uint16Array = Uint16Array, ua.Int16Array = Int16Array, ua.Uint32Array = Uint32Array, ua.Int32Array = Int32Array, ua.Uint8ClampedArray = Uint8ClampedArray;
try {
	ua.BigInt64Array = BigInt64Array, ua.BigUint64Array = BigUint64Array;
} catch {}
function da(e, ...t) {
	return new (ua[e] || Float64Array)(...t);
}
function fa(e, ...t) {
	return (ua[e] || Float64Array).from(...t);
}
function pa(e) {
	return e.charAt(0).toUpperCase() + e.slice(1);
}
function B(e) {
	return pa(e[0] === "_" ? e.slice(1) : e);
}
function ma(e) {
	return e.charAt(0).toLowerCase() + e.slice(1);
}
function ha(e, t = 2, n = 1e3) {
	let r = [
		"TB",
		"GB",
		"MB",
		"KB"
	], i = Number(e), a = "B";
	for (; i > n;) i /= n, a = r.pop();
	return `${i.toFixed(t)} ${a}`;
}
function ga(e, t = " ") {
	let n = [], r = e;
	for (; r > 1e3;) n.push(`000${r % 1e3}`.slice(-3)), r = Math.floor(r / 1e3);
	return r > 0 && n.push(r), n.reverse(), n.join(t);
}
function _a(e) {
	Object.keys(e).forEach((t) => {
		Array.isArray(e[t]) && (e[t] = [].concat(e[t]));
	});
}
function va(e) {
	return Object.values(ua).some((t) => e instanceof t);
}
function ya(e, t) {
	if (e === t) return !0;
	if (Array.isArray(e) && Array.isArray(t)) {
		if (e.length !== t.length) return !1;
		for (let n = 0; n < e.length; n++) if (e[n] !== t[n]) return !1;
		return !0;
	}
	return !1;
}
function ba(e, t) {
	return Object.keys(e).find((n) => e[n] === t);
}
function xa(e) {
	setTimeout(e, 0);
}
function Sa(e, t) {
	let n = performance.now();
	e.finally(() => {
		t(performance.now() - n);
	});
}
function Ca(e = {}, t = {}) {
	_a(t);
	let n = [];
	if (Number.isInteger(t.mtime) || (t.mtime = ++Yi), !("classHierarchy" in t)) t.classHierarchy = new Ki("vtkObject");
	else if (!(t.classHierarchy instanceof Ki)) {
		let e = new Ki();
		for (let n = 0; n < t.classHierarchy.length; n++) e.push(t.classHierarchy[n]);
		t.classHierarchy = e;
	}
	function r(e) {
		n[e] = null;
	}
	function i(e) {
		function t() {
			r(e);
		}
		return Object.freeze({ unsubscribe: t });
	}
	return e.isDeleted = () => !!t.deleted, e.modified = (r) => {
		t.deleted ? z("instance deleted - cannot call any method") : r && r < e.getMTime() || (t.mtime = ++Yi, n.forEach((t) => t && t(e)));
	}, e.onModified = (e) => {
		if (t.deleted) return z("instance deleted - cannot call any method"), null;
		let r = n.length;
		return n.push(e), i(r);
	}, e.getMTime = () => t.mtime, e.isA = (e) => {
		let n = t.classHierarchy.length;
		for (; n--;) if (t.classHierarchy[n] === e) return !0;
		return !1;
	}, e.getClassName = (e = 0) => t.classHierarchy[t.classHierarchy.length - 1 - e], e.set = (n = {}, r = !1, i = !1) => {
		let a = !1;
		return Object.keys(n).forEach((o) => {
			let s = i ? null : e[`set${pa(o)}`];
			s && Array.isArray(n[o]) && s.length > 1 ? a = s(...n[o]) || a : s ? a = s(n[o]) || a : (["mtime"].indexOf(o) === -1 && !r && sa(`Warning: Set value to model directly ${o}, ${n[o]}`), a = t[o] !== n[o] || a, t[o] = n[o]);
		}), a;
	}, e.get = (...e) => {
		if (!e.length) return t;
		let n = {};
		return e.forEach((e) => {
			n[e] = t[e];
		}), n;
	}, e.getReferenceByName = (e) => t[e], e.delete = () => {
		Object.keys(t).forEach((e) => delete t[e]), n.forEach((e, t) => r(t)), t.deleted = !0;
	}, e.getState = ({ preserveTypedArrays: n = !1 } = {}) => {
		if (t.deleted) return null;
		let r = { preserveTypedArrays: n }, i = {
			...t,
			vtkClass: e.getClassName()
		};
		Object.keys(i).forEach((e) => {
			i[e] === null || i[e] === void 0 || e[0] === "_" ? delete i[e] : i[e].isA ? i[e] = i[e].getState(r) : Array.isArray(i[e]) ? i[e] = i[e].map((e) => e && e.isA ? e.getState(r) : e) : va(i[e]) && (n || (i[e] = Array.from(i[e])));
		});
		let a = {};
		return Object.keys(i).sort().forEach((e) => {
			a[e] = i[e];
		}), a.mtime && delete a.mtime, a;
	}, e.shallowCopy = (n, r = !1) => {
		if (n.getClassName() !== e.getClassName()) throw Error(`Cannot ShallowCopy ${n.getClassName()} into ${e.getClassName()}`);
		let i = n.get(), a = Object.keys(t).sort();
		Object.keys(i).sort().forEach((e) => {
			let n = a.indexOf(e);
			n === -1 ? r && oa(`add ${e} in shallowCopy`) : a.splice(n, 1), t[e] = i[e];
		}), a.length && r && oa(`Untouched keys: ${a.join(", ")}`), e.modified();
	}, e.toJSON = function() {
		return e.getState();
	}, e;
}
var wa = { object(e, t, n) {
	return function() {
		return { ...t[n.name] };
	};
} };
function Ta(e, t, n) {
	n.forEach((n) => {
		if (typeof n == "object") {
			let r = wa[n.type];
			r ? e[`get${B(n.name)}`] = r(e, t, n) : e[`get${B(n.name)}`] = () => t[n.name];
		} else e[`get${B(n)}`] = () => t[n];
	});
}
var Ea = {
	enum(e, t, n) {
		let r = `_on${B(n.name)}Changed`;
		return (i) => {
			if (typeof i == "string") {
				if (n.enum[i] !== void 0) return t[n.name] !== n.enum[i] && (t[n.name] = n.enum[i], e.modified(), !0);
				throw z(`Set Enum with invalid argument ${n}, ${i}`), RangeError("Set Enum with invalid string argument");
			}
			if (typeof i == "number") {
				if (t[n.name] !== i) {
					if (Object.keys(n.enum).map((e) => n.enum[e]).indexOf(i) !== -1) {
						let a = t[n.name];
						return t[n.name] = i, t[r]?.(e, t, i, a), e.modified(), !0;
					}
					throw z(`Set Enum outside numeric range ${n}, ${i}`), RangeError("Set Enum outside numeric range");
				}
				return !1;
			}
			throw z(`Set Enum with invalid argument (String/Number) ${n}, ${i}`), TypeError("Set Enum with invalid argument (String/Number)");
		};
	},
	object(e, t, n) {
		n.params?.length === 1 && sa("Setter of type \"object\" with a single \"param\" field is not supported");
		let r = `_on${B(n.name)}Changed`;
		return (...i) => {
			let a;
			if (a = i.length > 1 && n.params?.length ? n.params.reduce((e, t, n) => Object.assign(e, { [t]: i[n] }), {}) : i[0], !(0, qi.default)(t[n.name], a)) {
				let i = t[n.name];
				return t[n.name] = a, t[r]?.(e, t, a, i), e.modified(), !0;
			}
			return !1;
		};
	}
};
function Da(e) {
	if (typeof e == "object") {
		let t = Ea[e.type];
		if (t) return (n, r) => t(n, r, e);
		throw z(`No setter for field ${e}`), TypeError("No setter for field");
	}
	return function(t, n) {
		let r = `_on${B(e)}Changed`;
		return function(i) {
			if (n.deleted) return z("instance deleted - cannot call any method"), !1;
			if (n[e] !== i) {
				let a = n[e.name];
				return n[e] = i, n[r]?.(t, n, i, a), t.modified(), !0;
			}
			return !1;
		};
	};
}
function Oa(e, t, n) {
	n.forEach((n) => {
		typeof n == "object" ? e[`set${B(n.name)}`] = Da(n)(e, t) : e[`set${B(n)}`] = Da(n)(e, t);
	});
}
function ka(e, t, n) {
	Ta(e, t, n), Oa(e, t, n);
}
function Aa(e, t, n) {
	n.forEach((n) => {
		e[`get${B(n)}`] = () => t[n] ? Array.from(t[n]) : t[n], e[`get${B(n)}ByReference`] = () => t[n];
	});
}
function ja(e, t, n, r, i = void 0) {
	n.forEach((n) => {
		if (t[n] && r && t[n].length !== r) throw RangeError(`Invalid initial number of values for array (${n})`);
		let a = `_on${B(n)}Changed`;
		e[`set${B(n)}`] = (...o) => {
			if (t.deleted) return z("instance deleted - cannot call any method"), !1;
			let s = o, c, l = !1;
			if (s.length === 1 && (s[0] == null || s[0].length >= 0) && (s = s[0], l = !0), s == null) c = t[n] !== s;
			else {
				if (r && s.length !== r) {
					if (s.length < r && i !== void 0) for (s = Array.from(s), l = !1; s.length < r;) s.push(i);
					else throw RangeError(`Invalid number of values for array setter (${n})`);
				}
				c = t[n] == null || t[n].length !== s.length;
				for (let e = 0; !c && e < s.length; ++e) c = t[n][e] !== s[e];
				c && l && (s = Array.from(s));
			}
			if (c) {
				let r = t[n.name];
				t[n] = s, t[a]?.(e, t, s, r), e.modified();
			}
			return c;
		}, e[`set${B(n)}From`] = (e) => {
			let r = t[n];
			e.forEach((e, t) => {
				r[t] = e;
			});
		};
	});
}
function Ma(e, t, n, r, i = void 0) {
	Aa(e, t, n), ja(e, t, n, r, i);
}
function Na(e, t, n) {
	for (let e = 0; e < n.length; e++) {
		let r = n[e];
		t[r] !== void 0 && (t[`_${r}`] = t[r], delete t[r]);
	}
}
function Pa(e, t, n, r) {
	t.inputData = t.inputData ? t.inputData.map(Wi) : [], t.inputConnection = t.inputConnection ? t.inputConnection.map(Wi) : [], t.output = t.output ? t.output.map(Wi) : [], t.inputArrayToProcess = t.inputArrayToProcess ? t.inputArrayToProcess.map(Wi) : [], t.numberOfInputs = n;
	function i(n, r = 0) {
		t.deleted ? z("instance deleted - cannot call any method") : r >= t.numberOfInputs ? z(`algorithm ${e.getClassName()} only has ${t.numberOfInputs} input ports. To add more input ports, use addInputData()`) : (t.inputData[r] !== n || t.inputConnection[r]) && (t.inputData[r] = n, t.inputConnection[r] = null, e.modified && e.modified());
	}
	function a(e = 0) {
		return t.inputConnection[e] && (t.inputData[e] = t.inputConnection[e]()), t.inputData[e];
	}
	function o(n, r = 0) {
		if (t.deleted) z("instance deleted - cannot call any method");
		else if (r >= t.numberOfInputs) {
			let n = `algorithm ${e.getClassName()} only has `;
			n += `${t.numberOfInputs}`, n += " input ports. To add more input ports, use addInputConnection()", z(n);
		} else t.inputData[r] = null, t.inputConnection[r] = n;
	}
	function s(e = 0) {
		return t.inputConnection[e];
	}
	function c() {
		let e = t.numberOfInputs;
		for (; e && !t.inputData[e - 1] && !t.inputConnection[e - 1];) e--;
		return e === t.numberOfInputs && t.numberOfInputs++, e;
	}
	function l(e) {
		t.deleted ? z("instance deleted - cannot call any method") : o(e, c());
	}
	function u(e) {
		t.deleted ? z("instance deleted - cannot call any method") : i(e, c());
	}
	function d(n = 0) {
		return t.deleted ? (z("instance deleted - cannot call any method"), null) : (e.shouldUpdate() && e.update(), t.output[n]);
	}
	e.shouldUpdate = () => {
		let n = e.getMTime(), i = Infinity, a = r;
		for (; a--;) {
			if (!t.output[a] || t.output[a].isDeleted()) return !0;
			let e = t.output[a].getMTime();
			if (e < n) return !0;
			e < i && (i = e);
		}
		for (a = t.numberOfInputs; a--;) if (t.inputConnection[a]?.filter.shouldUpdate() || e.getInputData(a)?.getMTime() > i) return !0;
		return !1;
	};
	function f(t = 0) {
		let n = () => d(t);
		return n.filter = e, n;
	}
	if (t.numberOfInputs) {
		let n = t.numberOfInputs;
		for (; n--;) t.inputData.push(null), t.inputConnection.push(null);
		e.setInputData = i, e.setInputConnection = o, e.addInputData = u, e.addInputConnection = l, e.getInputData = a, e.getInputConnection = s;
	}
	r && (e.getOutputData = d, e.getOutputPort = f), e.update = () => {
		let n = [];
		if (t.numberOfInputs) {
			let r = 0;
			for (; r < t.numberOfInputs;) n[r] = e.getInputData(r), r++;
		}
		e.requestData && !e.isDeleted() && e.shouldUpdate() && e.requestData(n, t.output);
	}, e.getNumberOfInputPorts = () => t.numberOfInputs, e.getNumberOfOutputPorts = () => r || t.output.length, e.getInputArrayToProcess = (e) => {
		let n = t.inputArrayToProcess[e], r = t.inputData[e];
		return n && r ? r[`get${n.fieldAssociation}`]().getArray(n.arrayName) : null;
	}, e.setInputArrayToProcess = (e, n, r, i = "Scalars") => {
		for (; t.inputArrayToProcess.length < e;) t.inputArrayToProcess.push(null);
		t.inputArrayToProcess[e] = {
			arrayName: n,
			fieldAssociation: r,
			attributeType: i
		};
	};
}
var Fa = Symbol("Event abort");
function Ia(e, t, n) {
	let r = [], i = e.delete, a = 1;
	function o(e) {
		for (let t = 0; t < r.length; ++t) {
			let [n] = r[t];
			if (n === e) {
				r.splice(t, 1);
				return;
			}
		}
	}
	function s(e) {
		function t() {
			o(e);
		}
		return Object.freeze({ unsubscribe: t });
	}
	function c() {
		if (t.deleted) {
			z("instance deleted - cannot call any method");
			return;
		}
		let n = r.slice();
		for (let t = 0; t < n.length; ++t) {
			let [, r, i] = n[t];
			if (r) {
				if (i < 0) setTimeout(() => r.apply(e, arguments), 1 - i);
				else if (r.apply(e, arguments) === Fa) break;
			}
		}
	}
	e[`invoke${B(n)}`] = c, e[`on${B(n)}`] = (e, i = 0) => {
		if (!e.apply) return console.error(`Invalid callback for event ${n}`), null;
		if (t.deleted) return z("instance deleted - cannot call any method"), null;
		let o = a++;
		return r.push([
			o,
			e,
			i
		]), r.sort((e, t) => t[2] - e[2]), s(o);
	}, e.delete = () => {
		i(), r.forEach(([e]) => o(e));
	};
}
function La(e, t) {
	let n = (t = {}) => {
		let n = {}, r = {};
		return e(r, n, t), Object.freeze(r);
	};
	return t && Wi.register(t, n), n;
}
function Ra(...e) {
	return (...t) => e.filter((e) => !!e).map((e) => e(...t));
}
function za(e) {
	return e && e.isA && e.isA("vtkObject");
}
function Ba(e, t, n = [], r = []) {
	if (za(e)) {
		if (r.indexOf(e) >= 0) return n;
		r.push(e);
		let i = t(e);
		i !== void 0 && n.push(i);
		let a = e.get();
		Object.keys(a).forEach((e) => {
			let i = a[e];
			Array.isArray(i) ? i.forEach((e) => {
				Ba(e, t, n, r);
			}) : Ba(i, t, n, r);
		});
	}
	return n;
}
function Va(e, t, n) {
	let r, i = (...i) => {
		let a = this, o = () => {
			r = null, n || e.apply(a, i);
		}, s = n && !r;
		clearTimeout(r), r = setTimeout(o, t), s && e.apply(a, i);
	};
	return i.cancel = () => clearTimeout(r), i;
}
function Ha(e, t) {
	let n = !1, r = null;
	function i() {
		n = !1, r !== null && (a(...r), r = null);
	}
	function a(...a) {
		n ? r = a : (n = !0, e(...a), setTimeout(i, t));
	}
	return a;
}
function Ua(e, t, n = {}) {
	t.keystore = Object.assign(t.keystore || {}, n), e.setKey = (e, n) => {
		t.keystore[e] = n;
	}, e.getKey = (e) => t.keystore[e], e.getAllKeys = () => Object.keys(t.keystore), e.deleteKey = (e) => delete t.keystore[e], e.clearKeystore = () => e.getAllKeys().forEach((e) => delete t.keystore[e]);
}
var Wa = 1, Ga = "__root__";
function Ka(e, t) {
	Ua(e, t);
	let n = e.delete;
	t.proxyId = `${Wa++}`, t.ui = JSON.parse(JSON.stringify(t.ui || [])), Ta(e, t, [
		"proxyId",
		"proxyGroup",
		"proxyName"
	]), ka(e, t, ["proxyManager"]);
	let r = {}, i = {};
	function a(e, t) {
		i[t] || (i[t] = []);
		let n = i[t];
		for (let t = 0; t < e.length; t++) n.push(e[t].name), r[e[t].name] = e[t], e[t].children && e[t].children.length && a(e[t].children, e[t].name);
	}
	a(t.ui, Ga), e.updateUI = (n) => {
		t.ui = JSON.parse(JSON.stringify(n || [])), Object.keys(r).forEach((e) => delete r[e]), Object.keys(i).forEach((e) => delete i[e]), a(t.ui, Ga), e.modified();
	};
	function o(e = Ga) {
		return i[e];
	}
	e.updateProxyProperty = (e, t) => {
		let n = r[e];
		n ? Object.assign(n, t) : r[e] = { ...t };
	}, e.activate = () => {
		if (t.proxyManager) {
			let n = `setActive${B(e.getProxyGroup().slice(0, -1))}`;
			t.proxyManager[n] && t.proxyManager[n](e);
		}
	}, t.propertyLinkSubscribers = {}, e.registerPropertyLinkForGC = (e, n) => {
		n in t.propertyLinkSubscribers || (t.propertyLinkSubscribers[n] = []), t.propertyLinkSubscribers[n].push(e);
	}, e.gcPropertyLinks = (n) => {
		let r = t.propertyLinkSubscribers[n] || [];
		for (; r.length;) r.pop().unbind(e);
	}, t.propertyLinkMap = {}, e.getPropertyLink = (e, n = !1) => {
		if (t.propertyLinkMap[e]) return t.propertyLinkMap[e];
		let r = null, i = [], a = 0, o = !1;
		function s(n, s = !1) {
			if (o) return null;
			let c = [], l = null;
			for (a = i.length; a--;) {
				let e = i[a];
				e.instance === n ? l = e : c.push(e);
			}
			if (!l) return null;
			let u = l.instance[`get${B(l.propertyName)}`]();
			if (!ya(u, r) || s) {
				for (r = u, o = !0; c.length;) {
					let e = c.pop();
					e.instance.set({ [e.propertyName]: r });
				}
				o = !1;
			}
			return t.propertyLinkMap[e].persistent && (t.propertyLinkMap[e].value = u), u;
		}
		function c(e, t) {
			let n = [];
			for (a = i.length; a--;) {
				let r = i[a];
				r.instance === e && (r.propertyName === t || t === void 0) && (r.subscription.unsubscribe(), n.push(a));
			}
			for (; n.length;) i.splice(n.pop(), 1);
		}
		function l(n, r, a = !1) {
			let o = n.onModified(s), l = i[0];
			return i.push({
				instance: n,
				propertyName: r,
				subscription: o
			}), a && (t.propertyLinkMap[e].persistent && t.propertyLinkMap[e].value !== void 0 ? n.set({ [r]: t.propertyLinkMap[e].value }) : l && s(l.instance, !0)), { unsubscribe: () => c(n, r) };
		}
		function u() {
			for (; i.length;) i.pop().subscription.unsubscribe();
		}
		let d = {
			bind: l,
			unbind: c,
			unsubscribe: u,
			persistent: n
		};
		return t.propertyLinkMap[e] = d, d;
	};
	function s(n = Ga) {
		let r = [], i = t.proxyId, a = o(n) || [];
		for (let t = 0; t < a.length; t++) {
			let n = a[t], o = e[`get${B(n)}`], c = {
				id: i,
				name: n,
				value: o ? o() : void 0
			}, l = s(n);
			l.length && (c.children = l), r.push(c);
		}
		return r;
	}
	e.listPropertyNames = () => s().map((e) => e.name), e.getPropertyByName = (e) => s().find((t) => t.name === e), e.getPropertyDomainByName = (e) => (r[e] || {}).domain, e.getProxySection = () => ({
		id: t.proxyId,
		name: t.proxyGroup,
		ui: t.ui,
		properties: s()
	}), e.delete = () => {
		let r = Object.keys(t.propertyLinkMap), i = r.length;
		for (; i--;) t.propertyLinkMap[r[i]].unsubscribe();
		Object.keys(t.propertyLinkSubscribers).forEach(e.gcPropertyLinks), n();
	}, e.getState = () => null;
	function c() {
		if (t.links) for (let n = 0; n < t.links.length; n++) {
			let { link: r, property: i, persistent: a, updateOnBind: o, type: s } = t.links[n];
			if (s === "application") {
				let n = t.proxyManager.getPropertyLink(r, a);
				e.registerPropertyLinkForGC(n, "application"), n.bind(e, i, o);
			}
		}
	}
	xa(c);
}
function qa(e, t, n) {
	let r = e.delete, i = [], a = Object.keys(n), o = a.length;
	for (; o--;) {
		let r = a[o], { modelKey: s, property: c, modified: l = !0 } = n[r], u = B(c), d = B(r);
		e[`get${d}`] = t[s][`get${u}`], e[`set${d}`] = t[s][`set${u}`], l && i.push(t[s].onModified(e.modified));
	}
	e.delete = () => {
		for (; i.length;) i.pop().unsubscribe();
		r();
	};
}
function Ja(e, t, n = {}, r = {}) {
	t.this = e;
	function i(e) {
		let n = Object.keys(e), r = n.length;
		for (; r--;) {
			let i = n[r];
			t[i].set(e[i]);
		}
	}
	let a = Object.keys(r), o = a.length;
	for (; o--;) {
		let s = a[o];
		t[s] = r[s];
		let c = n[s];
		e[`set${B(s)}`] = (n) => {
			if (n !== t[s]) {
				t[s] = n;
				let r = c[n];
				i(r), e.modified();
			}
		};
	}
	a.length && Ta(e, t, a);
}
var Ya = 10, Xa = 40, Za = 800;
function Qa(e) {
	let t = 0, n = 0, r = 0, i = 0;
	return "detail" in e && (n = e.detail), "wheelDelta" in e && (n = -e.wheelDelta / 120), "wheelDeltaY" in e && (n = -e.wheelDeltaY / 120), "wheelDeltaX" in e && (t = -e.wheelDeltaX / 120), "axis" in e && e.axis === e.HORIZONTAL_AXIS && (t = n, n = 0), r = t * Ya, i = n * Ya, "deltaY" in e && (i = e.deltaY), "deltaX" in e && (r = e.deltaX), (r || i) && e.deltaMode && (e.deltaMode === 1 ? (r *= Xa, i *= Xa) : (r *= Za, i *= Za)), r && !t && (t = r < 1 ? -1 : 1), i && !n && (n = i < 1 ? -1 : 1), {
		spinX: t,
		spinY: n || t,
		pixelX: r,
		pixelY: i || r
	};
}
var V = {
	algo: Pa,
	capitalize: pa,
	chain: Ra,
	debounce: Va,
	enumToString: ba,
	event: Ia,
	EVENT_ABORT: Fa,
	formatBytesToProperUnit: ha,
	formatNumbersWithThousandSeparator: ga,
	get: Ta,
	getArray: Aa,
	getCurrentGlobalMTime: Qi,
	isVtkObject: za,
	keystore: Ua,
	measurePromiseExecution: Sa,
	moveToProtected: Na,
	newInstance: La,
	newTypedArray: da,
	newTypedArrayFrom: fa,
	normalizeWheel: Qa,
	obj: Ca,
	proxy: Ka,
	proxyPropertyMapping: qa,
	proxyPropertyState: Ja,
	safeArrays: _a,
	set: Oa,
	setArray: ja,
	setGet: ka,
	setGetArray: Ma,
	setImmediate: xa,
	setLoggerFunction: ra,
	throttle: Ha,
	traverseInstanceTree: Ba,
	TYPED_ARRAYS: ua,
	uncapitalize: ma,
	VOID: Zi,
	vtkDebugMacro: oa,
	vtkErrorMacro: z,
	vtkInfoMacro: aa,
	vtkLogMacro: ia,
	vtkOnceErrorMacro: la,
	vtkWarningMacro: sa,
	objectSetterMap: Ea,
	requiredParam: Xi
}, $a = [
	1,
	0,
	0,
	0,
	0,
	1,
	0,
	0,
	0,
	0,
	1,
	0,
	0,
	0,
	0,
	1
], eo = [
	1,
	0,
	0,
	0,
	1,
	0,
	0,
	0,
	1
], to = 1e-6, no = /* @__PURE__ */ c(((e, t, n) => {
	(function(e, t, n) {
		function r(e) {
			var t = this, n = o();
			t.next = function() {
				var e = 2091639 * t.s0 + t.c * 23283064365386963e-26;
				return t.s0 = t.s1, t.s1 = t.s2, t.s2 = e - (t.c = e | 0);
			}, t.c = 1, t.s0 = n(" "), t.s1 = n(" "), t.s2 = n(" "), t.s0 -= n(e), t.s0 < 0 && (t.s0 += 1), t.s1 -= n(e), t.s1 < 0 && (t.s1 += 1), t.s2 -= n(e), t.s2 < 0 && (t.s2 += 1), n = null;
		}
		function i(e, t) {
			return t.c = e.c, t.s0 = e.s0, t.s1 = e.s1, t.s2 = e.s2, t;
		}
		function a(e, t) {
			var n = new r(e), a = t && t.state, o = n.next;
			return o.int32 = function() {
				return n.next() * 4294967296 | 0;
			}, o.double = function() {
				return o() + (o() * 2097152 | 0) * 11102230246251565e-32;
			}, o.quick = o, a && (typeof a == "object" && i(a, n), o.state = function() {
				return i(n, {});
			}), o;
		}
		function o() {
			var e = 4022871197;
			return function(t) {
				t = String(t);
				for (var n = 0; n < t.length; n++) {
					e += t.charCodeAt(n);
					var r = .02519603282416938 * e;
					e = r >>> 0, r -= e, r *= e, e = r >>> 0, r -= e, e += r * 4294967296;
				}
				return (e >>> 0) * 23283064365386963e-26;
			};
		}
		t && t.exports ? t.exports = a : n && n.amd ? n(function() {
			return a;
		}) : this.alea = a;
	})(n, typeof t == "object" && t, typeof define == "function" && define);
})), ro = /* @__PURE__ */ c(((e, t, n) => {
	(function(e, t, n) {
		function r(e) {
			var t = this, n = "";
			t.x = 0, t.y = 0, t.z = 0, t.w = 0, t.next = function() {
				var e = t.x ^ t.x << 11;
				return t.x = t.y, t.y = t.z, t.z = t.w, t.w ^= t.w >>> 19 ^ e ^ e >>> 8;
			}, e === (e | 0) ? t.x = e : n += e;
			for (var r = 0; r < n.length + 64; r++) t.x ^= n.charCodeAt(r) | 0, t.next();
		}
		function i(e, t) {
			return t.x = e.x, t.y = e.y, t.z = e.z, t.w = e.w, t;
		}
		function a(e, t) {
			var n = new r(e), a = t && t.state, o = function() {
				return (n.next() >>> 0) / 4294967296;
			};
			return o.double = function() {
				do
					var e = ((n.next() >>> 11) + (n.next() >>> 0) / 4294967296) / (1 << 21);
				while (e === 0);
				return e;
			}, o.int32 = n.next, o.quick = o, a && (typeof a == "object" && i(a, n), o.state = function() {
				return i(n, {});
			}), o;
		}
		t && t.exports ? t.exports = a : n && n.amd ? n(function() {
			return a;
		}) : this.xor128 = a;
	})(n, typeof t == "object" && t, typeof define == "function" && define);
})), io = /* @__PURE__ */ c(((e, t, n) => {
	(function(e, t, n) {
		function r(e) {
			var t = this, n = "";
			t.next = function() {
				var e = t.x ^ t.x >>> 2;
				return t.x = t.y, t.y = t.z, t.z = t.w, t.w = t.v, (t.d = t.d + 362437 | 0) + (t.v = t.v ^ t.v << 4 ^ (e ^ e << 1)) | 0;
			}, t.x = 0, t.y = 0, t.z = 0, t.w = 0, t.v = 0, e === (e | 0) ? t.x = e : n += e;
			for (var r = 0; r < n.length + 64; r++) t.x ^= n.charCodeAt(r) | 0, r == n.length && (t.d = t.x << 10 ^ t.x >>> 4), t.next();
		}
		function i(e, t) {
			return t.x = e.x, t.y = e.y, t.z = e.z, t.w = e.w, t.v = e.v, t.d = e.d, t;
		}
		function a(e, t) {
			var n = new r(e), a = t && t.state, o = function() {
				return (n.next() >>> 0) / 4294967296;
			};
			return o.double = function() {
				do
					var e = ((n.next() >>> 11) + (n.next() >>> 0) / 4294967296) / (1 << 21);
				while (e === 0);
				return e;
			}, o.int32 = n.next, o.quick = o, a && (typeof a == "object" && i(a, n), o.state = function() {
				return i(n, {});
			}), o;
		}
		t && t.exports ? t.exports = a : n && n.amd ? n(function() {
			return a;
		}) : this.xorwow = a;
	})(n, typeof t == "object" && t, typeof define == "function" && define);
})), ao = /* @__PURE__ */ c(((e, t, n) => {
	(function(e, t, n) {
		function r(e) {
			var t = this;
			t.next = function() {
				var e = t.x, n = t.i, r = e[n], i;
				return r ^= r >>> 7, i = r ^ r << 24, r = e[n + 1 & 7], i ^= r ^ r >>> 10, r = e[n + 3 & 7], i ^= r ^ r >>> 3, r = e[n + 4 & 7], i ^= r ^ r << 7, r = e[n + 7 & 7], r ^= r << 13, i ^= r ^ r << 9, e[n] = i, t.i = n + 1 & 7, i;
			};
			function n(e, t) {
				var n, r = [];
				if (t === (t | 0)) r[0] = t;
				else for (t = "" + t, n = 0; n < t.length; ++n) r[n & 7] = r[n & 7] << 15 ^ t.charCodeAt(n) + r[n + 1 & 7] << 13;
				for (; r.length < 8;) r.push(0);
				for (n = 0; n < 8 && r[n] === 0; ++n);
				for (n == 8 ? r[7] = -1 : r[n], e.x = r, e.i = 0, n = 256; n > 0; --n) e.next();
			}
			n(t, e);
		}
		function i(e, t) {
			return t.x = e.x.slice(), t.i = e.i, t;
		}
		function a(e, t) {
			e ??= +/* @__PURE__ */ new Date();
			var n = new r(e), a = t && t.state, o = function() {
				return (n.next() >>> 0) / 4294967296;
			};
			return o.double = function() {
				do
					var e = ((n.next() >>> 11) + (n.next() >>> 0) / 4294967296) / (1 << 21);
				while (e === 0);
				return e;
			}, o.int32 = n.next, o.quick = o, a && (a.x && i(a, n), o.state = function() {
				return i(n, {});
			}), o;
		}
		t && t.exports ? t.exports = a : n && n.amd ? n(function() {
			return a;
		}) : this.xorshift7 = a;
	})(n, typeof t == "object" && t, typeof define == "function" && define);
})), oo = /* @__PURE__ */ c(((e, t, n) => {
	(function(e, t, n) {
		function r(e) {
			var t = this;
			t.next = function() {
				var e = t.w, n = t.X, r = t.i, i, a;
				return t.w = e = e + 1640531527 | 0, a = n[r + 34 & 127], i = n[r = r + 1 & 127], a ^= a << 13, i ^= i << 17, a ^= a >>> 15, i ^= i >>> 12, a = n[r] = a ^ i, t.i = r, a + (e ^ e >>> 16) | 0;
			};
			function n(e, t) {
				var n, r, i, a, o, s = [], c = 128;
				for (t === (t | 0) ? (r = t, t = null) : (t += "\0", r = 0, c = Math.max(c, t.length)), i = 0, a = -32; a < c; ++a) t && (r ^= t.charCodeAt((a + 32) % t.length)), a === 0 && (o = r), r ^= r << 10, r ^= r >>> 15, r ^= r << 4, r ^= r >>> 13, a >= 0 && (o = o + 1640531527 | 0, n = s[a & 127] ^= r + o, i = n == 0 ? i + 1 : 0);
				for (i >= 128 && (s[(t && t.length || 0) & 127] = -1), i = 127, a = 512; a > 0; --a) r = s[i + 34 & 127], n = s[i = i + 1 & 127], r ^= r << 13, n ^= n << 17, r ^= r >>> 15, n ^= n >>> 12, s[i] = r ^ n;
				e.w = o, e.X = s, e.i = i;
			}
			n(t, e);
		}
		function i(e, t) {
			return t.i = e.i, t.w = e.w, t.X = e.X.slice(), t;
		}
		function a(e, t) {
			e ??= +/* @__PURE__ */ new Date();
			var n = new r(e), a = t && t.state, o = function() {
				return (n.next() >>> 0) / 4294967296;
			};
			return o.double = function() {
				do
					var e = ((n.next() >>> 11) + (n.next() >>> 0) / 4294967296) / (1 << 21);
				while (e === 0);
				return e;
			}, o.int32 = n.next, o.quick = o, a && (a.X && i(a, n), o.state = function() {
				return i(n, {});
			}), o;
		}
		t && t.exports ? t.exports = a : n && n.amd ? n(function() {
			return a;
		}) : this.xor4096 = a;
	})(n, typeof t == "object" && t, typeof define == "function" && define);
})), so = /* @__PURE__ */ c(((e, t, n) => {
	(function(e, t, n) {
		function r(e) {
			var t = this, n = "";
			t.next = function() {
				var e = t.b, n = t.c, r = t.d, i = t.a;
				return e = e << 25 ^ e >>> 7 ^ n, n = n - r | 0, r = r << 24 ^ r >>> 8 ^ i, i = i - e | 0, t.b = e = e << 20 ^ e >>> 12 ^ n, t.c = n = n - r | 0, t.d = r << 16 ^ n >>> 16 ^ i, t.a = i - e | 0;
			}, t.a = 0, t.b = 0, t.c = -1640531527, t.d = 1367130551, e === Math.floor(e) ? (t.a = e / 4294967296 | 0, t.b = e | 0) : n += e;
			for (var r = 0; r < n.length + 20; r++) t.b ^= n.charCodeAt(r) | 0, t.next();
		}
		function i(e, t) {
			return t.a = e.a, t.b = e.b, t.c = e.c, t.d = e.d, t;
		}
		function a(e, t) {
			var n = new r(e), a = t && t.state, o = function() {
				return (n.next() >>> 0) / 4294967296;
			};
			return o.double = function() {
				do
					var e = ((n.next() >>> 11) + (n.next() >>> 0) / 4294967296) / (1 << 21);
				while (e === 0);
				return e;
			}, o.int32 = n.next, o.quick = o, a && (typeof a == "object" && i(a, n), o.state = function() {
				return i(n, {});
			}), o;
		}
		t && t.exports ? t.exports = a : n && n.amd ? n(function() {
			return a;
		}) : this.tychei = a;
	})(n, typeof t == "object" && t, typeof define == "function" && define);
})), co = /* @__PURE__ */ c(((e, t) => {
	t.exports = {};
})), lo = /* @__PURE__ */ c(((e, t, n) => {
	(function(e, n, r) {
		var i = 256, a = 6, o = 52, s = "random", c = r.pow(i, a), l = r.pow(2, o), u = l * 2, d = i - 1, f;
		function p(e, t, o) {
			var d = [];
			t = t == 1 ? { entropy: !0 } : t || {};
			var f = _(g(t.entropy ? [e, y(n)] : e ?? v(), 3), d), p = new m(d), b = function() {
				for (var e = p.g(a), t = c, n = 0; e < l;) e = (e + n) * i, t *= i, n = p.g(1);
				for (; e >= u;) e /= 2, t /= 2, n >>>= 1;
				return (e + n) / t;
			};
			return b.int32 = function() {
				return p.g(4) | 0;
			}, b.quick = function() {
				return p.g(4) / 4294967296;
			}, b.double = b, _(y(p.S), n), (t.pass || o || function(e, t, n, i) {
				return i && (i.S && h(i, p), e.state = function() {
					return h(p, {});
				}), n ? (r[s] = e, t) : e;
			})(b, f, "global" in t ? t.global : this == r, t.state);
		}
		function m(e) {
			var t, n = e.length, r = this, a = 0, o = r.i = r.j = 0, s = r.S = [];
			for (n || (e = [n++]); a < i;) s[a] = a++;
			for (a = 0; a < i; a++) s[a] = s[o = d & o + e[a % n] + (t = s[a])], s[o] = t;
			(r.g = function(e) {
				for (var t, n = 0, a = r.i, o = r.j, s = r.S; e--;) t = s[a = d & a + 1], n = n * i + s[d & (s[a] = s[o = d & o + t]) + (s[o] = t)];
				return r.i = a, r.j = o, n;
			})(i);
		}
		function h(e, t) {
			return t.i = e.i, t.j = e.j, t.S = e.S.slice(), t;
		}
		function g(e, t) {
			var n = [], r = typeof e, i;
			if (t && r == "object") for (i in e) try {
				n.push(g(e[i], t - 1));
			} catch {}
			return n.length ? n : r == "string" ? e : e + "\0";
		}
		function _(e, t) {
			for (var n = e + "", r, i = 0; i < n.length;) t[d & i] = d & (r ^= t[d & i] * 19) + n.charCodeAt(i++);
			return y(t);
		}
		function v() {
			try {
				var t;
				return f && (t = f.randomBytes) ? t = t(i) : (t = new Uint8Array(i), (e.crypto || e.msCrypto).getRandomValues(t)), y(t);
			} catch {
				var r = e.navigator, a = r && r.plugins;
				return [
					+/* @__PURE__ */ new Date(),
					e,
					a,
					e.screen,
					y(n)
				];
			}
		}
		function y(e) {
			return String.fromCharCode.apply(0, e);
		}
		if (_(r.random(), n), typeof t == "object" && t.exports) {
			t.exports = p;
			try {
				f = co();
			} catch {}
		} else typeof define == "function" && define.amd ? define(function() {
			return p;
		}) : r["seed" + s] = p;
	})(typeof self < "u" ? self : n, [], Math);
})), uo = /* @__PURE__ */ d((/* @__PURE__ */ c(((e, t) => {
	var n = no(), r = ro(), i = io(), a = ao(), o = oo(), s = so(), c = lo();
	c.alea = n, c.xor128 = r, c.xorwow = i, c.xorshift7 = a, c.xor4096 = o, c.tychei = s, t.exports = c;
})))(), 1), { vtkErrorMacro: fo, vtkWarningMacro: po } = V, mo = 0, ho = 20;
function go(e) {
	return () => fo(`vtkMath::${e} - NOT IMPLEMENTED`);
}
function _o(e, t, n, r) {
	let i;
	for (let a = 0; a < t; a++) i = e[n * t + a], e[n * t + a] = e[r * t + a], e[r * t + a] = i;
}
function vo(e, t, n, r) {
	let i;
	for (let a = 0; a < t; a++) i = e[a * t + n], e[a * t + n] = e[a * t + r], e[a * t + r] = i;
}
function H(e = 3) {
	let t = Array(e);
	for (let n = 0; n < e; ++n) t[n] = 0;
	return t;
}
var yo = () => Math.PI;
function bo(e, t) {
	return t > 1023 ? e * 2 ** 1023 * 2 ** (t - 1023) : t < -1074 ? e * 2 ** -1074 * 2 ** (t + 1074) : e * 2 ** t;
}
function xo(e) {
	return e / 180 * Math.PI;
}
function So(e) {
	return e * 180 / Math.PI;
}
var { round: Co, floor: wo, ceil: To, min: Eo, max: Do } = Math;
function Oo(e, t = 0, n = 1) {
	let r = Infinity;
	for (let i = t, a = e.length; i < a; i += n) e[i] < r && (r = e[i]);
	return r;
}
function ko(e, t = 0, n = 1) {
	let r = -Infinity;
	for (let i = t, a = e.length; i < a; i += n) r < e[i] && (r = e[i]);
	return r;
}
function Ao(e, t = 0, n = 1) {
	let r = Infinity, i = -Infinity;
	for (let a = t, o = e.length; a < o; a += n) e[a] < r && (r = e[a]), i < e[a] && (i = e[a]);
	return [r, i];
}
var jo = go("ceilLog2"), Mo = go("factorial");
function No(e) {
	let t = 1;
	for (; t < e;) t *= 2;
	return t;
}
function Po(e) {
	return e === No(e);
}
function Fo(e, t) {
	let n = 1;
	for (let r = 1; r <= t; ++r) n *= (e - r + 1) / r;
	return Math.floor(n);
}
function Io(e, t) {
	if (e < t) return 0;
	let n = H(t);
	for (let e = 0; e < t; ++e) n[e] = e;
	return n;
}
function Lo(e, t, n) {
	let r = 0;
	for (let i = t - 1; i >= 0; --i) if (n[i] < e - t + i) {
		let e = n[i] + 1;
		for (; i < t;) n[i++] = e++;
		r = 1;
		break;
	}
	return r;
}
function Ro(e) {
	(0, uo.default)(`${e}`, { global: !0 }), mo = e;
}
function zo() {
	return mo;
}
function Bo(e = 0, t = 1) {
	return e + (t - e) * Math.random();
}
var Vo = go("gaussian");
function Ho(e, t, n) {
	return n[0] = e[0] + t[0], n[1] = e[1] + t[1], n[2] = e[2] + t[2], n;
}
function Uo(e, t, n) {
	return n[0] = e[0] - t[0], n[1] = e[1] - t[1], n[2] = e[2] - t[2], n;
}
function Wo(e, t) {
	return e[0] *= t, e[1] *= t, e[2] *= t, e;
}
function Go(e, t) {
	return e[0] *= t, e[1] *= t, e;
}
function Ko(e, t, n, r) {
	return r[0] = e[0] + t[0] * n, r[1] = e[1] + t[1] * n, r[2] = e[2] + t[2] * n, r;
}
function qo(e, t, n, r) {
	return r[0] = e[0] + t[0] * n, r[1] = e[1] + t[1] * n, r;
}
function U(e, t) {
	return e[0] * t[0] + e[1] * t[1] + e[2] * t[2];
}
function Jo(e, t, n) {
	n[0] = e[0] * t[0], n[1] = e[0] * t[1], n[2] = e[0] * t[2], n[3] = e[1] * t[0], n[4] = e[1] * t[1], n[5] = e[1] * t[2], n[6] = e[2] * t[0], n[7] = e[2] * t[1], n[8] = e[2] * t[2];
}
function Yo(e, t, n) {
	let r = e[1] * t[2] - e[2] * t[1], i = e[2] * t[0] - e[0] * t[2], a = e[0] * t[1] - e[1] * t[0];
	return n[0] = r, n[1] = i, n[2] = a, n;
}
function Xo(e, t = 3) {
	switch (t) {
		case 1: return Math.abs(e);
		case 2: return Math.sqrt(e[0] * e[0] + e[1] * e[1]);
		case 3: return Math.sqrt(e[0] * e[0] + e[1] * e[1] + e[2] * e[2]);
		default: {
			let n = 0;
			for (let r = 0; r < t; r++) n += e[r] * e[r];
			return Math.sqrt(n);
		}
	}
}
function Zo(e) {
	let t = Xo(e);
	return t !== 0 && (e[0] /= t, e[1] /= t, e[2] /= t), t;
}
function Qo(e) {
	let t = Xo(e, 3);
	return t !== 0 && (e[0] /= t, e[1] /= t, e[2] /= t, e[3] /= t), t;
}
function $o(e, t, n, r) {
	let i = e[0] * e[0], a = e[1] * e[1], o = e[2] * e[2], s = Math.sqrt(i + a + o), c, l, u;
	i > a && i > o ? (c = 0, l = 1, u = 2) : a > o ? (c = 1, l = 2, u = 0) : (c = 2, l = 0, u = 1);
	let d = e[c] / s, f = e[l] / s, p = e[u] / s, m = Math.sqrt(d * d + p * p);
	if (r !== 0) {
		let e = Math.sin(r), i = Math.cos(r);
		t && (t[c] = (p * i - d * f * e) / m, t[l] = e * m, t[u] = (-(d * i) - f * p * e) / m), n && (n[c] = (-(p * e) - d * f * i) / m, n[l] = i * m, n[u] = (d * e - f * p * i) / m);
	} else t && (t[c] = p / m, t[l] = 0, t[u] = -d / m), n && (n[c] = -d * f / m, n[l] = m, n[u] = -f * p / m);
}
function es(e, t, n) {
	let r = U(t, t);
	if (r === 0) return n[0] = 0, n[1] = 0, n[2] = 0, !1;
	let i = U(e, t) / r;
	for (let e = 0; e < 3; e++) n[e] = t[e];
	return Wo(n, i), !0;
}
function ts(e, t) {
	return e[0] * t[0] + e[1] * t[1];
}
function ns(e, t, n) {
	let r = ts(t, t);
	if (r === 0) return n[0] = 0, n[1] = 0, !1;
	let i = ts(e, t) / r;
	for (let e = 0; e < 2; e++) n[e] = t[e];
	return Go(n, i), !0;
}
function rs(e, t) {
	return (e[0] - t[0]) * (e[0] - t[0]) + (e[1] - t[1]) * (e[1] - t[1]) + (e[2] - t[2]) * (e[2] - t[2]);
}
function is(e, t) {
	let n = [
		0,
		0,
		0
	];
	return Yo(e, t, n), Math.atan2(Xo(n), U(e, t));
}
function as(e, t, n) {
	let r = Math.abs(e - n);
	return 1 / Math.sqrt(2 * Math.PI * t) * Math.exp(-(r ** 2) / (2 * t));
}
function os(e, t, n) {
	let r = Math.abs(e - n);
	return Math.exp(-(r ** 2) / (2 * t));
}
function ss(e, t, n) {
	n[0] = e[0] * t[0], n[1] = e[0] * t[1], n[2] = e[1] * t[0], n[3] = e[1] * t[1];
}
function cs(e) {
	return Math.sqrt(e[0] * e[0] + e[1] * e[1]);
}
function ls(e) {
	let t = cs(e);
	return t !== 0 && (e[0] /= t, e[1] /= t), t;
}
function W(...e) {
	return e.length === 2 ? e[0][0] * e[1][1] - e[1][0] * e[0][1] : e.length === 4 ? e[0] * e[3] - e[1] * e[2] : NaN;
}
function us(e, t) {
	let n, r, i, a = [
		0,
		0,
		0
	];
	for (let t = 0; t < 3; t++) i = Math.abs(e[t * 3]), (r = Math.abs(e[t * 3 + 1])) > i && (i = r), (r = Math.abs(e[t * 3 + 2])) > i && (i = r), a[t] = 1 / i;
	i = a[0] * Math.abs(e[0]), n = 0, (r = a[1] * Math.abs(e[3])) >= i && (i = r, n = 1), (r = a[2] * Math.abs(e[6])) >= i && (n = 2), n !== 0 && (_o(e, 3, n, 0), a[n] = a[0]), t[0] = n, e[3] /= e[0], e[6] /= e[0], e[4] -= e[3] * e[1], e[7] -= e[6] * e[1], i = a[1] * Math.abs(e[4]), n = 1, (r = a[2] * Math.abs(e[7])) >= i && (n = 2, _o(e, 3, 1, 2), a[2] = a[1]), t[1] = n, e[7] /= e[4], e[5] -= e[3] * e[2], e[8] -= e[6] * e[2] + e[7] * e[5], t[2] = 2;
}
function ds(e, t, n) {
	let r = n[t[0]];
	n[t[0]] = n[0], n[0] = r, r = n[t[1]], n[t[1]] = n[1], n[1] = r - e[3] * n[0], r = n[t[2]], n[t[2]] = n[2], n[2] = r - e[6] * n[0] - e[7] * n[1], n[2] /= e[8], n[1] = (n[1] - e[5] * n[2]) / e[4], n[0] = (n[0] - e[1] * n[1] - e[2] * n[2]) / e[0];
}
function fs(e, t, n) {
	let r = e[0], i = e[1], a = e[2], o = e[3], s = e[4], c = e[5], l = e[6], u = e[7], d = e[8], f = +W(s, u, c, d), p = -W(o, l, c, d), m = +W(o, l, s, u), h = -W(i, u, a, d), g = +W(r, l, a, d), _ = -W(r, l, i, u), v = +W(i, s, a, c), y = -W(r, o, a, c), b = +W(r, o, i, s), x = r * f + i * p + a * m, S = f * t[0] + h * t[1] + v * t[2], C = p * t[0] + g * t[1] + y * t[2], w = m * t[0] + _ * t[1] + b * t[2];
	n[0] = S / x, n[1] = C / x, n[2] = w / x;
}
function ps(e, t, n) {
	let r = e[0] * t[0] + e[1] * t[1] + e[2] * t[2], i = e[3] * t[0] + e[4] * t[1] + e[5] * t[2], a = e[6] * t[0] + e[7] * t[1] + e[8] * t[2];
	n[0] = r, n[1] = i, n[2] = a;
}
function ms(e, t, n) {
	let r = [...e], i = [...t];
	for (let e = 0; e < 3; e++) n[e] = r[0] * i[e] + r[1] * i[e + 3] + r[2] * i[e + 6], n[e + 3] = r[3] * i[e] + r[4] * i[e + 3] + r[5] * i[e + 6], n[e + 6] = r[6] * i[e] + r[7] * i[e + 3] + r[8] * i[e + 6];
}
function hs(e, t, n, r, i, a, o) {
	r !== i && fo("Number of columns of A must match number of rows of B.");
	let s = [...e], c = [...t];
	for (let e = 0; e < n; e++) for (let t = 0; t < a; t++) {
		o[e * a + t] = 0;
		for (let n = 0; n < r; n++) o[e * a + t] += s[e * r + n] * c[t + a * n];
	}
}
function gs(e, t) {
	let n;
	n = e[3], t[3] = e[1], t[1] = n, n = e[6], t[6] = e[2], t[2] = n, n = e[7], t[7] = e[5], t[5] = n, t[0] = e[0], t[4] = e[4], t[8] = e[8];
}
function _s(e, t) {
	let n = e[0], r = e[1], i = e[2], a = e[3], o = e[4], s = e[5], c = e[6], l = e[7], u = e[8], d = +W(o, l, s, u), f = -W(a, c, s, u), p = +W(a, c, o, l), m = -W(r, l, i, u), h = +W(n, c, i, u), g = -W(n, c, r, l), _ = +W(r, o, i, s), v = -W(n, a, i, s), y = +W(n, a, r, o), b = n * d + r * f + i * p;
	b === 0 && po("Matrix has 0 determinant"), t[0] = d / b, t[3] = f / b, t[6] = p / b, t[1] = m / b, t[4] = h / b, t[7] = g / b, t[2] = _ / b, t[5] = v / b, t[8] = y / b;
}
function vs(e) {
	return e[0] * e[4] * e[8] + e[3] * e[7] * e[2] + e[6] * e[1] * e[5] - e[0] * e[7] * e[5] - e[3] * e[1] * e[8] - e[6] * e[4] * e[2];
}
function ys(e, t, n = to) {
	if (e.length !== t.length) return !1;
	function r(e, r) {
		return Math.abs(e - t[r]) <= n;
	}
	return e.every(r);
}
var bs = ys;
function xs(e) {
	for (let t = 0; t < 3; t++) e[t * 3] = e[t * 3 + 1] = e[t * 3 + 2] = 0, e[t * 3 + t] = 1;
}
function Ss(e, t) {
	for (let n = 0; n < e; n++) {
		for (let r = 0; r < e; r++) t[n * e + r] = 0;
		t[n * e + n] = 1;
	}
	return t;
}
function Cs(e, t = to) {
	return bs(e, $a, t);
}
function ws(e, t = to) {
	return bs(e, eo, t);
}
function Ts(e, t) {
	let n = e[0] * e[0], r = e[0] * e[1], i = e[0] * e[2], a = e[0] * e[3], o = e[1] * e[1], s = e[2] * e[2], c = e[3] * e[3], l = e[1] * e[2], u = e[1] * e[3], d = e[2] * e[3], f = o + s + c, p = 1 / (n + f), m = (n - f) * p;
	p *= 2, t[0] = o * p + m, t[3] = (l + a) * p, t[6] = (u - i) * p, t[1] = (l - a) * p, t[4] = s * p + m, t[7] = (d + r) * p, t[2] = (u + i) * p, t[5] = (d - r) * p, t[8] = c * p + m;
}
function Es(e, t = 0) {
	if (!`${e}`.includes("e")) return +`${Math.round(`${e}e+${t}`)}e-${t}`;
	let n = `${e}`.split("e"), r = "";
	return +n[1] + t > 0 && (r = "+"), +`${Math.round(`${+n[0]}e${r}${+n[1] + t}`)}e-${t}`;
}
function Ds(e, t = [
	0,
	0,
	0
], n = 0) {
	return t[0] = Es(e[0], n), t[1] = Es(e[1], n), t[2] = Es(e[2], n), t;
}
function Os(e, t, n, r) {
	let i, a, o, s, c, l, u, d, f, p, m, h, g, _, v, y, b = H(t), x = H(t), S = (e, t, n) => {
		_ = e[t], g = e[n], e[t] = _ - h * (g + _ * p), e[n] = g + h * (_ - g * p);
	};
	for (Ss(t, r), c = 0; c < t; c++) b[c] = n[c] = e[c + c * t], x[c] = 0;
	for (i = 0; i < ho; i++) {
		for (m = 0, c = 0; c < t - 1; c++) for (s = c + 1; s < t; s++) m += Math.abs(e[c * t + s]);
		if (m === 0) break;
		for (u = i < 3 ? .2 * m / (t * t) : 0, c = 0; c < t - 1; c++) for (s = c + 1; s < t; s++) if (_ = 100 * Math.abs(e[c * t + s]), i > 3 && Math.abs(n[c]) + _ === Math.abs(n[c]) && Math.abs(n[s]) + _ === Math.abs(n[s])) e[c * t + s] = 0;
		else if (Math.abs(e[c * t + s]) > u) {
			for (g = n[s] - n[c], Math.abs(g) + _ === Math.abs(g) ? f = e[c * t + s] / g : (d = .5 * g / e[c * t + s], f = 1 / (Math.abs(d) + Math.sqrt(1 + d * d)), d < 0 && (f = -f)), v = 1 / Math.sqrt(1 + f * f), h = f * v, p = h / (1 + v), g = f * e[c * t + s], x[c] -= g, x[s] += g, n[c] -= g, n[s] += g, e[c * t + s] = 0, a = 0; a <= c - 1; a++) S(e, a * t + c, a * t + s);
			for (a = c + 1; a <= s - 1; a++) S(e, c * t + a, a * t + s);
			for (a = s + 1; a < t; a++) S(e, c * t + a, s * t + a);
			for (a = 0; a < t; a++) S(r, a * t + c, a * t + s);
		}
		for (c = 0; c < t; c++) b[c] += x[c], n[c] = b[c], x[c] = 0;
	}
	if (i >= ho) return po("vtkMath::Jacobi: Error extracting eigenfunctions"), 0;
	for (a = 0; a < t - 1; a++) {
		for (o = a, y = n[o], i = a + 1; i < t; i++) (n[i] >= y || Math.abs(n[i] - y) < 1e-12) && (o = i, y = n[o]);
		o !== a && (n[o] = n[a], n[a] = y, vo(r, t, a, o));
	}
	let C = (t >> 1) + (t & 1);
	for (l = 0, i = 0; i < t * t; i++) r[i] >= 0 && l++;
	if (l < C) for (i = 0; i < t; i++) r[i * t + a] *= -1;
	return 1;
}
function ks(e, t) {
	let n = [
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0
	];
	n[0] = e[0] + e[4] + e[8], n[5] = e[0] - e[4] - e[8], n[10] = -e[0] + e[4] - e[8], n[15] = -e[0] - e[4] + e[8], n[1] = n[4] = e[7] - e[5], n[2] = n[8] = e[2] - e[6], n[3] = n[12] = e[3] - e[1], n[6] = n[9] = e[3] + e[1], n[7] = n[13] = e[2] + e[6], n[11] = n[14] = e[7] + e[5];
	let r = [
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0
	], i = [
		0,
		0,
		0,
		0
	];
	Os([...n], 4, i, r), t[0] = r[0], t[1] = r[4], t[2] = r[8], t[3] = r[12];
}
function As(e, t, n) {
	let r = e[0] * t[0], i = e[0] * t[1], a = e[0] * t[2], o = e[0] * t[3], s = e[1] * t[0], c = e[1] * t[1], l = e[1] * t[2], u = e[1] * t[3], d = e[2] * t[0], f = e[2] * t[1], p = e[2] * t[2], m = e[2] * t[3], h = e[3] * t[0], g = e[3] * t[1], _ = e[3] * t[2], v = e[3] * t[3];
	n[0] = r - c - p - v, n[1] = i + s + m - _, n[2] = a - u + d + g, n[3] = o + l - f + h;
}
function js(e, t) {
	for (let n = 0; n < 9; n++) t[n] = e[n];
	let n = H(3), r = H(3), i;
	for (let e = 0; e < 3; e++) {
		let r = Math.abs(t[e * 3]), a = Math.abs(t[e * 3 + 1]), o = Math.abs(t[e * 3 + 2]);
		i = a > r ? a : r, i = o > i ? o : i, n[e] = 1, i !== 0 && (n[e] /= i);
	}
	let a = Math.abs(t[0]) * n[0], o = Math.abs(t[3]) * n[1], s = Math.abs(t[6]) * n[2];
	r[0] = 0, i = a, o >= i && (i = o, r[0] = 1), s >= i && (r[0] = 2), r[0] !== 0 && (vo(t, 3, r[0], 0), n[r[0]] = n[0]);
	let c = Math.abs(t[4]) * n[1], l = Math.abs(t[7]) * n[2];
	r[1] = 1, i = c, l >= i && (r[1] = 2, vo(t, 3, 1, 2)), r[2] = 2;
	let u = 0;
	if (vs(t) < 0) {
		u = 1;
		for (let e = 0; e < 9; e++) t[e] = -t[e];
	}
	let d = H(4);
	if (ks(t, d), Ts(d, t), u) for (let e = 0; e < 9; e++) t[e] = -t[e];
	r[1] !== 1 && vo(t, 3, r[1], 1), r[0] !== 0 && vo(t, 3, r[0], 0);
}
function Ms(e, t, n) {
	let r, i, a, o, s, c;
	if (Os([...e], 3, t, n), t[0] === t[1] && t[0] === t[2]) xs(n);
	else {
		for (gs(n, n), r = 0; r < 3; r++) if (t[(r + 1) % 3] === t[(r + 2) % 3]) {
			for (c = Math.abs(n[r * 3]), o = 0, i = 1; i < 3; i++) c < (s = Math.abs(n[r * 3 + i])) && (c = s, o = i);
			o !== r && (s = t[o], t[o] = t[r], t[r] = s, _o(n, 3, r, o)), n[o * 3 + o] < 0 && (n[o * 3] = -n[o * 3], n[o * 3 + 1] = -n[o * 3 + 1], n[o * 3 + 2] = -n[o * 3 + 2]), i = (o + 1) % 3, a = (o + 2) % 3, n[i * 3] = 0, n[i * 3 + 1] = 0, n[i * 3 + 2] = 0, n[i * 3 + i] = 1;
			let e = Yo([
				n[o * 3],
				n[o * 3 + 1],
				n[o * 3 + 2]
			], [
				n[i * 3],
				n[i * 3 + 1],
				n[i * 3 + 2]
			], []);
			Zo(e);
			let l = Yo(e, [
				n[o * 3],
				n[o * 3 + 1],
				n[o * 3 + 2]
			], []);
			for (let t = 0; t < 3; t++) n[a * 3 + t] = e[t], n[i * 3 + t] = l[t];
			gs(n, n);
			return;
		}
		for (c = Math.abs(n[0]), o = 0, r = 1; r < 3; r++) c < (s = Math.abs(n[r * 3])) && (c = s, o = r);
		if (o !== 0) {
			let e = t[o];
			t[o] = t[0], t[0] = e, _o(n, 3, o, 0);
		}
		if (Math.abs(n[4]) < Math.abs(n[7])) {
			let e = t[2];
			t[2] = t[1], t[1] = e, _o(n, 3, 1, 2);
		}
		for (r = 0; r < 2; r++) n[r * 3 + r] < 0 && (n[r * 3] = -n[r * 3], n[r * 3 + 1] = -n[r * 3 + 1], n[r * 3 + 2] = -n[r * 3 + 2]);
		vs(n) < 0 && (n[6] = -n[6], n[7] = -n[7], n[8] = -n[8]), gs(n, n);
	}
}
function Ns(e, t, n, r) {
	let i, a = [...e], o = vs(a);
	if (o < 0) for (i = 0; i < 9; i++) a[i] = -a[i];
	js(a, t), gs(a, a), ms(a, t, r), Ms(r, n, r), ms(t, r, t), gs(r, r), o < 0 && (n[0] = -n[0], n[1] = -n[1], n[2] = -n[2]);
}
function Ps(e, t, n) {
	let r, i, a, o, s = 0, c, l, u, d = H(n);
	for (r = 0; r < n; r++) {
		for (o = 0, i = 0; i < n; i++) (u = Math.abs(e[r * n + i])) > o && (o = u);
		if (o === 0) return po("Unable to factor linear system"), 0;
		d[r] = 1 / o;
	}
	for (i = 0; i < n; i++) {
		for (r = 0; r < i; r++) {
			for (c = e[r * n + i], a = 0; a < r; a++) c -= e[r * n + a] * e[a * n + i];
			e[r * n + i] = c;
		}
		for (o = 0, r = i; r < n; r++) {
			for (c = e[r * n + i], a = 0; a < i; a++) c -= e[r * n + a] * e[a * n + i];
			e[r * n + i] = c, (l = d[r] * Math.abs(c)) >= o && (o = l, s = r);
		}
		if (i !== s) {
			for (a = 0; a < n; a++) l = e[s * n + a], e[s * n + a] = e[i * n + a], e[i * n + a] = l;
			d[s] = d[i];
		}
		if (t[i] = s, Math.abs(e[i * n + i]) <= 1e-12) return po("Unable to factor linear system"), 0;
		if (i !== n - 1) for (l = 1 / e[i * n + i], r = i + 1; r < n; r++) e[r * n + i] *= l;
	}
	return 1;
}
function Fs(e, t, n, r) {
	let i, a, o, s, c;
	for (o = -1, i = 0; i < r; i++) {
		if (s = t[i], c = n[s], n[s] = n[i], o >= 0) for (a = o; a <= i - 1; a++) c -= e[i * r + a] * n[a];
		else c !== 0 && (o = i);
		n[i] = c;
	}
	for (i = r - 1; i >= 0; i--) {
		for (c = n[i], a = i + 1; a < r; a++) c -= e[i * r + a] * n[a];
		n[i] = c / e[i * r + i];
	}
}
function Is(e, t, n) {
	if (n === 2) {
		let n = H(2), r = W(e[0], e[1], e[2], e[3]);
		return r === 0 ? 0 : (n[0] = (e[3] * t[0] - e[1] * t[1]) / r, n[1] = (-(e[2] * t[0]) + e[0] * t[1]) / r, t[0] = n[0], t[1] = n[1], 1);
	}
	if (n === 1) return e[0] === 0 ? 0 : (t[0] /= e[0], 1);
	let r = H(n);
	return Ps(e, r, n) === 0 ? 0 : (Fs(e, r, t, n), 1);
}
function Ls(e, t, n, r = null, i = null) {
	let a = r || H(n), o = i || H(n);
	if (Ps(e, a, n, o) === 0) return null;
	for (let r = 0; r < n; r++) {
		for (let e = 0; e < n; e++) o[e] = 0;
		o[r] = 1, Fs(e, a, o, n);
		for (let e = 0; e < n; e++) t[e * n + r] = o[e];
	}
	return t;
}
function Rs(e, t) {
	let n = +Number.MAX_VALUE, r = -Number.MAX_VALUE;
	for (let n = 0; n < t; n++) for (let i = n; i < t; i++) Math.abs(e[n * t + i]) > r && (r = Math.abs(e[n * t + i]));
	for (let r = 0; r < t; r++) Math.abs(e[r * t + r]) < n && (n = Math.abs(e[r * t + r]));
	return n === 0 ? Number.MAX_VALUE : r / n;
}
function zs(e, t, n) {
	return Os(e, 3, t, n);
}
function Bs(e, t, n, r) {
	if (e < n) return po("Insufficient number of samples. Underdetermined."), 0;
	let i, a, o, s = H(n * n), c = H(n), l = H(n * n);
	for (o = 0; o < e; o++) for (i = 0; i < n; i++) for (a = i; a < n; a++) s[i * n + a] += t[o * n + i] * t[o * n + a];
	for (i = 0; i < n; i++) for (a = 0; a < i; a++) s[i * n + a] = s[a * n + i];
	for (Os(s, n, c, l), i = 0; i < n; i++) r[i] = l[i * n + n - 1];
	return 1;
}
function Vs(e, t, n, r, i, a, o = !0) {
	if (e < n || e < i) return po("Insufficient number of samples. Underdetermined."), 0;
	let s = H(i), c = 1, l, u = 0, d, f, p, m = 0;
	if (o) {
		for (f = 0; f < i; f++) s[f] = 1;
		for (d = 0; d < e; d++) for (f = 0; f < i; f++) Math.abs(r[d * i + f]) > 1e-12 && (c = 0, s[f] = 0);
		if (c && i === 1) return po("Detected homogeneous system (Y=0), calling SolveHomogeneousLeastSquares()"), Bs(e, t, n, a);
		if (c) m = 1;
		else for (f = 0; f < i; f++) s[f] && (m = 1);
	}
	m && (l = H(n), u = Bs(e, t, n, l));
	let h = H(n * n), g = H(n * n), _ = H(n * i);
	for (p = 0; p < e; p++) for (d = 0; d < n; d++) {
		for (f = d; f < n; f++) h[d * n + f] += t[p * n + d] * t[p * n + f];
		for (f = 0; f < i; f++) _[d * i + f] += t[p * n + d] * r[p * i + f];
	}
	for (d = 0; d < n; d++) for (f = 0; f < d; f++) h[d * n + f] = h[f * n + d];
	let v = Ls(h, g, n);
	if (v) for (d = 0; d < n; d++) for (f = 0; f < i; f++) for (a[d * i + f] = 0, p = 0; p < n; p++) a[d * i + f] += g[d * n + p] * _[p * i + f];
	if (m) {
		for (f = 0; f < i; f++) if (s[f]) for (d = 0; d < n; d++) a[d * i + f] = l[d * i];
	}
	return m ? u && v : v;
}
function Hs(e, t = [
	0,
	.5,
	1
]) {
	switch (e.length) {
		case 3: return t[0] = parseInt(e[0], 16) * 17 / 255, t[1] = parseInt(e[1], 16) * 17 / 255, t[2] = parseInt(e[2], 16) * 17 / 255, t;
		case 4: return t[0] = parseInt(e[1], 16) * 17 / 255, t[1] = parseInt(e[2], 16) * 17 / 255, t[2] = parseInt(e[3], 16) * 17 / 255, t;
		case 6: return t[0] = parseInt(e.substr(0, 2), 16) / 255, t[1] = parseInt(e.substr(2, 2), 16) / 255, t[2] = parseInt(e.substr(4, 2), 16) / 255, t;
		case 7: return t[0] = parseInt(e.substr(1, 2), 16) / 255, t[1] = parseInt(e.substr(3, 2), 16) / 255, t[2] = parseInt(e.substr(5, 2), 16) / 255, t;
		case 9: return t[0] = parseInt(e.substr(1, 2), 16) / 255, t[1] = parseInt(e.substr(3, 2), 16) / 255, t[2] = parseInt(e.substr(5, 2), 16) / 255, t[3] = parseInt(e.substr(7, 2), 16) / 255, t;
		default: return t;
	}
}
function Us(e, t) {
	let n, r, [i, a, o] = e, s = 1 / 6, c = i, l = i;
	a > c ? c = a : a < l && (l = a), o > c ? c = o : o < l && (l = o);
	let u = c;
	r = u > 0 ? (c - l) / c : 0, r > 0 ? (n = i === c ? s * (a - o) / (c - l) : a === c ? .3333333333333333 + s * (o - i) / (c - l) : .6666666666666666 + s * (i - a) / (c - l), n < 0 && (n += 1)) : n = 0, t[0] = n, t[1] = r, t[2] = u;
}
function Ws(e, t) {
	let [n, r, i] = e, a = 1 / 3, o = 1 / 6, s = 2 / 3, c = 5 / 6, l, u, d;
	n > o && n <= a ? (u = 1, l = (a - n) / o, d = 0) : n > a && n <= .5 ? (u = 1, d = (n - a) / o, l = 0) : n > .5 && n <= s ? (d = 1, u = (s - n) / o, l = 0) : n > s && n <= c ? (d = 1, l = (n - s) / o, u = 0) : n > c && n <= 1 ? (l = 1, d = (1 - n) / o, u = 0) : (l = 1, u = n / o, d = 0), l = r * l + (1 - r), u = r * u + (1 - r), d = r * d + (1 - r), l *= i, u *= i, d *= i, t[0] = l, t[1] = u, t[2] = d;
}
function Gs(e, t) {
	let [n, r, i] = e, a = (n + 16) / 116, o = r / 500 + a, s = a - i / 200;
	a ** 3 > .008856 ? a **= 3 : a = (a - 16 / 116) / 7.787, o ** 3 > .008856 ? o **= 3 : o = (o - 16 / 116) / 7.787, s ** 3 > .008856 ? s **= 3 : s = (s - 16 / 116) / 7.787, t[0] = .9505 * o, t[1] = 1 * a, t[2] = 1.089 * s;
}
function Ks(e, t) {
	let [n, r, i] = e, a = n / .9505, o = r / 1, s = i / 1.089;
	a > .008856 ? a **= 1 / 3 : a = 7.787 * a + 16 / 116, o > .008856 ? o **= 1 / 3 : o = 7.787 * o + 16 / 116, s > .008856 ? s **= 1 / 3 : s = 7.787 * s + 16 / 116, t[0] = 116 * o - 16, t[1] = 500 * (a - o), t[2] = 200 * (o - s);
}
function qs(e, t) {
	let [n, r, i] = e, a = n * 3.2406 + r * -1.5372 + i * -.4986, o = n * -.9689 + r * 1.8758 + i * .0415, s = n * .0557 + r * -.204 + i * 1.057;
	a > .0031308 ? a = 1.055 * a ** (1 / 2.4) - .055 : a *= 12.92, o > .0031308 ? o = 1.055 * o ** (1 / 2.4) - .055 : o *= 12.92, s > .0031308 ? s = 1.055 * s ** (1 / 2.4) - .055 : s *= 12.92;
	let c = a;
	c < o && (c = o), c < s && (c = s), c > 1 && (a /= c, o /= c, s /= c), a < 0 && (a = 0), o < 0 && (o = 0), s < 0 && (s = 0), t[0] = a, t[1] = o, t[2] = s;
}
function Js(e, t) {
	let [n, r, i] = e;
	n > .04045 ? n = ((n + .055) / 1.055) ** 2.4 : n /= 12.92, r > .04045 ? r = ((r + .055) / 1.055) ** 2.4 : r /= 12.92, i > .04045 ? i = ((i + .055) / 1.055) ** 2.4 : i /= 12.92, t[0] = n * .4124 + r * .3576 + i * .1805, t[1] = n * .2126 + r * .7152 + i * .0722, t[2] = n * .0193 + r * .1192 + i * .9505;
}
function Ys(e, t) {
	let n = [
		0,
		0,
		0
	];
	Js(e, n), Ks(n, t);
}
function Xs(e, t) {
	let n = [
		0,
		0,
		0
	];
	Gs(e, n), qs(n, t);
}
function Zs(e) {
	return e[0] = 1, e[1] = -1, e[2] = 1, e[3] = -1, e[4] = 1, e[5] = -1, e;
}
function Qs(e) {
	return !(e[1] - e[0] < 0);
}
function $s(e, t, n) {
	return n[0] = Math.min(e[0], t[0]), n[1] = Math.max(e[0], t[0]), n[2] = Math.min(e[1], t[1]), n[3] = Math.max(e[1], t[1]), n[4] = Math.min(e[2], t[2]), n[5] = Math.max(e[2], t[2]), n;
}
function ec(e, t, n) {
	return e < t ? t : e > n ? n : e;
}
function tc(e, t, n, r = [
	0,
	0,
	0
]) {
	return r[0] = ec(e[0], t[0], n[0]), r[1] = ec(e[1], t[1], n[1]), r[2] = ec(e[2], t[2], n[2]), r;
}
function nc(e, t) {
	let n = 0;
	return t[0] !== t[1] && (n = e < t[0] ? t[0] : e > t[1] ? t[1] : e, n = (n - t[0]) / (t[1] - t[0])), n;
}
var rc = go("GetScalarTypeFittingRange"), ic = go("GetAdjustedScalarRange");
function ac(e, t) {
	if (!e || !t) return 0;
	for (let n = 0; n < 6; n += 2) if (e[n] < t[n] || e[n] > t[n + 1] || e[n + 1] < t[n] || e[n + 1] > t[n + 1]) return 0;
	return 1;
}
function oc(e, t, n) {
	if (!e || !t) return 0;
	for (let r = 0; r < 6; r += 2) if (e[r] + n[r / 2] < t[r] || e[r] - n[r / 2] > t[r + 1] || e[r + 1] + n[r / 2] < t[r] || e[r + 1] - n[r / 2] > t[r + 1]) return 0;
	return 1;
}
function sc(e, t, n) {
	if (!e || !t || !n) return 0;
	for (let r = 0; r < 3; r++) if (e[r] + n[r] < t[2 * r] || e[r] - n[r] > t[2 * r + 1]) return 0;
	return 1;
}
function cc(e, t, n, r) {
	let i = H(3), a = H(3), o = H(3), s = H(3), c = H(3), l = H(3);
	for (let r = 0; r < 3; ++r) i[r] = e[r] - t[r], a[r] = t[r] - n[r], o[r] = n[r] - e[r], s[r] = -i[r], c[r] = -a[r], l[r] = -o[r];
	let u = Xo(s), d = Xo(c), f = Xo(o), p = H(3);
	Yo(i, a, p);
	let m = Xo(p), h = u * d * f / (2 * m), g = 2 * m * m, _ = d * d * U(i, l) / g, v = f * f * U(s, a) / g, y = u * u * U(o, c) / g;
	for (let i = 0; i < 3; ++i) r[i] = _ * e[i] + v * t[i] + y * n[i];
	return h;
}
var lc = Infinity, uc = -Infinity, dc = (e) => !Number.isFinite(e), { isFinite: fc, isNaN: pc } = Number, mc = pc;
function hc() {
	return [
		Number.MAX_VALUE,
		-Number.MAX_VALUE,
		Number.MAX_VALUE,
		-Number.MAX_VALUE,
		Number.MAX_VALUE,
		-Number.MAX_VALUE
	];
}
function gc(e) {
	let t = -1, n = -1;
	for (let r = 0; r < e.length; r++) {
		let i = Math.abs(e[r]);
		i > t && (n = r, t = i);
	}
	return n;
}
function _c(e) {
	let t = Infinity, n = -1;
	for (let r = 0; r < e.length; r++) {
		let i = Math.abs(e[r]);
		i < t && (n = r, t = i);
	}
	return n;
}
function vc(e, t = 3) {
	let n = Array(t), r = Array(t);
	for (let e = 0; e < t; ++e) n[e] = e, r[e] = e;
	for (let i = t - 1; i > 0; i--) {
		let a = -Infinity, o = 0, s = 0;
		for (let c = 0; c <= i; ++c) {
			let l = n[c];
			for (let n = 0; n <= i; ++n) {
				let i = r[n], u = Math.abs(e[l + t * i]);
				u > a && (a = u, o = c, s = n);
			}
		}
		[n[i], n[o]] = [n[o], n[i]], [r[i], r[s]] = [r[s], r[i]];
	}
	let i = Array(t * t).fill(0);
	for (let a = 0; a < t; ++a) {
		let o = n[a] + t * r[a];
		i[o] = e[o] < 0 ? -1 : 1;
	}
	return i;
}
function yc(e) {
	let t = Math.floor(e * 255);
	return t > 15 ? t.toString(16) : `0${t.toString(16)}`;
}
function bc(e, t = "#") {
	return `${t}${e.map(yc).join("")}`;
}
function xc(e) {
	return Math.round(e * 255);
}
function Sc(e) {
	return e.length === 3 ? `rgb(${e.map(xc).join(", ")})` : `rgba(${xc(e[0] || 0)}, ${xc(e[1] || 0)}, ${xc(e[2] || 0)}, ${e[3] || 0})`;
}
var Cc = {
	Pi: yo,
	ldexp: bo,
	radiansFromDegrees: xo,
	degreesFromRadians: So,
	round: Co,
	floor: wo,
	ceil: To,
	ceilLog2: jo,
	min: Eo,
	max: Do,
	arrayMin: Oo,
	arrayMax: ko,
	arrayRange: Ao,
	isPowerOfTwo: Po,
	nearestPowerOfTwo: No,
	factorial: Mo,
	binomial: Fo,
	beginCombination: Io,
	nextCombination: Lo,
	randomSeed: Ro,
	getSeed: zo,
	random: Bo,
	gaussian: Vo,
	add: Ho,
	subtract: Uo,
	multiplyScalar: Wo,
	multiplyScalar2D: Go,
	multiplyAccumulate: Ko,
	multiplyAccumulate2D: qo,
	dot: U,
	outer: Jo,
	cross: Yo,
	norm: Xo,
	normalize: Zo,
	perpendiculars: $o,
	projectVector: es,
	projectVector2D: ns,
	distance2BetweenPoints: rs,
	angleBetweenVectors: is,
	gaussianAmplitude: as,
	gaussianWeight: os,
	dot2D: ts,
	outer2D: ss,
	norm2D: cs,
	normalize2D: ls,
	determinant2x2: W,
	LUFactor3x3: us,
	LUSolve3x3: ds,
	linearSolve3x3: fs,
	multiply3x3_vect3: ps,
	multiply3x3_mat3: ms,
	multiplyMatrix: hs,
	transpose3x3: gs,
	invert3x3: _s,
	identity3x3: xs,
	identity: Ss,
	isIdentity: Cs,
	isIdentity3x3: ws,
	determinant3x3: vs,
	quaternionToMatrix3x3: Ts,
	areEquals: ys,
	areMatricesEqual: bs,
	roundNumber: Es,
	roundVector: Ds,
	matrix3x3ToQuaternion: ks,
	multiplyQuaternion: As,
	orthogonalize3x3: js,
	diagonalize3x3: Ms,
	singularValueDecomposition3x3: Ns,
	solveLinearSystem: Is,
	invertMatrix: Ls,
	luFactorLinearSystem: Ps,
	luSolveLinearSystem: Fs,
	estimateMatrixCondition: Rs,
	jacobi: zs,
	jacobiN: Os,
	solveHomogeneousLeastSquares: Bs,
	solveLeastSquares: Vs,
	hex2float: Hs,
	rgb2hsv: Us,
	hsv2rgb: Ws,
	lab2xyz: Gs,
	xyz2lab: Ks,
	xyz2rgb: qs,
	rgb2xyz: Js,
	rgb2lab: Ys,
	lab2rgb: Xs,
	uninitializeBounds: Zs,
	areBoundsInitialized: Qs,
	computeBoundsFromPoints: $s,
	clampValue: ec,
	clampVector: tc,
	clampAndNormalizeValue: nc,
	getScalarTypeFittingRange: rc,
	getAdjustedScalarRange: ic,
	extentIsWithinOtherExtent: ac,
	boundsIsWithinOtherBounds: oc,
	pointIsWithinBounds: sc,
	solve3PointCircle: cc,
	inf: lc,
	negInf: uc,
	isInf: dc,
	isNan: pc,
	isNaN: pc,
	isFinite: fc,
	createUninitializedBounds: hc,
	getMajorAxisIndex: gc,
	getMinorAxisIndex: _c,
	getSparseOrthogonalMatrix: vc,
	floatToHex2: yc,
	floatRGB2HexCode: bc,
	float2CssRGBA: Sc
};
// node_modules/@kitware/vtk.js/Common/DataModel/ImplicitFunction.js
function wc(e, t) {
	t.classHierarchy.push("vtkImplicitFunction"), e.functionValue = (n) => {
		if (!t.transform) return e.evaluateFunction(n);
		let r = [];
		return t.transform.transformPoint(n, r), e.evaluateFunction(r);
	}, e.evaluateFunction = (e) => {
		V.vtkErrorMacro("not implemented");
	};
}
var Tc = {};
function Ec(e, t, n = {}) {
	Object.assign(t, Tc, n), V.obj(e, t), V.setGet(e, t, ["transform"]), wc(e, t);
}
var Dc = {
	newInstance: V.newInstance(Ec, "vtkImplicitFunction"),
	extend: Ec
}, Oc = 1e-6, kc = "coincide", Ac = "disjoint";
function jc(e, t, n) {
	return e[0] * (n[0] - t[0]) + e[1] * (n[1] - t[1]) + e[2] * (n[2] - t[2]);
}
function Mc(e, t, n) {
	let r = n[0] * (e[0] - t[0]) + n[1] * (e[1] - t[1]) + n[2] * (e[2] - t[2]);
	return Math.abs(r);
}
function Nc(e, t, n, r) {
	let i = [];
	Uo(e, t, i);
	let a = U(n, i);
	r[0] = e[0] - a * n[0], r[1] = e[1] - a * n[1], r[2] = e[2] - a * n[2];
}
function Pc(e, t, n) {
	let r = U(e, t), i = U(t, t);
	return i === 0 && (i = 1), n[0] = e[0] - r * t[0] / i, n[1] = e[1] - r * t[1] / i, n[2] = e[2] - r * t[2] / i, n;
}
function Fc(e, t, n, r) {
	let i = [];
	Uo(e, t, i);
	let a = U(n, i), o = U(n, n);
	o === 0 ? (r[0] = e[0], r[1] = e[1], r[2] = e[2]) : (r[0] = e[0] - a * n[0] / o, r[1] = e[1] - a * n[1] / o, r[2] = e[2] - a * n[2] / o);
}
function Ic(e, t, n, r) {
	let i = {
		intersection: !1,
		betweenPoints: !1,
		t: Number.MAX_VALUE,
		x: []
	}, a = [], o = [];
	Uo(t, e, a), Uo(n, e, o);
	let s = U(r, o), c = U(r, a), l, u;
	return l = c < 0 ? -c : c, u = s < 0 ? -s * Oc : s * Oc, l <= u || (i.t = s / c, i.x[0] = e[0] + i.t * a[0], i.x[1] = e[1] + i.t * a[1], i.x[2] = e[2] + i.t * a[2], i.intersection = !0, i.betweenPoints = i.t >= 0 && i.t <= 1), i;
}
function Lc(e, t, n, r) {
	let i = {
		intersection: !1,
		l0: [],
		l1: [],
		error: null
	}, a = [];
	Yo(t, r, a);
	let o = a.map((e) => Math.abs(e));
	if (o[0] + o[1] + o[2] < Oc) {
		let r = [];
		return Uo(e, n, r), i.error = U(t, r) === 0 ? kc : Ac, i;
	}
	let s;
	s = o[0] > o[1] && o[0] > o[2] ? "x" : o[1] > o[2] ? "y" : "z";
	let c = [], l = -U(t, e), u = -U(r, n);
	switch (s) {
		case "x":
			c[0] = 0, c[1] = (u * t[2] - l * r[2]) / a[0], c[2] = (l * r[1] - u * t[1]) / a[0];
			break;
		case "y":
			c[0] = (l * r[2] - u * t[2]) / a[1], c[1] = 0, c[2] = (u * t[0] - l * r[0]) / a[1];
			break;
		case "z": c[0] = (u * t[1] - l * r[1]) / a[2], c[1] = (l * r[0] - u * t[0]) / a[2], c[2] = 0;
	}
	return i.l0 = c, Ho(c, a, i.l1), i.intersection = !0, i;
}
var Rc = {
	evaluate: jc,
	distanceToPlane: Mc,
	projectPoint: Nc,
	projectVector: Pc,
	generalizedProjectPoint: Fc,
	intersectWithLine: Ic,
	intersectWithPlane: Lc,
	DISJOINT: Ac,
	COINCIDE: kc
};
function zc(e, t) {
	t.classHierarchy.push("vtkPlane"), e.distanceToPlane = (e) => Mc(e, t.origin, t.normal), e.projectPoint = (e, n) => {
		Nc(e, t.origin, t.normal, n);
	}, e.projectVector = (e, n) => Pc(e, t.normal, n), e.push = (e) => {
		if (e !== 0) for (let n = 0; n < 3; n++) t.origin[n] += e * t.normal[n];
	}, e.generalizedProjectPoint = (e, n) => {
		Fc(e, t.origin, t.normal, n);
	}, e.evaluateFunction = (e, n, r) => Array.isArray(e) ? t.normal[0] * (e[0] - t.origin[0]) + t.normal[1] * (e[1] - t.origin[1]) + t.normal[2] * (e[2] - t.origin[2]) : t.normal[0] * (e - t.origin[0]) + t.normal[1] * (n - t.origin[1]) + t.normal[2] * (r - t.origin[2]), e.evaluateGradient = (e) => [
		t.normal[0],
		t.normal[1],
		t.normal[2]
	], e.intersectWithLine = (e, n) => Ic(e, n, t.origin, t.normal), e.intersectWithPlane = (e, n) => Lc(e, n, t.origin, t.normal);
}
var Bc = {
	normal: [
		0,
		0,
		1
	],
	origin: [
		0,
		0,
		0
	]
};
function Vc(e, t, n = {}) {
	Object.assign(t, Bc, n), Dc.extend(e, t, n), V.setGetArray(e, t, ["normal", "origin"], 3), zc(e, t);
}
var Hc = {
	newInstance: V.newInstance(Vc, "vtkPlane"),
	extend: Vc,
	...Rc
}, Uc = [
	Number.MAX_VALUE,
	-Number.MAX_VALUE,
	Number.MAX_VALUE,
	-Number.MAX_VALUE,
	Number.MAX_VALUE,
	-Number.MAX_VALUE
];
function Wc(e, t) {
	return e[0] === t[0] && e[1] === t[1] && e[2] === t[2] && e[3] === t[3] && e[4] === t[4] && e[5] === t[5];
}
function Gc(e) {
	return e?.length >= 6 && e[0] <= e[1] && e[2] <= e[3] && e[4] <= e[5];
}
function Kc(e, t) {
	return e[0] = t[0], e[1] = t[1], e[2] = t[2], e[3] = t[3], e[4] = t[4], e[5] = t[5], e;
}
function qc(e) {
	return Kc(e, Uc);
}
function Jc(e, t, n, r) {
	let [i, a, o, s, c, l] = e;
	return typeof t == "number" ? (e[0] = i < t ? i : t, e[1] = a > t ? a : t, e[2] = o < n ? o : n, e[3] = s > n ? s : n, e[4] = c < r ? c : r, e[5] = l > r ? l : r) : (e[0] = i < t[0] ? i : t[0], e[1] = a > t[0] ? a : t[0], e[2] = o < t[1] ? o : t[1], e[3] = s > t[1] ? s : t[1], e[4] = c < t[2] ? c : t[2], e[5] = l > t[2] ? l : t[2]), e;
}
function Yc(e, t) {
	if (t.length === 0) return e;
	if (Array.isArray(t[0])) for (let n = 0; n < t.length; ++n) Jc(e, ...t[n]);
	else for (let n = 0; n < t.length; n += 3) Jc(e, ...t.slice(n, n + 3));
	return e;
}
function Xc(e, t, n, r, i, a, o) {
	let [s, c, l, u, d, f] = e;
	return o === void 0 ? (e[0] = Math.min(t[0], s), e[1] = Math.max(t[1], c), e[2] = Math.min(t[2], l), e[3] = Math.max(t[3], u), e[4] = Math.min(t[4], d), e[5] = Math.max(t[5], f)) : (e[0] = Math.min(t, s), e[1] = Math.max(n, c), e[2] = Math.min(r, l), e[3] = Math.max(i, u), e[4] = Math.min(a, d), e[5] = Math.max(o, f)), e;
}
function Zc(e, t, n, r) {
	let [i, a, o, s, c, l] = e;
	return e[0] = t, e[1] = t > a ? t : a, e[2] = n, e[3] = n > s ? n : s, e[4] = r, e[5] = r > l ? r : l, i !== t || o !== n || c !== r;
}
function Qc(e, t, n, r) {
	let [i, a, o, s, c, l] = e;
	return e[0] = t < i ? t : i, e[1] = t, e[2] = n < o ? n : o, e[3] = n, e[4] = r < c ? r : c, e[5] = r, a !== t || s !== n || l !== r;
}
function $c(e, t) {
	return t == null ? el(e) : (e[0] -= t, e[1] += t, e[2] -= t, e[3] += t, e[4] -= t, e[5] += t, e);
}
function el(e) {
	let t = [
		0,
		0,
		0
	], n = -1, r = 0, i = 0;
	for (let a = 0; a < 3; ++a) i = e[a * 2 + 1] - e[a * 2], i > r && (r = i, n = a), t[a] = +(i > 0);
	if (n < 0) return $c(e, .5);
	for (let n = 0; n < 3; ++n) if (!t[n]) {
		let t = .005 * r;
		e[n * 2] -= t, e[n * 2 + 1] += t;
	}
	return e;
}
function tl(e, t, n, r) {
	return Gc(e) ? (t >= 0 ? (e[0] *= t, e[1] *= t) : (e[0] = t * e[1], e[1] = t * e[0]), n >= 0 ? (e[2] *= n, e[3] *= n) : (e[2] = n * e[3], e[3] = n * e[2]), r >= 0 ? (e[4] *= r, e[5] *= r) : (e[4] = r * e[5], e[5] = r * e[4]), !0) : !1;
}
function nl(e) {
	return [
		.5 * (e[0] + e[1]),
		.5 * (e[2] + e[3]),
		.5 * (e[4] + e[5])
	];
}
function rl(e, t, n, r) {
	if (!Gc(e)) return !1;
	let i = nl(e);
	return e[0] -= i[0], e[1] -= i[0], e[2] -= i[1], e[3] -= i[1], e[4] -= i[2], e[5] -= i[2], tl(e, t, n, r), e[0] += i[0], e[1] += i[0], e[2] += i[1], e[3] += i[1], e[4] += i[2], e[5] += i[2], !0;
}
function il(e, t) {
	return e[t * 2 + 1] - e[t * 2];
}
function al(e) {
	return [
		il(e, 0),
		il(e, 1),
		il(e, 2)
	];
}
function ol(e) {
	return e.slice(0, 2);
}
function sl(e) {
	return e.slice(2, 4);
}
function cl(e) {
	return e.slice(4, 6);
}
function ll(e) {
	let t = al(e);
	return t[0] > t[1] ? t[0] > t[2] ? t[0] : t[2] : t[1] > t[2] ? t[1] : t[2];
}
function ul(e) {
	if (Gc(e)) {
		let t = al(e);
		return t[0] * t[0] + t[1] * t[1] + t[2] * t[2];
	}
	return null;
}
function dl(e) {
	let t = ul(e);
	return t === null ? null : Math.sqrt(t);
}
function fl(e) {
	return [
		e[0],
		e[2],
		e[4]
	];
}
function pl(e) {
	return [
		e[1],
		e[3],
		e[5]
	];
}
function ml(e, t) {
	return e <= 0 && t >= 0 || e >= 0 && t <= 0;
}
function hl(e, t) {
	return t[0] = [
		e[0],
		e[2],
		e[4]
	], t[1] = [
		e[0],
		e[2],
		e[5]
	], t[2] = [
		e[0],
		e[3],
		e[4]
	], t[3] = [
		e[0],
		e[3],
		e[5]
	], t[4] = [
		e[1],
		e[2],
		e[4]
	], t[5] = [
		e[1],
		e[2],
		e[5]
	], t[6] = [
		e[1],
		e[3],
		e[4]
	], t[7] = [
		e[1],
		e[3],
		e[5]
	], t;
}
function gl(e, t, n) {
	return t[0] = e[0], t[1] = e[2], t[2] = e[4], n[0] = e[1], n[1] = e[3], n[2] = e[5], t;
}
function _l(e, t, n = []) {
	let r = hl(e, []);
	for (let e = 0; e < r.length; ++e) R(r[e], r[e], t);
	return qc(n), Yc(n, r);
}
function vl(e, t = []) {
	return t[0] = .5 * (e[1] - e[0]), t[1] = .5 * (e[3] - e[2]), t[2] = .5 * (e[5] - e[4]), t;
}
function yl(e, t, n, r) {
	let i = [].concat(Uc), a = e.getData();
	for (let e = 0; e < a.length; e += 3) {
		let o = [
			a[e],
			a[e + 1],
			a[e + 2]
		], s = U(o, t);
		i[0] = Math.min(s, i[0]), i[1] = Math.max(s, i[1]);
		let c = U(o, n);
		i[2] = Math.min(c, i[2]), i[3] = Math.max(c, i[3]);
		let l = U(o, r);
		i[4] = Math.min(l, i[4]), i[5] = Math.max(l, i[5]);
	}
	return i;
}
function bl(e, t, n, r, i) {
	let a = !0, o = [], s = 0, c = [], l = [
		0,
		0,
		0
	];
	for (let n = 0; n < 3; n++) t[n] < e[2 * n] ? (o[n] = 1, l[n] = e[2 * n], a = !1) : t[n] > e[2 * n + 1] ? (o[n] = 0, l[n] = e[2 * n + 1], a = !1) : o[n] = 2;
	if (a) return r[0] = t[0], r[1] = t[1], r[2] = t[2], i[0] = 0, 1;
	for (let e = 0; e < 3; e++) o[e] !== 2 && n[e] !== 0 ? c[e] = (l[e] - t[e]) / n[e] : c[e] = -1;
	for (let e = 0; e < 3; e++) c[s] < c[e] && (s = e);
	if (c[s] > 1 || c[s] < 0) return 0;
	i[0] = c[s];
	for (let i = 0; i < 3; i++) if (s !== i) {
		if (r[i] = t[i] + c[s] * n[i], r[i] < e[2 * i] || r[i] > e[2 * i + 1]) return 0;
	} else r[i] = l[i];
	return 1;
}
function xl(e, t, n) {
	let r = [], i = 0, a = 1, o = 1;
	for (let s = 4; s <= 5; ++s) {
		r[2] = e[s];
		for (let s = 2; s <= 3; ++s) {
			r[1] = e[s];
			for (let s = 0; s <= 1; ++s) if (r[0] = e[s], i = Hc.evaluate(n, t, r), o &&= (a = i >= 0 ? 1 : -1, 0), i === 0 || a > 0 && i < 0 || a < 0 && i > 0) return 1;
		}
	}
	return 0;
}
function Sl(e, t) {
	if (!(Gc(e) && Gc(t))) return !1;
	let n = [
		0,
		0,
		0,
		0,
		0,
		0
	], r;
	for (let i = 0; i < 3; i++) if (r = !1, t[i * 2] >= e[i * 2] && t[i * 2] <= e[i * 2 + 1] ? (r = !0, n[i * 2] = t[i * 2]) : e[i * 2] >= t[i * 2] && e[i * 2] <= t[i * 2 + 1] && (r = !0, n[i * 2] = e[i * 2]), t[i * 2 + 1] >= e[i * 2] && t[i * 2 + 1] <= e[i * 2 + 1] ? (r = !0, n[i * 2 + 1] = t[2 * i + 1]) : e[i * 2 + 1] >= t[i * 2] && e[i * 2 + 1] <= t[i * 2 + 1] && (r = !0, n[i * 2 + 1] = e[i * 2 + 1]), !r) return !1;
	return e[0] = n[0], e[1] = n[1], e[2] = n[2], e[3] = n[3], e[4] = n[4], e[5] = n[5], !0;
}
function Cl(e, t) {
	if (!(Gc(e) && Gc(t))) return !1;
	for (let n = 0; n < 3; n++) if (!(t[n * 2] >= e[n * 2] && t[n * 2] <= e[n * 2 + 1]) && !(e[n * 2] >= t[n * 2] && e[n * 2] <= t[n * 2 + 1]) && !(t[n * 2 + 1] >= e[n * 2] && t[n * 2 + 1] <= e[n * 2 + 1]) && !(e[n * 2 + 1] >= t[n * 2] && e[n * 2 + 1] <= t[n * 2 + 1])) return !1;
	return !0;
}
function wl(e, t, n, r) {
	return !(t < e[0] || t > e[1] || n < e[2] || n > e[3] || r < e[4] || r > e[5]);
}
function Tl(e, t) {
	return !(!Cl(e, t) || !wl(e, ...fl(t)) || !wl(e, ...pl(t)));
}
function El(e, t, n) {
	let r = [
		[
			0,
			1,
			2,
			3,
			4,
			5,
			6,
			7
		],
		[
			0,
			1,
			4,
			5,
			2,
			3,
			6,
			7
		],
		[
			0,
			2,
			4,
			6,
			1,
			3,
			5,
			7
		]
	], i = [
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0
	], a = 0;
	for (let r = 0; r < 2; r++) for (let o = 2; o < 4; o++) for (let s = 4; s < 6; s++) {
		let c = [
			e[r],
			e[o],
			e[s]
		];
		i[a++] = Hc.evaluate(n, t, c);
	}
	let o = 2;
	for (; o-- && !(ml(i[r[o][0]], i[r[o][4]]) && ml(i[r[o][1]], i[r[o][5]]) && ml(i[r[o][2]], i[r[o][6]]) && ml(i[r[o][3]], i[r[o][7]])););
	if (o < 0) return !1;
	let s = Math.sign(n[o]), c = Math.abs((e[o * 2 + 1] - e[o * 2]) * n[o]), l = +(s > 0);
	for (let e = 0; e < 4; e++) {
		if (c === 0) continue;
		let t = Math.abs(i[r[o][e]]) / c;
		s > 0 && t < l && (l = t), s < 0 && t > l && (l = t);
	}
	let u = (1 - l) * e[o * 2] + l * e[o * 2 + 1];
	return s > 0 ? e[o * 2] = u : e[o * 2 + 1] = u, !0;
}
function Dl(e, t) {
	for (let e = 0; e < 3; ++e) t[e] = t[e] < 1 ? 1 : t[e];
	let n = t[0] * t[1] * t[2];
	for (; n > e;) {
		for (let e = 0; e < 3; ++e) t[e] = t[e] > 1 ? t[e] - 1 : 1;
		n = t[0] * t[1] * t[2];
	}
}
function Ol(e, t, n, r = []) {
	t = t <= 0 ? 1 : t;
	let i = 0, a = [
		0,
		0,
		0
	], o = -1, s = 0, c = al(e), l = c[0] + c[1] + c[2], u = .001 / 3 * l;
	for (let e = 0; e < 3; ++e) c[e] > s && (o = e, s = c[e]), c[e] > u ? (a[e] = 1, i++) : a[e] = 0;
	let d = fl(e), f = pl(e);
	if (i < 1) return n[0] = 1, n[1] = 1, n[2] = 1, r[0] = d[0] - .5, r[1] = f[0] + .5, r[2] = d[1] - .5, r[3] = f[1] + .5, r[4] = d[2] - .5, r[5] = f[2] + .5, 1;
	let p = t;
	p /= a[0] ? c[0] / l : 1, p /= a[1] ? c[1] / l : 1, p /= a[2] ? c[2] / l : 1, p **= 1 / i;
	for (let e = 0; e < 3; ++e) n[e] = a[e] ? Math.floor(p * c[e] / l) : 1, n[e] = n[e] < 1 ? 1 : n[e];
	Dl(t, n);
	let m = .5 * c[o] / n[o];
	for (let e = 0; e < 3; ++e) a[e] ? (r[2 * e] = d[e], r[2 * e + 1] = f[e]) : (r[2 * e] = d[e] - m, r[2 * e + 1] = f[e] + m);
	return n[0] * n[1] * n[2];
}
function kl(e, t) {
	if (e[0] >= t[0] && e[0] <= t[1] && e[1] >= t[2] && e[1] <= t[3] && e[2] >= t[4] && e[2] <= t[5]) return 0;
	let n = [
		0,
		0,
		0
	];
	return e[0] < t[0] ? n[0] = t[0] - e[0] : e[0] > t[1] && (n[0] = e[0] - t[1]), e[1] < t[2] ? n[1] = t[2] - e[1] : e[1] > t[3] && (n[1] = e[1] - t[3]), e[2] < t[4] ? n[2] = t[4] - e[2] : e[2] > t[5] && (n[2] = e[2] - t[5]), U(n, n);
}
var Al = class {
	constructor(e) {
		this.bounds = e, this.bounds ||= new Float64Array(Uc);
	}
	getBounds() {
		return this.bounds;
	}
	equals(e) {
		return Wc(this.bounds, e);
	}
	isValid() {
		return Gc(this.bounds);
	}
	setBounds(e) {
		return Kc(this.bounds, e);
	}
	reset() {
		return qc(this.bounds);
	}
	addPoint(...e) {
		return Jc(this.bounds, ...e);
	}
	addPoints(e) {
		return Yc(this.bounds, e);
	}
	addBounds(e, t, n, r, i, a) {
		return Xc(this.bounds, e, t, n, r, i, a);
	}
	setMinPoint(e, t, n) {
		return Zc(this.bounds, e, t, n);
	}
	setMaxPoint(e, t, n) {
		return Qc(this.bounds, e, t, n);
	}
	inflate(e) {
		return $c(this.bounds, e);
	}
	scale(e, t, n) {
		return tl(this.bounds, e, t, n);
	}
	getCenter() {
		return nl(this.bounds);
	}
	getLength(e) {
		return il(this.bounds, e);
	}
	getLengths() {
		return al(this.bounds);
	}
	getMaxLength() {
		return ll(this.bounds);
	}
	getDiagonalLength() {
		return dl(this.bounds);
	}
	getDiagonalLength2() {
		return ul(this.bounds);
	}
	getMinPoint() {
		return fl(this.bounds);
	}
	getMaxPoint() {
		return pl(this.bounds);
	}
	getXRange() {
		return ol(this.bounds);
	}
	getYRange() {
		return sl(this.bounds);
	}
	getZRange() {
		return cl(this.bounds);
	}
	getCorners(e) {
		return hl(this.bounds, e);
	}
	computeCornerPoints(e, t) {
		return gl(this.bounds, e, t);
	}
	computeLocalBounds(e, t, n) {
		return yl(this.bounds, e, t, n);
	}
	transformBounds(e, t = []) {
		return _l(this.bounds, e, t);
	}
	computeScale3(e) {
		return vl(this.bounds, e);
	}
	cutWithPlane(e, t) {
		return El(this.bounds, e, t);
	}
	intersectBox(e, t, n, r) {
		return bl(this.bounds, e, t, n, r);
	}
	intersectPlane(e, t) {
		return xl(this.bounds, e, t);
	}
	intersect(e) {
		return Sl(this.bounds, e);
	}
	intersects(e) {
		return Cl(this.bounds, e);
	}
	containsPoint(e, t, n) {
		return wl(this.bounds, e, t, n);
	}
	contains(e) {
		return Cl(this.bounds, e);
	}
	computeDivisions(e, t, n = []) {
		return Ol(this.bounds, e, t, n);
	}
	distance2ToBounds(e) {
		return kl(e, this.bounds);
	}
};
function jl(e) {
	return new Al(e && e.bounds);
}
var G = {
	newInstance: jl,
	equals: Wc,
	isValid: Gc,
	setBounds: Kc,
	reset: qc,
	addPoint: Jc,
	addPoints: Yc,
	addBounds: Xc,
	setMinPoint: Zc,
	setMaxPoint: Qc,
	inflate: $c,
	scale: tl,
	scaleAboutCenter: rl,
	getCenter: nl,
	getLength: il,
	getLengths: al,
	getMaxLength: ll,
	getDiagonalLength: dl,
	getDiagonalLength2: ul,
	getMinPoint: fl,
	getMaxPoint: pl,
	getXRange: ol,
	getYRange: sl,
	getZRange: cl,
	getCorners: hl,
	computeCornerPoints: gl,
	computeLocalBounds: yl,
	transformBounds: _l,
	computeScale3: vl,
	cutWithPlane: El,
	intersectBox: bl,
	intersectPlane: xl,
	intersect: Sl,
	intersects: Cl,
	containsPoint: wl,
	contains: Tl,
	computeDivisions: Ol,
	clampDivisions: Dl,
	distance2ToBounds: kl,
	INIT_BOUNDS: Uc
}, Ml = {
	Int8Array: 1,
	Uint8Array: 1,
	Uint8ClampedArray: 1,
	Int16Array: 2,
	Uint16Array: 2,
	Int32Array: 4,
	Uint32Array: 4,
	Float32Array: 4,
	Float64Array: 8
}, K = {
	VOID: "",
	CHAR: "Int8Array",
	SIGNED_CHAR: "Int8Array",
	UNSIGNED_CHAR: "Uint8Array",
	UNSIGNED_CHAR_CLAMPED: "Uint8ClampedArray",
	SHORT: "Int16Array",
	UNSIGNED_SHORT: "Uint16Array",
	INT: "Int32Array",
	UNSIGNED_INT: "Uint32Array",
	FLOAT: "Float32Array",
	DOUBLE: "Float64Array"
}, Nl = {
	DefaultDataType: K.FLOAT,
	DataTypeByteSize: Ml,
	VtkDataTypes: K
}, { vtkErrorMacro: Pl } = Ji, { DefaultDataType: Fl } = Nl, Il = 1e-6;
function Ll(e, t, n) {
	let r = e.length, i = Number.MAX_VALUE, a = -Number.MAX_VALUE, o, s;
	for (s = t; s < r; s += n) if (!Number.isNaN(e[s])) {
		i = e[s], a = i;
		break;
	}
	for (; s < r; s += n) o = e[s], o < i ? i = o : o > a && (a = o);
	return {
		min: i,
		max: a
	};
}
function Rl() {
	let e = Number.MAX_VALUE, t = -Number.MAX_VALUE, n = 0, r = 0;
	return {
		add(i) {
			e > i && (e = i), t < i && (t = i), n++, r += i;
		},
		get() {
			return {
				min: e,
				max: t,
				count: n,
				sum: r,
				mean: r / n
			};
		},
		getRange() {
			return {
				min: e,
				max: t
			};
		}
	};
}
function zl(e, t = 0, n = 1) {
	if (t < 0 && n > 1) {
		let t = e.length / n, r = new Float64Array(t);
		for (let i = 0, a = 0; i < t; ++i) {
			for (let t = a + n; a < t; ++a) r[i] += e[a] * e[a];
			r[i] **= .5;
		}
		return Ll(r, 0, 1);
	}
	return Ll(e, t < 0 ? 0 : t, n);
}
function Bl(e, t = 0) {
	let n = e || [];
	for (; n.length <= t;) n.push(null);
	return n;
}
function Vl(e) {
	return Object.prototype.toString.call(e).slice(8, -1);
}
function Hl(e) {
	let t = e.getNumberOfComponents(), n = 0, r = Array(t);
	for (let i = 0; i < e.getNumberOfTuples(); ++i) {
		e.getTuple(i, r);
		let a = Xo(r, t);
		a > n && (n = a);
	}
	return n;
}
var Ul = {
	computeRange: zl,
	createRangeHelper: Rl,
	fastComputeRange: Ll,
	getDataType: Vl,
	getMaxNorm: Hl
};
function Wl(e, t) {
	t.classHierarchy.push("vtkDataArray");
	function n(n) {
		if (n < 0) return !1;
		let r = e.getNumberOfComponents(), i = t.values.length / (r > 0 ? r : 1);
		if (n === i) return !0;
		if (n > i) {
			let e = t.values;
			return t.values = da(t.dataType, (n + i) * r), t.values.set(e), !0;
		}
		return t.size > n * r && (t.size = n * r, e.dataChange()), !0;
	}
	e.dataChange = () => {
		t.ranges = null, e.modified();
	}, e.allocate = (t) => {
		n(e.getNumberOfTuples() + t);
	}, e.resize = (r) => {
		n(r);
		let i = r * e.getNumberOfComponents();
		return t.size !== i && (t.size = i, e.dataChange(), !0);
	}, e.initialize = () => (e.resize(0), e), e.getElementComponentSize = () => t.values.BYTES_PER_ELEMENT, e.getComponent = (e, n = 0) => t.values[e * t.numberOfComponents + n], e.setComponent = (n, r, i) => {
		i !== t.values[n * t.numberOfComponents + r] && (t.values[n * t.numberOfComponents + r] = i, e.dataChange());
	}, e.getValue = (n) => {
		let r = n / t.numberOfComponents, i = n % t.numberOfComponents;
		return e.getComponent(r, i);
	}, e.setValue = (n, r) => {
		let i = n / t.numberOfComponents, a = n % t.numberOfComponents;
		e.setComponent(i, a, r);
	}, e.getData = () => t.size === t.values.length ? t.values : t.values.subarray(0, t.size), e.getRange = (n = -1) => {
		let r = n;
		r < 0 && (r = t.numberOfComponents === 1 ? 0 : t.numberOfComponents);
		let i = null;
		return t.ranges ||= Bl(t.ranges, t.numberOfComponents), i = t.ranges[r], i ? (t.rangeTuple[0] = i.min, t.rangeTuple[1] = i.max, t.rangeTuple) : (i = zl(e.getData(), n, t.numberOfComponents), t.ranges[r] = i, t.rangeTuple[0] = i.min, t.rangeTuple[1] = i.max, t.rangeTuple);
	}, e.setRange = (e, n) => {
		t.ranges ||= Bl(t.ranges, t.numberOfComponents);
		let r = {
			min: e.min,
			max: e.max
		};
		return t.ranges[n] = r, t.rangeTuple[0] = r.min, t.rangeTuple[1] = r.max, t.rangeTuple;
	}, e.getRanges = (n = !0) => {
		if (!n) return structuredClone(t.ranges);
		let r = [];
		for (let n = 0; n < t.numberOfComponents; n++) {
			let [t, i] = e.getRange(n), a = {
				min: t,
				max: i
			};
			r.push(a);
		}
		if (t.numberOfComponents > 1) {
			let [t, n] = e.getRange(-1), i = {
				min: t,
				max: n
			};
			r.push(i);
		}
		return r;
	}, e.setTuple = (e, n) => {
		let r = e * t.numberOfComponents;
		for (let e = 0; e < t.numberOfComponents; e++) t.values[r + e] = n[e];
	}, e.setTuples = (e, n) => {
		let r = e * t.numberOfComponents, i = Math.min(n.length, t.size - r);
		for (let e = 0; e < i;) t.values[r++] = n[e++];
	}, e.insertTuple = (r, i) => (t.size <= r * t.numberOfComponents && (t.size = (r + 1) * t.numberOfComponents, n(r + 1)), e.setTuple(r, i), r), e.insertTuples = (r, i) => {
		let a = r + i.length / t.numberOfComponents;
		return t.size < a * t.numberOfComponents && (t.size = a * t.numberOfComponents, n(a)), e.setTuples(r, i), a;
	}, e.insertNextTuple = (n) => {
		let r = t.size / t.numberOfComponents;
		return e.insertTuple(r, n);
	}, e.insertNextTuples = (n) => {
		let r = t.size / t.numberOfComponents;
		return e.insertTuples(r, n);
	}, e.findTuple = (e, n = Il) => {
		for (let r = 0; r < t.size; r += t.numberOfComponents) if (Math.abs(e[0] - t.values[r]) <= n) {
			let i = !0;
			for (let a = 1; a < t.numberOfComponents; ++a) if (Math.abs(e[a] - t.values[r + a]) > n) {
				i = !1;
				break;
			}
			if (i) return r / t.numberOfComponents;
		}
		return -1;
	}, e.getTuple = (e, n = []) => {
		let r = t.numberOfComponents || 1, i = e * r;
		switch (r) {
			case 4: n[3] = t.values[i + 3];
			case 3: n[2] = t.values[i + 2];
			case 2: n[1] = t.values[i + 1];
			case 1:
				n[0] = t.values[i];
				break;
			default: for (let e = r - 1; e >= 0; --e) n[e] = t.values[i + e];
		}
		return n;
	}, e.getTuples = (n, r) => {
		let i = (n ?? 0) * t.numberOfComponents, a = (r ?? e.getNumberOfTuples()) * t.numberOfComponents, o = e.getData().subarray(i, a);
		return o.length > 0 ? o : null;
	}, e.getTupleLocation = (e = 1) => e * t.numberOfComponents, e.getNumberOfComponents = () => t.numberOfComponents, e.getNumberOfValues = () => t.size, e.getNumberOfTuples = () => t.size / t.numberOfComponents, e.getDataType = () => t.dataType, e.newClone = () => ql({
		empty: !0,
		name: t.name,
		dataType: t.dataType,
		numberOfComponents: t.numberOfComponents
	}), e.getName = () => (t.name ||= (e.modified(), `vtkDataArray${e.getMTime()}`), t.name), e.setData = (n, r) => {
		t.values = n, t.size = n.length, t.dataType = Vl(n), r && (t.numberOfComponents = r), t.size % t.numberOfComponents !== 0 && (t.numberOfComponents = 1), e.dataChange();
	}, e.getState = ({ preserveTypedArrays: n = !1 } = {}) => {
		if (t.deleted) return null;
		let r = {
			...t,
			vtkClass: e.getClassName()
		};
		n || (r.values = Array.from(r.values)), delete r.buffer, Object.keys(r).forEach((e) => {
			r[e] || delete r[e];
		});
		let i = {};
		return Object.keys(r).sort().forEach((e) => {
			i[e] = r[e];
		}), i.mtime && delete i.mtime, i;
	}, e.deepCopy = (n) => {
		let r = e.getDataType(), i = t.values;
		e.shallowCopy(n), t.ranges = structuredClone(n.getRanges()), i?.length >= n.getNumberOfValues() && r === n.getDataType() ? (i.set(n.getData()), t.values = i, e.dataChange()) : e.setData(n.getData().slice());
	}, e.interpolateTuple = (n, r, i, a, o, s) => {
		let c = t.numberOfComponents || 1;
		(c !== r.getNumberOfComponents() || c !== a.getNumberOfComponents()) && Pl("numberOfComponents must match");
		let l = r.getTuple(i), u = a.getTuple(o), d = [];
		switch (d.length = c, c) {
			case 4: d[3] = l[3] + (u[3] - l[3]) * s;
			case 3: d[2] = l[2] + (u[2] - l[2]) * s;
			case 2: d[1] = l[1] + (u[1] - l[1]) * s;
			case 1:
				d[0] = l[0] + (u[0] - l[0]) * s;
				break;
			default: for (let e = 0; e < c; e++) d[e] = l[e] + (u[e] - l[e]) * s;
		}
		return e.insertTuple(n, d);
	};
}
var Gl = {
	name: "",
	numberOfComponents: 1,
	dataType: Fl,
	rangeTuple: [0, 0]
};
function Kl(e, t, n = {}) {
	if (Object.assign(t, Gl, n), Array.isArray(n.values) && n.dataType === void 0 && console.warn("vtkDataArray.newInstance: no dataType provided, converting to Float32Array"), !t.empty && !t.values && !t.size) throw TypeError("Cannot create vtkDataArray object without: size > 0, values");
	if (t.values ? Array.isArray(t.values) && (t.values = fa(t.dataType, t.values)) : t.values = da(t.dataType, t.size), t.values && (t.size = t.size ?? t.values.length, t.dataType = Vl(t.values)), Ca(e, t), Oa(e, t, ["name", "numberOfComponents"]), t.size % t.numberOfComponents !== 0) throw RangeError("model.size is not a multiple of model.numberOfComponents");
	Wl(e, t);
}
var ql = La(Kl, "vtkDataArray"), q = {
	newInstance: ql,
	extend: Kl,
	...Ul,
	...Nl
}, { vtkErrorMacro: Jl, vtkWarningMacro: Yl } = V;
function Xl(e, t) {
	t.classHierarchy.push("vtkFieldData");
	let n = e.getState;
	t.arrays &&= t.arrays.map((e) => ({ data: Wi(e.data) })), e.initialize = () => {
		e.initializeFields(), e.copyAllOn(), e.clearFieldFlags();
	}, e.initializeFields = () => {
		t.arrays = [], t.copyFieldFlags = {}, e.modified();
	}, e.copyStructure = (n) => {
		e.initializeFields(), t.copyFieldFlags = n.getCopyFieldFlags().map((e) => e), t.arrays = n.getArrays().map((e) => ({ data: e }));
	}, e.getNumberOfArrays = () => t.arrays.length, e.getNumberOfActiveArrays = () => t.arrays.length, e.addArray = (n) => {
		let r = n.getName(), { array: i, index: a } = e.getArrayWithIndex(r);
		return i == null ? (t.arrays = [].concat(t.arrays, { data: n }), t.arrays.length - 1) : (t.arrays[a] = { data: n }, a);
	}, e.removeAllArrays = () => {
		t.arrays = [];
	}, e.removeArray = (n) => {
		let r = t.arrays.findIndex((e) => e.data.getName() === n);
		return e.removeArrayByIndex(r);
	}, e.removeArrayByIndex = (e) => e !== -1 && e < t.arrays.length && (t.arrays.splice(e, 1), !0), e.getArrays = () => t.arrays.map((e) => e.data), e.getArray = (t) => typeof t == "number" ? e.getArrayByIndex(t) : e.getArrayByName(t), e.getArrayByName = (e) => t.arrays.reduce((t, n, r) => n.data.getName() === e ? n.data : t, null), e.getArrayWithIndex = (e) => {
		let n = t.arrays.findIndex((t) => t.data.getName() === e);
		return {
			array: n === -1 ? null : t.arrays[n].data,
			index: n
		};
	}, e.getArrayByIndex = (e) => e >= 0 && e < t.arrays.length ? t.arrays[e].data : null, e.hasArray = (t) => e.getArrayWithIndex(t).index >= 0, e.getArrayName = (e) => {
		let n = t.arrays[e];
		return n ? n.data.getName() : "";
	}, e.getCopyFieldFlags = () => t.copyFieldFlags, e.getFlag = (e) => t.copyFieldFlags[e], e.passData = (n, r = -1, i = -1) => {
		n.getArrays().forEach((a) => {
			let o = e.getFlag(a.getName());
			if (o !== !1 && !(t.doCopyAllOff && o !== !0) && a) {
				let t = e.getArrayByName(a.getName());
				if (!t) {
					if (r < 0 || r > a.getNumberOfTuples()) e.addArray(a), n.getAttributes(a).forEach((t) => {
						e.setAttribute(a, t);
					});
					else {
						let o = a.getNumberOfComponents(), s = a.getNumberOfValues(), c = i > -1 ? i : r;
						s <= c * o && (s = (c + 1) * o), t = q.newInstance({
							name: a.getName(),
							dataType: a.getDataType(),
							numberOfComponents: o,
							values: V.newTypedArray(a.getDataType(), s),
							size: 0
						}), t.insertTuple(c, a.getTuple(r)), e.addArray(t), n.getAttributes(a).forEach((n) => {
							e.setAttribute(t, n);
						});
					}
				} else if (a.getNumberOfComponents() === t.getNumberOfComponents()) {
					if (r > -1 && r < a.getNumberOfTuples()) {
						let e = i > -1 ? i : r;
						t.insertTuple(e, a.getTuple(r));
					} else t.insertTuples(0, a.getTuples());
				} else Jl("Unhandled case in passData");
			}
		});
	}, e.interpolateData = (n, r = -1, i = -1, a = -1, o = .5) => {
		n.getArrays().forEach((s) => {
			let c = e.getFlag(s.getName());
			if (c !== !1 && !(t.doCopyAllOff && c !== !0) && s) {
				let t = e.getArrayByName(s.getName());
				if (!t) {
					if (r < 0 || i < 0 || r > s.getNumberOfTuples()) e.addArray(s), n.getAttributes(s).forEach((t) => {
						e.setAttribute(s, t);
					});
					else {
						let c = s.getNumberOfComponents(), l = s.getNumberOfValues(), u = a > -1 ? a : r;
						l <= u * c && (l = (u + 1) * c), t = q.newInstance({
							name: s.getName(),
							dataType: s.getDataType(),
							numberOfComponents: c,
							values: V.newTypedArray(s.getDataType(), l),
							size: 0
						}), t.interpolateTuple(u, s, r, s, i, o), e.addArray(t), n.getAttributes(s).forEach((n) => {
							e.setAttribute(t, n);
						});
					}
				} else if (s.getNumberOfComponents() === t.getNumberOfComponents()) {
					if (r > -1 && r < s.getNumberOfTuples()) {
						let e = a > -1 ? a : r;
						t.interpolateTuple(e, s, r, s, i, o), Yl("Unexpected case in interpolateData");
					} else t.insertTuples(s.getTuples());
				} else Jl("Unhandled case in interpolateData");
			}
		});
	}, e.copyFieldOn = (e) => {
		t.copyFieldFlags[e] = !0;
	}, e.copyFieldOff = (e) => {
		t.copyFieldFlags[e] = !1;
	}, e.copyAllOn = () => {
		(!t.doCopyAllOn || t.doCopyAllOff) && (t.doCopyAllOn = !0, t.doCopyAllOff = !1, e.modified());
	}, e.copyAllOff = () => {
		(t.doCopyAllOn || !t.doCopyAllOff) && (t.doCopyAllOn = !1, t.doCopyAllOff = !0, e.modified());
	}, e.clearFieldFlags = () => {
		t.copyFieldFlags = {};
	}, e.deepCopy = (e) => {
		t.arrays = e.getArrays().map((e) => {
			let t = e.newClone();
			return t.deepCopy(e), { data: t };
		});
	}, e.copyFlags = (e) => e.getCopyFieldFlags().map((e) => e), e.reset = () => t.arrays.forEach((e) => e.data.reset()), e.getMTime = () => t.arrays.reduce((e, t) => t.data.getMTime() > e ? t.data.getMTime() : e, t.mtime), e.getNumberOfComponents = () => t.arrays.reduce((e, t) => e + t.data.getNumberOfComponents(), 0), e.getNumberOfTuples = () => t.arrays.length > 0 ? t.arrays[0].getNumberOfTuples() : 0, e.getState = (e) => {
		let r = n(e);
		return r && (r.arrays = t.arrays.map((t) => ({ data: t.data.getState(e) }))), r;
	};
}
var Zl = {
	arrays: [],
	copyFieldFlags: [],
	doCopyAllOn: !0,
	doCopyAllOff: !1
};
function Ql(e, t, n = {}) {
	Object.assign(t, Zl, n), V.obj(e, t), Xl(e, t);
}
var $l = {
	newInstance: V.newInstance(Ql, "vtkFieldData"),
	extend: Ql
}, eu = {
	AttributeCopyOperations: {
		COPYTUPLE: 0,
		INTERPOLATE: 1,
		PASSDATA: 2,
		ALLCOPY: 3
	},
	AttributeLimitTypes: {
		MAX: 0,
		EXACT: 1,
		NOLIMIT: 2
	},
	AttributeTypes: {
		SCALARS: 0,
		VECTORS: 1,
		NORMALS: 2,
		TCOORDS: 3,
		TENSORS: 4,
		GLOBALIDS: 5,
		PEDIGREEIDS: 6,
		EDGEFLAG: 7,
		NUM_ATTRIBUTES: 8
	},
	CellGhostTypes: {
		DUPLICATECELL: 1,
		HIGHCONNECTIVITYCELL: 2,
		LOWCONNECTIVITYCELL: 4,
		REFINEDCELL: 8,
		EXTERIORCELL: 16,
		HIDDENCELL: 32
	},
	DesiredOutputPrecision: {
		DEFAULT: 0,
		SINGLE: 1,
		DOUBLE: 2
	},
	PointGhostTypes: {
		DUPLICATEPOINT: 1,
		HIDDENPOINT: 2
	},
	ghostArrayName: "vtkGhostType"
}, { AttributeTypes: tu, AttributeCopyOperations: nu } = eu, { vtkWarningMacro: ru } = V;
function iu(e, t) {
	let n = [
		"Scalars",
		"Vectors",
		"Normals",
		"TCoords",
		"Tensors",
		"GlobalIds",
		"PedigreeIds"
	];
	function r(e) {
		let t = n.find((t) => tu[t.toUpperCase()] === e || typeof e != "number" && t.toLowerCase() === e.toLowerCase());
		return t === void 0 && (t = null), t;
	}
	t.classHierarchy.push("vtkDataSetAttributes");
	let i = { ...e };
	e.checkNumberOfComponents = (e) => !0, e.setAttribute = (n, i) => {
		let a = r(i);
		if (n && a.toUpperCase() === "PEDIGREEIDS" && !n.isA("vtkDataArray")) return ru(`Cannot set attribute ${a}. The attribute must be a vtkDataArray.`), -1;
		if (n && !e.checkNumberOfComponents(n, a)) return ru(`Cannot set attribute ${a}. Incorrect number of components.`), -1;
		if (n) {
			let r = e.addArray(n);
			t[`active${a}`] = r;
		} else t[`active${a}`] = -1;
		return e.modified(), t[`active${a}`];
	}, e.getAttributes = (t) => n.filter((n) => e[`get${n}`]() === t), e.setActiveAttributeByName = (t, n) => e.setActiveAttributeByIndex(e.getArrayWithIndex(t).index, n), e.setActiveAttributeByIndex = (n, i) => {
		let a = r(i);
		if (n >= 0 && n < t.arrays.length) {
			if (a.toUpperCase() !== "PEDIGREEIDS") {
				let t = e.getArrayByIndex(n);
				if (!t.isA("vtkDataArray")) return ru(`Cannot set attribute ${a}. Only vtkDataArray subclasses can be set as active attributes.`), -1;
				if (!e.checkNumberOfComponents(t, a)) return ru(`Cannot set attribute ${a}. Incorrect number of components.`), -1;
			}
			return t[`active${a}`] = n, e.modified(), n;
		}
		return n === -1 && (t[`active${a}`] = n, e.modified()), -1;
	}, e.getActiveAttribute = (t) => e[`get${r(t)}`](), e.removeAllArrays = () => {
		n.forEach((e) => {
			t[`active${e}`] = -1;
		}), i.removeAllArrays();
	}, e.removeArrayByIndex = (e) => (e !== -1 && n.forEach((n) => {
		e === t[`active${n}`] ? t[`active${n}`] = -1 : e < t[`active${n}`] && --t[`active${n}`];
	}), i.removeArrayByIndex(e)), n.forEach((n) => {
		let r = `active${n}`;
		e[`get${n}`] = () => e.getArrayByIndex(t[r]), e[`set${n}`] = (t) => e.setAttribute(t, n), e[`setActive${n}`] = (t) => e.setActiveAttributeByIndex(e.getArrayWithIndex(t).index, n), e[`copy${n}Off`] = () => {
			let e = n.toUpperCase();
			t.copyAttributeFlags[nu.PASSDATA][tu[e]] = !1;
		}, e[`copy${n}On`] = () => {
			let e = n.toUpperCase();
			t.copyAttributeFlags[nu.PASSDATA][tu[e]] = !0;
		};
	}), e.initializeAttributeCopyFlags = () => {
		t.copyAttributeFlags = [], Object.keys(nu).filter((e) => e !== "ALLCOPY").forEach((e) => {
			t.copyAttributeFlags[nu[e]] = Object.keys(tu).filter((e) => e !== "NUM_ATTRIBUTES").reduce((e, t) => (e[tu[t]] = !0, e), []);
		}), t.copyAttributeFlags[nu.COPYTUPLE][tu.GLOBALIDS] = !1, t.copyAttributeFlags[nu.INTERPOLATE][tu.GLOBALIDS] = !1, t.copyAttributeFlags[nu.COPYTUPLE][tu.PEDIGREEIDS] = !1;
	}, e.initialize = V.chain(e.initialize, e.initializeAttributeCopyFlags), t.dataArrays && Object.keys(t.dataArrays).length && Object.keys(t.dataArrays).forEach((n) => {
		!t.dataArrays[n].ref && t.dataArrays[n].type === "vtkDataArray" && e.addArray(q.newInstance(t.dataArrays[n]));
	});
	let a = e.shallowCopy;
	e.shallowCopy = (e, n) => {
		a(e, n), t.arrays = e.getArrays().map((e) => {
			let t = e.newClone();
			return t.shallowCopy(e, n), { data: t };
		});
	}, e.initializeAttributeCopyFlags();
}
var au = {
	activeScalars: -1,
	activeVectors: -1,
	activeTensors: -1,
	activeNormals: -1,
	activeTCoords: -1,
	activeGlobalIds: -1,
	activePedigreeIds: -1
};
function ou(e, t, n = {}) {
	Object.assign(t, au, n), $l.extend(e, t, n), V.setGet(e, t, [
		"activeScalars",
		"activeNormals",
		"activeTCoords",
		"activeVectors",
		"activeTensors",
		"activeGlobalIds",
		"activePedigreeIds"
	]), t.arrays ||= {}, iu(e, t);
}
var su = {
	newInstance: V.newInstance(ou, "vtkDataSetAttributes"),
	extend: ou,
	...eu
}, cu = {
	FieldDataTypes: {
		UNIFORM: 0,
		DATA_OBJECT_FIELD: 0,
		COORDINATE: 1,
		POINT_DATA: 1,
		POINT: 2,
		POINT_FIELD_DATA: 2,
		CELL: 3,
		CELL_FIELD_DATA: 3,
		VERTEX: 4,
		VERTEX_FIELD_DATA: 4,
		EDGE: 5,
		EDGE_FIELD_DATA: 5,
		ROW: 6,
		ROW_DATA: 6
	},
	FieldAssociations: {
		FIELD_ASSOCIATION_POINTS: 0,
		FIELD_ASSOCIATION_CELLS: 1,
		FIELD_ASSOCIATION_NONE: 2,
		FIELD_ASSOCIATION_POINTS_THEN_CELLS: 3,
		FIELD_ASSOCIATION_VERTICES: 4,
		FIELD_ASSOCIATION_EDGES: 5,
		FIELD_ASSOCIATION_ROWS: 6,
		NUMBER_OF_ASSOCIATIONS: 7
	}
}, lu = [
	"pointData",
	"cellData",
	"fieldData"
];
function uu(e, t) {
	t.classHierarchy.push("vtkDataSet"), lu.forEach((e) => {
		t[e] = t[e] ? Wi(t[e]) : su.newInstance();
	}), e.computeBounds = () => {
		if (t.modifiedTime && t.computeTime && t.modifiedTime > t.computeTime || !t.computeTime) {
			let n = e.getPoints();
			n?.getNumberOfPoints() ? G.setBounds(t.bounds, n.getBoundsByReference()) : t.bounds = Cc.createUninitializedBounds(), t.computeTime = V.getCurrentGlobalMTime();
		}
	}, e.getLength2 = () => {
		let t = e.getBoundsByReference();
		return !t || t.length !== 6 ? 0 : G.getDiagonalLength2(t);
	}, e.getLength = () => Math.sqrt(e.getLength2()), e.getCenter = () => {
		let t = e.getBoundsByReference();
		return !t || t.length !== 6 ? [
			0,
			0,
			0
		] : G.getCenter(t);
	}, e.getCellBounds = (t) => {
		let n = e.getCell(t);
		return n ? n.getBounds() : Cc.createUninitializedBounds();
	}, e.getBounds = V.chain(() => e.computeBounds, e.getBounds), e.getBoundsByReference = V.chain(() => e.computeBounds, e.getBoundsByReference);
	let n = e.shallowCopy;
	e.shallowCopy = (e, r = !1) => {
		n(e, r), lu.forEach((n) => {
			t[n] = su.newInstance(), t[n].shallowCopy(e.getReferenceByName(n));
		});
	};
	let r = e.getMTime;
	e.getMTime = () => lu.reduce((e, n) => Math.max(e, t[n]?.getMTime() ?? e), r()), e.initialize = () => (lu.forEach((e) => t[e]?.initialize()), e);
}
var du = {};
function fu(e, t, n = {}) {
	Object.assign(t, du, n), V.obj(e, t), V.setGet(e, t, lu), V.getArray(e, t, ["bounds"], 6), uu(e, t);
}
var pu = {
	newInstance: V.newInstance(fu, "vtkDataSet"),
	extend: fu,
	...cu
}, mu = {
	UNCHANGED: 0,
	SINGLE_POINT: 1,
	X_LINE: 2,
	Y_LINE: 3,
	Z_LINE: 4,
	XY_PLANE: 5,
	YZ_PLANE: 6,
	XZ_PLANE: 7,
	XYZ_GRID: 8,
	EMPTY: 9
}, hu = { StructuredType: mu }, { StructuredType: gu } = hu;
function _u(e) {
	let t = 0;
	for (let n = 0; n < 3; ++n) e[n * 2] < e[n * 2 + 1] && t++;
	return e[0] > e[1] || e[2] > e[3] || e[4] > e[5] ? gu.EMPTY : t === 3 ? gu.XYZ_GRID : t === 2 ? e[0] === e[1] ? gu.YZ_PLANE : e[2] === e[3] ? gu.XZ_PLANE : gu.XY_PLANE : t === 1 ? e[0] < e[1] ? gu.X_LINE : e[2] < e[3] ? gu.Y_LINE : gu.Z_LINE : gu.SINGLE_POINT;
}
var vu = {
	getDataDescriptionFromExtent: _u,
	...hu
}, { vtkErrorMacro: yu } = V;
function bu(e, t) {
	t.classHierarchy.push("vtkImageData"), e.setExtent = (...n) => {
		if (t.deleted) return yu("instance deleted - cannot call any method"), !1;
		let r = n.length === 1 ? n[0] : n;
		if (r.length !== 6) return !1;
		let i = t.extent.some((e, t) => e !== r[t]);
		return i && (t.extent = r.slice(), t.dataDescription = vu.getDataDescriptionFromExtent(t.extent), e.modified()), i;
	}, e.setDimensions = (...n) => {
		let r, i, a;
		if (t.deleted) yu("instance deleted - cannot call any method");
		else {
			if (n.length === 1) {
				let e = n[0];
				r = e[0], i = e[1], a = e[2];
			} else if (n.length === 3) r = n[0], i = n[1], a = n[2];
			else {
				yu("Bad dimension specification");
				return;
			}
			e.setExtent(0, r - 1, 0, i - 1, 0, a - 1);
		}
	}, e.getDimensions = () => [
		t.extent[1] - t.extent[0] + 1,
		t.extent[3] - t.extent[2] + 1,
		t.extent[5] - t.extent[4] + 1
	], e.getNumberOfCells = () => {
		let t = e.getDimensions(), n = 1;
		for (let e = 0; e < 3; e++) {
			if (t[e] === 0) return 0;
			t[e] > 1 && (n *= t[e] - 1);
		}
		return n;
	}, e.getNumberOfPoints = () => {
		let t = e.getDimensions();
		return t[0] * t[1] * t[2];
	}, e.getPoint = (n) => {
		let r = e.getDimensions();
		if (r[0] === 0 || r[1] === 0 || r[2] === 0) return yu("Requesting a point from an empty image."), null;
		let i = /* @__PURE__ */ new Float64Array(3);
		switch (t.dataDescription) {
			case mu.EMPTY: return null;
			case mu.SINGLE_POINT: break;
			case mu.X_LINE:
				i[0] = n;
				break;
			case mu.Y_LINE:
				i[1] = n;
				break;
			case mu.Z_LINE:
				i[2] = n;
				break;
			case mu.XY_PLANE:
				i[0] = n % r[0], i[1] = n / r[0];
				break;
			case mu.YZ_PLANE:
				i[1] = n % r[1], i[2] = n / r[1];
				break;
			case mu.XZ_PLANE:
				i[0] = n % r[0], i[2] = n / r[0];
				break;
			case mu.XYZ_GRID:
				i[0] = n % r[0], i[1] = n / r[0] % r[1], i[2] = n / (r[0] * r[1]);
				break;
			default: yu("Invalid dataDescription");
		}
		let a = [
			0,
			0,
			0
		];
		return e.indexToWorld(i, a), a;
	}, e.getBounds = () => e.extentToBounds(e.getSpatialExtent()), e.extentToBounds = (e) => G.transformBounds(e, t.indexToWorld), e.getSpatialExtent = () => G.inflate([...t.extent], .5), e.computeTransforms = () => {
		Sr(t.indexToWorld, t.origin), t.indexToWorld[0] = t.direction[0], t.indexToWorld[1] = t.direction[1], t.indexToWorld[2] = t.direction[2], t.indexToWorld[4] = t.direction[3], t.indexToWorld[5] = t.direction[4], t.indexToWorld[6] = t.direction[5], t.indexToWorld[8] = t.direction[6], t.indexToWorld[9] = t.direction[7], t.indexToWorld[10] = t.direction[8], _r(t.indexToWorld, t.indexToWorld, t.spacing), mr(t.worldToIndex, t.indexToWorld);
	}, e.indexToWorld = (e, n = []) => (R(n, e, t.indexToWorld), n), e.indexToWorldVec3 = e.indexToWorld, e.worldToIndex = (e, n = []) => (R(n, e, t.worldToIndex), n), e.worldToIndexVec3 = e.worldToIndex, e.indexToWorldBounds = (e, n = []) => G.transformBounds(e, t.indexToWorld, n), e.worldToIndexBounds = (e, n = []) => G.transformBounds(e, t.worldToIndex, n), t._onOriginChanged = e.computeTransforms, t._onDirectionChanged = e.computeTransforms, t._onSpacingChanged = e.computeTransforms, e.computeTransforms(), e.getCenter = () => G.getCenter(e.getBounds()), e.computeHistogram = (t, n = null) => {
		let r = [
			0,
			0,
			0,
			0,
			0,
			0
		];
		e.worldToIndexBounds(t, r);
		let i = [
			0,
			0,
			0
		], a = [
			0,
			0,
			0
		];
		G.computeCornerPoints(r, i, a), Ds(i, i), Ds(a, a);
		let o = e.getDimensions();
		tc(i, [
			0,
			0,
			0
		], [
			o[0] - 1,
			o[1] - 1,
			o[2] - 1
		], i), tc(a, [
			0,
			0,
			0
		], [
			o[0] - 1,
			o[1] - 1,
			o[2] - 1
		], a);
		let s = o[0], c = o[0] * o[1], l = e.getPointData().getScalars().getData(), u = -Infinity, d = Infinity, f = 0, p = 0, m = 0;
		for (let e = i[2]; e <= a[2]; e++) for (let t = i[1]; t <= a[1]; t++) {
			let o = i[0] + t * s + e * c;
			for (let s = i[0]; s <= a[0]; s++) {
				if (!n || n([
					s,
					t,
					e
				], r)) {
					let e = l[o];
					e > u && (u = e), e < d && (d = e), f += e * e, p += e, m += 1;
				}
				++o;
			}
		}
		let h = m > 0 ? p / m : 0, g = m ? Math.abs(f / m - h * h) : 0;
		return {
			minimum: d,
			maximum: u,
			average: h,
			variance: g,
			sigma: Math.sqrt(g),
			count: m
		};
	}, e.computeIncrements = (e, t = 1) => {
		let n = [], r = t;
		for (let t = 0; t < 3; ++t) n[t] = r, r *= e[t * 2 + 1] - e[t * 2] + 1;
		return n;
	}, e.computeOffsetIndex = ([t, n, r]) => {
		let i = e.getExtent(), a = e.getPointData().getScalars().getNumberOfComponents(), o = e.computeIncrements(i, a);
		return Math.floor((Math.round(t) - i[0]) * o[0] + (Math.round(n) - i[2]) * o[1] + (Math.round(r) - i[4]) * o[2]);
	}, e.getOffsetIndexFromWorld = (t) => {
		let n = e.getExtent(), r = e.worldToIndex(t);
		for (let e = 0; e < 3; ++e) if (r[e] < n[e * 2] || r[e] > n[e * 2 + 1]) return yu(`GetScalarPointer: Pixel ${r} is not in memory. Current extent = ${n}`), NaN;
		return e.computeOffsetIndex(r);
	}, e.getScalarValueFromWorld = (t, n = 0) => {
		let r = e.getPointData().getScalars().getNumberOfComponents();
		if (n < 0 || n >= r) return yu(`GetScalarPointer: Scalar Component ${n} is not within bounds. Current Scalar numberOfComponents: ${r}`), NaN;
		let i = e.getOffsetIndexFromWorld(t);
		return Number.isNaN(i) ? i : e.getPointData().getScalars().getComponent(i, n);
	};
	let n = e.initialize;
	e.initialize = () => (e.set({
		direction: cr(t.direction),
		spacing: [
			1,
			1,
			1
		],
		origin: [
			0,
			0,
			0
		],
		extent: [
			0,
			-1,
			0,
			-1,
			0,
			-1
		],
		dataDescription: mu.EMPTY
	}), n());
}
var xu = {
	direction: null,
	indexToWorld: null,
	worldToIndex: null,
	spacing: [
		1,
		1,
		1
	],
	origin: [
		0,
		0,
		0
	],
	extent: [
		0,
		-1,
		0,
		-1,
		0,
		-1
	],
	dataDescription: mu.EMPTY
};
function Su(e, t, n = {}) {
	Object.assign(t, xu, n), pu.extend(e, t, n), t.direction ? Array.isArray(t.direction) && (t.direction = new Float64Array(t.direction.slice(0, 9))) : t.direction = cr(/* @__PURE__ */ new Float64Array(9)), t.indexToWorld = /* @__PURE__ */ new Float64Array(16), t.worldToIndex = /* @__PURE__ */ new Float64Array(16), V.get(e, t, ["indexToWorld", "worldToIndex"]), V.setGetArray(e, t, ["origin", "spacing"], 3), V.setGetArray(e, t, ["direction"], 9), V.getArray(e, t, ["extent"], 6), bu(e, t);
}
var Cu = {
	newInstance: V.newInstance(Su, "vtkImageData"),
	extend: Su
}, { vtkDebugMacro: wu } = V;
function Tu(e, t) {
	t.classHierarchy.push("vtkCamera");
	let n = /* @__PURE__ */ new Float64Array(3), r = new Float64Array([
		0,
		0,
		-1
	]), i = new Float64Array([
		0,
		1,
		0
	]), a = F(/* @__PURE__ */ new Float64Array(16)), o = F(/* @__PURE__ */ new Float64Array(16)), s = /* @__PURE__ */ new Float64Array(3), c = /* @__PURE__ */ new Float64Array(3), l = /* @__PURE__ */ new Float64Array(3), u = F(/* @__PURE__ */ new Float64Array(16)), d = F(/* @__PURE__ */ new Float64Array(16)), f = /* @__PURE__ */ new Float64Array(3), p = /* @__PURE__ */ new Float64Array(3);
	function m() {
		t.viewPlaneNormal[0] = -t.directionOfProjection[0], t.viewPlaneNormal[1] = -t.directionOfProjection[1], t.viewPlaneNormal[2] = -t.directionOfProjection[2];
	}
	e.orthogonalizeViewUp = () => {
		e.getViewMatrix(a), t.viewUp[0] = a[4], t.viewUp[1] = a[5], t.viewUp[2] = a[6], e.modified();
	}, e.setPosition = (n, r, i) => {
		(n !== t.position[0] || r !== t.position[1] || i !== t.position[2]) && (t.position[0] = n, t.position[1] = r, t.position[2] = i, e.computeDistance(), e.modified());
	}, e.setFocalPoint = (n, r, i) => {
		(n !== t.focalPoint[0] || r !== t.focalPoint[1] || i !== t.focalPoint[2]) && (t.focalPoint[0] = n, t.focalPoint[1] = r, t.focalPoint[2] = i, e.computeDistance(), e.modified());
	}, e.setDistance = (n) => {
		if (t.distance === n) return;
		t.distance = n, t.distance < 1e-20 && (t.distance = 1e-20, wu("Distance is set to minimum."));
		let r = t.directionOfProjection;
		t.focalPoint[0] = t.position[0] + r[0] * t.distance, t.focalPoint[1] = t.position[1] + r[1] * t.distance, t.focalPoint[2] = t.position[2] + r[2] * t.distance, e.modified();
	}, e.computeDistance = () => {
		let e = t.focalPoint[0] - t.position[0], n = t.focalPoint[1] - t.position[1], r = t.focalPoint[2] - t.position[2];
		if (t.distance = Math.sqrt(e * e + n * n + r * r), t.distance < 1e-20) {
			t.distance = 1e-20, wu("Distance is set to minimum.");
			let e = t.directionOfProjection;
			t.focalPoint[0] = t.position[0] + e[0] * t.distance, t.focalPoint[1] = t.position[1] + e[1] * t.distance, t.focalPoint[2] = t.position[2] + e[2] * t.distance;
		}
		t.directionOfProjection[0] = e / t.distance, t.directionOfProjection[1] = n / t.distance, t.directionOfProjection[2] = r / t.distance, m();
	}, e.dolly = (n) => {
		if (n <= 0) return;
		let r = t.distance / n;
		e.setPosition(t.focalPoint[0] - r * t.directionOfProjection[0], t.focalPoint[1] - r * t.directionOfProjection[1], t.focalPoint[2] - r * t.directionOfProjection[2]);
	}, e.roll = (n) => {
		let r = t.position, i = t.focalPoint, a = t.viewUp, o = new Float64Array([
			a[0],
			a[1],
			a[2],
			0
		]);
		F(u);
		let s = new Float64Array([
			i[0] - r[0],
			i[1] - r[1],
			i[2] - r[2]
		]);
		vr(u, u, xo(n), s), ni(o, o, u), t.viewUp[0] = o[0], t.viewUp[1] = o[1], t.viewUp[2] = o[2], e.modified();
	}, e.azimuth = (n) => {
		let r = t.focalPoint;
		F(d), gr(d, d, r), vr(d, d, xo(n), t.viewUp), gr(d, d, [
			-r[0],
			-r[1],
			-r[2]
		]), R(f, t.position, d), e.setPosition(f[0], f[1], f[2]);
	}, e.yaw = (n) => {
		let r = t.position;
		F(d), gr(d, d, r), vr(d, d, xo(n), t.viewUp), gr(d, d, [
			-r[0],
			-r[1],
			-r[2]
		]), R(p, t.focalPoint, d), e.setFocalPoint(p[0], p[1], p[2]);
	}, e.elevation = (n) => {
		let r = t.focalPoint;
		e.getViewMatrix(a);
		let i = [
			-a[0],
			-a[1],
			-a[2]
		];
		F(d), gr(d, d, r), vr(d, d, xo(n), i), gr(d, d, [
			-r[0],
			-r[1],
			-r[2]
		]), R(f, t.position, d), e.setPosition(f[0], f[1], f[2]);
	}, e.pitch = (n) => {
		let r = t.position;
		e.getViewMatrix(a);
		let i = [
			a[0],
			a[1],
			a[2]
		];
		F(d), gr(d, d, r), vr(d, d, xo(n), i), gr(d, d, [
			-r[0],
			-r[1],
			-r[2]
		]), R(p, t.focalPoint, d), e.setFocalPoint(...p);
	}, e.zoom = (n) => {
		n <= 0 || (t.parallelProjection ? t.parallelScale /= n : t.viewAngle /= n, e.modified());
	}, e.translate = (n, r, i) => {
		let a = [
			n,
			r,
			i
		];
		Ho(t.position, a, t.position), Ho(t.focalPoint, a, t.focalPoint), e.computeDistance(), e.modified();
	}, e.applyTransform = (n) => {
		let r = [...t.viewUp, 1], i = [], a = [], o = [];
		r[0] += t.position[0], r[1] += t.position[1], r[2] += t.position[2], ni(i, [...t.position, 1], n), ni(a, [...t.focalPoint, 1], n), ni(o, r, n), o[0] -= i[0], o[1] -= i[1], o[2] -= i[2], e.setPosition(...i.slice(0, 3)), e.setFocalPoint(...a.slice(0, 3)), e.setViewUp(...o.slice(0, 3));
	}, e.getThickness = () => t.clippingRange[1] - t.clippingRange[0], e.setThickness = (n) => {
		let r = n;
		r < 1e-20 && (r = 1e-20, wu("Thickness is set to minimum.")), e.setClippingRange(t.clippingRange[0], t.clippingRange[0] + r);
	}, e.setThicknessFromFocalPoint = (n) => {
		let r = n;
		r < 1e-20 && (r = 1e-20, wu("Thickness is set to minimum.")), e.setClippingRange(t.distance - r / 2, t.distance + r / 2);
	}, e.setRoll = (e) => {}, e.getRoll = () => {}, e.setObliqueAngles = (e, t) => {}, e.getOrientation = () => {}, e.getOrientationWXYZ = () => {}, e.getFrustumPlanes = (t = 1, n = /* @__PURE__ */ new Float64Array(24)) => {
		let r = [
			[
				1,
				0,
				0,
				1
			],
			[
				-1,
				0,
				0,
				1
			],
			[
				0,
				1,
				0,
				1
			],
			[
				0,
				-1,
				0,
				1
			],
			[
				0,
				0,
				1,
				1
			],
			[
				0,
				0,
				-1,
				1
			]
		], i = e.getCompositeProjectionMatrix(t, -1, 1);
		for (let e = 0; e < 6; e++) ni(r[e], r[e], i), Qo(r[e]), n[4 * e + 0] = r[e][0], n[4 * e + 1] = r[e][1], n[4 * e + 2] = r[e][2], n[4 * e + 3] = r[e][3];
		return n;
	}, e.getCameraLightTransformMatrix = (e) => (fr(e, t.cameraLightTransform), e), e.computeCameraLightTransform = () => {
		e.getViewMatrix(a), mr(a, a), Cr(o, [
			t.distance,
			t.distance,
			t.distance
		]), hr(a, a, o), F(t.cameraLightTransform), gr(t.cameraLightTransform, a, [
			0,
			0,
			-1
		]);
	}, e.deepCopy = (e) => {}, e.physicalOrientationToWorldDirection = (e) => {
		let t = ui(e[0], e[1], e[2], e[3]), n = ri(), r = ui(0, 0, 1, 0);
		return ci(n, t), oi(r, t, r), oi(r, r, n), [
			r[0],
			r[1],
			r[2]
		];
	}, e.getPhysicalToWorldMatrix = (t) => {
		e.getWorldToPhysicalMatrix(t), mr(t, t);
	}, e.getWorldToPhysicalMatrix = (e) => {
		F(e);
		let n = [3];
		Yo(t.physicalViewNorth, t.physicalViewUp, n), e[0] = n[0], e[1] = n[1], e[2] = n[2], e[4] = t.physicalViewUp[0], e[5] = t.physicalViewUp[1], e[6] = t.physicalViewUp[2], e[8] = -t.physicalViewNorth[0], e[9] = -t.physicalViewNorth[1], e[10] = -t.physicalViewNorth[2], pr(e, e), Ir(s, 1 / t.physicalScale, 1 / t.physicalScale, 1 / t.physicalScale), _r(e, e, s), gr(e, e, t.physicalTranslation);
	}, e.computeViewParametersFromViewMatrix = (o) => {
		mr(a, o), R(s, n, a), e.computeDistance();
		let u = t.distance;
		e.setPosition(s[0], s[1], s[2]), R(c, r, a), Rr(c, c, s), Wr(c, c), e.setDirectionOfProjection(c[0], c[1], c[2]), R(l, i, a), Rr(l, l, s), Wr(l, l), e.setViewUp(l[0], l[1], l[2]), e.setDistance(u);
	}, e.computeViewParametersFromPhysicalMatrix = (t) => {
		e.getWorldToPhysicalMatrix(a), hr(a, t, a), e.computeViewParametersFromViewMatrix(a);
	}, e.setViewMatrix = (n) => {
		t.viewMatrix = n, t.viewMatrix && (e.computeViewParametersFromViewMatrix(t.viewMatrix), pr(t.viewMatrix, t.viewMatrix));
	}, e.getViewMatrix = (e = /* @__PURE__ */ new Float64Array(16)) => t.viewMatrix ? (t.modelTransformMatrix ? hr(e, t.modelTransformMatrix, t.viewMatrix) : fr(e, t.viewMatrix), e) : (jr(e, t.position, t.focalPoint, t.viewUp), pr(e, e), t.modelTransformMatrix && hr(e, t.modelTransformMatrix, e), e), e.setProjectionMatrix = (e) => {
		t.projectionMatrix = e;
	}, e.getProjectionMatrix = (e, n, r) => {
		let i = /* @__PURE__ */ new Float64Array(16);
		if (F(i), t.projectionMatrix) {
			let e = 1 / t.physicalScale;
			return Ir(s, e, e, e), fr(i, t.projectionMatrix), _r(i, i, s), pr(i, i), i;
		}
		F(a);
		let o = t.clippingRange[1] - t.clippingRange[0], c = [t.clippingRange[0] + (n + 1) * o / 2, t.clippingRange[0] + (r + 1) * o / 2];
		if (t.parallelProjection) {
			let n = t.parallelScale * e, r = t.parallelScale, i = (t.windowCenter[0] - 1) * n, o = (t.windowCenter[0] + 1) * n, s = (t.windowCenter[1] - 1) * r, l = (t.windowCenter[1] + 1) * r;
			Ar(a, i, o, s, l, c[0], c[1]), pr(a, a);
		} else if (t.useOffAxisProjection) throw Error("Off-Axis projection is not supported at this time");
		else {
			let n = Math.tan(xo(t.viewAngle) / 2), r, i;
			t.useHorizontalViewAngle === !0 ? (r = t.clippingRange[0] * n, i = t.clippingRange[0] * n / e) : (r = t.clippingRange[0] * n * e, i = t.clippingRange[0] * n);
			let o = (t.windowCenter[0] - 1) * r, s = (t.windowCenter[0] + 1) * r, l = (t.windowCenter[1] - 1) * i, u = (t.windowCenter[1] + 1) * i, d = c[0], f = c[1];
			a[0] = 2 * d / (s - o), a[5] = 2 * d / (u - l), a[2] = (o + s) / (s - o), a[6] = (l + u) / (u - l), a[10] = -(d + f) / (f - d), a[14] = -1, a[11] = -2 * d * f / (f - d), a[15] = 0;
		}
		return fr(i, a), i;
	}, e.getCompositeProjectionMatrix = (t, n, r) => {
		let i = e.getViewMatrix(), a = e.getProjectionMatrix(t, n, r);
		return hr(a, i, a), a;
	}, e.setDirectionOfProjection = (e, n, r) => {
		if (t.directionOfProjection[0] === e && t.directionOfProjection[1] === n && t.directionOfProjection[2] === r) return;
		t.directionOfProjection[0] = e, t.directionOfProjection[1] = n, t.directionOfProjection[2] = r;
		let i = t.directionOfProjection;
		t.focalPoint[0] = t.position[0] + i[0] * t.distance, t.focalPoint[1] = t.position[1] + i[1] * t.distance, t.focalPoint[2] = t.position[2] + i[2] * t.distance, m();
	}, e.setDeviceAngles = (n, r, i, a) => {
		let o = [3];
		Yo(t.physicalViewNorth, t.physicalViewUp, o);
		let s = F(/* @__PURE__ */ new Float64Array(16));
		vr(s, s, xo(n), t.physicalViewUp), vr(s, s, xo(r), o), vr(s, s, xo(i), t.physicalViewNorth), vr(s, s, xo(-a), t.physicalViewUp);
		let c = new Float64Array([
			-t.physicalViewUp[0],
			-t.physicalViewUp[1],
			-t.physicalViewUp[2]
		]), l = new Float64Array(t.physicalViewNorth);
		R(c, c, s), R(l, l, s), e.setDirectionOfProjection(c[0], c[1], c[2]), e.setViewUp(l[0], l[1], l[2]), e.modified();
	}, e.setOrientationWXYZ = (t, n, r, i) => {
		let a = F(/* @__PURE__ */ new Float64Array(16));
		if (t !== 0 && (n !== 0 || r !== 0 || i !== 0)) {
			let e = xo(t), o = ri();
			ii(o, [
				n,
				r,
				i
			], e), Or(a, o);
		}
		let o = /* @__PURE__ */ new Float64Array(3);
		R(o, [
			0,
			0,
			-1
		], a);
		let s = /* @__PURE__ */ new Float64Array(3);
		R(s, [
			0,
			1,
			0
		], a), e.setDirectionOfProjection(...o), e.setViewUp(...s), e.modified();
	}, e.computeClippingRange = (e) => {
		let n = null, r = null;
		n = t.viewPlaneNormal, r = t.position;
		let i = -n[0], a = -n[1], o = -n[2], s = -(i * r[0] + a * r[1] + o * r[2]), c = [i * e[0] + a * e[2] + o * e[4] + s, 1e-18];
		for (let t = 0; t < 2; t++) for (let n = 0; n < 2; n++) for (let r = 0; r < 2; r++) {
			let l = i * e[r] + a * e[2 + n] + o * e[4 + t] + s;
			c[0] = l < c[0] ? l : c[0], c[1] = l > c[1] ? l : c[1];
		}
		return c;
	};
}
var Eu = {
	position: [
		0,
		0,
		1
	],
	focalPoint: [
		0,
		0,
		0
	],
	viewUp: [
		0,
		1,
		0
	],
	directionOfProjection: [
		0,
		0,
		-1
	],
	parallelProjection: !1,
	useHorizontalViewAngle: !1,
	viewAngle: 30,
	parallelScale: 1,
	clippingRange: [.01, 1000.01],
	windowCenter: [0, 0],
	viewPlaneNormal: [
		0,
		0,
		1
	],
	useOffAxisProjection: !1,
	screenBottomLeft: [
		-.5,
		-.5,
		-.5
	],
	screenBottomRight: [
		.5,
		-.5,
		-.5
	],
	screenTopRight: [
		.5,
		.5,
		-.5
	],
	freezeFocalPoint: !1,
	projectionMatrix: null,
	viewMatrix: null,
	modelTransformMatrix: null,
	cameraLightTransform: dr(),
	physicalTranslation: [
		0,
		0,
		0
	],
	physicalScale: 1,
	physicalViewUp: [
		0,
		1,
		0
	],
	physicalViewNorth: [
		0,
		0,
		-1
	]
};
function Du(e, t, n = {}) {
	Object.assign(t, Eu, n), V.obj(e, t), V.get(e, t, ["distance"]), V.setGet(e, t, [
		"parallelProjection",
		"useHorizontalViewAngle",
		"viewAngle",
		"parallelScale",
		"useOffAxisProjection",
		"freezeFocalPoint",
		"physicalScale",
		"modelTransformMatrix"
	]), V.getArray(e, t, [
		"directionOfProjection",
		"viewPlaneNormal",
		"position",
		"focalPoint"
	]), V.setGetArray(e, t, ["clippingRange", "windowCenter"], 2), V.setGetArray(e, t, [
		"viewUp",
		"screenBottomLeft",
		"screenBottomRight",
		"screenTopRight",
		"physicalTranslation",
		"physicalViewUp",
		"physicalViewNorth"
	], 3), Tu(e, t);
}
var Ou = {
	newInstance: V.newInstance(Du, "vtkCamera"),
	extend: Du
};
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/getProjectionScaleMatrix.js
function ku(e) {
	let [t, n] = e;
	return Cr(dr(), [
		t,
		n,
		1
	]);
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/getNormalizedAspectRatio.js
var Au = 1e10, ju = (e) => {
	let [t, n] = e;
	if (Si(t, n)) return [1, 1];
	let r = Math.min(t, n);
	return [Math.round(t / r * Au) / Au, Math.round(n / r * Au) / Au];
};
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/vtkClasses/extendedVtkCamera.js
function Mu(e, t) {
	t.classHierarchy.push("extendedVtkCamera");
	let n = e.getProjectionMatrix;
	e.getProjectionMatrix = (e, r, i) => {
		let a = n(e, r, i), [o, s] = ju(t.aspectRatio);
		return (o !== 1 || s !== 1) && hr(a, ku([o, s]), a), a;
	};
}
var Nu = { aspectRatio: [1, 1] };
function Pu(e, t, n = {}) {
	Object.assign(t, Nu, n), Ou.extend(e, t, n), V.setGet(e, t, ["aspectRatio"]), Mu(e, t);
}
var Fu = {
	newInstance: V.newInstance(Pu, "extendedVtkCamera"),
	extend: Pu
}, Iu = {
	MAGNITUDE: 0,
	COMPONENT: 1,
	RGBCOLORS: 2
}, Lu = {
	LUMINANCE: 1,
	LUMINANCE_ALPHA: 2,
	RGB: 3,
	RGBA: 4
}, Ru = {
	VectorMode: Iu,
	ScalarMappingTarget: Lu,
	Scale: {
		LINEAR: 0,
		LOG10: 1
	}
}, zu = {
	ColorMode: {
		DEFAULT: 0,
		MAP_SCALARS: 1,
		DIRECT_SCALARS: 2
	},
	GetArray: {
		BY_ID: 0,
		BY_NAME: 1
	},
	ScalarMode: {
		DEFAULT: 0,
		USE_POINT_DATA: 1,
		USE_CELL_DATA: 2,
		USE_POINT_FIELD_DATA: 3,
		USE_CELL_FIELD_DATA: 4,
		USE_FIELD_DATA: 5
	}
}, { ScalarMappingTarget: Bu, Scale: Vu, VectorMode: Hu } = Ru, { VtkDataTypes: Uu } = q, { ColorMode: Wu } = zu, { vtkErrorMacro: Gu } = V;
function Ku(e) {
	return e;
}
function qu(e) {
	return Math.floor(e * 255 + .5);
}
function Ju(e, t) {
	t.classHierarchy.push("vtkScalarsToColors"), e.setVectorModeToMagnitude = () => e.setVectorMode(Hu.MAGNITUDE), e.setVectorModeToComponent = () => e.setVectorMode(Hu.COMPONENT), e.setVectorModeToRGBColors = () => e.setVectorMode(Hu.RGBCOLORS), e.build = () => {}, e.isOpaque = () => !0, e.setAnnotations = (n, r) => {
		if (!(n && !r || !n && r)) {
			if (n && r && n.length !== r.length) Gu("Values and annotations do not have the same number of tuples so ignoring");
			else {
				if (t.annotationArray = [], r && n) {
					let e = r.length;
					for (let i = 0; i < e; i++) t.annotationArray.push({
						value: n[i],
						annotation: String(r[i])
					});
				}
				e.updateAnnotatedValueMap(), e.modified();
			}
		}
	}, e.setAnnotation = (n, r) => {
		let i = e.checkForAnnotatedValue(n), a = !1;
		return i >= 0 ? t.annotationArray[i].annotation !== r && (t.annotationArray[i].annotation = r, a = !0) : (t.annotationArray.push({
			value: n,
			annotation: r
		}), i = t.annotationArray.length - 1, a = !0), a && (e.updateAnnotatedValueMap(), e.modified()), i;
	}, e.getNumberOfAnnotatedValues = () => t.annotationArray.length, e.getAnnotatedValue = (e) => e < 0 || e >= t.annotationArray.length ? null : t.annotationArray[e].value, e.getAnnotation = (e) => t.annotationArray[e] === void 0 ? null : t.annotationArray[e].annotation, e.getAnnotatedValueIndex = (n) => t.annotationArray.length ? e.checkForAnnotatedValue(n) : -1, e.removeAnnotation = (n) => {
		let r = e.checkForAnnotatedValue(n), i = r >= 0;
		return i && (t.annotationArray.splice(r, 1), e.updateAnnotatedValueMap(), e.modified()), i;
	}, e.resetAnnotations = () => {
		t.annotationArray = [], t.annotatedValueMap = [], e.modified();
	}, e.getAnnotationColor = (n, r) => {
		if (t.indexedLookup) {
			let t = e.getAnnotatedValueIndex(n);
			e.getIndexedColor(t, r);
		} else e.getColor(parseFloat(n), r), r[3] = 1;
	}, e.checkForAnnotatedValue = (t) => e.getAnnotatedValueIndexInternal(t), e.getAnnotatedValueIndexInternal = (e) => {
		if (t.annotatedValueMap[e] !== void 0) {
			let n = t.annotationArray.length;
			return t.annotatedValueMap[e] % n;
		}
		return -1;
	}, e.getIndexedColor = (e, t) => {
		t[0] = 0, t[1] = 0, t[2] = 0, t[3] = 0;
	}, e.updateAnnotatedValueMap = () => {
		t.annotatedValueMap = [];
		let e = t.annotationArray.length;
		for (let n = 0; n < e; n++) t.annotatedValueMap[t.annotationArray[n].value] = n;
	}, e.mapScalars = (t, n, r) => {
		let i = t.getNumberOfComponents(), a = null;
		if (n === Wu.DEFAULT && (t.getDataType() === Uu.UNSIGNED_CHAR || t.getDataType() === Uu.UNSIGNED_CHAR_CLAMPED) || n === Wu.DIRECT_SCALARS && t) a = e.convertToRGBA(t, i, t.getNumberOfTuples());
		else {
			let n = {
				type: "vtkDataArray",
				name: "temp",
				numberOfComponents: 4,
				dataType: Uu.UNSIGNED_CHAR
			}, o = V.newTypedArray(n.dataType, 4 * t.getNumberOfTuples());
			n.values = o, n.size = o.length, a = q.newInstance(n);
			let s = r;
			s < 0 && i > 1 ? e.mapVectorsThroughTable(t, a, Bu.RGBA, -1, -1) : (s < 0 && (s = 0), s >= i && (s = i - 1), e.mapScalarsThroughTable(t, a, Bu.RGBA, s));
		}
		return a;
	}, e.mapVectorsToMagnitude = (e, t, n) => {
		let r = e.getNumberOfTuples(), i = e.getNumberOfComponents(), a = t.getData(), o = e.getData();
		for (let e = 0; e < r; e++) {
			let t = 0;
			for (let r = 0; r < n; r++) t += o[e * i + r] * o[e * i + r];
			a[e] = Math.sqrt(t);
		}
	}, e.mapVectorsThroughTable = (t, n, r, i, a) => {
		let o = e.getVectorMode(), s = a, c = i, l = t.getNumberOfComponents();
		o === Hu.COMPONENT ? (c === -1 && (c = e.getVectorComponent()), c < 0 && (c = 0), c >= l && (c = l - 1)) : (s === -1 && (s = e.getVectorSize()), s <= 0 ? (c = 0, s = l) : (c < 0 && (c = 0), c >= l && (c = l - 1), c + s > l && (s = l - c)), o === Hu.MAGNITUDE && (l === 1 || s === 1) && (o = Hu.COMPONENT));
		let u = 0;
		switch (c > 0 && (u = c), o) {
			case Hu.COMPONENT:
				e.mapScalarsThroughTable(t, n, r, u);
				break;
			case Hu.RGBCOLORS: break;
			case Hu.MAGNITUDE:
			default: {
				let i = q.newInstance({
					numberOfComponents: 1,
					values: new Float32Array(t.getNumberOfTuples())
				});
				e.mapVectorsToMagnitude(t, i, s), e.mapScalarsThroughTable(i, n, r, 0);
				break;
			}
		}
	}, e.luminanceToRGBA = (e, t, n, r) => {
		let i = r(n), a = t.getData(), o = e.getData(), s = a.length, c = 0;
		for (let e = 0; e < s; e += 1) {
			let t = r(a[e]);
			o[c * 4] = t, o[c * 4 + 1] = t, o[c * 4 + 2] = t, o[c * 4 + 3] = i, c++;
		}
	}, e.luminanceAlphaToRGBA = (e, t, n, r) => {
		let i = t.getData(), a = e.getData(), o = i.length, s = 0;
		for (let e = 0; e < o; e += 2) {
			let t = r(i[e]);
			a[s] = t, a[s + 1] = t, a[s + 2] = t, a[s + 3] = r(i[e + 1]) * n, s += 4;
		}
	}, e.rGBToRGBA = (e, t, n, r) => {
		let i = qu(n), a = t.getData(), o = e.getData(), s = a.length, c = 0;
		for (let e = 0; e < s; e += 3) o[c * 4] = r(a[e]), o[c * 4 + 1] = r(a[e + 1]), o[c * 4 + 2] = r(a[e + 2]), o[c * 4 + 3] = i, c++;
	}, e.rGBAToRGBA = (e, t, n, r) => {
		let i = t.getData(), a = e.getData(), o = i.length, s = 0;
		for (let e = 0; e < o; e += 4) a[s * 4] = r(i[e]), a[s * 4 + 1] = r(i[e + 1]), a[s * 4 + 2] = r(i[e + 2]), a[s * 4 + 3] = r(i[e + 3]) * n, s++;
	}, e.convertToRGBA = (n, r, i) => {
		let { alpha: a } = t;
		if (r === 4 && a >= 1 && n.getDataType() === Uu.UNSIGNED_CHAR) return n;
		let o = q.newInstance({
			numberOfComponents: 4,
			empty: !0,
			size: 4 * i,
			dataType: Uu.UNSIGNED_CHAR
		});
		if (i <= 0) return o;
		a = a > 0 ? a : 0, a = a < 1 ? a : 1;
		let s = Ku;
		switch ((n.getDataType() === Uu.FLOAT || n.getDataType() === Uu.DOUBLE) && (s = qu), r) {
			case 1:
				e.luminanceToRGBA(o, n, a, s);
				break;
			case 2:
				e.luminanceAlphaToRGBA(o, n, s);
				break;
			case 3:
				e.rGBToRGBA(o, n, a, s);
				break;
			case 4:
				e.rGBAToRGBA(o, n, a, s);
				break;
			default: return Gu("Cannot convert colors"), null;
		}
		return o;
	}, e.usingLogScale = () => !1, e.getNumberOfAvailableColors = () => 16777216, e.setRange = (t, n) => e.setMappingRange(t, n), e.getRange = () => e.getMappingRange(), e.areScalarsOpaque = (n, r, i) => {
		if (!n) return e.isOpaque();
		let a = n.getNumberOfComponents();
		return r === Wu.DEFAULT && n.getDataType() === Uu.UNSIGNED_CHAR || r === Wu.DIRECT_SCALARS ? a === 3 || a === 1 ? t.alpha >= 1 : n.getRange(a - 1)[0] === 255 : !0;
	};
}
var Yu = {
	alpha: 1,
	vectorComponent: 0,
	vectorSize: -1,
	vectorMode: Hu.COMPONENT,
	mappingRange: null,
	annotationArray: null,
	annotatedValueMap: null,
	indexedLookup: !1,
	scale: Vu.LINEAR
};
function Xu(e, t, n = {}) {
	Object.assign(t, Yu, n), V.obj(e, t), t.mappingRange = [0, 255], t.annotationArray = [], t.annotatedValueMap = [], V.setGet(e, t, [
		"vectorSize",
		"vectorComponent",
		"vectorMode",
		"alpha",
		"indexedLookup"
	]), V.setArray(e, t, ["mappingRange"], 2), V.getArray(e, t, ["mappingRange"]), Ju(e, t);
}
var Zu = {
	newInstance: V.newInstance(Xu, "vtkScalarsToColors"),
	extend: Xu,
	...Ru
}, Qu = {
	ColorSpace: {
		RGB: 0,
		HSV: 1,
		LAB: 2,
		DIVERGING: 3
	},
	Scale: {
		LINEAR: 0,
		LOG10: 1
	}
}, { ColorSpace: $u, Scale: ed } = Qu, { ScalarMappingTarget: td } = Zu, { vtkDebugMacro: nd, vtkErrorMacro: rd, vtkWarningMacro: id } = V;
function ad(e, t) {
	let n = e[0], r = e[1], i = e[2], a = Math.sqrt(n * n + r * r + i * i), o = a > .001 ? Math.acos(n / a) : 0, s = o > .001 ? Math.atan2(i, r) : 0;
	t[0] = a, t[1] = o, t[2] = s;
}
function od(e, t) {
	let n = e[0], r = e[1], i = e[2];
	t[0] = n * Math.cos(r), t[1] = n * Math.sin(r) * Math.cos(i), t[2] = n * Math.sin(r) * Math.sin(i);
}
function sd(e, t) {
	if (e[0] >= t - .1) return e[2];
	let n = e[1] * Math.sqrt(t * t - e[0] * e[0]) / (e[0] * Math.sin(e[1]));
	return e[2] > -.3 * Math.PI ? e[2] + n : e[2] - n;
}
function cd(e, t) {
	let n = e - t;
	for (n < 0 && (n = -n); n >= 2 * Math.PI;) n -= 2 * Math.PI;
	return n > Math.PI && (n = 2 * Math.PI - n), n;
}
function ld(e, t, n, r) {
	let i = [], a = [];
	Ys(t, i), Ys(n, a);
	let o = [], s = [];
	ad(i, o), ad(a, s);
	let c = e;
	if (o[1] > .05 && s[1] > .05 && cd(o[2], s[2]) > .33 * Math.PI) {
		let t = Math.max(o[0], s[0]);
		t = Math.max(88, t), e < .5 ? (s[0] = t, s[1] = 0, s[2] = 0, c *= 2) : (o[0] = t, o[1] = 0, o[2] = 0, c = 2 * c - 1);
	}
	o[1] < .05 && s[1] > .05 ? o[2] = sd(s, o[0]) : s[1] < .05 && o[1] > .05 && (s[2] = sd(o, s[0]));
	let l = [];
	l[0] = (1 - c) * o[0] + c * s[0], l[1] = (1 - c) * o[1] + c * s[1], l[2] = (1 - c) * o[2] + c * s[2];
	let u = [];
	od(l, u), Xs(u, r);
}
function ud(e, t) {
	t.classHierarchy.push("vtkColorTransferFunction"), e.getSize = () => t.nodes.length, e.addRGBPoint = (t, n, r, i) => e.addRGBPointLong(t, n, r, i, .5, 0), e.addRGBPointLong = (n, r, i, a, o = .5, s = 0) => {
		if (o < 0 || o > 1) return rd("Midpoint outside range [0.0, 1.0]"), -1;
		if (s < 0 || s > 1) return rd("Sharpness outside range [0.0, 1.0]"), -1;
		t.allowDuplicateScalars || e.removePoint(n);
		let c = {
			x: n,
			r,
			g: i,
			b: a,
			midpoint: o,
			sharpness: s
		};
		t.nodes.push(c), e.sortAndUpdateRange();
		let l = 0;
		for (; l < t.nodes.length && t.nodes[l].x !== n; l++);
		return l < t.nodes.length ? l : -1;
	}, e.addHSVPoint = (t, n, r, i) => e.addHSVPointLong(t, n, r, i, .5, 0), e.addHSVPointLong = (t, n, r, i, a = .5, o = 0) => {
		let s = [];
		return Ws([
			n,
			r,
			i
		], s), e.addRGBPoint(t, s[0], s[1], s[2], a, o);
	}, e.setNodes = (n) => {
		if (t.nodes !== n) {
			let r = JSON.stringify(t.nodes);
			t.nodes = n;
			let i = JSON.stringify(t.nodes);
			if (e.sortAndUpdateRange() || r !== i) return e.modified(), !0;
		}
		return !1;
	}, e.sortAndUpdateRange = () => {
		let n = JSON.stringify(t.nodes);
		t.nodes.sort((e, t) => e.x - t.x);
		let r = JSON.stringify(t.nodes), i = e.updateRange();
		return !i && n !== r ? (e.modified(), !0) : i;
	}, e.updateRange = () => {
		let n = [2];
		n[0] = t.mappingRange[0], n[1] = t.mappingRange[1];
		let r = t.nodes.length;
		return r ? (t.mappingRange[0] = t.nodes[0].x, t.mappingRange[1] = t.nodes[r - 1].x) : (t.mappingRange[0] = 0, t.mappingRange[1] = 0), n[0] === t.mappingRange[0] && n[1] === t.mappingRange[1] ? !1 : (e.modified(), !0);
	}, e.removePoint = (n) => {
		let r = 0;
		for (; r < t.nodes.length && t.nodes[r].x !== n; r++);
		let i = r;
		if (r >= t.nodes.length) return -1;
		let a = !1;
		return t.nodes.splice(r, 1), (r === 0 || r === t.nodes.length) && (a = e.updateRange()), a || e.modified(), i;
	}, e.movePoint = (n, r) => {
		if (n !== r) {
			e.removePoint(r);
			for (let i = 0; i < t.nodes.length; i++) if (t.nodes[i].x === n) {
				t.nodes[i].x = r, e.sortAndUpdateRange();
				break;
			}
		}
	}, e.removeAllPoints = () => {
		t.nodes = [], e.sortAndUpdateRange();
	}, e.addRGBSegment = (n, r, i, a, o, s, c, l) => {
		e.sortAndUpdateRange();
		for (let e = 0; e < t.nodes.length;) t.nodes[e].x >= n && t.nodes[e].x <= o ? t.nodes.splice(e, 1) : e++;
		e.addRGBPointLong(n, r, i, a, .5, 0), e.addRGBPointLong(o, s, c, l, .5, 0), e.modified();
	}, e.addHSVSegment = (t, n, r, i, a, o, s, c) => {
		let l = [
			n,
			r,
			i
		], u = [
			o,
			s,
			c
		], d = [], f = [];
		Ws(l, d), Ws(u, f), e.addRGBSegment(t, d[0], d[1], d[2], a, f[0], f[1], f[2]);
	}, e.mapValue = (t) => {
		let n = [];
		return e.getColor(t, n), [
			Math.floor(255 * n[0] + .5),
			Math.floor(255 * n[1] + .5),
			Math.floor(255 * n[2] + .5),
			255
		];
	}, e.getColor = (n, r) => {
		if (t.indexedLookup) {
			let t = e.getSize(), i = e.getAnnotatedValueIndexInternal(n);
			if (i < 0 || t === 0) {
				let t = e.getNanColorByReference();
				r[0] = t[0], r[1] = t[1], r[2] = t[2];
			} else {
				let n = [];
				e.getNodeValue(i % t, n), r[0] = n[1], r[1] = n[2], r[2] = n[3];
			}
		} else e.getTable(n, n, 1, r);
	}, e.getRedValue = (t) => {
		let n = [];
		return e.getColor(t, n), n[0];
	}, e.getGreenValue = (t) => {
		let n = [];
		return e.getColor(t, n), n[1];
	}, e.getBlueValue = (t) => {
		let n = [];
		return e.getColor(t, n), n[2];
	}, e.logScaleEnabled = () => t.scale === ed.LOG10, e.usingLogScale = () => e.logScaleEnabled() && t.mappingRange[0] > 0, e.getTable = (n, r, i, a) => {
		let o = e.usingLogScale(), s = o ? Math.log10(Number(n)) : Number(n), c = o ? Math.log10(Number(r)) : Number(r);
		if (mc(s) || mc(c)) {
			for (let e = 0; e < i; e++) a[e * 3 + 0] = t.nanColor[0], a[e * 3 + 1] = t.nanColor[1], a[e * 3 + 2] = t.nanColor[2];
			return;
		}
		let l = 0, u = t.nodes.length, d = 0, f = 0, p = 0;
		u !== 0 && (d = t.nodes[u - 1].r, f = t.nodes[u - 1].g, p = t.nodes[u - 1].b);
		let m = 0, h = 0, g = 0, _ = [
			0,
			0,
			0
		], v = [
			0,
			0,
			0
		], y = 0, b = 0, x = [], S = t.mappingRange;
		o && (S = [Math.log10(t.mappingRange[0]), Math.log10(t.mappingRange[1])]);
		for (let n = 0; n < i; n++) {
			let r = 3 * n;
			if (m = i > 1 ? s + n / (i - 1) * (c - s) : .5 * (s + c), t.discretize) {
				let e = S;
				if (m >= e[0] && m <= e[1]) {
					let n = t.numberOfValues, r = e[1] - e[0];
					if (n <= 1) m = e[0] + r / 2;
					else {
						let t = wo(n * ((m - e[0]) / r));
						m = e[0] + t / (n - 1) * r;
					}
				}
			}
			for (; l < u && m > t.nodes[l].x;) l++, l < u && (h = t.nodes[l - 1].x, g = t.nodes[l].x, _[0] = t.nodes[l - 1].r, v[0] = t.nodes[l].r, _[1] = t.nodes[l - 1].g, v[1] = t.nodes[l].g, _[2] = t.nodes[l - 1].b, v[2] = t.nodes[l].b, y = t.nodes[l - 1].midpoint, b = t.nodes[l - 1].sharpness, y < 1e-5 && (y = 1e-5), y > .99999 && (y = .99999));
			if (m > S[1]) a[r] = 0, a[r + 1] = 0, a[r + 2] = 0, t.clamping && (e.getUseAboveRangeColor() ? (a[r] = t.aboveRangeColor[0], a[r + 1] = t.aboveRangeColor[1], a[r + 2] = t.aboveRangeColor[2]) : (a[r] = d, a[r + 1] = f, a[r + 2] = p));
			else if (m < S[0] || dc(m) && m < 0) a[r] = 0, a[r + 1] = 0, a[r + 2] = 0, t.clamping && (e.getUseBelowRangeColor() ? (a[r] = t.belowRangeColor[0], a[r + 1] = t.belowRangeColor[1], a[r + 2] = t.belowRangeColor[2]) : u > 0 && (a[r] = t.nodes[0].r, a[r + 1] = t.nodes[0].g, a[r + 2] = t.nodes[0].b));
			else if (l === 0 && (Math.abs(m - s) < 1e-6 || t.discretize)) u > 0 ? (a[r] = t.nodes[0].r, a[r + 1] = t.nodes[0].g, a[r + 2] = t.nodes[0].b) : (a[r] = 0, a[r + 1] = 0, a[r + 2] = 0);
			else {
				let e = 0;
				if (e = (m - h) / (g - h), e = e < y ? .5 * e / y : .5 + .5 * (e - y) / (1 - y), b > .99) {
					if (e < .5) {
						a[r] = _[0], a[r + 1] = _[1], a[r + 2] = _[2];
						continue;
					}
					a[r] = v[0], a[r + 1] = v[1], a[r + 2] = v[2];
					continue;
				}
				if (b < .01) {
					if (t.colorSpace === $u.RGB) a[r] = (1 - e) * _[0] + e * v[0], a[r + 1] = (1 - e) * _[1] + e * v[1], a[r + 2] = (1 - e) * _[2] + e * v[2];
					else if (t.colorSpace === $u.HSV) {
						let n = [], i = [];
						Us(_, n), Us(v, i), t.hSVWrap && (n[0] - i[0] > .5 || i[0] - n[0] > .5) && (n[0] > i[0] ? --n[0] : --i[0]);
						let o = [];
						o[0] = (1 - e) * n[0] + e * i[0], o[0] < 0 && (o[0] += 1), o[1] = (1 - e) * n[1] + e * i[1], o[2] = (1 - e) * n[2] + e * i[2], Ws(o, x), a[r] = x[0], a[r + 1] = x[1], a[r + 2] = x[2];
					} else if (t.colorSpace === $u.LAB) {
						let t = [], n = [];
						Ys(_, t), Ys(v, n);
						let i = [];
						i[0] = (1 - e) * t[0] + e * n[0], i[1] = (1 - e) * t[1] + e * n[1], i[2] = (1 - e) * t[2] + e * n[2], Xs(i, x), a[r] = x[0], a[r + 1] = x[1], a[r + 2] = x[2];
					} else t.colorSpace === $u.DIVERGING ? (ld(e, _, v, x), a[r] = x[0], a[r + 1] = x[1], a[r + 2] = x[2]) : rd("ColorSpace set to invalid value.", t.colorSpace);
					continue;
				}
				e < .5 ? e = .5 * (e * 2) ** (1 + 10 * b) : e > .5 && (e = 1 - .5 * ((1 - e) * 2) ** (1 + 10 * b));
				let n = e * e, i = n * e, o = 2 * i - 3 * n + 1, s = -2 * i + 3 * n, c = i - 2 * n + e, l = i - n, u, d;
				if (t.colorSpace === $u.RGB) for (let e = 0; e < 3; e++) u = v[e] - _[e], d = (1 - b) * u, a[r + e] = o * _[e] + s * v[e] + c * d + l * d;
				else if (t.colorSpace === $u.HSV) {
					let e = [], n = [];
					Us(_, e), Us(v, n), t.hSVWrap && (e[0] - n[0] > .5 || n[0] - e[0] > .5) && (e[0] > n[0] ? --e[0] : --n[0]);
					let i = [];
					for (let t = 0; t < 3; t++) u = n[t] - e[t], d = (1 - b) * u, i[t] = o * e[t] + s * n[t] + c * d + l * d, t === 0 && i[t] < 0 && (i[t] += 1);
					Ws(i, x), a[r] = x[0], a[r + 1] = x[1], a[r + 2] = x[2];
				} else if (t.colorSpace === $u.LAB) {
					let e = [], t = [];
					Ys(_, e), Ys(v, t);
					let n = [];
					for (let r = 0; r < 3; r++) u = t[r] - e[r], d = (1 - b) * u, n[r] = o * e[r] + s * t[r] + c * d + l * d;
					Xs(n, x), a[r] = x[0], a[r + 1] = x[1], a[r + 2] = x[2];
				} else t.colorSpace === $u.DIVERGING ? (ld(e, _, v, x), a[r] = x[0], a[r + 1] = x[1], a[r + 2] = x[2]) : rd("ColorSpace set to invalid value.");
				for (let e = 0; e < 3; e++) a[r + e] = a[r + e] < 0 ? 0 : a[r + e], a[r + e] = a[r + e] > 1 ? 1 : a[r + e];
			}
		}
	}, e.getUint8Table = (n, r, i, a = !1) => {
		if (e.getMTime() <= t.buildTime && t.tableSize === i && t.tableWithAlpha !== a) return t.table;
		if (t.nodes.length === 0) return rd("Attempting to lookup a value with no points in the function"), t.table;
		let o = a ? 4 : 3;
		(t.tableSize !== i || t.tableWithAlpha !== a) && (t.table = new Uint8Array(i * o), t.tableSize = i, t.tableWithAlpha = a);
		let s = [];
		e.getTable(n, r, i, s);
		for (let e = 0; e < i; e++) t.table[e * o + 0] = Math.floor(s[e * 3 + 0] * 255 + .5), t.table[e * o + 1] = Math.floor(s[e * 3 + 1] * 255 + .5), t.table[e * o + 2] = Math.floor(s[e * 3 + 2] * 255 + .5), a && (t.table[e * o + 3] = 255);
		return t.buildTime.modified(), t.table;
	}, e.buildFunctionFromArray = (n) => {
		e.removeAllPoints();
		let r = n.getNumberOfComponents();
		for (let e = 0; e < n.getNumberOfTuples(); e++) switch (r) {
			case 3:
				t.nodes.push({
					x: e,
					r: n.getComponent(e, 0),
					g: n.getComponent(e, 1),
					b: n.getComponent(e, 2),
					midpoint: .5,
					sharpness: 0
				});
				break;
			case 4:
				t.nodes.push({
					x: n.getComponent(e, 0),
					r: n.getComponent(e, 1),
					g: n.getComponent(e, 2),
					b: n.getComponent(e, 3),
					midpoint: .5,
					sharpness: 0
				});
				break;
			case 5:
				t.nodes.push({
					x: e,
					r: n.getComponent(e, 0),
					g: n.getComponent(e, 1),
					b: n.getComponent(e, 2),
					midpoint: n.getComponent(e, 4),
					sharpness: n.getComponent(e, 5)
				});
				break;
			case 6: t.nodes.push({
				x: n.getComponent(e, 0),
				r: n.getComponent(e, 1),
				g: n.getComponent(e, 2),
				b: n.getComponent(e, 3),
				midpoint: n.getComponent(e, 4),
				sharpness: n.getComponent(e, 5)
			});
		}
		e.sortAndUpdateRange();
	}, e.buildFunctionFromTable = (n, r, i, a) => {
		let o = 0;
		e.removeAllPoints(), i > 1 && (o = (r - n) / (i - 1));
		for (let e = 0; e < i; e++) {
			let r = {
				x: n + o * e,
				r: a[e * 3],
				g: a[e * 3 + 1],
				b: a[e * 3 + 2],
				sharpness: 0,
				midpoint: .5
			};
			t.nodes.push(r);
		}
		e.sortAndUpdateRange();
	}, e.getNodeValue = (e, n) => e < 0 || e >= t.nodes.length ? (rd("Index out of range!"), -1) : (n[0] = t.nodes[e].x, n[1] = t.nodes[e].r, n[2] = t.nodes[e].g, n[3] = t.nodes[e].b, n[4] = t.nodes[e].midpoint, n[5] = t.nodes[e].sharpness, 1), e.setNodeValue = (n, r) => {
		if (n < 0 || n >= t.nodes.length) return rd("Index out of range!"), -1;
		let i = t.nodes[n].x;
		return t.nodes[n].x = r[0], t.nodes[n].r = r[1], t.nodes[n].g = r[2], t.nodes[n].b = r[3], t.nodes[n].midpoint = r[4], t.nodes[n].sharpness = r[5], i === r[0] ? e.modified() : e.sortAndUpdateRange(), 1;
	}, e.getNumberOfAvailableColors = () => {
		if (t.indexedLookup && e.getSize()) return e.getSize();
		if (t.tableSize) return t.tableSize;
		let n = t.nodes?.length ?? 0;
		return Math.max(4094, n);
	}, e.getIndexedColor = (t, n) => {
		let r = e.getSize();
		if (r > 0 && t >= 0) {
			let i = [];
			e.getNodeValue(t % r, i);
			for (let e = 0; e < 3; ++e) n[e] = i[e + 1];
			n[3] = 1;
			return;
		}
		let i = e.getNanColorByReference();
		n[0] = i[0], n[1] = i[1], n[2] = i[2], n[3] = 1;
	}, e.fillFromDataPointer = (t, n) => {
		if (!(t <= 0 || !n)) {
			e.removeAllPoints();
			for (let r = 0; r < t; r++) e.addRGBPoint(n[r * 4], n[r * 4 + 1], n[r * 4 + 2], n[r * 4 + 3]);
		}
	}, e.setMappingRange = (n, r) => {
		let i = [n, r], a = [n, r], o = e.getRange(), s = e.logScaleEnabled();
		if (o[1] === i[1] && o[0] === i[0]) return;
		if (i[1] === i[0]) {
			rd("attempt to set zero width color range");
			return;
		}
		s && (i[0] <= 0 ? console.warn("attempt to set log scale color range with non-positive minimum") : (a[0] = Math.log10(i[0]), a[1] = Math.log10(i[1])));
		let c = (a[1] - a[0]) / (o[1] - o[0]), l = a[0] - o[0] * c;
		for (let e = 0; e < t.nodes.length; ++e) t.nodes[e].x = t.nodes[e].x * c + l;
		t.mappingRange[0] = i[0], t.mappingRange[1] = i[1], e.modified();
	}, e.adjustRange = (n) => {
		let r = e.getRange(), i = [];
		r[0] < n[0] ? (e.getColor(n[0], i), e.addRGBPoint(n[0], i[0], i[1], i[2])) : (e.getColor(r[0], i), e.addRGBPoint(n[0], i[0], i[1], i[2])), r[1] > n[1] ? (e.getColor(n[1], i), e.addRGBPoint(n[1], i[0], i[1], i[2])) : (e.getColor(r[1], i), e.addRGBPoint(n[1], i[0], i[1], i[2])), e.sortAndUpdateRange();
		for (let e = 0; e < t.nodes.length;) t.nodes[e].x >= n[0] && t.nodes[e].x <= n[1] ? t.nodes.splice(e, 1) : ++e;
		return 1;
	}, e.estimateMinNumberOfSamples = (t, n) => {
		let r = e.findMinimumXDistance();
		return Math.ceil((n - t) / r);
	}, e.findMinimumXDistance = () => {
		if (t.nodes.length < 2) return -1;
		let e = Number.MAX_VALUE;
		for (let n = 0; n < t.nodes.length - 1; n++) {
			let r = t.nodes[n + 1].x - t.nodes[n].x;
			r < e && (e = r);
		}
		return e;
	}, e.mapScalarsThroughTable = (n, r, i, a) => {
		e.getSize() === 0 ? nd("Transfer Function Has No Points!") : t.indexedLookup ? e.mapDataIndexed(n, r, i, a) : e.mapData(n, r, i, a);
	}, e.mapData = (t, n, r, i) => {
		if (e.getSize() === 0) {
			id("Transfer Function Has No Points!");
			return;
		}
		let a = Math.floor(e.getAlpha() * 255 + .5), o = t.getNumberOfTuples(), s = t.getNumberOfComponents(), c = n.getData(), l = t.getData(), u = [];
		if (r === td.RGBA) for (let t = 0; t < o; t++) {
			let n = l[t * s + i];
			e.getColor(n, u), c[t * 4] = Math.floor(u[0] * 255 + .5), c[t * 4 + 1] = Math.floor(u[1] * 255 + .5), c[t * 4 + 2] = Math.floor(u[2] * 255 + .5), c[t * 4 + 3] = a;
		}
		if (r === td.RGB) for (let t = 0; t < o; t++) {
			let n = l[t * s + i];
			e.getColor(n, u), c[t * 3] = Math.floor(u[0] * 255 + .5), c[t * 3 + 1] = Math.floor(u[1] * 255 + .5), c[t * 3 + 2] = Math.floor(u[2] * 255 + .5);
		}
		if (r === td.LUMINANCE) for (let t = 0; t < o; t++) {
			let n = l[t * s + i];
			e.getColor(n, u), c[t] = Math.floor(u[0] * 76.5 + u[1] * 150.45 + u[2] * 28.05 + .5);
		}
		if (r === td.LUMINANCE_ALPHA) for (let t = 0; t < o; t++) {
			let n = l[t * s + i];
			e.getColor(n, u), c[t * 2] = Math.floor(u[0] * 76.5 + u[1] * 150.45 + u[2] * 28.05 + .5), c[t * 2 + 1] = a;
		}
	}, e.applyColorMap = (n) => {
		let r = JSON.stringify(t.colorSpace);
		n.ColorSpace && (t.colorSpace = $u[n.ColorSpace.toUpperCase()], t.colorSpace === void 0 && (rd(`ColorSpace ${n.ColorSpace} not supported, using RGB instead`), t.colorSpace = $u.RGB));
		let i = r !== JSON.stringify(t.colorSpace), a = i || JSON.stringify(t.nanColor);
		if (n.NanColor) for (t.nanColor = [].concat(n.NanColor); t.nanColor.length < 4;) t.nanColor.push(1);
		i ||= a !== JSON.stringify(t.nanColor);
		let o = i || JSON.stringify(t.nodes);
		if (n.RGBPoints) {
			let e = n.RGBPoints.length;
			t.nodes = [];
			for (let r = 0; r < e; r += 4) t.nodes.push({
				x: n.RGBPoints[r],
				r: n.RGBPoints[r + 1],
				g: n.RGBPoints[r + 2],
				b: n.RGBPoints[r + 3],
				midpoint: .5,
				sharpness: 0
			});
		}
		let s = e.sortAndUpdateRange(), c = !s && (i || o !== JSON.stringify(t.nodes));
		return c && e.modified(), s || c;
	};
}
var dd = {
	clamping: !0,
	colorSpace: $u.RGB,
	hSVWrap: !0,
	scale: ed.LINEAR,
	nanColor: null,
	belowRangeColor: null,
	aboveRangeColor: null,
	useAboveRangeColor: !1,
	useBelowRangeColor: !1,
	allowDuplicateScalars: !1,
	table: null,
	tableSize: 0,
	buildTime: null,
	nodes: null,
	discretize: !1,
	numberOfValues: 256
};
function fd(e, t, n = {}) {
	Object.assign(t, dd, n), Zu.extend(e, t, n), t.table = [], t.nodes = [], t.nanColor = [
		.5,
		0,
		0,
		1
	], t.belowRangeColor = [
		0,
		0,
		0,
		1
	], t.aboveRangeColor = [
		1,
		1,
		1,
		1
	], t.buildTime = {}, V.obj(t.buildTime), V.get(e, t, ["buildTime", "mappingRange"]), V.setGet(e, t, [
		"useAboveRangeColor",
		"useBelowRangeColor",
		"discretize",
		"numberOfValues",
		{
			type: "enum",
			name: "colorSpace",
			enum: $u
		},
		{
			type: "enum",
			name: "scale",
			enum: ed
		}
	]), V.setArray(e, t, [
		"nanColor",
		"belowRangeColor",
		"aboveRangeColor"
	], 4), V.getArray(e, t, [
		"nanColor",
		"belowRangeColor",
		"aboveRangeColor"
	]), ud(e, t);
}
var pd = {
	newInstance: V.newInstance(fd, "vtkColorTransferFunction"),
	extend: fd,
	...Qu
}, md = {
	Off: 0,
	PolygonOffset: 1
}, hd = md.PolygonOffset, gd = md.Off, _d = ["VTK_RESOLVE_OFF", "VTK_RESOLVE_POLYGON_OFFSET"];
function vd() {
	return hd;
}
function yd(e) {
	let t = hd === e;
	return hd = e, t;
}
function bd() {
	return gd;
}
function xd(e = 0) {
	let t = gd === e;
	return gd = e, t;
}
function Sd() {
	return xd(md.Off);
}
function Cd() {
	return xd(md.Off);
}
function wd() {
	return xd(md.PolygonOffset);
}
function Td() {
	return _d[gd];
}
var Ed = {
	Resolve: md,
	getResolveCoincidentTopologyAsString: Td,
	getResolveCoincidentTopologyPolygonOffsetFaces: vd,
	getResolveCoincidentTopology: bd,
	setResolveCoincidentTopology: xd,
	setResolveCoincidentTopologyPolygonOffsetFaces: yd,
	setResolveCoincidentTopologyToDefault: Sd,
	setResolveCoincidentTopologyToOff: Cd,
	setResolveCoincidentTopologyToPolygonOffset: wd
};
// node_modules/@kitware/vtk.js/Rendering/Core/Mapper/CoincidentTopologyHelper.js
function Dd(e, t, n) {
	n.forEach((n) => {
		e[`get${n.method}`] = () => t[n.key], e[`set${n.method}`] = V.objectSetterMap.object(e, t, {
			name: n.key,
			params: ["factor", "offset"]
		});
	});
}
var Od = [
	"Polygon",
	"Line",
	"Point"
], kd = {
	Polygon: {
		factor: 2,
		offset: 0
	},
	Line: {
		factor: 1,
		offset: -1
	},
	Point: {
		factor: 0,
		offset: -2
	}
}, Ad = { modified: () => void 0 };
Dd(Ad, kd, Od.map((e) => ({
	key: e,
	method: `ResolveCoincidentTopology${e}OffsetParameters`
})));
function jd(e, t) {
	t.resolveCoincidentTopology === void 0 && (t.resolveCoincidentTopology = !1), V.setGet(e, t, ["resolveCoincidentTopology"]), t.topologyOffset = {
		Polygon: {
			factor: 0,
			offset: 0
		},
		Line: {
			factor: 0,
			offset: 0
		},
		Point: {
			factor: 0,
			offset: 0
		}
	}, Object.keys(Ed).forEach((t) => {
		e[t] = Ed[t];
	}), Object.keys(Ad).filter((e) => e !== "modified").forEach((t) => {
		e[t] = Ad[t];
	}), Dd(e, t.topologyOffset, Od.map((e) => ({
		key: e,
		method: `RelativeCoincidentTopology${e}OffsetParameters`
	}))), e.getCoincidentTopologyPolygonOffsetParameters = () => {
		let t = Ad.getResolveCoincidentTopologyPolygonOffsetParameters(), n = e.getRelativeCoincidentTopologyPolygonOffsetParameters();
		return {
			factor: t.factor + n.factor,
			offset: t.offset + n.offset
		};
	}, e.getCoincidentTopologyLineOffsetParameters = () => {
		let t = Ad.getResolveCoincidentTopologyLineOffsetParameters(), n = e.getRelativeCoincidentTopologyLineOffsetParameters();
		return {
			factor: t.factor + n.factor,
			offset: t.offset + n.offset
		};
	}, e.getCoincidentTopologyPointOffsetParameter = () => {
		let t = Ad.getResolveCoincidentTopologyPointOffsetParameters(), n = e.getRelativeCoincidentTopologyPointOffsetParameters();
		return {
			factor: t.factor + n.factor,
			offset: t.offset + n.offset
		};
	};
}
var Md = {
	implementCoincidentTopologyMethods: jd,
	staticOffsetAPI: Ad,
	otherStaticMethods: Ed,
	CATEGORIES: Od,
	Resolve: md
}, Nd = { SlicingMode: {
	NONE: -1,
	I: 0,
	J: 1,
	K: 2,
	X: 3,
	Y: 4,
	Z: 5
} }, { vtkErrorMacro: Pd } = V, Fd = /* @__PURE__ */ new Float64Array(16), Id = /* @__PURE__ */ new Float64Array(4);
function Ld(e, t) {
	let n = e.getNormalByReference(), r = e.getOriginByReference();
	return t[0] = n[0], t[1] = n[1], t[2] = n[2], t[3] = -(n[0] * r[0] + n[1] * r[1] + n[2] * r[2]), t;
}
function Rd(e, t) {
	t.classHierarchy.push("vtkAbstractMapper"), e.update = () => {
		e.getInputData();
	}, e.addClippingPlane = (n) => n.isA("vtkPlane") ? !t.clippingPlanes.includes(n) && (t.clippingPlanes.push(n), e.modified(), !0) : !1, e.getNumberOfClippingPlanes = () => t.clippingPlanes.length, e.removeAllClippingPlanes = () => t.clippingPlanes.length !== 0 && (t.clippingPlanes.length = 0, e.modified(), !0), e.removeClippingPlane = (n) => {
		let r = t.clippingPlanes.indexOf(n);
		return r !== -1 && (t.clippingPlanes.splice(r, 1), e.modified(), !0);
	}, e.getClippingPlanes = () => t.clippingPlanes, e.getClippingPlanesMTime = () => {
		let e = 0;
		for (let n = 0; n < t.clippingPlanes.length; n++) e = Math.max(e, t.clippingPlanes[n].getMTime());
		return e;
	}, e.setClippingPlanes = (t) => {
		if (t) {
			if (!Array.isArray(t)) e.addClippingPlane(t);
			else {
				let n = t.length;
				for (let r = 0; r < n && r < 6; r++) e.addClippingPlane(t[r]);
			}
		}
	}, e.getClippingPlaneInCoords = (e, n, r) => {
		if (n < 0 || n >= t.clippingPlanes?.length) {
			Pd(`Clipping plane index ${n} is out of range.`);
			return;
		}
		let i = r || /* @__PURE__ */ new Float64Array(4);
		return Ld(t.clippingPlanes[n], Id), mr(Fd, e), pr(Fd, Fd), ni(i, Id, Fd), i;
	}, e.getClippingPlaneInDataCoords = (e, n, r) => {
		let i = t.clippingPlanes;
		if (i) {
			let t = i.length;
			if (n >= 0 && n < t) {
				Ld(i[n], Id), ni(r, Id, e);
				return;
			}
		}
		Pd(`Clipping plane index ${n} is out of range.`);
	};
}
var zd = { clippingPlanes: [] };
function Bd(e, t, n = {}) {
	Object.assign(t, zd, n), V.obj(e, t), V.algo(e, t, 1, 0), t.clippingPlanes ||= [], Rd(e, t);
}
var Vd = { extend: Bd };
// node_modules/@kitware/vtk.js/Rendering/Core/AbstractMapper3D.js
function Hd(e, t) {
	e.computeBounds = () => {
		V.vtkErrorMacro("vtkAbstractMapper3D.computeBounds - NOT IMPLEMENTED");
	};
	let n = e.getBounds;
	e.getBounds = () => (e.computeBounds(), n());
	let r = e.getBoundsByReference;
	e.getBoundsByReference = () => (e.computeBounds(), r()), e.getCenter = () => {
		let n = e.getBoundsByReference();
		return t.center = G.isValid(n) ? G.getCenter(n) : null, t.center?.slice();
	}, e.getLength = () => {
		let t = e.getBoundsByReference();
		return G.getDiagonalLength(t);
	};
}
var Ud = (e) => ({
	bounds: [...G.INIT_BOUNDS],
	center: [
		0,
		0,
		0
	],
	viewSpecificProperties: {},
	...e
});
function Wd(e, t, n = {}) {
	Object.assign(t, Ud(n)), Vd.extend(e, t, n), V.setGet(e, t, ["viewSpecificProperties"]), V.getArray(e, t, ["bounds"], 6), Hd(e, t);
}
var Gd = { extend: Wd };
// node_modules/@kitware/vtk.js/Rendering/Core/AbstractImageMapper.js
function Kd(e, t) {
	t.classHierarchy.push("vtkAbstractImageMapper"), e.getIsOpaque = () => !0, e.getCurrentImage = () => null, e.getBoundsForSlice = () => (V.vtkErrorMacro("vtkAbstractImageMapper.getBoundsForSlice - NOT IMPLEMENTED"), hc());
}
var qd = {
	slice: 0,
	customDisplayExtent: [
		0,
		0,
		0,
		0,
		0,
		0
	],
	useCustomExtents: !1,
	backgroundColor: [
		0,
		0,
		0,
		1
	],
	colorTextureWidth: 1024,
	opacityTextureWidth: 1024,
	labelOutlineTextureWidth: 1024
};
function Jd(e, t, n = {}) {
	Object.assign(t, qd, n), Gd.extend(e, t, n), V.setGet(e, t, [
		"slice",
		"useCustomExtents",
		"colorTextureWidth",
		"opacityTextureWidth",
		"labelOutlineTextureWidth"
	]), V.setGetArray(e, t, ["customDisplayExtent"], 6), V.setGetArray(e, t, ["backgroundColor"], 4), Kd(e, t);
}
var Yd = { extend: Jd };
// node_modules/@kitware/vtk.js/Rendering/Core/AbstractImageMapper/helper.js
function Xd(e, t, n) {
	let r = n.getCurrentImage(), i = r.getExtent(), a = [
		i[0],
		i[2],
		i[4]
	], { ijkMode: o } = n.getClosestIJKAxis(), s = n.isA("vtkImageArrayMapper") ? n.getSubSlice() : n.getSlice();
	o !== n.getSlicingMode() && (s = n.getSliceAtPosition(s)), a[o] += s;
	let c = [
		0,
		0,
		0
	];
	r.indexToWorld(a, c), a[o] += 1;
	let l = [
		0,
		0,
		0
	];
	r.indexToWorld(a, l), l[0] -= c[0], l[1] -= c[1], l[2] -= c[2], Wr(l, l);
	let u = Hc.intersectWithLine(e, t, c, l);
	if (u.intersection) {
		let e = u.x, t = [
			0,
			0,
			0
		];
		return r.worldToIndex(e, t), {
			t: u.t,
			absoluteIJK: t
		};
	}
	return null;
}
function Zd(e, t, n) {
	let r = Xd(e, t, n);
	if (r) {
		let e = n.getCurrentImage().getExtent(), t = [
			Math.round(r.absoluteIJK[0]),
			Math.round(r.absoluteIJK[1]),
			Math.round(r.absoluteIJK[2])
		];
		return t[0] < e[0] || t[0] > e[1] || t[1] < e[2] || t[1] > e[3] || t[2] < e[4] || t[2] > e[5] ? null : {
			t: r.t,
			ijk: t
		};
	}
	return null;
}
function Qd(e, t, n) {
	let r = Xd(e, t, n);
	if (r) {
		let e = n.getCurrentImage().getExtent(), t = r.absoluteIJK, i = [
			Math.floor(t[0]),
			Math.floor(t[1]),
			Math.floor(t[2])
		];
		if (i[0] < e[0] || i[0] > e[1] - 1 || i[1] < e[2] || i[1] > e[3] - 1 || i[2] < e[4] || i[2] > (e[5] ? e[5] - 1 : e[5])) return null;
		let a = [
			t[0] - i[0],
			t[1] - i[1],
			t[2] - i[2]
		];
		return {
			t: r.t,
			ijk: i,
			pCoords: a
		};
	}
	return null;
}
// node_modules/@kitware/vtk.js/Rendering/Core/ImageMapper.js
var { staticOffsetAPI: $d, otherStaticMethods: ef } = Md, { SlicingMode: J } = Nd;
function tf(e, t) {
	t.classHierarchy.push("vtkImageMapper"), e.getSliceAtPosition = (n) => {
		let r = e.getCurrentImage(), i;
		if (n.length === 3) i = n;
		else if (Number.isFinite(n)) {
			let e = r.getBounds();
			switch (t.slicingMode) {
				case J.X:
					i = [
						n,
						(e[3] + e[2]) / 2,
						(e[5] + e[4]) / 2
					];
					break;
				case J.Y:
					i = [
						(e[1] + e[0]) / 2,
						n,
						(e[5] + e[4]) / 2
					];
					break;
				case J.Z: i = [
					(e[1] + e[0]) / 2,
					(e[3] + e[2]) / 2,
					n
				];
			}
		}
		let a = [
			0,
			0,
			0
		];
		r.worldToIndex(i, a);
		let o = r.getExtent(), { ijkMode: s } = e.getClosestIJKAxis(), c = 0;
		switch (s) {
			case J.I:
				c = ec(a[0], o[0], o[1]);
				break;
			case J.J:
				c = ec(a[1], o[2], o[3]);
				break;
			case J.K:
				c = ec(a[2], o[4], o[5]);
				break;
			default: return 0;
		}
		return c;
	}, e.setSliceFromCamera = (n) => {
		let r = n.getFocalPoint();
		switch (t.slicingMode) {
			case J.I:
			case J.J:
			case J.K:
				{
					let t = e.getSliceAtPosition(r);
					e.setSlice(t);
				}
				break;
			case J.X:
				e.setSlice(r[0]);
				break;
			case J.Y:
				e.setSlice(r[1]);
				break;
			case J.Z: e.setSlice(r[2]);
		}
	}, e.setXSlice = (t) => {
		e.setSlicingMode(J.X), e.setSlice(t);
	}, e.setYSlice = (t) => {
		e.setSlicingMode(J.Y), e.setSlice(t);
	}, e.setZSlice = (t) => {
		e.setSlicingMode(J.Z), e.setSlice(t);
	}, e.setISlice = (t) => {
		e.setSlicingMode(J.I), e.setSlice(t);
	}, e.setJSlice = (t) => {
		e.setSlicingMode(J.J), e.setSlice(t);
	}, e.setKSlice = (t) => {
		e.setSlicingMode(J.K), e.setSlice(t);
	}, e.getSlicingModeNormal = () => {
		let n = [
			0,
			0,
			0
		], r = e.getCurrentImage().getDirection();
		switch (t.slicingMode) {
			case J.X:
				n[0] = 1;
				break;
			case J.Y:
				n[1] = 1;
				break;
			case J.Z:
				n[2] = 1;
				break;
			case J.I:
				ps(r, [
					1,
					0,
					0
				], n);
				break;
			case J.J:
				ps(r, [
					0,
					1,
					0
				], n);
				break;
			case J.K: ps(r, [
				0,
				0,
				1
			], n);
		}
		return n;
	};
	function n() {
		let n;
		switch (t.slicingMode) {
			case J.X:
				n = 0;
				break;
			case J.Y:
				n = 1;
				break;
			case J.Z:
				n = 2;
				break;
			default:
				t.closestIJKAxis = {
					ijkMode: t.slicingMode,
					flip: !1
				};
				return;
		}
		let r = vc(e.getCurrentImage().getDirection()), i = 0;
		for (; i < 3 && r[n + 3 * i] === 0; ++i);
		let a = r[n + 3 * i] < 0;
		t.closestIJKAxis = {
			ijkMode: i,
			flip: a
		};
	}
	e.setSlicingMode = (r) => {
		t.slicingMode !== r && (t.slicingMode = r, e.getCurrentImage() && n(), e.modified());
	}, e.getClosestIJKAxis = () => ((t.closestIJKAxis === void 0 || t.closestIJKAxis.ijkMode === J.NONE) && e.getCurrentImage() && n(), t.closestIJKAxis), e.computeBounds = () => {
		let n = e.getCurrentImage();
		if (!n) {
			G.reset(t.bounds);
			return;
		}
		if (!t.useCustomExtents) {
			G.setBounds(t.bounds, n.getBounds());
			return;
		}
		let r = t.customDisplayExtent.slice(), { ijkMode: i } = e.getClosestIJKAxis(), a = t.slice;
		switch (i !== t.slicingMode && (a = e.getSliceAtPosition(t.slice)), i) {
			case J.I:
				r[0] = a, r[1] = a;
				break;
			case J.J:
				r[2] = a, r[3] = a;
				break;
			case J.K: r[4] = a, r[5] = a;
		}
		G.setBounds(t.bounds, n.extentToBounds(r));
	}, e.getBoundsForSlice = (n = t.slice, r = 0) => {
		let i = e.getCurrentImage();
		if (!i) return hc();
		let a = i.getSpatialExtent(), { ijkMode: o } = e.getClosestIJKAxis(), s = n;
		switch (o !== t.slicingMode && (s = e.getSliceAtPosition(n)), o) {
			case J.I:
				a[0] = s - r, a[1] = s + r;
				break;
			case J.J:
				a[2] = s - r, a[3] = s + r;
				break;
			case J.K: a[4] = s - r, a[5] = s + r;
		}
		return i.extentToBounds(a);
	}, e.intersectWithLineForPointPicking = (t, n) => Zd(t, n, e), e.intersectWithLineForCellPicking = (t, n) => Qd(t, n, e), e.getCurrentImage = () => e.getInputData();
}
var nf = {
	slicingMode: J.NONE,
	closestIJKAxis: {
		ijkMode: J.NONE,
		flip: !1
	},
	renderToRectangle: !1,
	sliceAtFocalPoint: !1,
	preferSizeOverAccuracy: !1
};
function rf(e, t, n = {}) {
	Object.assign(t, nf, n), Yd.extend(e, t, n), V.get(e, t, ["slicingMode"]), V.setGet(e, t, [
		"closestIJKAxis",
		"renderToRectangle",
		"sliceAtFocalPoint",
		"preferSizeOverAccuracy"
	]), Md.implementCoincidentTopologyMethods(e, t), tf(e, t);
}
var af = {
	newInstance: V.newInstance(rf, "vtkImageMapper"),
	extend: rf,
	...$d,
	...ef,
	...Nd
}, of = { CoordinateSystem: {
	DISPLAY: 0,
	WORLD: 1
} }, { CoordinateSystem: sf } = of;
function cf(e) {
	return () => V.vtkErrorMacro(`vtkProp::${e} - NOT IMPLEMENTED`);
}
function lf(e, t) {
	t.classHierarchy.push("vtkProp"), e.getMTime = () => {
		let e = t.mtime;
		for (let n = 0; n < t.textures.length; ++n) {
			let r = t.textures[n].getMTime();
			r > e && (e = r);
		}
		return e;
	}, e.processSelectorPixelBuffers = (e, t) => {}, e.getNestedProps = () => null, e.getActors = () => [], e.getActors2D = () => [], e.getVolumes = () => [], e.pick = cf("pick"), e.hasKey = cf("hasKey"), e.getNestedVisibility = () => t.visibility && (!t._parentProp || t._parentProp.getNestedVisibility()), e.getNestedPickable = () => t.pickable && (!t._parentProp || t._parentProp.getNestedPickable()), e.getNestedDragable = () => t.dragable && (!t._parentProp || t._parentProp.getNestedDragable()), e.getRedrawMTime = () => t.mtime, e.setEstimatedRenderTime = (e) => {
		t.estimatedRenderTime = e, t.savedEstimatedRenderTime = e;
	}, e.restoreEstimatedRenderTime = () => {
		t.estimatedRenderTime = t.savedEstimatedRenderTime;
	}, e.addEstimatedRenderTime = (e) => {
		t.estimatedRenderTime += e;
	}, e.setAllocatedRenderTime = (e) => {
		t.allocatedRenderTime = e, t.savedEstimatedRenderTime = t.estimatedRenderTime, t.estimatedRenderTime = 0;
	}, e.getSupportsSelection = () => !1, e.getTextures = () => t.textures, e.hasTexture = (e) => t.textures.indexOf(e) !== -1, e.addTexture = (n) => {
		n && !e.hasTexture(n) && (t.textures = t.textures.concat(n), e.modified());
	}, e.removeTexture = (n) => {
		let r = t.textures.filter((e) => e !== n);
		t.textures.length !== r.length && (t.textures = r, e.modified());
	}, e.removeAllTextures = () => {
		t.textures = [], e.modified();
	}, e.setCoordinateSystemToWorld = () => e.setCoordinateSystem(sf.WORLD), e.setCoordinateSystemToDisplay = () => e.setCoordinateSystem(sf.DISPLAY);
}
var uf = {
	allocatedRenderTime: 10,
	coordinateSystem: sf.WORLD,
	dragable: !0,
	estimatedRenderTime: 0,
	paths: null,
	pickable: !0,
	renderTimeMultiplier: 1,
	savedEstimatedRenderTime: 0,
	textures: [],
	useBounds: !0,
	visibility: !0
};
function df(e, t, n = {}) {
	Object.assign(t, uf, n), V.obj(e, t), V.get(e, t, ["estimatedRenderTime", "allocatedRenderTime"]), V.setGet(e, t, [
		"_parentProp",
		"coordinateSystem",
		"dragable",
		"pickable",
		"renderTimeMultiplier",
		"useBounds",
		"visibility"
	]), V.moveToProtected(e, t, ["parentProp"]), lf(e, t);
}
var ff = {
	newInstance: V.newInstance(df, "vtkProp"),
	extend: df,
	...of
}, pf = 1e-6;
function mf(e, t) {
	t.classHierarchy.push("vtkProp3D"), e.addPosition = (n) => {
		t.position = t.position.map((e, t) => e + n[t]), e.modified();
	}, e.getOrientationWXYZ = () => {
		let e = ri();
		Er(e, t.rotation);
		let n = /* @__PURE__ */ new Float64Array(3);
		return [
			So(ai(n, e)),
			n[0],
			n[1],
			n[2]
		];
	}, e.getOrientationQuaternion = (e = []) => Er(e, t.rotation), e.rotateX = (n) => {
		n !== 0 && (yr(t.rotation, t.rotation, xo(n)), e.modified());
	}, e.rotateY = (n) => {
		n !== 0 && (br(t.rotation, t.rotation, xo(n)), e.modified());
	}, e.rotateZ = (n) => {
		n !== 0 && (xr(t.rotation, t.rotation, xo(n)), e.modified());
	}, e.rotateWXYZ = (n, r, i, a) => {
		if (n === 0 || r === 0 && i === 0 && a === 0) return;
		let o = xo(n), s = ri();
		ii(s, [
			r,
			i,
			a
		], o);
		let c = /* @__PURE__ */ new Float64Array(16);
		Or(c, s), hr(t.rotation, t.rotation, c), e.modified();
	}, e.rotateQuaternion = (n) => {
		if (Math.abs(n[3]) >= 1 - pf) return;
		let r = Or(/* @__PURE__ */ new Float64Array(16), n);
		hr(t.rotation, t.rotation, r), e.modified();
	}, e.setOrientation = (n, r, i) => n === t.orientation[0] && r === t.orientation[1] && i === t.orientation[2] ? !1 : (t.orientation = [
		n,
		r,
		i
	], F(t.rotation), e.rotateZ(i), e.rotateX(n), e.rotateY(r), e.modified(), !0), e.setOrientationFromQuaternion = (n) => {
		let r = dr();
		return Or(r, n), !bs(r, t.rotation) && (t.rotation = r, e.modified(), !0);
	}, e.setUserMatrix = (n) => !bs(t.userMatrix, n) && (fr(t.userMatrix, n), e.modified(), !0), e.getMatrix = () => (e.computeMatrix(), t.matrix), e.computeMatrix = () => {
		if (e.getMTime() > t.matrixMTime.getMTime()) {
			F(t.matrix), t.userMatrix && hr(t.matrix, t.matrix, t.userMatrix), gr(t.matrix, t.matrix, t.origin), gr(t.matrix, t.matrix, t.position), hr(t.matrix, t.matrix, t.rotation), _r(t.matrix, t.matrix, t.scale), gr(t.matrix, t.matrix, [
				-t.origin[0],
				-t.origin[1],
				-t.origin[2]
			]), pr(t.matrix, t.matrix), t.isIdentity = !0;
			for (let e = 0; e < 4; ++e) for (let n = 0; n < 4; ++n) +(e === n) !== t.matrix[e + n * 4] && (t.isIdentity = !1);
			t.matrixMTime.modified();
		}
	}, e.computeBounds = () => {
		if (t.mapper === null) {
			G.reset(t.bounds);
			return;
		}
		let n = t.mapper.getBounds();
		if (!n || n.length !== 6 || !G.isValid(n)) t.mapperBounds = n, G.reset(t.bounds), t.boundsMTime.modified();
		else if (!t.mapperBounds || !n.every((e, r) => n[r] === t.mapperBounds[r]) || e.getMTime() > t.boundsMTime.getMTime()) {
			V.vtkDebugMacro("Recomputing bounds..."), t.mapperBounds = n, e.computeMatrix();
			let r = /* @__PURE__ */ new Float64Array(16);
			pr(r, t.matrix), G.transformBounds(n, r, t.bounds), t.boundsMTime.modified();
		}
	};
	let n = e.getBounds;
	e.getBounds = () => (e.computeBounds(), n());
	let r = e.getBoundsByReference;
	e.getBoundsByReference = () => (e.computeBounds(), r()), e.getCenter = () => G.getCenter(e.getBoundsByReference()), e.getLength = () => G.getLength(e.getBoundsByReference()), e.getXRange = () => G.getXRange(e.getBoundsByReference()), e.getYRange = () => G.getYRange(e.getBoundsByReference()), e.getZRange = () => G.getZRange(e.getBoundsByReference()), e.getUserMatrix = () => t.userMatrix;
	function i() {
		e.computeMatrix();
	}
	e.onModified(i), e.getProperty = (n = 0) => (t.properties[n] ?? (t.properties[n] = e.makeProperty?.()), t.properties[n]), e.getProperties = () => (t.properties.length === 0 && (t.properties[0] = e.makeProperty?.()), t.properties), e.setProperty = (e, n) => {
		let [r, i] = Number.isInteger(e) ? [e, n] : [0, e];
		return t.properties[r] !== i && (t.properties[r] = i, !0);
	}, e.getMTime = () => {
		let e = t.mtime;
		return t.properties.forEach((t) => {
			if (t !== null) {
				let n = t.getMTime();
				e = n > e ? n : e;
			}
		}), e;
	};
}
var hf = {
	bounds: [...G.INIT_BOUNDS],
	origin: [
		0,
		0,
		0
	],
	position: [
		0,
		0,
		0
	],
	orientation: [
		0,
		0,
		0
	],
	rotation: null,
	scale: [
		1,
		1,
		1
	],
	properties: [],
	userMatrix: null,
	userMatrixMTime: null,
	cachedProp3D: null,
	isIdentity: !0,
	matrixMTime: null
};
function gf(e, t, n = {}) {
	Object.assign(t, hf, n), ff.extend(e, t, n), t.matrixMTime = {}, V.obj(t.matrixMTime), V.get(e, t, ["isIdentity"]), V.getArray(e, t, ["orientation"]), V.setGetArray(e, t, [
		"origin",
		"position",
		"scale"
	], 3), V.setGet(e, t, ["properties"]), V.getArray(e, t, ["bounds"], 6), t.matrix = F(/* @__PURE__ */ new Float64Array(16)), t.rotation = F(/* @__PURE__ */ new Float64Array(16)), t.userMatrix = F(/* @__PURE__ */ new Float64Array(16)), t.transform = null, mf(e, t);
}
var _f = {
	newInstance: V.newInstance(gf, "vtkProp3D"),
	extend: gf
}, vf = {
	NEAREST: 0,
	LINEAR: 1
}, { InterpolationType: yf } = { InterpolationType: vf }, { vtkErrorMacro: bf } = V, xf = 4;
function Sf(e, t) {
	t.classHierarchy.push("vtkImageProperty"), e.getMTime = () => {
		let e = t.mtime, n;
		for (let r = 0; r < xf; r++) t.componentData[r].rGBTransferFunction && (n = t.componentData[r].rGBTransferFunction.getMTime(), e = e > n ? e : n), t.componentData[r].piecewiseFunction && (n = t.componentData[r].piecewiseFunction.getMTime(), e = e > n ? e : n);
		return e;
	}, e.setRGBTransferFunction = (n = 0, r = null) => {
		let i = n, a = r;
		return Number.isInteger(n) || (a = n, i = 0), t.componentData[i].rGBTransferFunction !== a && (t.componentData[i].rGBTransferFunction = a, e.modified(), !0);
	}, e.getRGBTransferFunction = (e = 0) => t.componentData[e].rGBTransferFunction, e.setPiecewiseFunction = (n = 0, r = null) => {
		let i = n, a = r;
		return Number.isInteger(n) || (a = n, i = 0), t.componentData[i].piecewiseFunction !== a && (t.componentData[i].piecewiseFunction = a, e.modified(), !0);
	}, e.getPiecewiseFunction = (e = 0) => t.componentData[e].piecewiseFunction, e.setScalarOpacity = (t = 0, n = null) => {
		let r = t, i = n;
		return Number.isInteger(t) || (i = t, r = 0), e.setPiecewiseFunction(r, i);
	}, e.getScalarOpacity = (t = 0) => e.getPiecewiseFunction(t), e.setComponentWeight = (n = 0, r = 1) => {
		if (n < 0 || n >= xf) return bf("Invalid index"), !1;
		let i = Math.min(1, Math.max(0, r));
		return t.componentData[n].componentWeight !== i && (t.componentData[n].componentWeight = i, e.modified(), !0);
	}, e.getComponentWeight = (e = 0) => e < 0 || e >= xf ? (bf("Invalid index"), 0) : t.componentData[e].componentWeight, e.setInterpolationTypeToNearest = () => e.setInterpolationType(yf.NEAREST), e.setInterpolationTypeToLinear = () => e.setInterpolationType(yf.LINEAR), e.getInterpolationTypeAsString = () => V.enumToString(yf, t.interpolationType);
}
var Cf = (e) => ({
	independentComponents: !1,
	interpolationType: yf.LINEAR,
	colorWindow: 255,
	colorLevel: 127.5,
	ambient: 1,
	diffuse: 0,
	opacity: 1,
	useLookupTableScalarRange: !1,
	useLabelOutline: !1,
	labelOutlineThickness: [1],
	labelOutlineOpacity: 1,
	updatedExtents: [],
	...e
});
function wf(e, t, n = {}) {
	if (Object.assign(t, Cf(n)), V.obj(e, t), !t.componentData) {
		t.componentData = [];
		for (let e = 0; e < xf; e++) t.componentData.push({
			rGBTransferFunction: null,
			piecewiseFunction: null,
			componentWeight: 1
		});
	}
	V.setGet(e, t, [
		"independentComponents",
		"interpolationType",
		"colorWindow",
		"colorLevel",
		"ambient",
		"diffuse",
		"opacity",
		"useLookupTableScalarRange",
		"useLabelOutline",
		"labelOutlineOpacity",
		"updatedExtents"
	]), V.setGetArray(e, t, ["labelOutlineThickness"]), Sf(e, t);
}
var Tf = {
	newInstance: V.newInstance(wf, "vtkImageProperty"),
	extend: wf
};
// node_modules/@kitware/vtk.js/Rendering/Core/ImageSlice.js
function Ef(e, t) {
	t.classHierarchy.push("vtkImageSlice"), e.getActors = () => e, e.getImages = () => e, e.getIsOpaque = () => {
		if (t.forceOpaque) return !0;
		if (t.forceTranslucent) return !1;
		t.properties[0] || e.getProperty();
		let n = t.properties[0].getOpacity() >= 1;
		return n &&= !t.mapper || t.mapper.getIsOpaque(), n;
	}, e.hasTranslucentPolygonalGeometry = () => !1, e.makeProperty = Tf.newInstance, e.getBoundsForSlice = (n, r) => {
		let i = t.mapper.getBoundsForSlice(n, r);
		if (!G.isValid(i)) return i;
		e.computeMatrix();
		let a = /* @__PURE__ */ new Float64Array(16);
		return pr(a, t.matrix), G.transformBounds(i, a);
	}, e.getMinXBound = () => e.getBoundsByReference()[0], e.getMaxXBound = () => e.getBoundsByReference()[1], e.getMinYBound = () => e.getBoundsByReference()[2], e.getMaxYBound = () => e.getBoundsByReference()[3], e.getMinZBound = () => e.getBoundsByReference()[4], e.getMaxZBound = () => e.getBoundsByReference()[5], e.getRedrawMTime = () => {
		let e = t.mtime;
		if (t.mapper !== null) {
			let n = t.mapper.getMTime();
			e = n > e ? n : e, t.mapper.getInput() !== null && (t.mapper.getInputAlgorithm().update(), n = t.mapper.getInput().getMTime(), e = n > e ? n : e);
		}
		return t.properties.forEach((t) => {
			e = Math.max(e, t.getMTime());
			let n = t.getRGBTransferFunction();
			n !== null && (e = Math.max(e, n.getMTime()));
		}), e;
	}, e.getSupportsSelection = () => t.mapper ? t.mapper.getSupportsSelection() : !1;
}
var Df = {
	mapper: null,
	forceOpaque: !1,
	forceTranslucent: !1
};
function Of(e, t, n = {}) {
	Object.assign(t, Df, n), _f.extend(e, t, n), t.boundsMTime = {}, V.obj(t.boundsMTime), V.setGet(e, t, [
		"mapper",
		"forceOpaque",
		"forceTranslucent"
	]), Ef(e, t);
}
var kf = {
	newInstance: V.newInstance(Of, "vtkImageSlice"),
	extend: Of
}, Af = {}, jf = {
	MINIMUM_SLAB_THICKNESS: .05,
	MAXIMUM_RAY_DISTANCE: 1e6
};
Object.freeze(jf);
// node_modules/@cornerstonejs/core/dist/esm/constants/epsilon.js
var Mf = .001;
// node_modules/@cornerstonejs/core/dist/esm/utilities/buildMetadata.js
function Nf(e) {
	return Object.values(Ee).includes(e) ? e : Ee.LINEAR;
}
function Pf(e) {
	let t = Xn(Lt.IMAGE_PLANE, e);
	if (t.usingDefaultValues !== void 0 || t.columnPixelSpacing && t.rowPixelSpacing && t.columnCosines && t.rowCosines && t.imagePositionPatient && t.imageOrientationPatient) return t;
	let n = {
		...t,
		usingDefaultValues: !0
	};
	return n.columnPixelSpacing ||= 1, n.rowPixelSpacing ||= 1, n.columnCosines ||= [
		0,
		1,
		0
	], n.rowCosines ||= [
		1,
		0,
		0
	], n.imagePositionPatient ||= [
		0,
		0,
		0
	], n.imageOrientationPatient ||= new Float32Array([
		1,
		0,
		0,
		0,
		1,
		0
	]), n;
}
function Ff(e) {
	let t = e.imageId, { pixelRepresentation: n, bitsAllocated: r, bitsStored: i, highBit: a, photometricInterpretation: o, samplesPerPixel: s } = Xn(Lt.IMAGE_PIXEL, t), { windowWidth: c, windowCenter: l, voiLUTFunction: u } = e, { modality: d } = Xn(Lt.GENERAL_SERIES, t), f = Xn(Lt.SCALING, t), p = Xn(Lt.CALIBRATION, t), m = Nf(u);
	return {
		calibration: p,
		scalingFactor: f,
		voiLUTFunction: m,
		modality: d,
		imagePlaneModule: Pf(t),
		imagePixelModule: {
			bitsAllocated: r,
			bitsStored: i,
			samplesPerPixel: s,
			highBit: a,
			photometricInterpretation: o,
			pixelRepresentation: n,
			windowWidth: c,
			windowCenter: l,
			modality: d,
			voiLUTFunction: m
		}
	};
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/getImageDataMetadata.js
function If(e) {
	let { imagePlaneModule: t, imagePixelModule: n, voiLUTFunction: r, modality: i, scalingFactor: a, calibration: o } = Ff(e), { rowCosines: s, columnCosines: c } = t;
	(s == null || c == null) && (s = [
		1,
		0,
		0
	], c = [
		0,
		1,
		0
	]);
	let l = Pr(s[0], s[1], s[2]), u = Pr(c[0], c[1], c[2]), d = I();
	Gr(d, l, u);
	let f = t.imagePositionPatient;
	f ??= [
		0,
		0,
		0
	];
	let p = t.columnPixelSpacing || e.columnPixelSpacing, m = t.rowPixelSpacing || e.rowPixelSpacing, h = e.columns, g = e.rows, _ = Mf;
	return !n.photometricInterpretation && e.sizeInBytes === 3 * e.width * e.height && (e.numberOfComponents = 3), {
		numberOfComponents: e.numberOfComponents || Lf(n.photometricInterpretation),
		origin: f,
		direction: [
			...l,
			...u,
			...d
		],
		dimensions: [
			h,
			g,
			1
		],
		spacing: [
			p,
			m,
			_
		],
		numVoxels: h * g * 1,
		imagePlaneModule: t,
		imagePixelModule: n,
		bitsAllocated: n.bitsAllocated,
		voiLUTFunction: r,
		modality: i,
		scalingFactor: a,
		calibration: o,
		scanAxisNormal: d
	};
}
function Lf(e) {
	let t = 1;
	return (e === "RGB" || e?.includes("YBR") || e === "PALETTE COLOR") && (t = 3), t;
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/genericViewportDisplaySetMetadataProvider.js
var Rf = "genericViewportDisplaySet", zf = /* @__PURE__ */ new Map(), Bf = {
	VIEWPORT_V2_DISPLAY_SET: Rf,
	add(e, t) {
		zf.set(e, t);
	},
	get(e, t) {
		if (e === Rf) return zf.get(t);
	},
	remove(e) {
		zf.delete(e);
	},
	clear() {
		zf.clear();
	}
};
Gn(Bf.get);
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/GenericViewport/genericViewportDisplaySetAccess.js
function Vf(e) {
	return Bf.get(Bf.VIEWPORT_V2_DISPLAY_SET, e);
}
function Hf(e) {
	let t = Vf(e);
	if (Gf(t)) return { imageIds: t };
	if (Uf(t)) return t;
}
function Uf(e) {
	return Wf(e) && Gf(e.imageIds);
}
function Wf(e) {
	return !!e && typeof e == "object" && !Array.isArray(e);
}
function Gf(e) {
	return Array.isArray(e) && e.every((e) => typeof e == "string");
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/actorCheck.js
function Kf(e) {
	return qf(e, "vtkVolume") || qf(e, "vtkImageSlice");
}
function qf(e, t) {
	let n = "isA" in e ? e : e.actor;
	return n ? !!n.isA(t) : !1;
}
// slim/no-entries.js
var Jf = [], Yf = Object.create(null);
Jf.filter((e) => e.RGBPoints).filter((e) => e.ColorSpace !== "CIELAB").forEach((e) => {
	Yf[e.Name] = e;
});
var Xf = Object.keys(Yf);
Xf.sort();
function Zf(e) {
	return Yf[e];
}
function Qf(e) {
	e.RGBPoints && e.ColorSpace !== "CIELAB" && (Yf[e.Name] || (Xf.push(e.Name), Xf.sort()), Yf[e.Name] = e);
}
function $f(e) {
	let t = Xf.indexOf(e);
	t > -1 && Xf.splice(t, 1), delete Yf[e];
}
var ep = {
	addPreset: Qf,
	removePresetByName: $f,
	getPresetByName: Zf,
	rgbPresetNames: Xf
}, { vtkErrorMacro: tp } = V;
function np(e, t) {
	t.classHierarchy.push("vtkPiecewiseFunction"), e.getSize = () => t.nodes.length, e.getType = () => {
		let e, n = 0, r = 0;
		t.nodes.length > 0 && (n = t.nodes[0].y);
		for (let i = 1; i < t.nodes.length; i++) {
			if (e = t.nodes[i].y, e !== n) {
				if (e > n) switch (r) {
					case 0:
					case 1:
						r = 1;
						break;
					default: r = 3;
				}
				else switch (r) {
					case 0:
					case 2:
						r = 2;
						break;
					default: r = 3;
				}
			}
			if (n = e, r === 3) break;
		}
		switch (r) {
			case 0: return "Constant";
			case 1: return "NonDecreasing";
			case 2: return "NonIncreasing";
			default: return "Varied";
		}
	}, e.getDataPointer = () => {
		let e = t.nodes.length;
		if (t.function = null, e > 0) {
			t.function = [];
			for (let n = 0; n < e; n++) t.function[2 * n] = t.nodes[n].x, t.function[2 * n + 1] = t.nodes[n].y;
		}
		return t.function;
	}, e.getFirstNonZeroValue = () => {
		if (t.nodes.length === 0) return 0;
		let e = 1, n = 0, r = 0;
		for (; r < t.nodes.length; r++) if (t.nodes[r].y !== 0) {
			e = 0;
			break;
		}
		return n = e ? Number.MAX_VALUE : r > 0 ? t.nodes[r - 1].x : t.clamping ? -Number.MAX_VALUE : t.nodes[0].x, n;
	}, e.getNodeValue = (e, n) => {
		let r = t.nodes.length;
		return e < 0 || e >= r ? (tp("Index out of range!"), -1) : (n[0] = t.nodes[e].x, n[1] = t.nodes[e].y, n[2] = t.nodes[e].midpoint, n[3] = t.nodes[e].sharpness, 1);
	}, e.setNodeValue = (n, r) => {
		let i = t.nodes.length;
		if (n < 0 || n >= i) return tp("Index out of range!"), -1;
		let a = t.nodes[n].x;
		return t.nodes[n].x = r[0], t.nodes[n].y = r[1], t.nodes[n].midpoint = r[2], t.nodes[n].sharpness = r[3], a === r[0] ? e.modified() : e.sortAndUpdateRange(), 1;
	}, e.addPoint = (t, n) => e.addPointLong(t, n, .5, 0), e.addPointLong = (n, r, i, a) => {
		if (i < 0 || i > 1) return tp("Midpoint outside range [0.0, 1.0]"), -1;
		if (a < 0 || a > 1) return tp("Sharpness outside range [0.0, 1.0]"), -1;
		t.allowDuplicateScalars || e.removePoint(n);
		let o = {
			x: n,
			y: r,
			midpoint: i,
			sharpness: a
		};
		t.nodes.push(o), e.sortAndUpdateRange();
		let s = 0;
		for (; s < t.nodes.length && t.nodes[s].x !== n; s++);
		return s < t.nodes.length ? s : -1;
	}, e.setNodes = (n) => {
		t.nodes !== n && (t.nodes = n, e.sortAndUpdateRange());
	}, e.sortAndUpdateRange = () => {
		t.nodes.sort((e, t) => e.x - t.x), e.updateRange() || e.modified();
	}, e.updateRange = () => {
		let n = t.range.slice(), r = t.nodes.length;
		return r ? (t.range[0] = t.nodes[0].x, t.range[1] = t.nodes[r - 1].x) : (t.range[0] = 0, t.range[1] = 0), n[0] === t.range[0] && n[1] === t.range[1] ? !1 : (e.modified(), !0);
	}, e.removePoint = (n) => {
		let r = 0;
		for (; r < t.nodes.length && t.nodes[r].x !== n; r++);
		if (r >= t.nodes.length) return -1;
		let i = r, a = !1;
		return t.nodes.splice(r, 1), (r === 0 || r === t.nodes.length) && (a = e.updateRange()), a || e.modified(), i;
	}, e.removeAllPoints = () => {
		t.nodes = [], e.sortAndUpdateRange();
	}, e.addSegment = (n, r, i, a) => {
		e.sortAndUpdateRange();
		for (let e = 0; e < t.nodes.length;) t.nodes[e].x >= n && t.nodes[e].x <= i ? t.nodes.splice(e, 1) : e++;
		e.addPoint(n, r, .5, 0), e.addPoint(i, a, .5, 0);
	}, e.getValue = (t) => {
		let n = [];
		return e.getTable(t, t, 1, n), n[0];
	}, e.adjustRange = (n) => {
		if (n.length < 2) return 0;
		let r = e.getRange();
		r[0] < n[0] ? e.addPoint(n[0], e.getValue(n[0])) : e.addPoint(n[0], e.getValue(r[0])), r[1] > n[1] ? e.addPoint(n[1], e.getValue(n[1])) : e.addPoint(n[1], e.getValue(r[1])), e.sortAndUpdateRange();
		for (let e = 0; e < t.nodes.length;) t.nodes[e].x >= n[0] && t.nodes[e].x <= n[1] ? t.nodes.splice(e, 1) : ++e;
		return e.sortAndUpdateRange(), 1;
	}, e.estimateMinNumberOfSamples = (t, n) => {
		let r = e.findMinimumXDistance();
		return Math.ceil((n - t) / r);
	}, e.findMinimumXDistance = () => {
		let e = t.nodes.length;
		if (e < 2) return -1;
		let n = t.nodes[1].x - t.nodes[0].x;
		for (let r = 0; r < e - 1; r++) {
			let e = t.nodes[r + 1].x - t.nodes[r].x;
			e < n && (n = e);
		}
		return n;
	}, e.getTable = (e, n, r, i, a = 1) => {
		let o, s = 0, c = t.nodes.length, l = 0;
		c !== 0 && (l = t.nodes[c - 1].y);
		let u = 0, d = 0, f = 0, p = 0, m = 0, h = 0, g = 0;
		for (o = 0; o < r; o++) {
			let _ = a * o;
			for (u = r > 1 ? e + o / (r - 1) * (n - e) : .5 * (e + n); s < c && u > t.nodes[s].x;) s++, s < c && (d = t.nodes[s - 1].x, f = t.nodes[s].x, p = t.nodes[s - 1].y, m = t.nodes[s].y, h = t.nodes[s - 1].midpoint, g = t.nodes[s - 1].sharpness, h < 1e-5 && (h = 1e-5), h > .99999 && (h = .99999));
			if (s >= c) i[_] = t.clamping ? l : 0;
			else if (s === 0) i[_] = t.clamping ? t.nodes[0].y : 0;
			else {
				let e = (u - d) / (f - d);
				if (e = e < h ? .5 * e / h : .5 + .5 * (e - h) / (1 - h), g > .99) {
					if (e < .5) {
						i[_] = p;
						continue;
					}
					i[_] = m;
					continue;
				}
				if (g < .01) {
					i[_] = (1 - e) * p + e * m;
					continue;
				}
				e < .5 ? e = .5 * (e * 2) ** (1 + 10 * g) : e > .5 && (e = 1 - .5 * ((1 - e) * 2) ** (1 + 10 * g));
				let t = e * e, n = t * e, r = 2 * n - 3 * t + 1, a = -2 * n + 3 * t, o = n - 2 * t + e, s = n - t, c = m - p, l = (1 - g) * c;
				i[_] = r * p + a * m + o * l + s * l;
				let v = p < m ? p : m, y = p > m ? p : m;
				i[_] = i[_] < v ? v : i[_], i[_] = i[_] > y ? y : i[_];
			}
		}
	};
}
var rp = {
	range: [0, 0],
	clamping: !0,
	allowDuplicateScalars: !1
};
function ip(e, t, n = {}) {
	Object.assign(t, rp, n), V.obj(e, t), t.nodes = [], V.setGet(e, t, ["allowDuplicateScalars", "clamping"]), V.setArray(e, t, ["range"], 2), V.getArray(e, t, ["range"]), np(e, t);
}
V.newInstance(ip, "vtkPiecewiseFunction");
// node_modules/@cornerstonejs/core/dist/esm/utilities/colormap.js
var ap = /* @__PURE__ */ new Map();
function op(e) {
	return e?.trim().toLowerCase();
}
function sp(e) {
	return ap.get(e);
}
function cp() {
	return Array.from(ap.keys());
}
function lp(e) {
	let t = sp(e);
	if (t) return t;
	let n = op(e);
	if (n) {
		for (let [e, t] of ap.entries()) if (op(e) === n || op(t.Name) === n) return t;
	}
}
function up(e) {
	let t = ep.getPresetByName(e);
	if (t) return t;
	let n = op(e);
	if (!n) return;
	let r = ep.rgbPresetNames.find((e) => op(e) === n);
	return r ? ep.getPresetByName(r) : void 0;
}
function dp(e) {
	if (e?.trim()) return lp(e) || up(e);
}
function fp(e, t) {
	let n = ep.rgbPresetNames.map((e) => ep.getPresetByName(e)), r = cp().map((e) => sp(e)), i = n.concat(r).find((t) => {
		let { RGBPoints: n } = t;
		if (n.length !== e.length) return !1;
		for (let t = 0; t < n.length; t += 4) if (!Si(n.slice(t + 1, t + 4), e.slice(t + 1, t + 4))) return !1;
		return !0;
	});
	if (!i) return null;
	let a = [];
	if (qf(t, "vtkVolume") || qf(t, "vtkImageSlice")) {
		let e = t.getProperty()?.getScalarOpacity?.(0)?.getDataPointer?.();
		if (!e) return { name: i.Name };
		for (let t = 0; t < e.length; t += 2) a.push({
			value: e[t],
			opacity: e[t + 1]
		});
	}
	return {
		name: i.Name,
		...Array.isArray(a) && a.length > 0 && { opacity: a },
		...typeof a == "number" && { opacity: a }
	};
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/transferFunctionUtils.js
function pp(e) {
	let t = e.getSize(), n = [];
	for (let r = 0; r < t; r++) {
		let t = [];
		e.getNodeValue(r, t), n.push(t);
	}
	return n;
}
function mp(e, t) {
	t?.length && (e.removeAllPoints(), t.forEach((t) => {
		e.addRGBPoint(...t);
	}));
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/logit.js
var hp = (e, t, n) => t - n / 4 * Math.log((1 - e) / e);
// node_modules/@cornerstonejs/core/dist/esm/utilities/windowLevel.js
function gp(e, t) {
	return {
		windowWidth: Math.abs(t - e) + 1,
		windowCenter: (e + t + 1) / 2
	};
}
function _p(e, t, n = Ee.LINEAR) {
	if (n === Ee.LINEAR || n === Ee.SAMPLED_SIGMOID) return {
		lower: t - .5 - (e - 1) / 2,
		upper: t - .5 + (e - 1) / 2
	};
	if (n === Ee.LINEAR_EXACT) return {
		lower: t - e / 2,
		upper: t + e / 2
	};
	throw Error("Invalid VOI LUT function");
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/createLinearRGBTransferFunction.js
function vp(e) {
	let t = pd.newInstance(), n = 0, r = 1024;
	return e.lower !== void 0 && e.upper !== void 0 && (n = e.lower, r = e.upper), t.addRGBPoint(n, 0, 0, 0), t.addRGBPoint(r, 1, 1, 1), t;
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/createSigmoidRGBTransferFunction.js
function yp(e, t = 1024) {
	let { windowWidth: n, windowCenter: r } = gp(e.lower, e.upper), i = Array.from({ length: t }, (e, n) => (n + 1) / (t + 2)).flatMap((e) => [
		hp(e, r, n),
		e,
		e,
		e,
		.5,
		0
	]), a = pd.newInstance();
	return a.buildFunctionFromArray(q.newInstance({
		values: i,
		numberOfComponents: 6
	})), a;
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/updateVTKImageDataWithCornerstoneImage.js
function bp(e, t) {
	let n = t.voxelManager.getScalarData();
	if (!e.getPointData) return;
	let r = e.getPointData().getScalars().getData();
	if (t.color && t.rgba) {
		let e = new Uint8Array(t.columns * t.rows * 3);
		for (let r = 0; r < t.columns * t.rows; r++) e[r * 3] = n[r * 4], e[r * 3 + 1] = n[r * 4 + 1], e[r * 3 + 2] = n[r * 4 + 2];
		t.rgba = !1, t.getPixelData = () => e, r.set(e);
	} else r.set(n);
	e.modified();
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/invertRgbTransferFunction.js
function xp(e) {
	if (!e) return;
	let t = e.getSize();
	for (let n = 0; n < t; n++) {
		let t = [];
		e.getNodeValue(n, t), t[1] = 1 - t[1], t[2] = 1 - t[2], t[3] = 1 - t[3], e.setNodeValue(n, t);
	}
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/imageRetrieveMetadataProvider.js
var Sp = /* @__PURE__ */ new Map(), Cp = "imageRetrieveConfiguration", wp = {
	IMAGE_RETRIEVE_CONFIGURATION: Cp,
	clear: () => {
		Sp.clear();
	},
	add: (e, t) => {
		Sp.set(e, t);
	},
	clone: () => new Map(Sp),
	restore: (e) => {
		Sp.clear(), e.forEach((e, t) => {
			Sp.set(t, e);
		});
	},
	get: (e, ...t) => {
		if (e === Cp) return t.map((e) => Sp.get(e)).find((e) => e !== void 0);
	}
};
Gn(wp.get.bind(wp));
// node_modules/@cornerstonejs/core/dist/esm/utilities/getVOIRangeFromWindowLevel.js
function Tp(e, t, n = Ee.LINEAR) {
	let r, i;
	if (typeof t == "number" && typeof e == "number" ? (r = t, i = e) : Array.isArray(t) && Array.isArray(e) && (r = t[0], i = e[0]), r !== void 0 && i !== void 0) return _p(i, r, n);
}
// node_modules/@kitware/vtk.js/Common/Core/MatrixBuilder.js
var Ep = (e) => e, Dp = 1e-6, Op = class {
	constructor(e = !1) {
		this.matrix = F(/* @__PURE__ */ new Float64Array(16)), this.tmp = /* @__PURE__ */ new Float64Array(3), this.angleConv = e ? ir : Ep;
	}
	rotateFromDirections(e, t) {
		let n = /* @__PURE__ */ new Float64Array(3), r = /* @__PURE__ */ new Float64Array(3), i = /* @__PURE__ */ new Float64Array(16);
		Ir(n, e[0], e[1], e[2]), Ir(r, t[0], t[1], t[2]), Wr(n, n), Wr(r, r);
		let a = L(n, r);
		return a >= 1 || (Gr(this.tmp, n, r), Nr(this.tmp) < Dp && (Gr(this.tmp, [
			1,
			0,
			0
		], e), Nr(this.tmp) < Dp && Gr(this.tmp, [
			0,
			1,
			0
		], e)), wr(i, Math.acos(a), this.tmp), hr(this.matrix, this.matrix, i)), this;
	}
	rotate(e, t) {
		return Ir(this.tmp, ...t), Wr(this.tmp, this.tmp), vr(this.matrix, this.matrix, this.angleConv(e), this.tmp), this;
	}
	rotateX(e) {
		return yr(this.matrix, this.matrix, this.angleConv(e)), this;
	}
	rotateY(e) {
		return br(this.matrix, this.matrix, this.angleConv(e)), this;
	}
	rotateZ(e) {
		return xr(this.matrix, this.matrix, this.angleConv(e)), this;
	}
	translate(e, t, n) {
		return Ir(this.tmp, e, t, n), gr(this.matrix, this.matrix, this.tmp), this;
	}
	scale(e, t, n) {
		return Ir(this.tmp, e, t, n), _r(this.matrix, this.matrix, this.tmp), this;
	}
	multiply(e) {
		return hr(this.matrix, this.matrix, e), this;
	}
	multiply3x3(e) {
		return hr(this.matrix, this.matrix, [
			e[0],
			e[1],
			e[2],
			0,
			e[3],
			e[4],
			e[5],
			0,
			e[6],
			e[7],
			e[8],
			0,
			0,
			0,
			0,
			1
		]), this;
	}
	invert() {
		return mr(this.matrix, this.matrix), this;
	}
	identity() {
		return F(this.matrix), this;
	}
	apply(e, t = 0, n = -1) {
		if (bs($a, this.matrix)) return this;
		let r = n === -1 ? e.length : t + n * 3;
		for (let n = t; n < r; n += 3) Ir(this.tmp, e[n], e[n + 1], e[n + 2]), R(this.tmp, this.tmp, this.matrix), e[n] = this.tmp[0], e[n + 1] = this.tmp[1], e[n + 2] = this.tmp[2];
		return this;
	}
	getMatrix() {
		return this.matrix;
	}
	setMatrix(e) {
		return e && e.length === 16 && fr(this.matrix, e), this;
	}
};
function kp() {
	return new Op(!0);
}
function Ap() {
	return new Op(!1);
}
var jp = {
	buildFromDegree: kp,
	buildFromRadian: Ap
};
// node_modules/@cornerstonejs/core/dist/esm/utilities/planar.js
function Mp(e, t, n) {
	let [r, i, a] = e, [o, s, c] = t, [l, u, d, f] = n, p = o - r, m = s - i, h = c - a, g = -1 * (l * r + u * i + d * a - f) / (l * p + u * m + d * h);
	return [
		p * g + r,
		m * g + i,
		h * g + a
	];
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/hasNaNValues.js
function Np(e) {
	return Array.isArray(e) ? e.some((e) => Number.isNaN(e)) : Number.isNaN(e);
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/updatePlaneRestriction.js
var Pp = .999;
function Fp(e, t, n = {}) {
	if (!e?.length || !t.FrameOfReferenceUID) return;
	t.planeRestriction ||= {
		FrameOfReferenceUID: t.FrameOfReferenceUID,
		point: e[0],
		inPlaneVector1: null,
		inPlaneVector2: null
	};
	let { planeRestriction: r } = t, i = e.length;
	if (Ip(t, e[0]), i === 1) return r.inPlaneVector1 = null, r.inPlaneVector2 = null, r;
	if (i === 2) {
		let t = Xr(I(), e[0], e[1]);
		return Wr(t, t), r.inPlaneVector1 = t, r.inPlaneVector2 = null, r;
	}
	if (r.inPlaneVector1 && r.inPlaneVector2 && !n.forceInPlaneVectors) return r;
	let a = Xr(I(), e[0], e[Math.floor(i / 2)]);
	Wr(a, a), r.inPlaneVector1 = a;
	let o = I(), s = null, c = Pp;
	for (let t = Math.floor(i / 3); t < i; t++) {
		Xr(o, e[t], e[0]);
		let n = Nr(o);
		if (He(n, 0)) continue;
		let i = Math.abs(L(o, r.inPlaneVector1)) / n;
		i < c && (c = i, s = zr(I(), o, 1 / n));
	}
	return s && (r.inPlaneVector2 = s), r;
}
function Ip(e, t) {
	let { planeRestriction: n, cameraFocalPoint: r, viewPlaneNormal: i } = e;
	if (He(n.point, t) || (n.point = t, !r || !i)) return;
	let a = L(Xr(I(), t, r), i);
	e.cameraFocalPoint = Br(I(), r, i, a);
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/voxelSlab/slabMembership.js
var Lp = 1e-5;
function Rp(e, t) {
	return (e + t) / 2;
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/voxelSlab/isPlaneDepthViewable.js
function zp(e, t, n, r, i = 0) {
	let a = L(Xr(I(), e, t), n);
	if (!Number.isFinite(r)) return He(0, a);
	let o = Rp(i, r);
	return Math.abs(a) < o - Math.abs(o) * Lp;
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/rotateToViewCoordinates.js
function Bp(e, t, n) {
	let r = Gr(I(), t, n);
	Wr(r, r);
	let i = e.getSpatialExtent(), a = i[0], o = i[1], s = i[2], c = i[3], l = i[4], u = i[5];
	return [
		[
			a,
			s,
			l
		],
		[
			o,
			s,
			l
		],
		[
			a,
			c,
			l
		],
		[
			o,
			c,
			l
		],
		[
			a,
			s,
			u
		],
		[
			o,
			s,
			u
		],
		[
			a,
			c,
			u
		],
		[
			o,
			c,
			u
		]
	].map((i) => {
		let a = [
			0,
			0,
			0
		];
		return e.indexToWorld(i, a), [
			L(a, r),
			L(a, n),
			L(a, t)
		];
	});
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/getPlaneCubeIntersectionDimensions.js
function Vp(e, t) {
	let n = 0, r = e[0][t];
	for (let i = 1; i < e.length; i++) e[i][t] < r && (r = e[i][t], n = i);
	return n;
}
function Hp(e, t) {
	let n = Vp(e, t);
	return e[n ^ 7][t] - e[n][t];
}
function Up(e, t, n) {
	let r = Bp(e, t, n);
	return {
		widthWorld: Hp(r, 0),
		heightWorld: Hp(r, 1),
		depthWorld: Hp(r, 2)
	};
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/Viewport.js
var Wp = qt.getLogger("RenderingEngine", "Viewport"), Gp = class e {
	constructor(e) {
		this.insetImageMultiplier = zn().rendering?.useLegacyCameraFOV ? 1.1 : 1, this.flipHorizontal = !1, this.flipVertical = !1, this.viewportStatus = Pt.NO_DATA, this._displaySets = [], this._suppressCameraModifiedEvents = !1, this.hasPixelSpacing = !0, this.getProperties = () => ({}), this.setRotation = (e) => {}, this.viewportWidgets = /* @__PURE__ */ new Map(), this.addWidget = (e, t) => {
			this.viewportWidgets.set(e, t);
		}, this.getWidget = (e) => this.viewportWidgets.get(e), this.getWidgets = () => Array.from(this.viewportWidgets.values()), this.getRenderPasses = () => null, this.removeWidgets = () => {
			this.getWidgets().forEach((e) => {
				if (e.getEnabled() && e.setEnabled(!1), e.getActor && e.getRenderer) {
					let t = e.getActor(), n = e.getRenderer();
					n && t && n.removeActor(t);
				}
			});
		}, this.id = e.id, this.renderingEngineId = e.renderingEngineId, this.type = e.type, this.element = e.element, this.canvas = e.canvas, this.sx = e.sx, this.sy = e.sy, this.sWidth = e.sWidth, this.sHeight = e.sHeight, this._actors = /* @__PURE__ */ new Map(), this.element.setAttribute("data-viewport-uid", this.id), this.element.setAttribute("data-rendering-engine-uid", this.renderingEngineId), this.defaultOptions = er(e.defaultOptions), this.suppressEvents = e.defaultOptions.suppressEvents ? e.defaultOptions.suppressEvents : !1, this.options = er(e.defaultOptions), this.isDisabled = !1;
	}
	static get useCustomRenderingPipeline() {
		return !1;
	}
	getUseCustomRenderingPipeline() {
		return this.constructor.useCustomRenderingPipeline;
	}
	resizeForRenderingEngine({ keepCamera: e = !0 } = {}) {
		typeof this.resize == "function" && this.resize();
		let t = e ? this.getCamera() : void 0;
		this.resetCamera(), t && this.setCamera(t);
	}
	isOrientationChangeable() {
		return !1;
	}
	dispose() {}
	destroy() {
		this.dispose();
	}
	setRendered() {
		this.viewportStatus !== Pt.NO_DATA && this.viewportStatus !== Pt.LOADING && (this.viewportStatus = Pt.RENDERED);
	}
	setNeedsRender() {
		this.viewportStatus = Pt.NEEDS_RENDER;
	}
	setColorTransform(e, t) {
		let n = null;
		if (!e && !t) return;
		let r = t || [
			255,
			255,
			255
		], i = Math.max(...r), a = r.map((e) => i / e), { lower: o = 0, upper: s = 255 } = e || {}, c = (s - o + 1) / 255, l = o / 255;
		return n = `url('data:image/svg+xml,\
      <svg xmlns="http://www.w3.org/2000/svg">\
        <filter id="colour" color-interpolation-filters="linearRGB">\
        <feColorMatrix type="matrix" \
        values="\
          ${a[0] * c} 0 0 0 ${l} \
          0 ${a[1] * c} 0 0 ${l} \
          0 0 ${a[2] * c} 0 ${l} \
          0 0 0 1 0" />\
        </filter>\
      </svg>#colour')`, n;
	}
	getRenderingEngine() {
		return p.get(this.renderingEngineId);
	}
	getRenderer() {
		let e = this.getRenderingEngine();
		if (!e || e.hasBeenDestroyed) throw Error("Rendering engine has been destroyed");
		return e.offscreenMultiRenderWindow?.getRenderer(this.id);
	}
	render() {
		this.getRenderingEngine().renderViewport(this.id);
	}
	setOptions(e, t = !1) {
		if (this.options = er(e), this.options?.displayArea && this.setDisplayArea(this.options?.displayArea), this.options?.aspectRatio) {
			let e = this.initialCamera?.parallelScale ? this.getZoom() : null;
			this.setAspectRatio(this.options.aspectRatio), e && this.setZoom(e);
		}
		t && this.render();
	}
	reset(e = !1) {
		this.options = er(this.defaultOptions), e && this.render();
	}
	getSliceViewInfo() {
		throw Error("Method not implemented.");
	}
	flip({ flipHorizontal: e, flipVertical: t }) {
		let n = this.getDefaultImageData();
		if (!n) return;
		let r = this.getCamera(), { viewPlaneNormal: i, viewUp: a, focalPoint: o, position: s } = r, c = Gr(I(), i, a), l = Fr(I(), a), u = Hr(I(), i), d = Vr(s, o), f = Kp(n.getDimensions(), n.getDirection(), i), p = [
			f[0],
			f[1],
			f[2]
		], m = n.indexToWorld(p, I()), h = this._getFocalPointForResetCamera(m, r, {
			resetPan: !0,
			resetToCenter: !1
		}), g = Rr(I(), o, h), _ = Nr(g), v = (e) => {
			let t = zr(I(), e, 2 * L(g, e));
			return Rr(t, t, g), Wr(t, t), t;
		};
		if (e) {
			let e = v(l), t = Br(I(), h, e, _), n = Br(I(), t, u, d);
			this.setCamera({
				viewPlaneNormal: u,
				position: n,
				focalPoint: t
			}), this.flipHorizontal = !this.flipHorizontal;
		}
		if (t) {
			l = Hr(l, a);
			let e = v(c), t = Br(I(), h, e, _), n = Br(I(), t, u, d);
			this.setCamera({
				focalPoint: t,
				viewPlaneNormal: u,
				viewUp: l,
				position: n
			}), this.flipVertical = !this.flipVertical;
		}
		this.render();
	}
	getDefaultImageData() {
		let e = this.getDefaultActor();
		if (e && Kf(e)) return e.actor.getMapper().getInputData();
	}
	getDefaultActor() {
		return this.getActors()[0];
	}
	getActors() {
		return Array.from(this._actors.values());
	}
	getActorUIDs() {
		return Array.from(this._actors.keys());
	}
	getActor(e) {
		return this._actors.get(e);
	}
	getImageActor(e) {
		let t = this.getActors(), n = t[0];
		return e && (n = t.find((t) => t.referencedId === e)), !n || !Kf(n) ? null : n.actor;
	}
	getActorUIDByIndex(e) {
		let t = this.getActors()[e];
		if (t) return t.uid;
	}
	getActorByIndex(e) {
		return this.getActors()[e];
	}
	setActors(e) {
		let t = this.getActors();
		this.removeAllActors(), this.addActors(e, { resetCamera: !0 }), P(this.element, j.ACTORS_CHANGED, {
			viewportId: this.id,
			removedActors: t,
			addedActors: e,
			currentActors: e
		});
	}
	_removeActor(e) {
		let t = this.getActor(e);
		if (!t) Wp.warn(`Actor ${e} does not exist in ${this.id}, can't remove`);
		else return this.getRenderer().removeActor(t.actor), this._actors.delete(e), t;
	}
	removeActors(e) {
		let t = [];
		e.forEach((e) => {
			let n = this._removeActor(e);
			n && t.push(n);
		});
		let n = this.getActors();
		P(this.element, j.ACTORS_CHANGED, {
			viewportId: this.id,
			removedActors: t,
			addedActors: [],
			currentActors: n
		});
	}
	addActors(e, t = {}) {
		let { resetCamera: n = !1 } = t, r = this.getRenderingEngine();
		if (!r || r.hasBeenDestroyed) Wp.warn("Viewport::addActors::Rendering engine has not been initialized or has been destroyed");
		else {
			if (e.forEach((e) => {
				this.addActor(e);
			}), n) this.resetCamera();
			else {
				let e = this.getViewPresentation(), t = this.getViewReference();
				this.resetCamera(), this.setViewReference(t), this.setViewPresentation(e);
			}
			P(this.element, j.ACTORS_CHANGED, {
				viewportId: this.id,
				removedActors: [],
				addedActors: e,
				currentActors: this.getActors()
			});
		}
	}
	addActor(e) {
		let { uid: t, actor: n } = e, r = this.getRenderingEngine();
		if (!r || r.hasBeenDestroyed) Wp.warn(`Cannot add actor UID of ${t} Rendering Engine has been destroyed`);
		else {
			if (!t || !n) throw Error("Actors should have uid and vtk Actor properties");
			this.getActor(t) ? Wp.warn(`Actor ${t} already exists for this viewport`) : (this.getRenderer()?.addActor(n), this._actors.set(t, Object.assign({}, e)), this.updateCameraClippingPlanesAndRange(), P(this.element, j.ACTORS_CHANGED, {
				viewportId: this.id,
				removedActors: [],
				addedActors: [e],
				currentActors: this.getActors()
			}));
		}
	}
	removeAllActors() {
		let e = this.getActors();
		this.getRenderer()?.removeAllViewProps(), this._actors = /* @__PURE__ */ new Map(), P(this.element, j.ACTORS_CHANGED, {
			viewportId: this.id,
			removedActors: e,
			addedActors: [],
			currentActors: []
		});
	}
	resetCameraNoEvent(e) {
		let t = this._suppressCameraModifiedEvents;
		this._suppressCameraModifiedEvents = !0, this.resetCamera(e), this._suppressCameraModifiedEvents = t;
	}
	setCameraNoEvent(e) {
		let t = this._suppressCameraModifiedEvents;
		this._suppressCameraModifiedEvents = !0, this.setCamera(e), this._suppressCameraModifiedEvents = t;
	}
	_getViewImageDataIntersections(e, t, n) {
		let r = n[0], i = n[1], a = n[2], o = r * t[0] + i * t[1] + a * t[2], s = e.getBounds(), c = this._getEdges(s), l = [];
		for (let e of c) {
			let [[t, n, c], [u, d, f]] = e;
			if (r * (u - t) + i * (d - n) + a * (f - c) === 0) continue;
			let p = Mp([
				t,
				n,
				c
			], [
				u,
				d,
				f
			], [
				r,
				i,
				a,
				o
			]);
			this._isInBounds(p, s) && l.push(p);
		}
		return l;
	}
	setInterpolationType(e, t) {}
	setDisplayArea(e, t = !1) {
		if (!e) return;
		let { storeAsInitialCamera: n, type: r } = e;
		n && (this.options.displayArea = e);
		let { _suppressCameraModifiedEvents: i } = this;
		if (this._suppressCameraModifiedEvents = !0, this.setCamera(this.fitToCanvasCamera), r === "SCALE" ? this.setDisplayAreaScale(e) : (this.setInterpolationType(this.getProperties()?.interpolationType ?? Se.LINEAR), this.setDisplayAreaFit(e)), n && (this.initialCamera = this.getCamera()), this._suppressCameraModifiedEvents = i, !t && !i) {
			let t = {
				viewportId: this.id,
				displayArea: e,
				storeAsInitialCamera: n
			};
			P(this.element, j.DISPLAY_AREA_MODIFIED, t), this.setCamera(this.getCamera());
		}
	}
	setDisplayAreaScale(e) {
		let { scale: t = 1 } = e, { width: n, height: r } = this.getRenderedCanvasSize();
		if (r < 8 || n < 8) return;
		let i = this.getDefaultImageData().getSpacing()[1];
		this.setInterpolationType(Se.NEAREST), this.setCamera({ parallelScale: r * i / (2 * t) }), delete e.imageArea, this.setDisplayAreaFit(e);
		let { focalPoint: a, position: o, viewUp: s, viewPlaneNormal: c } = this.getCamera(), l = I();
		r % 2 && Br(l, l, s, t * .5 * i), n % 2 && Br(l, l, Gr(I(), s, c), t * .5 * i), (l[0] || l[1] || l[2]) && this.setCamera({
			focalPoint: Lr(I(), a, l),
			position: Lr(I(), o, l)
		});
	}
	setDisplayAreaFit(e, t = this.fitToCanvasCamera) {
		let { imageArea: n, imageCanvasPoint: r } = e, i = window?.devicePixelRatio || 1, a = this.getDefaultImageData();
		if (!a) return;
		let o = this.sWidth / i, s = this.sHeight / i, c = a.getDimensions(), l = this.worldToCanvas(a.indexToWorld([
			0,
			0,
			0
		])), u = this.worldToCanvas(a.indexToWorld([
			c[0],
			c[1],
			c[2]
		])), [d, f] = [Math.abs(u[0] - l[0]), Math.abs(u[1] - l[1])], p = this.getZoom(t);
		if (!Number.isFinite(p) || p <= 0) return;
		let m = p / this.insetImageMultiplier;
		if (n) {
			let [e, r] = n, i = Math.max(Math.abs(d / o), Math.abs(f / s)), a = Math.abs(e * d / o), c = Math.abs(r * f / s);
			m = (a > c ? i / a : i / c) * p, this.setZoom(this.insetImageMultiplier * m, !1, t);
		}
		if (r) {
			let { imagePoint: e, canvasPoint: t = e || [.5, .5] } = r, [n, i] = t, a = o * (n - .5), c = s * (i - .5), [l, u] = e || t, h = this.insetImageMultiplier * m / p, g = h * d * (.5 - l), _ = h * f * (.5 - u), v = [g + a, _ + c];
			mi(v, v, this.getPan()), this.setPan(v, !1);
		}
	}
	getRenderedCanvasSize() {
		return {
			width: this.sWidth || this.canvas.width,
			height: this.sHeight || this.canvas.height
		};
	}
	getDisplayArea() {
		return this.options?.displayArea;
	}
	getWorldSizeInView(e) {
		let t = this.getDefaultImageData(), n = this.getVtkActiveCamera(), r = n.getViewPlaneNormal(), i = n.getViewUp();
		if (t) return Up(t, r, i);
		let a = e;
		if (!a) {
			let e = this.getDefaultActor();
			a = e && Kf(e) ? e.actor.getMapper().getInputData().getBounds() : this.getRenderer().computeVisiblePropBounds();
		}
		return this._getWorldDistanceViewUpAndViewRight(a, i, r);
	}
	getFitParallelScale(e, t) {
		let { widthWorld: n, heightWorld: r } = e, [i, a] = ju(t), o = i / a, s = n * o / r / (this.sWidth / this.sHeight), c = s < 1 ? this.insetImageMultiplier * r / 2 : this.insetImageMultiplier * r * s / 2;
		return o < 1 && (c /= o), c;
	}
	resetCamera(t) {
		let { resetPan: n = !0, resetZoom: r = !0, resetToCenter: i = !0, storeAsInitialCamera: a = !0, resetAspectRatio: o = !0 } = t || {}, s = this.getRenderer();
		this.setCameraNoEvent({
			flipHorizontal: !1,
			flipVertical: !1
		});
		let c = this.getCamera(), l, u = this.getDefaultActor();
		l = u && Kf(u) ? u.actor.getMapper().getInputData().getBounds() : s.computeVisiblePropBounds();
		let d = [
			0,
			0,
			0
		], f = this.getDefaultImageData(), p = this.getVtkActiveCamera(), m = p.getViewPlaneNormal(), h = p.getViewUp();
		if (d[0] = (l[0] + l[1]) / 2, d[1] = (l[2] + l[3]) / 2, d[2] = (l[4] + l[5]) / 2, f) {
			let e = Kp(f.getDimensions(), f.getDirection(), m), t = [
				e[0],
				e[1],
				e[2]
			];
			f.indexToWorld(t, d);
		}
		let g = this.getWorldSizeInView(l), _ = o ? this.options?.aspectRatio || [1, 1] : this.getAspectRatio(), v = this.getFitParallelScale(g, _), y = e.boundsRadius(l) * (this.type === be.VOLUME_3D ? 10 : 1), b = this.insetImageMultiplier * y, x = Math.abs(Cc.dot(h, m)) > .999 ? [
			-h[2],
			h[0],
			h[1]
		] : h, S = this._getFocalPointForResetCamera(d, c, {
			resetPan: n,
			resetToCenter: i
		}), C = [
			S[0] + b * m[0],
			S[1] + b * m[1],
			S[2] + b * m[2]
		];
		s.resetCameraClippingRange(l);
		let w = [-jf.MAXIMUM_RAY_DISTANCE, jf.MAXIMUM_RAY_DISTANCE];
		p.setPhysicalScale(y), p.setPhysicalTranslation(-S[0], -S[1], -S[2]), this.setCamera({
			parallelScale: r ? v : c.parallelScale,
			focalPoint: S,
			position: C,
			viewAngle: 90,
			viewUp: x,
			clippingRange: w,
			aspectRatio: _
		});
		let T = this.getCamera();
		this.setFitToCanvasCamera(this.getCamera()), a && this.setInitialCamera(T), r && this.setZoom(1, a);
		let E = {
			type: "ResetCameraEvent",
			renderer: s
		};
		return s.invokeEvent(E), this.triggerCameraModifiedEventIfNecessary(c, T), f && this.options.displayArea && r && n && i && this.setDisplayArea(this.options.displayArea), !0;
	}
	setInitialCamera(e) {
		this.initialCamera = e;
	}
	setFitToCanvasCamera(e) {
		this.fitToCanvasCamera = e;
	}
	getPan(e = this.initialCamera) {
		if (!e) return [0, 0];
		let t = this.getVtkActiveCamera().getFocalPoint(), n = this.canvasToWorld([0, 0]);
		return hi([0, 0], this.worldToCanvas(Rr([
			0,
			0,
			0
		], e.focalPoint, n)), this.worldToCanvas(Rr([
			0,
			0,
			0
		], t, n)));
	}
	getCurrentImageIdIndex() {
		throw Error("Not implemented");
	}
	getSliceIndex() {
		throw Error("Not implemented");
	}
	getImageData() {
		throw Error("Not implemented");
	}
	getViewReferenceId(e) {
		return null;
	}
	setPan(e, t = !1) {
		let n = this.getCamera(), { focalPoint: r, position: i } = n, a = this.canvasToWorld([0, 0]), o = hi([0, 0], e, this.getPan());
		if (Math.abs(o[0]) < 1 && Math.abs(o[1]) < 1 && !t) return;
		let s = Rr(I(), this.canvasToWorld(o), a), c = Rr(I(), r, s), l = Rr(I(), i, s);
		this.setCamera({
			...n,
			focalPoint: c,
			position: l
		}, t);
	}
	getComparableParallelScale(e) {
		let { parallelScale: t } = e || {};
		if (!t) return t;
		let n = this.getAspectRatio(), r = e.aspectRatio ?? n, i = (e) => {
			let [t, n] = ju(e);
			return t / n;
		};
		if (Si(i(n), i(r))) return t;
		let a = this.getWorldSizeInView();
		if (!a?.heightWorld) return t;
		let o = this.getFitParallelScale(a, n) / this.getFitParallelScale(a, r);
		return Number.isFinite(o) && o ? t * o : t;
	}
	getZoom(e = this.initialCamera) {
		if (!e) return 1;
		let t = this.getVtkActiveCamera();
		return this.getComparableParallelScale(e) / t.getParallelScale();
	}
	setZoom(e, t = !1, n = this.initialCamera) {
		let r = this.getCamera(), i = this.getComparableParallelScale(n);
		if (!i) return;
		let a = i / e;
		(r.parallelScale !== a || t) && this.setCamera({
			...r,
			parallelScale: a
		}, t);
	}
	getAspectRatio() {
		let { aspectRatio: e } = this.getCamera();
		return e ?? this.options?.aspectRatio ?? [1, 1];
	}
	setAspectRatio(e, t = {}) {
		let { fit: n = !1, storeAsInitialCamera: r = !1 } = t, i = this.getCamera();
		r && (this.options.aspectRatio = e);
		let a = {
			...i,
			aspectRatio: e
		};
		if (n) {
			let t = this.getWorldSizeInView();
			t?.heightWorld && (a.parallelScale = this.getFitParallelScale(t, e));
		}
		this.setCamera(a, r);
	}
	_getFocalPointForViewPlaneReset(e) {
		let { focalPoint: t, viewPlaneNormal: n } = this.getCamera(), r = this._getViewImageDataIntersections(e, t, n), i = 0, a = 0, o = 0;
		return r.forEach(([e, t, n]) => {
			i += e, a += t, o += n;
		}), [
			i / r.length,
			a / r.length,
			o / r.length
		];
	}
	getCanvas() {
		return this.canvas;
	}
	getVtkActiveCamera() {
		let e = this.getRenderer();
		return e ? e.getActiveCamera() : (Wp.warn("No renderer found for the viewport"), null);
	}
	getCameraNoRotation() {
		let e = this.getVtkActiveCamera(), t = (e, t) => e.some((e) => isNaN(e)) ? t : e;
		return {
			viewUp: t([...e.getViewUp()], [
				0,
				1,
				0
			]),
			viewPlaneNormal: t([...e.getViewPlaneNormal()], [
				0,
				0,
				-1
			]),
			position: t([...e.getPosition()], [
				0,
				0,
				1
			]),
			focalPoint: t([...e.getFocalPoint()], [
				0,
				0,
				0
			]),
			parallelProjection: e.getParallelProjection(),
			parallelScale: e.getParallelScale(),
			viewAngle: e.getViewAngle(),
			flipHorizontal: this.flipHorizontal,
			flipVertical: this.flipVertical,
			aspectRatio: e.getAspectRatio()
		};
	}
	getCamera() {
		return {
			...this.getCameraNoRotation(),
			rotation: this.getRotation()
		};
	}
	setCamera(e, t = !1) {
		let n = this.getVtkActiveCamera(), r = this.getCamera(), i = Object.assign({}, r, e), { viewUp: a, viewPlaneNormal: o, position: s, focalPoint: c, parallelScale: l, viewAngle: u, flipHorizontal: d, flipVertical: f, clippingRange: p, aspectRatio: m } = e;
		if (d !== void 0) {
			let e = d && !this.flipHorizontal || !d && this.flipHorizontal;
			e && this.flip({ flipHorizontal: e });
		}
		if (f !== void 0) {
			let e = f && !this.flipVertical || !f && this.flipVertical;
			e && this.flip({ flipVertical: e });
		}
		a !== void 0 && n.setViewUp(a), o !== void 0 && n.setDirectionOfProjection(-o[0], -o[1], -o[2]), s !== void 0 && n.setPosition(...s), c !== void 0 && n.setFocalPoint(...c), l !== void 0 && n.setParallelScale(l), u !== void 0 && n.setViewAngle(u), p !== void 0 && n.setClippingRange(p), m && n.setAspectRatio(m);
		let h = r.focalPoint, g = r.viewUp;
		if (h && c || g && a) {
			let e = n.getViewPlaneNormal(), t = n.getViewUp(), r = !1, o = !1;
			if (c) {
				let t = [
					c[0] - h[0],
					c[1] - h[1],
					c[2] - h[2]
				];
				r = Math.abs(Cc.dot(t, e)) > 0;
			}
			if (a && (o = !Si(t, g)), r || o) {
				let e = this.getDefaultActor();
				if (!e?.actor) return;
				qf(e, "vtkActor") || this.updateClippingPlanesForActors(i), (qf(e, "vtkImageSlice") || this.type === be.VOLUME_3D) && this.getRenderer().resetCameraClippingRange();
			}
		}
		t && this.setInitialCamera(i), this.triggerCameraModifiedEventIfNecessary(r, this.getCamera());
	}
	triggerCameraModifiedEventIfNecessary(e, t) {
		if (!this._suppressCameraModifiedEvents && !this.suppressEvents) {
			let n = {
				previousCamera: e,
				camera: t,
				element: this.element,
				viewportId: this.id,
				renderingEngineId: this.renderingEngineId
			};
			P(this.element, j.CAMERA_MODIFIED, n);
		}
	}
	updateCameraClippingPlanesAndRange() {
		let e = this.getCamera();
		this.updateClippingPlanesForActors(e), this.getRenderer().resetCameraClippingRange();
	}
	async updateClippingPlanesForActors(e) {
		this.getActors().map((t) => {
			if (!t.actor) return;
			let n = t.actor.getMapper(), r = t?.clippingFilter ? t?.clippingFilter.getClippingPlanes() : n.getClippingPlanes();
			r.length === 0 && t?.clippingFilter && (r = [Hc.newInstance(), Hc.newInstance()]);
			let i = jf.MINIMUM_SLAB_THICKNESS;
			t.slabThickness && (i = t.slabThickness);
			let { viewPlaneNormal: a, focalPoint: o } = e;
			this.setOrientationOfClippingPlanes(r, i, a, o), P(this.element, j.CLIPPING_PLANES_UPDATED, {
				actorEntry: t,
				focalPoint: o,
				vtkPlanes: r,
				viewport: this
			});
		});
	}
	setOrientationOfClippingPlanes(e, t, n, r) {
		if (e.length < 2) return;
		let i = [
			n[0],
			n[1],
			n[2]
		];
		Cc.multiplyScalar(i, t), e[0].setNormal(n);
		let a = [
			0,
			0,
			0
		];
		Cc.subtract(r, i, a), e[0].setOrigin(a), e[1].setNormal(-n[0], -n[1], -n[2]);
		let o = [
			0,
			0,
			0
		];
		Cc.add(r, i, o), e[1].setOrigin(o);
	}
	getClippingPlanesForActor(e) {
		if (e ||= this.getDefaultActor(), !e.actor) throw Error("Invalid actor entry: Actor is undefined");
		let t = e.actor.getMapper(), n = e?.clippingFilter ? e?.clippingFilter.getClippingPlanes() : t.getClippingPlanes();
		return n.length === 0 && e?.clippingFilter && (n = [Hc.newInstance(), Hc.newInstance()]), n;
	}
	_getWorldDistanceViewUpAndViewRight(e, t, n) {
		let r = this._getCorners(e), i = this._getCorners(e), a = Gr(I(), t, n), o = jp.buildFromDegree().identity().rotateFromDirections(t, [
			1,
			0,
			0
		]);
		r.forEach((e) => o.apply(e));
		let s = Infinity, c = -Infinity;
		for (let e = 0; e < 8; e++) {
			let t = r[e][0];
			t > c && (c = t), t < s && (s = t);
		}
		o = jp.buildFromDegree().identity().rotateFromDirections([
			a[0],
			a[1],
			a[2]
		], [
			1,
			0,
			0
		]), i.forEach((e) => o.apply(e));
		let l = Infinity, u = -Infinity;
		for (let e = 0; e < 8; e++) {
			let t = i[e][0];
			t > u && (u = t), t < l && (l = t);
		}
		return {
			widthWorld: u - l,
			heightWorld: c - s
		};
	}
	getViewReference(e) {
		let { focalPoint: t, viewPlaneNormal: n, viewUp: r } = this.getCamera(), i = this.getFrameOfReferenceUID(), a = {
			FrameOfReferenceUID: i,
			cameraFocalPoint: t,
			viewPlaneNormal: n,
			viewUp: r,
			sliceIndex: e?.sliceIndex ?? this.getSliceIndex(),
			planeRestriction: {
				FrameOfReferenceUID: i,
				point: e?.points?.[0] || t,
				inPlaneVector1: r,
				inPlaneVector2: Gr(I(), r, n),
				referencePlaneThickness: this.getReferencePlaneThickness()
			}
		};
		return e?.points && Fp(e.points, a, e), a;
	}
	getReferencePlaneThickness() {}
	isPlaneViewable(e, t) {
		if (e.FrameOfReferenceUID !== this.getFrameOfReferenceUID()) return !1;
		let { focalPoint: n, viewPlaneNormal: r } = this.getCamera(), { point: i, inPlaneVector1: a, inPlaneVector2: o } = e;
		return t?.withOrientation ? !0 : a && !Si(0, L(r, a)) || o && !Si(0, L(r, o)) ? !1 : t?.withNavigation ? !0 : zp(i, n, r, e.referencePlaneThickness, this.getReferencePlaneThickness() ?? 0);
	}
	isReferenceViewable(e, t) {
		if (e.planeRestriction && !this.isPlaneViewable(e.planeRestriction, t) || e.FrameOfReferenceUID && e.FrameOfReferenceUID !== this.getFrameOfReferenceUID()) return !1;
		let { viewPlaneNormal: n } = e, r = this.getCamera();
		return n && !Si(n, r.viewPlaneNormal) && !Si(Hr(r.viewPlaneNormal, r.viewPlaneNormal), n) ? t?.withOrientation : !0;
	}
	getViewPresentation(e = {
		rotation: !0,
		displayArea: !0,
		zoom: !0,
		pan: !0,
		aspectRatio: !0,
		flipHorizontal: !0,
		flipVertical: !0
	}) {
		let t = {}, { rotation: n, displayArea: r, zoom: i, pan: a, flipHorizontal: o, flipVertical: s } = e;
		n && (t.rotation = this.getRotation()), r && (t.displayArea = this.getDisplayArea());
		let c = this.getZoom();
		i && (t.zoom = c);
		let l = this.getAspectRatio();
		if (t.aspectRatio = l, a) {
			let e = this.getPan(), [n, r] = l;
			t.pan = [e[0] / (c * n), e[1] / (c * r)];
		}
		return o && (t.flipHorizontal = this.flipHorizontal), s && (t.flipVertical = this.flipVertical), t;
	}
	setViewReference(e) {}
	setViewPresentation(e) {
		if (!e) return;
		let { displayArea: t, zoom: n = this.getZoom(), pan: r, aspectRatio: i = this.getAspectRatio(), rotation: a, flipHorizontal: o = this.flipHorizontal, flipVertical: s = this.flipVertical } = e;
		if (t !== this.getDisplayArea() && this.setDisplayArea(t), this.setAspectRatio(i), this.setZoom(n), r) {
			let [e, t] = i;
			this.setPan([r[0] * n * e, r[1] * n * t]);
		}
		o !== void 0 && o !== this.flipHorizontal && this.flip({ flipHorizontal: o }), s !== void 0 && s !== this.flipVertical && this.flip({ flipVertical: s }), a >= 0 && this.setRotation(a);
	}
	_getCorners(e) {
		return [
			[
				e[0],
				e[2],
				e[4]
			],
			[
				e[0],
				e[2],
				e[5]
			],
			[
				e[0],
				e[3],
				e[4]
			],
			[
				e[0],
				e[3],
				e[5]
			],
			[
				e[1],
				e[2],
				e[4]
			],
			[
				e[1],
				e[2],
				e[5]
			],
			[
				e[1],
				e[3],
				e[4]
			],
			[
				e[1],
				e[3],
				e[5]
			]
		];
	}
	_getFocalPointForResetCamera(e, t, { resetPan: n = !0, resetToCenter: r = !0 }) {
		if (r && n) return e;
		if (r && !n) return Np(t.focalPoint) ? e : t.focalPoint;
		if (!r && n) {
			let n = t, r = n.focalPoint, i = n.viewPlaneNormal, a = L(Rr(I(), e, r), i), o = Br(I(), e, i, -1 * a);
			return [
				o[0],
				o[1],
				o[2]
			];
		}
		if (!n && !r) return Np(t.focalPoint) ? e : t.focalPoint;
	}
	_isInBounds(e, t) {
		let [n, r, i, a, o, s] = t, [c, l, u] = e;
		return !(c < n || c > r || l < i || l > a || u < o || u > s);
	}
	_getEdges(e) {
		let [t, n, r, i, a, o, s, c] = this._getCorners(e);
		return [
			[t, n],
			[t, a],
			[t, r],
			[n, i],
			[n, o],
			[r, i],
			[r, s],
			[i, c],
			[a, s],
			[a, o],
			[o, c],
			[s, c]
		];
	}
	static boundsRadius(e) {
		let t = (e[1] - e[0]) ** 2, n = (e[3] - e[2]) ** 2, r = (e[5] - e[4]) ** 2;
		return Math.sqrt(t + n + r || 1) * .5;
	}
	setDataList(e) {
		throw Error("Unsupported operation setDataList");
	}
	setDisplaySets(...e) {
		this._displaySets = e;
	}
	async mountDisplaySets(e, t) {
		let [n] = e;
		if (!n?.displaySetId) throw Error(`${this.constructor.name}: setDisplaySets requires a displaySetId`);
		await t(n), this._displaySets = [n];
	}
	getDisplaySets() {
		return this._displaySets;
	}
	clearDisplaySets() {
		this._displaySets = [];
	}
};
Gp.CameraViewPresentation = {
	rotation: !0,
	pan: !0,
	zoom: !0,
	aspectRatio: !0,
	displayArea: !0
}, Gp.TransferViewPresentation = {
	windowLevel: !0,
	paletteLut: !0
};
function Kp(e, t, n) {
	let r = [
		[
			t[0],
			t[1],
			t[2]
		],
		[
			t[3],
			t[4],
			t[5]
		],
		[
			t[6],
			t[7],
			t[8]
		]
	], i = [
		n[0],
		n[1],
		n[2]
	], a = 0, o = -1;
	for (let e = 0; e < 3; e++) {
		let t = Math.abs(L(r[e], i));
		t > o && (o = t, a = e);
	}
	let s = Math.abs(o - 1) < .001;
	return e.map((e, t) => t === a && s ? Math.floor(e / 2) : (e - 1) / 2);
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/now.js
function Y() {
	return window.performance ? performance.now() : Date.now();
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/getVOILut.js
function qp(e, t) {
	return function(n) {
		let r = ((n - (t - .5)) / (e - 1) + .5) * 255;
		return Math.min(Math.max(r, 0), 255);
	};
}
function Jp(e) {
	let t = Math.max(...e.lut).toString(2).length - 8, n = e.lut[0] >> t, r = e.lut[e.lut.length - 1] >> t, i = e.firstValueMapped + e.lut.length - 1;
	return function(a) {
		return a < e.firstValueMapped ? n : a >= i ? r : e.lut[a - e.firstValueMapped] >> t;
	};
}
function Yp(e, t, n) {
	return n ? Jp(n) : qp(e, t);
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/generateColorLUT.js
function Xp(e, t, n, r, i) {
	let a = e.maxPixelValue, o = e.minPixelValue, s = Math.min(o, 0);
	if (e.cachedLut === void 0) {
		let t = a - s + 1;
		e.cachedLut = {}, e.cachedLut.lutArray = new Uint8ClampedArray(t);
	}
	let c = e.cachedLut.lutArray, l = Yp(Array.isArray(t) ? t[0] : t, Array.isArray(n) ? n[0] : n, i);
	if (r) for (let e = o; e <= a; e++) c[e + -s] = 255 - l(e);
	else for (let e = o; e <= a; e++) c[e + -s] = l(e);
	return c;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/storedColorPixelDataToCanvasImageData.js
function Zp(e, t, n) {
	let r = Y(), i = e.voxelManager.getScalarData();
	e.stats.lastGetPixelDataTime = Y() - r;
	let a = e.minPixelValue, o = 0, s = 0, c = i.length;
	if (r = Y(), a < 0) for (; s < c;) n[o++] = t[i[s++] + -a], n[o++] = t[i[s++] + -a], n[o++] = t[i[s++] + -a], n[o++] = 255;
	else for (; s < c;) n[o++] = t[i[s++]], n[o++] = t[i[s++]], n[o++] = t[i[s++]], n[o++] = 255;
	e.stats.lastStoredPixelDataToCanvasImageDataTime = Y() - r;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/storedRGBAPixelDataToCanvasImageData.js
function Qp(e, t, n) {
	let r = Y(), i = e.getPixelData();
	e.stats.lastGetPixelDataTime = Y() - r;
	let a = e.minPixelValue, o = 0, s = 0, c = i.length;
	if (r = Y(), a < 0) for (; s < c;) n[o++] = t[i[s++] + -a], n[o++] = t[i[s++] + -a], n[o++] = t[i[s++] + -a], n[o++] = i[s++];
	else for (; s < c;) n[o++] = t[i[s++]], n[o++] = t[i[s++]], n[o++] = t[i[s++]], n[o++] = i[s++];
	e.stats.lastStoredPixelDataToCanvasImageDataTime = Y() - r;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/transform.js
var $p = class e {
	constructor() {
		this.reset();
	}
	getMatrix() {
		return this.m;
	}
	reset() {
		this.m = [
			1,
			0,
			0,
			1,
			0,
			0
		];
	}
	clone() {
		let t = new e();
		return t.m[0] = this.m[0], t.m[1] = this.m[1], t.m[2] = this.m[2], t.m[3] = this.m[3], t.m[4] = this.m[4], t.m[5] = this.m[5], t;
	}
	multiply(e) {
		let t = this.m[0] * e[0] + this.m[2] * e[1], n = this.m[1] * e[0] + this.m[3] * e[1], r = this.m[0] * e[2] + this.m[2] * e[3], i = this.m[1] * e[2] + this.m[3] * e[3], a = this.m[0] * e[4] + this.m[2] * e[5] + this.m[4], o = this.m[1] * e[4] + this.m[3] * e[5] + this.m[5];
		this.m[0] = t, this.m[1] = n, this.m[2] = r, this.m[3] = i, this.m[4] = a, this.m[5] = o;
	}
	invert() {
		let e = 1 / (this.m[0] * this.m[3] - this.m[1] * this.m[2]), t = this.m[3] * e, n = -this.m[1] * e, r = -this.m[2] * e, i = this.m[0] * e, a = e * (this.m[2] * this.m[5] - this.m[3] * this.m[4]), o = e * (this.m[1] * this.m[4] - this.m[0] * this.m[5]);
		this.m[0] = t, this.m[1] = n, this.m[2] = r, this.m[3] = i, this.m[4] = a, this.m[5] = o;
	}
	rotate(e) {
		let t = Math.cos(e), n = Math.sin(e), r = this.m[0] * t + this.m[2] * n, i = this.m[1] * t + this.m[3] * n, a = this.m[0] * -n + this.m[2] * t, o = this.m[1] * -n + this.m[3] * t;
		this.m[0] = r, this.m[1] = i, this.m[2] = a, this.m[3] = o;
	}
	translate(e, t) {
		this.m[4] += this.m[0] * e + this.m[2] * t, this.m[5] += this.m[1] * e + this.m[3] * t;
	}
	scale(e, t) {
		this.m[0] *= e, this.m[1] *= e, this.m[2] *= t, this.m[3] *= t;
	}
	transformPoint(e) {
		let t = e[0], n = e[1];
		return [t * this.m[0] + n * this.m[2] + this.m[4], t * this.m[1] + n * this.m[3] + this.m[5]];
	}
};
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/calculateTransform.js
function em(e) {
	if (Array.isArray(e)) return [
		e[0] ?? 1,
		e[1] ?? 1,
		!0
	];
	let t = e ?? 1;
	return [
		t,
		t,
		!1
	];
}
function tm(e, t) {
	let n = new $p(), r = e.viewport.aspectRatio;
	if (!e.viewport.displayedArea) return n;
	n.translate(e.canvas.width / 2, e.canvas.height / 2);
	let i = e.viewport.rotation;
	i !== 0 && n.rotate(i * Math.PI / 180);
	let [a, o, s] = em(e.viewport.scale), c = a, l = o, u = e.viewport.displayedArea.brhc.x - (e.viewport.displayedArea.tlhc.x - 1), d = e.viewport.displayedArea.brhc.y - (e.viewport.displayedArea.tlhc.y - 1);
	if (!s) {
		if (e.viewport.displayedArea.presentationSizeMode === "NONE") e.image.rowPixelSpacing < e.image.columnPixelSpacing ? c *= e.image.columnPixelSpacing / e.image.rowPixelSpacing : e.image.columnPixelSpacing < e.image.rowPixelSpacing && (l *= e.image.rowPixelSpacing / e.image.columnPixelSpacing);
		else if (c = e.viewport.displayedArea.columnPixelSpacing, l = e.viewport.displayedArea.rowPixelSpacing, e.viewport.displayedArea.presentationSizeMode === "SCALE TO FIT") {
			let t = e.canvas.height / (d * l), n = e.canvas.width / (u * c);
			c = l = Math.min(n, t), e.viewport.displayedArea.rowPixelSpacing < e.viewport.displayedArea.columnPixelSpacing ? c *= e.viewport.displayedArea.columnPixelSpacing / e.viewport.displayedArea.rowPixelSpacing : e.viewport.displayedArea.columnPixelSpacing < e.viewport.displayedArea.rowPixelSpacing && (l *= e.viewport.displayedArea.rowPixelSpacing / e.viewport.displayedArea.columnPixelSpacing);
		}
	}
	if (n.scale(c, l), i !== 0 && n.rotate(-i * Math.PI / 180), n.translate(e.viewport.translation.x, e.viewport.translation.y), i !== 0 && n.rotate(i * Math.PI / 180), t !== void 0 && r === void 0 && n.scale(t, t), r !== void 0 && t === void 0) {
		let [e, t] = r;
		n.scale(e, t);
	}
	return e.viewport.hflip && n.scale(-1, 1), e.viewport.vflip && n.scale(1, -1), n.translate(-u / 2, -d / 2), n;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/setToPixelCoordinateSystem.js
function nm(e, t, n) {
	if (e === void 0) throw Error("setToPixelCoordinateSystem: parameter enabledElement must not be undefined");
	if (t === void 0) throw Error("setToPixelCoordinateSystem: parameter context must not be undefined");
	let r = tm(e, n).getMatrix();
	t.setTransform(r[0], r[1], r[2], r[3], r[4], r[5]);
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/doesImageNeedToBeRendered.js
function rm(e, t) {
	let n = e.renderingTools.lastRenderedImageId, r = e.renderingTools.lastRenderedViewport;
	return t.imageId !== n || !r || r.windowCenter !== e.viewport.voi.windowCenter || r.windowWidth !== e.viewport.voi.windowWidth || r.invert !== e.viewport.invert || r.rotation !== e.viewport.rotation || r.hflip !== e.viewport.hflip || r.vflip !== e.viewport.vflip || r.modalityLUT !== e.viewport.modalityLUT || r.voiLUT !== e.viewport.voiLUT || r.colormap !== e.viewport.colormap;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/initializeRenderCanvas.js
function im(e, t) {
	let n = e.renderingTools.renderCanvas;
	n.width = t.width, n.height = t.height;
	let r = n.getContext("2d");
	r.fillStyle = "white", r.fillRect(0, 0, n.width, n.height);
	let i = r.getImageData(0, 0, t.width, t.height);
	e.renderingTools.renderCanvasContext = r, e.renderingTools.renderCanvasData = i;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/saveLastRendered.js
function am(e) {
	let t = e.image.imageId, n = e.viewport, r = e.image.color;
	return e.renderingTools.lastRenderedImageId = t, e.renderingTools.lastRenderedIsColor = r, e.renderingTools.lastRenderedViewport = {
		windowCenter: n.voi.windowCenter,
		windowWidth: n.voi.windowWidth,
		invert: n.invert,
		rotation: n.rotation,
		hflip: n.hflip,
		vflip: n.vflip,
		modalityLUT: n.modalityLUT,
		voiLUT: n.voiLUT,
		colormap: n.colormap
	}, e.renderingTools;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/getOrCreateCanvas.js
var om = "viewport-element", sm = "cornerstone-canvas";
function cm(e, t = 512, n = 512) {
	let r = document.createElement("canvas");
	return e && (r.style.position = "absolute", r.style.width = "100%", r.style.height = "100%", r.style.imageRendering = "pixelated", r.classList.add(sm), e.appendChild(r)), r;
}
function lm(e) {
	let t = document.createElement("div");
	return t.style.position = "relative", t.style.width = "100%", t.style.height = "100%", t.style.overflow = "hidden", t.classList.add(om), e.appendChild(t), t;
}
function um(e, t) {
	if (t === void 0) {
		let t = window.devicePixelRatio || 1, n = e.getBoundingClientRect(), r = Math.round(n.width * t), i = Math.round(n.height * t);
		r > 0 && i > 0 && (e.width = r, e.height = i, e.style.aspectRatio = `${r} / ${i}`);
		return;
	}
	let { width: n, height: r } = t;
	return n < 1 || r < 1 ? !1 : e.width !== n || e.height !== r ? (e.width = n, e.height = r, e.style.aspectRatio = `${n} / ${r}`, !0) : !1;
}
function dm(e) {
	let t = `canvas.${sm}`, n = `div.${om}`, r = e.querySelector(n) || lm(e), i = r.querySelector(t);
	if (i) return i;
	let a = cm(r), o = r.getBoundingClientRect(), s = window.devicePixelRatio || 1, c = Math.ceil(o.width * s), l = Math.ceil(o.height * s);
	return c > 0 && l > 0 && (a.width = c, a.height = l, a.style.aspectRatio = `${c} / ${l}`), a;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/renderColorImage.js
function fm(e, t) {
	return e.cachedLut !== void 0 && e.cachedLut.windowCenter === t.voi.windowCenter && e.cachedLut.windowWidth === t.voi.windowWidth && e.cachedLut.invert === t.invert || (Xp(e, t.voi.windowWidth, t.voi.windowCenter, t.invert), e.cachedLut.windowWidth = t.voi.windowWidth, e.cachedLut.windowCenter = t.voi.windowCenter, e.cachedLut.invert = t.invert), e.cachedLut.lutArray;
}
function pm(e, t, n) {
	let r = e.renderingTools.lastRenderedIsColor;
	e.renderingTools.renderCanvas && r || (e.renderingTools.renderCanvas = cm(null, t.width, t.height));
	let i = e.renderingTools.renderCanvas, { windowWidth: a, windowCenter: o } = e.viewport.voi;
	if ((a === 256 || a === 255) && (o === 128 || o === 127) && !e.viewport.invert && t.getCanvas && t.getCanvas()) return t.getCanvas();
	if (!rm(e, t) && !n) return i;
	e.renderingTools.renderCanvasContext && i.width === t.width && i.height === t.height || im(e, t);
	let s = Y(), c = fm(t, e.viewport);
	t.stats = t.stats || {}, t.stats.lastLutGenerateTime = Y() - s;
	let l = e.renderingTools.renderCanvasData, u = e.renderingTools.renderCanvasContext;
	return t.rgba ? Qp(t, c, l.data) : Zp(t, c, l.data), s = Y(), u.putImageData(l, 0, 0), t.stats.lastPutImageDataTime = Y() - s, i;
}
function mm(e, t) {
	if (e === void 0) throw Error("renderColorImage: enabledElement parameter must not be undefined");
	let n = e.image;
	if (n === void 0) throw Error("renderColorImage: image must be loaded before it can be drawn");
	let r = e.canvas.getContext("2d");
	r.setTransform(1, 0, 0, 1, 0, 0), r.fillStyle = "black", r.fillRect(0, 0, e.canvas.width, e.canvas.height), r.imageSmoothingEnabled = !e.viewport.pixelReplication, nm(e, r);
	let i = pm(e, n, t), a = e.viewport.displayedArea.tlhc.x - 1, o = e.viewport.displayedArea.tlhc.y - 1, s = e.viewport.displayedArea.brhc.x - a, c = e.viewport.displayedArea.brhc.y - o;
	r.drawImage(i, a, o, s, c, 0, 0, s, c), e.renderingTools = am(e);
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/storedPixelDataToCanvasImageData.js
function hm(e, t, n) {
	let r = Y(), i = e.voxelManager.getScalarData();
	e.stats.lastGetPixelDataTime = Y() - r;
	let a = i.length, o = e.minPixelValue, s = 3, c = 0;
	if (r = Y(), i instanceof Int16Array) {
		if (o < 0) for (; c < a;) n[s] = t[i[c++] + -o], s += 4;
		else for (; c < a;) n[s] = t[i[c++]], s += 4;
	} else if (i instanceof Uint16Array) for (; c < a;) n[s] = t[i[c++]], s += 4;
	else if (o < 0) for (; c < a;) n[s] = t[i[c++] + -o], s += 4;
	else for (; c < a;) n[s] = t[i[c++]], s += 4;
	e.stats.lastStoredPixelDataToCanvasImageDataTime = Y() - r;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/storedPixelDataToCanvasImageDataPET.js
function gm(e, t, n) {
	let r = Y(), i = e.voxelManager.getScalarData();
	e.stats.lastGetPixelDataTime = Y() - r;
	let a = i.length, o = 3, s = 0;
	for (r = Y(); s < a;) n[o] = t(i[s++]), o += 4;
	e.stats.lastStoredPixelDataToCanvasImageDataTime = Y() - r;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/storedPixelDataToCanvasImageDataRGBA.js
function _m(e, t, n) {
	let r = Y(), i = e.voxelManager.getScalarData();
	e.stats.lastGetPixelDataTime = Y() - r;
	let a = i.length, o = e.minPixelValue, s = 0, c = 0, l;
	if (r = Y(), i instanceof Int16Array) {
		if (o < 0) for (; c < a;) l = t[i[c++] + -o], n[s++] = l, n[s++] = l, n[s++] = l, n[s++] = 255;
		else for (; c < a;) l = t[i[c++]], n[s++] = l, n[s++] = l, n[s++] = l, n[s++] = 255;
	} else if (i instanceof Uint16Array) for (; c < a;) l = t[i[c++]], n[s++] = l, n[s++] = l, n[s++] = l, n[s++] = 255;
	else if (o < 0) for (; c < a;) l = t[i[c++] + -o], n[s++] = l, n[s++] = l, n[s++] = l, n[s++] = 255;
	else for (; c < a;) l = t[i[c++]], n[s++] = l, n[s++] = l, n[s++] = l, n[s++] = 255;
	e.stats.lastStoredPixelDataToCanvasImageDataTime = Y() - r;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/computeAutoVoi.js
function vm(e, t) {
	if (ym(e)) return;
	let n = t.maxPixelValue * t.slope + t.intercept, r = t.minPixelValue * t.slope + t.intercept, i = n - r, a = (n + r) / 2;
	e.voi === void 0 ? e.voi = {
		windowWidth: i,
		windowCenter: a,
		voiLUTFunction: t.voiLUTFunction
	} : (e.voi.windowWidth = i, e.voi.windowCenter = a);
}
function ym(e) {
	return e.voiLUT && e.voiLUT.lut && e.voiLUT.lut.length > 0 || e.voi.windowWidth !== void 0 && e.voi.windowCenter !== void 0;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/lutMatches.js
function bm(e, t) {
	return !e && !t ? !0 : !e || !t ? !1 : e.id === t.id;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/getModalityLut.js
function xm(e, t) {
	return (n) => n * e + t;
}
function Sm(e) {
	let t = e.lut[0], n = e.lut[e.lut.length - 1], r = e.firstValueMapped + e.lut.length;
	return (i) => i < e.firstValueMapped ? t : i >= r ? n : e.lut[i];
}
function Cm(e, t, n) {
	return n ? Sm(n) : xm(e, t);
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/generateLut.js
function wm(e, t, n, r, i, a) {
	let o = e.maxPixelValue, s = e.minPixelValue, c = Math.min(s, 0);
	if (e.cachedLut === void 0) {
		let t = o - c + 1;
		e.cachedLut = {}, e.cachedLut.lutArray = new Uint8ClampedArray(t);
	}
	let l = e.cachedLut.lutArray, u = Cm(e.slope, e.intercept, i), d = Yp(t, n, a);
	if (e.isPreScaled) {
		if (r) for (let e = s; e <= o; e++) l[e + -c] = 255 - d(e);
		else for (let e = s; e <= o; e++) l[e + -c] = d(e);
	} else if (r) for (let e = s; e <= o; e++) l[e + -c] = 255 - d(u(e));
	else for (let e = s; e <= o; e++) l[e + -c] = d(u(e));
	return l;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/getLut.js
function Tm(e, t, n) {
	return e.cachedLut !== void 0 && e.cachedLut.windowCenter === t.voi.windowCenter && e.cachedLut.windowWidth === t.voi.windowWidth && bm(e.cachedLut.modalityLUT, t.modalityLUT) && bm(e.cachedLut.voiLUT, t.voiLUT) && e.cachedLut.invert === t.invert && !n || (vm(t, e), wm(e, t.voi.windowWidth, t.voi.windowCenter, t.invert, t.modalityLUT, t.voiLUT), e.cachedLut.windowWidth = t.voi.windowWidth, e.cachedLut.windowCenter = t.voi.windowCenter, e.cachedLut.invert = t.invert, e.cachedLut.voiLUT = t.voiLUT, e.cachedLut.modalityLUT = t.modalityLUT), e.cachedLut.lutArray;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/renderGrayscaleImage.js
function Em(e, t, n, r = !0) {
	let i = e.renderingTools.lastRenderedIsColor;
	(!e.renderingTools.renderCanvas || i) && (e.renderingTools.renderCanvas = cm(null, t.width, t.height), im(e, t));
	let a = e.renderingTools.renderCanvas;
	if (!rm(e, t) && !n) return a;
	(a.width !== t.width || a.height !== t.height) && im(e, t), t.stats = t.stats || {};
	let o = e.renderingTools.renderCanvasData, s = e.renderingTools.renderCanvasContext, c = Y();
	t.stats.lastLutGenerateTime = Y() - c;
	let { viewport: l } = e;
	if (l.modality === "PT" && t.isPreScaled) {
		let { windowWidth: e, windowCenter: n } = l.voi, r = n - e / 2, i = 255 / (n + e / 2 - r), a;
		a = l.invert ? (e) => 255 - (e - r) * i : (e) => (e - r) * i, gm(t, a, o.data);
	} else {
		let e = Tm(t, l, n);
		r ? hm(t, e, o.data) : _m(t, e, o.data);
	}
	return c = Y(), s.putImageData(o, 0, 0), t.stats.lastPutImageDataTime = Y() - c, a;
}
function Dm(e, t) {
	if (e === void 0) throw Error("drawImage: enabledElement parameter must not be undefined");
	let n = e.image;
	if (n === void 0) throw Error("drawImage: image must be loaded before it can be drawn");
	let r = e.canvas.getContext("2d");
	r.setTransform(1, 0, 0, 1, 0, 0), r.fillStyle = "black", r.fillRect(0, 0, e.canvas.width, e.canvas.height), r.imageSmoothingEnabled = !e.viewport.pixelReplication, nm(e, r);
	let i = Em(e, n, t), a = e.viewport.displayedArea.tlhc.x - 1, o = e.viewport.displayedArea.tlhc.y - 1, s = e.viewport.displayedArea.brhc.x - a, c = e.viewport.displayedArea.brhc.y - o;
	r.drawImage(i, a, o, s, c, 0, 0, s, c), e.renderingTools = am(e);
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/colors/lookupTable.js
var Om = 0, km = 1, Am = 2;
function jm(e, t, n) {
	if (e > 1) throw Error("HSVToRGB expects hue < 1");
	let r = [];
	if (t === 0) return r[0] = n, r[1] = n, r[2] = n, r;
	let i = Math.floor(e * 6), a = 6 * e - i, o = n * (1 - t), s = n * (1 - t * a), c = n * (1 - t * (1 - a));
	switch (i) {
		case 0:
		case 6:
			r[0] = n, r[1] = c, r[2] = o;
			break;
		case 1:
			r[0] = s, r[1] = n, r[2] = o;
			break;
		case 2:
			r[0] = o, r[1] = n, r[2] = c;
			break;
		case 3:
			r[0] = o, r[1] = s, r[2] = n;
			break;
		case 4:
			r[0] = c, r[1] = o, r[2] = n;
			break;
		case 5: r[0] = n, r[1] = o, r[2] = s;
	}
	return r;
}
function Mm(e, t) {
	let n;
	return n = e < t.Range[0] ? t.MaxIndex + Om + 1.5 : e > t.Range[1] ? t.MaxIndex + km + 1.5 : (e + t.Shift) * t.Scale, Math.floor(n);
}
var Nm = class {
	constructor() {
		this.NumberOfColors = 256, this.Ramp = "linear", this.TableRange = [0, 255], this.HueRange = [0, .66667], this.SaturationRange = [1, 1], this.ValueRange = [1, 1], this.AlphaRange = [1, 1], this.NaNColor = [
			128,
			0,
			0,
			255
		], this.BelowRangeColor = [
			0,
			0,
			0,
			255
		], this.UseBelowRangeColor = !0, this.AboveRangeColor = [
			255,
			255,
			255,
			255
		], this.UseAboveRangeColor = !0, this.InputRange = [0, 255], this.Table = [];
	}
	setNumberOfTableValues(e) {
		this.NumberOfColors = e;
	}
	setRamp(e) {
		this.Ramp = e;
	}
	setTableRange(e, t) {
		this.TableRange[0] = e, this.TableRange[1] = t;
	}
	setHueRange(e, t) {
		this.HueRange[0] = e, this.HueRange[1] = t;
	}
	setSaturationRange(e, t) {
		this.SaturationRange[0] = e, this.SaturationRange[1] = t;
	}
	setValueRange(e, t) {
		this.ValueRange[0] = e, this.ValueRange[1] = t;
	}
	setRange(e, t) {
		this.InputRange[0] = e, this.InputRange[1] = t;
	}
	setAlphaRange(e, t) {
		this.AlphaRange[0] = e, this.AlphaRange[1] = t;
	}
	getColor(e) {
		return this.mapValue(e);
	}
	build(e) {
		if (this.Table.length > 1 && !e) return;
		this.Table = [];
		let t = this.NumberOfColors - 1, n, r, i, a;
		t ? (n = (this.HueRange[1] - this.HueRange[0]) / t, r = (this.SaturationRange[1] - this.SaturationRange[0]) / t, i = (this.ValueRange[1] - this.ValueRange[0]) / t, a = (this.AlphaRange[1] - this.AlphaRange[0]) / t) : n = r = i = a = 0;
		for (let e = 0; e <= t; e++) {
			let t = this.HueRange[0] + e * n, o = this.SaturationRange[0] + e * r, s = this.ValueRange[0] + e * i, c = this.AlphaRange[0] + e * a, l = jm(t, o, s), u = [
				0,
				0,
				0,
				0
			];
			switch (this.Ramp) {
				case "scurve":
					u[0] = Math.floor(127.5 * (1 + Math.cos((1 - l[0]) * Math.PI))), u[1] = Math.floor(127.5 * (1 + Math.cos((1 - l[1]) * Math.PI))), u[2] = Math.floor(127.5 * (1 + Math.cos((1 - l[2]) * Math.PI))), u[3] = Math.floor(c * 255);
					break;
				case "linear":
					u[0] = Math.floor(l[0] * 255 + .5), u[1] = Math.floor(l[1] * 255 + .5), u[2] = Math.floor(l[2] * 255 + .5), u[3] = Math.floor(c * 255 + .5);
					break;
				case "sqrt":
					u[0] = Math.floor(Math.sqrt(l[0]) * 255 + .5), u[1] = Math.floor(Math.sqrt(l[1]) * 255 + .5), u[2] = Math.floor(Math.sqrt(l[2]) * 255 + .5), u[3] = Math.floor(Math.sqrt(c) * 255 + .5);
					break;
				default: throw Error(`Invalid Ramp value (${this.Ramp})`);
			}
			this.Table.push(u);
		}
		this.buildSpecialColors();
	}
	buildSpecialColors() {
		let e = this.NumberOfColors, t = e + Om, n = e + km, r = e + Am;
		this.UseBelowRangeColor || e === 0 ? this.Table[t] = this.BelowRangeColor : this.Table[t] = this.Table[0], this.UseAboveRangeColor || e === 0 ? this.Table[n] = this.AboveRangeColor : this.Table[n] = this.Table[e - 1], this.Table[r] = this.NaNColor;
	}
	mapValue(e) {
		let t = this.getIndex(e);
		if (t < 0) return this.NaNColor;
		if (t === 0) {
			if (this.UseBelowRangeColor && e < this.TableRange[0]) return this.BelowRangeColor;
		} else if (t === this.NumberOfColors - 1 && this.UseAboveRangeColor && e > this.TableRange[1]) return this.AboveRangeColor;
		return this.Table[t];
	}
	getIndex(e) {
		let t = {
			Range: [],
			MaxIndex: this.NumberOfColors - 1,
			Shift: -this.TableRange[0],
			Scale: 1
		};
		if (t.Scale = this.TableRange[1] <= this.TableRange[0] ? Number.MAX_VALUE : t.MaxIndex / (this.TableRange[1] - this.TableRange[0]), t.Range[0] = this.TableRange[0], t.Range[1] = this.TableRange[1], isNaN(e)) return -1;
		let n = Mm(e, t);
		return n === this.NumberOfColors + Om ? n = 0 : n === this.NumberOfColors + km && (n = this.NumberOfColors - 1), n;
	}
	setTableValue(e, t, n, r, i) {
		let a;
		if (typeof t == "number" && n !== void 0 && r !== void 0 && i !== void 0) a = [
			t,
			n,
			r,
			i
		];
		else if (Array.isArray(t)) a = t;
		else throw Error("Invalid arguments for setTableValue");
		if (e < 0) throw Error(`Can't set the table value for negative index (${e})`);
		if (e >= this.NumberOfColors) throw Error(`Index ${e} is greater than the number of colors ${this.NumberOfColors}`);
		this.Table[e] = a, (e === 0 || e === this.NumberOfColors - 1) && this.buildSpecialColors();
	}
}, Pm = [
	0,
	0,
	0,
	0
], Fm = 256, Im = /* @__PURE__ */ new Set([
	"gray",
	"grey",
	"grayscale",
	"greyscale"
]);
function Lm(e) {
	return e / Fm;
}
function Rm(e, t) {
	return Math.min(t - 1, Math.floor(Lm(e) * t));
}
function zm(e, t, n) {
	n = n === null ? 100 : n;
	let r = (t - e) / (n - 1), i = [];
	for (; n-- > 0;) i.push(e), e += r;
	return i[i.length - 1] = t, i;
}
function Bm(e, t) {
	let n = 0, r = e.length - 1;
	for (; n <= r;) {
		let i = n + Math.floor((r - n) / 2), a = e[i];
		if (a === t) return i;
		t < a ? r = i - 1 : n = i + 1;
	}
	return n;
}
function Vm(e, t) {
	let n, r = [], i = t.length;
	for (e.sort(function(e, t) {
		return e - t;
	}), n = 0; n < i; n++) r[n] = Bm(e, t[n]);
	return r;
}
function Hm(e, t, n) {
	let r, i = [], a = [], o = [], s = [];
	for (n = n === null ? 1 : n, r = 0; r < t.length; r++) {
		let n = t[r];
		i.push((e - 1) * n[0]), a.push(n[1]), o.push(n[1]);
	}
	let c = zm(0, 1, e);
	for (r = 0; r < e; r++) c[r] = (e - 1) * c[r] ** +n;
	let l = Vm(i, c);
	for (r = 1; r < e - 1; r++) {
		let e = l[r], t = (c[r] - i[e - 1]) / (i[e] - i[e - 1]), n = a[e] - o[e - 1];
		s[r] = t * n + o[e - 1];
	}
	return s[0] = o[0], s[e - 1] = a[t.length - 1], s;
}
function Um(e, t, n) {
	let r, i = [];
	t = t === null ? 256 : t, n = n === null ? 1 : n;
	let a = Hm(t, e.red, n), o = Hm(t, e.green, n), s = Hm(t, e.blue, n);
	for (r = 0; r < t; r++) {
		let e = [
			Math.round(a[r] * 255),
			Math.round(o[r] * 255),
			Math.round(s[r] * 255),
			255
		];
		i.push(e);
	}
	return i;
}
function Wm(e, t, n) {
	let r = typeof e == "string" ? e.trim() : e?.name?.trim();
	if (!r) return t;
	let i = r.toLowerCase();
	if (Im.has(i)) return;
	let a = dp(r);
	if (a) return Ym(Km(a, r), typeof e == "string" ? void 0 : e, n?.voiRange);
	let o = Jm(r);
	return Ym(o ? Gm(o) : void 0, typeof e == "string" ? void 0 : e, n?.voiRange);
}
function Gm(e, t) {
	let n = Af[e];
	return n ||= Af[e] = t || {
		name: "",
		colors: []
	}, !n.colors && n.segmentedData && (n.colors = Um(n.segmentedData, n.numColors, n.gamma)), {
		getId() {
			return e;
		},
		getColorSchemeName() {
			return n.name;
		},
		setColorSchemeName(e) {
			n.name = e;
		},
		getNumberOfColors() {
			return n.colors.length;
		},
		setNumberOfColors(e) {
			for (; n.colors.length < e;) n.colors.push(Pm);
			n.colors.length = e;
		},
		getColor(e) {
			return this.isValidIndex(e) ? n.colors[e] : Pm;
		},
		getColorRepeating(e) {
			let t = n.colors.length;
			return e = t ? e % t : 0, this.getColor(e);
		},
		setColor(e, t) {
			this.isValidIndex(e) && (n.colors[e] = t);
		},
		addColor(e) {
			n.colors.push(e);
		},
		insertColor(e, t) {
			this.isValidIndex(e) && n.colors.splice(e, 1, t);
		},
		removeColor(e) {
			this.isValidIndex(e) && n.colors.splice(e, 1);
		},
		clearColors() {
			n.colors = [];
		},
		buildLookupTable(e) {
			if (!e) return;
			let t = n.colors.length;
			e.setNumberOfTableValues(t);
			for (let r = 0; r < t; r++) e.setTableValue(r, n.colors[r]);
		},
		createLookupTable() {
			let e = new Nm();
			return this.buildLookupTable(e), e;
		},
		isValidIndex(e) {
			return e >= 0 && e < n.colors.length;
		}
	};
}
function Km(e, t) {
	return Gm(`vtk:${(e.name || e.Name || t).trim().toLowerCase()}`, qm(e, t));
}
function qm(e, t) {
	let n = pd.newInstance();
	n.applyColorMap(e);
	let [r, i] = n.getRange(), a = Array.from({ length: Fm }, (e, t) => {
		let a = Lm(t), o = r + a * (i - r), s = [];
		return n.getColor(o, s), [
			Math.round(s[0] * 255),
			Math.round(s[1] * 255),
			Math.round(s[2] * 255),
			255
		];
	});
	return {
		colors: a,
		name: e.Name || t,
		numColors: a.length
	};
}
function Jm(e) {
	let t = e.trim().toLowerCase();
	return Object.keys(Af).find((e) => {
		let n = Af[e];
		return e.toLowerCase() === t || n.name?.trim().toLowerCase() === t;
	});
}
function Ym(e, t, n) {
	if (!e) return;
	if (t?.opacity === void 0 && t?.threshold === void 0 || !n || n.upper <= n.lower) return e;
	let r = Xm(e, t, n);
	return Gm([
		e.getId(),
		`lower:${eh(n.lower)}`,
		`upper:${eh(n.upper)}`,
		`opacity:${$m(t?.opacity)}`,
		`threshold:${eh(t?.threshold)}`
	].join(":"), {
		colors: r,
		name: e.getColorSchemeName(),
		numColors: r.length
	});
}
function Xm(e, t, n) {
	let r = Math.max(e.getNumberOfColors(), 1);
	return Array.from({ length: Fm }, (i, a) => {
		let o = r === 1 ? 0 : Rm(a, r), s = e.getColor(o), c = Zm(n.lower + (n.upper - n.lower) * Lm(a), t?.opacity, t?.threshold);
		return [
			s[0],
			s[1],
			s[2],
			Math.round(s[3] / 255 * c * 255)
		];
	});
}
function Zm(e, t, n) {
	if (n !== void 0 && e < n) return 0;
	if (t === void 0) return 1;
	if (typeof t == "number") return Qm(t);
	if (!t.length) return 1;
	if (e <= t[0].value) return Qm(t[0].opacity);
	for (let n = 1; n < t.length; n++) {
		let r = t[n - 1], i = t[n];
		if (e <= i.value) {
			let t = i.value - r.value, n = t > 0 ? (e - r.value) / t : 0;
			return Qm(r.opacity + (i.opacity - r.opacity) * n);
		}
	}
	return Qm(t[t.length - 1].opacity);
}
function Qm(e) {
	return Math.max(0, Math.min(1, e));
}
function $m(e) {
	return e === void 0 ? "none" : typeof e == "number" ? String(eh(e)) : e.map(({ opacity: e, value: t }) => `${eh(t)}-${eh(e)}`).join(",");
}
function eh(e) {
	return e === void 0 ? "none" : String(Math.round(e * 1e3) / 1e3);
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/storedPixelDataToCanvasImageDataPseudocolorLUT.js
function th(e, t, n, r) {
	let i = Y(), a = e.voxelManager.getScalarData();
	e.stats.lastGetPixelDataTime = Y() - i;
	let o = a.length, s = e.minPixelValue, c = 0, l = 0, u, d, f;
	if (i = Y(), f = n instanceof Nm ? n.Table : n, s < 0) for (; l < o;) u = t[a[l++] + -s], d = f[u], r[c++] = d[0], r[c++] = d[1], r[c++] = d[2], r[c++] = d[3];
	else for (; l < o;) u = t[a[l++]], d = f[u], r[c++] = d[0], r[c++] = d[1], r[c++] = d[2], r[c++] = d[3];
	e.stats.lastStoredPixelDataToCanvasImageDataTime = Y() - i;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/storedPixelDataToCanvasImageDataPseudocolorLUTPET.js
function nh(e, t, n, r) {
	let i = Y(), a = e.voxelManager.getScalarData();
	e.stats.lastGetPixelDataTime = Y() - i;
	let o = a.length, s = e.minPixelValue, c = 0, l = 0, u, d, f;
	if (i = Y(), f = n instanceof Nm ? n.Table : n, s < 0) for (; l < o;) u = t(a[l++] + -s), d = f[u], r[c++] = d[0], r[c++] = d[1], r[c++] = d[2], r[c++] = d[3];
	else for (; l < o;) u = t(a[l++]), d = f[u], r[c++] = d[0], r[c++] = d[1], r[c++] = d[2], r[c++] = d[3];
	e.stats.lastStoredPixelDataToCanvasImageDataTime = Y() - i;
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/clamp.js
function rh(e, t, n) {
	return Math.max(t, Math.min(n, e));
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/renderPseudoColorImage.js
var ih = qt.getLogger("RenderingEngine", "renderPseudoColorImage");
function ah(e, t, n) {
	e.renderingTools.renderCanvas || (e.renderingTools.renderCanvas = cm(null, t.width, t.height));
	let r = e.renderingTools.renderCanvas, i = e.viewport.colormap || e.options.colormap;
	if (e.options && e.options.colormap && ih.warn("enabledElement.options.colormap is deprecated. Use enabledElement.viewport.colormap instead"), (i && typeof i == "string" || i && typeof i == "object" && typeof i.getId != "function") && (i = Wm(i)), !i) throw Error("renderPseudoColorImage: colormap not found.");
	let a = i.getId();
	if (!rm(e, t) && !n && e.renderingTools.colormapId === a) return r;
	e.renderingTools.renderCanvasContext && r.width === t.width && r.height === t.height || im(e, t);
	let o = Y();
	(!e.renderingTools.colorLUT || n || e.renderingTools.colormapId !== a) && (i.setNumberOfColors(256), e.renderingTools.colorLUT = i.createLookupTable(), e.renderingTools.colormapId = a);
	let s = e.renderingTools.renderCanvasData, c = e.renderingTools.renderCanvasContext, { viewport: l } = e, u = e.renderingTools.colorLUT;
	if (l.modality === "PT") {
		let { windowWidth: e, windowCenter: n } = l.voi, r = n - e / 2, i = 255 / (n + e / 2 - r), a;
		a = l.invert ? (e) => rh(Math.floor(255 - (e - r) * i), 0, 255) : (e) => rh(Math.floor((e - r) * i), 0, 255), nh(t, a, u, s.data);
	} else {
		let r = Tm(t, e.viewport, n);
		t.stats = t.stats || {}, t.stats.lastLutGenerateTime = Y() - o, th(t, r, u, s.data);
	}
	return o = Y(), c.putImageData(s, 0, 0), t.stats.lastPutImageDataTime = Y() - o, r;
}
function oh(e, t) {
	if (e === void 0) throw Error("drawImage: enabledElement parameter must not be undefined");
	let n = e.image;
	if (n === void 0) throw Error("drawImage: image must be loaded before it can be drawn");
	let r = e.canvas.getContext("2d");
	r.setTransform(1, 0, 0, 1, 0, 0), e.options?.transparentBackground ? r.clearRect(0, 0, e.canvas.width, e.canvas.height) : (r.fillStyle = "black", r.fillRect(0, 0, e.canvas.width, e.canvas.height)), r.imageSmoothingEnabled = !e.viewport.pixelReplication, nm(e, r);
	let i = ah(e, n, t), a = e.viewport.displayedArea.tlhc.x - 1, o = e.viewport.displayedArea.tlhc.y - 1, s = e.viewport.displayedArea.brhc.x - a, c = e.viewport.displayedArea.brhc.y - o;
	r.drawImage(i, a, o, s, c, 0, 0, s, c), e.renderingTools = am(e);
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/drawImageSync.js
function sh(e, t) {
	let n = e.image;
	if (!e.canvas || !e.image) return;
	let r = Y();
	if (n.stats = {
		lastGetPixelDataTime: -1,
		lastStoredPixelDataToCanvasImageDataTime: -1,
		lastPutImageDataTime: -1,
		lastRenderTime: -1,
		lastLutGenerateTime: -1
	}, n) {
		let r = n.render;
		r ||= e.viewport.colormap ? oh : n.color ? mm : Dm, r(e, t);
	}
	let i = Y() - r;
	n.stats.lastRenderTime = i, e.invalid = !1, e.needsRedraw = !1;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/planarImageRendering.js
function ch(e) {
	let { dimensions: t, direction: n, numberOfComponents: r, origin: i, pixelArray: a, spacing: o } = e, s = ArrayBuffer.isView(a) && !(a instanceof DataView) ? a : Array.from(a), c = ArrayBuffer.isView(s) && !(s instanceof DataView) ? q.getDataType(s) : void 0, l = q.newInstance({
		...c ? { dataType: c } : {},
		name: "Pixels",
		numberOfComponents: r,
		values: s
	}), u = Cu.newInstance();
	return u.setDimensions(t), u.setSpacing(o), u.setDirection(new Float32Array(Array.from(n))), u.setOrigin(i), u.getPointData().setScalars(l), u;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/getTransform.js
function lh(e) {
	return tm(e);
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/canvasToPixel.js
function uh(e, t) {
	let n = lh(e);
	return n.invert(), n.transformPoint(t);
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/setDefaultViewport.js
var dh = { viewport: {} };
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/createViewport.js
function fh() {
	return {
		tlhc: {
			x: 1,
			y: 1
		},
		brhc: {
			x: 1,
			y: 1
		},
		rowPixelSpacing: 1,
		columnPixelSpacing: 1,
		presentationSizeMode: "NONE"
	};
}
function ph() {
	let e = fh(), t = {
		scale: 1,
		translation: {
			x: 0,
			y: 0
		},
		voi: {
			windowWidth: void 0,
			windowCenter: void 0,
			voiLUTFunction: Ee.LINEAR
		},
		invert: !1,
		pixelReplication: !1,
		rotation: 0,
		hflip: !1,
		vflip: !1,
		modalityLUT: void 0,
		voiLUT: void 0,
		colormap: void 0,
		labelmap: !1,
		displayedArea: e
	};
	return Object.assign({}, t, dh.viewport);
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/validator.js
function mh(e, t) {
	if (e == null) throw Error(t);
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/getImageSize.js
function hh(e) {
	return e != null && e !== 0 && e !== 180;
}
function gh(e, t = null) {
	return mh(e, "getImageSize: parameter image must not be undefined"), mh(e.width, "getImageSize: parameter image must have width"), mh(e.height, "getImageSize: parameter image must have height"), hh(t) ? {
		height: e.width,
		width: e.height
	} : {
		width: e.width,
		height: e.height
	};
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/getImageFitScale.js
function _h(e, t, n = null) {
	mh(e, "getImageScale: parameter canvas must not be undefined"), mh(t, "getImageScale: parameter image must not be undefined");
	let r = gh(t, n), i = t.rowPixelSpacing || 1, a = t.columnPixelSpacing || 1, o = 1, s = 1;
	i < a ? s = a / i : o = i / a;
	let c = e.height / r.height / o, l = e.width / r.width / s;
	return {
		verticalScale: c,
		horizontalScale: l,
		scaleFactor: Math.min(l, c)
	};
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/getDefaultViewport.js
function vh(e, t, n, r) {
	if (e === void 0) throw Error("getDefaultViewport: parameter canvas must not be undefined");
	if (t === void 0) return ph();
	let i = _h(e, t, 0).scaleFactor, a;
	return n === "PT" && t.isPreScaled ? a = {
		windowWidth: 5,
		windowCenter: 2.5
	} : t.windowWidth !== void 0 && t.windowCenter !== void 0 && (a = {
		windowWidth: Array.isArray(t.windowWidth) ? t.windowWidth[0] : t.windowWidth,
		windowCenter: Array.isArray(t.windowCenter) ? t.windowCenter[0] : t.windowCenter
	}), {
		scale: i,
		translation: {
			x: 0,
			y: 0
		},
		voi: a,
		invert: t.invert,
		pixelReplication: !1,
		rotation: 0,
		hflip: !1,
		vflip: !1,
		modalityLUT: t.modalityLUT,
		modality: n,
		voiLUT: t.voiLUT,
		colormap: r === void 0 ? t.colormap : r,
		displayedArea: {
			tlhc: {
				x: 1,
				y: 1
			},
			brhc: {
				x: t.columns,
				y: t.rows
			},
			rowPixelSpacing: t.rowPixelSpacing === void 0 ? 1 : t.rowPixelSpacing,
			columnPixelSpacing: t.columnPixelSpacing === void 0 ? 1 : t.columnPixelSpacing,
			presentationSizeMode: "NONE"
		}
	};
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/pixelToCanvas.js
function yh(e, t) {
	return lh(e).transformPoint(t);
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/cssPixelConversion.js
function bh() {
	return typeof window < "u" && window.devicePixelRatio || 1;
}
function xh(e) {
	let t = bh();
	return [e[0] / t, e[1] / t];
}
function Sh(e) {
	let t = bh();
	return [e[0] * t, e[1] * t];
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/fitToWindow.js
function Ch(e) {
	let { image: t } = e;
	e.viewport.scale = _h(e.canvas, t, e.viewport.rotation).scaleFactor, e.viewport.translation.x = 0, e.viewport.translation.y = 0;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/resize.js
function wh(e) {
	let { canvas: t } = e, { clientWidth: n, clientHeight: r } = t;
	(t.width !== n || t.height !== r) && (t.width = n, t.height = r);
}
function Th(e, t, n) {
	let r = e.viewport.scale, i = gh(e.image, e.viewport.rotation), a = Math.round(i.width * r), o = Math.round(i.height * r), s = e.viewport.translation.x, c = e.viewport.translation.y;
	return a === t && o <= n || a <= t && o === n && s === 0 && c === 0;
}
function Eh(e, t, n) {
	let r = e.viewport.scale, i = e.canvas.width, a = e.canvas.height, o = i / t, s = a / n, c = Math.sqrt(o * s);
	e.viewport.scale = c * r;
}
function Dh(e, t = !1) {
	let n = e.canvas.width, r = e.canvas.height;
	wh(e), e.image !== void 0 && (t || Th(e, n, r) ? Ch(e) : Eh(e, n, r));
}
// node_modules/@cornerstonejs/core/dist/esm/loaders/configuration/singleRetrieve.js
var Oh = [{
	id: "initialImages",
	retrieveType: "single"
}], kh = [{
	id: "lossySequential",
	retrieveType: "singleFast"
}, {
	id: "finalSequential",
	retrieveType: "singleFinal"
}], Ah = [
	{
		offset: -1,
		imageQualityStatus: It.ADJACENT_REPLICATE
	},
	{
		offset: 1,
		imageQualityStatus: It.ADJACENT_REPLICATE
	},
	{
		offset: 2,
		imageQualityStatus: It.FAR_REPLICATE
	}
], jh = [
	{
		id: "initialImages",
		positions: [
			.5,
			0,
			-1
		],
		retrieveType: "default",
		requestType: M.Thumbnail,
		priority: 5,
		nearbyFrames: Ah
	},
	{
		id: "quarterThumb",
		decimate: 4,
		offset: 3,
		requestType: M.Thumbnail,
		retrieveType: "multipleFast",
		priority: 6,
		nearbyFrames: Ah
	},
	{
		id: "halfThumb",
		decimate: 4,
		offset: 1,
		priority: 7,
		requestType: M.Thumbnail,
		retrieveType: "multipleFast",
		nearbyFrames: Ah
	},
	{
		id: "quarterFull",
		decimate: 4,
		offset: 2,
		priority: 8,
		requestType: M.Thumbnail,
		retrieveType: "multipleFinal"
	},
	{
		id: "halfFull",
		decimate: 4,
		offset: 0,
		priority: 9,
		requestType: M.Thumbnail,
		retrieveType: "multipleFinal"
	},
	{
		id: "threeQuarterFull",
		decimate: 4,
		offset: 1,
		priority: 10,
		requestType: M.Thumbnail,
		retrieveType: "multipleFinal"
	},
	{
		id: "finalFull",
		decimate: 4,
		offset: 3,
		priority: 11,
		requestType: M.Thumbnail,
		retrieveType: "multipleFinal"
	},
	{ id: "errorRetrieve" }
], Mh = qt.getLogger("utilities", "ProgressiveIterator"), Nh = class e {
	constructor(e) {
		this.name = e || "unknown";
	}
	static as(t) {
		if (t.iterator) return t.iterator;
		let n = new e("as iterator");
		return t.then((e) => {
			try {
				n.add(e, !0);
			} catch (e) {
				n.reject(e);
			}
		}, (e) => {
			n.reject(e);
		}), n;
	}
	add(e, t = !1) {
		this.nextValue = e, this.done ||= t, this.waiting &&= (this.waiting.resolve(e), void 0);
	}
	resolve() {
		this.done = !0, this.waiting &&= (this.waiting.resolve(this.nextValue), void 0);
	}
	reject(e) {
		this.rejectReason = e, this.waiting?.reject(e);
	}
	getRecent() {
		if (this.rejectReason) throw this.rejectReason;
		return this.nextValue;
	}
	async *[Symbol.asyncIterator]() {
		for (; !this.done;) {
			if (this.rejectReason) throw this.rejectReason;
			if (this.nextValue !== void 0 && (yield this.nextValue, this.done)) break;
			this.waiting || (this.waiting = {}, this.waiting.promise = new Promise((e, t) => {
				this.waiting.resolve = e, this.waiting.reject = t;
			})), await this.waiting.promise;
		}
		yield this.nextValue;
	}
	async forEach(e, t) {
		let n = 0;
		try {
			for await (let r of this) {
				let { done: i } = this;
				try {
					await e(r, i, n), n++;
				} catch (e) {
					if (!i) {
						Mh.warn("Caught exception in intermediate value", e);
						continue;
					}
					if (t) t(e, i);
					else throw e;
				}
			}
		} catch (e) {
			if (t) t(e, !0);
			else throw e;
		}
	}
	generate(e, t) {
		return e(this, this.reject.bind(this)).then(() => {
			this.done || this.resolve();
		}, (e) => {
			this.reject(e), t ? t(e) : Mh.warn("Couldn't process because", e);
		});
	}
	async nextPromise() {
		for await (let e of this) if (e) return e;
		return this.nextValue;
	}
	async donePromise() {
		for await (let e of this);
		return this.nextValue;
	}
	getNextPromise() {
		let e = this.nextPromise();
		return e.iterator = this, e;
	}
	getDonePromise() {
		let e = this.donePromise();
		return e.iterator = this, e;
	}
};
// node_modules/@cornerstonejs/core/dist/esm/utilities/decimate.js
function Ph(e, t, n = 0) {
	let r = [];
	for (let i = n; i < e.length; i += t) r.push(i);
	return r;
}
// node_modules/@cornerstonejs/core/dist/esm/loaders/fillNearbyFrames.js
var Fh = qt.getLogger("loaders", "fillNearbyFrames");
function Ih(e, t, n) {
	if (t?.nearbyRequests?.length) for (let r of t.nearbyRequests) try {
		let { itemId: t, imageQualityStatus: i } = r, a = Wn.getImageQuality(t);
		if (a !== void 0 && a >= i) continue;
		let o = {
			...n,
			imageId: t,
			imageQualityStatus: i
		};
		Wn.setPartialImage(t, o), e.successCallback(t, o);
	} catch (e) {
		Fh.warn("Couldn't fill nearby item ", r.itemId, e);
	}
}
// node_modules/@cornerstonejs/core/dist/esm/loaders/ProgressiveRetrieveImages.js
var Lh = qt.getLogger("loaders", "ProgressiveRetrieveImages"), Rh = class {
	constructor(e) {
		this.stages = e.stages || Oh, this.retrieveOptions = e.retrieveOptions || {};
	}
	loadImages(e, t) {
		return new zh(this, e, t).loadImages();
	}
};
Rh.createProgressive = Bh, Rh.interleavedRetrieveStages = { stages: jh }, Rh.singleRetrieveStages = { stages: Oh }, Rh.sequentialRetrieveStages = { stages: kh };
var zh = class {
	constructor(e, t, n) {
		this.outstandingRequests = 0, this.stageStatusMap = /* @__PURE__ */ new Map(), this.displayedIterator = new Nh("displayed"), this.stages = e.stages, this.retrieveOptions = e.retrieveOptions, this.imageIds = t, this.listener = n;
	}
	async loadImages() {
		let e = this.createStageRequests();
		this.outstandingRequests = e.length;
		for (let t of e) this.addRequest(t);
		return this.outstandingRequests === 0 ? Promise.resolve(null) : this.displayedIterator.getDonePromise();
	}
	sendRequest(e, t) {
		let { imageId: n, next: r } = e, i = (t, i) => {
			this.listener.errorCallback(n, s || !r, t), i && this.updateStageStatus(e.stage, t);
		}, a = (t.loader || zi)(n, t), o = Nh.as(a), s = !1;
		return o.forEach(async (t, r) => {
			let i = Wn.getImageQuality(n);
			if (!t) {
				Lh.warn("No image retrieved", n);
				return;
			}
			let { imageQualityStatus: a } = t;
			s ||= a === It.FULL_RESOLUTION, i !== void 0 && i > a ? this.updateStageStatus(e.stage, null, !0) : (this.listener.successCallback(n, t), this.displayedIterator.add(t), r && this.updateStageStatus(e.stage), Ih(this.listener, e, t));
		}, i).finally(() => {
			if (!s && r) Wn.setPartialImage(n, void 0, !0), this.addRequest(r, t.streamingData);
			else {
				s || this.listener.errorCallback(n, !0, "Couldn't decode"), this.outstandingRequests--;
				for (let e = r; e; e = e.next) this.updateStageStatus(e.stage, null, !0);
			}
			this.outstandingRequests <= 0 && this.displayedIterator.resolve();
		}), o.getDonePromise().catch((e) => null);
	}
	addRequest(e, t = {}) {
		let { imageId: n, stage: r } = e, i = this.listener.getLoaderImageOptions(n);
		if (!i) return;
		let { retrieveType: a = "default" } = r, { retrieveOptions: o } = this, s = o[a] || o.default, c = {
			...i,
			retrieveType: a,
			retrieveOptions: s,
			streamingData: t
		}, l = r.priority ?? -5, u = r.requestType || M.Interaction, d = { imageId: n };
		Mi.addRequest(this.sendRequest.bind(this, e, c), u, d, l);
	}
	updateStageStatus(e, t, n = !1) {
		let { id: r } = e, i = this.stageStatusMap.get(r);
		if (i && (i.imageLoadPendingCount--, t ? i.imageLoadFailedCount++ : n || i.totalImageCount++, !n && !i.stageStartTime && (i.stageStartTime = Date.now()), !i.imageLoadPendingCount)) {
			let { imageLoadFailedCount: e, totalImageCount: t, stageStartTime: n = Date.now(), startTime: a } = i, o = {
				stageId: r,
				numberOfFailures: e,
				numberOfImages: t,
				stageDurationInMS: n ? Date.now() - n : null,
				startDurationInMS: Date.now() - a
			};
			P(N, j.IMAGE_RETRIEVAL_STAGE, o), this.stageStatusMap.delete(r);
		}
	}
	createStageRequests() {
		let e = [], t = /* @__PURE__ */ new Map(), n = (n, r) => {
			let i = r < 0 ? this.imageIds.length + r : r < 1 ? Math.floor((this.imageIds.length - 1) * r) : r, a = this.imageIds[i];
			if (!a) throw Error(`No value found to add to requests at ${r}`);
			let o = {
				imageId: a,
				stage: n,
				index: i,
				nearbyRequests: this.findNearbyRequests(i, n)
			};
			this.addStageStatus(n);
			let s = t.get(a);
			s ? s.next = o : e.push(o), t.set(a, o);
		};
		for (let e of this.stages) (e.positions || Ph(this.imageIds, e.decimate || 1, e.offset ?? 0)).forEach((t) => {
			n(e, t);
		});
		return e;
	}
	findNearbyRequests(e, t) {
		let n = [];
		if (!t.nearbyFrames) return n;
		for (let r of t.nearbyFrames) {
			let t = e + r.offset;
			t < 0 || t >= this.imageIds.length || n.push({
				itemId: this.imageIds[t],
				imageQualityStatus: r.imageQualityStatus,
				index: t
			});
		}
		return n;
	}
	addStageStatus(e) {
		let { id: t } = e, n = this.stageStatusMap.get(t) || {
			stageId: t,
			startTime: Date.now(),
			stageStartTime: null,
			totalImageCount: 0,
			imageLoadFailedCount: 0,
			imageLoadPendingCount: 0
		};
		return n.imageLoadPendingCount++, this.stageStatusMap.set(t, n), n;
	}
};
function Bh(e) {
	return new Rh(e);
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/correctShift.js
function Vh(e, t) {
	let { hflip: n, vflip: r, rotation: i } = t;
	if (e.x *= n ? -1 : 1, e.y *= r ? -1 : 1, i !== 0) {
		let t = i * Math.PI / 180, n = Math.cos(t), r = Math.sin(t), a = e.x * n - e.y * r, o = e.x * r + e.y * n;
		e.x = a, e.y = o;
	}
	return e;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/cpuFallback/rendering/resetCamera.js
function Hh(e, t = !0, n = !0) {
	let { canvas: r, image: i, viewport: a } = e, o = _h(r, i, 0).scaleFactor;
	a.vflip = !1, a.hflip = !1, t && (a.translation.x = 0, a.translation.y = 0), n && (a.displayedArea.tlhc.x = 1, a.displayedArea.tlhc.y = 1, a.displayedArea.brhc.x = i.columns, a.displayedArea.brhc.y = i.rows, a.scale = o);
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/getSpacingInNormalDirection.js
function Uh(e, t) {
	let { direction: n, spacing: r } = e, i = n.slice(0, 3), a = n.slice(3, 6), o = n.slice(6, 9), s = [
		L(i, t),
		L(a, t),
		L(o, t)
	], c = I();
	return Ir(c, s[0] * r[0], s[1] * r[1], s[2] * r[2]), Nr(c);
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/getClosestImageId.js
var Wh = qt.getLogger("utilities", "getClosestImageId");
function Gh(e, t, n, r) {
	let { direction: i, spacing: a, imageIds: o } = e, { ignoreSpacing: s = !1 } = r || {};
	if (!o?.length) return;
	let c = L(i.slice(6, 9), n);
	if (Math.abs(c) < .999) return;
	let l;
	s || (l = Uh({
		direction: i,
		spacing: a
	}, n) / 2);
	let u, d = Infinity;
	for (let e = 0; e < o.length; e++) {
		let r = o[e], i = Xn(Lt.IMAGE_PLANE, r);
		if (!i?.imagePositionPatient) {
			Wh.warn(`Missing imagePositionPatient for imageId: ${r}`);
			continue;
		}
		let { imagePositionPatient: a } = i, c = I();
		Xr(c, t, a);
		let f = Math.abs(L(c, n));
		s ? f < d && (d = f, u = r) : f < l && f < d && (d = f, u = r);
	}
	return u === void 0 && Wh.warn("No imageId found within the specified criteria (half spacing or absolute closest)."), u;
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/reflectVector.js
function Kh(e, t) {
	let n = L(e, t), r = zr(I(), t, 2 * n);
	return Xr(I(), e, r);
}
// node_modules/@cornerstonejs/core/dist/esm/utilities/adjustInitialViewUp.js
function qh(e, t, n, r) {
	let i = Mr(e);
	if (n && Hr(i, i), t) {
		let e = Gr(I(), r, i);
		Wr(e, e), i = Kh(i, e);
	}
	return i;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/isContextPoolRenderingEngine.js
function Jh() {
	return zn()?.rendering?.renderingEngineMode === Vt.ContextPool;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/StackViewport.js
var Yh = qt.getLogger("RenderingEngine", "StackViewport"), Xh = class extends Gp {
	constructor(e) {
		super(e), this.imageIds = [], this.imageKeyToIndexMap = /* @__PURE__ */ new Map(), this.currentImageIdIndex = 0, this.targetImageIdIndex = 0, this.imagesLoader = this, this.globalDefaultProperties = {}, this.perImageIdDefaultProperties = /* @__PURE__ */ new Map(), this.voiUpdatedWithSetProperties = !1, this.sharpening = 0, this.smoothing = 0, this.invert = !1, this.initialInvert = !1, this.initialTransferFunctionNodes = null, this.stackInvalidated = !1, this._publishCalibratedEvent = !1, this.updateRenderingPipeline = () => {
			this._configureRenderingPipeline();
		}, this.setSharpening = (e) => {
			this.sharpening = e, this.render();
		}, this.setSmoothing = (e) => {
			this.smoothing = e, this.render();
		}, this.getRenderPasses = () => {
			if (!this.shouldUseCustomRenderPass()) return null;
			let e = [];
			try {
				return this.smoothing > 0 && e.push((void 0)(this.smoothing)), this.sharpening > 0 && e.push((void 0)(this.sharpening)), e.length ? e : null;
			} catch (e) {
				return Yh.warn("Failed to create custom render passes:", e), null;
			}
		}, this.resize = () => {
			this.useCPURendering && this._resizeCPU();
		}, this._resizeCPU = () => {
			this._cpuFallbackEnabledElement.viewport && Dh(this._cpuFallbackEnabledElement);
		}, this.getFrameOfReferenceUID = (e) => this.getImagePlaneReferenceData(e)?.FrameOfReferenceUID, this.getCornerstoneImage = () => this.csImage, this.createActorMapper = (e) => {
			let t = af.newInstance();
			t.setInputData(e);
			let n = kf.newInstance();
			return n.setMapper(t), e.getPointData().getScalars().getNumberOfComponents() > 1 && n.getProperty().setIndependentComponents(!1), n;
		}, this.getNumberOfSlices = () => this.imageIds.length, this.getDefaultProperties = (e) => {
			let t;
			return e !== void 0 && (t = this.perImageIdDefaultProperties.get(e)), t === void 0 ? { ...this.globalDefaultProperties } : t;
		}, this.getProperties = () => {
			let { colormap: e, voiRange: t, VOILUTFunction: n, interpolationType: r, invert: i, voiUpdatedWithSetProperties: a } = this;
			return {
				colormap: e,
				voiRange: t,
				VOILUTFunction: n,
				interpolationType: r,
				invert: i,
				isComputedVOI: !a,
				sharpening: this.sharpening,
				smoothing: this.smoothing
			};
		}, this.resetCameraForResize = () => this.resetCamera({
			resetPan: !0,
			resetZoom: !0,
			resetToCenter: !0,
			resetAspectRatio: !0,
			suppressEvents: !0
		}), this.getRotationCPU = () => {
			let { viewport: e } = this._cpuFallbackEnabledElement;
			return e.rotation;
		}, this.getRotationGPU = () => {
			let { viewUp: e, viewPlaneNormal: t, flipVertical: n, flipHorizontal: r } = this.getCameraNoRotation(), i = qh(this.initialViewUp, r, n, t), a = qr(i, e) * 180 / Math.PI;
			return L(Gr(I(), i, e), t) >= 0 ? a : (360 - a) % 360;
		}, this.setRotation = (e) => {
			let t = this.getCamera();
			if (this.useCPURendering ? this.setRotationCPU(e) : this.setRotationGPU(e), this._suppressCameraModifiedEvents) return;
			let n = {
				previousCamera: t,
				camera: this.getCamera(),
				element: this.element,
				viewportId: this.id,
				renderingEngineId: this.renderingEngineId
			};
			P(this.element, j.CAMERA_MODIFIED, n);
		}, this.renderImageObject = (e) => {
			this._setCSImage(e), (this.useCPURendering ? this._updateToDisplayImageCPU : this._updateActorToDisplayImageId).call(this, e);
		}, this._setCSImage = (e) => {
			e.isPreScaled = e.preScale?.scaled, this.csImage = e;
		}, this.canvasToWorldCPU = (e, t = [
			0,
			0,
			0
		]) => {
			if (!this._cpuFallbackEnabledElement.image) return;
			let [n, r] = uh(this._cpuFallbackEnabledElement, Sh(e)), { origin: i, spacing: a, direction: o } = this.getImageData(), s = o.slice(0, 3), c = o.slice(3, 6);
			return Br(t, i, s, n * a[0]), Br(t, t, c, r * a[1]), t;
		}, this.worldToCanvasCPU = (e) => {
			let { spacing: t, direction: n, origin: r } = this.getImageData(), i = n.slice(0, 3), a = n.slice(3, 6), o = Rr(I(), e, r), s = [L(o, i) / t[0], L(o, a) / t[1]];
			return xh(yh(this._cpuFallbackEnabledElement, s));
		}, this.canvasToWorldGPUContextPool = (e) => {
			let t = this.getRenderer(), n = this.getVtkActiveCamera(), r = n.getClippingRange(), i = n.getDistance();
			n.setClippingRange(i, i + .1);
			let a = window.devicePixelRatio || 1, { width: o, height: s } = this.getRenderedCanvasSize(), c = o / s, l = [e[0] * a, e[1] * a], [u, d, f, p] = t.getViewport(), m = f - u, h = p - d, g = [
				u + l[0] / o * m,
				d + (1 - l[1] / s) * h,
				0
			], _ = t.normalizedDisplayToProjection(g[0], g[1], g[2]), v = t.projectionToView(_[0], _[1], _[2], c), y = t.viewToWorld(v[0], v[1], v[2]);
			return n.setClippingRange(r[0], r[1]), [
				y[0],
				y[1],
				y[2]
			];
		}, this.canvasToWorldGPUTiled = (e) => {
			let t = this.getRenderer(), n = this.getVtkActiveCamera(), r = n.getClippingRange(), i = n.getDistance();
			n.setClippingRange(i, i + .1);
			let a = this.getRenderingEngine().offscreenMultiRenderWindow.getOpenGLRenderWindow(), o = a.getSize(), s = window.devicePixelRatio || 1, c = [e[0] * s, e[1] * s], l = [c[0] + this.sx, c[1] + this.sy];
			l[1] = o[1] - l[1];
			let u = a.displayToWorld(l[0], l[1], 0, t);
			return n.setClippingRange(r[0], r[1]), [
				u[0],
				u[1],
				u[2]
			];
		}, this.worldToCanvasGPUContextPool = (e) => {
			let t = this.getRenderer(), n = this.getVtkActiveCamera(), r = n.getClippingRange(), i = n.getDistance();
			n.setClippingRange(i, i + .1);
			let a = window.devicePixelRatio || 1, { width: o, height: s } = this.getRenderedCanvasSize(), c = o / s, l = t.worldToView(e[0], e[1], e[2]), u = t.viewToProjection(l[0], l[1], l[2], c), d = t.projectionToNormalizedDisplay(u[0], u[1], u[2]), [f, p, m, h] = t.getViewport(), g = m - f, _ = h - p, v = (d[0] - f) / g * o, y = (1 - (d[1] - p) / _) * s;
			return n.setClippingRange(r[0], r[1]), [v / a, y / a];
		}, this.worldToCanvasGPUTiled = (e) => {
			let t = this.getRenderer(), n = this.getVtkActiveCamera(), r = n.getClippingRange(), i = n.getDistance();
			n.setClippingRange(i, i + .1);
			let a = this.getRenderingEngine().offscreenMultiRenderWindow.getOpenGLRenderWindow(), o = a.getSize(), s = a.worldToDisplay(...e, t);
			s[1] = o[1] - s[1];
			let c = [s[0] - this.sx, s[1] - this.sy];
			n.setClippingRange(r[0], r[1]);
			let l = window.devicePixelRatio || 1;
			return [c[0] / l, c[1] / l];
		}, this.getCurrentImageIdIndex = () => this.currentImageIdIndex, this.getSliceIndex = () => this.currentImageIdIndex, this.getTargetImageIdIndex = () => this.targetImageIdIndex, this.getImageIds = () => this.imageIds, this.getCurrentImageId = (e = this.getCurrentImageIdIndex()) => this.imageIds[e], this.hasImageId = (e) => this.imageKeyToIndexMap.has(e), this.hasImageURI = (e) => this.imageKeyToIndexMap.has(e), this.customRenderViewportToCanvas = () => {
			if (!this.useCPURendering) throw Error("Custom cpu rendering pipeline should only be hit in CPU rendering mode");
			return this._cpuFallbackEnabledElement.image ? (sh(this._cpuFallbackEnabledElement, this.cpuRenderingInvalidated), this.cpuRenderingInvalidated = !1) : this.fillWithBackgroundColor(), {
				canvas: this.canvas,
				element: this.element,
				viewportId: this.id,
				renderingEngineId: this.renderingEngineId,
				viewportStatus: this.viewportStatus
			};
		}, this.renderingPipelineFunctions = {
			getImageData: {
				cpu: this.getImageDataCPU,
				gpu: this.getImageDataGPU
			},
			setColormap: {
				cpu: this.setColormapCPU,
				gpu: this.setColormapGPU
			},
			getCamera: {
				cpu: this.getCameraCPU,
				gpu: super.getCamera
			},
			setCamera: {
				cpu: this.setCameraCPU,
				gpu: super.setCamera
			},
			getPan: {
				cpu: this.getPanCPU,
				gpu: super.getPan
			},
			setPan: {
				cpu: this.setPanCPU,
				gpu: super.setPan
			},
			getZoom: {
				cpu: this.getZoomCPU,
				gpu: super.getZoom
			},
			setZoom: {
				cpu: this.setZoomCPU,
				gpu: super.setZoom
			},
			getAspectRatio: {
				cpu: this.getAspectRatioCPU,
				gpu: super.getAspectRatio
			},
			setAspectRatio: {
				cpu: this.setAspectRatioCPU,
				gpu: super.setAspectRatio
			},
			setVOI: {
				cpu: this.setVOICPU,
				gpu: this.setVOIGPU
			},
			getRotation: {
				cpu: this.getRotationCPU,
				gpu: this.getRotationGPU
			},
			setInterpolationType: {
				cpu: this.setInterpolationTypeCPU,
				gpu: this.setInterpolationTypeGPU
			},
			setInvertColor: {
				cpu: this.setInvertColorCPU,
				gpu: this.setInvertColorGPU
			},
			resetCamera: {
				cpu: (e = {}) => {
					let { resetPan: t = !0, resetZoom: n = !0, resetAspectRatio: r = !0 } = e;
					return this.resetCameraCPU({
						resetPan: t,
						resetZoom: n,
						resetAspectRatio: r
					}), !0;
				},
				gpu: (e = {}) => (this.resetCameraGPU(e), !0)
			},
			canvasToWorld: {
				cpu: this.canvasToWorldCPU,
				gpu: {
					tiled: this.canvasToWorldGPUTiled,
					contextPool: this.canvasToWorldGPUContextPool
				}
			},
			worldToCanvas: {
				cpu: this.worldToCanvasCPU,
				gpu: {
					tiled: this.worldToCanvasGPUTiled,
					contextPool: this.worldToCanvasGPUContextPool
				}
			},
			getRenderer: {
				cpu: () => this.getCPUFallbackError("getRenderer"),
				gpu: {
					tiled: this.getRendererTiled,
					contextPool: this.getRendererContextPool
				}
			},
			getDefaultActor: {
				cpu: () => this.getCPUFallbackError("getDefaultActor"),
				gpu: super.getDefaultActor
			},
			getActors: {
				cpu: () => this.getCPUFallbackError("getActors"),
				gpu: super.getActors
			},
			getActor: {
				cpu: () => this.getCPUFallbackError("getActor"),
				gpu: super.getActor
			},
			setActors: {
				cpu: () => this.getCPUFallbackError("setActors"),
				gpu: super.setActors
			},
			addActors: {
				cpu: () => this.getCPUFallbackError("addActors"),
				gpu: super.addActors
			},
			addActor: {
				cpu: () => this.getCPUFallbackError("addActor"),
				gpu: super.addActor
			},
			removeAllActors: {
				cpu: () => this.getCPUFallbackError("removeAllActors"),
				gpu: super.removeAllActors
			},
			unsetColormap: {
				cpu: this.unsetColormapCPU,
				gpu: this.unsetColormapGPU
			}
		}, this.scaling = {}, this.modality = null, this.useCPURendering = In(), this._configureRenderingPipeline(), this.useCPURendering ? this._resetCPUFallbackElement() : this._resetGPUViewport(), this.currentImageIdIndex = 0, this.targetImageIdIndex = 0, this.resetCamera(), this.initializeElementDisabledHandler();
	}
	setUseCPURendering(e) {
		this.useCPURendering = e, this._configureRenderingPipeline(e);
	}
	static get useCustomRenderingPipeline() {
		return In();
	}
	_configureRenderingPipeline(e) {
		let t = Jh();
		this.useCPURendering = e ?? In();
		for (let e in this.renderingPipelineFunctions) if (Object.prototype.hasOwnProperty.call(this.renderingPipelineFunctions, e)) {
			let n = this.renderingPipelineFunctions[e];
			this[e] = this.useCPURendering ? n.cpu : typeof n.gpu == "object" && n.gpu.tiled && n.gpu.contextPool ? t ? n.gpu.contextPool : n.gpu.tiled : n.gpu;
		}
		this.useCPURendering ? this._resetCPUFallbackElement() : this._resetGPUViewport();
	}
	_resetCPUFallbackElement() {
		this._cpuFallbackEnabledElement = {
			canvas: this.canvas,
			renderingTools: {},
			transform: new $p(),
			viewport: {
				rotation: 0,
				aspectRatio: [1, 1]
			}
		};
	}
	_resetGPUViewport() {
		let e = this.getRenderer(), t = Fu.newInstance();
		e.setActiveCamera(t);
		let n = [
			0,
			0,
			-1
		];
		this.initialViewUp = [
			0,
			-1,
			0
		], t.setDirectionOfProjection(-n[0], -n[1], -n[2]), t.setViewUp(...this.initialViewUp), t.setParallelProjection(!0), t.setThicknessFromFocalPoint(.1), t.setFreezeFocalPoint(!0);
	}
	shouldUseCustomRenderPass() {
		return !this.useCPURendering;
	}
	initializeElementDisabledHandler() {
		let e = (t) => {
			t.detail?.element === this.element && (clearTimeout(this.debouncedTimeout), N.removeEventListener(j.ELEMENT_DISABLED, e));
		};
		N.addEventListener(j.ELEMENT_DISABLED, e);
	}
	getImageDataGPU() {
		let e = this.getDefaultActor();
		if (!e || !Kf(e)) return;
		let { actor: t } = e, n = t.getMapper().getInputData(), r = this.csImage;
		return {
			dimensions: n.getDimensions(),
			spacing: n.getSpacing(),
			origin: n.getOrigin(),
			direction: n.getDirection(),
			get scalarData() {
				return r?.voxelManager.getScalarData();
			},
			imageData: t.getMapper().getInputData(),
			metadata: {
				Modality: this.modality,
				FrameOfReferenceUID: this.getFrameOfReferenceUID()
			},
			scaling: this.scaling,
			hasPixelSpacing: this.hasPixelSpacing,
			calibration: {
				...r?.calibration,
				...this.calibration
			},
			preScale: { ...r?.preScale },
			voxelManager: r?.voxelManager
		};
	}
	getImageDataCPU() {
		let { metadata: e } = this._cpuFallbackEnabledElement;
		if (!e) return;
		let t = e.spacing, n = this.csImage;
		return {
			dimensions: e.dimensions,
			spacing: t,
			origin: e.origin,
			direction: e.direction,
			metadata: {
				Modality: this.modality,
				FrameOfReferenceUID: this.getFrameOfReferenceUID()
			},
			scaling: this.scaling,
			imageData: {
				getDirection: () => e.direction,
				getDimensions: () => e.dimensions,
				getScalarData: () => this.cpuImagePixelData,
				getSpacing: () => t,
				worldToIndex: (e) => {
					let t = this.worldToCanvasCPU(e), n = uh(this._cpuFallbackEnabledElement, Sh(t));
					return [
						n[0],
						n[1],
						0
					];
				},
				indexToWorld: (e, t) => {
					let n = yh(this._cpuFallbackEnabledElement, [e[0], e[1]]);
					return this.canvasToWorldCPU(xh(n), t);
				}
			},
			scalarData: this.cpuImagePixelData,
			hasPixelSpacing: this.hasPixelSpacing,
			calibration: {
				...n?.calibration,
				...this.calibration
			},
			preScale: { ...n?.preScale },
			voxelManager: n?.voxelManager
		};
	}
	calibrateIfNecessary(e, t) {
		let n = Xn("calibratedPixelSpacing", e), r = this.calibration !== n, i = n?.scale;
		return this.hasPixelSpacing = i > 0 || !t.usingDefaultValues && t.rowPixelSpacing > 0, t.calibration = n, r && (this.calibration = n, this._publishCalibratedEvent = !0, this._calibrationEvent = {
			scale: i,
			calibration: n
		}), t;
	}
	setDefaultProperties(e, t) {
		t == null ? this.globalDefaultProperties = e : (this.perImageIdDefaultProperties.set(t, e), this.getCurrentImageId() === t && this.setProperties(e));
	}
	clearDefaultProperties(e) {
		e == null ? (this.globalDefaultProperties = {}, this.resetProperties()) : (this.perImageIdDefaultProperties.delete(e), this.resetToDefaultProperties());
	}
	setProperties({ colormap: e, voiRange: t, VOILUTFunction: n, invert: r, interpolationType: i, sharpening: a, smoothing: o } = {}, s = !1) {
		this.viewportStatus = this.csImage ? Pt.PRE_RENDER : Pt.LOADING, this.globalDefaultProperties = {
			colormap: this.globalDefaultProperties.colormap ?? e,
			voiRange: this.globalDefaultProperties.voiRange ?? t,
			VOILUTFunction: this.globalDefaultProperties.VOILUTFunction ?? n,
			invert: this.globalDefaultProperties.invert ?? r,
			interpolationType: this.globalDefaultProperties.interpolationType ?? i,
			sharpening: this.globalDefaultProperties.sharpening ?? a,
			smoothing: this.globalDefaultProperties.smoothing ?? o
		}, e !== void 0 && this.setColormap(e), t !== void 0 && this.setVOI(t, {
			suppressEvents: s,
			voiUpdatedWithSetProperties: !0
		}), n !== void 0 && this.setVOILUTFunction(n, s), r !== void 0 && this.setInvertColor(r), i !== void 0 && this.setInterpolationType(i), a !== void 0 && this.setSharpening(a), o !== void 0 && this.setSmoothing(o);
	}
	resetProperties() {
		this.cpuRenderingInvalidated = !0, this.voiUpdatedWithSetProperties = !1, this.viewportStatus = Pt.PRE_RENDER, this.fillWithBackgroundColor(), this.useCPURendering && (this._cpuFallbackEnabledElement.renderingTools = {}), this._resetProperties(), this.render();
	}
	_resetProperties() {
		let e;
		if (e = this._isCurrentImagePTPrescaled() ? this._getDefaultPTPrescaledVOIRange() : this._getVOIRangeForCurrentImage(), this.setVOI(e), this.setInvertColor(this.initialInvert), this.setInterpolationType(Se.LINEAR), !this.useCPURendering) {
			let e = this.getTransferFunction();
			mp(e, this.initialTransferFunctionNodes);
			let t = fp(pp(e).reduce((e, t) => (e.push(t[0], t[1], t[2], t[3]), e), []), this.getDefaultActor().actor);
			this.setColormap(t);
		}
	}
	resetToDefaultProperties() {
		this.cpuRenderingInvalidated = !0, this.viewportStatus = Pt.PRE_RENDER, this.fillWithBackgroundColor(), this.useCPURendering && (this._cpuFallbackEnabledElement.renderingTools = {});
		let e = this.getCurrentImageId(), t = this.perImageIdDefaultProperties.get(e) || this.globalDefaultProperties;
		t.colormap?.name && this.setColormap(t.colormap);
		let n;
		n = t.voiRange == null ? this._getVOIRangeForCurrentImage() : t.voiRange, this.setVOI(n), this.setInterpolationType(Se.LINEAR), this.setInvertColor(!1), this.render();
	}
	_getVOIFromCache() {
		let e;
		return e = this.voiUpdatedWithSetProperties ? this.voiRange : this._isCurrentImagePTPrescaled() ? this._getDefaultPTPrescaledVOIRange() : this._getVOIRangeForCurrentImage() ?? this.voiRange, e;
	}
	_setPropertiesFromCache() {
		let e = this._getVOIFromCache(), { colormap: t, VOILUTFunction: n, interpolationType: r, invert: i, sharpening: a, smoothing: o } = this.getProperties();
		n !== void 0 && this.setVOILUTFunction(n, !0), this.setVOI(e), t !== void 0 && (this.setColormap(t), this.invert = !1), this.setInterpolationType(r), this.setInvertColor(i), a !== void 0 && this.setSharpening(a), o !== void 0 && this.setSmoothing(o);
	}
	getCameraCPU() {
		let { metadata: e, viewport: t } = this._cpuFallbackEnabledElement;
		if (!e) return {};
		let { direction: n } = e, r = n.slice(6, 9).map((e) => -e), i = n.slice(3, 6).map((e) => -e);
		if (t.rotation) {
			let e = wr(dr(), t.rotation * Math.PI / 180, r);
			i = R(I(), i, e);
		}
		let a = [this.element.clientWidth / 2, this.element.clientHeight / 2];
		return {
			parallelProjection: !0,
			focalPoint: this.canvasToWorld(a),
			position: [
				0,
				0,
				0
			],
			parallelScale: Vr(this.canvasToWorld([0, 0]), this.canvasToWorld([0, this.element.clientHeight])) / 2,
			scale: t.scale,
			viewPlaneNormal: [
				r[0],
				r[1],
				r[2]
			],
			aspectRatio: t.aspectRatio ?? [1, 1],
			viewUp: [
				i[0],
				i[1],
				i[2]
			],
			flipHorizontal: this.flipHorizontal,
			flipVertical: this.flipVertical
		};
	}
	setAspectRatioForViewport(e) {
		let { viewport: t } = this._cpuFallbackEnabledElement;
		t.aspectRatio = e;
	}
	getFitParallelScaleCPU(e) {
		let { image: t } = this._cpuFallbackEnabledElement, { clientWidth: n, clientHeight: r } = this.element, { rowPixelSpacing: i, columnPixelSpacing: a, width: o, height: s } = t, c = n / r, l = r * i * .5, u = o * a * e, d = s * i;
		if (u / d > c) return l / (n / u);
		let f = d * .5;
		return e < 1 ? f / e : f;
	}
	setCameraCPU(e) {
		let { viewport: t, image: n } = this._cpuFallbackEnabledElement, r = this.getCameraCPU(), { focalPoint: i, parallelScale: a, scale: o, flipHorizontal: s, flipVertical: c, aspectRatio: l } = e, { clientHeight: u } = this.element;
		if (i) {
			let e = this.worldToCanvasCPU(i), n = uh(this._cpuFallbackEnabledElement, Sh(e)), a = this.worldToCanvasCPU(r.focalPoint), o = uh(this._cpuFallbackEnabledElement, Sh(a)), s = fi();
			hi(s, pi(n[0], n[1]), pi(o[0], o[1]));
			let c = Vh({
				x: s[0],
				y: s[1]
			}, t);
			t.translation.x -= c.x, t.translation.y -= c.y;
		}
		if (a) {
			let { rowPixelSpacing: e } = n;
			t.scale = u * e * .5 / a, t.parallelScale = a;
		}
		if (o) {
			let { rowPixelSpacing: e } = n;
			t.scale = o, t.parallelScale = u * e * .5 / o;
		}
		l && this.setAspectRatioForViewport(l), (s !== void 0 || c !== void 0) && this.setFlipCPU({
			flipHorizontal: s,
			flipVertical: c
		}), this._cpuFallbackEnabledElement.transform = tm(this._cpuFallbackEnabledElement);
		let d = {
			previousCamera: r,
			camera: this.getCamera(),
			element: this.element,
			viewportId: this.id,
			renderingEngineId: this.renderingEngineId
		};
		P(this.element, j.CAMERA_MODIFIED, d);
	}
	getPanCPU() {
		let { viewport: e } = this._cpuFallbackEnabledElement;
		return [e.translation?.x ?? 0, e.translation?.y ?? 0];
	}
	setPanCPU(e) {
		let t = this.getCameraCPU();
		this.setCameraCPU({
			...t,
			focalPoint: [...e.map((e) => -e), 0]
		});
	}
	getZoomCPU() {
		let { viewport: e } = this._cpuFallbackEnabledElement;
		return e.scale;
	}
	setZoomCPU(e) {
		let t = this.getCameraCPU();
		this.setCameraCPU({
			...t,
			scale: e
		});
	}
	getAspectRatioCPU() {
		let { aspectRatio: e } = this.getCameraCPU();
		return e ?? this.options?.aspectRatio ?? [1, 1];
	}
	setAspectRatioCPU(e, t = {}) {
		let { fit: n = !1, storeAsInitialCamera: r = !1 } = t, i = this.getCameraCPU();
		r && (this.options.aspectRatio = e), this.setCameraCPU({
			...i,
			aspectRatio: e
		}), n && this.resetCameraCPU({
			resetPan: !1,
			resetZoom: !0,
			resetAspectRatio: !1
		});
	}
	setFlipCPU({ flipHorizontal: e, flipVertical: t }) {
		let { viewport: n } = this._cpuFallbackEnabledElement;
		e !== void 0 && (n.hflip = e, this.flipHorizontal = n.hflip), t !== void 0 && (n.vflip = t, this.flipVertical = n.vflip);
	}
	setVOILUTFunction(e, t) {
		if (this.useCPURendering) throw Error("VOI LUT function is not supported in CPU rendering");
		let n = this._getValidVOILUTFunction(e), r = !1;
		this.VOILUTFunction !== n && (r = !0), this.VOILUTFunction = n;
		let { voiRange: i } = this.getProperties();
		this.setVOI(i, {
			suppressEvents: t,
			forceRecreateLUTFunction: r
		});
	}
	setRotationCPU(e) {
		let { viewport: t } = this._cpuFallbackEnabledElement;
		t.rotation = e;
	}
	setRotationGPU(e) {
		let t = this.getPan(this.fitToCanvasCamera), n = gi([0, 0], t, this.getPan());
		this.setPan(n, !1);
		let { flipVertical: r, flipHorizontal: i, viewPlaneNormal: a } = this.getCamera(), o = qh(this.initialViewUp, i, r, a);
		this.setCameraNoEvent({ viewUp: o }), this.getVtkActiveCamera().roll(-e);
		let s = mi([0, 0], t, gi([0, 0], this.getPan(), this.getPan(this.fitToCanvasCamera)));
		this.setPan(s, !1);
	}
	setInterpolationTypeGPU(e) {
		let t = this.getDefaultActor();
		if (!t || !Kf(t)) return;
		let { actor: n } = t;
		n.getProperty().setInterpolationType(e), this.interpolationType = e;
	}
	setInterpolationTypeCPU(e) {
		let { viewport: t } = this._cpuFallbackEnabledElement;
		t.pixelReplication = e !== Se.LINEAR, this.interpolationType = e;
	}
	setInvertColorCPU(e) {
		let { viewport: t } = this._cpuFallbackEnabledElement;
		t && (t.invert = e, this.invert = e);
	}
	setInvertColorGPU(e) {
		let t = this.getDefaultActor();
		if (t && Kf(t)) {
			if (qf(t, "vtkVolume")) {
				let n = t.actor.getProperty().getRGBTransferFunction(0);
				(!this.invert && e || this.invert && !e) && xp(n), this.invert = e;
			} else if (qf(t, "vtkImageSlice")) {
				let n = t.actor.getProperty().getRGBTransferFunction(0);
				(!this.invert && e || this.invert && !e) && xp(n), this.invert = e;
			}
		}
	}
	setVOICPU(e, t = {}) {
		let { suppressEvents: n = !1 } = t, { viewport: r, image: i } = this._cpuFallbackEnabledElement;
		if (!r || !i) return;
		if (e === void 0) {
			let { windowWidth: t, windowCenter: n } = i, a = Array.isArray(t) ? t[0] : t, o = Array.isArray(n) ? n[0] : n;
			r.voi = {
				windowWidth: a,
				windowCenter: o,
				voiLUTFunction: i.voiLUTFunction
			};
			let { lower: s, upper: c } = Tp(a, o, i.voiLUTFunction);
			e = {
				lower: s,
				upper: c
			};
		} else {
			let { lower: t, upper: n } = e, { windowCenter: a, windowWidth: o } = gp(t, n);
			r.voi ||= {
				windowWidth: 0,
				windowCenter: 0,
				voiLUTFunction: i.voiLUTFunction
			}, r.voi.windowWidth = o, r.voi.windowCenter = a;
		}
		this.voiRange = e;
		let a = {
			viewportId: this.id,
			range: e
		};
		n || P(this.element, j.VOI_MODIFIED, a);
	}
	getTransferFunction() {
		let e = this.getDefaultActor();
		if (e && Kf(e)) return e.actor.getProperty().getRGBTransferFunction(0);
	}
	setVOIGPU(e, t = {}) {
		let { suppressEvents: n = !1, forceRecreateLUTFunction: r = !1, voiUpdatedWithSetProperties: i = !1 } = t;
		if (e && this.voiRange && this.voiRange.lower === e.lower && this.voiRange.upper === e.upper && !r && !this.stackInvalidated) return;
		let a = this.getDefaultActor();
		if (!a || !Kf(a)) return;
		let o = a.actor, s = e;
		if (s === void 0) {
			let e = o.getMapper().getInputData().getPointData().getScalars().getRange();
			s = {
				lower: e[0],
				upper: e[1]
			};
		}
		o.getProperty().setUseLookupTableScalarRange(!0);
		let c = o.getProperty().getRGBTransferFunction(0), l = this.VOILUTFunction === Ee.SAMPLED_SIGMOID;
		if ((l || !c || r) && (c = (l ? yp : vp)(s), this.invert && xp(c), o.getProperty().setRGBTransferFunction(0, c), this.initialTransferFunctionNodes = pp(c)), l || c.setRange(s.lower, s.upper), this.voiRange = s, this.voiUpdatedWithSetProperties ||= i, n) return;
		let u = {
			viewportId: this.id,
			range: s,
			VOILUTFunction: this.VOILUTFunction
		};
		P(this.element, j.VOI_MODIFIED, u);
	}
	_addScalingToViewport(e) {
		if (this.scaling.PT) return;
		let { suvbw: t, suvlbm: n, suvbsa: r } = e, i = {};
		n && (i.suvbwToSuvlbm = n / t), r && (i.suvbwToSuvbsa = r / t), this.scaling.PT = i;
	}
	getImageDataMetadata(e) {
		let t = e.imageId, { numberOfComponents: n, origin: r, direction: i, dimensions: a, spacing: o, numVoxels: s, imagePixelModule: c, voiLUTFunction: l, modality: u, scalingFactor: d, calibration: f } = If(e);
		u === "PT" && d && this._addScalingToViewport(d), this.modality = u;
		let p = this._getValidVOILUTFunction(l);
		this.VOILUTFunction = p, this.calibration = f;
		let m = this._getImagePlaneModule(t);
		return this.useCPURendering || (m = this.calibrateIfNecessary(t, m)), {
			bitsAllocated: c.bitsAllocated,
			numberOfComponents: n,
			origin: r,
			direction: i,
			dimensions: a,
			spacing: o,
			numVoxels: s,
			imagePlaneModule: m,
			imagePixelModule: c
		};
	}
	matchImagesForOverlay(e, t) {
		return ((e) => {
			let n = Xn(Lt.IMAGE_PLANE, t), r = Xn(Lt.IMAGE_PLANE, e), i = n.imageOrientationPatient, a = r.imageOrientationPatient;
			if (i && a) {
				if (He(n.imageOrientationPatient, r.imageOrientationPatient)) {
					let t = n.imagePositionPatient, i = r.imagePositionPatient;
					if (t && i && He(t, i)) {
						let t = n.rows, i = n.columns, a = r.rows, o = r.columns;
						if (t === a && i === o) return e;
					}
				}
			} else {
				let t = n.rows, i = n.columns, a = r.rows, o = r.columns;
				if (t === a && i === o) return e;
			}
		})(e);
	}
	getImagePlaneReferenceData(e = this.getCurrentImageIdIndex()) {
		let t = this.imageIds[e];
		if (!t) return;
		let n = Xn(Lt.IMAGE_PLANE, t);
		if (!n) return;
		let { imagePositionPatient: r, frameOfReferenceUID: i } = n, { rowCosines: a, columnCosines: o } = n;
		return a ||= [
			1,
			0,
			0
		], o ||= [
			0,
			1,
			0
		], {
			FrameOfReferenceUID: i,
			viewPlaneNormal: Gr([
				0,
				0,
				0
			], o, a),
			cameraFocalPoint: r,
			referencedImageId: t,
			sliceIndex: e
		};
	}
	_getCameraOrientation(e) {
		let t = e.slice(6, 9).map((e) => -e), n = e.slice(3, 6).map((e) => -e);
		return {
			viewPlaneNormal: [
				t[0],
				t[1],
				t[2]
			],
			viewUp: [
				n[0],
				n[1],
				n[2]
			]
		};
	}
	createVTKImageData({ origin: e, direction: t, dimensions: n, spacing: r, numberOfComponents: i, pixelArray: a }) {
		return ch({
			origin: e,
			direction: t,
			dimensions: n,
			spacing: r,
			numberOfComponents: i,
			pixelArray: new a.constructor(a.length)
		});
	}
	_createVTKImageData({ origin: e, direction: t, dimensions: n, spacing: r, numberOfComponents: i, pixelArray: a }) {
		try {
			this._imageData = this.createVTKImageData({
				origin: e,
				direction: t,
				dimensions: n,
				spacing: r,
				numberOfComponents: i,
				pixelArray: a
			});
		} catch (e) {
			Yh.error(e);
		}
	}
	async setStack(e, t = 0) {
		if (this._throwIfDestroyed(), this.clearDisplaySets(), this.imageIds = e, t > e.length) throw Error("Current image index is greater than the number of images in the stack");
		this.imageKeyToIndexMap.clear(), e.forEach((e, t) => {
			this.imageKeyToIndexMap.set(e, t), this.imageKeyToIndexMap.set(Bn(e), t);
		}), this.currentImageIdIndex = t, this.targetImageIdIndex = t;
		let n = Xn(wp.IMAGE_RETRIEVE_CONFIGURATION, e[t], "stack");
		this.imagesLoader = n ? (n.create || Bh)(n) : this, this.stackInvalidated = !0, this.flipVertical = !1, this.flipHorizontal = !1, this.voiRange = null, this.interpolationType = Se.LINEAR, this.invert = !1, this.viewportStatus = Pt.LOADING, this.fillWithBackgroundColor(), this.useCPURendering && (this._cpuFallbackEnabledElement.renderingTools = {}, delete this._cpuFallbackEnabledElement.viewport.colormap);
		let r = await this._setImageIdIndex(t), i = {
			imageIds: e,
			viewportId: this.id,
			element: this.element,
			currentImageIdIndex: t
		};
		return P(this.element, j.VIEWPORT_NEW_IMAGE_SET, i), r;
	}
	async setDisplaySets(...e) {
		await this.mountDisplaySets(e, async (e) => {
			let t = Hf(e.displaySetId);
			if (!t?.imageIds?.length) throw Error(`[StackViewport] No registered imageIds for display set ${e.displaySetId}`);
			let n = typeof t.initialImageIdIndex == "number" ? t.initialImageIdIndex : 0;
			await this.setStack(t.imageIds, n);
		});
	}
	_throwIfDestroyed() {
		if (this.isDisabled) throw Error("The stack viewport has been destroyed and is no longer usable. Renderings will not be performed. If you are using the same viewportId and have re-enabled the viewport, you need to grab the new viewport instance using renderingEngine.getViewport(viewportId), instead of using your lexical scoped reference to the viewport instance.");
	}
	_checkVTKImageDataMatchesCornerstoneImage(e, t) {
		if (!t) return !1;
		let [n, r] = t.getSpacing(), [i, a] = t.getDimensions(), o = this._getImagePlaneModule(e.imageId), s = t.getDirection(), c = s.slice(0, 3), l = s.slice(3, 6), u = t.getPointData().getScalars().getDataType(), d = He(n, e.columnPixelSpacing), f = He(r, e.rowPixelSpacing), p = d || e.columnPixelSpacing === null && n === 1, m = f || e.rowPixelSpacing === null && r === 1, h = i === e.columns, g = a === e.rows, _ = He(o.rowCosines, c), v = He(o.columnCosines, l), y = u === e.voxelManager.getScalarData().constructor.name;
		return p && m && h && g && _ && v && y;
	}
	_updateVTKImageDataFromCornerstoneImage(e) {
		let t = this._getImagePlaneModule(e.imageId).imagePositionPatient;
		t ??= [
			0,
			0,
			0
		], this._imageData.setOrigin(t);
		let n = this.getActor(this.id);
		n && (n.referencedId = e.imageId), bp(this._imageData, e);
	}
	_loadAndDisplayImage(e, t) {
		return this.useCPURendering ? this._loadAndDisplayImageCPU(e, t) : this._loadAndDisplayImageGPU(e, t);
	}
	_loadAndDisplayImageCPU(e, t) {
		return new Promise((n, r) => {
			function i(e, t, r) {
				if (this.currentImageIdIndex !== t) return;
				let i = e.voxelManager.getScalarData(), a = e.preScale, o = a?.scalingParameters, s = a?.scaled && o?.rescaleIntercept % 1 != 0 || o?.rescaleSlope % 1 != 0;
				if (i instanceof Float32Array && s) {
					let t = {
						min: e.minPixelValue,
						max: e.maxPixelValue
					}, n = Math.abs(t.max - t.min) / 65535, r = t.min, a = i.length, o = new Uint16Array(a), s = 65535, c = 0;
					for (let e = 0; e < a; e++) {
						let t = Math.max(0, Math.min(65535, Math.floor((i[e] - r) / n)));
						o[e] = t, s = Math.min(s, t), c = Math.max(c, t);
					}
					e.minPixelValue = s, e.maxPixelValue = c, e.slope = n, e.intercept = r, e.voxelManager ? e.voxelManager.getScalarData = () => o : e.getPixelData = () => o, e.preScale = {
						...e.preScale,
						scaled: !1
					};
				}
				this._setCSImage(e), this.viewportStatus = Pt.PRE_RENDER;
				let c = {
					image: e,
					imageId: r,
					imageIdIndex: t,
					viewportId: this.id,
					renderingEngineId: this.renderingEngineId
				};
				P(this.element, j.STACK_NEW_IMAGE, c), this._updateToDisplayImageCPU(e), this.render(), this.currentImageIdIndex = t, n(r);
			}
			function a(e, t, n) {
				let i = {
					error: e,
					imageIdIndex: t,
					imageId: n
				};
				this.suppressEvents || P(N, j.IMAGE_LOAD_ERROR, i), r(e);
			}
			function o(e, t, n) {
				return zi(e, n).then((n) => {
					i.call(this, n, t, e);
				}, (n) => {
					a.call(this, n, t, e);
				});
			}
			let s = M.Interaction, c = {
				imageId: e,
				imageIdIndex: t
			}, l = {
				useRGBA: !0,
				requestType: s
			}, u = {
				imageId: e,
				imageIdIndex: t,
				viewportId: this.id,
				renderingEngineId: this.renderingEngineId
			};
			P(this.element, j.PRE_STACK_NEW_IMAGE, u), Mi.addRequest(o.bind(this, e, t, l), s, c, -5);
		});
	}
	successCallback(e, t) {
		let n = this.imageIds.indexOf(e);
		if (this.currentImageIdIndex !== n) return;
		let r = this.csImage?.imageFrame, i = t?.imageFrame;
		(r?.photometricInterpretation || this.csImage?.photometricInterpretation) !== (i?.photometricInterpretation || t?.photometricInterpretation) && (this.stackInvalidated = !0), this._setCSImage(t);
		let a = {
			image: t,
			imageId: e,
			imageIdIndex: n,
			viewportId: this.id,
			renderingEngineId: this.renderingEngineId
		};
		this._updateActorToDisplayImageId(t), P(this.element, j.STACK_NEW_IMAGE, a), this.render(), this.currentImageIdIndex = n;
	}
	errorCallback(e, t, n) {
		if (!t) return;
		let r = {
			error: n,
			imageIdIndex: this.imageIds.indexOf(e),
			imageId: e
		};
		P(N, j.IMAGE_LOAD_ERROR, r);
	}
	getLoaderImageOptions(e) {
		let t = this.imageIds.indexOf(e), { transferSyntaxUID: n } = Xn(Lt.TRANSFER_SYNTAX, e) || {};
		return {
			useRGBA: !1,
			transferSyntaxUID: n,
			priority: 5,
			requestType: M.Interaction,
			additionalDetails: {
				imageId: e,
				imageIdIndex: t
			}
		};
	}
	async loadImages(e, t) {
		let n = await Promise.allSettled(e.map((e) => zi(e, this.getLoaderImageOptions(e)).then((n) => (t.successCallback(e, n), e), (n) => (t.errorCallback(e, !0, n), e)))), r = n.filter((e) => e.status === "rejected");
		if (r && r.length) {
			let e = new CustomEvent(j.IMAGE_LOAD_ERROR, {
				detail: r,
				cancelable: !0
			});
			N.dispatchEvent(e);
		}
		return n;
	}
	_loadAndDisplayImageGPU(e, t) {
		if (!e) {
			Yh.warn("No image id set yet to load");
			return;
		}
		let n = {
			imageId: e,
			imageIdIndex: t,
			viewportId: this.id,
			renderingEngineId: this.renderingEngineId
		};
		return P(this.element, j.PRE_STACK_NEW_IMAGE, n), this.imagesLoader.loadImages([e], this).then(() => e);
	}
	_updateToDisplayImageCPU(e) {
		let t = this.getImageDataMetadata(e), n = vh(this.canvas, e, this.modality, this._cpuFallbackEnabledElement.viewport.colormap), { windowCenter: r, windowWidth: i, voiLUTFunction: a } = n.voi;
		this.voiRange = Tp(i, r, a), this._cpuFallbackEnabledElement.image = e, this._cpuFallbackEnabledElement.metadata = { ...t }, this.cpuImagePixelData = e.voxelManager.getScalarData();
		let o = Object.assign({}, n, this._cpuFallbackEnabledElement.viewport);
		this._cpuFallbackEnabledElement.viewport = this.stackInvalidated ? n : o, this.stackInvalidated = !1, this.cpuRenderingInvalidated = !0, this._cpuFallbackEnabledElement.transform = tm(this._cpuFallbackEnabledElement);
	}
	getSliceViewInfo() {
		throw Error("Method not implemented.");
	}
	addImages(e) {
		let t = [];
		e.forEach((e) => {
			let { imageId: n, ...r } = e, i = Wn.getImage(n), { origin: a, dimensions: o, direction: s, spacing: c, numberOfComponents: l } = this.getImageDataMetadata(i), u = this.createVTKImageData({
				origin: a,
				dimensions: o,
				direction: s,
				spacing: c,
				numberOfComponents: l,
				pixelArray: i.voxelManager.getScalarData()
			}), d = this.createActorMapper(u);
			d && (t.push({
				uid: e.actorUID ?? Ut(),
				actor: d,
				referencedId: n,
				...r
			}), e.callback && e.callback({
				imageActor: d,
				imageId: e.imageId
			}));
		}), this.addActors(t);
	}
	_updateActorToDisplayImageId(e) {
		let t = this._checkVTKImageDataMatchesCornerstoneImage(e, this._imageData), n = this.stackInvalidated, r = this.getViewPresentation();
		if (t && !n) {
			this._updateVTKImageDataFromCornerstoneImage(e), this.resetCameraNoEvent(), this.setViewPresentation(r), this._setPropertiesFromCache(), this.stackActorReInitialized = !1;
			return;
		}
		let { origin: i, direction: a, dimensions: o, spacing: s, numberOfComponents: c, imagePixelModule: l } = this.getImageDataMetadata(e), u = e.voxelManager.getScalarData();
		this._createVTKImageData({
			origin: i,
			direction: a,
			dimensions: o,
			spacing: s,
			numberOfComponents: c,
			pixelArray: u
		}), this._updateVTKImageDataFromCornerstoneImage(e);
		let d = this.createActorMapper(this._imageData), f = this.getActors();
		f.length && f[0].uid === this.id ? f[0].actor = d : f.unshift({
			uid: this.id,
			actor: d,
			referencedId: e.imageId
		}), this.setActors(f);
		let { viewPlaneNormal: p, viewUp: m } = this._getCameraOrientation(a), h = this.getCamera();
		if (this.setCameraNoEvent({
			viewUp: m,
			viewPlaneNormal: p
		}), this.initialViewUp = m, this.resetCameraNoEvent(), this.setViewPresentation(r), this.triggerCameraEvent(this.getCamera(), h), n) {
			let t = l.photometricInterpretation === "MONOCHROME1";
			this.stackInvalidated = !0;
			let n = this._getInitialVOIRange(e);
			this.setVOI(n, { forceRecreateLUTFunction: !!t }), this.initialInvert = !!t, this.setInvertColor(this.invert || this.initialInvert);
		} else this.stackInvalidated = !0, this._setPropertiesFromCache();
		this.stackInvalidated = !1, this.stackActorReInitialized = !0, this._publishCalibratedEvent && this.triggerCalibrationEvent();
	}
	_getInitialVOIRange(e) {
		if (this.voiRange && this.voiUpdatedWithSetProperties) return this.voiRange;
		let { windowCenter: t, windowWidth: n, voiLUTFunction: r } = e, i = Tp(n, t, r);
		return i = this._getPTPreScaledRange() || i, i;
	}
	_getPTPreScaledRange() {
		if (this._isCurrentImagePTPrescaled()) return this._getDefaultPTPrescaledVOIRange();
	}
	_isCurrentImagePTPrescaled() {
		return !(this.modality !== "PT" || !this.csImage.isPreScaled || !this.csImage.preScale?.scalingParameters.suvbw);
	}
	_getDefaultPTPrescaledVOIRange() {
		return {
			lower: 0,
			upper: 5
		};
	}
	async _setImageIdIndex(e) {
		if (e >= this.imageIds.length) throw Error(`ImageIdIndex provided ${e} is invalid, the stack only has ${this.imageIds.length} elements`);
		this.currentImageIdIndex = e, this.hasPixelSpacing = !0, this.viewportStatus = Pt.PRE_RENDER;
		let t = await this._loadAndDisplayImage(this.imageIds[e], e);
		if (this.perImageIdDefaultProperties.size >= 1) {
			let e = this.perImageIdDefaultProperties.get(t);
			e === void 0 ? this.globalDefaultProperties !== void 0 && this.setProperties(this.globalDefaultProperties) : this.setProperties(e);
		}
		return t;
	}
	resetCameraCPU({ resetPan: e = !0, resetZoom: t = !0, resetAspectRatio: n = !0 }) {
		let { image: r } = this._cpuFallbackEnabledElement;
		if (!r) return;
		let i = n ? this.options?.aspectRatio || [1, 1] : this.getAspectRatioCPU();
		Hh(this._cpuFallbackEnabledElement, e, t);
		let { scale: a } = this._cpuFallbackEnabledElement.viewport;
		if (t) {
			let [e, t] = ju(i), n = e / t;
			a /= this.getFitParallelScaleCPU(n) / this.getFitParallelScaleCPU(1);
		}
		let { clientWidth: o, clientHeight: s } = this.element, c = [o / 2, s / 2], l = this.canvasToWorldCPU(c);
		this.setCameraCPU({
			focalPoint: l,
			scale: a,
			aspectRatio: i
		});
	}
	resetCameraGPU(e) {
		return this.setCamera({
			flipHorizontal: !1,
			flipVertical: !1,
			viewUp: this.initialViewUp
		}), super.resetCamera({
			resetToCenter: !0,
			...e
		});
	}
	scroll(e, t = !0, n = !1) {
		let r = this.imageIds;
		if (isNaN(this.targetImageIdIndex)) return;
		let i = this.targetImageIdIndex, a = r.length, o = i + e;
		o = n ? (o + a) % a : Math.max(0, Math.min(a - 1, o)), this.targetImageIdIndex = o;
		let s = r[o];
		Wn.isLoaded(s) || !t ? this.setImageIdIndex(o) : (clearTimeout(this.debouncedTimeout), this.debouncedTimeout = window.setTimeout(() => {
			this.setImageIdIndex(o);
		}, 40));
		let c = {
			newImageIdIndex: o,
			imageId: s,
			direction: e
		};
		o !== i && P(this.element, j.STACK_VIEWPORT_SCROLL, c);
	}
	setImageIdIndex(e) {
		if (this._throwIfDestroyed(), this.currentImageIdIndex === e) return Promise.resolve(this.getCurrentImageId());
		let t = this._setImageIdIndex(e);
		return this.targetImageIdIndex = e, t;
	}
	calibrateSpacing(e) {
		let t = this.getImageIds().indexOf(e);
		this.stackInvalidated = !0, this._loadAndDisplayImage(e, t);
	}
	triggerCameraEvent(e, t) {
		let n = {
			previousCamera: t,
			camera: e,
			element: this.element,
			viewportId: this.id,
			renderingEngineId: this.renderingEngineId
		};
		this.suppressEvents || P(this.element, j.CAMERA_MODIFIED, n);
	}
	triggerCalibrationEvent() {
		let { imageData: e } = this.getImageData(), t = {
			element: this.element,
			viewportId: this.id,
			renderingEngineId: this.renderingEngineId,
			imageId: this.getCurrentImageId(),
			imageData: e,
			worldToIndex: e.getWorldToIndex(),
			...this._calibrationEvent
		};
		this.suppressEvents || P(this.element, j.IMAGE_SPACING_CALIBRATED, t), this._publishCalibratedEvent = !1;
	}
	jumpToWorld(e) {
		let t = this.getImageIds(), { direction: n, spacing: r } = this.getImageData(), i = Gh({
			direction: n,
			spacing: r,
			imageIds: t
		}, e, this.getCamera().viewPlaneNormal, { ignoreSpacing: !0 }), a = t.indexOf(i);
		return a !== -1 && (this.setImageIdIndex(a), this.render(), !0);
	}
	getRendererContextPool() {
		return this.getRenderingEngine().getRenderer(this.id);
	}
	getRendererTiled() {
		let e = this.getRenderingEngine();
		if (!e || e.hasBeenDestroyed) throw Error("Rendering engine has been destroyed");
		return e.offscreenMultiRenderWindow?.getRenderer(this.id);
	}
	_getVOIRangeForCurrentImage() {
		let { windowCenter: e, windowWidth: t, voiLUTFunction: n } = this.csImage;
		return Tp(t, e, n);
	}
	_getValidVOILUTFunction(e) {
		return Object.values(Ee).includes(e) ? e : Ee.LINEAR;
	}
	getSliceInfo() {
		let e = this.getSliceIndex(), { dimensions: t } = this.getImageData();
		return {
			width: t[0],
			height: t[1],
			sliceIndex: e,
			slicePlane: 2
		};
	}
	isReferenceViewable(e, t = {}) {
		let n = this.getCurrentImageIdIndex(), r = this.imageIds[n];
		if (!r || !e) return !1;
		let { referencedImageId: i, multiSliceReference: a } = e;
		if (i) {
			if (i === r) return !0;
			e.referencedImageURI ||= Bn(i);
			let { referencedImageURI: o } = e, s = this.imageKeyToIndexMap.get(o);
			return t.asOverlay && this.matchImagesForOverlay(r, i) ? !0 : s === void 0 ? !1 : t.withNavigation ? !0 : n <= (a && this.imageKeyToIndexMap.get(a.referencedImageId)) && n >= s;
		}
		if (!super.isReferenceViewable(e, {
			...t,
			withOrientation: t?.asVolume
		})) return !1;
		if (e.volumeId || e.FrameOfReferenceUID) return t.asVolume;
		let { cameraFocalPoint: o } = e;
		if (t.asNearbyProjection && o) {
			let { spacing: e, direction: t, origin: n } = this.getImageData(), r = t.slice(6, 9), i = Uh({
				direction: t,
				spacing: e
			}, r), a = L(Rr(I(), o, n), r), s = i / 2;
			if (Math.abs(a) <= s) return !0;
		}
		return !1;
	}
	getViewReference(e = {}) {
		let { sliceIndex: t = this.getCurrentImageIdIndex() } = e, n = super.getViewReference(e), r = this.getCurrentImageId(t);
		if (r) {
			if (n.referencedImageId = r, this.getCurrentImageIdIndex() !== t) {
				let e = this.getImagePlaneReferenceData(t);
				if (!e) return;
				Object.assign(n, e);
			}
			return n;
		}
	}
	setViewReference(e) {
		if (!e?.referencedImageId) {
			e?.sliceIndex !== void 0 && this.scroll(e.sliceIndex - this.targetImageIdIndex);
			return;
		}
		let { referencedImageId: t } = e;
		e.referencedImageURI ||= Bn(t);
		let { referencedImageURI: n } = e, r = this.imageKeyToIndexMap.get(n);
		r === void 0 ? Yh.error(`No image URI found for ${n}`) : this.scroll(r - this.targetImageIdIndex);
	}
	getViewReferenceId(e = {}) {
		let { sliceIndex: t = this.currentImageIdIndex } = e;
		return `imageId:${this.imageIds[t]}`;
	}
	getSliceIndexForImage(e) {
		if (e) {
			if (typeof e == "string") return this.imageKeyToIndexMap.get(e);
			if (e.referencedImageId) return this.imageKeyToIndexMap.get(e.referencedImageId);
		}
	}
	getCPUFallbackError(e) {
		return /* @__PURE__ */ Error(`method ${e} cannot be used during CPU Fallback mode`);
	}
	fillWithBackgroundColor() {
		let e = this.getRenderingEngine();
		e && e.fillCanvasWithBackgroundColor(this.canvas, this.options.background);
	}
	unsetColormapCPU() {
		delete this._cpuFallbackEnabledElement.viewport.colormap, this._cpuFallbackEnabledElement.renderingTools = {}, this.cpuRenderingInvalidated = !0, this.fillWithBackgroundColor(), this.render();
	}
	setColormapCPU(e) {
		this.colormap = e;
		let t = Wm(e);
		t ? this._cpuFallbackEnabledElement.viewport.colormap = t : delete this._cpuFallbackEnabledElement.viewport.colormap, this._cpuFallbackEnabledElement.renderingTools = {}, this.fillWithBackgroundColor(), this.cpuRenderingInvalidated = !0, this.render();
		let n = {
			viewportId: this.id,
			colormap: e
		};
		P(this.element, j.COLORMAP_MODIFIED, n);
	}
	setColormapGPU(e) {
		let t = this.getDefaultActor().actor.getProperty(), n = t.getRGBTransferFunction(), r = dp(e.name);
		if (n) n.applyColorMap(r), n.setMappingRange(this.voiRange.lower, this.voiRange.upper), t.setRGBTransferFunction(0, n);
		else {
			let e = pd.newInstance();
			e.applyColorMap(r), e.setMappingRange(this.voiRange.lower, this.voiRange.upper), t.setRGBTransferFunction(0, e);
		}
		this.colormap = e, this.render();
		let i = {
			viewportId: this.id,
			colormap: e
		};
		P(this.element, j.COLORMAP_MODIFIED, i);
	}
	unsetColormapGPU() {
		throw Error("unsetColormapGPU not implemented.");
	}
	_getImagePlaneModule(e) {
		let t = Pf(e);
		return this.hasPixelSpacing = !t.usingDefaultValues || this.calibration?.scale > 0 || this.calibration?.rowPixelSpacing > 0, this.calibration ||= t.calibration, t;
	}
	isInAcquisitionPlane() {
		return !0;
	}
}, Zh = () => Xh, Qh = (e) => e === "stack";
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/viewportTypeUsesCustomRenderingPipeline.js
function $h(e) {
	return Qh(e) ? !!Zh({ type: e }).useCustomRenderingPipeline : !1;
}
function eg(e) {
	return e.getUseCustomRenderingPipeline();
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/elementTouchAction.js
var tg = [
	{
		name: "touch-action",
		attribute: "data-prior-touch-action"
	},
	{
		name: "user-select",
		attribute: "data-prior-user-select"
	},
	{
		name: "-webkit-user-select",
		attribute: "data-prior-webkit-user-select"
	},
	{
		name: "-webkit-touch-callout",
		attribute: "data-prior-webkit-touch-callout"
	}
];
function ng(e) {
	tg.forEach(({ name: t, attribute: n }) => {
		e.hasAttribute(n) || e.setAttribute(n, e.style.getPropertyValue(t)), e.style.setProperty(t, "none");
	});
}
function rg(e) {
	tg.forEach(({ name: t, attribute: n }) => {
		if (!e.hasAttribute(n)) return;
		let r = e.getAttribute(n);
		r ? e.style.setProperty(t, r) : e.style.removeProperty(t), e.removeAttribute(n);
	});
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/stats/constants.js
var ig = {
	WIDTH: 160,
	WIDE_WIDTH: 360,
	HEIGHT: 96,
	TEXT_PADDING: 3,
	TEXT_Y_OFFSET: 2,
	GRAPH_Y_OFFSET: 15,
	GRAPH_WIDTH: 150,
	GRAPH_HEIGHT: 70,
	FONT_SIZE: 9,
	FONT_FAMILY: "Helvetica,Arial,sans-serif",
	GRAPH_ALPHA: .9
}, ag = {
	UPDATE_INTERVAL: 1e3,
	MAX_MS_VALUE: 200,
	MAX_FPS_VALUE: 300,
	OVERLAY_STYLES: {
		position: "fixed",
		top: "0px",
		right: "0px",
		left: "auto",
		zIndex: "9999",
		cursor: "move",
		opacity: "0.9",
		display: "flex",
		flexDirection: "row",
		alignItems: "flex-start",
		gap: "4px",
		maxWidth: "calc(100vw - 8px)",
		userSelect: "none"
	},
	POSITION_STORAGE_KEY: "cornerstone-stats-overlay-position"
}, og = {
	BYTES_TO_MB: 1048576,
	MS_PER_SECOND: 1e3
}, sg = [
	{
		name: "FPS",
		foregroundColor: "#0ff",
		backgroundColor: "#002"
	},
	{
		name: "MS",
		foregroundColor: "#0f0",
		backgroundColor: "#020"
	},
	{
		name: "MB",
		foregroundColor: "#f08",
		backgroundColor: "#201"
	},
	{
		name: "VIEWPORT BINDINGS",
		foregroundColor: "#fc0",
		backgroundColor: "#221100"
	}
], cg;
(function(e) {
	e[e.FPS = 0] = "FPS", e[e.MS = 1] = "MS", e[e.MEMORY = 2] = "MEMORY", e[e.RENDER_MODES = 3] = "RENDER_MODES";
})(cg ||= {});
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/stats/RenderModesPanel.js
var lg = class {
	constructor() {
		let e = sg[cg.RENDER_MODES];
		this.dom = document.createElement("div"), this.dom.style.cssText = `
      width:min(720px, max(${ig.WIDE_WIDTH}px, calc(100vw - ${ig.WIDTH + 24}px)));
      min-width:0;
      min-height:${ig.HEIGHT}px;
      background:${e.backgroundColor};
      color:${e.foregroundColor};
      font:${ig.FONT_SIZE + 2}px ui-monospace, SFMono-Regular, Menlo, Monaco, Consolas, monospace;
      padding:8px;
      box-sizing:border-box;
      max-height:min(520px, calc(100vh - 16px));
      overflow:auto;
      border:1px solid rgba(255, 204, 0, 0.35);
      border-radius:4px;
      box-shadow:0 8px 28px rgba(0, 0, 0, 0.35);
    `;
		let t = document.createElement("div");
		t.textContent = e.name, t.style.cssText = "\n      margin-bottom:8px;\n      font-weight:700;\n      letter-spacing:0.08em;\n      text-transform:uppercase;\n    ", this.dom.appendChild(t), this.list = document.createElement("div"), this.list.style.cssText = "\n      display:flex;\n      flex-direction:column;\n      gap:8px;\n      line-height:1.35;\n      font-weight:normal;\n      color:#fff3bf;\n    ", this.dom.appendChild(this.list);
	}
	update() {}
	setContent(e) {
		if (this.list.replaceChildren(), !e.length) this.list.appendChild(vg("(no viewports)"));
		else for (let t of e) {
			let e = ug(t.bindings), n = document.createElement("div");
			n.style.cssText = "\n        padding:7px;\n        background:rgba(0, 0, 0, 0.18);\n        border:1px solid rgba(255, 204, 0, 0.18);\n        border-radius:4px;\n      ";
			let r = `${t.renderingEngineId}/${t.viewportId}`, i = document.createElement("div");
			i.title = r, i.style.cssText = "\n        display:flex;\n        align-items:center;\n        justify-content:space-between;\n        gap:8px;\n        margin-bottom:6px;\n        color:#ffd84d;\n        font-weight:700;\n      ";
			let a = document.createElement("div");
			a.style.cssText = "\n        display:flex;\n        align-items:center;\n        gap:6px;\n        min-width:0;\n      ";
			let o = document.createElement("span");
			if (o.textContent = dg(r, 72), o.style.cssText = "\n        min-width:0;\n        overflow:hidden;\n        text-overflow:ellipsis;\n        white-space:nowrap;\n      ", a.appendChild(o), t.viewportType) {
				let e = document.createElement("span");
				e.textContent = t.viewportType, e.title = t.viewportType, e.style.cssText = `
          flex:0 0 auto;
          padding:2px 6px;
          background:rgba(255, 204, 0, 0.14);
          border:1px solid rgba(255, 204, 0, 0.4);
          border-radius:3px;
          color:#ffe08a;
          font-size:${ig.FONT_SIZE}px;
          font-weight:700;
          letter-spacing:0.03em;
        `, a.appendChild(e);
			}
			i.appendChild(a);
			let s = document.createElement("span");
			if (s.textContent = `${e.length} binding${e.length === 1 ? "" : "s"}`, s.style.cssText = `
        flex:0 0 auto;
        color:#c9b05a;
        font-size:${ig.FONT_SIZE}px;
        font-weight:600;
      `, i.appendChild(s), n.appendChild(i), !e.length) n.appendChild(vg("(no bindings)")), this.list.appendChild(n);
			else {
				for (let t of e) n.appendChild(pg(t));
				this.list.appendChild(n);
			}
		}
	}
};
function ug(e) {
	let t = {
		source: 0,
		overlay: 1,
		data: 2
	};
	return [...e].sort((e, n) => {
		let r = t[e.role] - t[n.role];
		return r === 0 ? e.dataId.localeCompare(n.dataId) : r;
	});
}
function dg(e, t) {
	if (e.length <= t) return e;
	let n = Math.ceil((t - 1) / 2), r = Math.floor((t - 1) / 2);
	return `${e.slice(0, n)}...${e.slice(-r)}`;
}
var fg = {
	source: {
		background: "rgba(0, 104, 126, 0.34)",
		border: "rgba(92, 225, 255, 0.4)",
		color: "#9decff",
		label: "SOURCE"
	},
	overlay: {
		background: "rgba(165, 102, 0, 0.3)",
		border: "rgba(255, 205, 83, 0.45)",
		color: "#ffd76d",
		label: "OVERLAY"
	},
	data: {
		background: "rgba(96, 101, 116, 0.28)",
		border: "rgba(187, 195, 214, 0.32)",
		color: "#dce5ff",
		label: "DATA"
	}
};
function pg(e) {
	let t = document.createElement("div");
	t.style.cssText = "\n    display:grid;\n    grid-template-columns:74px minmax(0, 1fr);\n    gap:8px;\n    padding:6px;\n    margin-top:4px;\n    background:rgba(255, 255, 255, 0.045);\n    border-radius:4px;\n  ";
	let n = fg[e.role], r = document.createElement("div");
	r.textContent = n.label, r.style.cssText = `
    align-self:start;
    padding:3px 5px;
    background:${n.background};
    border:1px solid ${n.border};
    border-radius:3px;
    color:${n.color};
    font-size:${ig.FONT_SIZE}px;
    font-weight:800;
    letter-spacing:0.04em;
    text-align:center;
  `, t.appendChild(r);
	let i = document.createElement("div");
	return i.style.cssText = "\n    display:flex;\n    flex-direction:column;\n    gap:3px;\n    min-width:0;\n  ", _g(i, "mode", e.renderMode, 48), _g(i, "data", e.dataId, 76), e.actorUID && e.actorUID !== e.dataId && _g(i, "actor", e.actorUID, 76), e.referencedId && e.referencedId !== e.dataId && e.referencedId !== e.actorUID && _g(i, "ref", e.referencedId, 76), e.scalarType && _g(i, "type", mg(e.scalarType, e.numberOfComponents), 40), e.scalarRange && _g(i, "range", hg(e.scalarRange), 56), t.appendChild(i), t;
}
function mg(e, t) {
	let n = e.replace(/Array$/, "");
	return t && t > 1 ? `${n} x${t}` : n;
}
function hg([e, t]) {
	return `${gg(e)} .. ${gg(t)}`;
}
function gg(e) {
	return Number.isInteger(e) ? String(e) : Number(e.toFixed(2)).toString();
}
function _g(e, t, n, r) {
	let i = document.createElement("div");
	i.style.cssText = "\n    display:grid;\n    grid-template-columns:42px minmax(0, 1fr);\n    gap:6px;\n    min-width:0;\n  ";
	let a = document.createElement("span");
	a.textContent = t, a.style.cssText = `
    color:#a9954c;
    font-size:${ig.FONT_SIZE}px;
    font-weight:700;
    text-transform:uppercase;
  `, i.appendChild(a);
	let o = document.createElement("span");
	o.textContent = dg(n, r), o.title = n, o.style.cssText = "\n    min-width:0;\n    overflow:hidden;\n    text-overflow:ellipsis;\n    white-space:nowrap;\n    color:#fff7d6;\n  ", i.appendChild(o), e.appendChild(i);
}
function vg(e) {
	let t = document.createElement("div");
	return t.textContent = e, t.style.cssText = "\n    color:#b7a865;\n    font-style:italic;\n  ", t;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/stats/StatsPanel.js
var yg = class {
	constructor(e, t, n) {
		this.minValue = Infinity, this.maxValue = 0, this.name = e, this.foregroundColor = t, this.backgroundColor = n, this.devicePixelRatio = Math.round(window.devicePixelRatio || 1), this.dimensions = this.calculateDimensions(), this.dom = this.createCanvas(), this.context = this.initializeContext(), this.drawInitialPanel();
	}
	update(e, t) {
		this.updateMinMax(e), this.clearTextArea(), this.drawText(e), this.scrollGraph(), this.drawNewValue(e, t);
	}
	calculateDimensions() {
		let e = this.devicePixelRatio;
		return {
			width: ig.WIDTH * e,
			height: ig.HEIGHT * e,
			textX: ig.TEXT_PADDING * e,
			textY: ig.TEXT_Y_OFFSET * e,
			graphX: ig.TEXT_PADDING * e,
			graphY: ig.GRAPH_Y_OFFSET * e,
			graphWidth: ig.GRAPH_WIDTH * e,
			graphHeight: ig.GRAPH_HEIGHT * e
		};
	}
	createCanvas() {
		let e = document.createElement("canvas");
		return e.width = this.dimensions.width, e.height = this.dimensions.height, e.style.cssText = `width:${ig.WIDTH}px;height:${ig.HEIGHT}px`, e;
	}
	initializeContext() {
		let e = this.dom.getContext("2d");
		if (!e) throw Error("Failed to get 2D context");
		return e.font = `bold ${ig.FONT_SIZE * this.devicePixelRatio}px ${ig.FONT_FAMILY}`, e.textBaseline = "top", e;
	}
	drawInitialPanel() {
		let { width: e, height: t, textX: n, textY: r, graphX: i, graphY: a, graphWidth: o, graphHeight: s } = this.dimensions;
		this.context.fillStyle = this.backgroundColor, this.context.fillRect(0, 0, e, t), this.context.fillStyle = this.foregroundColor, this.context.fillText(this.name, n, r), this.context.fillRect(i, a, o, s), this.context.fillStyle = this.backgroundColor, this.context.globalAlpha = ig.GRAPH_ALPHA, this.context.fillRect(i, a, o, s), this.context.globalAlpha = 1;
	}
	updateMinMax(e) {
		this.minValue = Math.min(this.minValue, e), this.maxValue = Math.max(this.maxValue, e);
	}
	clearTextArea() {
		let { width: e, graphY: t } = this.dimensions;
		this.context.fillStyle = this.backgroundColor, this.context.fillRect(0, 0, e, t);
	}
	drawText(e) {
		let { textX: t, textY: n } = this.dimensions, r = this.formatText(e);
		this.context.fillStyle = this.foregroundColor, this.context.fillText(r, t, n);
	}
	formatText(e) {
		let t = Math.round(e), n = Math.round(this.minValue), r = Math.round(this.maxValue);
		return `${t} ${this.name} (${n}-${r})`;
	}
	scrollGraph() {
		let { graphX: e, graphY: t, graphWidth: n, graphHeight: r } = this.dimensions, i = this.devicePixelRatio;
		this.context.drawImage(this.dom, e + i, t, n - i, r, e, t, n - i, r);
	}
	drawNewValue(e, t) {
		let { graphX: n, graphY: r, graphWidth: i, graphHeight: a } = this.dimensions, o = this.devicePixelRatio, s = n + i - o;
		this.context.fillStyle = this.foregroundColor, this.context.fillRect(s, r, o, a);
		let c = Math.round((1 - e / t) * a);
		this.context.fillStyle = this.backgroundColor, this.context.globalAlpha = ig.GRAPH_ALPHA, this.context.fillRect(s, r, o, c), this.context.globalAlpha = 1;
	}
}, bg = qt.getLogger("RenderingEngine", "StatsOverlay"), xg = class e {
	constructor() {
		this.dom = null, this.startTime = 0, this.lastUpdateTime = 0, this.frameCount = 0, this.panels = /* @__PURE__ */ new Map(), this.metricsColumn = null, this.bindingsColumn = null, this.animationFrameId = null, this.isSetup = !1, this.dragPointerId = null, this.dragOffsetX = 0, this.dragOffsetY = 0, this.handlePointerDown = (e) => this.onPointerDown(e), this.handlePointerMove = (e) => this.onPointerMove(e), this.handlePointerUp = (e) => this.onPointerUp(e);
	}
	static getInstance() {
		return e.instance ||= new e(), e.instance;
	}
	setup() {
		if (!this.isSetup) try {
			this.dom = this.createOverlayElement(), this.startTime = performance.now(), this.lastUpdateTime = this.startTime, this.initializePanels(), this.applyOverlayStyles(), this.restorePosition(), this.attachDragHandlers(), document.body.appendChild(this.dom), this.startLoop(), this.isSetup = !0;
		} catch (e) {
			bg.warn("Failed to setup stats overlay:", e);
		}
	}
	cleanup() {
		this.stopLoop(), this.detachDragHandlers(), this.dom && this.dom.parentNode && this.dom.parentNode.removeChild(this.dom), this.dom = null, this.metricsColumn = null, this.bindingsColumn = null, this.panels.clear(), this.isSetup = !1;
	}
	showPanel(e) {}
	update() {
		this.startTime = this.updateStats();
	}
	createOverlayElement() {
		return document.createElement("div");
	}
	applyOverlayStyles() {
		Object.assign(this.dom.style, ag.OVERLAY_STYLES);
	}
	initializePanels() {
		this.initializePanelColumns();
		let e = new yg(sg[cg.FPS].name, sg[cg.FPS].foregroundColor, sg[cg.FPS].backgroundColor);
		this.addPanel(cg.FPS, e);
		let t = new yg(sg[cg.MS].name, sg[cg.MS].foregroundColor, sg[cg.MS].backgroundColor);
		if (this.addPanel(cg.MS, t), this.isMemoryAvailable()) {
			let e = new yg(sg[cg.MEMORY].name, sg[cg.MEMORY].foregroundColor, sg[cg.MEMORY].backgroundColor);
			this.addPanel(cg.MEMORY, e);
		}
		this.addPanel(cg.RENDER_MODES, new lg());
	}
	initializePanelColumns() {
		this.metricsColumn = document.createElement("div"), this.metricsColumn.style.cssText = "\n      display:flex;\n      flex-direction:column;\n      flex:0 0 auto;\n    ", this.bindingsColumn = document.createElement("div"), this.bindingsColumn.style.cssText = "\n      display:flex;\n      flex-direction:column;\n      flex:0 1 auto;\n      min-width:0;\n    ", this.dom.appendChild(this.metricsColumn), this.dom.appendChild(this.bindingsColumn);
	}
	isMemoryAvailable() {
		return performance.memory !== void 0;
	}
	addPanel(e, t) {
		((e === cg.RENDER_MODES ? this.bindingsColumn : this.metricsColumn) ?? this.dom).appendChild(t.dom), this.panels.set(e, t);
	}
	startLoop() {
		let e = () => {
			this.update(), this.animationFrameId = requestAnimationFrame(e);
		};
		this.animationFrameId = requestAnimationFrame(e);
	}
	stopLoop() {
		this.animationFrameId !== null && (cancelAnimationFrame(this.animationFrameId), this.animationFrameId = null);
	}
	updateStats() {
		this.frameCount++;
		let e = performance.now(), t = e - this.startTime, n = this.panels.get(cg.MS);
		if (n && n.update(t, ag.MAX_MS_VALUE), e >= this.lastUpdateTime + ag.UPDATE_INTERVAL) {
			let t = this.frameCount * og.MS_PER_SECOND / (e - this.lastUpdateTime), n = this.panels.get(cg.FPS);
			n && n.update(t, ag.MAX_FPS_VALUE), this.lastUpdateTime = e, this.frameCount = 0, this.updateMemoryPanel(), this.updateRenderModesPanel();
		}
		return e;
	}
	updateRenderModesPanel() {
		let e = this.panels.get(cg.RENDER_MODES);
		if (!(e instanceof lg)) return;
		let t = [];
		for (let e of p.getAll()) if (e && !e.hasBeenDestroyed) for (let n of e.getViewports()) {
			let r = n, i = r._debug?.renderModes;
			t.push({
				renderingEngineId: e.id,
				viewportId: n.id,
				viewportType: n.type,
				bindings: this.getViewportBindingDebugEntries(r, i ?? {})
			});
		}
		e.setContent(t);
	}
	getViewportBindingDebugEntries(e, t) {
		let n = e.getActors?.() ?? [], r = e.getSourceDataId?.(), i = Object.entries(t);
		return i.length ? i.map(([t, i]) => {
			let a = Sg(e, t, r), o = a === "source" ? e.getDefaultActor?.() : Cg(n, t);
			return {
				actorUID: o?.uid,
				dataId: t,
				referencedId: o?.referencedId,
				renderMode: i,
				role: a,
				...wg(o)
			};
		}) : n.map((t) => {
			let n = t.representationUID ?? t.uid ?? "";
			return {
				actorUID: t.uid,
				dataId: n,
				referencedId: t.referencedId,
				renderMode: "-",
				role: Sg(e, n, r),
				...wg(t)
			};
		});
	}
	updateMemoryPanel() {
		let e = this.panels.get(cg.MEMORY);
		if (!e) return;
		let t = performance;
		if (t.memory) {
			let n = t.memory.usedJSHeapSize / og.BYTES_TO_MB, r = t.memory.jsHeapSizeLimit / og.BYTES_TO_MB;
			e.update(n, r);
		}
	}
	attachDragHandlers() {
		this.dom?.addEventListener("pointerdown", this.handlePointerDown);
	}
	detachDragHandlers() {
		this.dom?.removeEventListener("pointerdown", this.handlePointerDown), window.removeEventListener("pointermove", this.handlePointerMove), window.removeEventListener("pointerup", this.handlePointerUp), window.removeEventListener("pointercancel", this.handlePointerUp);
	}
	onPointerDown(e) {
		if (!this.dom || e.button !== 0) return;
		this.dragPointerId = e.pointerId;
		let t = this.dom.getBoundingClientRect();
		this.dragOffsetX = e.clientX - t.left, this.dragOffsetY = e.clientY - t.top, this.setPosition(t.left, t.top), window.addEventListener("pointermove", this.handlePointerMove), window.addEventListener("pointerup", this.handlePointerUp), window.addEventListener("pointercancel", this.handlePointerUp), e.preventDefault();
	}
	onPointerMove(e) {
		this.dragPointerId === e.pointerId && this.dom && this.setPosition(e.clientX - this.dragOffsetX, e.clientY - this.dragOffsetY);
	}
	onPointerUp(e) {
		if (this.dragPointerId !== e.pointerId || !this.dom) return;
		this.dragPointerId = null, window.removeEventListener("pointermove", this.handlePointerMove), window.removeEventListener("pointerup", this.handlePointerUp), window.removeEventListener("pointercancel", this.handlePointerUp);
		let t = this.dom.getBoundingClientRect();
		this.savePosition(t.left, t.top);
	}
	setPosition(e, t) {
		if (!this.dom) return;
		let n = this.clampToViewport(e, t);
		this.dom.style.left = `${n.left}px`, this.dom.style.top = `${n.top}px`, this.dom.style.right = "auto", this.dom.style.bottom = "auto";
	}
	clampToViewport(e, t) {
		if (!this.dom) return {
			left: e,
			top: t
		};
		let n = this.dom.offsetWidth, r = this.dom.offsetHeight, i = Math.max(0, window.innerWidth - n), a = Math.max(0, window.innerHeight - r);
		return {
			left: Math.min(Math.max(0, e), i),
			top: Math.min(Math.max(0, t), a)
		};
	}
	restorePosition() {
		let e = this.readSavedPosition();
		e && this.setPosition(e.left, e.top);
	}
	readSavedPosition() {
		try {
			let e = window.localStorage.getItem(ag.POSITION_STORAGE_KEY);
			if (!e) return null;
			let t = JSON.parse(e);
			return typeof t?.left != "number" || typeof t?.top != "number" || !Number.isFinite(t.left) || !Number.isFinite(t.top) ? null : {
				left: t.left,
				top: t.top
			};
		} catch {
			return null;
		}
	}
	savePosition(e, t) {
		try {
			window.localStorage.setItem(ag.POSITION_STORAGE_KEY, JSON.stringify({
				left: e,
				top: t
			}));
		} catch {}
	}
};
xg.instance = null;
function Sg(e, t, n) {
	let r = e.getDisplaySetRole?.(t);
	return r === "source" || r === "overlay" ? r : n && t === n ? "source" : "data";
}
function Cg(e, t) {
	return e.find((e) => e.uid === t || e.representationUID === t || e.referencedId === t);
}
function wg(e) {
	let t = e?.actor?.getMapper?.()?.getInputData?.();
	if (!t) return {};
	try {
		let e = t.getPointData?.()?.getScalars?.();
		if (e?.getDataType) {
			let t = e.getNumberOfComponents?.() ?? 1, n = t > 1 ? e.getRange?.(0) : e.getRange?.();
			return {
				scalarType: e.getDataType(),
				scalarRange: Tg(n),
				numberOfComponents: t
			};
		}
		let n = t.getScalarData?.();
		if (n?.constructor?.name) {
			let e = Number.isFinite(t.minPixelValue) && Number.isFinite(t.maxPixelValue) ? [t.minPixelValue, t.maxPixelValue] : void 0;
			return {
				scalarType: n.constructor.name,
				scalarRange: Tg(e)
			};
		}
	} catch {}
	return {};
}
function Tg(e) {
	if (!(!e || e.length < 2 || !Number.isFinite(e[0]) || !Number.isFinite(e[1]))) return [e[0], e[1]];
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/helpers/stats/index.js
var Eg = xg.getInstance();
// node_modules/@cornerstonejs/core/dist/esm/utilities/convertColorArrayToRgbString.js
function Dg(e) {
	return Array.isArray(e) ? `rgb(${e.map((e) => Math.round(e * 255)).join(",")})` : e;
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/BaseRenderingEngine.js
var Og = qt.getLogger("RenderingEngine", "BaseRenderingEngine"), kg = class e {
	constructor(e) {
		if (this._needsRender = /* @__PURE__ */ new Set(), this._animationFrameSet = !1, this._animationFrameHandle = null, this.renderFrameOfReference = (e) => {
			let t = this._getViewportsAsArray().map((t) => {
				if (t.getFrameOfReferenceUID() === e) return t.id;
			});
			this.renderViewports(t);
		}, this.id = e || Ut(), this.useCPURendering = In(), p.set(this), !Rn()) throw Error("@cornerstonejs/core is not initialized, run init() first");
		this._viewports = /* @__PURE__ */ new Map(), this.hasBeenDestroyed = !1, zn()?.debug?.statsOverlay && Eg.setup();
	}
	enableElement(e) {
		let t = this._normalizeViewportInputEntry(e);
		this._throwIfDestroyed();
		let { element: n, viewportId: r } = t;
		if (!n) throw Error("No element provided");
		this.getViewport(r) && this.disableElement(r);
		let { type: i } = t;
		$h(i) ? this.addCustomViewport(t) : this.enableVTKjsDrivenViewport(t);
		let a = dm(n), { background: o } = t.defaultOptions;
		this.fillCanvasWithBackgroundColor(a, o);
	}
	disableElement(e) {
		this._throwIfDestroyed();
		let t = this.getViewport(e);
		t ? (this._resetViewport(t), !$h(t.type) && this.offscreenMultiRenderWindow && this.offscreenMultiRenderWindow.removeRenderer(e), this._removeViewport(e), t.isDisabled = !0, this._needsRender.delete(e), this.getViewports().length || this._clearAnimationFrame()) : Og.warn(`viewport ${e} does not exist`);
	}
	disableViewport(e) {
		this.disableElement(e);
	}
	setViewports(e) {
		let t = this._normalizeViewportInputEntries(e);
		this._throwIfDestroyed(), this._reset();
		let n = [], r = [];
		t.forEach((e) => {
			$h(e.type) ? r.push(e) : n.push(e);
		}), this.setVtkjsDrivenViewports(n), this.setCustomViewports(r), t.forEach((e) => {
			let t = dm(e.element), { background: n } = e.defaultOptions;
			this.fillCanvasWithBackgroundColor(t, n);
		});
	}
	resize(e = !0, t = !0) {
		this._throwIfDestroyed();
		let n = this._getViewportsAsArray(), r = [], i = [];
		n.forEach((e) => {
			eg(e) ? i.push(e) : r.push(e);
		}), r.length && this._resizeVTKViewports(r, t, e), i.length && this._resizeUsingCustomResizeHandler(i, t, e);
	}
	getViewport(e) {
		return this._viewports?.get(e);
	}
	getViewports() {
		return this._throwIfDestroyed(), this._getViewportsAsArray();
	}
	render() {
		let e = this.getViewports().map((e) => e.id);
		this._setViewportsToBeRenderedNextFrame(e);
	}
	renderViewports(e) {
		this._setViewportsToBeRenderedNextFrame(e);
	}
	renderViewport(e) {
		this._setViewportsToBeRenderedNextFrame([e]);
	}
	destroy() {
		if (this.hasBeenDestroyed) return;
		Eg.cleanup();
		let e = this._getViewportsAsArray();
		this._reset(), this.offscreenMultiRenderWindow && (e.forEach((e) => {
			this.offscreenMultiRenderWindow && !eg(e) && this.offscreenMultiRenderWindow.getRenderer(e.id) && this.offscreenMultiRenderWindow.removeRenderer(e.id);
		}), this.offscreenMultiRenderWindow.delete(), delete this.offscreenMultiRenderWindow), p.delete(this.id), this.hasBeenDestroyed = !0;
	}
	fillCanvasWithBackgroundColor(e, t) {
		let n = e.getContext("2d");
		n.fillStyle = t ? Dg(t) : "black", n.fillRect(0, 0, e.width, e.height);
	}
	_normalizeViewportInputEntry(t) {
		let n = t.type, { type: r } = t, { defaultOptions: i } = t;
		if (Ln()) {
			let t = e.NEXT_TYPE_REMAP[r];
			t && (r = t);
		}
		let a = i;
		return a && Object.keys(a).length !== 0 || (a = {
			background: [
				0,
				0,
				0
			],
			orientation: null,
			displayArea: null
		}, n === be.ORTHOGRAPHIC && (a = {
			...a,
			orientation: we.AXIAL
		})), {
			...t,
			requestedType: n !== r || Ln() ? n : void 0,
			type: r,
			defaultOptions: a
		};
	}
	_normalizeViewportInputEntries(e) {
		let t = [];
		return e.forEach((e) => {
			t.push(this._normalizeViewportInputEntry(e));
		}), t;
	}
	_resizeUsingCustomResizeHandler(e, t = !0, n = !0) {
		e.forEach((e) => {
			e.resizeForRenderingEngine({ keepCamera: t });
		}), n && this.render();
	}
	_removeViewport(e) {
		this.getViewport(e) ? this._viewports.delete(e) : Og.warn(`viewport ${e} does not exist`);
	}
	addCustomViewport(e) {
		let { element: t, viewportId: n, type: r, defaultOptions: i } = e;
		t.tabIndex = -1, ng(t);
		let a = dm(t), { clientWidth: o, clientHeight: s } = a;
		(a.width !== o || a.height !== s) && (a.width = o, a.height = s);
		let c = {
			id: n,
			renderingEngineId: this.id,
			element: t,
			type: r,
			canvas: a,
			sx: 0,
			sy: 0,
			sWidth: o,
			sHeight: s,
			defaultOptions: i || {}
		}, l = new (Zh(e))(c);
		l.requestedType = r, this._viewports.set(n, l);
		let u = {
			element: t,
			viewportId: n,
			renderingEngineId: this.id
		};
		P(N, j.ELEMENT_ENABLED, u);
	}
	getRenderer(e) {
		return this.offscreenMultiRenderWindow.getRenderer(e);
	}
	getOffscreenMultiRenderWindow(e) {
		if (!this.offscreenMultiRenderWindow) throw Error("Offscreen multi render window is not available.");
		return this.offscreenMultiRenderWindow;
	}
	setCustomViewports(e) {
		e.forEach((e) => {
			this.addCustomViewport(e);
		});
	}
	_getViewportsAsArray() {
		return Array.from(this._viewports.values());
	}
	_setViewportsToBeRenderedNextFrame(e) {
		e.forEach((e) => {
			this._needsRender.add(e);
			let t = this._viewports.get(e);
			t && (t.viewportStatus = Pt.NEEDS_RENDER);
		}), this._render();
	}
	_render() {
		this._needsRender.size > 0 && !this._animationFrameSet && (this._animationFrameHandle = window.requestAnimationFrame(this._renderFlaggedViewports), this._animationFrameSet = !0);
	}
	_resetViewport(e) {
		let t = this.id, { element: n, canvas: r, id: i } = e, a = {
			element: n,
			viewportId: i,
			renderingEngineId: t
		};
		e.removeWidgets(), P(N, j.ELEMENT_DISABLED, a), e.destroy?.(), n.removeAttribute("data-viewport-uid"), n.removeAttribute("data-rendering-engine-uid"), rg(n), r.getContext("2d").clearRect(0, 0, r.width, r.height);
	}
	_clearAnimationFrame() {
		window.cancelAnimationFrame(this._animationFrameHandle), this._needsRender.clear(), this._animationFrameSet = !1, this._animationFrameHandle = null;
	}
	_reset() {
		this._getViewportsAsArray().forEach((e) => {
			this._resetViewport(e);
		}), this._clearAnimationFrame(), this._viewports = /* @__PURE__ */ new Map();
	}
	_throwIfDestroyed() {
		if (this.hasBeenDestroyed) throw Error("this.destroy() has been manually called to free up memory, can not longer use this instance. Instead make a new one.");
	}
};
kg.NEXT_TYPE_REMAP = {
	[be.STACK]: be.PLANAR_NEXT,
	[be.ORTHOGRAPHIC]: be.PLANAR_NEXT,
	[be.VIDEO]: be.VIDEO_NEXT,
	[be.WHOLE_SLIDE]: be.WHOLE_SLIDE_NEXT,
	[be.ECG]: be.ECG_NEXT,
	[be.VOLUME_3D]: be.VOLUME_3D_NEXT
};
// node_modules/@kitware/vtk.js/Rendering/Core/RenderWindow.js
var Ag = "WebGL", jg = Object.create(null);
function Mg(e, t) {
	jg[e] = t;
}
function Ng() {
	return Object.keys(jg);
}
function Pg(e, t = {}) {
	return jg[e] && jg[e](t);
}
function Fg(e, t) {
	t.classHierarchy.push("vtkRenderWindow"), e.addRenderer = (n) => {
		e.hasRenderer(n) || (n.setRenderWindow(e), t.renderers.push(n), e.modified());
	}, e.removeRenderer = (n) => {
		t.renderers = t.renderers.filter((e) => e !== n), e.modified();
	}, e.hasRenderer = (e) => t.renderers.indexOf(e) !== -1, e.newAPISpecificView = (e, n = {}) => Pg(e || t.defaultViewAPI, n), e.addView = (n) => {
		e.hasView(n) || (n.setRenderable(e), t._views.push(n), e.modified());
	}, e.removeView = (n) => {
		t._views = t._views.filter((e) => e !== n), e.modified();
	}, e.hasView = (e) => t._views.indexOf(e) !== -1, e.preRender = () => {
		t.renderers.forEach((e) => {
			e.isActiveCameraCreated() || e.resetCamera();
		});
	}, e.render = () => {
		e.preRender(), t.interactor ? t.interactor.render() : t._views.forEach((e) => e.traverseAllPasses());
	}, e.getStatistics = () => {
		let e = {
			propCount: 0,
			invisiblePropCount: 0,
			gpuMemoryMB: 0
		};
		return t._views.forEach((t) => {
			t.getGraphicsMemoryInfo && (e.gpuMemoryMB += t.getGraphicsMemoryInfo() / 1e6);
		}), t.renderers.forEach((n) => {
			let r = n.getViewProps(), i = t._views[0].getViewNodeFor(n);
			r.forEach((t) => {
				if (t.getVisibility()) {
					e.propCount += 1;
					let n = t.getMapper && t.getMapper();
					if (n && n.getPrimitiveCount) {
						let t = i.getViewNodeFor(n);
						if (t) {
							t.getAllocatedGPUMemoryInBytes && (e.gpuMemoryMB += t.getAllocatedGPUMemoryInBytes() / 1e6);
							let r = n.getPrimitiveCount();
							Object.keys(r).forEach((t) => {
								e[t] || (e[t] = 0), e[t] += r[t];
							});
						}
					}
				} else e.invisiblePropCount += 1;
			});
		}), e.str = Object.keys(e).map((t) => `${t}: ${e[t]}`).join("\n"), e;
	}, e.captureImages = (n = "image/png", r = {}) => (V.setImmediate(e.render), t._views.map((e) => e.captureNextImage ? e.captureNextImage(n, r) : void 0).filter((e) => !!e)), e.addRenderWindow = (n) => !t.childRenderWindows.includes(n) && (t.childRenderWindows.push(n), e.modified(), !0), e.removeRenderWindow = (n) => {
		let r = t.childRenderWindows.findIndex((e) => e === n);
		return r < 0 ? !1 : (t.childRenderWindows.splice(r, 1), e.modified(), !0);
	};
}
var Ig = {
	defaultViewAPI: Ag,
	renderers: [],
	views: [],
	interactor: null,
	neverRendered: !0,
	numberOfLayers: 1,
	childRenderWindows: []
};
function Lg(e, t, n = {}) {
	Object.assign(t, Ig, n), V.obj(e, t), V.setGet(e, t, [
		"interactor",
		"numberOfLayers",
		"_views",
		"defaultViewAPI"
	]), V.get(e, t, ["neverRendered"]), V.getArray(e, t, ["renderers", "childRenderWindows"]), V.moveToProtected(e, t, ["views"]), V.event(e, t, "completion"), Fg(e, t);
}
var Rg = {
	newInstance: V.newInstance(Lg, "vtkRenderWindow"),
	extend: Lg,
	registerViewConstructor: Mg,
	listViewAPIs: Ng,
	newAPISpecificView: Pg
}, { vtkWarningMacro: zg } = V;
function Bg(e) {
	let t = [], n = 0, r = e.getClassName(n++);
	for (; r;) t.push(r), r = e.getClassName(n++);
	return t;
}
function Vg(e, t) {
	let n = t.join(" → ");
	return [
		`No ${e} implementation found for ${t[0]}.`,
		`Class hierarchy: ${n}.`,
		`A rendering Profile is likely missing for ${t[0]}.`,
		"Try importing '@kitware/vtk.js/Rendering/Profiles/All' or 'vtk.js/Sources/Rendering/Profiles/All',",
		"or import the specific rendering profile needed by this renderable if known.",
		"See https://kitware.github.io/vtk-js/docs/concepts_profile.html for details."
	].join("\n");
}
function Hg(e) {
	return e.includes("vtkAbstractWidget") || e.includes("vtkWidgetRepresentation");
}
function Ug(e, t) {
	t.overrides ||= {}, t.classHierarchy.push("vtkViewNodeFactory"), e.createNode = (n) => {
		if (n.isDeleted()) return null;
		let r = Bg(n), i = 0, a = r[i++], o = !1, s = Object.keys(t.overrides);
		for (; a && !o;) s.indexOf(a) === -1 ? a = n.getClassName(i++) : o = !0;
		if (!o) return Hg(r) || zg(Vg(e.getClassName(), r)), null;
		let c = t.overrides[a]();
		return c.setMyFactory(e), c;
	};
}
var Wg = {};
function Gg(e, t, n = {}) {
	Object.assign(t, Wg, n), V.obj(e, t), Ug(e, t);
}
var Kg = {
	newInstance: V.newInstance(Gg, "vtkViewNodeFactory"),
	extend: Gg
}, qg = Object.create(null);
function Jg(e, t) {
	qg[e] = t;
}
function Yg(e, t) {
	t.classHierarchy.push("vtkOpenGLViewNodeFactory");
}
var Xg = {};
function Zg(e, t, n = {}) {
	Object.assign(t, Xg, n), t.overrides = qg, Kg.extend(e, t, n), Yg(e, t);
}
var Qg = {
	newInstance: V.newInstance(Zg, "vtkOpenGLViewNodeFactory"),
	extend: Zg
};
// node_modules/@kitware/vtk.js/Rendering/SceneGraph/RenderPass.js
function $g(e, t) {
	t.classHierarchy.push("vtkRenderPass"), e.getOperation = () => t.currentOperation, e.setCurrentOperation = (e) => {
		t.currentOperation = e, t.currentTraverseOperation = `traverse${V.capitalize(t.currentOperation)}`;
	}, e.getTraverseOperation = () => t.currentTraverseOperation, e.traverse = (n, r = null) => {
		t.deleted || (t._currentParent = r, t.preDelegateOperations.forEach((t) => {
			e.setCurrentOperation(t), n.traverse(e);
		}), t.delegates.forEach((t) => {
			t.traverse(n, e);
		}), t.postDelegateOperations.forEach((t) => {
			e.setCurrentOperation(t), n.traverse(e);
		}));
	};
}
var e_ = {
	delegates: [],
	currentOperation: null,
	preDelegateOperations: [],
	postDelegateOperations: [],
	currentParent: null
};
function t_(e, t, n = {}) {
	Object.assign(t, e_, n), V.obj(e, t), V.get(e, t, ["currentOperation"]), V.setGet(e, t, [
		"delegates",
		"_currentParent",
		"preDelegateOperations",
		"postDelegateOperations"
	]), V.moveToProtected(e, t, ["currentParent"]), $g(e, t);
}
var n_ = {
	newInstance: V.newInstance(t_, "vtkRenderPass"),
	extend: t_
}, r_ = {
	CLAMP_TO_EDGE: 0,
	REPEAT: 1,
	MIRRORED_REPEAT: 2
}, i_ = {
	NEAREST: 0,
	LINEAR: 1,
	NEAREST_MIPMAP_NEAREST: 2,
	NEAREST_MIPMAP_LINEAR: 3,
	LINEAR_MIPMAP_NEAREST: 4,
	LINEAR_MIPMAP_LINEAR: 5
}, a_ = {
	Wrap: r_,
	Filter: i_
}, o_ = /* @__PURE__ */ new Float32Array(1), s_ = new Int32Array(o_.buffer);
function c_(e) {
	o_[0] = e;
	let t = s_[0], n = t >> 16 & 32768, r = t >> 12 & 2047, i = t >> 23 & 255;
	return i < 103 ? n : i > 142 ? (n |= 31744, n |= (i === 255 ? 0 : 1) && t & 8388607, n) : i < 113 ? (r |= 2048, n |= (r >> 114 - i) + (r >> 113 - i & 1), n) : (n |= i - 112 << 10 | r >> 1, n += r & 1, n);
}
function l_(e) {
	let t = (e & 32768) >> 15, n = (e & 31744) >> 10, r = e & 1023;
	return n === 0 ? (t ? -1 : 1) * 2 ** -14 * (r / 1024) : n === 31 ? r ? NaN : (t ? -1 : 1) * Infinity : (t ? -1 : 1) * 2 ** (n - 15) * (1 + r / 1024);
}
var u_ = {
	fromHalf: l_,
	toHalf: c_
}, { vtkErrorMacro: d_ } = V, f_ = ["Build", "Render"];
function p_(e, t) {
	t.classHierarchy.push("vtkViewNode");
	function n(e, n) {
		for (let r = 0; r < t.children.length; ++r) {
			let i = (n + 1 + r) % t.children.length;
			if (t.children[i] === e) return t.children[i] = t.children[n], t.children[n] = e, !0;
		}
		return !1;
	}
	e.build = (e) => {}, e.render = (e) => {}, e.traverse = (n) => {
		let r = e[n.getTraverseOperation()];
		if (r) r(n);
		else {
			e.apply(n, !0);
			for (let e = 0; e < t.children.length; e++) t.children[e].traverse(n);
			e.apply(n, !1);
		}
	}, e.apply = (t, n) => {
		let r = e[t.getOperation()];
		r && r(n, t);
	}, e.getViewNodeFor = (n, r = null) => {
		if (r && r.renderable === n) return r;
		if (t.renderable === n) return e;
		for (let e = 0; e < t.children.length; ++e) {
			let r = t.children[e].getViewNodeFor(n);
			if (r) return r;
		}
	}, e.getFirstAncestorOfType = (e) => t._parent ? t._parent.isA(e) ? t._parent : t._parent.getFirstAncestorOfType(e) : null, e.getLastAncestorOfType = (e) => t._parent ? t._parent.getLastAncestorOfType(e) || (t._parent.isA(e) ? t._parent : null) : null, e.addMissingNode = (n) => {
		if (!n) return;
		let r = t._renderableChildMap.get(n);
		if (r !== void 0) return r.setVisited(!0), r;
		let i = e.createViewNode(n);
		if (i) return i.setParent(e), i.setVisited(!0), t._renderableChildMap.set(n, i), t.children.push(i), i;
	}, e.addMissingNodes = (r, i = !1) => {
		if (!r || !r.length) return;
		let a;
		for (let o = 0; o < r.length; ++o) {
			let s = r[o], c = e.addMissingNode(s);
			i && c !== void 0 && (a === void 0 ? a = t.children.lastIndexOf(c) : t.children[a] !== c && n(t.children, c, a), a++);
		}
	}, e.addMissingChildren = (n) => {
		if (n && n.length) for (let r = 0; r < n.length; ++r) {
			let i = n[r];
			if (t.children.indexOf(i) === -1) {
				i.setParent(e), t.children.push(i);
				let n = i.getRenderable();
				n && t._renderableChildMap.set(n, i);
			}
			i.setVisited(!0);
		}
	}, e.removeNode = (e) => {
		let n = t.children.findIndex((t) => t === e);
		if (n < 0) return !1;
		let r = e.getRenderable();
		return r && t._renderableChildMap.delete(r), e.delete(), t.children.splice(n, 1), !0;
	}, e.prepareNodes = () => {
		for (let e = 0; e < t.children.length; ++e) t.children[e].setVisited(!1);
	}, e.setVisited = (e) => {
		t.visited = e;
	}, e.removeUnusedNodes = () => {
		let e = 0;
		for (let n = 0; n < t.children.length; ++n) {
			let r = t.children[n];
			if (r.getVisited()) t.children[e++] = r, r.setVisited(!1);
			else {
				let e = r.getRenderable();
				e && t._renderableChildMap.delete(e), r.delete();
			}
		}
		t.children.length = e;
	}, e.createViewNode = (e) => {
		if (!t.myFactory) return d_("Cannot create view nodes without my own factory"), null;
		let n = t.myFactory.createNode(e);
		return n && n.setRenderable(e), n;
	};
	let r = e.delete;
	e.delete = () => {
		for (let e = 0; e < t.children.length; e++) t.children[e].delete();
		r();
	};
}
var m_ = {
	renderable: null,
	myFactory: null,
	children: [],
	visited: !1
};
function h_(e, t, n = {}) {
	Object.assign(t, m_, n), V.obj(e, t), V.event(e, t, "event"), t._renderableChildMap = /* @__PURE__ */ new Map(), V.get(e, t, ["visited"]), V.setGet(e, t, [
		"_parent",
		"renderable",
		"myFactory"
	]), V.getArray(e, t, ["children"]), V.moveToProtected(e, t, ["parent"]), p_(e, t);
}
var g_ = {
	newInstance: V.newInstance(h_, "vtkViewNode"),
	extend: h_,
	PASS_TYPES: f_
};
// node_modules/@kitware/vtk.js/Rendering/OpenGL/Texture/supportsNorm16Linear.js
function __() {
	try {
		let e = new Int16Array([0, 2 ** 15 - 1]), t = [1, 1], n = document.createElement("canvas");
		n.width = 4, n.height = 4;
		let r = n.getContext("webgl2");
		if (!r) return !1;
		let i = r.getExtension("EXT_texture_norm16");
		if (!i) return !1;
		let a = `#version 300 es
    void main() {
      gl_PointSize = ${4 .toFixed(1)};
      gl_Position = vec4(0, 0, 0, 1);
    }
  `, o = r.createShader(r.VERTEX_SHADER);
		if (r.shaderSource(o, a), r.compileShader(o), !r.getShaderParameter(o, r.COMPILE_STATUS)) return !1;
		let s = r.createShader(r.FRAGMENT_SHADER);
		if (r.shaderSource(s, "#version 300 es\n    precision highp float;\n    precision highp int;\n    precision highp sampler2D;\n\n    uniform sampler2D u_image;\n\n    out vec4 color;\n\n    void main() {\n        vec4 intColor = texture(u_image, gl_PointCoord.xy);\n        color = vec4(vec3(intColor.rrr), 1);\n    }\n    "), r.compileShader(s), !r.getShaderParameter(s, r.COMPILE_STATUS)) return !1;
		let c = r.createProgram();
		if (r.attachShader(c, o), r.attachShader(c, s), r.linkProgram(c), !r.getProgramParameter(c, r.LINK_STATUS)) return !1;
		let l = r.createTexture();
		r.bindTexture(r.TEXTURE_2D, l), r.texImage2D(r.TEXTURE_2D, 0, i.R16_SNORM_EXT, 2, 1, 0, r.RED, r.SHORT, e), r.texParameteri(r.TEXTURE_2D, r.TEXTURE_MAG_FILTER, r.LINEAR), r.texParameteri(r.TEXTURE_2D, r.TEXTURE_MIN_FILTER, r.LINEAR), r.useProgram(c), r.drawArrays(r.POINTS, 0, 1);
		let u = /* @__PURE__ */ new Uint8Array(4);
		r.readPixels(t[0], t[1], 1, 1, r.RGBA, r.UNSIGNED_BYTE, u);
		let [d, f, p] = u, m = r.getExtension("WEBGL_lose_context");
		return m && m.loseContext(), d === f && f === p && d !== 0;
	} catch {
		return !1;
	}
}
var v_;
function y_() {
	return v_ === void 0 && (v_ = __()), v_;
}
// node_modules/@kitware/vtk.js/Rendering/OpenGL/Texture.js
var { Wrap: b_, Filter: x_ } = a_, { VtkDataTypes: X } = q, { vtkDebugMacro: S_, vtkErrorMacro: C_, vtkWarningMacro: w_, requiredParam: Z } = Ji, { toHalf: T_ } = u_;
function E_(e, t) {
	t.classHierarchy.push("vtkOpenGLTexture");
	function n() {
		return {
			internalFormat: t.internalFormat,
			format: t.format,
			openGLDataType: t.openGLDataType,
			width: t.width,
			height: t.height
		};
	}
	e.render = (n = null) => {
		if (n ? t._openGLRenderWindow = n : (t._openGLRenderer = e.getFirstAncestorOfType("vtkOpenGLRenderer"), t._openGLRenderWindow = t._openGLRenderer.getLastAncestorOfType("vtkOpenGLRenderWindow")), t.context = t._openGLRenderWindow.getContext(), t.renderable.getInterpolate() ? (t.generateMipmap ? e.setMinificationFilter(x_.LINEAR_MIPMAP_LINEAR) : e.setMinificationFilter(x_.LINEAR), e.setMagnificationFilter(x_.LINEAR)) : (e.setMinificationFilter(x_.NEAREST), e.setMagnificationFilter(x_.NEAREST)), t.renderable.getRepeat() && (e.setWrapR(b_.REPEAT), e.setWrapS(b_.REPEAT), e.setWrapT(b_.REPEAT)), t.renderable.getInputData() && t.renderable.setImage(null), !t.handle || t.renderable.getMTime() > t.textureBuildTime.getMTime()) {
			if (t.renderable.getImageBitmap() !== null && (t.renderable.getInterpolate() && (t.generateMipmap = !0, e.setMinificationFilter(x_.LINEAR_MIPMAP_LINEAR)), t.renderable.getImageBitmap() && t.renderable.getImageLoaded() && (e.create2DFromImageBitmap(t.renderable.getImageBitmap()), e.activate(), e.sendParameters(), t.textureBuildTime.modified())), t.renderable.getImage() !== null && (t.renderable.getInterpolate() && (t.generateMipmap = !0, e.setMinificationFilter(x_.LINEAR_MIPMAP_LINEAR)), t.renderable.getImage() && t.renderable.getImageLoaded() && (e.create2DFromImage(t.renderable.getImage()), e.activate(), e.sendParameters(), t.textureBuildTime.modified())), t.renderable.getCanvas() !== null) {
				t.renderable.getInterpolate() && (t.generateMipmap = !0, e.setMinificationFilter(x_.LINEAR_MIPMAP_LINEAR));
				let n = t.renderable.getCanvas();
				e.create2DFromRaw({
					width: n.width,
					height: n.height,
					numComps: 4,
					dataType: X.UNSIGNED_CHAR,
					data: n,
					flip: !0
				}), e.activate(), e.sendParameters(), t.textureBuildTime.modified();
			}
			if (t.renderable.getJsImageData() !== null) {
				let n = t.renderable.getJsImageData();
				t.renderable.getInterpolate() && (t.generateMipmap = !0, e.setMinificationFilter(x_.LINEAR_MIPMAP_LINEAR)), e.create2DFromRaw({
					width: n.width,
					height: n.height,
					numComps: 4,
					dataType: X.UNSIGNED_CHAR,
					data: n.data,
					flip: !0
				}), e.activate(), e.sendParameters(), t.textureBuildTime.modified();
			}
			let n = t.renderable.getInputData(0);
			if (n && n.getPointData().getScalars()) {
				let r = n.getExtent(), i = n.getPointData().getScalars(), a = [];
				for (let e = 0; e < t.renderable.getNumberOfInputPorts(); ++e) {
					let n = t.renderable.getInputData(e), r = n ? n.getPointData().getScalars().getData() : null;
					r && a.push(r);
				}
				t.renderable.getInterpolate() && i.getNumberOfComponents() === 4 && (t.generateMipmap = !0, e.setMinificationFilter(x_.LINEAR_MIPMAP_LINEAR)), a.length % 6 == 0 ? e.createCubeFromRaw({
					width: r[1] - r[0] + 1,
					height: r[3] - r[2] + 1,
					numComps: i.getNumberOfComponents(),
					dataType: i.getDataType(),
					data: a
				}) : e.create2DFromRaw({
					width: r[1] - r[0] + 1,
					height: r[3] - r[2] + 1,
					numComps: i.getNumberOfComponents(),
					dataType: i.getDataType(),
					data: i.getData()
				}), e.activate(), e.sendParameters(), t.textureBuildTime.modified();
			}
		}
		t.handle && e.activate();
	};
	let r = () => {
		if (t.minificationFilter !== x_.LINEAR && t.magnificationFilter !== x_.LINEAR || y_()) return t.oglNorm16Ext;
	};
	e.destroyTexture = () => {
		e.deactivate(), t.context && t.handle && t.context.deleteTexture(t.handle), t._prevTexParams = null, t.handle = 0, t.numberOfDimensions = 0, t.target = 0, t.components = 0, t.width = 0, t.height = 0, t.depth = 0, e.resetFormatAndType();
	}, e.createTexture = () => {
		t.handle || (t.handle = t.context.createTexture(), t.target && (t.context.bindTexture(t.target, t.handle), t.context.texParameteri(t.target, t.context.TEXTURE_MIN_FILTER, e.getOpenGLFilterMode(t.minificationFilter)), t.context.texParameteri(t.target, t.context.TEXTURE_MAG_FILTER, e.getOpenGLFilterMode(t.magnificationFilter)), t.context.texParameteri(t.target, t.context.TEXTURE_WRAP_S, e.getOpenGLWrapMode(t.wrapS)), t.context.texParameteri(t.target, t.context.TEXTURE_WRAP_T, e.getOpenGLWrapMode(t.wrapT)), t._openGLRenderWindow.getWebgl2() && t.context.texParameteri(t.target, t.context.TEXTURE_WRAP_R, e.getOpenGLWrapMode(t.wrapR)), t.context.bindTexture(t.target, null)));
	}, e.getTextureUnit = () => t._openGLRenderWindow ? t._openGLRenderWindow.getTextureUnitForTexture(e) : -1, e.activate = () => {
		t._openGLRenderWindow.activateTexture(e), e.bind();
	}, e.deactivate = () => {
		t._openGLRenderWindow && t._openGLRenderWindow.deactivateTexture(e);
	}, e.releaseGraphicsResources = (n) => {
		n && t.handle && (n.activateTexture(e), n.deactivateTexture(e), t.context.deleteTexture(t.handle), t._prevTexParams = null, t.handle = 0, t.numberOfDimensions = 0, t.target = 0, t.internalFormat = 0, t.format = 0, t.openGLDataType = 0, t.components = 0, t.width = 0, t.height = 0, t.depth = 0, t.allocatedGPUMemoryInBytes = 0), t.shaderProgram &&= (t.shaderProgram.releaseGraphicsResources(n), null);
	}, e.bind = () => {
		t.context.bindTexture(t.target, t.handle), t.autoParameters && e.getMTime() > t.sendParametersTime.getMTime() && e.sendParameters();
	}, e.isBound = () => {
		let e = !1;
		if (t.context && t.handle) {
			let n = 0;
			switch (t.target) {
				case t.context.TEXTURE_2D:
					n = t.context.TEXTURE_BINDING_2D;
					break;
				default: w_("impossible case");
			}
			e = t.context.getIntegerv(n) === t.handle;
		}
		return e;
	}, e.sendParameters = () => {
		t.context.texParameteri(t.target, t.context.TEXTURE_WRAP_S, e.getOpenGLWrapMode(t.wrapS)), t.context.texParameteri(t.target, t.context.TEXTURE_WRAP_T, e.getOpenGLWrapMode(t.wrapT)), t._openGLRenderWindow.getWebgl2() && t.context.texParameteri(t.target, t.context.TEXTURE_WRAP_R, e.getOpenGLWrapMode(t.wrapR)), t.context.texParameteri(t.target, t.context.TEXTURE_MIN_FILTER, e.getOpenGLFilterMode(t.minificationFilter)), t.context.texParameteri(t.target, t.context.TEXTURE_MAG_FILTER, e.getOpenGLFilterMode(t.magnificationFilter)), t._openGLRenderWindow.getWebgl2() && (t.context.texParameteri(t.target, t.context.TEXTURE_BASE_LEVEL, t.baseLevel), t.context.texParameteri(t.target, t.context.TEXTURE_MAX_LEVEL, t.maxLevel)), t.sendParametersTime.modified();
	}, e.getInternalFormat = (n, r) => (t._forceInternalFormat || (t.internalFormat = e.getDefaultInternalFormat(n, r)), t.internalFormat || S_(`Unable to find suitable internal format for T=${n} NC= ${r}`), [
		t.context.R32F,
		t.context.RG32F,
		t.context.RGB32F,
		t.context.RGBA32F
	].includes(t.internalFormat) && !t.context.getExtension("OES_texture_float_linear") && w_("Failed to load OES_texture_float_linear. Texture filtering is not available for *32F internal formats."), t.internalFormat), e.getDefaultInternalFormat = (n, i) => {
		let a = 0;
		return a = t._openGLRenderWindow.getDefaultTextureInternalFormat(n, i, r(), e.useHalfFloat()), a || (a || (S_("Unsupported internal texture type!"), S_(`Unable to find suitable internal format for T=${n} NC= ${i}`)), a);
	}, e.useHalfFloat = () => t.enableUseHalfFloat && t.canUseHalfFloat, e.setInternalFormat = (n) => {
		t._forceInternalFormat = !0, n !== t.internalFormat && (t.internalFormat = n, e.modified());
	}, e.getFormat = (n, r) => (t.format = e.getDefaultFormat(n, r), t.format), e.getDefaultFormat = (e, n) => {
		if (t._openGLRenderWindow.getWebgl2()) switch (n) {
			case 1: return t.context.RED;
			case 2: return t.context.RG;
			case 3: return t.context.RGB;
			case 4: return t.context.RGBA;
			default: return t.context.RGB;
		}
		else switch (n) {
			case 1: return t.context.LUMINANCE;
			case 2: return t.context.LUMINANCE_ALPHA;
			case 3: return t.context.RGB;
			case 4: return t.context.RGBA;
			default: return t.context.RGB;
		}
	}, e.resetFormatAndType = () => {
		t._prevTexParams = null, t.format = 0, t.internalFormat = 0, t._forceInternalFormat = !1, t.openGLDataType = 0;
	}, e.getDefaultDataType = (n) => {
		let i = e.useHalfFloat();
		if (t._openGLRenderWindow.getWebgl2()) switch (n) {
			case X.UNSIGNED_CHAR: return t.context.UNSIGNED_BYTE;
			case r() && !i && X.SHORT: return t.context.SHORT;
			case r() && !i && X.UNSIGNED_SHORT: return t.context.UNSIGNED_SHORT;
			case i && X.SHORT: return t.context.HALF_FLOAT;
			case i && X.UNSIGNED_SHORT: return t.context.HALF_FLOAT;
			case X.FLOAT:
			case X.VOID:
			default: return t.context.FLOAT;
		}
		switch (n) {
			case X.UNSIGNED_CHAR: return t.context.UNSIGNED_BYTE;
			case X.FLOAT:
			case X.VOID:
			default:
				if (t.context.getExtension("OES_texture_float") && t.context.getExtension("OES_texture_float_linear")) return t.context.FLOAT;
				{
					let e = t.context.getExtension("OES_texture_half_float");
					if (e && t.context.getExtension("OES_texture_half_float_linear")) return e.HALF_FLOAT_OES;
				}
				return t.context.UNSIGNED_BYTE;
		}
	}, e.getOpenGLDataType = (n, r = !1) => ((!t.openGLDataType || r) && (t.openGLDataType = e.getDefaultDataType(n)), t.openGLDataType), e.getShiftAndScale = () => {
		let e = 0, n = 1;
		switch (t.openGLDataType) {
			case t.context.BYTE:
				n = 127.5, e = n - 128;
				break;
			case t.context.UNSIGNED_BYTE:
				n = 255, e = 0;
				break;
			case t.context.SHORT:
				n = 32767.5, e = n - 32768;
				break;
			case t.context.UNSIGNED_SHORT:
				n = 65536, e = 0;
				break;
			case t.context.INT:
				n = 2147483647.5, e = n - 2147483648;
				break;
			case t.context.UNSIGNED_INT:
				n = 4294967295, e = 0;
				break;
			case t.context.FLOAT:
		}
		return {
			shift: e,
			scale: n
		};
	}, e.getOpenGLFilterMode = (e) => {
		switch (e) {
			case x_.NEAREST: return t.context.NEAREST;
			case x_.LINEAR: return t.context.LINEAR;
			case x_.NEAREST_MIPMAP_NEAREST: return t.context.NEAREST_MIPMAP_NEAREST;
			case x_.NEAREST_MIPMAP_LINEAR: return t.context.NEAREST_MIPMAP_LINEAR;
			case x_.LINEAR_MIPMAP_NEAREST: return t.context.LINEAR_MIPMAP_NEAREST;
			case x_.LINEAR_MIPMAP_LINEAR: return t.context.LINEAR_MIPMAP_LINEAR;
			default: return t.context.NEAREST;
		}
	}, e.getOpenGLWrapMode = (e) => {
		switch (e) {
			case b_.CLAMP_TO_EDGE: return t.context.CLAMP_TO_EDGE;
			case b_.REPEAT: return t.context.REPEAT;
			case b_.MIRRORED_REPEAT: return t.context.MIRRORED_REPEAT;
			default: return t.context.CLAMP_TO_EDGE;
		}
	};
	function i(e) {
		let [t, n, r, i, a, o] = e;
		return [
			n - t + 1,
			i - r + 1,
			o - a + 1
		];
	}
	function a(e) {
		let [t, n, r] = i(e);
		return t * n * r;
	}
	function o(e, t, n, r, i) {
		let [a, o, s, c, l, u] = n, [d, f] = t, p = d * f, m = i;
		for (let t = l; t <= u; t++) {
			let n = t * p;
			for (let t = s; t <= c; t++) {
				let i = n + t * d;
				for (let t = i + a, n = i + o; t <= n; t++, m++) r[m] = e[t];
			}
		}
	}
	function s(e, n, r = null) {
		let i = new (r || e.constructor)(n.reduce((e, t) => e + a(t), 0)), s = [
			t.width,
			t.height,
			t.depth
		], c = 0;
		return n.forEach((t) => {
			o(e, s, t, i, c), c += a(t);
		}), i;
	}
	e.updateArrayDataTypeForGL = (e, n, r = !1, i = []) => {
		let a = [], o = t.width * t.height * t.components;
		r && (o *= t.depth);
		let c = !!i.length;
		if (e !== X.FLOAT && t.openGLDataType === t.context.FLOAT) for (let e = 0; e < n.length; e++) if (n[e]) {
			if (c) a.push(s(n[e], i, Float32Array));
			else {
				let t = n[e].length > o ? n[e].subarray(0, o) : n[e];
				a.push(new Float32Array(t));
			}
		} else a.push(null);
		if (e !== X.UNSIGNED_CHAR && t.openGLDataType === t.context.UNSIGNED_BYTE) for (let e = 0; e < n.length; e++) if (n[e]) {
			if (c) a.push(s(n[e], i, Uint8Array));
			else {
				let t = n[e].length > o ? n[e].subarray(0, o) : n[e];
				a.push(new Uint8Array(t));
			}
		} else a.push(null);
		let l = !1;
		if (t._openGLRenderWindow.getWebgl2()) l = t.openGLDataType === t.context.HALF_FLOAT;
		else {
			let e = t.context.getExtension("OES_texture_half_float");
			l = e && t.openGLDataType === e.HALF_FLOAT_OES;
		}
		if (l) for (let e = 0; e < n.length; e++) if (n[e]) {
			let t = c ? s(n[e], i) : n[e], r = new Uint16Array(c ? t.length : o), l = r.length;
			for (let e = 0; e < l; e++) r[e] = T_(t[e]);
			a.push(r);
		} else a.push(null);
		if (a.length === 0) for (let e = 0; e < n.length; e++) a.push(c && n[e] ? s(n[e], i) : n[e]);
		return a;
	};
	function c(e) {
		if (t._openGLRenderWindow.getWebgl2()) return e;
		let n = [], r = t.width, i = t.height, a = t.components;
		if (e && (!Po(r) || !Po(i))) {
			let o = t.context.getExtension("OES_texture_half_float"), s = No(r), c = No(i), l = s * c * t.components;
			for (let u = 0; u < e.length; u++) if (e[u] !== null) {
				let d = null, f = i / c, p = r / s, m = !1;
				t.openGLDataType === t.context.FLOAT ? d = new Float32Array(l) : o && t.openGLDataType === o.HALF_FLOAT_OES ? (d = new Uint16Array(l), m = !0) : d = new Uint8Array(l);
				for (let t = 0; t < c; t++) {
					let n = t * s * a, o = t * f, c = Math.floor(o), l = Math.ceil(o);
					l >= i && (l = i - 1);
					let h = o - c, g = 1 - h;
					c = c * r * a, l = l * r * a;
					for (let t = 0; t < s; t++) {
						let i = t * a, o = t * p, s = Math.floor(o), f = Math.ceil(o);
						f >= r && (f = r - 1);
						let _ = o - s;
						s *= a, f *= a;
						for (let t = 0; t < a; t++) m ? d[n + i + t] = u_.toHalf(u_.fromHalf(e[u][c + s + t]) * g * (1 - _) + u_.fromHalf(e[u][c + f + t]) * g * _ + u_.fromHalf(e[u][l + s + t]) * h * (1 - _) + u_.fromHalf(e[u][l + f + t]) * h * _) : d[n + i + t] = e[u][c + s + t] * g * (1 - _) + e[u][c + f + t] * g * _ + e[u][l + s + t] * h * (1 - _) + e[u][l + f + t] * h * _;
					}
				}
				n.push(d), t.width = s, t.height = c;
			} else n.push(null);
		}
		if (n.length === 0) for (let t = 0; t < e.length; t++) n.push(e[t]);
		return n;
	}
	function l(e) {
		return t._openGLRenderWindow ? t.resizable || t.renderable?.getResizable() ? !1 : t._openGLRenderWindow.getWebgl2() ? !(t._openGLRenderWindow.getGLInformations().RENDERER.value.match(/WebKit/gi) && navigator.platform.match(/Mac/gi) && r() && (e === X.UNSIGNED_SHORT || e === X.SHORT)) : !1 : !1;
	}
	e.create2DFromRaw = ({ width: n = Z("width"), height: i = Z("height"), numComps: a = Z("numComps"), dataType: o = Z("dataType"), data: s = Z("data"), flip: u = !1 } = {}) => {
		if (e.getOpenGLDataType(o, !0), e.getInternalFormat(o, a), e.getFormat(o, a), !t.internalFormat || !t.format || !t.openGLDataType) return C_("Failed to determine texture parameters."), !1;
		t.target = t.context.TEXTURE_2D, t.components = a, t.width = n, t.height = i, t.depth = 1, t.numberOfDimensions = 2, t._openGLRenderWindow.activateTexture(e), e.createTexture(), e.bind();
		let d = [s], f = c(e.updateArrayDataTypeForGL(o, d));
		return t.context.pixelStorei(t.context.UNPACK_FLIP_Y_WEBGL, u), t.context.pixelStorei(t.context.UNPACK_ALIGNMENT, 1), l(o) ? (t.context.texStorage2D(t.target, 1, t.internalFormat, t.width, t.height), f[0] != null && t.context.texSubImage2D(t.target, 0, 0, 0, t.width, t.height, t.format, t.openGLDataType, f[0])) : t.context.texImage2D(t.target, 0, t.internalFormat, t.width, t.height, 0, t.format, t.openGLDataType, f[0]), t.generateMipmap && t.context.generateMipmap(t.target), u && t.context.pixelStorei(t.context.UNPACK_FLIP_Y_WEBGL, !1), t.allocatedGPUMemoryInBytes = t.width * t.height * t.depth * a * t._openGLRenderWindow.getDefaultTextureByteSize(o, r(), e.useHalfFloat()), e.deactivate(), !0;
	}, e.createCubeFromRaw = ({ width: n = Z("width"), height: i = Z("height"), numComps: a = Z("numComps"), dataType: o = Z("dataType"), data: s = Z("data") } = {}) => {
		if (e.getOpenGLDataType(o), e.getInternalFormat(o, a), e.getFormat(o, a), !t.internalFormat || !t.format || !t.openGLDataType) return C_("Failed to determine texture parameters."), !1;
		t.target = t.context.TEXTURE_CUBE_MAP, t.components = a, t.width = n, t.height = i, t.depth = 1, t.numberOfDimensions = 2, t._openGLRenderWindow.activateTexture(e), t.maxLevel = s.length / 6 - 1, e.createTexture(), e.bind();
		let u = c(e.updateArrayDataTypeForGL(o, s)), d = [], f = t.width, p = t.height;
		for (let e = 0; e < u.length; e++) {
			e % 6 == 0 && e !== 0 && (f /= 2, p /= 2), d[e] = da(o, p * f * t.components);
			for (let n = 0; n < p; ++n) {
				let r = n * f * t.components, i = (p - n - 1) * f * t.components;
				d[e].set(u[e].slice(i, i + f * t.components), r);
			}
		}
		t.context.pixelStorei(t.context.UNPACK_ALIGNMENT, 1), l(o) && t.context.texStorage2D(t.target, 6, t.internalFormat, t.width, t.height);
		for (let e = 0; e < 6; e++) {
			let n = 0, r = t.width, i = t.height;
			for (; r >= 1 && i >= 1;) {
				let a = null;
				n <= t.maxLevel && (a = d[6 * n + e]), l(o) ? a != null && t.context.texSubImage2D(t.context.TEXTURE_CUBE_MAP_POSITIVE_X + e, n, 0, 0, r, i, t.format, t.openGLDataType, a) : t.context.texImage2D(t.context.TEXTURE_CUBE_MAP_POSITIVE_X + e, n, t.internalFormat, r, i, 0, t.format, t.openGLDataType, a), n++, r /= 2, i /= 2;
			}
		}
		return t.allocatedGPUMemoryInBytes = t.width * t.height * t.depth * a * t._openGLRenderWindow.getDefaultTextureByteSize(o, r(), e.useHalfFloat()), e.deactivate(), !0;
	}, e.createDepthFromRaw = ({ width: n = Z("width"), height: i = Z("height"), dataType: a = Z("dataType"), data: o = Z("data") } = {}) => (e.getOpenGLDataType(a), t.format = t.context.DEPTH_COMPONENT, t.internalFormat = t._openGLRenderWindow.getWebgl2() ? a === X.FLOAT ? t.context.DEPTH_COMPONENT32F : t.context.DEPTH_COMPONENT16 : t.context.DEPTH_COMPONENT, !t.internalFormat || !t.format || !t.openGLDataType ? (C_("Failed to determine texture parameters."), !1) : (t.target = t.context.TEXTURE_2D, t.components = 1, t.width = n, t.height = i, t.depth = 1, t.numberOfDimensions = 2, t._openGLRenderWindow.activateTexture(e), e.createTexture(), e.bind(), t.context.pixelStorei(t.context.UNPACK_ALIGNMENT, 1), l(a) ? (t.context.texStorage2D(t.target, 1, t.internalFormat, t.width, t.height), o != null && t.context.texSubImage2D(t.target, 0, 0, 0, t.width, t.height, t.format, t.openGLDataType, o)) : t.context.texImage2D(t.target, 0, t.internalFormat, t.width, t.height, 0, t.format, t.openGLDataType, o), t.generateMipmap && t.context.generateMipmap(t.target), t.allocatedGPUMemoryInBytes = t.width * t.height * t.depth * t.components * t._openGLRenderWindow.getDefaultTextureByteSize(a, r(), e.useHalfFloat()), e.deactivate(), !0)), e.create2DFromImage = (n) => {
		if (e.getOpenGLDataType(X.UNSIGNED_CHAR), e.getInternalFormat(X.UNSIGNED_CHAR, 4), e.getFormat(X.UNSIGNED_CHAR, 4), !t.internalFormat || !t.format || !t.openGLDataType) return C_("Failed to determine texture parameters."), !1;
		t.target = t.context.TEXTURE_2D, t.components = 4, t.depth = 1, t.numberOfDimensions = 2, t._openGLRenderWindow.activateTexture(e), e.createTexture(), e.bind();
		let i = !t._openGLRenderWindow.getWebgl2() && (!Po(n.width) || !Po(n.height)), a = n, o = n.width, s = n.height, c = !0, u = window.chrome;
		if (i || u) {
			let e = new OffscreenCanvas(No(n.width), No(n.height));
			o = e.width, s = e.height;
			let t = e.getContext("2d");
			t.translate(0, e.height), t.scale(1, -1), t.drawImage(n, 0, 0, n.width, n.height, 0, 0, e.width, e.height), a = e, c = !1;
		}
		return t.width = o, t.height = s, t.context.pixelStorei(t.context.UNPACK_FLIP_Y_WEBGL, c), t.context.pixelStorei(t.context.UNPACK_ALIGNMENT, 1), l(X.UNSIGNED_CHAR) ? (t.context.texStorage2D(t.target, 1, t.internalFormat, t.width, t.height), t.context.texSubImage2D(t.target, 0, 0, 0, t.width, t.height, t.format, t.openGLDataType, a)) : t.context.texImage2D(t.target, 0, t.internalFormat, t.width, t.height, 0, t.format, t.openGLDataType, a), t.generateMipmap && t.context.generateMipmap(t.target), t.allocatedGPUMemoryInBytes = t.width * t.height * t.depth * t.components * t._openGLRenderWindow.getDefaultTextureByteSize(X.UNSIGNED_CHAR, r(), e.useHalfFloat()), e.deactivate(), !0;
	}, e.create2DFromImageBitmap = (n) => (e.getOpenGLDataType(X.UNSIGNED_CHAR), e.getInternalFormat(X.UNSIGNED_CHAR, 4), e.getFormat(X.UNSIGNED_CHAR, 4), !t.internalFormat || !t.format || !t.openGLDataType ? (C_("Failed to determine texture parameters."), !1) : (t.target = t.context.TEXTURE_2D, t.components = 4, t.depth = 1, t.numberOfDimensions = 2, t._openGLRenderWindow.activateTexture(e), e.createTexture(), e.bind(), t.context.pixelStorei(t.context.UNPACK_ALIGNMENT, 1), t.width = n.width, t.height = n.height, l(X.UNSIGNED_CHAR) ? (t.context.texStorage2D(t.target, 1, t.internalFormat, t.width, t.height), t.context.texSubImage2D(t.target, 0, 0, 0, t.width, t.height, t.format, t.openGLDataType, n)) : t.context.texImage2D(t.target, 0, t.internalFormat, t.width, t.height, 0, t.format, t.openGLDataType, n), t.generateMipmap && t.context.generateMipmap(t.target), t.allocatedGPUMemoryInBytes = t.width * t.height * t.depth * t.components * t._openGLRenderWindow.getDefaultTextureByteSize(X.UNSIGNED_CHAR, r(), e.useHalfFloat()), e.deactivate(), !0));
	function u(e, t, n) {
		let r = Array(n), i = Array(n);
		for (let a = 0; a < n; ++a) r[a] = e[a], i[a] = t[a] - e[a] || 1;
		return {
			scale: i,
			offset: r
		};
	}
	function d(e, t) {
		for (let n = 0; n < e.length; n++) {
			let r = e[n], i = t[n] + r;
			if (r < -2048 || r > 2048 || i < -2048 || i > 2048) return !1;
		}
		return !0;
	}
	function f(n, r, i, a) {
		e.getOpenGLDataType(n);
		let o = d(r, i) || a, s = !1;
		if (t._openGLRenderWindow.getWebgl2()) s = t.openGLDataType === t.context.FLOAT && t.context.getExtension("OES_texture_float_linear") === null && o || t.openGLDataType === t.context.HALF_FLOAT;
		else {
			let e = t.context.getExtension("OES_texture_half_float");
			s = e && t.openGLDataType === e.HALF_FLOAT_OES;
		}
		t.canUseHalfFloat = s && o;
	}
	function p(t, n) {
		let r = t.getNumberOfComponents(), i = t.getDataType(), a = t.getData(), o = Array(r), s = Array(r);
		for (let e = 0; e < r; ++e) {
			let [n, r] = t.getRange(e);
			o[e] = n, s[e] = r;
		}
		let c = u(o, s, r);
		return f(i, c.offset, c.scale, n), e.useHalfFloat() || e.getOpenGLDataType(i, !0), {
			numComps: r,
			dataType: i,
			data: a,
			scaleOffsets: c
		};
	}
	e.create2DFilterableFromRaw = ({ width: t = Z("width"), height: n = Z("height"), numComps: r = Z("numComps"), dataType: i = Z("dataType"), data: a = Z("data"), preferSizeOverAccuracy: o = !1, ranges: s = void 0 } = {}) => e.create2DFilterableFromDataArray({
		width: t,
		height: n,
		dataArray: q.newInstance({
			numberOfComponents: r,
			dataType: i,
			values: a,
			ranges: s
		}),
		preferSizeOverAccuracy: o
	}), e.create2DFilterableFromDataArray = ({ width: t = Z("width"), height: n = Z("height"), dataArray: r = Z("dataArray"), preferSizeOverAccuracy: i = !1 } = {}) => {
		let { numComps: a, dataType: o, data: s } = p(r, i);
		e.create2DFromRaw({
			width: t,
			height: n,
			numComps: a,
			dataType: o,
			data: s
		});
	}, e.updateVolumeInfoForGL = (n, i) => {
		let a = !1, o = e.useHalfFloat();
		t.volumeInfo?.scale && t.volumeInfo?.offset || (t.volumeInfo = {
			scale: Array(i),
			offset: Array(i)
		});
		for (let e = 0; e < i; ++e) t.volumeInfo.scale[e] = 1, t.volumeInfo.offset[e] = 0;
		if (r() && !o && n === X.SHORT) {
			for (let e = 0; e < i; ++e) t.volumeInfo.scale[e] = 32767;
			a = !0;
		}
		if (r() && !o && n === X.UNSIGNED_SHORT) {
			for (let e = 0; e < i; ++e) t.volumeInfo.scale[e] = 65535;
			a = !0;
		}
		if (n === X.UNSIGNED_CHAR) {
			for (let e = 0; e < i; ++e) t.volumeInfo.scale[e] = 255;
			a = !0;
		}
		return (n === X.FLOAT || o && (n === X.SHORT || n === X.UNSIGNED_SHORT)) && (a = !0), a;
	}, e.create3DFromRaw = ({ width: o = Z("width"), height: s = Z("height"), depth: u = Z("depth"), numComps: d = Z("numComps"), dataType: f = Z("dataType"), data: p = Z("data"), updatedExtents: m = [] } = {}) => {
		let h = f, g = p;
		if (!e.updateVolumeInfoForGL(h, d) && g) {
			let e = o * s * u, n = structuredClone(t.volumeInfo), r = new Float32Array(e * d);
			t.volumeInfo.offset = n.offset, t.volumeInfo.scale = n.scale;
			let i = 0, a = n.scale.map((e) => 1 / e);
			for (let t = 0; t < e; t++) for (let e = 0; e < d; e++) r[i] = (g[i] - n.offset[e]) * a[e], i++;
			h = X.FLOAT, g = r;
		}
		if (e.getOpenGLDataType(h), e.getInternalFormat(h, d), e.getFormat(h, d), !t.internalFormat || !t.format || !t.openGLDataType) return C_("Failed to determine texture parameters."), !1;
		t.target = t.context.TEXTURE_3D, t.components = d, t.width = o, t.height = s, t.depth = u, t.numberOfDimensions = 3, t._openGLRenderWindow.activateTexture(e), e.createTexture(), e.bind();
		let _ = m.length > 0, v = !_ || !(0, qi.default)(t._prevTexParams, n()), y = [g], b = c(e.updateArrayDataTypeForGL(h, y, !0, v ? [] : m));
		if (t.context.pixelStorei(t.context.UNPACK_ALIGNMENT, 1), v) l(h) ? (t.context.texStorage3D(t.target, 1, t.internalFormat, t.width, t.height, t.depth), b[0] != null && t.context.texSubImage3D(t.target, 0, 0, 0, 0, t.width, t.height, t.depth, t.format, t.openGLDataType, b[0])) : t.context.texImage3D(t.target, 0, t.internalFormat, t.width, t.height, t.depth, 0, t.format, t.openGLDataType, b[0]), t._prevTexParams = n();
		else if (_) {
			let e = b[0], n = 0;
			for (let r = 0; r < m.length; r++) {
				let o = m[r], s = i(o), c = a(o), l = new e.constructor(e.buffer, n, c);
				n += l.byteLength, t.context.texSubImage3D(t.target, 0, o[0], o[2], o[4], s[0], s[1], s[2], t.format, t.openGLDataType, l);
			}
		}
		return t.generateMipmap && t.context.generateMipmap(t.target), t.allocatedGPUMemoryInBytes = t.width * t.height * t.depth * t.components * t._openGLRenderWindow.getDefaultTextureByteSize(h, r(), e.useHalfFloat()), e.deactivate(), !0;
	}, e.create3DFilterableFromRaw = ({ width: t = Z("width"), height: n = Z("height"), depth: r = Z("depth"), numComps: i = Z("numComps"), dataType: a = Z("dataType"), data: o = Z("data"), preferSizeOverAccuracy: s = !1, ranges: c = void 0, updatedExtents: l = [] } = {}) => e.create3DFilterableFromDataArray({
		width: t,
		height: n,
		depth: r,
		dataArray: q.newInstance({
			numberOfComponents: i,
			dataType: a,
			values: o,
			ranges: c
		}),
		preferSizeOverAccuracy: s,
		updatedExtents: l
	}), e.create3DFilterableFromDataArray = ({ width: n = Z("width"), height: r = Z("height"), depth: i = Z("depth"), dataArray: a = Z("dataArray"), preferSizeOverAccuracy: o = !1, updatedExtents: s = [] } = {}) => {
		let { numComps: c, dataType: u, data: d, scaleOffsets: f } = p(a, o), m = [], h = [];
		for (let e = 0; e < c; ++e) m[e] = 0, h[e] = 1;
		if (t.volumeInfo = {
			scale: h,
			offset: m,
			dataComputedScale: f.scale,
			dataComputedOffset: f.offset,
			width: n,
			height: r,
			depth: i
		}, t._openGLRenderWindow.getWebgl2()) return e.create3DFromRaw({
			width: n,
			height: r,
			depth: i,
			numComps: c,
			dataType: u,
			data: d,
			updatedExtents: s
		});
		let g = n * r * i, _ = structuredClone(f), v = (e, t, n, r, i) => {
			e[t] = n;
		}, y = X.UNSIGNED_CHAR;
		if (u === X.UNSIGNED_CHAR) for (let e = 0; e < c; ++e) _.offset[e] = 0, _.scale[e] = 255;
		else t.context.getExtension("OES_texture_float") && t.context.getExtension("OES_texture_float_linear") ? (y = X.FLOAT, v = (e, t, n, r, i) => {
			e[t] = (n - r) / i;
		}) : (y = X.UNSIGNED_CHAR, v = (e, t, n, r, i) => {
			e[t] = 255 * (n - r) / i;
		});
		if (e.getOpenGLDataType(y), e.getInternalFormat(y, c), e.getFormat(y, c), !t.internalFormat || !t.format || !t.openGLDataType) return C_("Failed to determine texture parameters."), !1;
		t.target = t.context.TEXTURE_2D, t.components = c, t.depth = 1, t.numberOfDimensions = 2;
		let b = t.context.getParameter(t.context.MAX_TEXTURE_SIZE);
		b > 4096 && (y === X.FLOAT || c >= 3) && (b = 4096);
		let x = 1, S = 1;
		g > b * b && (x = Math.ceil(Math.sqrt(g / (b * b))), S = x);
		let C = Math.sqrt(g) / x;
		C = No(C);
		let w = Math.floor(C * x / n), T = Math.ceil(i / w), E = No(r * T / S);
		t.width = C, t.height = E, t._openGLRenderWindow.activateTexture(e), e.createTexture(), e.bind(), t.volumeInfo.xreps = w, t.volumeInfo.yreps = T, t.volumeInfo.xstride = x, t.volumeInfo.ystride = S, t.volumeInfo.offset = _.offset, t.volumeInfo.scale = _.scale;
		let D, O = C * E * c;
		D = y === X.FLOAT ? new Float32Array(O) : new Uint8Array(O);
		let k = 0, A = Math.floor(n / x), ee = Math.floor(r / S);
		for (let e = 0; e < T; e++) {
			let a = Math.min(w, i - e * w), o = c * (t.width - a * Math.floor(n / x));
			for (let t = 0; t < ee; t++) {
				for (let i = 0; i < a; i++) {
					let a = c * ((e * w + i) * n * r + S * t * n);
					for (let e = 0; e < A; e++) for (let t = 0; t < c; t++) v(D, k, d[a + x * e * c + t], _.offset[t], _.scale[t]), k++;
				}
				k += o;
			}
		}
		return t.context.pixelStorei(t.context.UNPACK_ALIGNMENT, 1), l(y) ? (t.context.texStorage2D(t.target, 1, t.internalFormat, t.width, t.height), D != null && t.context.texSubImage2D(t.target, 0, 0, 0, t.width, t.height, t.format, t.openGLDataType, D)) : t.context.texImage2D(t.target, 0, t.internalFormat, t.width, t.height, 0, t.format, t.openGLDataType, D), e.deactivate(), !0;
	}, e.setOpenGLRenderWindow = (n) => {
		t._openGLRenderWindow !== n && (e.releaseGraphicsResources(), t._openGLRenderWindow = n, t.context = null, n && (t.context = t._openGLRenderWindow.getContext()));
	}, e.getMaximumTextureSize = (e) => e && e.isCurrent() ? e.getIntegerv(e.MAX_TEXTURE_SIZE) : -1, e.enableUseHalfFloat = (e) => {
		t.enableUseHalfFloat = e;
	};
}
var D_ = {
	_openGLRenderWindow: null,
	_forceInternalFormat: !1,
	_prevTexParams: null,
	context: null,
	handle: 0,
	sendParametersTime: null,
	textureBuildTime: null,
	numberOfDimensions: 0,
	target: 0,
	format: 0,
	openGLDataType: 0,
	components: 0,
	width: 0,
	height: 0,
	depth: 0,
	autoParameters: !0,
	wrapS: b_.CLAMP_TO_EDGE,
	wrapT: b_.CLAMP_TO_EDGE,
	wrapR: b_.CLAMP_TO_EDGE,
	minificationFilter: x_.NEAREST,
	magnificationFilter: x_.NEAREST,
	minLOD: -1e3,
	maxLOD: 1e3,
	baseLevel: 0,
	maxLevel: 1e3,
	generateMipmap: !1,
	oglNorm16Ext: null,
	allocatedGPUMemoryInBytes: 0,
	enableUseHalfFloat: !0,
	canUseHalfFloat: !1
};
function O_(e, t, n = {}) {
	Object.assign(t, D_, n), g_.extend(e, t, n), t.sendParametersTime = {}, Ca(t.sendParametersTime, { mtime: 0 }), t.textureBuildTime = {}, Ca(t.textureBuildTime, { mtime: 0 }), Oa(e, t, ["format", "openGLDataType"]), ka(e, t, [
		"keyMatrixTime",
		"minificationFilter",
		"magnificationFilter",
		"wrapS",
		"wrapT",
		"wrapR",
		"generateMipmap",
		"oglNorm16Ext"
	]), Ta(e, t, [
		"width",
		"height",
		"volumeInfo",
		"components",
		"handle",
		"target",
		"allocatedGPUMemoryInBytes"
	]), Na(e, t, ["openGLRenderWindow"]), E_(e, t);
}
var k_ = La(O_, "vtkOpenGLTexture"), A_ = {
	newInstance: k_,
	extend: O_,
	...a_
};
Jg("vtkTexture", k_);
// node_modules/@kitware/vtk.js/Rendering/OpenGL/Framebuffer.js
function j_(e, t) {
	t.classHierarchy.push("vtkFramebuffer"), e.getBothMode = () => t.context.FRAMEBUFFER, e.saveCurrentBindingsAndBuffers = (t) => {
		let n = t === void 0 ? e.getBothMode() : t;
		e.saveCurrentBindings(n), e.saveCurrentBuffers(n);
	}, e.saveCurrentBindings = (e) => {
		t.context ? (t.previousDrawBinding = t.context.getParameter(t.context.FRAMEBUFFER_BINDING), t.previousActiveFramebuffer = t._openGLRenderWindow.getActiveFramebuffer()) : z("you must set the OpenGLRenderWindow before calling saveCurrentBindings");
	}, e.saveCurrentBuffers = (e) => {}, e.restorePreviousBindingsAndBuffers = (t) => {
		let n = t === void 0 ? e.getBothMode() : t;
		e.restorePreviousBindings(n), e.restorePreviousBuffers(n);
	}, e.restorePreviousBindings = (e) => {
		if (!t.context) {
			z("you must set the OpenGLRenderWindow before calling restorePreviousBindings");
			return;
		}
		let n = t.context;
		n.bindFramebuffer(n.FRAMEBUFFER, t.previousDrawBinding), t._openGLRenderWindow.setActiveFramebuffer(t.previousActiveFramebuffer);
	}, e.restorePreviousBuffers = (e) => {}, e.bind = (n = null) => {
		let r = n;
		r === null && (r = t.context.FRAMEBUFFER), t.context.bindFramebuffer(r, t.glFramebuffer);
		for (let e = 0; e < t.colorBuffers.length; e++) t.colorBuffers[e].bind();
		t._openGLRenderWindow.setActiveFramebuffer(e);
	}, e.create = (e, n) => {
		t.context ? (t.glFramebuffer = t.context.createFramebuffer(), t.glFramebuffer.width = e, t.glFramebuffer.height = n) : z("you must set the OpenGLRenderWindow before calling create");
	}, e.setColorBuffer = (e, n = 0) => {
		let r = t.context;
		if (!r) {
			z("you must set the OpenGLRenderWindow before calling setColorBuffer");
			return;
		}
		let i = r.COLOR_ATTACHMENT0;
		if (n > 0) {
			if (t._openGLRenderWindow.getWebgl2()) i += n;
			else {
				z("Using multiple framebuffer attachments requires WebGL 2");
				return;
			}
		}
		t.colorBuffers[n] = e, r.framebufferTexture2D(r.FRAMEBUFFER, i, r.TEXTURE_2D, e.getHandle(), 0);
	}, e.removeColorBuffer = (e = 0) => {
		let n = t.context;
		if (!n) {
			z("you must set the OpenGLRenderWindow before calling removeColorBuffer");
			return;
		}
		let r = n.COLOR_ATTACHMENT0;
		if (e > 0) {
			if (t._openGLRenderWindow.getWebgl2()) r += e;
			else {
				z("Using multiple framebuffer attachments requires WebGL 2");
				return;
			}
		}
		n.framebufferTexture2D(n.FRAMEBUFFER, r, n.TEXTURE_2D, null, 0), t.colorBuffers = t.colorBuffers.splice(e, 1);
	}, e.setDepthBuffer = (e) => {
		if (!t.context) z("you must set the OpenGLRenderWindow before calling setDepthBuffer");
		else if (t._openGLRenderWindow.getWebgl2()) {
			let n = t.context;
			n.framebufferTexture2D(n.FRAMEBUFFER, n.DEPTH_ATTACHMENT, n.TEXTURE_2D, e.getHandle(), 0);
		} else z("Attaching depth buffer textures to fbo requires WebGL 2");
	}, e.removeDepthBuffer = () => {
		if (!t.context) z("you must set the OpenGLRenderWindow before calling removeDepthBuffer");
		else if (t._openGLRenderWindow.getWebgl2()) {
			let e = t.context;
			e.framebufferTexture2D(e.FRAMEBUFFER, e.DEPTH_ATTACHMENT, e.TEXTURE_2D, null, 0);
		} else z("Attaching depth buffer textures to framebuffers requires WebGL 2");
	}, e.getGLFramebuffer = () => t.glFramebuffer, e.setOpenGLRenderWindow = (n) => {
		t._openGLRenderWindow !== n && (e.releaseGraphicsResources(), t._openGLRenderWindow = n, t.context = null, n && (t.context = t._openGLRenderWindow.getContext()));
	}, e.releaseGraphicsResources = () => {
		t.glFramebuffer && t.context.deleteFramebuffer(t.glFramebuffer);
	}, e.getSize = () => t.glFramebuffer == null ? null : [t.glFramebuffer.width, t.glFramebuffer.height], e.populateFramebuffer = () => {
		if (!t.context) {
			z("you must set the OpenGLRenderWindow before calling populateFrameBuffer");
			return;
		}
		e.bind();
		let n = t.context, r = A_.newInstance();
		r.setOpenGLRenderWindow(t._openGLRenderWindow), r.setMinificationFilter(i_.LINEAR), r.setMagnificationFilter(i_.LINEAR), r.create2DFromRaw({
			width: t.glFramebuffer.width,
			height: t.glFramebuffer.height,
			numComps: 4,
			dataType: K.UNSIGNED_CHAR,
			data: null
		}), e.setColorBuffer(r), t.depthTexture = n.createRenderbuffer(), n.bindRenderbuffer(n.RENDERBUFFER, t.depthTexture), n.renderbufferStorage(n.RENDERBUFFER, n.DEPTH_COMPONENT16, t.glFramebuffer.width, t.glFramebuffer.height), n.framebufferRenderbuffer(n.FRAMEBUFFER, n.DEPTH_ATTACHMENT, n.RENDERBUFFER, t.depthTexture);
	}, e.getColorTexture = () => t.colorBuffers[0];
}
var M_ = {
	glFramebuffer: null,
	colorBuffers: null,
	depthTexture: null,
	previousDrawBinding: 0,
	previousReadBinding: 0,
	previousDrawBuffer: 0,
	previousReadBuffer: 0,
	previousActiveFramebuffer: null
};
function N_(e, t, n = {}) {
	Object.assign(t, M_, n), Ca(e, t), t.colorBuffers && z("you cannot initialize colorBuffers through the constructor. You should call setColorBuffer() instead."), t.colorBuffers = [], Aa(e, t, ["colorBuffers"]), j_(e, t);
}
var P_ = {
	newInstance: La(N_, "vtkFramebuffer"),
	extend: N_
}, F_ = {
	FLAT: 0,
	GOURAUD: 1,
	PHONG: 2
}, I_ = {
	POINTS: 0,
	WIREFRAME: 1,
	SURFACE: 2
}, L_ = {
	Shading: F_,
	Representation: I_,
	Interpolation: F_
}, { Representation: R_, Interpolation: z_ } = L_;
function B_(e) {
	return () => V.vtkErrorMacro(`vtkProperty::${e} - NOT IMPLEMENTED`);
}
function V_(e, t) {
	t.classHierarchy.push("vtkProperty"), e.setColor = (n, r, i) => {
		Array.isArray(n) ? (t.color[0] !== n[0] || t.color[1] !== n[1] || t.color[2] !== n[2]) && (t.color[0] = n[0], t.color[1] = n[1], t.color[2] = n[2], e.modified()) : (t.color[0] !== n || t.color[1] !== r || t.color[2] !== i) && (t.color[0] = n, t.color[1] = r, t.color[2] = i, e.modified()), e.setDiffuseColor(t.color), e.setAmbientColor(t.color), e.setSpecularColor(t.color);
	}, e.computeCompositeColor = B_("ComputeCompositeColor"), e.getColor = () => {
		let e = 0;
		t.ambient + t.diffuse + t.specular > 0 && (e = 1 / (t.ambient + t.diffuse + t.specular));
		for (let n = 0; n < 3; n++) t.color[n] = e * (t.ambient * t.ambientColor[n] + t.diffuse * t.diffuseColor[n] + t.specular * t.specularColor[n]);
		return [].concat(t.color);
	}, e.addShaderVariable = B_("AddShaderVariable"), e.setInterpolationToFlat = () => e.setInterpolation(z_.FLAT), e.setInterpolationToGouraud = () => e.setInterpolation(z_.GOURAUD), e.setInterpolationToPhong = () => e.setInterpolation(z_.PHONG), e.getInterpolationAsString = () => V.enumToString(z_, t.interpolation), e.setRepresentationToWireframe = () => e.setRepresentation(R_.WIREFRAME), e.setRepresentationToSurface = () => e.setRepresentation(R_.SURFACE), e.setRepresentationToPoints = () => e.setRepresentation(R_.POINTS), e.getRepresentationAsString = () => V.enumToString(R_, t.representation);
}
var H_ = {
	color: [
		1,
		1,
		1
	],
	ambientColor: [
		1,
		1,
		1
	],
	diffuseColor: [
		1,
		1,
		1
	],
	specularColor: [
		1,
		1,
		1
	],
	edgeColor: [
		0,
		0,
		0
	],
	ambient: 0,
	diffuse: 1,
	metallic: 0,
	roughness: .6,
	normalStrength: 1,
	emission: 1,
	baseIOR: 1.45,
	specular: 0,
	specularPower: 1,
	opacity: 1,
	edgeOpacity: 1,
	interpolation: z_.GOURAUD,
	representation: R_.SURFACE,
	edgeVisibility: !1,
	backfaceCulling: !1,
	frontfaceCulling: !1,
	pointSize: 1,
	lineWidth: 1,
	lighting: !0,
	shading: !1,
	materialName: null,
	ORMTexture: null,
	RMTexture: null
};
function U_(e, t, n = {}) {
	Object.assign(t, H_, n), V.obj(e, t), V.setGet(e, t, /* @__PURE__ */ "lighting.interpolation.ambient.diffuse.metallic.roughness.normalStrength.emission.baseIOR.specular.specularPower.opacity.edgeOpacity.edgeVisibility.lineWidth.pointSize.backfaceCulling.frontfaceCulling.representation.diffuseTexture.metallicTexture.roughnessTexture.normalTexture.ambientOcclusionTexture.emissionTexture.ORMTexture.RMTexture".split(".")), V.setGetArray(e, t, [
		"ambientColor",
		"specularColor",
		"diffuseColor",
		"edgeColor"
	], 3), V_(e, t);
}
var W_ = {
	newInstance: V.newInstance(U_, "vtkProperty"),
	extend: U_,
	...L_
}, { vtkErrorMacro: G_ } = V;
function K_(e, t) {
	t.classHierarchy.push("vtkShader"), e.compile = () => {
		let e = t.context.VERTEX_SHADER;
		if (!t.source || !t.source.length || t.shaderType === "Unknown") return !1;
		switch (t.handle !== 0 && (t.context.deleteShader(t.handle), t.handle = 0), t.shaderType) {
			case "Fragment":
				e = t.context.FRAGMENT_SHADER;
				break;
			default: e = t.context.VERTEX_SHADER;
		}
		if (t.handle = t.context.createShader(e), t.context.shaderSource(t.handle, t.source), t.context.compileShader(t.handle), !t.context.getShaderParameter(t.handle, t.context.COMPILE_STATUS)) {
			let e = t.context.getShaderInfoLog(t.handle);
			return G_(`Error compiling shader '${t.source}': ${e}`), t.context.deleteShader(t.handle), t.handle = 0, !1;
		}
		return !0;
	}, e.cleanup = () => {
		t.shaderType !== "Unknown" && t.handle !== 0 && (t.context.deleteShader(t.handle), t.handle = 0, t.dirty = !0);
	};
}
var q_ = {
	shaderType: "Unknown",
	source: "",
	error: "",
	handle: 0,
	dirty: !1,
	context: null
};
function J_(e, t, n = {}) {
	Object.assign(t, q_, n), V.obj(e, t), V.setGet(e, t, [
		"shaderType",
		"source",
		"error",
		"handle",
		"context"
	]), K_(e, t);
}
var Y_ = {
	newInstance: V.newInstance(J_, "vtkShader"),
	extend: J_
}, { vtkErrorMacro: X_ } = V;
function Z_(e, t, n, r) {
	let i = typeof n == "string" ? n : n.join("\n"), a = r === !1 ? t : new RegExp(t, "g"), o = e.replace(a, i);
	return {
		replace: o !== i,
		result: o
	};
}
function Q_(e, t) {
	t.classHierarchy.push("vtkShaderProgram"), e.compileShader = () => t.vertexShader.compile() ? t.fragmentShader.compile() ? !e.attachShader(t.vertexShader) || !e.attachShader(t.fragmentShader) ? (X_(t.error), 0) : e.link() ? (e.setCompiled(!0), 1) : (X_(`Links failed: ${t.error}`), 0) : (X_(t.fragmentShader.getSource().split("\n").map((e, t) => `${t}: ${e}`).join("\n")), X_(t.fragmentShader.getError()), 0) : (X_(t.vertexShader.getSource().split("\n").map((e, t) => `${t}: ${e}`).join("\n")), X_(t.vertexShader.getError()), 0), e.cleanup = () => {
		t.shaderType !== "Unknown" && t.handle !== 0 && (e.release(), t.vertexShaderHandle !== 0 && (t.context.detachShader(t.handle, t.vertexShaderHandle), t.vertexShaderHandle = 0), t.fragmentShaderHandle !== 0 && (t.context.detachShader(t.handle, t.fragmentShaderHandle), t.fragmentShaderHandle = 0), t.context.deleteProgram(t.handle), t.handle = 0, e.setCompiled(!1));
	}, e.bind = () => !t.linked && !e.link() ? !1 : (t.context.useProgram(t.handle), e.setBound(!0), !0), e.isBound = () => !!t.bound, e.release = () => {
		t.context.useProgram(null), e.setBound(!1);
	}, e.setContext = (e) => {
		t.vertexShader.setContext(e), t.fragmentShader.setContext(e), t.geometryShader.setContext(e);
	}, e.link = () => t.linked ? !0 : t.handle === 0 ? (t.error = "Program has not been initialized, and/or does not have shaders.", !1) : (t.uniformLocs = {}, t.context.linkProgram(t.handle), t.context.getProgramParameter(t.handle, t.context.LINK_STATUS) ? (e.setLinked(!0), t.attributeLocs = {}, !0) : (X_(`Error linking shader ${t.context.getProgramInfoLog(t.handle)}`), t.handle = 0, !1)), e.setUniformMatrix = (n, r) => {
		let i = e.findUniform(n);
		if (i === -1) return t.error = `Could not set uniform ${n} . No such uniform.`, !1;
		let a = new Float32Array(r);
		return t.context.uniformMatrix4fv(i, !1, a), !0;
	}, e.setUniformMatrix3x3 = (n, r) => {
		let i = e.findUniform(n);
		if (i === -1) return t.error = `Could not set uniform ${n} . No such uniform.`, !1;
		let a = new Float32Array(r);
		return t.context.uniformMatrix3fv(i, !1, a), !0;
	}, e.setUniformf = (n, r) => {
		let i = e.findUniform(n);
		return i === -1 ? (t.error = `Could not set uniform ${n} . No such uniform.`, !1) : (t.context.uniform1f(i, r), !0);
	}, e.setUniformfv = (n, r) => {
		let i = e.findUniform(n);
		return i === -1 ? (t.error = `Could not set uniform ${n} . No such uniform.`, !1) : (t.context.uniform1fv(i, r), !0);
	}, e.setUniformi = (n, r) => {
		let i = e.findUniform(n);
		return i === -1 ? (t.error = `Could not set uniform ${n} . No such uniform.`, !1) : (t.context.uniform1i(i, r), !0);
	}, e.setUniformiv = (n, r) => {
		let i = e.findUniform(n);
		return i === -1 ? (t.error = `Could not set uniform ${n} . No such uniform.`, !1) : (t.context.uniform1iv(i, r), !0);
	}, e.setUniform2f = (n, r, i) => {
		let a = e.findUniform(n);
		if (a === -1) return t.error = `Could not set uniform ${n} . No such uniform.`, !1;
		if (i === void 0) throw RangeError("Invalid number of values for array");
		return t.context.uniform2f(a, r, i), !0;
	}, e.setUniform2fv = (n, r) => {
		let i = e.findUniform(n);
		return i === -1 ? (t.error = `Could not set uniform ${n} . No such uniform.`, !1) : (t.context.uniform2fv(i, r), !0);
	}, e.setUniform2i = (n, r, i) => {
		let a = e.findUniform(n);
		if (a === -1) return t.error = `Could not set uniform ${n} . No such uniform.`, !1;
		if (i === void 0) throw RangeError("Invalid number of values for array");
		return t.context.uniform2i(a, r, i), !0;
	}, e.setUniform2iv = (n, r) => {
		let i = e.findUniform(n);
		return i === -1 ? (t.error = `Could not set uniform ${n} . No such uniform.`, !1) : (t.context.uniform2iv(i, r), !0);
	}, e.setUniform3f = (n, r, i, a) => {
		let o = e.findUniform(n);
		if (o === -1) return t.error = `Could not set uniform ${n} . No such uniform.`, !1;
		if (a === void 0) throw RangeError("Invalid number of values for array");
		return t.context.uniform3f(o, r, i, a), !0;
	}, e.setUniform3fArray = (n, r) => {
		let i = e.findUniform(n);
		if (i === -1) return t.error = `Could not set uniform ${n} . No such uniform.`, !1;
		if (!Array.isArray(r) || r.length !== 3) throw RangeError("Invalid number of values for array");
		return t.context.uniform3f(i, r[0], r[1], r[2]), !0;
	}, e.setUniform3fv = (n, r) => {
		let i = e.findUniform(n);
		return i === -1 ? (t.error = `Could not set uniform ${n} . No such uniform.`, !1) : (t.context.uniform3fv(i, r), !0);
	}, e.setUniform3i = (n, ...r) => {
		let i = e.findUniform(n);
		if (i === -1) return t.error = `Could not set uniform ${n} . No such uniform.`, !1;
		let a = r;
		if (a.length === 1 && Array.isArray(a[0]) && (a = a[0]), a.length !== 3) throw RangeError("Invalid number of values for array");
		return t.context.uniform3i(i, a[0], a[1], a[2]), !0;
	}, e.setUniform3iv = (n, r) => {
		let i = e.findUniform(n);
		return i === -1 ? (t.error = `Could not set uniform ${n} . No such uniform.`, !1) : (t.context.uniform3iv(i, r), !0);
	}, e.setUniform4f = (n, ...r) => {
		let i = e.findUniform(n);
		if (i === -1) return t.error = `Could not set uniform ${n} . No such uniform.`, !1;
		let a = r;
		if (a.length === 1 && Array.isArray(a[0]) && (a = a[0]), a.length !== 4) throw RangeError("Invalid number of values for array");
		return t.context.uniform4f(i, a[0], a[1], a[2], a[3]), !0;
	}, e.setUniform4fv = (n, r) => {
		let i = e.findUniform(n);
		return i === -1 ? (t.error = `Could not set uniform ${n} . No such uniform.`, !1) : (t.context.uniform4fv(i, r), !0);
	}, e.setUniform4i = (n, ...r) => {
		let i = e.findUniform(n);
		if (i === -1) return t.error = `Could not set uniform ${n} . No such uniform.`, !1;
		let a = r;
		if (a.length === 1 && Array.isArray(a[0]) && (a = a[0]), a.length !== 4) throw RangeError("Invalid number of values for array");
		return t.context.uniform4i(i, a[0], a[1], a[2], a[3]), !0;
	}, e.setUniform4iv = (n, r) => {
		let i = e.findUniform(n);
		return i === -1 ? (t.error = `Could not set uniform ${n} . No such uniform.`, !1) : (t.context.uniform4iv(i, r), !0);
	}, e.findUniform = (e) => {
		if (!e || !t.linked) return -1;
		let n = t.uniformLocs[e];
		return n === void 0 ? (n = t.context.getUniformLocation(t.handle, e), n === null ? (t.error = `Uniform ${e} not found in current shader program.`, t.uniformLocs[e] = -1, -1) : (t.uniformLocs[e] = n, n)) : n;
	}, e.isUniformUsed = (e) => {
		if (!e) return !1;
		let n = t.uniformLocs[e];
		return n === void 0 ? t.linked ? (n = t.context.getUniformLocation(t.handle, e), t.uniformLocs[e] = n, n !== null) : (X_("attempt to find uniform when the shader program is not linked"), !1) : n !== null;
	}, e.isAttributeUsed = (e) => {
		if (!e) return !1;
		if (e in t.attributeLocs) return !0;
		if (!t.linked) return X_("attempt to find uniform when the shader program is not linked"), !1;
		let n = t.context.getAttribLocation(t.handle, e);
		return n !== -1 && (t.attributeLocs[e] = n, !0);
	}, e.attachShader = (n) => {
		if (n.getHandle() === 0) return t.error = "Shader object was not initialized, cannot attach it.", !1;
		if (n.getShaderType() === "Unknown") return t.error = "Shader object is of type Unknown and cannot be used.", !1;
		if (t.handle === 0) {
			let e = t.context.createProgram();
			if (e === 0) return t.error = "Could not create shader program.", !1;
			t.handle = e, t.linked = !1;
		}
		return n.getShaderType() === "Vertex" && (t.vertexShaderHandle !== 0 && t.context.detachShader(t.handle, t.vertexShaderHandle), t.vertexShaderHandle = n.getHandle()), n.getShaderType() === "Fragment" && (t.fragmentShaderHandle !== 0 && t.context.detachShader(t.handle, t.fragmentShaderHandle), t.fragmentShaderHandle = n.getHandle()), t.context.attachShader(t.handle, n.getHandle()), e.setLinked(!1), !0;
	}, e.detachShader = (e) => {
		if (e.getHandle() === 0) return t.error = "shader object was not initialized, cannot attach it.", !1;
		if (e.getShaderType() === "Unknown") return t.error = "Shader object is of type Unknown and cannot be used.", !1;
		switch (t.handle === 0 && (t.error = "This shader program has not been initialized yet."), e.getShaderType()) {
			case "Vertex": return t.vertexShaderHandle === e.getHandle() ? (t.context.detachShader(t.handle, e.getHandle()), t.vertexShaderHandle = 0, t.linked = !1, !0) : (t.error = "The supplied shader was not attached to this program.", !1);
			case "Fragment": return t.fragmentShaderHandle === e.getHandle() ? (t.context.detachShader(t.handle, e.getHandle()), t.fragmentShaderHandle = 0, t.linked = !1, !0) : (t.error = "The supplied shader was not attached to this program.", !1);
			default: return !1;
		}
	}, e.setContext = (e) => {
		t.context = e, t.vertexShader.setContext(e), t.fragmentShader.setContext(e), t.geometryShader.setContext(e);
	}, e.setLastCameraMTime = (e) => {
		t.lastCameraMTime = e;
	};
}
var $_ = {
	vertexShaderHandle: 0,
	fragmentShaderHandle: 0,
	geometryShaderHandle: 0,
	vertexShader: null,
	fragmentShader: null,
	geometryShader: null,
	linked: !1,
	bound: !1,
	compiled: !1,
	error: "",
	handle: 0,
	numberOfOutputs: 0,
	attributesLocs: null,
	uniformLocs: null,
	md5Hash: 0,
	context: null,
	lastCameraMTime: null
};
function ev(e, t, n = {}) {
	Object.assign(t, $_, n), t.attributesLocs = {}, t.uniformLocs = {}, t.vertexShader = Y_.newInstance(), t.vertexShader.setShaderType("Vertex"), t.fragmentShader = Y_.newInstance(), t.fragmentShader.setShaderType("Fragment"), t.geometryShader = Y_.newInstance(), t.geometryShader.setShaderType("Geometry"), V.obj(e, t), V.get(e, t, ["lastCameraMTime"]), V.setGet(e, t, [
		"error",
		"handle",
		"compiled",
		"bound",
		"md5Hash",
		"vertexShader",
		"fragmentShader",
		"geometryShader",
		"linked"
	]), Q_(e, t);
}
var Q = {
	newInstance: V.newInstance(ev, "vtkShaderProgram"),
	extend: ev,
	substitute: Z_
}, tv = {
	ARRAY_BUFFER: 0,
	ELEMENT_ARRAY_BUFFER: 1,
	TEXTURE_BUFFER: 2
}, nv = { ObjectType: tv };
// node_modules/@kitware/vtk.js/Rendering/OpenGL/VertexArrayObject.js
function rv(e, t) {
	t.classHierarchy.push("vtkOpenGLVertexArrayObject"), e.exposedMethod = () => {}, e.initialize = () => {
		t.instancingExtension = null, t._openGLRenderWindow.getWebgl2() || (t.instancingExtension = t.context.getExtension("ANGLE_instanced_arrays")), !t.forceEmulation && t._openGLRenderWindow && t._openGLRenderWindow.getWebgl2() ? (t.extension = null, t.supported = !0, t.handleVAO = t.context.createVertexArray()) : (t.extension = t.context.getExtension("OES_vertex_array_object"), !t.forceEmulation && t.extension ? (t.supported = !0, t.handleVAO = t.extension.createVertexArrayOES()) : t.supported = !1);
	}, e.isReady = () => t.handleVAO !== 0 || t.supported === !1, e.bind = () => {
		if (e.isReady() || e.initialize(), e.isReady() && t.supported) t.extension ? t.extension.bindVertexArrayOES(t.handleVAO) : t.context.bindVertexArray(t.handleVAO);
		else if (e.isReady()) {
			let e = t.context;
			for (let n = 0; n < t.buffers.length; ++n) {
				let r = t.buffers[n];
				t.context.bindBuffer(e.ARRAY_BUFFER, r.buffer);
				for (let n = 0; n < r.attributes.length; ++n) {
					let i = r.attributes[n], a = i.isMatrix ? i.size : 1;
					for (let n = 0; n < a; ++n) e.enableVertexAttribArray(i.index + n), e.vertexAttribPointer(i.index + n, i.size, i.type, i.normalize, i.stride, i.offset + i.stride * n / i.size), i.divisor > 0 && (t.instancingExtension ? t.instancingExtension.vertexAttribDivisorANGLE(i.index + n, 1) : e.vertexAttribDivisor(i.index + n, 1));
				}
			}
		}
	}, e.release = () => {
		if (e.isReady() && t.supported) t.extension ? t.extension.bindVertexArrayOES(null) : t.context.bindVertexArray(null);
		else if (e.isReady()) {
			let e = t.context;
			for (let n = 0; n < t.buffers.length; ++n) {
				let r = t.buffers[n];
				t.context.bindBuffer(e.ARRAY_BUFFER, r.buffer);
				for (let n = 0; n < r.attributes.length; ++n) {
					let i = r.attributes[n], a = i.isMatrix ? i.size : 1;
					for (let n = 0; n < a; ++n) e.enableVertexAttribArray(i.index + n), e.vertexAttribPointer(i.index + n, i.size, i.type, i.normalize, i.stride, i.offset + i.stride * n / i.size), i.divisor > 0 && (t.instancingExtension ? t.instancingExtension.vertexAttribDivisorANGLE(i.index + n, 0) : e.vertexAttribDivisor(i.index + n, 0)), e.disableVertexAttribArray(i.index + n);
				}
			}
		}
	}, e.shaderProgramChanged = () => {
		e.release(), t.handleVAO && (t.extension ? t.extension.deleteVertexArrayOES(t.handleVAO) : t.context.deleteVertexArray(t.handleVAO)), t.handleVAO = 0, t.handleProgram = 0;
	}, e.releaseGraphicsResources = () => {
		e.shaderProgramChanged(), t.handleVAO && (t.extension ? t.extension.deleteVertexArrayOES(t.handleVAO) : t.context.deleteVertexArray(t.handleVAO)), t.handleVAO = 0, t.supported = !0, t.handleProgram = 0;
	}, e.addAttributeArray = (t, n, r, i, a, o, s, c) => e.addAttributeArrayWithDivisor(t, n, r, i, a, o, s, c, 0, !1), e.addAttributeArrayWithDivisor = (n, r, i, a, o, s, c, l, u, d) => {
		if (!n || !n.isBound() || r.getHandle() === 0 || r.getType() !== tv.ARRAY_BUFFER || (t.handleProgram === 0 && (t.handleProgram = n.getHandle()), e.isReady() || e.initialize(), !e.isReady() || t.handleProgram !== n.getHandle())) return !1;
		let f = t.context, p = {};
		if (p.name = i, p.index = f.getAttribLocation(t.handleProgram, i), p.offset = a, p.stride = o, p.type = s, p.size = c, p.normalize = l, p.isMatrix = d, p.divisor = u, p.Index === -1) return !1;
		if (r.bind(), f.enableVertexAttribArray(p.index), f.vertexAttribPointer(p.index, p.size, p.type, p.normalize, p.stride, p.offset), u > 0 && (t.instancingExtension ? t.instancingExtension.vertexAttribDivisorANGLE(p.index, 1) : f.vertexAttribDivisor(p.index, 1)), p.buffer = r.getHandle(), !t.supported) {
			let e = !1;
			for (let n = 0; n < t.buffers.length; ++n) {
				let r = t.buffers[n];
				if (r.buffer === p.buffer) {
					e = !0;
					let t = !1;
					for (let e = 0; e < r.attributes.length; ++e) r.attributes[e].name === i && (t = !0, r.attributes[e] = p);
					t || r.attributes.push(p);
				}
			}
			e || t.buffers.push({
				buffer: p.buffer,
				attributes: [p]
			});
		}
		return !0;
	}, e.addAttributeMatrixWithDivisor = (n, r, i, a, o, s, c, l, u) => {
		let d = e.addAttributeArrayWithDivisor(n, r, i, a, o, s, c, l, u, !0);
		if (!d) return d;
		let f = t.context, p = f.getAttribLocation(t.handleProgram, i);
		for (let e = 1; e < c; e++) f.enableVertexAttribArray(p + e), f.vertexAttribPointer(p + e, c, s, l, o, a + o * e / c), u > 0 && (t.instancingExtension ? t.instancingExtension.vertexAttribDivisorANGLE(p + e, 1) : f.vertexAttribDivisor(p + e, 1));
		return !0;
	}, e.removeAttributeArray = (n) => {
		if (!e.isReady() || t.handleProgram === 0) return !1;
		if (!t.supported) for (let e = 0; e < t.buffers.length; ++e) {
			let r = t.buffers[e];
			for (let i = 0; i < r.attributes.length; ++i) if (r.attributes[i].name === n) return r.attributes.splice(i, 1), r.attributes.length || t.buffers.splice(e, 1), !0;
		}
		return !0;
	}, e.setOpenGLRenderWindow = (n) => {
		t._openGLRenderWindow !== n && (e.releaseGraphicsResources(), t._openGLRenderWindow = n, t.context = null, n && (t.context = t._openGLRenderWindow.getContext()));
	};
}
var iv = {
	forceEmulation: !1,
	handleVAO: 0,
	handleProgram: 0,
	supported: !0,
	buffers: null,
	context: null
};
function av(e, t, n = {}) {
	Object.assign(t, iv, n), t.buffers = [], V.obj(e, t), V.get(e, t, ["supported"]), V.setGet(e, t, ["forceEmulation"]), rv(e, t);
}
var ov = {
	newInstance: V.newInstance(av, "vtkOpenGLVertexArrayObject"),
	extend: av
}, { ObjectType: sv } = nv, cv = {};
function lv(e, t) {
	t.classHierarchy.push("vtkOpenGLBufferObject");
	function n(e) {
		switch (e) {
			case sv.ELEMENT_ARRAY_BUFFER: return t.context.ELEMENT_ARRAY_BUFFER;
			case sv.TEXTURE_BUFFER: if ("TEXTURE_BUFFER" in t.context) return t.context.TEXTURE_BUFFER;
			case sv.ARRAY_BUFFER:
			default: return t.context.ARRAY_BUFFER;
		}
	}
	let r = null, i = null, a = !0, o = "";
	e.getType = () => r, e.setType = (e) => {
		r = e;
	}, e.getHandle = () => i, e.isReady = () => a === !1, e.generateBuffer = (e) => {
		let a = n(e);
		return i === null && (i = t.context.createBuffer(), r = e), n(r) === a;
	}, e.upload = (s, c) => e.generateBuffer(c) ? (t.context.bindBuffer(n(r), i), t.context.bufferData(n(r), s, t.context.STATIC_DRAW), t.allocatedGPUMemoryInBytes = s.length * s.BYTES_PER_ELEMENT, a = !1, !0) : (o = "Trying to upload array buffer to incompatible buffer.", !1), e.bind = () => i ? (t.context.bindBuffer(n(r), i), !0) : !1, e.release = () => i ? (t.context.bindBuffer(n(r), null), !0) : !1, e.releaseGraphicsResources = () => {
		i !== null && (t.context.bindBuffer(n(r), null), t.context.deleteBuffer(i), i = null, t.allocatedGPUMemoryInBytes = 0);
	}, e.setOpenGLRenderWindow = (n) => {
		t._openGLRenderWindow !== n && (e.releaseGraphicsResources(), t._openGLRenderWindow = n, t.context = null, n && (t.context = t._openGLRenderWindow.getContext()));
	}, e.getError = () => o;
}
var uv = {
	objectType: sv.ARRAY_BUFFER,
	context: null,
	allocatedGPUMemoryInBytes: 0
};
function dv(e, t, n = {}) {
	Object.assign(t, uv, n), V.obj(e, t), V.get(e, t, ["_openGLRenderWindow", "allocatedGPUMemoryInBytes"]), V.moveToProtected(e, t, ["openGLRenderWindow"]), lv(e, t);
}
var fv = {
	newInstance: V.newInstance(dv),
	extend: dv,
	...cv,
	...nv
};
// node_modules/@kitware/vtk.js/Rendering/OpenGL/CellArrayBufferObject/helpers.js
function pv(e) {
	let t = 0, n = 0;
	for (let r = 0; r < 3; ++r) {
		let i = e.getRange(r), a = i[1] - i[0];
		t += a * a;
		let o = .5 * (i[1] + i[0]);
		n += o * o;
	}
	let r = t > 0 && (Math.abs(n) / t > 1e6 || Math.abs(Math.log10(t)) > 3 || t === 0 && n > 1e6);
	if (r) {
		let t = /* @__PURE__ */ new Float64Array(3), n = /* @__PURE__ */ new Float64Array(3);
		for (let r = 0; r < 3; ++r) {
			let i = e.getRange(r), a = i[1] - i[0];
			t[r] = .5 * (i[1] + i[0]), n[r] = a > 0 ? 1 / a : 1;
		}
		return {
			useShiftAndScale: r,
			coordShift: t,
			coordScale: n
		};
	}
	return {
		useShiftAndScale: r,
		coordShift: new Float32Array([
			0,
			0,
			0
		]),
		coordScale: new Float32Array([
			1,
			1,
			1
		])
	};
}
function mv(e, t) {
	let n = /* @__PURE__ */ new Float64Array(3);
	Ur(n, t);
	let r = /* @__PURE__ */ new Float64Array(16);
	return Dr(r, ri(), e, n), r;
}
// node_modules/@kitware/vtk.js/Rendering/OpenGL/CellArrayBufferObject.js
var { vtkErrorMacro: hv } = V;
function gv(e, t) {
	return e === null || t === null ? !1 : !(Jr(e, [
		0,
		0,
		0
	]) && Jr(t, [
		1,
		1,
		1
	]));
}
function _v(e, t) {
	t.classHierarchy.push("vtkOpenGLCellArrayBufferObject"), e.setType(tv.ARRAY_BUFFER), e.createVBO = (n, r, i, a, o = null) => {
		if (!n.getData() || !n.getData().length) return t.elementCount = 0, 0;
		t.blockSize = 3, t.vertexOffset = 0, t.normalOffset = 0, t.tCoordOffset = 0, t.tCoordComponents = 0, t.colorComponents = 0, t.colorOffset = 0, t.customData = [];
		let s = a.points.getData(), c = null, l = null, u = null, d = a.colors ? a.colors.getNumberOfComponents() : 0, f = a.tcoords ? a.tcoords.getNumberOfComponents() : 0;
		a.normals && (t.normalOffset = 4 * t.blockSize, t.blockSize += 3, c = a.normals.getData()), a.customAttributes && a.customAttributes.forEach((e) => {
			e && (t.customData.push({
				data: e.getData(),
				offset: 4 * t.blockSize,
				components: e.getNumberOfComponents(),
				name: e.getName()
			}), t.blockSize += e.getNumberOfComponents());
		}), a.tcoords && (t.tCoordOffset = 4 * t.blockSize, t.tCoordComponents = f, t.blockSize += f, l = a.tcoords.getData()), a.colors ? (t.colorComponents = a.colors.getNumberOfComponents(), t.colorOffset = 0, u = a.colors.getData(), t.colorBO ||= fv.newInstance(), t.colorBO.setOpenGLRenderWindow(t._openGLRenderWindow)) : t.colorBO = null, t.stride = 4 * t.blockSize;
		let p = 0, m = 0, h = 0, g = 0, _ = 0, v = 0, y, b = {
			anythingToPoints(e, t, n, r) {
				for (let i = 0; i < e; ++i) y(t[n + i], r);
			},
			linesToWireframe(e, t, n, r) {
				for (let i = 0; i < e - 1; ++i) y(t[n + i], r), y(t[n + i + 1], r);
			},
			polysToWireframe(e, t, n, r) {
				if (e > 2) for (let i = 0; i < e; ++i) y(t[n + i], r), y(t[n + (i + 1) % e], r);
			},
			stripsToWireframe(e, t, n, r) {
				if (e > 2) {
					for (let i = 0; i < e - 1; ++i) y(t[n + i], r), y(t[n + i + 1], r);
					for (let i = 0; i < e - 2; i++) y(t[n + i], r), y(t[n + i + 2], r);
				}
			},
			polysToSurface(e, t, n, r) {
				for (let i = 0; i < e - 2; i++) y(t[n + 0], r), y(t[n + i + 1], r), y(t[n + i + 2], r);
			},
			stripsToSurface(e, t, n, r) {
				for (let i = 0; i < e - 2; i++) y(t[n + i], r), y(t[n + i + 1 + i % 2], r), y(t[n + i + 1 + (i + 1) % 2], r);
			}
		}, x = {
			anythingToPoints(e, t) {
				return e;
			},
			linesToWireframe(e, t) {
				return e > 1 ? (e - 1) * 2 : 0;
			},
			polysToWireframe(e, t) {
				return e > 2 ? e * 2 : 0;
			},
			stripsToWireframe(e, t) {
				return e > 2 ? e * 4 - 6 : 0;
			},
			polysToSurface(e, t) {
				return e > 2 ? (e - 2) * 3 : 0;
			},
			stripsToSurface(e, t, n) {
				return e > 2 ? (e - 2) * 3 : 0;
			}
		}, S = null, C = null;
		i === I_.POINTS || r === "verts" ? (S = b.anythingToPoints, C = x.anythingToPoints) : i === I_.WIREFRAME || r === "lines" ? (S = b[`${r}ToWireframe`], C = x[`${r}ToWireframe`]) : (S = b[`${r}ToSurface`], C = x[`${r}ToSurface`]);
		let w = n.getData(), T = w.length, E = 0;
		for (let e = 0; e < T;) E += C(w[e], w), e += w[e] + 1;
		let D = null, O = new Float32Array(E * t.blockSize);
		u && (D = new Uint8Array(E * 4));
		let k = 0, A = 0, { useShiftAndScale: ee, coordShift: te, coordScale: ne } = pv(a.points);
		if (ee ? e.setCoordShiftAndScale(te, ne) : t.coordShiftAndScaleEnabled === !0 && e.setCoordShiftAndScale(null, null), o) {
			if (!o.points && !o.cells) o.points = new Int32Array(E), o.cells = new Int32Array(E);
			else {
				let e = new Int32Array(E + o.points.length);
				e.set(o.points), o.points = e;
				let t = new Int32Array(E + o.cells.length);
				t.set(o.cells), o.cells = t;
			}
		}
		let re = a.vertexOffset;
		y = function(e, n) {
			if (o && (o.points[re] = e, o.cells[re] = v + a.cellOffset), ++re, p = e * 3, t.coordShiftAndScaleEnabled ? (O[k++] = (s[p++] - t.coordShift[0]) * t.coordScale[0], O[k++] = (s[p++] - t.coordShift[1]) * t.coordScale[1], O[k++] = (s[p++] - t.coordShift[2]) * t.coordScale[2]) : (O[k++] = s[p++], O[k++] = s[p++], O[k++] = s[p++]), c !== null && (m = a.haveCellNormals ? (v + a.cellOffset) * 3 : e * 3, O[k++] = c[m++], O[k++] = c[m++], O[k++] = c[m++]), t.customData.forEach((t) => {
				_ = e * t.components;
				for (let e = 0; e < t.components; ++e) O[k++] = t.data[_++];
			}), l !== null) {
				h = a.useTCoordsPerCell ? n * f : e * f;
				for (let e = 0; e < f; ++e) O[k++] = l[h++];
			}
			u !== null && (g = a.haveCellScalars ? (v + a.cellOffset) * d : e * d, D[A++] = u[g++], D[A++] = u[g++], D[A++] = u[g++], D[A++] = d === 4 ? u[g++] : 255);
		};
		for (let e = 0; e < T; e += w[e] + 1, v++) S(w[e], w, e + 1, v + a.cellOffset);
		return t.elementCount = E, e.upload(O, tv.ARRAY_BUFFER), t.colorBO && (t.colorBOStride = 4, t.colorBO.upload(D, tv.ARRAY_BUFFER)), v;
	}, e.setCoordShiftAndScale = (e, n) => {
		e !== null && (e.constructor !== Float64Array || e.length !== 3) ? hv("Wrong type for coordShift, expected vec3 or null") : n !== null && (n.constructor !== Float64Array || n.length !== 3) ? hv("Wrong type for coordScale, expected vec3 or null") : (t.coordShift !== null && e !== null && Yr(e, t.coordShift) || (t.coordShift = e), t.coordScale !== null && n !== null && Yr(n, t.coordScale) || (t.coordScale = n), t.coordShiftAndScaleEnabled = gv(t.coordShift, t.coordScale), t.inverseShiftAndScaleMatrix = t.coordShiftAndScaleEnabled ? mv(t.coordShift, t.coordScale) : null);
	};
}
var vv = {
	elementCount: 0,
	stride: 0,
	colorBOStride: 0,
	vertexOffset: 0,
	normalOffset: 0,
	tCoordOffset: 0,
	tCoordComponents: 0,
	colorOffset: 0,
	colorComponents: 0,
	tcoordBO: null,
	customData: [],
	coordShift: null,
	coordScale: null,
	coordShiftAndScaleEnabled: !1,
	inverseShiftAndScaleMatrix: null
};
function yv(e, t, n = {}) {
	Object.assign(t, vv, n), fv.extend(e, t, n), V.setGet(e, t, [
		"colorBO",
		"elementCount",
		"stride",
		"colorBOStride",
		"vertexOffset",
		"normalOffset",
		"tCoordOffset",
		"tCoordComponents",
		"colorOffset",
		"colorComponents",
		"customData"
	]), V.get(e, t, [
		"coordShift",
		"coordScale",
		"coordShiftAndScaleEnabled",
		"inverseShiftAndScaleMatrix"
	]), _v(e, t);
}
var bv = {
	newInstance: V.newInstance(yv),
	extend: yv
}, xv = {
	Start: 0,
	Points: 0,
	Lines: 1,
	Tris: 2,
	TriStrips: 3,
	TrisEdges: 4,
	TriStripsEdges: 5,
	End: 6
};
function Sv(e, t) {
	t.classHierarchy.push("vtkOpenGLHelper"), e.setOpenGLRenderWindow = (e) => {
		t.context = e.getContext(), t.program.setContext(t.context), t.VAO.setOpenGLRenderWindow(e), t.CABO.setOpenGLRenderWindow(e);
	}, e.releaseGraphicsResources = (e) => {
		t.VAO.releaseGraphicsResources(), t.CABO.releaseGraphicsResources(), t.CABO.setElementCount(0);
	}, e.drawArrays = (n, r, i, a) => {
		if (t.CABO.getElementCount()) {
			let o = e.getOpenGLMode(i), s = e.haveWideLines(n, r), c = t.context, l = c.getParameter(c.DEPTH_WRITEMASK);
			t.pointPicking && c.depthMask(!1), o === c.LINES && s ? (e.updateShaders(n, r, a), c.drawArraysInstanced(o, 0, t.CABO.getElementCount(), 2 * Math.ceil(r.getProperty().getLineWidth()))) : (c.lineWidth(r.getProperty().getLineWidth()), e.updateShaders(n, r, a), c.drawArrays(o, 0, t.CABO.getElementCount()), c.lineWidth(1));
			let u = +(o === c.POINTS) || (o === c.LINES ? 2 : 3);
			return t.pointPicking && c.depthMask(l), t.CABO.getElementCount() / u;
		}
		return 0;
	}, e.getOpenGLMode = (e) => {
		if (t.pointPicking) return t.context.POINTS;
		let n = t.primitiveType;
		return e === I_.POINTS || n === xv.Points ? t.context.POINTS : e === I_.WIREFRAME || n === xv.Lines || n === xv.TrisEdges || n === xv.TriStripsEdges ? t.context.LINES : t.context.TRIANGLES;
	}, e.haveWideLines = (e, n) => n.getProperty().getLineWidth() > 1 && !(t.CABO.getOpenGLRenderWindow() && t.CABO.getOpenGLRenderWindow().getHardwareMaximumLineWidth() >= n.getProperty().getLineWidth()), e.getNeedToRebuildShaders = (t, n, r) => !!(r.getNeedToRebuildShaders(e, t, n) || e.getProgram() === 0 || e.getShaderSourceTime().getMTime() < r.getMTime() || e.getShaderSourceTime().getMTime() < n.getMTime()), e.updateShaders = (n, r, i) => {
		if (e.getNeedToRebuildShaders(n, r, i)) {
			let a = {
				Vertex: null,
				Fragment: null,
				Geometry: null
			};
			i.buildShaders(a, n, r);
			let o = t.CABO.getOpenGLRenderWindow().getShaderCache().readyShaderProgramArray(a.Vertex, a.Fragment, a.Geometry);
			o !== e.getProgram() && (e.setProgram(o), e.getVAO().releaseGraphicsResources()), e.getShaderSourceTime().modified();
		} else t.CABO.getOpenGLRenderWindow().getShaderCache().readyShaderProgram(e.getProgram());
		e.getVAO().bind(), i.setMapperShaderParameters(e, n, r), i.setPropertyShaderParameters(e, n, r), i.setCameraShaderParameters(e, n, r), i.setLightingShaderParameters(e, n, r), i.invokeShaderCallbacks(e, n, r);
	}, e.setMapperShaderParameters = (n, r, i) => {
		if (e.haveWideLines(n, r)) {
			e.getProgram().setUniform2f("viewportSize", i.usize, i.vsize);
			let t = parseFloat(r.getProperty().getLineWidth()), n = t / 2;
			e.getProgram().setUniformf("lineWidthStepSize", t / Math.ceil(t)), e.getProgram().setUniformf("halfLineWidth", n);
		}
		t.primitiveType === xv.Points || r.getProperty().getRepresentation() === I_.POINTS ? e.getProgram().setUniformf("pointSize", r.getProperty().getPointSize()) : t.pointPicking && e.getProgram().setUniformf("pointSize", e.getPointPickingPrimitiveSize());
	}, e.replaceShaderPositionVC = (n, r, i) => {
		let a = n.Vertex;
		a = Q.substitute(a, "//VTK::PositionVC::Dec", ["//VTK::PositionVC::Dec", "uniform float pointSize;"]).result, a = Q.substitute(a, "//VTK::PositionVC::Impl", ["//VTK::PositionVC::Impl", "  gl_PointSize = pointSize;"], !1).result, e.getOpenGLMode(i.getProperty().getRepresentation()) === t.context.LINES && e.haveWideLines(r, i) && (a = Q.substitute(a, "//VTK::PositionVC::Dec", [
			"//VTK::PositionVC::Dec",
			"uniform vec2 viewportSize;",
			"uniform float lineWidthStepSize;",
			"uniform float halfLineWidth;"
		]).result, a = Q.substitute(a, "//VTK::PositionVC::Impl", [
			"//VTK::PositionVC::Impl",
			" if (halfLineWidth > 0.0)",
			"   {",
			"   float offset = float(gl_InstanceID / 2) * lineWidthStepSize - halfLineWidth;",
			"   vec4 tmpPos = gl_Position;",
			"   vec3 tmpPos2 = tmpPos.xyz / tmpPos.w;",
			"   tmpPos2.x = tmpPos2.x + 2.0 * mod(float(gl_InstanceID), 2.0) * offset / viewportSize[0];",
			"   tmpPos2.y = tmpPos2.y + 2.0 * mod(float(gl_InstanceID + 1), 2.0) * offset / viewportSize[1];",
			"   gl_Position = vec4(tmpPos2.xyz * tmpPos.w, tmpPos.w);",
			"   }"
		]).result), n.Vertex = a;
	}, e.getPointPickingPrimitiveSize = () => t.primitiveType === xv.Points ? 2 : t.primitiveType === xv.Lines ? 4 : 6, e.getAllocatedGPUMemoryInBytes = () => e.getCABO().getAllocatedGPUMemoryInBytes();
}
var Cv = {
	context: null,
	program: null,
	shaderSourceTime: null,
	VAO: null,
	attributeUpdateTime: null,
	CABO: null,
	primitiveType: 0,
	pointPicking: !1
};
function wv(e, t, n = {}) {
	Object.assign(t, Cv, n), V.obj(e, t), t.shaderSourceTime = {}, V.obj(t.shaderSourceTime), t.attributeUpdateTime = {}, V.obj(t.attributeUpdateTime), V.setGet(e, t, [
		"program",
		"shaderSourceTime",
		"VAO",
		"attributeUpdateTime",
		"CABO",
		"primitiveType",
		"pointPicking"
	]), t.program = Q.newInstance(), t.VAO = ov.newInstance(), t.CABO = bv.newInstance(), Sv(e, t);
}
var Tv = {
	newInstance: V.newInstance(wv),
	extend: wv,
	primTypes: xv
}, { Representation: Ev } = W_, { vtkErrorMacro: Dv } = V;
function Ov(e) {
	e.Fragment = Q.substitute(e.Fragment, "//VTK::RenderPassFragmentShader::Impl", "\n      float weight = gl_FragData[0].a * pow(max(1.1 - gl_FragCoord.z, 0.0), 2.0);\n      gl_FragData[0] = vec4(gl_FragData[0].rgb*weight, gl_FragData[0].a);\n      gl_FragData[1].r = weight;\n    ", !1).result;
}
var kv = "//VTK::System::Dec\n\nin vec2 tcoord;\n\nuniform sampler2D translucentRTexture;\nuniform sampler2D translucentRGBATexture;\n\n// the output of this shader\n//VTK::Output::Dec\n\nvoid main()\n{\n  vec4 t1Color = texture(translucentRGBATexture, tcoord);\n  float t2Color = texture(translucentRTexture, tcoord).r;\n  gl_FragData[0] = vec4(t1Color.rgb/max(t2Color,0.01), 1.0 - t1Color.a);\n}\n";
function Av(e, t) {
	t.classHierarchy.push("vtkOpenGLOrderIndependentTranslucentPass"), e.createVertexBuffer = () => {
		let e = new Float32Array([
			-1,
			-1,
			-1,
			1,
			-1,
			-1,
			-1,
			1,
			-1,
			1,
			1,
			-1
		]), n = new Float32Array([
			0,
			0,
			1,
			0,
			0,
			1,
			1,
			1
		]), r = new Uint16Array([
			4,
			0,
			1,
			3,
			2
		]), i = q.newInstance({
			numberOfComponents: 3,
			values: e
		});
		i.setName("points");
		let a = q.newInstance({
			numberOfComponents: 2,
			values: n
		});
		a.setName("tcoords");
		let o = q.newInstance({
			numberOfComponents: 1,
			values: r
		});
		t.tris.getCABO().createVBO(o, "polys", Ev.SURFACE, {
			points: i,
			tcoords: a,
			cellOffset: 0
		}), t.VBOBuildTime.modified();
	}, e.createFramebuffer = (e) => {
		let n = e.getSize(), r = e.getContext();
		t.framebuffer = P_.newInstance(), t.framebuffer.setOpenGLRenderWindow(e), t.framebuffer.create(...n), t.framebuffer.saveCurrentBindingsAndBuffers(), t.framebuffer.bind(), t.translucentRGBATexture = A_.newInstance(), t.translucentRGBATexture.setInternalFormat(r.RGBA16F), t.translucentRGBATexture.setFormat(r.RGBA), t.translucentRGBATexture.setOpenGLDataType(r.HALF_FLOAT), t.translucentRGBATexture.setOpenGLRenderWindow(e), t.translucentRGBATexture.create2DFromRaw({
			width: n[0],
			height: n[1],
			numComps: 4,
			dataType: "Float32Array",
			data: null
		}), t.translucentRTexture = A_.newInstance(), t.translucentRTexture.setInternalFormat(r.R16F), t.translucentRTexture.setFormat(r.RED), t.translucentRTexture.setOpenGLDataType(r.HALF_FLOAT), t.translucentRTexture.setOpenGLRenderWindow(e), t.translucentRTexture.create2DFromRaw({
			width: n[0],
			height: n[1],
			numComps: 1,
			dataType: "Float32Array",
			data: null
		}), t.translucentZTexture = A_.newInstance(), t.translucentZTexture.setOpenGLRenderWindow(e), t.translucentZTexture.createDepthFromRaw({
			width: n[0],
			height: n[1],
			dataType: "Float32Array",
			data: null
		}), t.framebuffer.setColorBuffer(t.translucentRGBATexture, 0), t.framebuffer.setColorBuffer(t.translucentRTexture, 1), t.framebuffer.setDepthBuffer(t.translucentZTexture);
	}, e.createCopyShader = (e) => {
		t.copyShader = e.getShaderCache().readyShaderProgramArray("//VTK::System::Dec\nattribute vec4 vertexDC;\nattribute vec2 tcoordTC;\nvarying vec2 tcoord;\nvoid main() { tcoord = tcoordTC; gl_Position = vertexDC; }", kv, "");
	}, e.createVBO = (n) => {
		let r = n.getContext();
		t.tris.setOpenGLRenderWindow(n), e.createVertexBuffer();
		let i = t.copyShader;
		t.tris.getCABO().bind(), t.copyVAO.addAttributeArray(i, t.tris.getCABO(), "vertexDC", t.tris.getCABO().getVertexOffset(), t.tris.getCABO().getStride(), r.FLOAT, 3, r.FALSE) || Dv("Error setting vertexDC in copy shader VAO."), t.copyVAO.addAttributeArray(i, t.tris.getCABO(), "tcoordTC", t.tris.getCABO().getTCoordOffset(), t.tris.getCABO().getStride(), r.FLOAT, 2, r.FALSE) || Dv("Error setting vertexDC in copy shader VAO.");
	}, e.traverse = (n, r, i) => {
		if (t.deleted) return;
		let a = n.getSize(), o = n.getContext();
		if (t._supported = !1, r.getSelector() || !o || !n.getWebgl2() || !o.getExtension("EXT_color_buffer_half_float") && !o.getExtension("EXT_color_buffer_float")) {
			e.setCurrentOperation("translucentPass"), r.traverse(e);
			return;
		}
		if (t._supported = !0, t.framebuffer === null) e.createFramebuffer(n);
		else {
			let r = t.framebuffer.getSize();
			r === null || r[0] !== a[0] || r[1] !== a[1] ? (t.framebuffer.releaseGraphicsResources(), t.translucentRGBATexture.releaseGraphicsResources(n), t.translucentRTexture.releaseGraphicsResources(n), t.translucentZTexture.releaseGraphicsResources(n), e.createFramebuffer(n)) : (t.framebuffer.saveCurrentBindingsAndBuffers(), t.framebuffer.bind());
		}
		o.drawBuffers([o.COLOR_ATTACHMENT0]), o.clearBufferfv(o.COLOR, 0, [
			0,
			0,
			0,
			0
		]), o.clearBufferfv(o.DEPTH, 0, [1]), o.colorMask(!1, !1, !1, !1), i.getOpaqueActorCount() > 0 && (i.setCurrentOperation("opaqueZBufferPass"), r.traverse(i)), o.colorMask(!0, !0, !0, !0), o.drawBuffers([o.COLOR_ATTACHMENT0, o.COLOR_ATTACHMENT1]), o.viewport(0, 0, a[0], a[1]), o.scissor(0, 0, a[0], a[1]), o.clearBufferfv(o.COLOR, 0, [
			0,
			0,
			0,
			1
		]), o.clearBufferfv(o.COLOR, 1, [
			0,
			0,
			0,
			0
		]), o.enable(o.DEPTH_TEST), o.enable(o.BLEND), o.blendFuncSeparate(o.ONE, o.ONE, o.ZERO, o.ONE_MINUS_SRC_ALPHA), e.setCurrentOperation("translucentPass"), r.traverse(e), o.drawBuffers([o.NONE]), t.framebuffer.restorePreviousBindingsAndBuffers(), t.copyShader === null ? e.createCopyShader(n) : n.getShaderCache().readyShaderProgram(t.copyShader), t.copyVAO || (t.copyVAO = ov.newInstance(), t.copyVAO.setOpenGLRenderWindow(n)), t.copyVAO.bind(), t.VBOBuildTime.getMTime() < e.getMTime() && e.createVBO(n);
		let s = o.isEnabled(o.CULL_FACE), c = s ? o.getParameter(o.CULL_FACE_MODE) : null;
		n.disableCullFace(), o.blendFuncSeparate(o.SRC_ALPHA, o.ONE_MINUS_SRC_ALPHA, o.ONE, o.ONE_MINUS_SRC_ALPHA), o.depthMask(!1), o.depthFunc(o.ALWAYS), o.viewport(0, 0, a[0], a[1]), o.scissor(0, 0, a[0], a[1]), t.translucentRGBATexture.activate(), t.copyShader.setUniformi("translucentRGBATexture", t.translucentRGBATexture.getTextureUnit()), t.translucentRTexture.activate(), t.copyShader.setUniformi("translucentRTexture", t.translucentRTexture.getTextureUnit()), o.drawArrays(o.TRIANGLES, 0, t.tris.getCABO().getElementCount()), o.depthMask(!0), o.depthFunc(o.LEQUAL), s && (n.enableCullFace(), n.setCullFaceMode(c)), t.translucentRGBATexture.deactivate(), t.translucentRTexture.deactivate();
		let l = r.getTiledSizeAndOrigin();
		o.scissor(l.lowerLeftU, l.lowerLeftV, l.usize, l.vsize), o.viewport(l.lowerLeftU, l.lowerLeftV, l.usize, l.vsize);
	}, e.getShaderReplacement = () => t._supported ? Ov : null, e.releaseGraphicsResources = (n) => {
		t.framebuffer &&= (t.framebuffer.releaseGraphicsResources(n), null), t.translucentRGBATexture &&= (t.translucentRGBATexture.releaseGraphicsResources(n), null), t.translucentRTexture &&= (t.translucentRTexture.releaseGraphicsResources(n), null), t.translucentZTexture &&= (t.translucentZTexture.releaseGraphicsResources(n), null), t.copyVAO &&= (t.copyVAO.releaseGraphicsResources(n), null), t.copyShader &&= (t.copyShader.releaseGraphicsResources(n), null), t.tris &&= (t.tris.releaseGraphicsResources(n), null), e.modified();
	};
}
var jv = {
	framebuffer: null,
	copyShader: null,
	tris: null
};
function Mv(e, t, n = {}) {
	Object.assign(t, jv, n), n_.extend(e, t, n), t.VBOBuildTime = {}, V.obj(t.VBOBuildTime, { mtime: 0 }), t.tris = Tv.newInstance(), V.get(e, t, ["framebuffer"]), Av(e, t);
}
var Nv = {
	newInstance: V.newInstance(Mv, "vtkOpenGLOrderIndependentTranslucentPass"),
	extend: Mv
};
// node_modules/@kitware/vtk.js/Rendering/OpenGL/ForwardPass.js
function Pv(e, t) {
	t.classHierarchy.push("vtkForwardPass"), e.traverse = (n, r = null) => {
		if (t.deleted) return;
		t._currentParent = r, e.setCurrentOperation("buildPass"), n.traverse(e);
		let i = n.getRenderable().getNumberOfLayers(), a = n.getRenderable().getRenderersByReference();
		for (let r = 0; r < i; r++) for (let i = 0; i < a.length; i++) {
			let o = a[i], s = n.getViewNodeFor(o);
			if (o.getDraw() && o.getLayer() === r) {
				if (t.opaqueActorCount = 0, t.translucentActorCount = 0, t.volumeCount = 0, t.overlayActorCount = 0, e.setCurrentOperation("queryPass"), s.traverse(e), (t.opaqueActorCount > 0 || t.translucentActorCount > 0) && t.volumeCount > 0 || t.depthRequested) {
					let r = n.getFramebufferSize();
					t.framebuffer === null && (t.framebuffer = P_.newInstance()), t.framebuffer.setOpenGLRenderWindow(n), t.framebuffer.saveCurrentBindingsAndBuffers();
					let i = t.framebuffer.getSize();
					(i === null || i[0] !== r[0] || i[1] !== r[1]) && (t.framebuffer.create(r[0], r[1]), t.framebuffer.populateFramebuffer()), t.framebuffer.bind(), e.setCurrentOperation("zBufferPass"), s.traverse(e), t.framebuffer.restorePreviousBindingsAndBuffers(), t.depthRequested = !1;
				}
				e.setCurrentOperation("cameraPass"), s.traverse(e), t.opaqueActorCount > 0 && (e.setCurrentOperation("opaquePass"), s.traverse(e)), t.translucentActorCount > 0 && (t.translucentPass ||= Nv.newInstance(), t.translucentPass.traverse(n, s, e)), t.volumeCount > 0 && (e.setCurrentOperation("volumePass"), s.traverse(e)), t.overlayActorCount > 0 && (e.setCurrentOperation("overlayPass"), s.traverse(e));
			}
		}
	}, e.getZBufferTexture = () => t.framebuffer ? t.framebuffer.getColorTexture() : null, e.requestDepth = () => {
		t.depthRequested = !0;
	}, e.incrementOpaqueActorCount = () => t.opaqueActorCount++, e.incrementTranslucentActorCount = () => t.translucentActorCount++, e.incrementVolumeCount = () => t.volumeCount++, e.incrementOverlayActorCount = () => t.overlayActorCount++;
}
var Fv = {
	opaqueActorCount: 0,
	translucentActorCount: 0,
	volumeCount: 0,
	overlayActorCount: 0,
	framebuffer: null,
	depthRequested: !1
};
function Iv(e, t, n = {}) {
	Object.assign(t, Fv, n), n_.extend(e, t, n), V.get(e, t, [
		"framebuffer",
		"opaqueActorCount",
		"translucentActorCount",
		"volumeCount"
	]), Pv(e, t);
}
var Lv = {
	newInstance: V.newInstance(Iv, "vtkForwardPass"),
	extend: Iv
}, Rv = {
	SelectionContent: {
		GLOBALIDS: 0,
		PEDIGREEIDS: 1,
		VALUES: 2,
		INDICES: 3,
		FRUSTUM: 4,
		LOCATIONS: 5,
		THRESHOLDS: 6,
		BLOCKS: 7,
		QUERY: 8
	},
	SelectionField: {
		CELL: 0,
		POINT: 1,
		FIELD: 2,
		VERTEX: 3,
		EDGE: 4,
		ROW: 5
	}
};
// node_modules/@kitware/vtk.js/Common/DataModel/SelectionNode.js
function zv(e, t) {
	t.classHierarchy.push("vtkSelectionNode"), e.getBounds = () => t.points.getBounds();
}
var Bv = {
	contentType: -1,
	fieldType: -1,
	properties: null,
	selectionList: []
};
function Vv(e, t, n = {}) {
	Object.assign(t, Bv, n), V.obj(e, t), t.properties = {}, V.setGet(e, t, [
		"contentType",
		"fieldType",
		"properties",
		"selectionList"
	]), zv(e, t);
}
var Hv = {
	newInstance: V.newInstance(Vv, "vtkSelectionNode"),
	extend: Vv,
	...Rv
}, Uv = {
	MIN_KNOWN_PASS: 0,
	ACTOR_PASS: 0,
	COMPOSITE_INDEX_PASS: 1,
	ID_LOW24: 2,
	ID_HIGH24: 3,
	MAX_KNOWN_PASS: 3
}, Wv = { PassTypes: Uv }, { FieldAssociations: Gv } = pu;
function Kv(e, t) {
	t.classHierarchy.push("vtkHardwareSelector"), e.getSourceDataAsync = async (e, t, n, r, i) => {}, e.selectAsync = async (t, n, r, i, a) => {
		let o = await e.getSourceDataAsync(t, n, r, i, a);
		return o ? o.generateSelection(n, r, i, a) : [];
	};
}
var qv = {
	fieldAssociation: Gv.FIELD_ASSOCIATION_CELLS,
	captureZValues: !1
};
function Jv(e, t, n = {}) {
	Object.assign(t, qv, n), V.obj(e, t), V.setGet(e, t, ["fieldAssociation", "captureZValues"]), Kv(e, t);
}
var Yv = {
	newInstance: V.newInstance(Jv, "vtkHardwareSelector"),
	extend: Jv
}, { PassTypes: Xv } = Wv, { SelectionContent: Zv, SelectionField: Qv } = Hv, { FieldAssociations: $v } = pu, { vtkErrorMacro: ey, vtkDebugMacro: ty } = V, ny = 1;
function ry(e) {
	return `${e.propID} ${e.compositeID}`;
}
function iy(e, t, n, r) {
	return n ? n[(t * (r[2] - r[0] + 1) + e) * 4 + 3] : 0;
}
function ay(e, t, n, r, i = null) {
	if (!n) return 0;
	let a = (t * (r[2] - r[0] + 1) + e) * 4, o = n[a], s = n[a + 1];
	return (n[a + 2] * 256 + s) * 256 + o;
}
function oy(e, t) {
	let n = t;
	return n <<= 24, n |= e, n;
}
function sy(e, t, n, r) {
	let i = n < 0 ? 0 : n;
	if (i === 0) {
		if (r[0] = t[0], r[1] = t[1], t[0] < e.area[0] || t[0] > e.area[2] || t[1] < e.area[1] || t[1] > e.area[3]) return null;
		let n = [t[0] - e.area[0], t[1] - e.area[1]], i = ay(n[0], n[1], e.pixBuffer[Xv.ACTOR_PASS], e.area, "getPixelInformationWithData1");
		if (i <= 0 || i - ny >= e.props.length) return null;
		let a = {};
		a.valid = !0, a.propID = i - ny, a.prop = e.props[a.propID];
		let o = ay(n[0], n[1], e.pixBuffer[Xv.COMPOSITE_INDEX_PASS], e.area, "getPixelInformationWithData2");
		if ((o < 0 || o > 16777215) && (o = 0), a.compositeID = o - ny, e.captureZValues) {
			let r = (n[1] * (e.area[2] - e.area[0] + 1) + n[0]) * 4;
			a.zValue = (256 * e.zBuffer[r] + e.zBuffer[r + 1]) / 65535, a.displayPosition = t;
		}
		return e.pixBuffer[Xv.ID_LOW24] && iy(n[0], n[1], e.pixBuffer[Xv.ID_LOW24], e.area) === 0 || (a.attributeID = oy(ay(n[0], n[1], e.pixBuffer[Xv.ID_LOW24], e.area, "getPixelInformationWithData3"), ay(n[0], n[1], e.pixBuffer[Xv.ID_HIGH24], e.area, "getPixelInformationWithData4"), 0)), a;
	}
	let a = [t[0], t[1]], o = [0, 0], s = sy(e, t, 0, r);
	if (s && s.valid) return s;
	for (let t = 1; t < i; ++t) {
		for (let n = a[1] > t ? a[1] - t : 0; n <= a[1] + t; ++n) if (o[1] = n, a[0] >= t && (o[0] = a[0] - t, s = sy(e, o, 0, r), s && s.valid) || (o[0] = a[0] + t, s = sy(e, o, 0, r), s && s.valid)) return s;
		for (let n = a[0] >= t ? a[0] - (t - 1) : 0; n <= a[0] + (t - 1); ++n) if (o[0] = n, a[1] >= t && (o[1] = a[1] - t, s = sy(e, o, 0, r), s && s.valid) || (o[1] = a[1] + t, s = sy(e, o, 0, r), s && s.valid)) return s;
	}
	return r[0] = t[0], r[1] = t[1], null;
}
function cy(e, t, n, r, i) {
	let a = [], o = 0;
	return t.forEach((t, s) => {
		let c = Hv.newInstance();
		switch (c.setContentType(Zv.INDICES), e) {
			case $v.FIELD_ASSOCIATION_CELLS:
				c.setFieldType(Qv.CELL);
				break;
			case $v.FIELD_ASSOCIATION_POINTS:
				c.setFieldType(Qv.POINT);
				break;
			default: ey("Unknown field association");
		}
		c.getProperties().propID = t.info.propID, c.getProperties().prop = t.info.prop, c.getProperties().compositeID = t.info.compositeID, c.getProperties().attributeID = t.info.attributeID, c.getProperties().pixelCount = t.pixelCount, n && (c.getProperties().displayPosition = [
			t.info.displayPosition[0],
			t.info.displayPosition[1],
			t.info.zValue
		], c.getProperties().worldPosition = i.displayToWorld(t.info.displayPosition[0], t.info.displayPosition[1], t.info.zValue, r)), c.setSelectionList(t.attributeIDs), a[o] = c, o++;
	}), a;
}
function ly(e, t, n, r, i) {
	let a = Math.floor(t), o = Math.floor(n), s = Math.floor(r), c = Math.floor(i), l = /* @__PURE__ */ new Map(), u = [0, 0];
	for (let t = o; t <= c; t++) for (let n = a; n <= s; n++) {
		let r = sy(e, [n, t], 0, u);
		if (r && r.valid) {
			let t = ry(r);
			if (!l.has(t)) l.set(t, {
				info: r,
				pixelCount: 1,
				attributeIDs: [r.attributeID]
			});
			else {
				let n = l.get(t);
				n.pixelCount++, e.captureZValues && r.zValue < n.info.zValue && (n.info = r), n.attributeIDs.indexOf(r.attributeID) === -1 && n.attributeIDs.push(r.attributeID);
			}
		}
	}
	return cy(e.fieldAssociation, l, e.captureZValues, e.renderer, e.openGLRenderWindow);
}
function uy(e, t) {
	t.classHierarchy.push("vtkOpenGLHardwareSelector"), e.releasePixBuffers = () => {
		t.rawPixBuffer = [], t.pixBuffer = [], t.zBuffer = null;
	}, e.beginSelection = () => {
		t._openGLRenderer = t._openGLRenderWindow.getViewNodeFor(t._renderer, t._openGLRenderer), t.maxAttributeId = 0;
		let n = t._openGLRenderWindow.getSize();
		if (!t.framebuffer) t.framebuffer = P_.newInstance(), t.framebuffer.setOpenGLRenderWindow(t._openGLRenderWindow), t.framebuffer.saveCurrentBindingsAndBuffers(), t.framebuffer.create(n[0], n[1]), t.framebuffer.populateFramebuffer();
		else {
			t.framebuffer.setOpenGLRenderWindow(t._openGLRenderWindow), t.framebuffer.saveCurrentBindingsAndBuffers();
			let e = t.framebuffer.getSize();
			!e || e[0] !== n[0] || e[1] !== n[1] ? (t.framebuffer.create(n[0], n[1]), t.framebuffer.populateFramebuffer()) : t.framebuffer.bind();
		}
		if (t._openGLRenderer.clear(), t._openGLRenderer.setSelector(e), t.hitProps = {}, t.propPixels = {}, t.props = [], e.releasePixBuffers(), t.fieldAssociation === $v.FIELD_ASSOCIATION_POINTS) {
			let e = t._openGLRenderWindow.getContext(), n = e.isEnabled(e.BLEND);
			e.disable(e.BLEND), t._openGLRenderWindow.traverseAllPasses(), n && e.enable(e.BLEND);
		}
	}, e.endSelection = () => {
		t.hitProps = {}, t._openGLRenderer.setSelector(null), t.framebuffer.restorePreviousBindingsAndBuffers();
	}, e.preCapturePass = () => {
		let e = t._openGLRenderWindow.getContext();
		t.originalBlending = e.isEnabled(e.BLEND), e.disable(e.BLEND);
	}, e.postCapturePass = () => {
		let e = t._openGLRenderWindow.getContext();
		t.originalBlending && e.enable(e.BLEND);
	}, e.select = () => {
		let n = null;
		return e.captureBuffers() && (n = e.generateSelection(t.area[0], t.area[1], t.area[2], t.area[3]), e.releasePixBuffers()), n;
	}, e.getSourceDataAsync = async (n, r, i, a, o) => {
		if (t._renderer = n, r === void 0) {
			let n = t._openGLRenderWindow.getSize();
			e.setArea(0, 0, n[0] - 1, n[1] - 1);
		} else e.setArea(r, i, a, o);
		if (!e.captureBuffers()) return !1;
		let s = {
			area: [...t.area],
			pixBuffer: [...t.pixBuffer],
			captureZValues: t.captureZValues,
			zBuffer: t.zBuffer,
			props: [...t.props],
			fieldAssociation: t.fieldAssociation,
			renderer: n,
			openGLRenderWindow: t._openGLRenderWindow
		};
		return s.generateSelection = (...e) => ly(s, ...e), s;
	}, e.captureBuffers = () => {
		if (!t._renderer || !t._openGLRenderWindow) return ey("Renderer and view must be set before calling Select."), !1;
		t._openGLRenderer = t._openGLRenderWindow.getViewNodeFor(t._renderer, t._openGLRenderer), t._openGLRenderWindow.getRenderable().preRender(), e.invokeEvent({ type: "StartEvent" }), t.originalBackground = t._renderer.getBackgroundByReference(), t._renderer.setBackground(0, 0, 0, 0);
		let n = t._openGLRenderWindow.getRenderPasses();
		e.beginSelection();
		let r = [];
		for (t.currentPass = Xv.MIN_KNOWN_PASS; t.currentPass <= Xv.MAX_KNOWN_PASS; t.currentPass++) e.passRequired(t.currentPass) && (e.preCapturePass(t.currentPass), t.captureZValues && t.currentPass === Xv.ACTOR_PASS && typeof n[0].requestDepth == "function" && typeof n[0].getFramebuffer == "function" && n[0].requestDepth(), t._openGLRenderWindow.traverseAllPasses(), e.postCapturePass(t.currentPass), e.savePixelBuffer(t.currentPass), r.push(t.currentPass));
		return r.forEach((n) => {
			t.currentPass = n, e.processPixelBuffers();
		}), t.currentPass = Xv.MAX_KNOWN_PASS, e.endSelection(), t._renderer.setBackground(t.originalBackground), e.invokeEvent({ type: "EndEvent" }), !0;
	}, e.processPixelBuffers = () => {
		t.props.forEach((n, r) => {
			e.isPropHit(r) && n.processSelectorPixelBuffers(e, t.propPixels[r]);
		});
	}, e.passRequired = (e) => {
		if (e === Xv.ID_HIGH24) {
			if (t.fieldAssociation === $v.FIELD_ASSOCIATION_POINTS) return t.maximumPointId > 16777215;
			if (t.fieldAssociation === $v.FIELD_ASSOCIATION_CELLS) return t.maximumCellId > 16777215;
		}
		return !0;
	}, e.savePixelBuffer = (n) => {
		if (t.pixBuffer[n] = t._openGLRenderWindow.getPixelData(t.area[0], t.area[1], t.area[2], t.area[3]), !t.rawPixBuffer[n]) {
			let e = (t.area[2] - t.area[0] + 1) * (t.area[3] - t.area[1] + 1) * 4;
			t.rawPixBuffer[n] = new Uint8Array(e), t.rawPixBuffer[n].set(t.pixBuffer[n]);
		}
		if (n === Xv.ACTOR_PASS) {
			if (t.captureZValues) {
				let e = t._openGLRenderWindow.getRenderPasses();
				if (typeof e[0].requestDepth == "function" && typeof e[0].getFramebuffer == "function") {
					let n = e[0].getFramebuffer();
					n.saveCurrentBindingsAndBuffers(), n.bind(), t.zBuffer = t._openGLRenderWindow.getPixelData(t.area[0], t.area[1], t.area[2], t.area[3]), n.restorePreviousBindingsAndBuffers();
				}
			}
			e.buildPropHitList(t.rawPixBuffer[n]);
		}
	}, e.buildPropHitList = (e) => {
		let n = 0;
		for (let r = 0; r <= t.area[3] - t.area[1]; r++) for (let i = 0; i <= t.area[2] - t.area[0]; i++) {
			let a = ay(i, r, e, t.area, "buildPropHitList");
			a > 0 && (a--, a in t.hitProps || (t.hitProps[a] = !0, t.propPixels[a] = []), t.propPixels[a].push(n * 4)), ++n;
		}
	}, e.renderProp = (n) => {
		t.currentPass === Xv.ACTOR_PASS && (e.setPropColorValueFromInt(t.props.length + ny), t.props.push(n));
	}, e.renderCompositeIndex = (n) => {
		t.currentPass === Xv.COMPOSITE_INDEX_PASS && e.setPropColorValueFromInt(n + ny);
	}, e.renderAttributeId = (e) => {
		e < 0 || (t.maxAttributeId = e > t.maxAttributeId ? e : t.maxAttributeId);
	}, e.passTypeToString = (e) => V.enumToString(Xv, e), e.isPropHit = (e) => !!t.hitProps[e], e.setPropColorValueFromInt = (e) => {
		t.propColorValue[0] = e % 256 / 255, t.propColorValue[1] = Math.floor(e / 256) % 256 / 255, t.propColorValue[2] = Math.floor(e / 65536) % 256 / 255;
	}, e.getPixelInformation = (n, r, i) => {
		let a = r < 0 ? 0 : r;
		if (ty("getPixelInformation called", a), a === 0) {
			if (i[0] = n[0], i[1] = n[1], n[0] < t.area[0] || n[0] > t.area[2] || n[1] < t.area[1] || n[1] > t.area[3]) return null;
			ty(n), ty(t.area);
			let e = [n[0] - t.area[0], n[1] - t.area[1]];
			ty("adjusted displayPosition", e);
			let r = ay(e[0], e[1], t.pixBuffer[Xv.ACTOR_PASS], t.area, "getPixelInformation");
			if (ty("actorid", r), r <= 0 || r - ny >= t.props.length) return null;
			let a = {};
			a.valid = !0, a.propID = r - ny, a.prop = t.props[a.propID];
			let o = ay(e[0], e[1], t.pixBuffer[Xv.COMPOSITE_INDEX_PASS], t.area, "getPixelInformation2");
			if ((o < 0 || o > 16777215) && (o = 0), a.compositeID = o - ny, t.captureZValues) {
				let r = (e[1] * (t.area[2] - t.area[0] + 1) + e[0]) * 4;
				a.zValue = (256 * t.zBuffer[r] + t.zBuffer[r + 1]) / 65535, a.displayPosition = n;
			}
			return t.pixBuffer[Xv.ID_LOW24] && iy(e[0], e[1], t.pixBuffer[Xv.ID_LOW24], t.area) === 0 || (a.attributeID = oy(ay(e[0], e[1], t.pixBuffer[Xv.ID_LOW24], t.area, "getPixelInformation3"), ay(e[0], e[1], t.pixBuffer[Xv.ID_HIGH24], t.area, "getPixelInformation4"))), a;
		}
		let o = [n[0], n[1]], s = [0, 0], c = e.getPixelInformation(n, 0, i);
		if (c && c.valid) return c;
		for (let t = 1; t < a; ++t) {
			for (let n = o[1] > t ? o[1] - t : 0; n <= o[1] + t; ++n) if (s[1] = n, o[0] >= t && (s[0] = o[0] - t, c = e.getPixelInformation(s, 0, i), c && c.valid) || (s[0] = o[0] + t, c = e.getPixelInformation(s, 0, i), c && c.valid)) return c;
			for (let n = o[0] >= t ? o[0] - (t - 1) : 0; n <= o[0] + (t - 1); ++n) if (s[0] = n, o[1] >= t && (s[1] = o[1] - t, c = e.getPixelInformation(s, 0, i), c && c.valid) || (s[1] = o[1] + t, c = e.getPixelInformation(s, 0, i), c && c.valid)) return c;
		}
		return i[0] = n[0], i[1] = n[1], null;
	}, e.generateSelection = (n, r, i, a) => {
		let o = Math.floor(n), s = Math.floor(r), c = Math.floor(i), l = Math.floor(a), u = /* @__PURE__ */ new Map(), d = [0, 0];
		for (let n = s; n <= l; n++) for (let r = o; r <= c; r++) {
			let i = [r, n], a = e.getPixelInformation(i, 0, d);
			if (a && a.valid) {
				let e = ry(a);
				if (!u.has(e)) u.set(e, {
					info: a,
					pixelCount: 1,
					attributeIDs: [a.attributeID]
				});
				else {
					let n = u.get(e);
					n.pixelCount++, t.captureZValues && a.zValue < n.info.zValue && (n.info = a), n.attributeIDs.indexOf(a.attributeID) === -1 && n.attributeIDs.push(a.attributeID);
				}
			}
		}
		return cy(t.fieldAssociation, u, t.captureZValues, t._renderer, t._openGLRenderWindow);
	}, e.getRawPixelBuffer = (e) => t.rawPixBuffer[e], e.getPixelBuffer = (e) => t.pixBuffer[e], e.attach = (e, n) => {
		t._openGLRenderWindow = e, t._renderer = n;
	};
	let n = e.setArea;
	e.setArea = (...e) => n(...e) ? (t.area[0] = Math.floor(t.area[0]), t.area[1] = Math.floor(t.area[1]), t.area[2] = Math.floor(t.area[2]), t.area[3] = Math.floor(t.area[3]), !0) : !1;
}
var dy = {
	area: void 0,
	currentPass: -1,
	propColorValue: null,
	props: null,
	maximumPointId: 0,
	maximumCellId: 0,
	idOffset: 1
};
function fy(e, t, n = {}) {
	Object.assign(t, dy, n), Yv.extend(e, t, n), t.propColorValue = [
		0,
		0,
		0
	], t.props = [], t.area ||= [
		0,
		0,
		0,
		0
	], V.setGetArray(e, t, ["area"], 4), V.setGet(e, t, [
		"_renderer",
		"currentPass",
		"_openGLRenderWindow",
		"maximumPointId",
		"maximumCellId"
	]), V.setGetArray(e, t, ["propColorValue"], 3), V.moveToProtected(e, t, ["renderer", "openGLRenderWindow"]), V.event(e, t, "event"), uy(e, t);
}
var py = {
	newInstance: V.newInstance(fy, "vtkOpenGLHardwareSelector"),
	extend: fy,
	...Wv
}, my = /* @__PURE__ */ d((/* @__PURE__ */ c(((e, t) => {
	(function(n) {
		if (typeof e == "object") t.exports = n();
		else if (typeof define == "function" && define.amd) define(n);
		else {
			var r;
			try {
				r = window;
			} catch {
				r = self;
			}
			r.SparkMD5 = n();
		}
	})(function(e) {
		var t = [
			"0",
			"1",
			"2",
			"3",
			"4",
			"5",
			"6",
			"7",
			"8",
			"9",
			"a",
			"b",
			"c",
			"d",
			"e",
			"f"
		];
		function n(e, t) {
			var n = e[0], r = e[1], i = e[2], a = e[3];
			n += (r & i | ~r & a) + t[0] - 680876936 | 0, n = (n << 7 | n >>> 25) + r | 0, a += (n & r | ~n & i) + t[1] - 389564586 | 0, a = (a << 12 | a >>> 20) + n | 0, i += (a & n | ~a & r) + t[2] + 606105819 | 0, i = (i << 17 | i >>> 15) + a | 0, r += (i & a | ~i & n) + t[3] - 1044525330 | 0, r = (r << 22 | r >>> 10) + i | 0, n += (r & i | ~r & a) + t[4] - 176418897 | 0, n = (n << 7 | n >>> 25) + r | 0, a += (n & r | ~n & i) + t[5] + 1200080426 | 0, a = (a << 12 | a >>> 20) + n | 0, i += (a & n | ~a & r) + t[6] - 1473231341 | 0, i = (i << 17 | i >>> 15) + a | 0, r += (i & a | ~i & n) + t[7] - 45705983 | 0, r = (r << 22 | r >>> 10) + i | 0, n += (r & i | ~r & a) + t[8] + 1770035416 | 0, n = (n << 7 | n >>> 25) + r | 0, a += (n & r | ~n & i) + t[9] - 1958414417 | 0, a = (a << 12 | a >>> 20) + n | 0, i += (a & n | ~a & r) + t[10] - 42063 | 0, i = (i << 17 | i >>> 15) + a | 0, r += (i & a | ~i & n) + t[11] - 1990404162 | 0, r = (r << 22 | r >>> 10) + i | 0, n += (r & i | ~r & a) + t[12] + 1804603682 | 0, n = (n << 7 | n >>> 25) + r | 0, a += (n & r | ~n & i) + t[13] - 40341101 | 0, a = (a << 12 | a >>> 20) + n | 0, i += (a & n | ~a & r) + t[14] - 1502002290 | 0, i = (i << 17 | i >>> 15) + a | 0, r += (i & a | ~i & n) + t[15] + 1236535329 | 0, r = (r << 22 | r >>> 10) + i | 0, n += (r & a | i & ~a) + t[1] - 165796510 | 0, n = (n << 5 | n >>> 27) + r | 0, a += (n & i | r & ~i) + t[6] - 1069501632 | 0, a = (a << 9 | a >>> 23) + n | 0, i += (a & r | n & ~r) + t[11] + 643717713 | 0, i = (i << 14 | i >>> 18) + a | 0, r += (i & n | a & ~n) + t[0] - 373897302 | 0, r = (r << 20 | r >>> 12) + i | 0, n += (r & a | i & ~a) + t[5] - 701558691 | 0, n = (n << 5 | n >>> 27) + r | 0, a += (n & i | r & ~i) + t[10] + 38016083 | 0, a = (a << 9 | a >>> 23) + n | 0, i += (a & r | n & ~r) + t[15] - 660478335 | 0, i = (i << 14 | i >>> 18) + a | 0, r += (i & n | a & ~n) + t[4] - 405537848 | 0, r = (r << 20 | r >>> 12) + i | 0, n += (r & a | i & ~a) + t[9] + 568446438 | 0, n = (n << 5 | n >>> 27) + r | 0, a += (n & i | r & ~i) + t[14] - 1019803690 | 0, a = (a << 9 | a >>> 23) + n | 0, i += (a & r | n & ~r) + t[3] - 187363961 | 0, i = (i << 14 | i >>> 18) + a | 0, r += (i & n | a & ~n) + t[8] + 1163531501 | 0, r = (r << 20 | r >>> 12) + i | 0, n += (r & a | i & ~a) + t[13] - 1444681467 | 0, n = (n << 5 | n >>> 27) + r | 0, a += (n & i | r & ~i) + t[2] - 51403784 | 0, a = (a << 9 | a >>> 23) + n | 0, i += (a & r | n & ~r) + t[7] + 1735328473 | 0, i = (i << 14 | i >>> 18) + a | 0, r += (i & n | a & ~n) + t[12] - 1926607734 | 0, r = (r << 20 | r >>> 12) + i | 0, n += (r ^ i ^ a) + t[5] - 378558 | 0, n = (n << 4 | n >>> 28) + r | 0, a += (n ^ r ^ i) + t[8] - 2022574463 | 0, a = (a << 11 | a >>> 21) + n | 0, i += (a ^ n ^ r) + t[11] + 1839030562 | 0, i = (i << 16 | i >>> 16) + a | 0, r += (i ^ a ^ n) + t[14] - 35309556 | 0, r = (r << 23 | r >>> 9) + i | 0, n += (r ^ i ^ a) + t[1] - 1530992060 | 0, n = (n << 4 | n >>> 28) + r | 0, a += (n ^ r ^ i) + t[4] + 1272893353 | 0, a = (a << 11 | a >>> 21) + n | 0, i += (a ^ n ^ r) + t[7] - 155497632 | 0, i = (i << 16 | i >>> 16) + a | 0, r += (i ^ a ^ n) + t[10] - 1094730640 | 0, r = (r << 23 | r >>> 9) + i | 0, n += (r ^ i ^ a) + t[13] + 681279174 | 0, n = (n << 4 | n >>> 28) + r | 0, a += (n ^ r ^ i) + t[0] - 358537222 | 0, a = (a << 11 | a >>> 21) + n | 0, i += (a ^ n ^ r) + t[3] - 722521979 | 0, i = (i << 16 | i >>> 16) + a | 0, r += (i ^ a ^ n) + t[6] + 76029189 | 0, r = (r << 23 | r >>> 9) + i | 0, n += (r ^ i ^ a) + t[9] - 640364487 | 0, n = (n << 4 | n >>> 28) + r | 0, a += (n ^ r ^ i) + t[12] - 421815835 | 0, a = (a << 11 | a >>> 21) + n | 0, i += (a ^ n ^ r) + t[15] + 530742520 | 0, i = (i << 16 | i >>> 16) + a | 0, r += (i ^ a ^ n) + t[2] - 995338651 | 0, r = (r << 23 | r >>> 9) + i | 0, n += (i ^ (r | ~a)) + t[0] - 198630844 | 0, n = (n << 6 | n >>> 26) + r | 0, a += (r ^ (n | ~i)) + t[7] + 1126891415 | 0, a = (a << 10 | a >>> 22) + n | 0, i += (n ^ (a | ~r)) + t[14] - 1416354905 | 0, i = (i << 15 | i >>> 17) + a | 0, r += (a ^ (i | ~n)) + t[5] - 57434055 | 0, r = (r << 21 | r >>> 11) + i | 0, n += (i ^ (r | ~a)) + t[12] + 1700485571 | 0, n = (n << 6 | n >>> 26) + r | 0, a += (r ^ (n | ~i)) + t[3] - 1894986606 | 0, a = (a << 10 | a >>> 22) + n | 0, i += (n ^ (a | ~r)) + t[10] - 1051523 | 0, i = (i << 15 | i >>> 17) + a | 0, r += (a ^ (i | ~n)) + t[1] - 2054922799 | 0, r = (r << 21 | r >>> 11) + i | 0, n += (i ^ (r | ~a)) + t[8] + 1873313359 | 0, n = (n << 6 | n >>> 26) + r | 0, a += (r ^ (n | ~i)) + t[15] - 30611744 | 0, a = (a << 10 | a >>> 22) + n | 0, i += (n ^ (a | ~r)) + t[6] - 1560198380 | 0, i = (i << 15 | i >>> 17) + a | 0, r += (a ^ (i | ~n)) + t[13] + 1309151649 | 0, r = (r << 21 | r >>> 11) + i | 0, n += (i ^ (r | ~a)) + t[4] - 145523070 | 0, n = (n << 6 | n >>> 26) + r | 0, a += (r ^ (n | ~i)) + t[11] - 1120210379 | 0, a = (a << 10 | a >>> 22) + n | 0, i += (n ^ (a | ~r)) + t[2] + 718787259 | 0, i = (i << 15 | i >>> 17) + a | 0, r += (a ^ (i | ~n)) + t[9] - 343485551 | 0, r = (r << 21 | r >>> 11) + i | 0, e[0] = n + e[0] | 0, e[1] = r + e[1] | 0, e[2] = i + e[2] | 0, e[3] = a + e[3] | 0;
		}
		function r(e) {
			for (var t = [], n = 0; n < 64; n += 4) t[n >> 2] = e.charCodeAt(n) + (e.charCodeAt(n + 1) << 8) + (e.charCodeAt(n + 2) << 16) + (e.charCodeAt(n + 3) << 24);
			return t;
		}
		function i(e) {
			for (var t = [], n = 0; n < 64; n += 4) t[n >> 2] = e[n] + (e[n + 1] << 8) + (e[n + 2] << 16) + (e[n + 3] << 24);
			return t;
		}
		function a(e) {
			for (var t = e.length, i = [
				1732584193,
				-271733879,
				-1732584194,
				271733878
			], a = 64, o, s, c, l, u; a <= t; a += 64) n(i, r(e.substring(a - 64, a)));
			for (e = e.substring(a - 64), o = e.length, s = [
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0
			], a = 0; a < o; a += 1) s[a >> 2] |= e.charCodeAt(a) << (a % 4 << 3);
			if (s[a >> 2] |= 128 << (a % 4 << 3), a > 55) for (n(i, s), a = 0; a < 16; a += 1) s[a] = 0;
			return c = t * 8, c = c.toString(16).match(/(.*?)(.{0,8})$/), l = parseInt(c[2], 16), u = parseInt(c[1], 16) || 0, s[14] = l, s[15] = u, n(i, s), i;
		}
		function o(e) {
			for (var t = e.length, r = [
				1732584193,
				-271733879,
				-1732584194,
				271733878
			], a = 64, o, s, c, l, u; a <= t; a += 64) n(r, i(e.subarray(a - 64, a)));
			for (e = a - 64 < t ? e.subarray(a - 64) : /* @__PURE__ */ new Uint8Array(), o = e.length, s = [
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0
			], a = 0; a < o; a += 1) s[a >> 2] |= e[a] << (a % 4 << 3);
			if (s[a >> 2] |= 128 << (a % 4 << 3), a > 55) for (n(r, s), a = 0; a < 16; a += 1) s[a] = 0;
			return c = t * 8, c = c.toString(16).match(/(.*?)(.{0,8})$/), l = parseInt(c[2], 16), u = parseInt(c[1], 16) || 0, s[14] = l, s[15] = u, n(r, s), r;
		}
		function s(e) {
			for (var n = "", r = 0; r < 4; r += 1) n += t[e >> r * 8 + 4 & 15] + t[e >> r * 8 & 15];
			return n;
		}
		function c(e) {
			for (var t = 0; t < e.length; t += 1) e[t] = s(e[t]);
			return e.join("");
		}
		c(a("hello")), typeof ArrayBuffer < "u" && !ArrayBuffer.prototype.slice && (function() {
			function t(e, t) {
				return e = e | 0 || 0, e < 0 ? Math.max(e + t, 0) : Math.min(e, t);
			}
			ArrayBuffer.prototype.slice = function(n, r) {
				var i = this.byteLength, a = t(n, i), o = i, s, c, l, u;
				return r !== e && (o = t(r, i)), a > o ? /* @__PURE__ */ new ArrayBuffer(0) : (s = o - a, c = new ArrayBuffer(s), l = new Uint8Array(c), u = new Uint8Array(this, a, s), l.set(u), c);
			};
		})();
		function l(e) {
			return /[\u0080-\uFFFF]/.test(e) && (e = unescape(encodeURIComponent(e))), e;
		}
		function u(e, t) {
			for (var n = e.length, r = new ArrayBuffer(n), i = new Uint8Array(r), a = 0; a < n; a += 1) i[a] = e.charCodeAt(a);
			return t ? i : r;
		}
		function d(e) {
			return String.fromCharCode.apply(null, new Uint8Array(e));
		}
		function f(e, t, n) {
			var r = new Uint8Array(e.byteLength + t.byteLength);
			return r.set(new Uint8Array(e)), r.set(new Uint8Array(t), e.byteLength), n ? r : r.buffer;
		}
		function p(e) {
			for (var t = [], n = e.length, r = 0; r < n - 1; r += 2) t.push(parseInt(e.substr(r, 2), 16));
			return String.fromCharCode.apply(String, t);
		}
		function m() {
			this.reset();
		}
		return m.prototype.append = function(e) {
			return this.appendBinary(l(e)), this;
		}, m.prototype.appendBinary = function(e) {
			this._buff += e, this._length += e.length;
			for (var t = this._buff.length, i = 64; i <= t; i += 64) n(this._hash, r(this._buff.substring(i - 64, i)));
			return this._buff = this._buff.substring(i - 64), this;
		}, m.prototype.end = function(e) {
			var t = this._buff, n = t.length, r, i = [
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0
			], a;
			for (r = 0; r < n; r += 1) i[r >> 2] |= t.charCodeAt(r) << (r % 4 << 3);
			return this._finish(i, n), a = c(this._hash), e && (a = p(a)), this.reset(), a;
		}, m.prototype.reset = function() {
			return this._buff = "", this._length = 0, this._hash = [
				1732584193,
				-271733879,
				-1732584194,
				271733878
			], this;
		}, m.prototype.getState = function() {
			return {
				buff: this._buff,
				length: this._length,
				hash: this._hash.slice()
			};
		}, m.prototype.setState = function(e) {
			return this._buff = e.buff, this._length = e.length, this._hash = e.hash, this;
		}, m.prototype.destroy = function() {
			delete this._hash, delete this._buff, delete this._length;
		}, m.prototype._finish = function(e, t) {
			var r = t, i, a, o;
			if (e[r >> 2] |= 128 << (r % 4 << 3), r > 55) for (n(this._hash, e), r = 0; r < 16; r += 1) e[r] = 0;
			i = this._length * 8, i = i.toString(16).match(/(.*?)(.{0,8})$/), a = parseInt(i[2], 16), o = parseInt(i[1], 16) || 0, e[14] = a, e[15] = o, n(this._hash, e);
		}, m.hash = function(e, t) {
			return m.hashBinary(l(e), t);
		}, m.hashBinary = function(e, t) {
			var n = c(a(e));
			return t ? p(n) : n;
		}, m.ArrayBuffer = function() {
			this.reset();
		}, m.ArrayBuffer.prototype.append = function(e) {
			var t = f(this._buff.buffer, e, !0), r = t.length, a;
			for (this._length += e.byteLength, a = 64; a <= r; a += 64) n(this._hash, i(t.subarray(a - 64, a)));
			return this._buff = a - 64 < r ? new Uint8Array(t.buffer.slice(a - 64)) : /* @__PURE__ */ new Uint8Array(), this;
		}, m.ArrayBuffer.prototype.end = function(e) {
			for (var t = this._buff, n = t.length, r = [
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0,
				0
			], i = 0, a; i < n; i += 1) r[i >> 2] |= t[i] << (i % 4 << 3);
			return this._finish(r, n), a = c(this._hash), e && (a = p(a)), this.reset(), a;
		}, m.ArrayBuffer.prototype.reset = function() {
			return this._buff = /* @__PURE__ */ new Uint8Array(), this._length = 0, this._hash = [
				1732584193,
				-271733879,
				-1732584194,
				271733878
			], this;
		}, m.ArrayBuffer.prototype.getState = function() {
			var e = m.prototype.getState.call(this);
			return e.buff = d(e.buff), e;
		}, m.ArrayBuffer.prototype.setState = function(e) {
			return e.buff = u(e.buff, !0), m.prototype.setState.call(this, e);
		}, m.ArrayBuffer.prototype.destroy = m.prototype.destroy, m.ArrayBuffer.prototype._finish = m.prototype._finish, m.ArrayBuffer.hash = function(e, t) {
			var n = c(o(new Uint8Array(e)));
			return t ? p(n) : n;
		}, m;
	});
})))(), 1), hy = [
	"lastShaderProgramBound",
	"context",
	"_openGLRenderWindow"
];
function gy(e, t) {
	t.classHierarchy.push("vtkShaderCache"), e.replaceShaderValues = (e, n, r) => {
		let i = n;
		r.length > 0 && (i = Q.substitute(i, "VSOut", "GSOut").result);
		let a = t._openGLRenderWindow.getWebgl2(), o = "\n", s = "#version 100\n";
		a ? s = "#version 300 es\n#define attribute in\n#define textureCube texture\n#define texture2D texture\n#define textureCubeLod textureLod\n#define texture2DLod textureLod\n" : (t.context.getExtension("OES_standard_derivatives"), t.context.getExtension("EXT_frag_depth") && (o = "#extension GL_EXT_frag_depth : enable\n"), t.context.getExtension("EXT_shader_texture_lod") && (o += "#extension GL_EXT_shader_texture_lod : enable\n#define textureCubeLod textureCubeLodEXT\n#define texture2DLod texture2DLodEXT")), i = Q.substitute(i, "//VTK::System::Dec", [
			`${s}\n`,
			a ? "" : "#extension GL_OES_standard_derivatives : enable\n",
			o,
			"#ifdef GL_FRAGMENT_PRECISION_HIGH",
			"precision highp float;",
			"precision highp int;",
			"#else",
			"precision mediump float;",
			"precision mediump int;",
			"#endif"
		]).result;
		let c = Q.substitute(e, "//VTK::System::Dec", [
			`${s}\n`,
			"#ifdef GL_FRAGMENT_PRECISION_HIGH",
			"precision highp float;",
			"precision highp int;",
			"#else",
			"precision mediump float;",
			"precision mediump int;",
			"#endif"
		]).result;
		if (a) {
			c = Q.substitute(c, "varying", "out").result, i = Q.substitute(i, "varying", "in").result;
			let e = "", t = 0;
			for (; i.includes(`gl_FragData[${t}]`);) i = Q.substitute(i, `gl_FragData\\[${t}\\]`, `fragOutput${t}`).result, e += `layout(location = ${t}) out vec4 fragOutput${t};\n`, t++;
			i = Q.substitute(i, "//VTK::Output::Dec", e).result;
		}
		let l = Q.substitute(r, "//VTK::System::Dec", s).result;
		return {
			VSSource: c,
			FSSource: i,
			GSSource: l
		};
	}, e.readyShaderProgramArray = (t, n, r) => {
		let i = e.replaceShaderValues(t, n, r), a = e.getShaderProgram(i.VSSource, i.FSSource, i.GSSource);
		return e.readyShaderProgram(a);
	}, e.readyShaderProgram = (t) => !t || !t.getCompiled() && !t.compileShader() || !e.bindShaderProgram(t) ? null : t, e.getShaderProgram = (e, n, r) => {
		let i = `${e}${n}${r}`, a = my.default.hash(i);
		if (!(a in t.shaderPrograms)) {
			let i = Q.newInstance();
			return i.setContext(t.context), i.getVertexShader().setSource(e), i.getFragmentShader().setSource(n), r && i.getGeometryShader().setSource(r), i.setMd5Hash(a), t.shaderPrograms[a] = i, i;
		}
		return t.shaderPrograms[a];
	}, e.releaseGraphicsResources = (n) => {
		e.releaseCurrentShaderProgram(), Object.keys(t.shaderPrograms).map((e) => t.shaderPrograms[e]).forEach((e) => e.cleanup()), t.shaderPrograms = {};
	}, e.releaseCurrentShaderProgram = () => {
		t.lastShaderProgramBound &&= (t.lastShaderProgramBound.cleanup(), null);
	}, e.bindShaderProgram = (e) => (t.lastShaderProgramBound === e || (t.lastShaderProgramBound && t.lastShaderProgramBound.release(), e.bind(), t.lastShaderProgramBound = e), 1);
}
var _y = {
	lastShaderProgramBound: null,
	shaderPrograms: null,
	context: null
};
function vy(e, t, n = {}) {
	Object.assign(t, _y, n), t.shaderPrograms = {}, V.obj(e, t), V.setGet(e, t, hy), V.moveToProtected(e, t, ["openGLRenderWindow"]), gy(e, t);
}
var yy = {
	newInstance: V.newInstance(vy, "vtkShaderCache"),
	extend: vy
}, { vtkErrorMacro: by } = V;
function xy(e, t) {
	t.classHierarchy.push("vtkOpenGLTextureUnitManager"), e.deleteTable = () => {
		for (let e = 0; e < t.numberOfTextureUnits; ++e) t.textureUnits[e] === !0 && by("some texture units  were not properly released");
		t.textureUnits = [], t.numberOfTextureUnits = 0;
	}, e.setContext = (n) => {
		if (t.context !== n) {
			if (t.context !== 0 && e.deleteTable(), t.context = n, t.context) {
				t.numberOfTextureUnits = n.getParameter(n.MAX_TEXTURE_IMAGE_UNITS);
				for (let e = 0; e < t.numberOfTextureUnits; ++e) t.textureUnits[e] = !1;
			}
			e.modified();
		}
	}, e.allocate = () => {
		for (let n = 0; n < t.numberOfTextureUnits; n++) if (!e.isAllocated(n)) return t.textureUnits[n] = !0, n;
		return -1;
	}, e.allocateUnit = (n) => e.isAllocated(n) ? -1 : (t.textureUnits[n] = !0, n), e.isAllocated = (e) => t.textureUnits[e], e.free = (e) => {
		t.textureUnits[e] = !1;
	}, e.freeAll = () => {
		for (let e = 0; e < t.numberOfTextureUnits; ++e) t.textureUnits[e] = !1;
	};
}
var Sy = {
	context: null,
	numberOfTextureUnits: 0,
	textureUnits: 0
};
function Cy(e, t, n = {}) {
	Object.assign(t, Sy, n), V.obj(e, t), t.textureUnits = [], V.get(e, t, ["numberOfTextureUnits"]), V.setGet(e, t, ["context"]), xy(e, t);
}
var wy = {
	newInstance: V.newInstance(Cy, "vtkOpenGLTextureUnitManager"),
	extend: Cy
};
// node_modules/@kitware/vtk.js/Rendering/SceneGraph/RenderWindowViewNode.js
function Ty(e, t) {
	t.classHierarchy.push("vtkRenderWindowViewNode"), e.getViewNodeFactory = () => null, e.getAspectRatio = () => t.size[0] / t.size[1], e.getAspectRatioForRenderer = (e) => {
		let n = e.getViewportByReference();
		return t.size[0] * (n[2] - n[0]) / ((n[3] - n[1]) * t.size[1]);
	}, e.isInViewport = (t, n, r) => {
		let i = r.getViewportByReference(), a = e.getFramebufferSize();
		return i[0] * a[0] <= t && i[2] * a[0] >= t && i[1] * a[1] <= n && i[3] * a[1] >= n;
	}, e.getViewportSize = (t) => {
		let n = t.getViewportByReference(), r = e.getFramebufferSize();
		return [(n[2] - n[0]) * r[0], (n[3] - n[1]) * r[1]];
	}, e.getViewportCenter = (t) => {
		let n = e.getViewportSize(t);
		return [n[0] * .5, n[1] * .5];
	}, e.displayToNormalizedDisplay = (t, n, r) => {
		let i = e.getFramebufferSize();
		return [
			t / i[0],
			n / i[1],
			r
		];
	}, e.normalizedDisplayToDisplay = (t, n, r) => {
		let i = e.getFramebufferSize();
		return [
			t * i[0],
			n * i[1],
			r
		];
	}, e.worldToView = (e, t, n, r) => r.worldToView(e, t, n), e.viewToWorld = (e, t, n, r) => r.viewToWorld(e, t, n), e.worldToDisplay = (t, n, r, i) => {
		let a = i.worldToView(t, n, r), o = e.getViewportSize(i), s = i.viewToProjection(a[0], a[1], a[2], o[0] / o[1]), c = i.projectionToNormalizedDisplay(s[0], s[1], s[2]);
		return e.normalizedDisplayToDisplay(c[0], c[1], c[2]);
	}, e.displayToWorld = (t, n, r, i) => {
		let a = e.displayToNormalizedDisplay(t, n, r), o = i.normalizedDisplayToProjection(a[0], a[1], a[2]), s = e.getViewportSize(i), c = i.projectionToView(o[0], o[1], o[2], s[0] / s[1]);
		return i.viewToWorld(c[0], c[1], c[2]);
	}, e.normalizedDisplayToViewport = (t, n, r, i) => {
		let a = i.getViewportByReference();
		a = e.normalizedDisplayToDisplay(a[0], a[1], 0);
		let o = e.normalizedDisplayToDisplay(t, n, r);
		return [
			o[0] - a[0] - .5,
			o[1] - a[1] - .5,
			r
		];
	}, e.viewportToNormalizedViewport = (t, n, r, i) => {
		let a = e.getViewportSize(i);
		return a && a[0] !== 0 && a[1] !== 0 ? [
			t / (a[0] - 1),
			n / (a[1] - 1),
			r
		] : [
			t,
			n,
			r
		];
	}, e.normalizedViewportToViewport = (t, n, r, i) => {
		let a = e.getViewportSize(i);
		return [
			t * (a[0] - 1),
			n * (a[1] - 1),
			r
		];
	}, e.displayToLocalDisplay = (t, n, r) => [
		t,
		e.getFramebufferSize()[1] - n - 1,
		r
	], e.viewportToNormalizedDisplay = (t, n, r, i) => {
		let a = i.getViewportByReference();
		a = e.normalizedDisplayToDisplay(a[0], a[1], 0);
		let o = t + a[0] + .5, s = n + a[1] + .5;
		return e.displayToNormalizedDisplay(o, s, r);
	}, e.getComputedDevicePixelRatio = () => t.size[0] / e.getContainerSize()[0], e.getContainerSize = () => {
		V.vtkErrorMacro("not implemented");
	}, e.getPixelData = (e, t, n, r) => {
		V.vtkErrorMacro("not implemented");
	}, e.createSelector = () => {
		V.vtkErrorMacro("not implemented");
	};
}
var Ey = {
	size: void 0,
	selector: void 0
};
function Dy(e, t, n = {}) {
	Object.assign(t, Ey, n), t.size ||= [300, 300], V.getArray(e, t, ["size"], 2), V.get(e, t, ["selector"]), g_.extend(e, t, n), Ty(e, t);
}
var Oy = {
	newInstance: V.newInstance(Dy, "vtkRenderWindowViewNode"),
	extend: Dy
};
// node_modules/@kitware/vtk.js/Rendering/OpenGL/RenderWindow/ContextProxy.js
function ky() {
	let e = /* @__PURE__ */ new Map(), t = { apply(t, n, r) {
		return e.has(r[0]) ? e.get(r[0]) : t.apply(n, r);
	} };
	function n(t) {
		return { apply(n, r, i) {
			return e.set(t, i[0]), n.apply(r, i);
		} };
	}
	let r = Object.create(null);
	return r.getParameter = (e, n, r, i) => new Proxy(i.bind(e), t), r.depthMask = (e, t, r, i) => new Proxy(i.bind(e), n(e.DEPTH_WRITEMASK)), { get(e, t, n) {
		if (t === "__getUnderlyingContext") return () => e;
		let i = Reflect.get(e, t, e);
		i instanceof Function && (i = i.bind(e));
		let a = r[t];
		return a ? a(e, t, n, i) : i;
	} };
}
// node_modules/@kitware/vtk.js/Rendering/OpenGL/RenderWindow.js
var { vtkDebugMacro: Ay, vtkErrorMacro: jy } = V, My = {
	position: "absolute",
	top: 0,
	left: 0,
	width: "100%",
	height: "100%"
}, Ny = /* @__PURE__ */ "activateTexture.deactivateTexture.disableCullFace.enableCullFace.setCullFaceMode.get3DContext.getActiveFramebuffer.getContext.getDefaultTextureByteSize.getDefaultTextureInternalFormat.getDefaultToWebgl2.getGLInformations.getGraphicsMemoryInfo.getGraphicsResourceForObject.getHardwareMaximumLineWidth.getPixelData.getShaderCache.getTextureUnitForTexture.getTextureUnitManager.getWebgl2.makeCurrent.releaseGraphicsResources.registerGraphicsResourceUser.unregisterGraphicsResourceUser.restoreContext.setActiveFramebuffer.setContext.setDefaultToWebgl2.setGraphicsResourceForObject".split(".");
function Py(e, t, n) {
	let r = e.createFramebuffer(), i = e.createTexture();
	e.bindTexture(e.TEXTURE_2D, i), e.texImage2D(e.TEXTURE_2D, 0, t, 2, 2, 0, t, n, null), e.bindFramebuffer(e.FRAMEBUFFER, r), e.framebufferTexture2D(e.FRAMEBUFFER, e.COLOR_ATTACHMENT0, e.TEXTURE_2D, i, 0);
	let a = e.checkFramebufferStatus(e.FRAMEBUFFER);
	return e.bindFramebuffer(e.FRAMEBUFFER, null), e.bindTexture(e.TEXTURE_2D, null), a === e.FRAMEBUFFER_COMPLETE;
}
var Fy = 0, Iy = [];
function Ly() {
	Fy++, Iy.forEach((e) => e(Fy));
}
function Ry() {
	Fy--, Iy.forEach((e) => e(Fy));
}
function zy(e) {
	Iy.push(e);
}
function By(e) {
	return Iy.pop();
}
function Vy(e) {
	e.preventDefault();
}
function Hy(e, t) {
	t.classHierarchy.push("vtkOpenGLRenderWindow");
	let n;
	function r() {
		return n ||= ky(), n;
	}
	e.getViewNodeFactory = () => t.myFactory, t.canvas.addEventListener("webglcontextlost", Vy, !1), t.canvas.addEventListener("webglcontextrestored", e.restoreContext, !1);
	let i = [0, 0];
	function a() {
		t.renderable && (t.size[0] !== i[0] || t.size[1] !== i[1]) && (i[0] = t.size[0], i[1] = t.size[1], t.canvas.setAttribute("width", t.size[0]), t.canvas.setAttribute("height", t.size[1])), t.viewStream && t.viewStream.setSize(t.size[0], t.size[1]), t.canvas.style.display = t.useOffScreen ? "none" : "block", t.el && (t.el.style.cursor = t.cursorVisibility ? t.cursor : "none"), t.containerSize = null;
	}
	e.onModified(a), e.buildPass = (n) => {
		if (n) {
			if (!t.renderable) return;
			e.prepareNodes(), e.addMissingNodes(t.renderable.getRenderersByReference()), e.addMissingNodes(t.renderable.getChildRenderWindowsByReference()), e.removeUnusedNodes(), e.initialize(), t.children.forEach((t) => {
				t.setOpenGLRenderWindow?.(e);
			});
		}
	}, e.initialize = () => {
		if (!t.initialized) {
			if (t.rootOpenGLRenderWindow = e.getLastAncestorOfType("vtkOpenGLRenderWindow"), t.rootOpenGLRenderWindow) t.context2D = e.get2DContext();
			else {
				t.context = e.get3DContext(), e.resizeFromChildRenderWindows(), t.context && Ly(), t.textureUnitManager = wy.newInstance(), t.textureUnitManager.setContext(t.context), t.shaderCache.setContext(t.context);
				let n = t.context;
				n.blendFuncSeparate(n.SRC_ALPHA, n.ONE_MINUS_SRC_ALPHA, n.ONE, n.ONE_MINUS_SRC_ALPHA), n.depthFunc(n.LEQUAL), n.enable(n.BLEND);
			}
			t.initialized = !0;
		}
	}, e.makeCurrent = () => {
		t.context.makeCurrent();
	}, e.setContainer = (n) => {
		t.el && t.el !== n && (t.canvas.parentNode !== t.el && jy("Error: canvas parent node does not match container"), t.el.removeChild(t.canvas), t.el.contains(t.bgImage) && t.el.removeChild(t.bgImage)), t.el !== n && (t.el = n, t.el && (t.el.appendChild(t.canvas), t.useBackgroundImage && t.el.appendChild(t.bgImage)), e.modified());
	}, e.getContainer = () => t.el, e.getContainerSize = () => {
		if (!t.containerSize && t.el) {
			let { width: e, height: n } = t.el.getBoundingClientRect();
			t.containerSize = [e, n];
		}
		return t.containerSize || t.size;
	}, e.getFramebufferSize = () => t.activeFramebuffer?.getSize() || t.size, e.getPixelData = (e, n, r, i) => {
		let a = new Uint8Array((r - e + 1) * (i - n + 1) * 4);
		return t.context.readPixels(e, n, r - e + 1, i - n + 1, t.context.RGBA, t.context.UNSIGNED_BYTE, a), a;
	}, e.get3DContext = (e = {
		preserveDrawingBuffer: !1,
		depth: !0,
		alpha: !0,
		powerPreference: "high-performance"
	}) => {
		let n = null, i = typeof WebGL2RenderingContext < "u";
		return t.webgl2 = !1, t.defaultToWebgl2 && i && (n = t.canvas.getContext("webgl2", e), n && (t.webgl2 = !0, Ay("using webgl2"))), n ||= (Ay("using webgl1"), t.canvas.getContext("webgl", e) || t.canvas.getContext("experimental-webgl", e)), n || jy("no webgl context"), new Proxy(n, r());
	}, e.get2DContext = (e = {}) => t.canvas.getContext("2d", e), e.restoreContext = () => {
		let t = n_.newInstance();
		t.setCurrentOperation("Release"), t.traverse(e, null);
	}, e.activateTexture = (n) => {
		let r = t._textureResourceIds.get(n);
		if (r !== void 0) {
			t.context.activeTexture(t.context.TEXTURE0 + r);
			return;
		}
		let i = e.getTextureUnitManager().allocate();
		i < 0 ? jy("Hardware does not support the number of textures defined.") : (t._textureResourceIds.set(n, i), t.context.activeTexture(t.context.TEXTURE0 + i));
	}, e.deactivateTexture = (n) => {
		let r = t._textureResourceIds.get(n);
		r !== void 0 && (e.getTextureUnitManager().free(r), t._textureResourceIds.delete(n));
	}, e.getTextureUnitForTexture = (e) => {
		let n = t._textureResourceIds.get(e);
		return n === void 0 ? -1 : n;
	}, e.getDefaultTextureByteSize = (e, n = null, r = !1) => {
		if (t.webgl2) switch (e) {
			case K.CHAR:
			case K.SIGNED_CHAR:
			case K.UNSIGNED_CHAR: return 1;
			case n:
			case r:
			case K.UNSIGNED_SHORT:
			case K.SHORT:
			case K.VOID: return 2;
			default: return 4;
		}
		return 1;
	}, e.getDefaultTextureInternalFormat = (e, n, r = null, i = !1) => {
		if (t.webgl2) switch (e) {
			case K.UNSIGNED_CHAR: switch (n) {
				case 1: return t.context.R8;
				case 2: return t.context.RG8;
				case 3: return t.context.RGB8;
				default: return t.context.RGBA8;
			}
			case r && !i && K.UNSIGNED_SHORT: switch (n) {
				case 1: return r.R16_EXT;
				case 2: return r.RG16_EXT;
				case 3: return r.RGB16_EXT;
				default: return r.RGBA16_EXT;
			}
			case r && !i && K.SHORT: switch (n) {
				case 1: return r.R16_SNORM_EXT;
				case 2: return r.RG16_SNORM_EXT;
				case 3: return r.RGB16_SNORM_EXT;
				default: return r.RGBA16_SNORM_EXT;
			}
			case K.UNSIGNED_SHORT:
			case K.SHORT:
			case K.FLOAT:
			default: switch (n) {
				case 1: return i ? t.context.R16F : t.context.R32F;
				case 2: return i ? t.context.RG16F : t.context.RG32F;
				case 3: return i ? t.context.RGB16F : t.context.RGB32F;
				default: return i ? t.context.RGBA16F : t.context.RGBA32F;
			}
		}
		switch (n) {
			case 1: return t.context.LUMINANCE;
			case 2: return t.context.LUMINANCE_ALPHA;
			case 3: return t.context.RGB;
			default: return t.context.RGBA;
		}
	}, e.setBackgroundImage = (e) => {
		t.bgImage.src = e.src;
	}, e.setUseBackgroundImage = (e) => {
		t.useBackgroundImage = e, t.useBackgroundImage && !t.el.contains(t.bgImage) ? t.el.appendChild(t.bgImage) : !t.useBackgroundImage && t.el.contains(t.bgImage) && t.el.removeChild(t.bgImage);
	};
	function o(n = t.imageFormat) {
		let r = document.createElement("canvas"), i = r.getContext("2d");
		r.width = t.canvas.width, r.height = t.canvas.height, i.drawImage(t.canvas, 0, 0);
		let a = t.canvas.getBoundingClientRect();
		t.renderable.getRenderers().forEach((e) => {
			e.getViewProps().forEach((e) => {
				if (e.getContainer) {
					let t = e.getContainer().getElementsByTagName("canvas");
					for (let e = 0; e < t.length; e++) {
						let n = t[e], r = n.getBoundingClientRect(), o = r.x - a.x, s = r.y - a.y;
						i.drawImage(n, o, s);
					}
				}
			});
		});
		let o = r.toDataURL(n);
		r.remove(), e.invokeImageReady(o);
	}
	e.captureNextImage = (n = "image/png", { resetCamera: r = !1, size: i = null, scale: a = 1 } = {}) => {
		if (t.deleted) return null;
		t.imageFormat = n;
		let o = t.notifyStartCaptureImage;
		return t.notifyStartCaptureImage = !0, t._screenshot = { size: i || a !== 1 ? i || t.size.map((e) => e * a) : null }, new Promise((n, i) => {
			let a = e.onImageReady((i) => {
				if (t._screenshot.size === null) t.notifyStartCaptureImage = o, a.unsubscribe(), t._screenshot.placeHolder && (t.size = t._screenshot.originalSize, e.modified(), t._screenshot.cameras && t._screenshot.cameras.forEach(({ restoreParamsFn: e, arg: t }) => e(t)), e.traverseAllPasses(), t.el.removeChild(t._screenshot.placeHolder), t._screenshot.placeHolder.remove(), t._screenshot = null), n(i);
				else {
					let n = document.createElement("img");
					if (n.style = My, n.src = i, t._screenshot.placeHolder = t.el.appendChild(n), t.canvas.style.display = "none", t._screenshot.originalSize = t.size, t.size = t._screenshot.size, t.rootOpenGLRenderWindow?.resizeFromChildRenderWindows(), t._screenshot.size = null, e.modified(), r) {
						let e = r !== !0;
						t._screenshot.cameras = t.renderable.getRenderers().map((t) => {
							let n = t.getActiveCamera(), i = n.get("focalPoint", "position", "parallelScale");
							return {
								resetCameraArgs: e ? { renderer: t } : void 0,
								resetCameraFn: e ? r : t.resetCamera,
								restoreParamsFn: n.set,
								arg: JSON.parse(JSON.stringify(i))
							};
						}), t._screenshot.cameras.forEach(({ resetCameraFn: e, resetCameraArgs: t }) => e(t));
					}
					e.traverseAllPasses();
				}
			});
		});
	};
	let s;
	e.getHardwareMaximumLineWidth = () => {
		if (s != null) return s;
		let t = e.get3DContext(), n = t.getParameter(t.ALIASED_LINE_WIDTH_RANGE);
		return s = n[1], n[1];
	}, e.getGLInformations = () => {
		if (t._glInformation) return t._glInformation;
		let n = e.get3DContext(), r = n.getExtension("OES_texture_float"), i = n.getExtension("OES_texture_half_float"), a = n.getExtension("WEBGL_debug_renderer_info"), o = n.getExtension("WEBGL_draw_buffers"), s = n.getExtension("EXT_texture_filter_anisotropic") || n.getExtension("WEBKIT_EXT_texture_filter_anisotropic"), c = [
			[
				"Max Vertex Attributes",
				"MAX_VERTEX_ATTRIBS",
				n.getParameter(n.MAX_VERTEX_ATTRIBS)
			],
			[
				"Max Varying Vectors",
				"MAX_VARYING_VECTORS",
				n.getParameter(n.MAX_VARYING_VECTORS)
			],
			[
				"Max Vertex Uniform Vectors",
				"MAX_VERTEX_UNIFORM_VECTORS",
				n.getParameter(n.MAX_VERTEX_UNIFORM_VECTORS)
			],
			[
				"Max Fragment Uniform Vectors",
				"MAX_FRAGMENT_UNIFORM_VECTORS",
				n.getParameter(n.MAX_FRAGMENT_UNIFORM_VECTORS)
			],
			[
				"Max Fragment Texture Image Units",
				"MAX_TEXTURE_IMAGE_UNITS",
				n.getParameter(n.MAX_TEXTURE_IMAGE_UNITS)
			],
			[
				"Max Vertex Texture Image Units",
				"MAX_VERTEX_TEXTURE_IMAGE_UNITS",
				n.getParameter(n.MAX_VERTEX_TEXTURE_IMAGE_UNITS)
			],
			[
				"Max Combined Texture Image Units",
				"MAX_COMBINED_TEXTURE_IMAGE_UNITS",
				n.getParameter(n.MAX_COMBINED_TEXTURE_IMAGE_UNITS)
			],
			[
				"Max 2D Texture Size",
				"MAX_TEXTURE_SIZE",
				n.getParameter(n.MAX_TEXTURE_SIZE)
			],
			[
				"Max Cube Texture Size",
				"MAX_CUBE_MAP_TEXTURE_SIZE",
				n.getParameter(n.MAX_CUBE_MAP_TEXTURE_SIZE)
			],
			[
				"Max Texture Anisotropy",
				"MAX_TEXTURE_MAX_ANISOTROPY_EXT",
				s && n.getParameter(s.MAX_TEXTURE_MAX_ANISOTROPY_EXT)
			],
			[
				"Point Size Range",
				"ALIASED_POINT_SIZE_RANGE",
				n.getParameter(n.ALIASED_POINT_SIZE_RANGE).join(" - ")
			],
			[
				"Line Width Range",
				"ALIASED_LINE_WIDTH_RANGE",
				n.getParameter(n.ALIASED_LINE_WIDTH_RANGE).join(" - ")
			],
			[
				"Max Viewport Dimensions",
				"MAX_VIEWPORT_DIMS",
				n.getParameter(n.MAX_VIEWPORT_DIMS).join(" - ")
			],
			[
				"Max Renderbuffer Size",
				"MAX_RENDERBUFFER_SIZE",
				n.getParameter(n.MAX_RENDERBUFFER_SIZE)
			],
			[
				"Framebuffer Red Bits",
				"RED_BITS",
				n.getParameter(n.RED_BITS)
			],
			[
				"Framebuffer Green Bits",
				"GREEN_BITS",
				n.getParameter(n.GREEN_BITS)
			],
			[
				"Framebuffer Blue Bits",
				"BLUE_BITS",
				n.getParameter(n.BLUE_BITS)
			],
			[
				"Framebuffer Alpha Bits",
				"ALPHA_BITS",
				n.getParameter(n.ALPHA_BITS)
			],
			[
				"Framebuffer Depth Bits",
				"DEPTH_BITS",
				n.getParameter(n.DEPTH_BITS)
			],
			[
				"Framebuffer Stencil Bits",
				"STENCIL_BITS",
				n.getParameter(n.STENCIL_BITS)
			],
			[
				"Framebuffer Subpixel Bits",
				"SUBPIXEL_BITS",
				n.getParameter(n.SUBPIXEL_BITS)
			],
			[
				"MSAA Samples",
				"SAMPLES",
				n.getParameter(n.SAMPLES)
			],
			[
				"MSAA Sample Buffers",
				"SAMPLE_BUFFERS",
				n.getParameter(n.SAMPLE_BUFFERS)
			],
			[
				"Supported Formats for UByte Render Targets     ",
				"UNSIGNED_BYTE RENDER TARGET FORMATS",
				[
					r && Py(n, n.RGBA, n.UNSIGNED_BYTE) ? "RGBA" : "",
					r && Py(n, n.RGB, n.UNSIGNED_BYTE) ? "RGB" : "",
					r && Py(n, n.LUMINANCE, n.UNSIGNED_BYTE) ? "LUMINANCE" : "",
					r && Py(n, n.ALPHA, n.UNSIGNED_BYTE) ? "ALPHA" : "",
					r && Py(n, n.LUMINANCE_ALPHA, n.UNSIGNED_BYTE) ? "LUMINANCE_ALPHA" : ""
				].join(" ")
			],
			[
				"Supported Formats for Half Float Render Targets",
				"HALF FLOAT RENDER TARGET FORMATS",
				[
					i && Py(n, n.RGBA, i.HALF_FLOAT_OES) ? "RGBA" : "",
					i && Py(n, n.RGB, i.HALF_FLOAT_OES) ? "RGB" : "",
					i && Py(n, n.LUMINANCE, i.HALF_FLOAT_OES) ? "LUMINANCE" : "",
					i && Py(n, n.ALPHA, i.HALF_FLOAT_OES) ? "ALPHA" : "",
					i && Py(n, n.LUMINANCE_ALPHA, i.HALF_FLOAT_OES) ? "LUMINANCE_ALPHA" : ""
				].join(" ")
			],
			[
				"Supported Formats for Full Float Render Targets",
				"FLOAT RENDER TARGET FORMATS",
				[
					r && Py(n, n.RGBA, n.FLOAT) ? "RGBA" : "",
					r && Py(n, n.RGB, n.FLOAT) ? "RGB" : "",
					r && Py(n, n.LUMINANCE, n.FLOAT) ? "LUMINANCE" : "",
					r && Py(n, n.ALPHA, n.FLOAT) ? "ALPHA" : "",
					r && Py(n, n.LUMINANCE_ALPHA, n.FLOAT) ? "LUMINANCE_ALPHA" : ""
				].join(" ")
			],
			[
				"Max Multiple Render Targets Buffers",
				"MAX_DRAW_BUFFERS_WEBGL",
				o ? n.getParameter(o.MAX_DRAW_BUFFERS_WEBGL) : 0
			],
			[
				"High Float Precision in Vertex Shader",
				"HIGH_FLOAT VERTEX_SHADER",
				[
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.HIGH_FLOAT).precision,
					" (-2<sup>",
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.HIGH_FLOAT).rangeMin,
					"</sup> - 2<sup>",
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.HIGH_FLOAT).rangeMax,
					"</sup>)"
				].join("")
			],
			[
				"Medium Float Precision in Vertex Shader",
				"MEDIUM_FLOAT VERTEX_SHADER",
				[
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.MEDIUM_FLOAT).precision,
					" (-2<sup>",
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.MEDIUM_FLOAT).rangeMin,
					"</sup> - 2<sup>",
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.MEDIUM_FLOAT).rangeMax,
					"</sup>)"
				].join("")
			],
			[
				"Low Float Precision in Vertex Shader",
				"LOW_FLOAT VERTEX_SHADER",
				[
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.LOW_FLOAT).precision,
					" (-2<sup>",
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.LOW_FLOAT).rangeMin,
					"</sup> - 2<sup>",
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.LOW_FLOAT).rangeMax,
					"</sup>)"
				].join("")
			],
			[
				"High Float Precision in Fragment Shader",
				"HIGH_FLOAT FRAGMENT_SHADER",
				[
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.HIGH_FLOAT).precision,
					" (-2<sup>",
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.HIGH_FLOAT).rangeMin,
					"</sup> - 2<sup>",
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.HIGH_FLOAT).rangeMax,
					"</sup>)"
				].join("")
			],
			[
				"Medium Float Precision in Fragment Shader",
				"MEDIUM_FLOAT FRAGMENT_SHADER",
				[
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.MEDIUM_FLOAT).precision,
					" (-2<sup>",
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.MEDIUM_FLOAT).rangeMin,
					"</sup> - 2<sup>",
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.MEDIUM_FLOAT).rangeMax,
					"</sup>)"
				].join("")
			],
			[
				"Low Float Precision in Fragment Shader",
				"LOW_FLOAT FRAGMENT_SHADER",
				[
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.LOW_FLOAT).precision,
					" (-2<sup>",
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.LOW_FLOAT).rangeMin,
					"</sup> - 2<sup>",
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.LOW_FLOAT).rangeMax,
					"</sup>)"
				].join("")
			],
			[
				"High Int Precision in Vertex Shader",
				"HIGH_INT VERTEX_SHADER",
				[
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.HIGH_INT).precision,
					" (-2<sup>",
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.HIGH_INT).rangeMin,
					"</sup> - 2<sup>",
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.HIGH_INT).rangeMax,
					"</sup>)"
				].join("")
			],
			[
				"Medium Int Precision in Vertex Shader",
				"MEDIUM_INT VERTEX_SHADER",
				[
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.MEDIUM_INT).precision,
					" (-2<sup>",
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.MEDIUM_INT).rangeMin,
					"</sup> - 2<sup>",
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.MEDIUM_INT).rangeMax,
					"</sup>)"
				].join("")
			],
			[
				"Low Int Precision in Vertex Shader",
				"LOW_INT VERTEX_SHADER",
				[
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.LOW_INT).precision,
					" (-2<sup>",
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.LOW_INT).rangeMin,
					"</sup> - 2<sup>",
					n.getShaderPrecisionFormat(n.VERTEX_SHADER, n.LOW_INT).rangeMax,
					"</sup>)"
				].join("")
			],
			[
				"High Int Precision in Fragment Shader",
				"HIGH_INT FRAGMENT_SHADER",
				[
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.HIGH_INT).precision,
					" (-2<sup>",
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.HIGH_INT).rangeMin,
					"</sup> - 2<sup>",
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.HIGH_INT).rangeMax,
					"</sup>)"
				].join("")
			],
			[
				"Medium Int Precision in Fragment Shader",
				"MEDIUM_INT FRAGMENT_SHADER",
				[
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.MEDIUM_INT).precision,
					" (-2<sup>",
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.MEDIUM_INT).rangeMin,
					"</sup> - 2<sup>",
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.MEDIUM_INT).rangeMax,
					"</sup>)"
				].join("")
			],
			[
				"Low Int Precision in Fragment Shader",
				"LOW_INT FRAGMENT_SHADER",
				[
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.LOW_INT).precision,
					" (-2<sup>",
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.LOW_INT).rangeMin,
					"</sup> - 2<sup>",
					n.getShaderPrecisionFormat(n.FRAGMENT_SHADER, n.LOW_INT).rangeMax,
					"</sup>)"
				].join("")
			],
			[
				"Supported Extensions",
				"EXTENSIONS",
				n.getSupportedExtensions().join("<br/>					    ")
			],
			[
				"WebGL Renderer",
				"RENDERER",
				n.getParameter(n.RENDERER)
			],
			[
				"WebGL Vendor",
				"VENDOR",
				n.getParameter(n.VENDOR)
			],
			[
				"WebGL Version",
				"VERSION",
				n.getParameter(n.VERSION)
			],
			[
				"Shading Language Version",
				"SHADING_LANGUAGE_VERSION",
				n.getParameter(n.SHADING_LANGUAGE_VERSION)
			],
			[
				"Unmasked Renderer",
				"UNMASKED_RENDERER",
				a && n.getParameter(a.UNMASKED_RENDERER_WEBGL)
			],
			[
				"Unmasked Vendor",
				"UNMASKED_VENDOR",
				a && n.getParameter(a.UNMASKED_VENDOR_WEBGL)
			],
			[
				"WebGL Version",
				"WEBGL_VERSION",
				t.webgl2 ? 2 : 1
			]
		], l = {};
		for (; c.length;) {
			let [e, t, n] = c.pop();
			t && (l[t] = {
				label: e,
				value: n
			});
		}
		return t._glInformation = l, l;
	}, e.traverseAllPasses = () => {
		if (t.renderPasses) for (let n = 0; n < t.renderPasses.length; ++n) t.renderPasses[n].traverse(e, null);
		e.copyParentContent(), t.notifyStartCaptureImage && o();
		let n = t.renderable.getChildRenderWindowsByReference();
		for (let t = 0; t < n.length; ++t) e.getViewNodeFor(n[t])?.traverseAllPasses();
	}, e.copyParentContent = () => {
		let e = t.rootOpenGLRenderWindow;
		if (!e || !t.context2D || t.children.some((e) => !!e.getSelector?.())) return;
		let n = e.getCanvas(), r = t.canvas;
		t.context2D.drawImage(n, 0, n.height - r.height, r.width, r.height, 0, 0, r.width, r.height);
	}, e.resizeFromChildRenderWindows = () => {
		let n = t.renderable.getChildRenderWindowsByReference();
		if (n.length > 0) {
			let t = [0, 0];
			for (let r = 0; r < n.length; ++r) {
				let i = e.getViewNodeFor(n[r])?.getSize();
				i && (t[0] = i[0] > t[0] ? i[0] : t[0], t[1] = i[1] > t[1] ? i[1] : t[1]);
			}
			e.setSize(...t);
		}
	}, e.disableCullFace = () => {
		t.cullFaceEnabled &&= (t.context.disable(t.context.CULL_FACE), !1);
	}, e.enableCullFace = () => {
		t.cullFaceEnabled ||= (t.context.enable(t.context.CULL_FACE), !0);
	}, e.setCullFaceMode = (e) => {
		t.cullFaceMode !== e && (t.context.cullFace(e), t.cullFaceMode = e);
	}, e.setViewStream = (n) => {
		if (t.viewStream === n) return !1;
		if (t.subscription &&= (t.subscription.unsubscribe(), null), t.viewStream = n, t.viewStream) {
			let n = t.renderable.getRenderers()[0];
			n.getBackgroundByReference()[3] = 0, e.setUseBackgroundImage(!0), t.subscription = t.viewStream.onImageReady((t) => e.setBackgroundImage(t.image)), t.viewStream.setSize(t.size[0], t.size[1]), t.viewStream.invalidateCache(), t.viewStream.render(), e.modified();
		}
		return !0;
	}, e.createSelector = () => {
		let t = py.newInstance();
		return t.setOpenGLRenderWindow(e), t;
	};
	function c() {
		t.canvas.removeEventListener("webglcontextlost", Vy), t.canvas.removeEventListener("webglcontextrestored", e.restoreContext);
	}
	e.delete = V.chain(() => {
		t.context && Ry(), e.setContainer(), e.setViewStream();
	}, c, e.delete), e.setActiveFramebuffer = (e) => {
		t.activeFramebuffer = e;
	};
	let l = e.setSize;
	e.setSize = (t, n) => {
		let r = l(t, n);
		return r && e.invokeWindowResizeEvent({
			width: t,
			height: n
		}), r;
	}, e.registerGraphicsResourceUser = (n, r) => {
		t._graphicsResources.has(n) || e.setGraphicsResourceForObject(n, null, null), t._graphicsResources.get(n)?.users.add(r);
	}, e.unregisterGraphicsResourceUser = (n, r) => {
		let i = t._graphicsResources.get(n);
		i && (i.users.delete(r), i.users.size || (i.oglObject?.releaseGraphicsResources(e), t._graphicsResources.delete(n)));
	}, e.getGraphicsResourceForObject = (e) => t._graphicsResources.get(e), e.setGraphicsResourceForObject = (n, r, i) => {
		if (!n) return;
		let a = t._graphicsResources.get(n);
		a?.oglObject?.releaseGraphicsResources(e), t._graphicsResources.set(n, {
			coreObject: n,
			oglObject: r,
			hash: i,
			users: a?.users ?? /* @__PURE__ */ new Set()
		});
	}, e.getGraphicsMemoryInfo = () => {
		let e = 0;
		return t._graphicsResources.forEach(({ oglObject: t }) => {
			e += t.getAllocatedGPUMemoryInBytes();
		}), e;
	}, e.releaseGraphicsResources = () => {
		t.shaderCache !== null && t.shaderCache.releaseGraphicsResources(e), t._graphicsResources.forEach(({ oglObject: t }) => {
			t.releaseGraphicsResources(e);
		}), t._graphicsResources.clear(), t.textureUnitManager !== null && t.textureUnitManager.freeAll(), t.renderable.getRenderersByReference().forEach((t) => {
			e.getViewNodeFor(t)?.releaseGraphicsResources();
		});
	};
	let u = { ...e };
	Ny.forEach((n) => {
		e[n] = (...e) => t.rootOpenGLRenderWindow ? t.rootOpenGLRenderWindow[n](...e) : u[n](...e);
	});
}
var Uy = {
	cullFaceEnabled: !1,
	cullFaceMode: null,
	shaderCache: null,
	initialized: !1,
	context: null,
	context2D: null,
	canvas: null,
	cursorVisibility: !0,
	cursor: "pointer",
	textureUnitManager: null,
	textureResourceIds: null,
	containerSize: null,
	renderPasses: [],
	notifyStartCaptureImage: !1,
	webgl2: !1,
	defaultToWebgl2: !0,
	activeFramebuffer: null,
	imageFormat: "image/png",
	useOffScreen: !1,
	useBackgroundImage: !1
};
function Wy(e, t, n = {}) {
	Object.assign(t, Uy, n), Oy.extend(e, t, n), t.canvas || (t.canvas = document.createElement("canvas"), t.canvas.style.width = "100%"), t.selector || (t.selector = py.newInstance(), t.selector.setOpenGLRenderWindow(e)), t.bgImage = new Image(), t.bgImage.style.position = "absolute", t.bgImage.style.left = "0", t.bgImage.style.top = "0", t.bgImage.style.width = "100%", t.bgImage.style.height = "100%", t.bgImage.style.zIndex = "-1", t._textureResourceIds = /* @__PURE__ */ new Map(), t._graphicsResources = /* @__PURE__ */ new Map(), t._glInformation = null, t.myFactory = Qg.newInstance(), t.shaderCache = yy.newInstance(), t.shaderCache.setOpenGLRenderWindow(e), t.renderPasses[0] = Lv.newInstance(), V.get(e, t, [
		"shaderCache",
		"textureUnitManager",
		"webgl2",
		"useBackgroundImage",
		"activeFramebuffer",
		"rootOpenGLRenderWindow"
	]), V.setGet(e, t, [
		"initialized",
		"context",
		"context2D",
		"canvas",
		"renderPasses",
		"notifyStartCaptureImage",
		"defaultToWebgl2",
		"cursor",
		"useOffScreen"
	]), V.setGetArray(e, t, ["size"], 2), V.event(e, t, "imageReady"), V.event(e, t, "windowResizeEvent"), Hy(e, t);
}
var Gy = V.newInstance(Wy, "vtkOpenGLRenderWindow");
Mg("WebGL", Gy);
var Ky = {
	newInstance: Gy,
	extend: Wy,
	pushMonitorGLContextCount: zy,
	popMonitorGLContextCount: By
};
Jg("vtkRenderWindow", Gy);
// node_modules/@kitware/vtk.js/Rendering/OpenGL/Actor.js
function qy(e, t) {
	t.classHierarchy.push("vtkOpenGLActor"), e.buildPass = (n) => {
		if (n) {
			t._openGLRenderWindow = e.getLastAncestorOfType("vtkOpenGLRenderWindow"), t._openGLRenderer = e.getFirstAncestorOfType("vtkOpenGLRenderer"), t.context = t._openGLRenderWindow.getContext(), e.prepareNodes(), e.addMissingNodes(t.renderable.getTextures()), e.addMissingNode(t.renderable.getMapper()), e.removeUnusedNodes(), t.ogltextures = null, t.activeTextures = null;
			for (let e = 0; e < t.children.length; e++) {
				let n = t.children[e];
				n.isA("vtkOpenGLTexture") ? (t.ogltextures ||= [], t.ogltextures.push(n)) : t.oglmapper = n;
			}
		}
	}, e.traverseZBufferPass = (n) => {
		t.renderable && t.renderable.getNestedVisibility() && (!t._openGLRenderer.getSelector() || t.renderable.getNestedPickable()) && (e.apply(n, !0), t.oglmapper.traverse(n), e.apply(n, !1));
	}, e.traverseOpaqueZBufferPass = (t) => e.traverseOpaquePass(t), e.traverseOpaquePass = (n) => {
		t.renderable && t.renderable.getNestedVisibility() && t.renderable.getIsOpaque() && (!t._openGLRenderer.getSelector() || t.renderable.getNestedPickable()) && (e.apply(n, !0), t.oglmapper.traverse(n), e.apply(n, !1));
	}, e.traverseTranslucentPass = (n) => {
		!t.renderable || !t.renderable.getNestedVisibility() || t.renderable.getIsOpaque() || t._openGLRenderer.getSelector() && !t.renderable.getNestedPickable() || (e.apply(n, !0), t.oglmapper.traverse(n), e.apply(n, !1));
	}, e.activateTextures = () => {
		if (t.ogltextures) {
			t.activeTextures = [];
			for (let e = 0; e < t.ogltextures.length; e++) {
				let n = t.ogltextures[e];
				n.render(), n.getHandle() && t.activeTextures.push(n);
			}
		}
	}, e.queryPass = (e, n) => {
		if (e) {
			if (!t.renderable || !t.renderable.getVisibility()) return;
			t.renderable.getIsOpaque() ? n.incrementOpaqueActorCount() : n.incrementTranslucentActorCount();
		}
	}, e.zBufferPass = (t, n) => e.opaquePass(t, n), e.opaqueZBufferPass = (t, n) => e.opaquePass(t, n), e.opaquePass = (n, r) => {
		if (n) t.context.depthMask(!0), e.activateTextures();
		else {
			if (t.activeTextures) for (let e = 0; e < t.activeTextures.length; e++) t.activeTextures[e].deactivate();
			t._openGLRenderWindow.disableCullFace();
		}
	}, e.translucentPass = (n, r) => {
		if (n) t.context.depthMask(t._openGLRenderer.getSelector() && t.renderable.getNestedPickable()), e.activateTextures();
		else {
			if (t.activeTextures) for (let e = 0; e < t.activeTextures.length; e++) t.activeTextures[e].deactivate();
			t._openGLRenderWindow.disableCullFace();
		}
	}, e.getKeyMatrices = () => (t.renderable.getMTime() > t.keyMatrixTime.getMTime() && (t.renderable.computeMatrix(), fr(t.keyMatrices.mcwc, t.renderable.getMatrix()), pr(t.keyMatrices.mcwc, t.keyMatrices.mcwc), t.renderable.getIsIdentity() ? cr(t.keyMatrices.normalMatrix) : (or(t.keyMatrices.normalMatrix, t.keyMatrices.mcwc), ur(t.keyMatrices.normalMatrix, t.keyMatrices.normalMatrix), lr(t.keyMatrices.normalMatrix, t.keyMatrices.normalMatrix)), t.keyMatrixTime.modified()), t.keyMatrices);
}
var Jy = {
	context: null,
	keyMatrixTime: null,
	keyMatrices: null,
	activeTextures: null
};
function Yy(e, t, n = {}) {
	Object.assign(t, Jy, n), g_.extend(e, t, n), t.keyMatrixTime = {}, Ca(t.keyMatrixTime, { mtime: 0 }), t.keyMatrices = {
		normalMatrix: cr(/* @__PURE__ */ new Float64Array(9)),
		mcwc: F(/* @__PURE__ */ new Float64Array(16))
	}, ka(e, t, ["context"]), Ta(e, t, ["activeTextures"]), qy(e, t);
}
var Xy = La(Yy), Zy = {
	newInstance: Xy,
	extend: Yy
};
Jg("vtkActor", Xy);
// node_modules/@kitware/vtk.js/Rendering/OpenGL/Camera.js
function Qy(e, t) {
	t.classHierarchy.push("vtkOpenGLCamera"), e.buildPass = (n) => {
		n && (t._openGLRenderer = e.getFirstAncestorOfType("vtkOpenGLRenderer"), t._openGLRenderWindow = t._openGLRenderer.getParent(), t.context = t._openGLRenderWindow.getContext());
	}, e.opaquePass = (e) => {
		if (e) {
			let e = t._openGLRenderer.getTiledSizeAndOrigin();
			t.context.viewport(e.lowerLeftU, e.lowerLeftV, e.usize, e.vsize), t.context.scissor(e.lowerLeftU, e.lowerLeftV, e.usize, e.vsize);
		}
	}, e.translucentPass = e.opaquePass, e.zBufferPass = e.opaquePass, e.opaqueZBufferPass = e.opaquePass, e.volumePass = e.opaquePass, e.getKeyMatrices = (n) => {
		if (n !== t.lastRenderer || t._openGLRenderWindow.getMTime() > t.keyMatrixTime.getMTime() || e.getMTime() > t.keyMatrixTime.getMTime() || n.getMTime() > t.keyMatrixTime.getMTime() || t.renderable.getMTime() > t.keyMatrixTime.getMTime()) {
			t.renderable.getViewMatrix(t.keyMatrices.wcvc), or(t.keyMatrices.normalMatrix, t.keyMatrices.wcvc), ur(t.keyMatrices.normalMatrix, t.keyMatrices.normalMatrix), pr(t.keyMatrices.wcvc, t.keyMatrices.wcvc);
			let e = t._openGLRenderer.getAspectRatio();
			fr(t.keyMatrices.vcpc, t.renderable.getProjectionMatrix(e, -1, 1)), pr(t.keyMatrices.vcpc, t.keyMatrices.vcpc), hr(t.keyMatrices.wcpc, t.keyMatrices.vcpc, t.keyMatrices.wcvc), t.keyMatrixTime.modified(), t.lastRenderer = n;
		}
		return t.keyMatrices;
	};
}
var $y = {
	context: null,
	lastRenderer: null,
	keyMatrixTime: null,
	keyMatrices: null
};
function eb(e, t, n = {}) {
	Object.assign(t, $y, n), g_.extend(e, t, n), t.keyMatrixTime = {}, Ca(t.keyMatrixTime), t.keyMatrices = {
		normalMatrix: /* @__PURE__ */ new Float64Array(9),
		vcpc: /* @__PURE__ */ new Float64Array(16),
		wcvc: /* @__PURE__ */ new Float64Array(16),
		wcpc: /* @__PURE__ */ new Float64Array(16)
	}, ka(e, t, ["context", "keyMatrixTime"]), Qy(e, t);
}
var tb = La(eb), nb = {
	newInstance: tb,
	extend: eb
};
Jg("vtkCamera", tb);
// node_modules/@kitware/vtk.js/Rendering/OpenGL/glsl/vtkPolyDataVS.glsl.js
var rb = "//VTK::System::Dec\n\n/*=========================================================================\n\n  Program:   Visualization Toolkit\n  Module:    vtkPolyDataVS.glsl\n\n  Copyright (c) Ken Martin, Will Schroeder, Bill Lorensen\n  All rights reserved.\n  See Copyright.txt or http://www.kitware.com/Copyright.htm for details.\n\n     This software is distributed WITHOUT ANY WARRANTY; without even\n     the implied warranty of MERCHANTABILITY or FITNESS FOR A PARTICULAR\n     PURPOSE.  See the above copyright notice for more information.\n\n=========================================================================*/\n\nattribute vec4 vertexMC;\n\n// frag position in VC\n//VTK::PositionVC::Dec\n\n// optional normal declaration\n//VTK::Normal::Dec\n\n// extra lighting parameters\n//VTK::Light::Dec\n\n// Texture coordinates\n//VTK::TCoord::Dec\n\n// material property values\n//VTK::Color::Dec\n\n// clipping plane vars\n//VTK::Clip::Dec\n\n// camera and actor matrix values\n//VTK::Camera::Dec\n\n// Apple Bug\n//VTK::PrimID::Dec\n\n// picking support\n//VTK::Picking::Dec\n\nvoid main()\n{\n  //VTK::Color::Impl\n\n  //VTK::Normal::Impl\n\n  //VTK::TCoord::Impl\n\n  //VTK::Clip::Impl\n\n  //VTK::PrimID::Impl\n\n  //VTK::PositionVC::Impl\n\n  //VTK::Light::Impl\n\n  //VTK::Picking::Impl\n}\n", ib = "//VTK::System::Dec\n\n/*=========================================================================\n\n  Program:   Visualization Toolkit\n  Module:    vtkPolyDataFS.glsl\n\n  Copyright (c) Ken Martin, Will Schroeder, Bill Lorensen\n  All rights reserved.\n  See Copyright.txt or http://www.kitware.com/Copyright.htm for details.\n\n     This software is distributed WITHOUT ANY WARRANTY; without even\n     the implied warranty of MERCHANTABILITY or FITNESS FOR A PARTICULAR\n     PURPOSE.  See the above copyright notice for more information.\n\n=========================================================================*/\n// Template for the polydata mappers fragment shader\n\nuniform int PrimitiveIDOffset;\n\n// VC position of this fragment\n//VTK::PositionVC::Dec\n\n// optional color passed in from the vertex shader, vertexColor\n//VTK::Color::Dec\n\n// optional surface normal declaration\n//VTK::Normal::Dec\n\n// extra lighting parameters\n//VTK::Light::Dec\n\n// define vtkImageLabelOutlineOn\n//VTK::ImageLabelOutlineOn\n\n// Texture coordinates\n//VTK::TCoord::Dec\n\n// picking support\n//VTK::Picking::Dec\n\n// Depth Peeling Support\n//VTK::DepthPeeling::Dec\n\n// clipping plane vars\n//VTK::Clip::Dec\n\n// label outline \n//VTK::LabelOutline::Dec\n\n// the output of this shader\n//VTK::Output::Dec\n\n// Apple Bug\n//VTK::PrimID::Dec\n\n// handle coincident offsets\n//VTK::Coincident::Dec\n\n//VTK::ZBuffer::Dec\n\n//VTK::LabelOutlineHelperFunction\n\nvoid main()\n{\n  // VC position of this fragment. This should not branch/return/discard.\n  //VTK::PositionVC::Impl\n\n  // Place any calls that require uniform flow (e.g. dFdx) here.\n  //VTK::UniformFlow::Impl\n\n  // Set gl_FragDepth here (gl_FragCoord.z by default)\n  //VTK::Depth::Impl\n\n  // Early depth peeling abort:\n  //VTK::DepthPeeling::PreColor\n\n  // Apple Bug\n  //VTK::PrimID::Impl\n\n  //VTK::Clip::Impl\n\n  //VTK::Color::Impl\n\n  // Generate the normal if we are not passed in one\n  //VTK::Normal::Impl\n\n  //VTK::TCoord::Impl\n\n  //VTK::Light::Impl\n\n  if (gl_FragData[0].a <= 0.0)\n    {\n    discard;\n    }\n\n  //VTK::DepthPeeling::Impl\n\n  //VTK::Picking::Impl\n\n  // handle coincident offsets\n  //VTK::Coincident::Impl\n\n  //VTK::ZBuffer::Impl\n\n  //VTK::RenderPassFragmentShader::Impl\n}\n";
// node_modules/@kitware/vtk.js/Rendering/OpenGL/ReplacementShaderMapper.js
function ab(e, t, n = {}) {
	e.replaceShaderCoincidentOffset = (n, r, i) => {
		let a = e.getCoincidentParameters(r, i);
		if (a && (a.factor !== 0 || a.offset !== 0)) {
			let e = n.Fragment;
			e = Q.substitute(e, "//VTK::Coincident::Dec", ["uniform float cfactor;", "uniform float coffset;"]).result, t.context.getExtension("EXT_frag_depth") && (a.factor === 0 ? e = Q.substitute(e, "//VTK::Depth::Impl", "gl_FragDepthEXT = gl_FragCoord.z + 0.000016*coffset;").result : (e = Q.substitute(e, "//VTK::UniformFlow::Impl", ["float cscale = length(vec2(dFdx(gl_FragCoord.z),dFdy(gl_FragCoord.z)));", "//VTK::UniformFlow::Impl"], !1).result, e = Q.substitute(e, "//VTK::Depth::Impl", "gl_FragDepthEXT = gl_FragCoord.z + cfactor*cscale + 0.000016*coffset;").result)), t._openGLRenderWindow.getWebgl2() && (a.factor === 0 ? e = Q.substitute(e, "//VTK::Depth::Impl", "gl_FragDepth = gl_FragCoord.z + 0.000016*coffset;").result : (e = Q.substitute(e, "//VTK::UniformFlow::Impl", ["float cscale = length(vec2(dFdx(gl_FragCoord.z),dFdy(gl_FragCoord.z)));", "//VTK::UniformFlow::Impl"], !1).result, e = Q.substitute(e, "//VTK::Depth::Impl", "gl_FragDepth = gl_FragCoord.z + cfactor*cscale + 0.000016*coffset;").result)), n.Fragment = e;
		}
	};
}
function ob(e, t, n = {}) {
	e.applyShaderReplacements = (e, t, n) => {
		let r = null;
		if (t && (r = t.ShaderReplacements), r) for (let t = 0; t < r.length; t++) {
			let i = r[t];
			if (n && i.replaceFirst || !n && !i.replaceFirst) {
				let t = i.shaderType, n = e[t];
				e[t] = Q.substitute(n, i.originalValue, i.replacementValue, i.replaceAll).result;
			}
		}
	}, e.buildShaders = (n, r, i) => {
		e.getReplacedShaderTemplate(n, r, i), t.lastRenderPassShaderReplacement = t.currentRenderPass ? t.currentRenderPass.getShaderReplacement() : null, t.lastRenderPassShaderReplacement && t.lastRenderPassShaderReplacement(n);
		let a = t.renderable.getViewSpecificProperties().OpenGL;
		e.applyShaderReplacements(n, a, !0), e.replaceShaderValues(n, r, i), e.applyShaderReplacements(n, a);
	}, e.getReplacedShaderTemplate = (n, r, i) => {
		let a = t.renderable.getViewSpecificProperties().OpenGL;
		e.getShaderTemplate(n, r, i);
		let o = n.Vertex;
		if (a) {
			let e = a.VertexShaderCode;
			e !== void 0 && e !== "" && (o = e);
		}
		n.Vertex = o;
		let s = n.Fragment;
		if (a) {
			let e = a.FragmentShaderCode;
			e !== void 0 && e !== "" && (s = e);
		}
		n.Fragment = s;
		let c = n.Geometry;
		if (a) {
			let e = a.GeometryShaderCode;
			e !== void 0 && (c = e);
		}
		n.Geometry = c;
	};
}
var sb = {
	implementReplaceShaderCoincidentOffset: ab,
	implementBuildShadersWithReplacements: ob
};
// node_modules/@kitware/vtk.js/Rendering/OpenGL/RenderWindow/resourceSharingHelper.js
function cb(e, t, n) {
	return e.length > 0 ? `${e.map((e) => e?.getMTime() ?? "x").join("/")}-${t}-${n}` : "0";
}
// node_modules/@kitware/vtk.js/Rendering/OpenGL/ImageMapper.js
var { vtkErrorMacro: lb } = Ji, { SlicingMode: ub } = Nd;
function db(e) {
	let t = e.split("\n"), n = [];
	for (let e = 0; e < t.length; ++e) {
		let r = t[e].trim();
		r.length > 0 && n.push(r);
	}
	return n;
}
function fb(e, t) {
	t.classHierarchy.push("vtkOpenGLImageMapper");
	function n(n) {
		t.openGLTexture.releaseGraphicsResources(n), [
			t._colorTransferFunc,
			t._pwFunc,
			t._labelOutlineThicknessArray,
			t._labelOutlineOpacity
		].forEach((t) => n.unregisterGraphicsResourceUser(t, e));
	}
	e.buildPass = (r) => {
		if (r) {
			t.currentRenderPass = null, t.openGLImageSlice = e.getFirstAncestorOfType("vtkOpenGLImageSlice"), t._openGLRenderer = e.getFirstAncestorOfType("vtkOpenGLRenderer");
			let r = t._openGLRenderWindow;
			t._openGLRenderWindow = t._openGLRenderer.getLastAncestorOfType("vtkOpenGLRenderWindow"), r && !r.isDeleted() && r !== t._openGLRenderWindow && n(r), t.context = t._openGLRenderWindow.getContext(), t.tris.setOpenGLRenderWindow(t._openGLRenderWindow);
			let i = t._openGLRenderer.getRenderable();
			t.openGLCamera = t._openGLRenderer.getViewNodeFor(i.getActiveCamera(), t.openGLCamera), t.renderable.isA("vtkImageMapper") && t.renderable.getSliceAtFocalPoint() && t.renderable.setSliceFromCamera(i.getActiveCamera());
		}
	}, e.translucentPass = (n, r) => {
		n && (t.currentRenderPass = r, e.render());
	}, e.zBufferPass = (n) => {
		n && (t.haveSeenDepthRequest = !0, t.renderDepth = !0, e.render(), t.renderDepth = !1);
	}, e.opaqueZBufferPass = (t) => e.zBufferPass(t), e.opaquePass = (t) => {
		t && e.render();
	}, e.getCoincidentParameters = (e, n) => t.renderable.getResolveCoincidentTopology() == md.PolygonOffset ? t.renderable.getCoincidentTopologyPolygonOffsetParameters() : null, e.render = () => {
		let n = t.openGLImageSlice.getRenderable(), r = t._openGLRenderer.getRenderable();
		e.renderPiece(r, n);
	}, e.getShaderTemplate = (e, t, n) => {
		e.Vertex = rb, e.Fragment = ib, e.Geometry = "";
	}, e.replaceShaderValues = (n, r, i) => {
		let a = n.Vertex, o = n.Fragment;
		a = Q.substitute(a, "//VTK::Camera::Dec", ["uniform mat4 MCPCMatrix;"]).result, a = Q.substitute(a, "//VTK::PositionVC::Impl", ["  gl_Position = MCPCMatrix * vertexMC;"]).result, a = Q.substitute(a, "//VTK::TCoord::Impl", "tcoordVCVSOutput = tcoordMC;").result, a = Q.substitute(a, "//VTK::TCoord::Dec", "attribute vec2 tcoordMC; varying vec2 tcoordVCVSOutput;").result;
		let s = t.openGLTexture.getComponents(), c = i.getProperty().getIndependentComponents(), l = [
			"varying vec2 tcoordVCVSOutput;",
			"uniform float cshift0;",
			"uniform float cscale0;",
			"uniform float pwfshift0;",
			"uniform float pwfscale0;",
			"uniform sampler2D texture1;",
			"uniform sampler2D colorTexture1;",
			"uniform sampler2D pwfTexture1;",
			"uniform float opacity;"
		];
		if (i.getProperty().getUseLabelOutline() && (l = l.concat(["uniform sampler2D labelOutlineTexture1;", "uniform sampler2D labelOutlineOpacityTexture1;"])), c) {
			for (let e = 1; e < s; e++) l = l.concat([
				`uniform float cshift${e};`,
				`uniform float cscale${e};`,
				`uniform float pwfshift${e};`,
				`uniform float pwfscale${e};`
			]);
			switch (s) {
				case 1:
					l = l.concat(["uniform float mix0;", "#define height0 0.5"]);
					break;
				case 2:
					l = l.concat([
						"uniform float mix0;",
						"uniform float mix1;",
						"#define height0 0.25",
						"#define height1 0.75"
					]);
					break;
				case 3:
					l = l.concat([
						"uniform float mix0;",
						"uniform float mix1;",
						"uniform float mix2;",
						"#define height0 0.17",
						"#define height1 0.5",
						"#define height2 0.83"
					]);
					break;
				case 4:
					l = l.concat([
						"uniform float mix0;",
						"uniform float mix1;",
						"uniform float mix2;",
						"uniform float mix3;",
						"#define height0 0.125",
						"#define height1 0.375",
						"#define height2 0.625",
						"#define height3 0.875"
					]);
					break;
				default: lb("Unsupported number of independent coordinates.");
			}
		}
		if (o = Q.substitute(o, "//VTK::TCoord::Dec", l).result, i.getProperty().getUseLabelOutline() === !0 && (o = Q.substitute(o, "//VTK::LabelOutline::Dec", [
			"uniform float vpWidth;",
			"uniform float vpHeight;",
			"uniform float vpOffsetX;",
			"uniform float vpOffsetY;",
			"uniform mat4 PCWCMatrix;",
			"uniform mat4 vWCtoIDX;",
			"uniform ivec3 imageDimensions;",
			"uniform int sliceAxis;"
		]).result, o = Q.substitute(o, "//VTK::ImageLabelOutlineOn", "#define vtkImageLabelOutlineOn").result, o = Q.substitute(o, "//VTK::LabelOutlineHelperFunction", [
			"#ifdef vtkImageLabelOutlineOn",
			"vec3 fragCoordToIndexSpace(vec4 fragCoord) {",
			"  vec4 pcPos = vec4(",
			"    (fragCoord.x / vpWidth - vpOffsetX - 0.5) * 2.0,",
			"    (fragCoord.y / vpHeight - vpOffsetY - 0.5) * 2.0,",
			"    (fragCoord.z - 0.5) * 2.0,",
			"    1.0);",
			"",
			"  vec4 worldCoord = PCWCMatrix * pcPos;",
			"  vec4 vertex = (worldCoord/worldCoord.w);",
			"",
			"  vec3 index = (vWCtoIDX * vertex).xyz;",
			"",
			"  // half voxel fix for labelmapOutline",
			"  return (index + vec3(0.5)) / vec3(imageDimensions);",
			"}",
			"vec2 getSliceCoords(vec3 coord, int axis) {",
			"  if (axis == 0) return coord.yz;",
			"  if (axis == 1) return coord.xz;",
			"  if (axis == 2) return coord.xy;",
			"}",
			"#endif"
		]).result), c) {
			let e = [
				"r",
				"g",
				"b",
				"a"
			], t = ["vec4 tvalue = texture2D(texture1, tcoordVCVSOutput);"];
			for (let n = 0; n < s; n++) t = t.concat([`vec3 tcolor${n} = mix${n} * texture2D(colorTexture1, vec2(tvalue.${e[n]} * cscale${n} + cshift${n}, height${n})).rgb;`, `float compWeight${n} = mix${n} * texture2D(pwfTexture1, vec2(tvalue.${e[n]} * pwfscale${n} + pwfshift${n}, height${n})).r;`]);
			switch (s) {
				case 1:
					t = t.concat(["gl_FragData[0] = vec4(tcolor0.rgb, opacity);"]);
					break;
				case 2:
					t = t.concat(["float weightSum = compWeight0 + compWeight1;", "gl_FragData[0] = vec4(vec3((tcolor0.rgb * (compWeight0 / weightSum)) + (tcolor1.rgb * (compWeight1 / weightSum))), opacity);"]);
					break;
				case 3:
					t = t.concat(["float weightSum = compWeight0 + compWeight1 + compWeight2;", "gl_FragData[0] = vec4(vec3((tcolor0.rgb * (compWeight0 / weightSum)) + (tcolor1.rgb * (compWeight1 / weightSum)) + (tcolor2.rgb * (compWeight2 / weightSum))), opacity);"]);
					break;
				case 4:
					t = t.concat(["float weightSum = compWeight0 + compWeight1 + compWeight2 + compWeight3;", "gl_FragData[0] = vec4(vec3((tcolor0.rgb * (compWeight0 / weightSum)) + (tcolor1.rgb * (compWeight1 / weightSum)) + (tcolor2.rgb * (compWeight2 / weightSum)) + (tcolor3.rgb * (compWeight3 / weightSum))), opacity);"]);
					break;
				default: lb("Unsupported number of independent coordinates.");
			}
			o = Q.substitute(o, "//VTK::TCoord::Impl", t).result;
		} else switch (s) {
			case 1:
				o = Q.substitute(o, "//VTK::TCoord::Impl", [...db("\n                #ifdef vtkImageLabelOutlineOn\n                  vec3 centerPosIS = fragCoordToIndexSpace(gl_FragCoord);\n                  float centerValue = texture2D(texture1, getSliceCoords(centerPosIS, sliceAxis)).r;\n                  bool pixelOnBorder = false;\n                  vec3 tColor = texture2D(colorTexture1, vec2(centerValue * cscale0 + cshift0, 0.5)).rgb;\n                  float scalarOpacity = texture2D(pwfTexture1, vec2(centerValue * pwfscale0 + pwfshift0, 0.5)).r;\n                  float opacityToUse = scalarOpacity * opacity;\n                  int segmentIndex = int(centerValue * 255.0);\n                  float textureCoordinate = float(segmentIndex - 1) / 1024.0;\n                  float textureValue = texture2D(labelOutlineTexture1, vec2(textureCoordinate, 0.5)).r;\n                  float outlineOpacity = texture2D(labelOutlineOpacityTexture1, vec2(textureCoordinate, 0.5)).r;\n                  int actualThickness = int(textureValue * 255.0);\n\n                  if (segmentIndex == 0){\n                    gl_FragData[0] = vec4(0.0, 0.0, 0.0, 0.0);\n                    return;\n                  }\n\n                  for (int i = -actualThickness; i <= actualThickness; i++) {\n                    for (int j = -actualThickness; j <= actualThickness; j++) {\n                      if (i == 0 && j == 0) {\n                        continue;\n                      }\n                      vec4 neighborPixelCoord = vec4(gl_FragCoord.x + float(i),\n                        gl_FragCoord.y + float(j),\n                        gl_FragCoord.z, gl_FragCoord.w);\n                      vec3 neighborPosIS = fragCoordToIndexSpace(neighborPixelCoord);\n                      float value = texture2D(texture1, getSliceCoords(neighborPosIS, sliceAxis)).r;\n                      if (value != centerValue) {\n                        pixelOnBorder = true;\n                        break;\n                      }\n                    }\n                    if (pixelOnBorder == true) {\n                      break;\n                    }\n                  }\n                  if (pixelOnBorder == true) {\n                    gl_FragData[0] = vec4(tColor, outlineOpacity);\n                  }\n                  else {\n                    gl_FragData[0] = vec4(tColor, opacityToUse);\n                  }\n                #else\n                  float intensity = texture2D(texture1, tcoordVCVSOutput).r;\n                  vec3 tcolor = texture2D(colorTexture1, vec2(intensity * cscale0 + cshift0, 0.5)).rgb;\n                  float scalarOpacity = texture2D(pwfTexture1, vec2(intensity * pwfscale0 + pwfshift0, 0.5)).r;\n                  gl_FragData[0] = vec4(tcolor, scalarOpacity * opacity);\n                #endif\n                ")]).result;
				break;
			case 2:
				o = Q.substitute(o, "//VTK::TCoord::Impl", [
					"vec4 tcolor = texture2D(texture1, tcoordVCVSOutput);",
					"float intensity = tcolor.r*cscale0 + cshift0;",
					"gl_FragData[0] = vec4(texture2D(colorTexture1, vec2(intensity, 0.5)).rgb, pwfscale0*tcolor.g + pwfshift0);"
				]).result;
				break;
			case 3:
				o = Q.substitute(o, "//VTK::TCoord::Impl", [
					"vec4 tcolor = cscale0*texture2D(texture1, tcoordVCVSOutput.st) + cshift0;",
					"gl_FragData[0] = vec4(texture2D(colorTexture1, vec2(tcolor.r,0.5)).r,",
					"  texture2D(colorTexture1, vec2(tcolor.g,0.5)).r,",
					"  texture2D(colorTexture1, vec2(tcolor.b,0.5)).r, opacity);"
				]).result;
				break;
			default: o = Q.substitute(o, "//VTK::TCoord::Impl", [
				"vec4 tcolor = cscale0*texture2D(texture1, tcoordVCVSOutput.st) + cshift0;",
				"gl_FragData[0] = vec4(texture2D(colorTexture1, vec2(tcolor.r,0.5)).r,",
				"  texture2D(colorTexture1, vec2(tcolor.g,0.5)).r,",
				"  texture2D(colorTexture1, vec2(tcolor.b,0.5)).r, tcolor.a);"
			]).result;
		}
		t.haveSeenDepthRequest && (o = Q.substitute(o, "//VTK::ZBuffer::Dec", "uniform int depthRequest;").result, o = Q.substitute(o, "//VTK::ZBuffer::Impl", [
			"if (depthRequest == 1) {",
			"float iz = floor(gl_FragCoord.z*65535.0 + 0.1);",
			"float rf = floor(iz/256.0)/255.0;",
			"float gf = mod(iz,256.0)/255.0;",
			"gl_FragData[0] = vec4(rf, gf, 0.0, 1.0); }"
		]).result), n.Vertex = a, n.Fragment = o, e.replaceShaderClip(n, r, i), e.replaceShaderCoincidentOffset(n, r, i);
	}, e.replaceShaderClip = (e, n, r) => {
		let i = e.Vertex, a = e.Fragment;
		if (t.renderable.getNumberOfClippingPlanes()) {
			let e = t.renderable.getNumberOfClippingPlanes();
			e > 6 && (z("OpenGL has a limit of 6 clipping planes"), e = 6), i = Q.substitute(i, "//VTK::Clip::Dec", [
				"uniform int numClipPlanes;",
				"uniform vec4 clipPlanes[6];",
				"varying float clipDistancesVSOutput[6];"
			]).result, i = Q.substitute(i, "//VTK::Clip::Impl", [
				"for (int planeNum = 0; planeNum < 6; planeNum++)",
				"    {",
				"    if (planeNum >= numClipPlanes)",
				"        {",
				"        break;",
				"        }",
				"    clipDistancesVSOutput[planeNum] = dot(clipPlanes[planeNum], vertexMC);",
				"    }"
			]).result, a = Q.substitute(a, "//VTK::Clip::Dec", ["uniform int numClipPlanes;", "varying float clipDistancesVSOutput[6];"]).result, a = Q.substitute(a, "//VTK::Clip::Impl", [
				"for (int planeNum = 0; planeNum < 6; planeNum++)",
				"    {",
				"    if (planeNum >= numClipPlanes)",
				"        {",
				"        break;",
				"        }",
				"    if (clipDistancesVSOutput[planeNum] < 0.0) discard;",
				"    }"
			]).result;
		}
		e.Vertex = i, e.Fragment = a;
	}, e.getNeedToRebuildShaders = (e, n, r) => {
		let i = t.openGLTexture.getComponents(), a = r.getProperty().getIndependentComponents(), o = !1;
		return (!t.currentRenderPass && t.lastRenderPassShaderReplacement || t.currentRenderPass && t.currentRenderPass.getShaderReplacement() !== t.lastRenderPassShaderReplacement) && (o = !0), o || t.lastHaveSeenDepthRequest !== t.haveSeenDepthRequest || e.getProgram()?.getHandle() === 0 || e.getShaderSourceTime().getMTime() < t.renderable.getMTime() || e.getShaderSourceTime().getMTime() < t.currentInput.getMTime() || e.getShaderSourceTime().getMTime() < r.getProperty().getMTime() || t.lastTextureComponents !== i || t.lastIndependentComponents !== a ? (t.lastHaveSeenDepthRequest = t.haveSeenDepthRequest, t.lastTextureComponents = i, t.lastIndependentComponents = a, !0) : !1;
	}, e.updateShaders = (n, r, i) => {
		if (t.lastBoundBO = n, e.getNeedToRebuildShaders(n, r, i)) {
			let a = {
				Vertex: null,
				Fragment: null,
				Geometry: null
			};
			e.buildShaders(a, r, i);
			let o = t._openGLRenderWindow.getShaderCache().readyShaderProgramArray(a.Vertex, a.Fragment, a.Geometry);
			o !== n.getProgram() && (n.setProgram(o), n.getVAO().releaseGraphicsResources()), n.getShaderSourceTime().modified();
		} else t._openGLRenderWindow.getShaderCache().readyShaderProgram(n.getProgram());
		n.getVAO().bind(), e.setMapperShaderParameters(n, r, i), e.setCameraShaderParameters(n, r, i), e.setPropertyShaderParameters(n, r, i);
	}, e.setMapperShaderParameters = (n, r, i) => {
		n.getCABO().getElementCount() && (t.VBOBuildTime > n.getAttributeUpdateTime().getMTime() || n.getShaderSourceTime().getMTime() > n.getAttributeUpdateTime().getMTime()) && (n.getProgram().isAttributeUsed("vertexMC") && (n.getVAO().addAttributeArray(n.getProgram(), n.getCABO(), "vertexMC", n.getCABO().getVertexOffset(), n.getCABO().getStride(), t.context.FLOAT, 3, t.context.FALSE) || lb("Error setting vertexMC in shader VAO.")), n.getProgram().isAttributeUsed("tcoordMC") && n.getCABO().getTCoordOffset() && (n.getVAO().addAttributeArray(n.getProgram(), n.getCABO(), "tcoordMC", n.getCABO().getTCoordOffset(), n.getCABO().getStride(), t.context.FLOAT, n.getCABO().getTCoordComponents(), t.context.FALSE) || lb("Error setting tcoordMC in shader VAO.")), n.getAttributeUpdateTime().modified());
		let a = t.openGLTexture.getTextureUnit();
		n.getProgram().setUniformi("texture1", a);
		let o = t.openGLTexture.getComponents(), s = i.getProperty().getIndependentComponents();
		if (s) for (let e = 0; e < o; e++) n.getProgram().setUniformf(`mix${e}`, i.getProperty().getComponentWeight(e));
		let c = t.openGLTexture.getShiftAndScale();
		for (let e = 0; e < o; e++) {
			let t = i.getProperty().getColorWindow(), r = i.getProperty().getColorLevel(), a = s ? e : 0, o = i.getProperty().getRGBTransferFunction(a);
			if (o && i.getProperty().getUseLookupTableScalarRange()) {
				let e = o.getRange();
				t = e[1] - e[0], r = .5 * (e[1] + e[0]);
			}
			let l = c.scale / t, u = (c.shift - r) / t + .5;
			n.getProgram().setUniformf(`cshift${e}`, u), n.getProgram().setUniformf(`cscale${e}`, l);
		}
		for (let e = 0; e < o; e++) {
			let t = 1, r = 0, a = s ? e : 0, o = i.getProperty().getPiecewiseFunction(a);
			if (o) {
				let e = o.getRange(), n = e[1] - e[0], i = .5 * (e[0] + e[1]);
				t = c.scale / n, r = (c.shift - i) / n + .5;
			}
			n.getProgram().setUniformf(`pwfshift${e}`, r), n.getProgram().setUniformf(`pwfscale${e}`, t);
		}
		if (t.haveSeenDepthRequest && n.getProgram().setUniformi("depthRequest", +!!t.renderDepth), n.getProgram().isUniformUsed("coffset")) {
			let t = e.getCoincidentParameters(r, i);
			n.getProgram().setUniformf("coffset", t.offset), n.getProgram().isUniformUsed("cfactor") && n.getProgram().setUniformf("cfactor", t.factor);
		}
		let l = t.colorTexture.getTextureUnit();
		n.getProgram().setUniformi("colorTexture1", l);
		let u = t.pwfTexture.getTextureUnit();
		if (n.getProgram().setUniformi("pwfTexture1", u), i.getProperty().getUseLabelOutline()) {
			let e = t.labelOutlineThicknessTexture.getTextureUnit();
			n.getProgram().setUniformi("labelOutlineTexture1", e);
			let r = t.labelOutlineOpacityTexture.getTextureUnit();
			n.getProgram().setUniformi("labelOutlineOpacityTexture1", r);
		}
		if (t.renderable.getNumberOfClippingPlanes()) {
			let e = t.renderable.getNumberOfClippingPlanes();
			e > 6 && (z("OpenGL has a limit of 6 clipping planes"), e = 6);
			let r = n.getCABO().getCoordShiftAndScaleEnabled() ? n.getCABO().getInverseShiftAndScaleMatrix() : null, a = r ? fr(t.imagematinv, i.getMatrix()) : i.getMatrix();
			r && (pr(a, a), hr(a, a, r), pr(a, a)), pr(t.imagemat, t.currentInput.getIndexToWorld()), hr(t.imagematinv, a, t.imagemat);
			let o = [];
			for (let n = 0; n < e; n++) {
				let e = [];
				t.renderable.getClippingPlaneInDataCoords(t.imagematinv, n, e);
				for (let t = 0; t < 4; t++) o.push(e[t]);
			}
			n.getProgram().setUniformi("numClipPlanes", e), n.getProgram().setUniform4fv("clipPlanes", o);
		}
	}, e.setCameraShaderParameters = (n, r, i) => {
		let a = n.getProgram(), o = t.openGLImageSlice.getKeyMatrices(), s = t.currentInput, c = s.getIndexToWorld();
		hr(t.imagemat, o.mcwc, c);
		let l = t.openGLCamera.getKeyMatrices(r);
		if (hr(t.imagemat, l.wcpc, t.imagemat), n.getCABO().getCoordShiftAndScaleEnabled()) {
			let e = n.getCABO().getInverseShiftAndScaleMatrix();
			hr(t.imagemat, t.imagemat, e);
		}
		if (a.setUniformMatrix("MCPCMatrix", t.imagemat), i.getProperty().getUseLabelOutline() === !0) {
			let n = s.getWorldToIndex(), i = s.getDimensions(), o = t.renderable.getClosestIJKAxis().ijkMode;
			o === ub.NONE && (o = ub.K), a.setUniform3i("imageDimensions", i[0], i[1], i[2]), a.setUniformi("sliceAxis", o), a.setUniformMatrix("vWCtoIDX", n);
			let c = t.openGLCamera.getKeyMatrices(r);
			mr(t.projectionToWorld, c.wcpc), t.openGLCamera.getKeyMatrices(r), a.setUniformMatrix("PCWCMatrix", t.projectionToWorld);
			let l = e.getRenderTargetSize();
			a.setUniformf("vpWidth", l[0]), a.setUniformf("vpHeight", l[1]);
			let u = e.getRenderTargetOffset();
			a.setUniformf("vpOffsetX", u[0] / l[0]), a.setUniformf("vpOffsetY", u[1] / l[1]);
		}
	}, e.setPropertyShaderParameters = (e, t, n) => {
		let r = e.getProgram(), i = n.getProperty().getOpacity();
		r.setUniformf("opacity", i);
	}, e.renderPieceStart = (n, r) => {
		e.updateBufferObjects(n, r), t.lastBoundBO = null;
	}, e.renderPieceDraw = (n, r) => {
		let i = t.context;
		t.openGLTexture.activate(), t.colorTexture.activate(), r.getProperty().getUseLabelOutline() && (t.labelOutlineThicknessTexture.activate(), t.labelOutlineOpacityTexture.activate()), t.pwfTexture.activate(), t.tris.getCABO().getElementCount() && (e.updateShaders(t.tris, n, r), i.drawArrays(i.TRIANGLES, 0, t.tris.getCABO().getElementCount()), t.tris.getVAO().release()), t.openGLTexture.deactivate(), t.colorTexture.deactivate(), r.getProperty().getUseLabelOutline() && (t.labelOutlineThicknessTexture.deactivate(), t.labelOutlineOpacityTexture.deactivate()), t.pwfTexture.deactivate();
	}, e.renderPieceFinish = (e, t) => {}, e.renderPiece = (n, r) => {
		e.invokeEvent({ type: "StartEvent" }), t.renderable.update(), t.currentInput = t.renderable.getCurrentImage(), e.invokeEvent({ type: "EndEvent" }), t.currentInput ? (e.renderPieceStart(n, r), e.renderPieceDraw(n, r), e.renderPieceFinish(n, r)) : lb("No input!");
	}, e.updateBufferObjects = (t, n) => {
		e.getNeedToRebuildBufferObjects(t, n) && e.buildBufferObjects(t, n);
	}, e.getNeedToRebuildBufferObjects = (n, r) => t.VBOBuildTime.getMTime() < e.getMTime() || t.VBOBuildTime.getMTime() < r.getMTime() || t.VBOBuildTime.getMTime() < t.renderable.getMTime() || t.VBOBuildTime.getMTime() < r.getProperty().getMTime() || t.VBOBuildTime.getMTime() < t.currentInput.getMTime() || !t.openGLTexture?.getHandle() || !t.colorTexture?.getHandle() || r.getProperty().getUseLabelOutline() && (!t.labelOutlineThicknessTexture?.getHandle() || !t.labelOutlineOpacityTexture?.getHandle()) || !t.pwfTexture?.getHandle(), e.buildBufferObjects = (n, r) => {
		let i = t.currentInput;
		if (!i) return;
		let a = i.getPointData() && i.getPointData().getScalars();
		if (!a) return;
		let o = a.getDataType(), s = a.getNumberOfComponents(), c = r.getProperty(), l = c.getInterpolationType(), u = c.getIndependentComponents(), d = u ? s : 1, f = u ? 2 * d : 1, p = [];
		for (let e = 0; e < d; ++e) p.push(c.getRGBTransferFunction(e));
		let m = cb(p, u, d), h = c.getRGBTransferFunction(), g = t._openGLRenderWindow.getGraphicsResourceForObject(h);
		if (!g?.oglObject?.getHandle() || g?.hash !== m) {
			t.colorTexture = A_.newInstance({ resizable: !0 }), t.colorTexture.setOpenGLRenderWindow(t._openGLRenderWindow);
			let n = t.renderable.getColorTextureWidth();
			n <= 0 && (n = t.context.getParameter(t.context.MAX_TEXTURE_SIZE));
			let r = n * f * 3, i = new Uint8ClampedArray(r);
			if (l === vf.NEAREST ? (t.colorTexture.setMinificationFilter(i_.NEAREST), t.colorTexture.setMagnificationFilter(i_.NEAREST)) : (t.colorTexture.setMinificationFilter(i_.LINEAR), t.colorTexture.setMagnificationFilter(i_.LINEAR)), h) {
				let e = new Float32Array(n * 3);
				for (let t = 0; t < d; t++) {
					let r = c.getRGBTransferFunction(t), a = r.getRange();
					if (r.getTable(a[0], a[1], n, e, 1), u) for (let r = 0; r < n * 3; r++) i[t * n * 6 + r] = 255 * e[r], i[t * n * 6 + r + n * 3] = 255 * e[r];
					else for (let r = 0; r < n * 3; r++) i[t * n * 6 + r] = 255 * e[r];
				}
				t.colorTexture.resetFormatAndType(), t.colorTexture.create2DFromRaw({
					width: n,
					height: f,
					numComps: 3,
					dataType: K.UNSIGNED_CHAR,
					data: i
				});
			} else {
				for (let e = 0; e < n * 3; ++e) i[e] = 255 * e / ((n - 1) * 3), i[e + 1] = 255 * e / ((n - 1) * 3), i[e + 2] = 255 * e / ((n - 1) * 3);
				t.colorTexture.create2DFromRaw({
					width: n,
					height: 1,
					numComps: 3,
					dataType: K.UNSIGNED_CHAR,
					data: i
				});
			}
			h && (t._openGLRenderWindow.setGraphicsResourceForObject(h, t.colorTexture, m), h !== t._colorTransferFunc && (t._openGLRenderWindow.registerGraphicsResourceUser(h, e), t._openGLRenderWindow.unregisterGraphicsResourceUser(t._colorTransferFunc, e)), t._colorTransferFunc = h);
		} else t.colorTexture = g.oglObject;
		let _ = [];
		for (let e = 0; e < d; ++e) _.push(c.getPiecewiseFunction(e));
		let v = cb(_, u, d), y = c.getPiecewiseFunction(), b = t._openGLRenderWindow.getGraphicsResourceForObject(y);
		if (!b?.oglObject?.getHandle() || b?.hash !== v) {
			let n = t.renderable.getOpacityTextureWidth();
			n <= 0 && (n = t.context.getParameter(t.context.MAX_TEXTURE_SIZE));
			let r = n * f, i = new Uint8ClampedArray(r);
			if (t.pwfTexture = A_.newInstance({ resizable: !0 }), t.pwfTexture.setOpenGLRenderWindow(t._openGLRenderWindow), l === vf.NEAREST ? (t.pwfTexture.setMinificationFilter(i_.NEAREST), t.pwfTexture.setMagnificationFilter(i_.NEAREST)) : (t.pwfTexture.setMinificationFilter(i_.LINEAR), t.pwfTexture.setMagnificationFilter(i_.LINEAR)), y) {
				let e = new Float32Array(r), i = new Float32Array(n);
				for (let t = 0; t < d; ++t) {
					let r = c.getPiecewiseFunction(t);
					if (r === null) e.fill(1);
					else {
						let a = r.getRange();
						if (r.getTable(a[0], a[1], n, i, 1), u) for (let r = 0; r < n; r++) e[t * n * 2 + r] = i[r], e[t * n * 2 + r + n] = i[r];
						else for (let r = 0; r < n; r++) e[t * n * 2 + r] = i[r];
					}
				}
				t.pwfTexture.resetFormatAndType(), t.pwfTexture.create2DFromRaw({
					width: n,
					height: f,
					numComps: 1,
					dataType: K.FLOAT,
					data: e
				});
			} else i.fill(255), t.pwfTexture.create2DFromRaw({
				width: n,
				height: 1,
				numComps: 1,
				dataType: K.UNSIGNED_CHAR,
				data: i
			});
			y && (t._openGLRenderWindow.setGraphicsResourceForObject(y, t.pwfTexture, v), y !== t._pwFunc && (t._openGLRenderWindow.registerGraphicsResourceUser(y, e), t._openGLRenderWindow.unregisterGraphicsResourceUser(t._pwFunc, e)), t._pwFunc = y);
		} else t.pwfTexture = b.oglObject;
		r.getProperty().getUseLabelOutline() && (e.updatelabelOutlineThicknessTexture(r), e.updateLabelOutlineOpacityTexture(r));
		let { ijkMode: x } = t.renderable.getClosestIJKAxis(), S = t.renderable.getSlice();
		x !== t.renderable.getSlicingMode() && (S = t.renderable.getSliceAtPosition(S));
		let C = t.renderable.isA("vtkImageArrayMapper") ? t.renderable.getSubSlice() : Math.round(S), w = i.getExtent(), T;
		x === ub.I && (T = C - w[0]), x === ub.J && (T = C - w[2]), (x === ub.K || x === ub.NONE) && (T = C - w[4]);
		let E = `${S}A${i.getMTime()}A${a.getMTime()}B${e.getMTime()}C${t.renderable.getSlicingMode()}D${r.getProperty().getInterpolationType()}`;
		if (t.VBOBuildString !== E) {
			let e = i.getDimensions();
			t.openGLTexture ||= A_.newInstance({ resizable: !0 }), t.openGLTexture.setOpenGLRenderWindow(t._openGLRenderWindow), t.openGLTexture.setOglNorm16Ext(t.context.getExtension("EXT_texture_norm16")), l === vf.NEAREST ? ((/* @__PURE__ */ new Set([
				1,
				3,
				4
			])).has(s) && o === K.UNSIGNED_CHAR && !u && t.openGLTexture.setGenerateMipmap(!0), t.openGLTexture.setMinificationFilter(i_.NEAREST), t.openGLTexture.setMagnificationFilter(i_.NEAREST)) : (s === 4 && o === K.UNSIGNED_CHAR && !u ? (t.openGLTexture.setGenerateMipmap(!0), t.openGLTexture.setMinificationFilter(i_.LINEAR_MIPMAP_LINEAR)) : t.openGLTexture.setMinificationFilter(i_.LINEAR), t.openGLTexture.setMagnificationFilter(i_.LINEAR)), t.openGLTexture.setWrapS(r_.CLAMP_TO_EDGE), t.openGLTexture.setWrapT(r_.CLAMP_TO_EDGE);
			let n = e[0] * e[1] * s, r = /* @__PURE__ */ new Float32Array(12), c = /* @__PURE__ */ new Float32Array(8);
			for (let e = 0; e < 4; e++) c[e * 2] = e % 2 ? 1 : 0, c[e * 2 + 1] = +(e > 1);
			let d = [
				ub.X,
				ub.Y,
				ub.Z
			].includes(t.renderable.getSlicingMode()) ? S : C, f = i.getSpatialExtent(), p = a.getData(), m = null;
			if (x === ub.I) {
				m = new p.constructor(e[2] * e[1] * s);
				let t = 0;
				for (let n = 0; n < e[2]; n++) for (let r = 0; r < e[1]; r++) {
					let i = (T + r * e[0] + n * e[0] * e[1]) * s;
					t = (n * e[1] + r) * s;
					let a = i + s;
					for (; i < a;) m[t++] = p[i++];
				}
				e[0] = e[1], e[1] = e[2], r[0] = d, r[1] = f[2], r[2] = f[4], r[3] = d, r[4] = f[3], r[5] = f[4], r[6] = d, r[7] = f[2], r[8] = f[5], r[9] = d, r[10] = f[3], r[11] = f[5];
			} else if (x === ub.J) {
				m = new p.constructor(e[2] * e[0] * s);
				let t = 0;
				for (let n = 0; n < e[2]; n++) for (let r = 0; r < e[0]; r++) {
					let i = (r + T * e[0] + n * e[0] * e[1]) * s;
					t = (n * e[0] + r) * s;
					let a = i + s;
					for (; i < a;) m[t++] = p[i++];
				}
				e[1] = e[2], r[0] = f[0], r[1] = d, r[2] = f[4], r[3] = f[1], r[4] = d, r[5] = f[4], r[6] = f[0], r[7] = d, r[8] = f[5], r[9] = f[1], r[10] = d, r[11] = f[5];
			} else x === ub.K || x === ub.NONE ? (m = p.subarray(T * n, (T + 1) * n), r[0] = f[0], r[1] = f[2], r[2] = d, r[3] = f[1], r[4] = f[2], r[5] = d, r[6] = f[0], r[7] = f[3], r[8] = d, r[9] = f[1], r[10] = f[3], r[11] = d) : lb("Reformat slicing not yet supported.");
			let h = a.getRanges();
			t.openGLTexture.resetFormatAndType(), t.openGLTexture.create2DFilterableFromRaw({
				width: e[0],
				height: e[1],
				numComps: s,
				dataType: a.getDataType(),
				data: m,
				preferSizeOverAccuracy: !!t.renderable.getPreferSizeOverAccuracy?.(),
				ranges: h
			}), t.openGLTexture.activate(), t.openGLTexture.sendParameters(), t.openGLTexture.deactivate();
			let g = q.newInstance({
				numberOfComponents: 3,
				values: r
			});
			g.setName("points");
			let _ = q.newInstance({
				numberOfComponents: 2,
				values: c
			});
			_.setName("tcoords");
			let v = /* @__PURE__ */ new Uint16Array(8);
			v[0] = 3, v[1] = 0, v[2] = 1, v[3] = 3, v[4] = 3, v[5] = 0, v[6] = 3, v[7] = 2;
			let y = q.newInstance({
				numberOfComponents: 1,
				values: v
			});
			t.tris.getCABO().createVBO(y, "polys", I_.SURFACE, {
				points: g,
				tcoords: _,
				cellOffset: 0
			}), t.VBOBuildTime.modified(), t.VBOBuildString = E;
		}
	}, e.updateLabelOutlineOpacityTexture = (n) => {
		let r = n.getProperty().getLabelOutlineOpacity();
		typeof r == "number" && (r = t._cachedLabelOutlineOpacityObj?.[0] === r ? t._cachedLabelOutlineOpacityObj : [r], t._cachedLabelOutlineOpacityObj = r);
		let i = t._openGLRenderWindow.getGraphicsResourceForObject(r), a = `${r.join("-")}`;
		if (!i?.oglObject?.getHandle() || i?.hash !== a) {
			let n = t.renderable.getLabelOutlineTextureWidth();
			n <= 0 && (n = t.context.getParameter(t.context.MAX_TEXTURE_SIZE));
			let i = n * 1, o = new Float32Array(i);
			for (let e = 0; e < n; ++e) o[e] = r[e] ?? r[0];
			t.labelOutlineOpacityTexture = A_.newInstance({ resizable: !1 }), t.labelOutlineOpacityTexture.setOpenGLRenderWindow(t._openGLRenderWindow), t.labelOutlineOpacityTexture.resetFormatAndType(), t.labelOutlineOpacityTexture.setMinificationFilter(i_.NEAREST), t.labelOutlineOpacityTexture.setMagnificationFilter(i_.NEAREST), t.labelOutlineOpacityTexture.create2DFromRaw({
				width: n,
				height: 1,
				numComps: 1,
				dataType: K.FLOAT,
				data: o
			}), r && (t._openGLRenderWindow.setGraphicsResourceForObject(r, t.labelOutlineOpacityTexture, a), r !== t._labelOutlineOpacity && (t._openGLRenderWindow.registerGraphicsResourceUser(r, e), t._openGLRenderWindow.unregisterGraphicsResourceUser(t._labelOutlineOpacity, e)), t._labelOutlineOpacity = r);
		} else t.labelOutlineOpacityTexture = i.oglObject;
	}, e.updatelabelOutlineThicknessTexture = (n) => {
		let r = n.getProperty().getLabelOutlineThicknessByReference(), i = t._openGLRenderWindow.getGraphicsResourceForObject(r), a = `${r.join("-")}`;
		if (!i?.oglObject?.getHandle() || i?.hash !== a) {
			let n = t.renderable.getLabelOutlineTextureWidth();
			n <= 0 && (n = t.context.getParameter(t.context.MAX_TEXTURE_SIZE));
			let i = n * 1, o = new Uint8Array(i);
			for (let e = 0; e < n; ++e) o[e] = r[e] === void 0 ? r[0] : r[e];
			t.labelOutlineThicknessTexture = A_.newInstance({ resizable: !1 }), t.labelOutlineThicknessTexture.setOpenGLRenderWindow(t._openGLRenderWindow), t.labelOutlineThicknessTexture.resetFormatAndType(), t.labelOutlineThicknessTexture.setMinificationFilter(i_.NEAREST), t.labelOutlineThicknessTexture.setMagnificationFilter(i_.NEAREST), t.labelOutlineThicknessTexture.create2DFromRaw({
				width: n,
				height: 1,
				numComps: 1,
				dataType: K.UNSIGNED_CHAR,
				data: o
			}), r && (t._openGLRenderWindow.setGraphicsResourceForObject(r, t.labelOutlineThicknessTexture, a), r !== t._labelOutlineThicknessArray && (t._openGLRenderWindow.registerGraphicsResourceUser(r, e), t._openGLRenderWindow.unregisterGraphicsResourceUser(t._labelOutlineThicknessArray, e)), t._labelOutlineThicknessArray = r);
		} else t.labelOutlineThicknessTexture = i.oglObject;
	}, e.getRenderTargetSize = () => {
		if (t._useSmallViewport) return [t._smallViewportWidth, t._smallViewportHeight];
		let { usize: e, vsize: n } = t._openGLRenderer.getTiledSizeAndOrigin();
		return [e, n];
	}, e.getRenderTargetOffset = () => {
		let { lowerLeftU: e, lowerLeftV: n } = t._openGLRenderer.getTiledSizeAndOrigin();
		return [e, n];
	}, e.delete = Ra(() => {
		t._openGLRenderWindow && n(t._openGLRenderWindow);
	}, e.delete);
}
var pb = {
	VBOBuildTime: 0,
	VBOBuildString: null,
	openGLTexture: null,
	tris: null,
	imagemat: null,
	imagematinv: null,
	colorTexture: null,
	pwfTexture: null,
	labelOutlineThicknessTexture: null,
	labelOutlineOpacityTexture: null,
	lastHaveSeenDepthRequest: !1,
	haveSeenDepthRequest: !1,
	lastTextureComponents: 0
};
function mb(e, t, n = {}) {
	Object.assign(t, pb, n), g_.extend(e, t, n), sb.implementReplaceShaderCoincidentOffset(e, t, n), sb.implementBuildShadersWithReplacements(e, t, n), t.tris = Tv.newInstance(), t.imagemat = F(/* @__PURE__ */ new Float64Array(16)), t.imagematinv = F(/* @__PURE__ */ new Float64Array(16)), t.projectionToWorld = F(/* @__PURE__ */ new Float64Array(16)), t.idxToView = F(/* @__PURE__ */ new Float64Array(16)), t.idxNormalMatrix = cr(/* @__PURE__ */ new Float64Array(9)), t.modelToView = F(/* @__PURE__ */ new Float64Array(16)), t.projectionToView = F(/* @__PURE__ */ new Float64Array(16)), ka(e, t, []), t.VBOBuildTime = {}, Ca(t.VBOBuildTime), fb(e, t);
}
var hb = La(mb, "vtkOpenGLImageMapper"), gb = {
	newInstance: hb,
	extend: mb
};
Jg("vtkAbstractImageMapper", hb);
// node_modules/@kitware/vtk.js/Rendering/OpenGL/ImageSlice.js
function _b(e, t) {
	t.classHierarchy.push("vtkOpenGLImageSlice"), e.buildPass = (n) => {
		if (t.renderable && t.renderable.getVisibility() && n) {
			if (!t.renderable) return;
			t._openGLRenderWindow = e.getLastAncestorOfType("vtkOpenGLRenderWindow"), t._openGLRenderer = e.getFirstAncestorOfType("vtkOpenGLRenderer"), t.context = t._openGLRenderWindow.getContext(), e.prepareNodes(), e.addMissingNode(t.renderable.getMapper()), e.removeUnusedNodes();
		}
	}, e.traverseZBufferPass = (n) => {
		t.renderable && t.renderable.getNestedVisibility() && (!t._openGLRenderer.getSelector() || t.renderable.getNestedPickable()) && (e.apply(n, !0), t.children.forEach((e) => {
			e.traverse(n);
		}), e.apply(n, !1));
	}, e.traverseOpaqueZBufferPass = (t) => e.traverseOpaquePass(t), e.traverseOpaquePass = (n) => {
		t.renderable && t.renderable.getNestedVisibility() && t.renderable.getIsOpaque() && (!t._openGLRenderer.getSelector() || t.renderable.getNestedPickable()) && (e.apply(n, !0), t.children.forEach((e) => {
			e.traverse(n);
		}), e.apply(n, !1));
	}, e.traverseTranslucentPass = (n) => {
		!t.renderable || !t.renderable.getNestedVisibility() || t.renderable.getIsOpaque() || t._openGLRenderer.getSelector() && !t.renderable.getNestedPickable() || (e.apply(n, !0), t.children.forEach((e) => {
			e.traverse(n);
		}), e.apply(n, !1));
	}, e.queryPass = (e, n) => {
		if (e) {
			if (!t.renderable || !t.renderable.getVisibility()) return;
			t.renderable.getIsOpaque() ? n.incrementOpaqueActorCount() : n.incrementTranslucentActorCount();
		}
	}, e.zBufferPass = (t, n) => e.opaquePass(t, n), e.opaqueZBufferPass = (t, n) => e.opaquePass(t, n), e.opaquePass = (e, n) => {
		e && t.context.depthMask(!0);
	}, e.translucentPass = (e, n) => {
		t.context.depthMask(!e);
	}, e.getKeyMatrices = () => (t.renderable.getMTime() > t.keyMatrixTime.getMTime() && (fr(t.keyMatrices.mcwc, t.renderable.getMatrix()), pr(t.keyMatrices.mcwc, t.keyMatrices.mcwc), t.keyMatrixTime.modified()), t.keyMatrices);
}
var vb = {
	context: null,
	keyMatrixTime: null,
	keyMatrices: null
};
function yb(e, t, n = {}) {
	Object.assign(t, vb, n), g_.extend(e, t, n), t.keyMatrixTime = {}, Ca(t.keyMatrixTime, { mtime: 0 }), t.keyMatrices = { mcwc: F(/* @__PURE__ */ new Float64Array(16)) }, ka(e, t, ["context"]), _b(e, t);
}
var bb = La(yb, "vtkOpenGLImageSlice"), xb = {
	newInstance: bb,
	extend: yb
};
Jg("vtkImageSlice", bb);
// node_modules/@kitware/vtk.js/Rendering/OpenGL/Renderer.js
var { vtkDebugMacro: Sb } = Ji;
function Cb(e, t) {
	t.classHierarchy.push("vtkOpenGLRenderer"), e.buildPass = (n) => {
		if (n) {
			if (!t.renderable) return;
			e.updateLights(), e.prepareNodes(), e.addMissingNode(t.renderable.getActiveCamera()), e.addMissingNodes(t.renderable.getViewPropsWithNestedProps(), !0), e.removeUnusedNodes();
		}
	}, e.updateLights = () => {
		let e = 0, n = t.renderable.getLightsByReference();
		for (let t = 0; t < n.length; ++t) n[t].getSwitch() > 0 && e++;
		return e || (Sb("No lights are on, creating one."), t.renderable.createLight()), e;
	}, e.zBufferPass = (n) => {
		if (n) {
			let n = 0, r = t.context;
			t.renderable.getTransparent() || (t.context.clearColor(1, 0, 0, 1), n |= r.COLOR_BUFFER_BIT), t.renderable.getPreserveDepthBuffer() || (r.clearDepth(1), n |= r.DEPTH_BUFFER_BIT, t.context.depthMask(!0));
			let i = e.getTiledSizeAndOrigin();
			r.enable(r.SCISSOR_TEST), r.scissor(i.lowerLeftU, i.lowerLeftV, i.usize, i.vsize), r.viewport(i.lowerLeftU, i.lowerLeftV, i.usize, i.vsize), r.colorMask(!0, !0, !0, !0), n && r.clear(n), r.enable(r.DEPTH_TEST);
		}
	}, e.opaqueZBufferPass = (t) => e.zBufferPass(t), e.cameraPass = (t) => {
		t && e.clear();
	}, e.getAspectRatio = () => {
		let e = t._parent.getSizeByReference(), n = t.renderable.getViewportByReference();
		return e[0] * (n[2] - n[0]) / ((n[3] - n[1]) * e[1]);
	}, e.getTiledSizeAndOrigin = () => {
		let e = t.renderable.getViewportByReference(), n = [
			0,
			0,
			1,
			1
		], r = e[0] - n[0], i = e[1] - n[1], a = t._parent.normalizedDisplayToDisplay(r, i), o = Math.round(a[0]), s = Math.round(a[1]), c = e[2] - n[0], l = e[3] - n[1], u = t._parent.normalizedDisplayToDisplay(c, l), d = Math.round(u[0]) - o, f = Math.round(u[1]) - s;
		return d < 0 && (d = 0), f < 0 && (f = 0), {
			usize: d,
			vsize: f,
			lowerLeftU: o,
			lowerLeftV: s
		};
	}, e.clear = () => {
		let n = 0, r = t.context;
		if (!t.renderable.getTransparent()) {
			let e = t.renderable.getBackgroundByReference();
			r.clearColor(e[0], e[1], e[2], e[3]), n |= r.COLOR_BUFFER_BIT;
		}
		t.renderable.getPreserveDepthBuffer() || (r.clearDepth(1), n |= r.DEPTH_BUFFER_BIT, r.depthMask(!0)), r.colorMask(!0, !0, !0, !0);
		let i = e.getTiledSizeAndOrigin();
		r.enable(r.SCISSOR_TEST), r.scissor(i.lowerLeftU, i.lowerLeftV, i.usize, i.vsize), r.viewport(i.lowerLeftU, i.lowerLeftV, i.usize, i.vsize), n && r.clear(n), r.enable(r.DEPTH_TEST);
	}, e.releaseGraphicsResources = () => {
		t.selector !== null && t.selector.releaseGraphicsResources(), t.renderable && t.renderable.getViewProps().forEach((e) => {
			e.modified();
		});
	}, e.setOpenGLRenderWindow = (n) => {
		t._openGLRenderWindow !== n && (e.releaseGraphicsResources(), t._openGLRenderWindow = n, t.context = null, n && (t.context = t._openGLRenderWindow.getContext()));
	};
}
var wb = {
	context: null,
	_openGLRenderWindow: null,
	selector: null
};
function Tb(e, t, n = {}) {
	Object.assign(t, wb, n), g_.extend(e, t, n), Ta(e, t, ["shaderCache"]), ka(e, t, ["selector"]), Na(e, t, ["openGLRenderWindow"]), Cb(e, t);
}
var Eb = La(Tb, "vtkOpenGLRenderer"), Db = {
	newInstance: Eb,
	extend: Tb
};
Jg("vtkRenderer", Eb);
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/vtkClasses/vtkStreamingOpenGLViewNodeFactory.js
var Ob = Object.create(null);
function kb(e, t) {
	Ob[e] = t;
}
function Ab(e, t) {
	t.classHierarchy.push("vtkStreamingOpenGLViewNodeFactory"), e.createNode = (n) => {
		if (n.isDeleted()) return null;
		let r = 0, i = n.getClassName(r++), a = !1, o = Object.keys(t.overrides);
		for (; i && !a;) o.includes(i) ? a = !0 : i = n.getClassName(r++);
		if (!a) return null;
		let s = t.getModelInitialValues(n), c = t.overrides[i](s);
		return c.setMyFactory(e), c;
	}, t.overrides = Ob, t.getModelInitialValues = (e) => {
		let t = {}, n = e.getClassName();
		return n === "vtkSharedVolumeMapper" && (t.scalarTexture = e.getScalarTexture()), n === "vtkSharedImageResliceMapper" && (t.scalarTexture = e.getScalarTexture()), t;
	};
}
var jb = {};
function Mb(e, t, n = {}) {
	Object.assign(t, jb, n), Kg.extend(e, t, n), Ab(e, t), kb("vtkActor", Zy.newInstance), kb("vtkActor2D", Af.newInstance), kb("vtkCamera", nb.newInstance), kb("vtkGlyph3DMapper", Af.newInstance), kb("vtkImageMapper", gb.newInstance), kb("vtkImageCPRMapper", Af.newInstance), kb("vtkImageResliceMapper", Af.newInstance), kb("vtkImageSlice", xb.newInstance), kb("vtkMapper", Af.newInstance), kb("vtkPixelSpaceCallbackMapper", Af.newInstance), kb("vtkRenderer", Db.newInstance), kb("vtkSkybox", Af.newInstance), kb("vtkSphereMapper", Af.newInstance), kb("vtkStickMapper", Af.newInstance), kb("vtkTexture", A_.newInstance), kb("vtkVolume", Af.newInstance), kb("vtkVolumeMapper", Af.newInstance), kb("vtkSharedVolumeMapper", Af.newInstance), kb("vtkSharedImageResliceMapper", Af.newInstance);
}
var Nb = {
	newInstance: V.newInstance(Mb, "vtkStreamingOpenGLViewNodeFactory"),
	extend: Mb
};
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/vtkClasses/vtkStreamingOpenGLRenderWindow.js
function Pb(e, t) {
	t.classHierarchy.push("vtkStreamingOpenGLRenderWindow");
}
function Fb(e, t, n = {}) {
	Object.assign(t, n), Ky.extend(e, t, n), t.myFactory = Nb.newInstance(), kb("vtkRenderWindow", Ib), Pb(e, t);
}
var Ib = V.newInstance(Fb, "vtkStreamingOpenGLRenderWindow"), Lb = {
	newInstance: Ib,
	extend: Fb
}, Rb = [
	"HeadLight",
	"CameraLight",
	"SceneLight"
];
function zb(e, t) {
	t.classHierarchy.push("vtkLight");
	let n = /* @__PURE__ */ new Float64Array(3);
	e.getTransformedPosition = () => (t.transformMatrix ? R(n, t.position, t.transformMatrix) : Ir(n, t.position[0], t.position[1], t.position[2]), n), e.getTransformedFocalPoint = () => (t.transformMatrix ? R(n, t.focalPoint, t.transformMatrix) : Ir(n, t.focalPoint[0], t.focalPoint[1], t.focalPoint[2]), n), e.getDirection = () => (t.directionMTime < t.mtime && (Xr(t.direction, t.focalPoint, t.position), Zo(t.direction), t.directionMTime = t.mtime), t.direction), e.setDirection = (e) => {
		let n = /* @__PURE__ */ new Float64Array(3);
		Xr(n, t.position, e), t.focalPoint = n;
	}, e.setDirectionAngle = (t, n) => {
		let r = xo(t), i = xo(n);
		e.setPosition(Math.cos(r) * Math.sin(i), Math.sin(r), Math.cos(r) * Math.cos(i)), e.setFocalPoint(0, 0, 0), e.setPositional(0);
	}, e.setLightTypeToHeadLight = () => {
		e.setLightType("HeadLight");
	}, e.setLightTypeToCameraLight = () => {
		e.setLightType("CameraLight");
	}, e.setLightTypeToSceneLight = () => {
		e.setTransformMatrix(null), e.setLightType("SceneLight");
	}, e.lightTypeIsHeadLight = () => t.lightType === "HeadLight", e.lightTypeIsSceneLight = () => t.lightType === "SceneLight", e.lightTypeIsCameraLight = () => t.lightType === "CameraLight";
}
var Bb = {
	switch: !0,
	intensity: 1,
	color: [
		1,
		1,
		1
	],
	position: [
		0,
		0,
		1
	],
	focalPoint: [
		0,
		0,
		0
	],
	positional: !1,
	exponent: 1,
	coneAngle: 30,
	coneFalloff: 5,
	attenuationValues: [
		1,
		0,
		0
	],
	transformMatrix: null,
	lightType: "SceneLight",
	shadowAttenuation: 1,
	direction: [
		0,
		0,
		0
	],
	directionMTime: 0
};
function Vb(e, t, n = {}) {
	Object.assign(t, Bb, n), V.obj(e, t), V.setGet(e, t, [
		"intensity",
		"switch",
		"positional",
		"exponent",
		"coneAngle",
		"coneFalloff",
		"transformMatrix",
		"lightType",
		"shadowAttenuation",
		"attenuationValues"
	]), V.setGetArray(e, t, [
		"color",
		"position",
		"focalPoint",
		"attenuationValues"
	], 3), zb(e, t);
}
var Hb = {
	newInstance: V.newInstance(Vb, "vtkLight"),
	extend: Vb,
	LIGHT_TYPES: Rb
}, { vtkErrorMacro: Ub } = V;
function Wb(e) {
	return () => Ub(`vtkViewport::${e} - NOT IMPLEMENTED`);
}
function Gb(e, t) {
	t.classHierarchy.push("vtkViewport"), e.getViewProps = () => t.props, e.hasViewProp = (e) => t.props.includes(e), e.addViewProp = (n) => {
		n && !e.hasViewProp(n) && t.props.push(n);
	}, e.removeViewProp = (e) => {
		let n = t.props.filter((t) => t !== e);
		t.props.length !== n.length && (t.props = n);
	}, e.removeAllViewProps = () => {
		t.props = [];
	};
	function n(e, t = []) {
		t.push(e);
		let r = e.getNestedProps();
		if (r && r.length) for (let e = 0; e < r.length; e++) n(r[e], t);
		return t;
	}
	e.getViewPropsWithNestedProps = () => {
		let e = [];
		t.actors2D = [];
		for (let r = 0; r < t.props.length; r++) {
			let i = t.props[r].getActors2D();
			i && (!Array.isArray(i) || i.length > 0) ? t.actors2D = t.actors2D.concat(i) : n(t.props[r], e);
		}
		return t.actors2D.sort((e, t) => e.getLayerNumber() - t.getLayerNumber()), e = e.concat(t.actors2D), e;
	}, e.addActor2D = e.addViewProp, e.removeActor2D = (t) => {
		e.removeViewProp(t);
	}, e.getActors2D = () => (t.actors2D = [], t.props.forEach((e) => {
		t.actors2D = t.actors2D.concat(e.getActors2D());
	}), t.actors2D), e.displayToView = () => Ub("call displayToView on your view instead"), e.viewToDisplay = () => Ub("callviewtodisplay on your view instead"), e.getSize = () => Ub("call getSize on your View instead"), e.normalizedDisplayToProjection = (t, n, r) => {
		let i = e.normalizedDisplayToNormalizedViewport(t, n, r);
		return e.normalizedViewportToProjection(i[0], i[1], i[2]);
	}, e.normalizedDisplayToNormalizedViewport = (e, n, r) => {
		let i = [t.viewport[2] - t.viewport[0], t.viewport[3] - t.viewport[1]];
		return [
			(e - t.viewport[0]) / i[0],
			(n - t.viewport[1]) / i[1],
			r
		];
	}, e.normalizedViewportToProjection = (e, t, n) => [
		e * 2 - 1,
		t * 2 - 1,
		n * 2 - 1
	], e.projectionToNormalizedDisplay = (t, n, r) => {
		let i = e.projectionToNormalizedViewport(t, n, r);
		return e.normalizedViewportToNormalizedDisplay(i[0], i[1], i[2]);
	}, e.normalizedViewportToNormalizedDisplay = (e, n, r) => {
		let i = [t.viewport[2] - t.viewport[0], t.viewport[3] - t.viewport[1]];
		return [
			e * i[0] + t.viewport[0],
			n * i[1] + t.viewport[1],
			r
		];
	}, e.projectionToNormalizedViewport = (e, t, n) => [
		(e + 1) * .5,
		(t + 1) * .5,
		(n + 1) * .5
	], e.PickPropFrom = Wb("PickPropFrom");
}
var Kb = {
	background: [
		0,
		0,
		0
	],
	background2: [
		.2,
		.2,
		.2
	],
	gradientBackground: !1,
	viewport: [
		0,
		0,
		1,
		1
	],
	aspect: [1, 1],
	pixelAspect: [1, 1],
	props: [],
	actors2D: []
};
function qb(e, t, n = {}) {
	Object.assign(t, Kb, n), V.obj(e, t), V.event(e, t, "event"), V.setGet(e, t, ["gradientBackground"]), V.setGetArray(e, t, ["viewport"], 4), V.setGetArray(e, t, ["background", "background2"], 3), Gb(e, t);
}
var Jb = {
	newInstance: V.newInstance(qb, "vtkViewport"),
	extend: qb
}, { vtkDebugMacro: Yb, vtkErrorMacro: Xb, vtkWarningMacro: Zb } = Ji;
function Qb(e) {
	return () => Xb(`vtkRenderer::${e} - NOT IMPLEMENTED`);
}
function $b(e, t) {
	t.classHierarchy.push("vtkRenderer");
	let n = {
		type: "ComputeVisiblePropBoundsEvent",
		renderer: e
	}, r = {
		type: "ResetCameraClippingRangeEvent",
		renderer: e
	}, i = {
		type: "ResetCameraEvent",
		renderer: e
	};
	e.updateCamera = () => (t.activeCamera || (Yb("No cameras are on, creating one."), e.getActiveCameraAndResetIfCreated()), t.activeCamera.render(e), !0), e.updateLightsGeometryToFollowCamera = () => {
		let n = e.getActiveCameraAndResetIfCreated();
		t.lights.forEach((e) => {
			e.lightTypeIsSceneLight() || (e.lightTypeIsHeadLight() ? (e.setPositionFrom(n.getPositionByReference()), e.setFocalPointFrom(n.getFocalPointByReference()), e.modified(n.getMTime())) : e.lightTypeIsCameraLight() ? e.setTransformMatrix(n.getCameraLightTransformMatrix(dr())) : Xb("light has unknown light type", e.get()));
		});
	}, e.updateLightGeometry = () => !t.lightFollowCamera || e.updateLightsGeometryToFollowCamera(), e.allocateTime = Qb("allocateTime"), e.updateGeometry = Qb("updateGeometry"), e.getVTKWindow = () => t._renderWindow, e.setLayer = (n) => {
		Yb(e.getClassName(), e, "setting Layer to ", n), t.layer !== n && (t.layer = n, e.modified()), e.setPreserveColorBuffer(!!n);
	}, e.setActiveCamera = (n) => t.activeCamera !== n && (t.activeCamera = n, e.modified(), e.invokeEvent({
		type: "ActiveCameraEvent",
		camera: n
	}), !0), e.makeCamera = () => {
		let t = Ou.newInstance();
		return e.invokeEvent({
			type: "CreateCameraEvent",
			camera: t
		}), t;
	}, e.getActiveCamera = () => (t.activeCamera ||= e.makeCamera(), t.activeCamera), e.getActiveCameraAndResetIfCreated = () => (t.activeCamera || (e.getActiveCamera(), e.resetCamera()), t.activeCamera), e.getActors = () => (t.actors = [], t.props.forEach((e) => {
		t.actors = t.actors.concat(e.getActors());
	}), t.actors), e.addActor = e.addViewProp, e.removeActor = (n) => {
		t.actors = t.actors.filter((e) => e !== n), e.removeViewProp(n), e.modified();
	}, e.removeAllActors = () => {
		e.getActors().forEach((t) => {
			e.removeViewProp(t);
		}), t.actors = [], e.modified();
	}, e.getVolumes = () => (t.volumes = [], t.props.forEach((e) => {
		t.volumes = t.volumes.concat(e.getVolumes());
	}), t.volumes), e.addVolume = e.addViewProp, e.removeVolume = (n) => {
		t.volumes = t.volumes.filter((e) => e !== n), e.removeViewProp(n), e.modified();
	}, e.removeAllVolumes = () => {
		e.getVolumes().forEach((t) => {
			e.removeViewProp(t);
		}), t.volumes = [], e.modified();
	}, e.hasLight = (e) => t.lights.includes(e), e.addLight = (n) => {
		n && !e.hasLight(n) && (t.lights.push(n), e.modified());
	}, e.removeLight = (n) => {
		t.lights = t.lights.filter((e) => e !== n), e.modified();
	}, e.removeAllLights = () => {
		t.lights = [], e.modified();
	}, e.setLightCollection = (n) => {
		t.lights = n, e.modified();
	}, e.makeLight = Hb.newInstance, e.createLight = () => {
		t.automaticLightCreation && (t._createdLight &&= (e.removeLight(t._createdLight), t._createdLight.delete(), null), t._createdLight = e.makeLight(), e.addLight(t._createdLight), t._createdLight.setLightTypeToHeadLight(), t._createdLight.setPosition(e.getActiveCamera().getPosition()), t._createdLight.setFocalPoint(e.getActiveCamera().getFocalPoint()));
	}, e.normalizedDisplayToWorld = (t, n, r, i) => {
		let a = e.normalizedDisplayToProjection(t, n, r);
		return a = e.projectionToView(a[0], a[1], a[2], i), e.viewToWorld(a[0], a[1], a[2]);
	}, e.worldToNormalizedDisplay = (t, n, r, i) => {
		let a = e.worldToView(t, n, r);
		return a = e.viewToProjection(a[0], a[1], a[2], i), e.projectionToNormalizedDisplay(a[0], a[1], a[2]);
	}, e.viewToWorld = (e, n, r) => {
		if (t.activeCamera === null) return Xb("ViewToWorld: no active camera, cannot compute view to world, returning 0,0,0"), [
			0,
			0,
			0
		];
		let i = t.activeCamera.getViewMatrix();
		mr(i, i), pr(i, i);
		let a = new Float64Array([
			e,
			n,
			r
		]);
		return R(a, a, i), a;
	}, e.projectionToView = (e, n, r, i) => {
		if (t.activeCamera === null) return Xb("ProjectionToView: no active camera, cannot compute projection to view, returning 0,0,0"), [
			0,
			0,
			0
		];
		let a = t.activeCamera.getProjectionMatrix(i, -1, 1);
		mr(a, a), pr(a, a);
		let o = new Float64Array([
			e,
			n,
			r
		]);
		return R(o, o, a), o;
	}, e.worldToView = (e, n, r) => {
		if (t.activeCamera === null) return Xb("WorldToView: no active camera, cannot compute view to world, returning 0,0,0"), [
			0,
			0,
			0
		];
		let i = t.activeCamera.getViewMatrix();
		pr(i, i);
		let a = new Float64Array([
			e,
			n,
			r
		]);
		return R(a, a, i), a;
	}, e.viewToProjection = (e, n, r, i) => {
		if (t.activeCamera === null) return Xb("ViewToProjection: no active camera, cannot compute view to projection, returning 0,0,0"), [
			0,
			0,
			0
		];
		let a = t.activeCamera.getProjectionMatrix(i, -1, 1);
		pr(a, a);
		let o = new Float64Array([
			e,
			n,
			r
		]);
		return R(o, o, a), o;
	}, e.computeVisiblePropBounds = () => {
		t.allBounds[0] = G.INIT_BOUNDS[0], t.allBounds[1] = G.INIT_BOUNDS[1], t.allBounds[2] = G.INIT_BOUNDS[2], t.allBounds[3] = G.INIT_BOUNDS[3], t.allBounds[4] = G.INIT_BOUNDS[4], t.allBounds[5] = G.INIT_BOUNDS[5];
		let r = !0;
		e.invokeEvent(n);
		for (let e = 0; e < t.props.length; ++e) {
			let n = t.props[e];
			if (n.getVisibility() && n.getUseBounds()) {
				let e = n.getBounds();
				e && Qs(e) && (r = !1, e[0] < t.allBounds[0] && (t.allBounds[0] = e[0]), e[1] > t.allBounds[1] && (t.allBounds[1] = e[1]), e[2] < t.allBounds[2] && (t.allBounds[2] = e[2]), e[3] > t.allBounds[3] && (t.allBounds[3] = e[3]), e[4] < t.allBounds[4] && (t.allBounds[4] = e[4]), e[5] > t.allBounds[5] && (t.allBounds[5] = e[5]));
			}
		}
		return r && (Zs(t.allBounds), Yb("Can't compute bounds, no 3D props are visible")), t.allBounds;
	}, e.resetCamera = (n = null) => {
		let r = n || e.computeVisiblePropBounds(), a = [
			0,
			0,
			0
		];
		if (!Qs(r)) return Yb("Cannot reset camera!"), !1;
		let o = null;
		if (e.getActiveCamera()) o = t.activeCamera.getViewPlaneNormal();
		else return Xb("Trying to reset non-existent camera"), !1;
		t.activeCamera.setViewAngle(30), a[0] = (r[0] + r[1]) / 2, a[1] = (r[2] + r[3]) / 2, a[2] = (r[4] + r[5]) / 2;
		let s = r[1] - r[0], c = r[3] - r[2], l = r[5] - r[4];
		s *= s, c *= c, l *= l;
		let u = s + c + l;
		u = u === 0 ? 1 : u, u = Math.sqrt(u) * .5;
		let d = xo(t.activeCamera.getViewAngle()), f = u, p = u / Math.sin(d * .5), m = t.activeCamera.getViewUp();
		return Math.abs(U(m, o)) > .999 && (Zb("Resetting view-up since view plane normal is parallel"), t.activeCamera.setViewUp(-m[2], m[0], m[1])), t.activeCamera.setFocalPoint(a[0], a[1], a[2]), t.activeCamera.setPosition(a[0] + p * o[0], a[1] + p * o[1], a[2] + p * o[2]), e.resetCameraClippingRange(r), t.activeCamera.setParallelScale(f), t.activeCamera.setPhysicalScale(u), t.activeCamera.setPhysicalTranslation(-a[0], -a[1], -a[2]), e.invokeEvent(i), !0;
	}, e.resetCameraClippingRange = (n = null) => {
		let i = n || e.computeVisiblePropBounds();
		if (!Qs(i)) return Yb("Cannot reset camera clipping range!"), !1;
		if (e.getActiveCameraAndResetIfCreated(), !t.activeCamera) return Xb("Trying to reset clipping range of non-existent camera"), !1;
		let a = t.activeCamera.computeClippingRange(i), o = 0;
		if (t.activeCamera.getParallelProjection()) o = .2 * t.activeCamera.getParallelScale();
		else {
			let e = xo(t.activeCamera.getViewAngle());
			o = .2 * Math.tan(e / 2) * a[1];
		}
		return a[1] - a[0] < o && (o = o - a[1] + a[0], a[1] += o / 2, a[0] -= o / 2), a[0] < 0 && (a[0] = 0), a[0] = .99 * a[0] - (a[1] - a[0]) * t.clippingRangeExpansion, a[1] = 1.01 * a[1] + (a[1] - a[0]) * t.clippingRangeExpansion, a[0] = a[0] >= a[1] ? .01 * a[1] : a[0], t.nearClippingPlaneTolerance ||= .01, a[0] < t.nearClippingPlaneTolerance * a[1] && (a[0] = t.nearClippingPlaneTolerance * a[1]), t.activeCamera.setClippingRange(a[0], a[1]), e.invokeEvent(r), !1;
	}, e.setRenderWindow = (e) => {
		e !== t._renderWindow && (t._vtkWindow = e, t._renderWindow = e);
	}, e.visibleActorCount = () => t.props.filter((e) => e.getVisibility()).length, e.visibleVolumeCount = e.visibleActorCount, e.getMTime = () => {
		let e = t.mtime, n = t.activeCamera ? t.activeCamera.getMTime() : 0;
		n > e && (e = n);
		let r = t._createdLight ? t._createdLight.getMTime() : 0;
		return r > e && (e = r), e;
	}, e.getTransparent = () => !!t.preserveColorBuffer, e.isActiveCameraCreated = () => !!t.activeCamera;
}
var ex = {
	pickedProp: null,
	activeCamera: null,
	allBounds: [],
	ambient: [
		1,
		1,
		1
	],
	allocatedRenderTime: 100,
	timeFactor: 1,
	automaticLightCreation: !0,
	twoSidedLighting: !0,
	lastRenderTimeInSeconds: -1,
	renderWindow: null,
	lights: [],
	actors: [],
	volumes: [],
	lightFollowCamera: !0,
	numberOfPropsRendered: 0,
	propArray: null,
	pathArray: null,
	layer: 0,
	preserveColorBuffer: !1,
	preserveDepthBuffer: !1,
	computeVisiblePropBounds: hc(),
	interactive: !0,
	nearClippingPlaneTolerance: 0,
	clippingRangeExpansion: .05,
	erase: !0,
	draw: !0,
	useShadows: !1,
	useDepthPeeling: !1,
	occlusionRatio: 0,
	maximumNumberOfPeels: 4,
	selector: null,
	delegate: null,
	texturedBackground: !1,
	backgroundTexture: null,
	environmentTexture: null,
	environmentTextureDiffuseStrength: 1,
	environmentTextureSpecularStrength: 1,
	useEnvironmentTextureAsBackground: !1,
	pass: 0
};
function tx(e, t, n = {}) {
	for (Object.assign(t, ex, n), Jb.extend(e, t, n), t.background ||= [
		0,
		0,
		0,
		1
	]; t.background.length < 3;) t.background.push(0);
	t.background.length === 3 && t.background.push(1), Ta(e, t, [
		"_renderWindow",
		"allocatedRenderTime",
		"timeFactor",
		"lastRenderTimeInSeconds",
		"numberOfPropsRendered",
		"lastRenderingUsedDepthPeeling",
		"selector"
	]), ka(e, t, [
		"twoSidedLighting",
		"lightFollowCamera",
		"automaticLightCreation",
		"erase",
		"draw",
		"nearClippingPlaneTolerance",
		"clippingRangeExpansion",
		"backingStore",
		"interactive",
		"layer",
		"preserveColorBuffer",
		"preserveDepthBuffer",
		"useDepthPeeling",
		"occlusionRatio",
		"maximumNumberOfPeels",
		"delegate",
		"backgroundTexture",
		"texturedBackground",
		"environmentTexture",
		"environmentTextureDiffuseStrength",
		"environmentTextureSpecularStrength",
		"useEnvironmentTextureAsBackground",
		"useShadows",
		"pass"
	]), Aa(e, t, [
		"actors",
		"volumes",
		"lights"
	]), Ma(e, t, ["background"], 4, 1), Na(e, t, ["renderWindow"]), $b(e, t);
}
var nx = {
	newInstance: La(tx, "vtkRenderer"),
	extend: tx
}, rx = {
	Device: {
		Unknown: 0,
		LeftController: 1,
		RightController: 2
	},
	Input: {
		Unknown: 0,
		Trigger: 1,
		TrackPad: 2,
		Grip: 3,
		Thumbstick: 4,
		A: 5,
		B: 6,
		ApplicationMenu: 7
	},
	Axis: {
		Unknown: 0,
		TouchpadX: 1,
		TouchpadY: 2,
		ThumbstickX: 3,
		ThumbstickY: 4
	},
	MouseButton: {
		LeftButton: 1,
		MiddleButton: 2,
		RightButton: 3
	}
}, { Device: ix, Input: ax } = rx, { vtkWarningMacro: ox, vtkErrorMacro: sx, normalizeWheel: cx, vtkOnceErrorMacro: lx } = V, ux = {
	ctrlKey: !1,
	altKey: !1,
	shiftKey: !1
}, dx = { "xr-standard": [
	ax.Trigger,
	ax.Grip,
	ax.TrackPad,
	ax.Thumbstick,
	ax.A,
	ax.B
] }, fx = /* @__PURE__ */ "StartAnimation.Animation.EndAnimation.PointerEnter.PointerLeave.MouseEnter.MouseLeave.StartMouseMove.MouseMove.EndMouseMove.LeftButtonPress.LeftButtonRelease.MiddleButtonPress.MiddleButtonRelease.RightButtonPress.RightButtonRelease.KeyPress.KeyDown.KeyUp.StartMouseWheel.MouseWheel.EndMouseWheel.StartPinch.Pinch.EndPinch.StartPan.Pan.EndPan.StartRotate.Rotate.EndRotate.Button3D.Move3D.StartPointerLock.EndPointerLock.StartInteraction.Interaction.EndInteraction.AnimationFrameRateUpdate".split(".");
function px(e) {
	e.cancelable && e.preventDefault();
}
function mx(e) {
	let t = Object.create(null);
	return e.forEach(({ pointerId: e, position: n }) => {
		t[e] = n;
	}), t;
}
function hx(e, t) {
	t.classHierarchy.push("vtkRenderWindowInteractor");
	let n = { ...e }, r = /* @__PURE__ */ new Set(), i = /* @__PURE__ */ new Map(), a = 1, o = 0;
	e.start = () => {
		!t.initialized && (e.initialize(), !t.initialized) || e.startEventLoop();
	}, e.setRenderWindow = (e) => {
		sx("you want to call setView(view) instead of setRenderWindow on a vtk.js interactor");
	}, e.setInteractorStyle = (n) => {
		t.interactorStyle !== n && (t.interactorStyle != null && t.interactorStyle.setInteractor(null), t.interactorStyle = n, t.interactorStyle != null && t.interactorStyle.getInteractor() !== e && t.interactorStyle.setInteractor(e));
	}, e.initialize = () => {
		t.initialized = !0, e.enable(), e.render();
	}, e.enable = () => e.setEnabled(!0), e.disable = () => e.setEnabled(!1), e.startEventLoop = () => ox("empty event loop");
	function s(n, r) {
		t._forcedRenderer || (t.currentRenderer = e.findPokedRenderer(n, r));
	}
	e.getCurrentRenderer = () => (t.currentRenderer || s(0, 0), t.currentRenderer);
	function c(e) {
		let n = t._view.getCanvas(), r = n.getBoundingClientRect(), a = n.width / r.width, o = n.height / r.height, c = {
			x: a * (e.clientX - r.left),
			y: o * (r.height - e.clientY + r.top),
			z: 0,
			movementX: a * e.movementX,
			movementY: o * e.movementY
		};
		return (i.size <= 1 || !t.currentRenderer) && s(c.x, c.y), c;
	}
	let l = t._getScreenEventPositionFor || c;
	function u(e) {
		return {
			controlKey: e.ctrlKey,
			altKey: e.altKey,
			shiftKey: e.shiftKey
		};
	}
	function d(e) {
		let t = u(e);
		return {
			key: e.key,
			keyCode: e.charCode,
			...t
		};
	}
	function f(e) {
		return e.pointerType || "";
	}
	let p = () => {
		if (t.container === null) return;
		let { container: n } = t;
		n.addEventListener("contextmenu", px), n.addEventListener("wheel", e.handleWheel), n.addEventListener("DOMMouseScroll", e.handleWheel), n.addEventListener("pointerenter", e.handlePointerEnter), n.addEventListener("pointerleave", e.handlePointerLeave), n.addEventListener("pointermove", e.handlePointerMove, { passive: !1 }), n.addEventListener("pointerdown", e.handlePointerDown, { passive: !1 }), n.addEventListener("pointerup", e.handlePointerUp), n.addEventListener("pointercancel", e.handlePointerCancel), n.addEventListener("keypress", e.handleKeyPress), n.addEventListener("keydown", e.handleKeyDown), document.addEventListener("keyup", e.handleKeyUp), document.addEventListener("pointerlockchange", e.handlePointerLockChange), n.tabIndex = 0, n.style.touchAction = "none", n.style.userSelect = "none", n.style.webkitTapHighlightColor = "rgba(0,0,0,0)";
	};
	e.bindEvents = (e) => {
		e !== null && n.setContainer(e) && p();
	};
	let m = () => {
		clearTimeout(t.moveTimeoutID), clearTimeout(t.wheelTimeoutID), t.moveTimeoutID = 0, t.wheelTimeoutID = 0, a = 1;
		let { container: n } = t;
		n && (n.removeEventListener("contextmenu", px), n.removeEventListener("wheel", e.handleWheel), n.removeEventListener("DOMMouseScroll", e.handleWheel), n.removeEventListener("pointerenter", e.handlePointerEnter), n.removeEventListener("pointerleave", e.handlePointerLeave), n.removeEventListener("pointermove", e.handlePointerMove, { passive: !1 }), n.removeEventListener("pointerdown", e.handlePointerDown, { passive: !1 }), n.removeEventListener("pointerup", e.handlePointerUp), n.removeEventListener("pointercancel", e.handlePointerCancel), n.removeEventListener("keypress", e.handleKeyPress), n.removeEventListener("keydown", e.handleKeyDown)), document.removeEventListener("keyup", e.handleKeyUp), document.removeEventListener("pointerlockchange", e.handlePointerLockChange), i.clear(), o = 0;
	};
	e.unbindEvents = () => {
		m(), n.setContainer(null);
	}, e.handleKeyPress = (t) => {
		let n = d(t);
		e.keyPressEvent(n);
	}, e.handleKeyDown = (t) => {
		let n = d(t);
		e.keyDownEvent(n);
	}, e.handleKeyUp = (t) => {
		let n = d(t);
		e.keyUpEvent(n);
	}, e.handlePointerEnter = (t) => {
		let n = {
			...u(t),
			position: l(t),
			deviceType: f(t)
		};
		e.pointerEnterEvent(n), n.deviceType === "mouse" && e.mouseEnterEvent(n);
	}, e.handlePointerLeave = (t) => {
		let n = {
			...u(t),
			position: l(t),
			deviceType: f(t)
		};
		e.pointerLeaveEvent(n), n.deviceType === "mouse" && e.mouseLeaveEvent(n);
	}, e.handlePointerDown = (n) => {
		if (!(n.button > 2 || e.isPointerLocked())) switch (t.preventDefaultOnPointerDown && px(n), n.target.hasPointerCapture(n.pointerId) && n.target.releasePointerCapture(n.pointerId), t.container.setPointerCapture(n.pointerId), i.has(n.pointerId) && ox("[RenderWindowInteractor] duplicate pointerId detected"), i.set(n.pointerId, {
			pointerId: n.pointerId,
			position: l(n)
		}), n.pointerType) {
			case "pen":
			case "touch":
				e.handleTouchStart(n);
				break;
			default: e.handleMouseDown(n), o = n.buttons;
		}
	};
	function h(t, n, r) {
		n & ~r & 1 && e.leftButtonReleaseEvent(t), n & ~r & 4 && e.middleButtonReleaseEvent(t), n & ~r & 2 && e.rightButtonReleaseEvent(t), ~n & r & 1 && e.leftButtonPressEvent(t), ~n & r & 4 && e.middleButtonPressEvent(t), ~n & r & 2 && e.rightButtonPressEvent(t);
	}
	e.handlePointerUp = (n) => {
		if (i.has(n.pointerId)) switch (t.preventDefaultOnPointerUp && px(n), i.delete(n.pointerId), t.container.releasePointerCapture(n.pointerId), n.pointerType) {
			case "pen":
			case "touch":
				e.handleTouchEnd(n);
				break;
			default: {
				let t = [
					1,
					4,
					2
				][n.button] ?? 0;
				h({
					...u(n),
					position: l(n),
					deviceType: f(n)
				}, o & ~t, n.buttons & ~t), e.handleMouseUp(n), o = n.buttons;
				break;
			}
		}
	}, e.handlePointerCancel = (t) => {
		if (i.has(t.pointerId)) switch (i.delete(t.pointerId), t.pointerType) {
			case "pen":
			case "touch":
				e.handleTouchEnd(t);
				break;
			default: h({
				...u(t),
				position: l(t),
				deviceType: f(t)
			}, o, 0), o = 0;
		}
	}, e.handlePointerMove = (t) => {
		if (i.has(t.pointerId)) {
			let e = i.get(t.pointerId);
			e.position = l(t);
		}
		switch (t.pointerType) {
			case "pen":
			case "touch":
				e.handleTouchMove(t);
				break;
			default: {
				let n = t.buttons;
				n !== o && (h({
					...u(t),
					position: l(t),
					deviceType: f(t)
				}, o, n), o = n), e.handleMouseMove(t);
				break;
			}
		}
	}, e.handleMouseDown = (t) => {
		let n = {
			...u(t),
			position: l(t),
			deviceType: f(t)
		};
		switch (t.button) {
			case 0:
				e.leftButtonPressEvent(n);
				break;
			case 1:
				e.middleButtonPressEvent(n);
				break;
			case 2:
				e.rightButtonPressEvent(n);
				break;
			default: sx(`Unknown mouse button pressed: ${t.button}`);
		}
	}, e.requestPointerLock = () => {
		if (t.container) return t.container.requestPointerLock();
	}, e.exitPointerLock = () => document.exitPointerLock?.(), e.isPointerLocked = () => !!t.container && document.pointerLockElement === t.container, e.handlePointerLockChange = () => {
		e.isPointerLocked() ? e.startPointerLockEvent() : e.endPointerLockEvent();
	};
	function g() {
		t._view && t.enabled && t.enableRender && (t.inRender = !0, t._view.traverseAllPasses(), t.inRender = !1), e.invokeRenderEvent();
	}
	e.requestAnimation = (n) => {
		n === void 0 ? sx("undefined requester, can not start animating") : r.has(n) ? ox("requester is already registered for animating") : (r.add(n), !t.animationRequest && r.size === 1 && !t.xrAnimation && (t._animationStartTime = Date.now(), t._animationFrameCount = 0, t.animationRequest = requestAnimationFrame(e.handleAnimation), e.startAnimationEvent()));
	}, e.extendAnimation = (n) => {
		let i = Date.now() + n;
		t._animationExtendedEnd = Math.max(t._animationExtendedEnd, i), !t.animationRequest && r.size === 0 && !t.xrAnimation && (t._animationStartTime = Date.now(), t._animationFrameCount = 0, t.animationRequest = requestAnimationFrame(e.handleAnimation), e.startAnimationEvent());
	}, e.isAnimating = () => t.xrAnimation || t.animationRequest !== null, e.cancelAnimation = (n, i = !1) => {
		r.has(n) ? (r.delete(n), t.animationRequest && r.size === 0 && Date.now() > t._animationExtendedEnd && (cancelAnimationFrame(t.animationRequest), t.animationRequest = null, e.endAnimationEvent(), e.render())) : i || ox(`${n && n.getClassName ? n.getClassName() : n} did not request an animation`);
	}, e.switchToXRAnimation = () => {
		t.animationRequest &&= (cancelAnimationFrame(t.animationRequest), null), t.xrAnimation = !0;
	}, e.returnFromXRAnimation = () => {
		t.xrAnimation = !1, r.size !== 0 && (t.recentAnimationFrameRate = 10, t.animationRequest = requestAnimationFrame(e.handleAnimation));
	}, e.updateXRGamepads = (n, r, i) => {
		n.inputSources.forEach((n) => {
			let a = n.gripSpace == null ? null : r.getPose(n.gripSpace, i), o = n.gripSpace == null ? null : r.getPose(n.targetRaySpace, i), s = n.gamepad, c = n.handedness;
			if (s) {
				s.index in t.lastGamepadValues || (t.lastGamepadValues[s.index] = {
					left: { buttons: {} },
					right: { buttons: {} },
					none: { buttons: {} }
				});
				for (let r = 0; r < s.buttons.length; ++r) r in t.lastGamepadValues[s.index][c].buttons || (t.lastGamepadValues[s.index][c].buttons[r] = !1), t.lastGamepadValues[s.index][c].buttons[r] !== s.buttons[r].pressed && a != null && (e.button3DEvent({
					gamepad: s,
					position: a.transform.position,
					orientation: a.transform.orientation,
					targetPosition: o.transform.position,
					targetOrientation: o.transform.orientation,
					pressed: s.buttons[r].pressed,
					device: n.handedness === "left" ? ix.LeftController : ix.RightController,
					input: dx[s.mapping] && dx[s.mapping][r] ? dx[s.mapping][r] : ax.Trigger
				}), t.lastGamepadValues[s.index][c].buttons[r] = s.buttons[r].pressed), t.lastGamepadValues[s.index][c].buttons[r] && a != null && e.move3DEvent({
					gamepad: s,
					position: a.transform.position,
					orientation: a.transform.orientation,
					targetPosition: o.transform.position,
					targetOrientation: o.transform.orientation,
					device: n.handedness === "left" ? ix.LeftController : ix.RightController
				});
			}
		});
	}, e.handleMouseMove = (n) => {
		let r = {
			...u(n),
			position: l(n),
			deviceType: f(n)
		};
		t.moveTimeoutID === 0 ? e.startMouseMoveEvent(r) : (e.mouseMoveEvent(r), clearTimeout(t.moveTimeoutID)), t.moveTimeoutID = setTimeout(() => {
			e.endMouseMoveEvent(), t.moveTimeoutID = 0;
		}, 200);
	}, e.handleAnimation = () => {
		let n = Date.now();
		t._animationFrameCount++, n - t._animationStartTime > 1e3 && t._animationFrameCount > 1 && (t.recentAnimationFrameRate = 1e3 * (t._animationFrameCount - 1) / (n - t._animationStartTime), t.lastFrameTime = 1 / t.recentAnimationFrameRate, e.animationFrameRateUpdateEvent(), t._animationStartTime = n, t._animationFrameCount = 1), e.animationEvent(), g(), r.size > 0 || Date.now() < t._animationExtendedEnd ? t.animationRequest = requestAnimationFrame(e.handleAnimation) : (cancelAnimationFrame(t.animationRequest), t.animationRequest = null, e.endAnimationEvent(), e.render());
	}, e.handleWheel = (n) => {
		px(n);
		let r = {
			...cx(n),
			...u(n),
			position: l(n),
			deviceType: f(n)
		};
		t.wheelTimeoutID === 0 && (a = Math.abs(r.spinY) >= .3 ? Math.abs(r.spinY) : 1), r.spinY /= a, t.wheelTimeoutID === 0 ? (e.startMouseWheelEvent(r), e.mouseWheelEvent(r)) : (e.mouseWheelEvent(r), clearTimeout(t.wheelTimeoutID)), t.mouseScrollDebounceByPass ? (e.extendAnimation(600), e.endMouseWheelEvent(), t.wheelTimeoutID = 0) : t.wheelTimeoutID = setTimeout(() => {
			e.extendAnimation(600), e.endMouseWheelEvent(), t.wheelTimeoutID = 0;
		}, 200);
	}, e.handleMouseUp = (t) => {
		let n = {
			...u(t),
			position: l(t),
			deviceType: f(t)
		};
		switch (t.button) {
			case 0:
				e.leftButtonReleaseEvent(n);
				break;
			case 1:
				e.middleButtonReleaseEvent(n);
				break;
			case 2:
				e.rightButtonReleaseEvent(n);
				break;
			default: sx(`Unknown mouse button released: ${t.button}`);
		}
	}, e.handleTouchStart = (n) => {
		let r = [...i.values()];
		if (t.recognizeGestures && r.length > 1) {
			let t = mx(i);
			if (r.length === 2) {
				let t = {
					...u(ux),
					position: r[0].position,
					deviceType: f(n)
				};
				e.leftButtonReleaseEvent(t);
			}
			e.recognizeGesture("TouchStart", t);
		} else if (r.length === 1) {
			let t = {
				...u(ux),
				position: l(n),
				deviceType: f(n)
			};
			e.leftButtonPressEvent(t);
		}
	}, e.handleTouchMove = (n) => {
		let r = [...i.values()];
		if (t.recognizeGestures && r.length > 1) {
			let t = mx(i);
			e.recognizeGesture("TouchMove", t);
		} else if (r.length === 1) {
			let t = {
				...u(ux),
				position: r[0].position,
				deviceType: f(n)
			};
			e.mouseMoveEvent(t);
		}
	}, e.handleTouchEnd = (n) => {
		let r = [...i.values()];
		if (t.recognizeGestures) {
			if (r.length === 0) {
				let t = {
					...u(ux),
					position: l(n),
					deviceType: f(n)
				};
				e.leftButtonReleaseEvent(t);
			} else if (r.length === 1) {
				let t = mx(i);
				e.recognizeGesture("TouchEnd", t);
				let a = {
					...u(ux),
					position: r[0].position,
					deviceType: f(n)
				};
				e.leftButtonPressEvent(a);
			} else {
				let t = mx(i);
				e.recognizeGesture("TouchMove", t);
			}
		} else if (r.length === 1) {
			let t = {
				...u(ux),
				position: r[0].position,
				deviceType: f(n)
			};
			e.leftButtonReleaseEvent(t);
		}
	}, e.setView = (n) => {
		t._view !== n && (t._view = n, t._view.getRenderable().setInteractor(e), e.modified());
	}, e.getFirstRenderer = () => t._view?.getRenderable()?.getRenderersByReference()?.[0], e.findPokedRenderer = (e = 0, n = 0) => {
		if (!t._view) return null;
		let r = t._view?.getRenderable()?.getRenderers();
		if (!r || r.length === 0) return null;
		r.sort((e, t) => e.getLayer() - t.getLayer());
		let i = null, a = null, o = null, s = r.length;
		for (; s--;) {
			let c = r[s];
			if (t._view.isInViewport(e, n, c) && c.getInteractive()) {
				o = c;
				break;
			}
			i === null && c.getInteractive() && (i = c), a === null && t._view.isInViewport(e, n, c) && (a = c);
		}
		return o === null && (o = i), o === null && (o = a), o ??= r[0], o;
	}, e.render = () => {
		!e.isAnimating() && !t.inRender && g();
	}, fx.forEach((n) => {
		let r = n.charAt(0).toLowerCase() + n.slice(1);
		e[`${r}Event`] = (r) => {
			if (!t.enabled) return;
			if (!e.getCurrentRenderer()) {
				lx("\n          Can not forward events without a current renderer on the interactor.\n        ");
				return;
			}
			let i = {
				type: n,
				pokedRenderer: t.currentRenderer,
				firstRenderer: e.getFirstRenderer(),
				...r
			};
			e[`invoke${n}`](i);
		};
	}), e.recognizeGesture = (n, r) => {
		if (Object.keys(r).length > 2) return;
		if (t.startingEventPositions ||= {}, n === "TouchStart") {
			Object.keys(r).forEach((e) => {
				t.startingEventPositions[e] = r[e];
			}), t.currentGesture = "Start";
			return;
		}
		if (n === "TouchEnd") {
			t.currentGesture === "Pinch" && (e.render(), e.endPinchEvent()), t.currentGesture === "Rotate" && (e.render(), e.endRotateEvent()), t.currentGesture === "Pan" && (e.render(), e.endPanEvent()), t.currentGesture = "Start", t.startingEventPositions = {};
			return;
		}
		let i = 0, a = [], o = [];
		Object.keys(r).forEach((e) => {
			a[i] = r[e], o[i] = t.startingEventPositions[e], i++;
		});
		let s = Math.sqrt((o[0].x - o[1].x) * (o[0].x - o[1].x) + (o[0].y - o[1].y) * (o[0].y - o[1].y)), c = Math.sqrt((a[0].x - a[1].x) * (a[0].x - a[1].x) + (a[0].y - a[1].y) * (a[0].y - a[1].y)), l = So(Math.atan2(o[1].y - o[0].y, o[1].x - o[0].x)), u = So(Math.atan2(a[1].y - a[0].y, a[1].x - a[0].x)), d = u - l;
		u = u + 180 >= 360 ? u - 180 : u + 180, l = l + 180 >= 360 ? l - 180 : l + 180, Math.abs(u - l) < Math.abs(d) && (d = u - l);
		let f = [];
		if (f[0] = (a[0].x - o[0].x + a[1].x - o[1].x) / 2, f[1] = (a[0].y - o[0].y + a[1].y - o[1].y) / 2, n === "TouchMove") {
			if (t.currentGesture === "Start") {
				let n = .01 * Math.sqrt(t.container.clientWidth * t.container.clientWidth + t.container.clientHeight * t.container.clientHeight);
				n < 15 && (n = 15);
				let i = Math.abs(c - s), a = c * 3.1415926 * Math.abs(d) / 360, o = Math.sqrt(f[0] * f[0] + f[1] * f[1]);
				if (i > n && i > a && i > o) {
					t.currentGesture = "Pinch";
					let n = {
						scale: 1,
						touches: r
					};
					e.startPinchEvent(n);
				} else if (a > n && a > o) {
					t.currentGesture = "Rotate";
					let n = {
						rotation: 0,
						touches: r
					};
					e.startRotateEvent(n);
				} else if (o > n) {
					t.currentGesture = "Pan";
					let n = {
						translation: [0, 0],
						touches: r
					};
					e.startPanEvent(n);
				}
			} else {
				if (t.currentGesture === "Rotate") {
					let t = {
						rotation: d,
						touches: r
					};
					e.rotateEvent(t);
				}
				if (t.currentGesture === "Pinch") {
					let t = {
						scale: c / s,
						touches: r
					};
					e.pinchEvent(t);
				}
				if (t.currentGesture === "Pan") {
					let t = {
						translation: f,
						touches: r
					};
					e.panEvent(t);
				}
			}
		}
	}, e.handleVisibilityChange = () => {
		t._animationStartTime = Date.now(), t._animationFrameCount = 0;
	}, e.setCurrentRenderer = (e) => {
		t._forcedRenderer = !!e, t.currentRenderer = e;
	}, e.setContainer = (e) => {
		m();
		let t = n.setContainer(e ?? null);
		return t && p(), t;
	}, e.delete = () => {
		for (; r.size;) e.cancelAnimation(r.values().next().value);
		document.hidden !== void 0 && document.removeEventListener("visibilitychange", e.handleVisibilityChange), t.container && e.setContainer(null), n.delete();
	}, document.hidden !== void 0 && document.addEventListener("visibilitychange", e.handleVisibilityChange, !1);
}
var gx = {
	renderWindow: null,
	interactorStyle: null,
	picker: null,
	pickingManager: null,
	initialized: !1,
	enabled: !1,
	enableRender: !0,
	currentRenderer: null,
	lightFollowCamera: !0,
	desiredUpdateRate: 30,
	stillUpdateRate: 2,
	container: null,
	recognizeGestures: !0,
	currentGesture: "Start",
	animationRequest: null,
	lastFrameTime: .1,
	recentAnimationFrameRate: 10,
	wheelTimeoutID: 0,
	moveTimeoutID: 0,
	lastGamepadValues: {},
	preventDefaultOnPointerDown: !1,
	preventDefaultOnPointerUp: !1,
	mouseScrollDebounceByPass: !1
};
function _x(e, t, n = {}) {
	Object.assign(t, gx, n), V.obj(e, t), t._animationExtendedEnd = 0, V.event(e, t, "RenderEvent"), fx.forEach((n) => V.event(e, t, n)), V.get(e, t, [
		"initialized",
		"interactorStyle",
		"lastFrameTime",
		"recentAnimationFrameRate",
		"_view"
	]), V.setGet(e, t, [
		"container",
		"lightFollowCamera",
		"enabled",
		"enableRender",
		"recognizeGestures",
		"desiredUpdateRate",
		"stillUpdateRate",
		"picker",
		"preventDefaultOnPointerDown",
		"preventDefaultOnPointerUp",
		"mouseScrollDebounceByPass"
	]), V.moveToProtected(e, t, ["view"]), hx(e, t);
}
var vx = {
	newInstance: V.newInstance(_x, "vtkRenderWindowInteractor"),
	extend: _x,
	handledEvents: fx,
	...rx
}, { vtkErrorMacro: yx } = V;
function bx(e, t) {
	let n = 0;
	t.classHierarchy.push("vtkPoints"), e.getNumberOfPoints = e.getNumberOfTuples, e.setNumberOfPoints = (n, r = 3) => {
		e.getNumberOfPoints() !== n && (t.size = n * r, t.values = V.newTypedArray(t.dataType, t.size), e.setNumberOfComponents(r), e.modified());
	}, e.setPoint = (t, ...n) => {
		e.setTuple(t, n);
	}, e.getPoint = e.getTuple, e.findPoint = e.findTuple, e.insertNextPoint = (t, n, r) => e.insertNextTuple([
		t,
		n,
		r
	]), e.insertPoint = (t, n) => e.insertTuple(t, n);
	let r = e.getBounds;
	e.getBounds = () => (n < t.mtime && e.computeBounds(), r());
	let i = e.getBoundsByReference;
	e.getBoundsByReference = () => (n < t.mtime && e.computeBounds(), i()), e.computeBounds = () => {
		if (e.getNumberOfComponents() === 3) {
			let n = e.getRange(0);
			t.bounds[0] = n[0], t.bounds[1] = n[1];
			let r = e.getRange(1);
			t.bounds[2] = r[0], t.bounds[3] = r[1];
			let i = e.getRange(2);
			t.bounds[4] = i[0], t.bounds[5] = i[1];
		} else if (e.getNumberOfComponents() === 2) {
			let n = e.getRange(0);
			t.bounds[0] = n[0], t.bounds[1] = n[1];
			let r = e.getRange(1);
			t.bounds[2] = r[0], t.bounds[3] = r[1], t.bounds[4] = 0, t.bounds[5] = 0;
		} else yx(`getBounds called on an array with components of ${e.getNumberOfComponents()}`), Zs(t.bounds);
		n = V.getCurrentGlobalMTime();
	}, e.setNumberOfComponents(t.numberOfComponents < 2 ? 3 : t.numberOfComponents);
}
var xx = {
	empty: !0,
	numberOfComponents: 3,
	dataType: K.FLOAT,
	bounds: [
		1,
		-1,
		1,
		-1,
		1,
		-1
	]
};
function Sx(e, t, n = {}) {
	Object.assign(t, xx, n), q.extend(e, t, n), V.getArray(e, t, ["bounds"], 6), bx(e, t);
}
var Cx = {
	newInstance: V.newInstance(Sx, "vtkPoints"),
	extend: Sx
}, { isVtkObject: wx } = V;
function Tx(e) {
	let t = [];
	for (let n = 0; n < e.length; n += e[n] + 1) t.push(e[n]);
	return t;
}
function Ex(e) {
	let t = 0;
	for (let n = 0; n < e.length;) n += e[n] + 1, t++;
	return t;
}
var Dx = {
	extractCellSizes: Tx,
	getNumberOfCells: Ex
};
function Ox(e, t) {
	t.classHierarchy.push("vtkCellArray");
	let n = { ...e };
	e.getNumberOfCells = (n) => (t.numberOfCells !== void 0 && !n || (t.numberOfCells = t.cellSizes ? t.cellSizes.length : Ex(e.getData())), t.numberOfCells), e.getCellSizes = (n) => (t.cellSizes !== void 0 && !n || (t.cellSizes = Tx(e.getData())), t.cellSizes), e.resize = (r) => {
		let i = e.getNumberOfTuples();
		n.resize(r);
		let a = e.getNumberOfTuples();
		a < i && (a === 0 ? (t.numberOfCells = 0, t.cellSizes = []) : (t.numberOfCells = void 0, t.cellSizes = void 0));
	}, e.setData = (e) => {
		n.setData(e, 1), t.numberOfCells = void 0, t.cellSizes = void 0;
	}, e.getCell = (e) => {
		let n = e, r = t.values[n++];
		return t.values.subarray(n, n + r);
	}, e.insertNextCell = (n) => {
		let r;
		r = wx(n) ? n.getPointsIds() : n;
		let i = e.getNumberOfCells();
		return e.insertNextTuples([r.length, ...r]), ++t.numberOfCells, t.cellSizes != null && t.cellSizes.push(r.length), i;
	}, e.getMaxCellSize = () => e.getCellSizes().reduce((e, t) => Math.max(e, t), 0);
}
function kx(e) {
	return {
		empty: !0,
		numberOfComponents: 1,
		dataType: K.UNSIGNED_INT,
		...e
	};
}
function Ax(e, t, n = {}) {
	q.extend(e, t, kx(n)), Ox(e, t);
}
var jx = {
	newInstance: V.newInstance(Ax, "vtkCellArray"),
	extend: Ax,
	...Dx
};
// node_modules/@kitware/vtk.js/Common/DataModel/Cell.js
function Mx(e, t) {
	t.classHierarchy.push("vtkCell"), e.initialize = (e, n = null) => {
		if (n) {
			t.pointsIds = n;
			let r = t.points.getData();
			r.length !== 3 * t.pointsIds.length && (r = V.newTypedArray(e.getDataType(), 3 * t.pointsIds.length));
			let i = e.getData();
			t.pointsIds.forEach((e, t) => {
				let n = 3 * e, a = 3 * t;
				r[a] = i[n], r[++a] = i[++n], r[++a] = i[++n];
			}), t.points.setData(r);
		} else {
			t.points = e, t.pointsIds = Array(e.getNumberOfPoints());
			for (let n = e.getNumberOfPoints() - 1; n >= 0; --n) t.pointsIds[n] = n;
		}
	}, e.getBounds = () => t.points.getBounds(), e.getLength2 = () => {
		let t = G.getLengths(e.getBounds());
		return t[0] * t[0] + t[1] * t[1] + t[2] * t[2];
	}, e.getParametricDistance = (e) => {
		let t, n = 0;
		for (let r = 0; r < 3; r++) t = e[r] < 0 ? -e[r] : e[r] > 1 ? e[r] - 1 : 0, t > n && (n = t);
		return n;
	}, e.getNumberOfPoints = () => t.points.getNumberOfPoints(), e.deepCopy = (e) => {
		e.initialize(t.points, t.pointsIds);
	}, e.getCellDimension = () => {}, e.intersectWithLine = (e, t, n, r, i, a, o) => {}, e.evaluatePosition = (e, t, n, r, i, a) => {
		V.vtkErrorMacro("vtkCell.evaluatePosition is not implemented.");
	};
}
var Nx = {
	bounds: [
		-1,
		-1,
		-1,
		-1,
		-1,
		-1
	],
	pointsIds: []
};
function Px(e, t, n = {}) {
	Object.assign(t, Nx, n), V.obj(e, t), t.points ||= Cx.newInstance(), V.get(e, t, ["points", "pointsIds"]), Mx(e, t);
}
var Fx = {
	newInstance: V.newInstance(Px, "vtkCell"),
	extend: Px
};
// node_modules/@kitware/vtk.js/Common/DataModel/CellLinks.js
function Ix(e, t) {
	let n = t;
	for (t >= e.array.length && (n += e.array.length); n > e.array.length;) e.array.push({
		ncells: 0,
		cells: null
	});
	e.array.length = n;
}
function Lx(e, t) {
	t.classHierarchy.push("vtkCellLinks"), e.buildLinks = (n) => {
		let r = n.getPoints().getNumberOfPoints(), i = n.getNumberOfCells(), a = new Uint32Array(r);
		if (n.isA("vtkPolyData")) {
			for (let t = 0; t < i; ++t) {
				let { cellPointIds: r } = n.getCellPoints(t);
				r.forEach((t) => {
					e.incrementLinkCount(t);
				});
			}
			e.allocateLinks(r), t.maxId = r - 1;
			for (let t = 0; t < i; ++t) {
				let { cellPointIds: r } = n.getCellPoints(t);
				r.forEach((n) => {
					e.insertCellReference(n, a[n]++, t);
				});
			}
		} else {
			for (let t = 0; t < i; t++) Fx.newInstance().getPointsIds().forEach((t) => {
				e.incrementLinkCount(t);
			});
			e.allocateLinks(r), t.maxId = r - 1;
			for (let t = 0; t < i; ++t) Fx.newInstance().getPointsIds().forEach((n) => {
				e.insertCellReference(n, a[n]++, t);
			});
		}
	}, e.allocate = (e, n = 1e3) => {
		t.array = Array(e).fill().map(() => ({
			ncells: 0,
			cells: null
		})), t.extend = n, t.maxId = -1;
	}, e.initialize = () => {
		t.array = null;
	}, e.getLink = (e) => t.array[e], e.getNcells = (e) => t.array[e].ncells, e.getCells = (e) => t.array[e].cells, e.insertNextPoint = (e) => {
		t.array.push({
			ncells: e,
			cells: Array(e)
		}), ++t.maxId;
	}, e.insertNextCellReference = (e, n) => {
		t.array[e].cells[t.array[e].ncells++] = n;
	}, e.deletePoint = (e) => {
		t.array[e].ncells = 0, t.array[e].cells = null;
	}, e.removeCellReference = (e, n) => {
		t.array[n].cells = t.array[n].cells.filter((t) => t !== e), t.array[n].ncells = t.array[n].cells.length;
	}, e.addCellReference = (e, n) => {
		t.array[n].cells[t.array[n].ncells++] = e;
	}, e.resizeCellList = (e, n) => {
		t.array[e].cells.length = n;
	}, e.squeeze = () => {
		Ix(t, t.maxId + 1);
	}, e.reset = () => {
		t.maxId = -1;
	}, e.deepCopy = (e) => {
		t.array = [...e.array], t.extend = e.extend, t.maxId = e.maxId;
	}, e.incrementLinkCount = (e) => {
		++t.array[e].ncells;
	}, e.allocateLinks = (e) => {
		for (let n = 0; n < e; ++n) t.array[n].cells = Array(t.array[n].ncells);
	}, e.insertCellReference = (e, n, r) => {
		t.array[e].cells[n] = r;
	};
}
var Rx = {
	array: null,
	maxId: 0,
	extend: 0
};
function zx(e, t, n = {}) {
	Object.assign(t, Rx, n), V.obj(e, t), Lx(e, t);
}
var Bx = {
	newInstance: V.newInstance(zx, "vtkCellLinks"),
	extend: zx
}, $ = {
	VTK_EMPTY_CELL: 0,
	VTK_VERTEX: 1,
	VTK_POLY_VERTEX: 2,
	VTK_LINE: 3,
	VTK_POLY_LINE: 4,
	VTK_TRIANGLE: 5,
	VTK_TRIANGLE_STRIP: 6,
	VTK_POLYGON: 7,
	VTK_PIXEL: 8,
	VTK_QUAD: 9,
	VTK_TETRA: 10,
	VTK_VOXEL: 11,
	VTK_HEXAHEDRON: 12,
	VTK_WEDGE: 13,
	VTK_PYRAMID: 14,
	VTK_PENTAGONAL_PRISM: 15,
	VTK_HEXAGONAL_PRISM: 16,
	VTK_QUADRATIC_EDGE: 21,
	VTK_QUADRATIC_TRIANGLE: 22,
	VTK_QUADRATIC_QUAD: 23,
	VTK_QUADRATIC_POLYGON: 36,
	VTK_QUADRATIC_TETRA: 24,
	VTK_QUADRATIC_HEXAHEDRON: 25,
	VTK_QUADRATIC_WEDGE: 26,
	VTK_QUADRATIC_PYRAMID: 27,
	VTK_BIQUADRATIC_QUAD: 28,
	VTK_TRIQUADRATIC_HEXAHEDRON: 29,
	VTK_QUADRATIC_LINEAR_QUAD: 30,
	VTK_QUADRATIC_LINEAR_WEDGE: 31,
	VTK_BIQUADRATIC_QUADRATIC_WEDGE: 32,
	VTK_BIQUADRATIC_QUADRATIC_HEXAHEDRON: 33,
	VTK_BIQUADRATIC_TRIANGLE: 34,
	VTK_CUBIC_LINE: 35,
	VTK_CONVEX_POINT_SET: 41,
	VTK_POLYHEDRON: 42,
	VTK_PARAMETRIC_CURVE: 51,
	VTK_PARAMETRIC_SURFACE: 52,
	VTK_PARAMETRIC_TRI_SURFACE: 53,
	VTK_PARAMETRIC_QUAD_SURFACE: 54,
	VTK_PARAMETRIC_TETRA_REGION: 55,
	VTK_PARAMETRIC_HEX_REGION: 56,
	VTK_HIGHER_ORDER_EDGE: 60,
	VTK_HIGHER_ORDER_TRIANGLE: 61,
	VTK_HIGHER_ORDER_QUAD: 62,
	VTK_HIGHER_ORDER_POLYGON: 63,
	VTK_HIGHER_ORDER_TETRAHEDRON: 64,
	VTK_HIGHER_ORDER_WEDGE: 65,
	VTK_HIGHER_ORDER_PYRAMID: 66,
	VTK_HIGHER_ORDER_HEXAHEDRON: 67,
	VTK_LAGRANGE_CURVE: 68,
	VTK_LAGRANGE_TRIANGLE: 69,
	VTK_LAGRANGE_QUADRILATERAL: 70,
	VTK_LAGRANGE_TETRAHEDRON: 71,
	VTK_LAGRANGE_HEXAHEDRON: 72,
	VTK_LAGRANGE_WEDGE: 73,
	VTK_LAGRANGE_PYRAMID: 74,
	VTK_NUMBER_OF_CELL_TYPES: 75
}, Vx = /* @__PURE__ */ "vtkEmptyCell.vtkVertex.vtkPolyVertex.vtkLine.vtkPolyLine.vtkTriangle.vtkTriangleStrip.vtkPolygon.vtkPixel.vtkQuad.vtkTetra.vtkVoxel.vtkHexahedron.vtkWedge.vtkPyramid.vtkPentagonalPrism.vtkHexagonalPrism.UnknownClass.UnknownClass.UnknownClass.UnknownClass.vtkQuadraticEdge.vtkQuadraticTriangle.vtkQuadraticQuad.vtkQuadraticTetra.vtkQuadraticHexahedron.vtkQuadraticWedge.vtkQuadraticPyramid.vtkBiQuadraticQuad.vtkTriQuadraticHexahedron.vtkQuadraticLinearQuad.vtkQuadraticLinearWedge.vtkBiQuadraticQuadraticWedge.vtkBiQuadraticQuadraticHexahedron.vtkBiQuadraticTriangle.vtkCubicLine.vtkQuadraticPolygon.UnknownClass.UnknownClass.UnknownClass.UnknownClass.vtkConvexPointSet.UnknownClass.UnknownClass.UnknownClass.UnknownClass.UnknownClass.UnknownClass.UnknownClass.UnknownClass.UnknownClass.vtkParametricCurve.vtkParametricSurface.vtkParametricTriSurface.vtkParametricQuadSurface.vtkParametricTetraRegion.vtkParametricHexRegion.UnknownClass.UnknownClass.UnknownClass.vtkHigherOrderEdge.vtkHigherOrderTriangle.vtkHigherOrderQuad.vtkHigherOrderPolygon.vtkHigherOrderTetrahedron.vtkHigherOrderWedge.vtkHigherOrderPyramid.vtkHigherOrderHexahedron".split(".");
// node_modules/@kitware/vtk.js/Common/DataModel/CellTypes.js
function Hx(e) {
	return e < Vx.length ? Vx[e] : "UnknownClass";
}
function Ux(e) {
	return Vx.findIndex(e);
}
function Wx(e) {
	return e < $.VTK_QUADRATIC_EDGE || e === $.VTK_CONVEX_POINT_SET || e === $.VTK_POLYHEDRON;
}
function Gx(e) {
	return e === $.VTK_TRIANGLE_STRIP || e === $.VTK_POLY_LINE || e === $.VTK_POLY_VERTEX;
}
var Kx = {
	getClassNameFromTypeId: Hx,
	getTypeIdFromClassName: Ux,
	isLinear: Wx,
	hasSubCells: Gx
};
function qx(e, t) {
	t.classHierarchy.push("vtkCellTypes"), e.allocate = (e = 512, n = 1e3) => {
		t.size = e > 0 ? e : 1, t.extend = n > 0 ? n : 1, t.maxId = -1, t.typeArray = new Uint8Array(e), t.locationArray = new Uint32Array(e);
	}, e.insertCell = (e, n, r) => {
		t.typeArray[e] = n, t.locationArray[e] = r, e > t.maxId && (t.maxId = e);
	}, e.insertNextCell = (n, r) => (e.insertCell(++t.maxId, n, r), t.maxId), e.setCellTypes = (e, n, r) => {
		t.size = e, t.typeArray = n, t.locationArray = r, t.maxId = e - 1;
	}, e.getCellLocation = (e) => t.locationArray[e], e.deleteCell = (e) => {
		t.typeArray[e] = $.VTK_EMPTY_CELL;
	}, e.getNumberOfTypes = () => t.maxId + 1, e.isType = (t) => {
		let n = e.getNumberOfTypes();
		for (let r = 0; r < n; ++r) if (t === e.getCellType(r)) return !0;
		return !1;
	}, e.insertNextType = (t) => e.insertNextCell(t, -1), e.getCellType = (e) => t.typeArray[e], e.reset = () => {
		t.maxId = -1;
	}, e.deepCopy = (n) => {
		e.allocate(n.getSize(), n.getExtend()), t.typeArray.set(n.getTypeArray()), t.locationArray.set(n.getLocationArray()), t.maxId = n.getMaxId();
	};
}
var Jx = {
	size: 0,
	maxId: -1,
	extend: 1e3
};
function Yx(e, t, n = {}) {
	Object.assign(t, Jx, n), V.obj(e, t), V.get(e, t, [
		"size",
		"maxId",
		"extend"
	]), V.getArray(e, t, ["typeArray", "locationArray"]), qx(e, t);
}
var Xx = {
	newInstance: V.newInstance(Yx, "vtkCellTypes"),
	extend: Yx,
	...Kx
}, Zx = {
	NO_INTERSECTION: 0,
	YES_INTERSECTION: 1,
	ON_LINE: 2
}, Qx = { IntersectionState: Zx }, { IntersectionState: $x } = Qx;
function eS(e, t, n, r = null) {
	let i = {
		t: Number.MIN_VALUE,
		distance: 0
	}, a = [], o;
	a[0] = n[0] - t[0], a[1] = n[1] - t[1], a[2] = n[2] - t[2];
	let s = a[0] * (e[0] - t[0]) + a[1] * (e[1] - t[1]) + a[2] * (e[2] - t[2]), c = U(a, a), l = 1e-5 * s;
	return c !== 0 && (i.t = s / c), l < 0 && (l = -l), -l < c && c < l || c <= 0 || i.t < 0 ? o = t : i.t > 1 ? o = n : (o = a, a[0] = t[0] + i.t * a[0], a[1] = t[1] + i.t * a[1], a[2] = t[2] + i.t * a[2]), r && (r[0] = o[0], r[1] = o[1], r[2] = o[2]), i.distance = rs(o, e), i;
}
function tS(e, t, n, r, i, a) {
	let o = [], s = [], c = [];
	i[0] = 0, a[0] = 0, Uo(t, e, o), Uo(r, n, s), Uo(n, e, c);
	let l = [
		U(o, o),
		-U(o, s),
		-U(o, s),
		U(s, s)
	], u = [];
	if (u[0] = U(o, c), u[1] = -U(s, c), Is(l, u, 2) === 0) {
		let o = Number.MAX_VALUE, s = [
			e,
			t,
			n,
			r
		], c = [
			n,
			n,
			e,
			e
		], l = [
			r,
			r,
			t,
			t
		], u = [
			a[0],
			a[0],
			i[0],
			i[0]
		], d = [
			i[0],
			i[0],
			a[0],
			a[0]
		], f;
		for (let e = 0; e < 4; e++) f = eS(s[e], c[e], l[e]), f.distance < o && (o = f.distance, u[e] = f.t, d[e] = e % 2);
		return $x.ON_LINE;
	}
	return i[0] = u[0], a[0] = u[1], i[0] >= 0 && i[0] <= 1 && a[0] >= 0 && a[0] <= 1 ? $x.YES_INTERSECTION : $x.NO_INTERSECTION;
}
var nS = {
	distanceToLine: eS,
	intersection: tS
};
function rS(e, t) {
	t.classHierarchy.push("vtkLine");
	function n(e) {
		return e >= 0 && e <= 1;
	}
	e.getCellDimension = () => 1, e.intersectWithLine = (e, r, i, a, o) => {
		let s = {
			intersect: 0,
			t: Number.MAX_VALUE,
			subId: 0,
			betweenPoints: null
		};
		o[1] = 0, o[2] = 0;
		let c = [], l = [], u = [];
		t.points.getPoint(0, l), t.points.getPoint(1, u);
		let d = [], f = [], p = tS(e, r, l, u, d, f);
		if (s.t = d[0], s.betweenPoints = n(s.t), o[0] = f[0], p === $x.YES_INTERSECTION) {
			for (let t = 0; t < 3; t++) a[t] = l[t] + o[0] * (u[t] - l[t]), c[t] = e[t] + s.t * (r[t] - e[t]);
			if (rs(a, c) <= i * i) return s.intersect = 1, s;
		} else {
			let t;
			if (s.t < 0) return t = eS(e, l, u, a), t.distance <= i * i && (s.t = 0, s.intersect = 1, s.betweenPoints = !0), s;
			if (s.t > 1) return t = eS(r, l, u, a), t.distance <= i * i && (s.t = 1, s.intersect = 1, s.betweenPoints = !0), s;
			if (o[0] < 0) return o[0] = 0, t = eS(l, e, r, a), s.t = t.t, t.distance <= i * i && (s.intersect = 1), s;
			if (o[0] > 1) return o[0] = 1, t = eS(u, e, r, a), s.t = t.t, t.distance <= i * i && (s.intersect = 1), s;
		}
		return s;
	}, e.evaluateLocation = (e, n, r) => {
		let i = [], a = [];
		t.points.getPoint(0, i), t.points.getPoint(1, a);
		for (let t = 0; t < 3; t++) n[t] = i[t] + e[0] * (a[t] - i[t]);
		r[0] = 1 - e[0], r[1] = e[0];
	}, e.evaluateOrientation = (e, n, r) => t.orientations ? (si(n, t.orientations[0], t.orientations[1], e[0]), r[0] = 1 - e[0], r[1] = e[0], !0) : !1;
}
var iS = { orientations: null };
function aS(e, t, n = {}) {
	Object.assign(t, iS, n), Fx.extend(e, t, n), V.setGet(e, t, ["orientations"]), rS(e, t);
}
var oS = {
	newInstance: V.newInstance(aS, "vtkLine"),
	extend: aS,
	...nS,
	...Qx
};
// node_modules/@kitware/vtk.js/Common/DataModel/PointSet.js
function sS(e, t) {
	t.classHierarchy.push("vtkPointSet"), t.points = t.points ? Wi(t.points) : Cx.newInstance(), e.getNumberOfPoints = () => t.points.getNumberOfPoints(), e.getBounds = () => t.points?.getBounds(), e.computeBounds = () => {
		t.points?.computeBounds();
	};
	let n = e.shallowCopy;
	e.shallowCopy = (e, r = !1) => {
		n(e, r), t.points = Cx.newInstance(), t.points.shallowCopy(e.getPoints());
	};
	let r = e.getMTime;
	e.getMTime = () => {
		let e = r();
		return Math.max(e, t.points?.getMTime() ?? e);
	};
	let i = e.initialize;
	e.initialize = () => (t.points?.initialize(), i());
}
var cS = {};
function lS(e, t, n = {}) {
	Object.assign(t, cS, n), pu.extend(e, t, n), V.setGet(e, t, ["points"]), sS(e, t);
}
var uS = {
	newInstance: V.newInstance(lS, "vtkPointSet"),
	extend: lS
};
// node_modules/@kitware/vtk.js/Common/DataModel/PolyLine.js
function dS(e, t) {
	t.classHierarchy.push("vtkPolyLine");
	let n = oS.newInstance();
	n.getPoints().setNumberOfPoints(2), e.getCellDimension = () => 1, e.intersectWithLine = (r, i, a, o, s, c, l) => {
		let u = {
			intersect: 0,
			t: Number.MAX_VALUE,
			subId: 0,
			betweenPoints: null
		}, d = e.getNumberOfPoints() - 1, f = Number.MAX_VALUE, p = [
			0,
			0,
			0
		], m = [
			0,
			0,
			0
		];
		for (let e = 0; e < d; e++) {
			let d = [
				0,
				0,
				0
			];
			n.getPoints().getData().set(t.points.getData().subarray(3 * e, 3 * (e + 2)));
			let h = n.intersectWithLine(a, o, s, c, l);
			if (h.intersect === 1 && h.t <= u.t + s && h.t >= r && h.t <= i) {
				u.intersect = 1;
				let t = n.getParametricDistance(d);
				if (t < f || t === f && h.t < u.t) {
					u.subId = e, u.t = h.t, f = t;
					for (let e = 0; e < 3; e++) p[e] = c[e], m[e] = d[e];
				}
			}
		}
		return u;
	}, e.evaluateLocation = (e, r, i, a) => (n.getPoints().getData().set(t.points.getData().subarray(3 * e, 3 * (e + 2))), n.evaluateLocation(r, i, a)), e.evaluateOrientation = (e, r, i, a) => (t.orientations ? n.setOrientations([t.orientations[e], t.orientations[e + 1]]) : n.setOrientations(null), n.evaluateOrientation(r, i, a)), e.getDistancesToFirstPoint = () => {
		let n = t.distancesTime.getMTime();
		if (n < t.points.getMTime() || n < e.getMTime()) {
			let n = e.getNumberOfPoints();
			if (t.distances ? t.distances.length = n : t.distances = Array(n), n > 0) {
				let e = [
					,
					,
					,
				], r = [
					,
					,
					,
				], i = 0;
				t.distances[0] = i, t.points.getPoint(0, e);
				for (let a = 1; a < n; ++a) t.points.getPoint(a, r), i += t.distanceFunction(e, r), t.distances[a] = i, Fr(e, r);
			}
			t.distancesTime.modified();
		}
		return t.distances;
	}, e.findPointIdAtDistanceFromFirstPoint = (t) => {
		let n = e.getDistancesToFirstPoint();
		if (n.length < 2) return -1;
		let r = 0, i = n.length - 1;
		if (t < n[r] || t > n[i] || n[i] === 0) return -1;
		for (; i - r > 1;) {
			let e = Math.floor((r + i) / 2);
			n[e] <= t ? r = e : i = e;
		}
		return r;
	};
}
var fS = {
	orientations: null,
	distanceFunction: Zr
};
function pS(e, t, n = {}) {
	Object.assign(t, fS, n), Fx.extend(e, t, n), V.setGet(e, t, ["orientations", "distanceFunction"]), t.distancesTime = {}, V.obj(t.distancesTime, { mtime: 0 }), dS(e, t);
}
var mS = {
	newInstance: V.newInstance(pS, "vtkPolyLine"),
	extend: pS
};
// node_modules/@kitware/vtk.js/Common/Core/PriorityQueue.js
function hS(e, t) {
	t.classHierarchy.push("vtkPriorityQueue"), e.push = (e, n) => {
		let r = t.elements.findIndex((t) => t.priority > e);
		t.elements.splice(r, 0, {
			priority: e,
			element: n
		});
	}, e.pop = () => t.elements.length > 0 ? t.elements.shift().element : null, e.deleteById = (e) => {
		t.elements = t.elements.filter(({ element: t }) => t.id !== e);
	}, e.length = () => t.elements.length;
}
var gS = { elements: [] };
function _S(e, t, n = {}) {
	Object.assign(t, gS, n), V.obj(e, t), hS(e, t);
}
var vS = {
	newInstance: V.newInstance(_S, "vtkPriorityQueue"),
	extend: _S
}, yS = 1.1920929e-7, bS = 1e-8, xS = {
	FAILURE: -1,
	OUTSIDE: 0,
	INSIDE: 1,
	INTERSECTION: 2,
	ON_LINE: 3
};
// node_modules/@kitware/vtk.js/Common/DataModel/Polygon.js
function SS(e, t, n, r, i) {
	return (r[e] - n[e]) * (i[t] - n[t]) - (i[e] - n[e]) * (r[t] - n[t]);
}
function CS(e, t, n, r) {
	if (e[0] < n[0] || e[0] > n[1] || e[1] < n[2] || e[1] > n[3] || e[2] < n[4] || e[2] > n[5]) return xS.OUTSIDE;
	if (Zo(r) <= 1.1920929e-7) return xS.FAILURE;
	let i = bS * ((n[1] - n[0]) * (n[1] - n[0]) + (n[3] - n[2]) * (n[3] - n[2]) + (n[5] - n[4]) * (n[5] - n[4]));
	i *= i, i = i === 0 ? yS : i;
	let a = [], o = [];
	for (let n = 0; n < t.length;) {
		if (a[0] = t[n++], a[1] = t[n++], a[2] = t[n++], rs(e, a) <= i) return xS.INSIDE;
		let { distance: r, t: s } = oS.distanceToLine(e, a, o);
		if (r <= i && s > 0 && s < 1) return xS.INSIDE;
	}
	let s, c;
	Math.abs(r[0]) > Math.abs(r[1]) ? Math.abs(r[0]) > Math.abs(r[2]) ? (s = 1, c = 2) : (s = 0, c = 1) : Math.abs(r[1]) > Math.abs(r[2]) ? (s = 0, c = 2) : (s = 0, c = 1);
	let l = 0;
	for (let n = 0; n < t.length;) a[0] = t[n++], a[1] = t[n++], a[2] = t[n++], n < t.length ? (o[0] = t[n], o[1] = t[n + 1], o[2] = t[n + 2]) : (o[0] = t[0], o[1] = t[1], o[2] = t[2]), a[c] <= e[c] ? o[c] > e[c] && SS(s, c, a, o, e) > 0 && ++l : o[c] <= e[c] && SS(s, c, a, o, e) < 0 && --l;
	return l === 0 ? xS.OUTSIDE : xS.INSIDE;
}
function wS(e, t, n) {
	let r = e.length, i = [];
	t.getPoint(e[0], i), n[0] = i[0], n[1] = i[0], n[2] = i[1], n[3] = i[1], n[4] = i[2], n[5] = i[2];
	for (let a = 1; a < r; a++) t.getPoint(e[a], i), G.addPoint(n, ...i);
	let a = G.getLengths(n);
	return U(a, a);
}
function TS(e, t, n) {
	n.length = 3, n[0] = 0, n[1] = 0, n[2] = 0;
	let r = [], i = [], a = [], o = [], s = [];
	t.getPoint(e[0], r), t.getPoint(e[1], i);
	for (let c = 2; c < e.length; c++) {
		t.getPoint(e[c], a), Uo(a, i, o), Uo(r, i, s);
		let l = [
			0,
			0,
			0
		];
		Yo(o, s, l), Ho(n, l, n), [i, a] = [a, i];
	}
	return Zo(n);
}
function ES(e, t, n = [
	0,
	0,
	0
]) {
	n[0] = 0, n[1] = 0, n[2] = 0;
	let r = e.length, i = [];
	for (let a = 0; a < r; a++) t.getPoint(e[a], i), n[0] += i[0], n[1] += i[1], n[2] += i[2];
	return n[0] /= r, n[1] /= r, n[2] /= r, n;
}
var DS = {
	PolygonWithPointIntersectionState: xS,
	pointInPolygon: CS,
	getBounds: wS,
	getNormal: TS,
	computeCentroid: ES
};
function OS(e, t) {
	t.classHierarchy.push("vtkPolygon");
	function n() {
		let e = [
			0,
			0,
			0
		], n = [
			0,
			0,
			0
		];
		t.normal = [
			0,
			0,
			0
		];
		let r = [...t.firstPoint.point], i = t.firstPoint;
		for (let a = 0; a < t.pointCount; a++) {
			Uo(i.point, r, e), Uo(i.next.point, r, n);
			let a = [
				0,
				0,
				0
			];
			Yo(e, n, a), Ho(t.normal, a, t.normal), i = i.next;
		}
		return Zo(t.normal);
	}
	function r(e) {
		let n = [
			0,
			0,
			0
		], r = [
			0,
			0,
			0
		], i = [
			0,
			0,
			0
		], a = [
			0,
			0,
			0
		];
		Uo(e.point, e.previous.point, n), Uo(e.next.point, e.point, r), Uo(e.previous.point, e.next.point, i), Yo(n, r, a);
		let o = U(a, t.normal);
		if (o <= 0) return -1;
		let s = Xo(n) + Xo(r) + Xo(i);
		return s * s / o;
	}
	function i(e) {
		if (t.pointCount <= 3) return !0;
		let n = e.previous, r = e.next, i = [
			0,
			0,
			0
		];
		Uo(r.point, n.point, i);
		let a = [
			0,
			0,
			0
		];
		if (Yo(i, t.normal, a), Zo(a), Xo(a) === 0) return !1;
		let o = Hc.evaluate(a, n.point, r.next.point), s = o > 1e-6 ? 1 : o < -1e-6 ? -1 : 0, c = +(s < 0);
		for (let e = r.next.next; e.id !== n.id; e = e.next) {
			let t = e.previous;
			o = Hc.evaluate(a, n.point, e.point);
			let i = o > 1e-6 ? 1 : o < -1e-6 ? -1 : 0;
			if (i !== s) {
				if (c ||= +(i <= 0), oS.intersection(n.point, r.point, e.point, t.point, [0], [0]) === Zx.YES_INTERSECTION) return !1;
				s = i;
			}
		}
		return c === 1;
	}
	function a(e, n) {
		--t.pointCount;
		let i = e.previous, a = e.next;
		t.tris = t.tris.concat(e.point), t.tris = t.tris.concat(a.point), t.tris = t.tris.concat(i.point), i.next = a, a.previous = i, n.deleteById(i.id), n.deleteById(a.id);
		let o = r(i);
		o > 0 && n.push(o, i);
		let s = r(a);
		s > 0 && n.push(s, a), e.id === t.firstPoint.id && (t.firstPoint = a);
	}
	function o() {
		n();
		let e = vS.newInstance(), o = t.firstPoint;
		for (let n = 0; n < t.pointCount; n++) {
			let t = r(o);
			t > 0 && e.push(t, o), o = o.next;
		}
		for (; t.pointCount > 2 && e.length() > 0;) if (t.pointCount === e.length()) a(e.pop(), e);
		else {
			let t = e.pop();
			i(t) && a(t, e);
		}
		return t.pointCount <= 2;
	}
	e.triangulate = () => t.firstPoint ? o() : null, e.setPoints = (e) => {
		t.pointCount = e.length, t.firstPoint = {
			id: 0,
			point: e[0],
			next: null,
			previous: null
		};
		let n = t.firstPoint;
		for (let r = 1; r < t.pointCount; r++) n.next = {
			id: r,
			point: e[r],
			next: null,
			previous: n
		}, n = n.next;
		t.firstPoint.previous = n, n.next = t.firstPoint;
	}, e.getPointArray = () => t.tris;
}
var kS = {
	firstPoint: null,
	pointCount: 0,
	tris: []
};
function AS(e, t, n = {}) {
	Object.assign(t, kS, n), V.obj(e, t), OS(e, t);
}
var jS = {
	newInstance: V.newInstance(AS, "vtkPolygon"),
	extend: AS,
	...DS
};
// node_modules/@kitware/vtk.js/Common/DataModel/Triangle.js
function MS(e, t, n, r) {
	let i = n[0] - t[0], a = n[1] - t[1], o = n[2] - t[2], s = e[0] - t[0], c = e[1] - t[1], l = e[2] - t[2];
	r[0] = a * l - o * c, r[1] = o * s - i * l, r[2] = i * c - a * s;
}
function NS(e, t, n, r) {
	MS(e, t, n, r);
	let i = Math.sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]);
	i !== 0 && (r[0] /= i, r[1] /= i, r[2] /= i);
}
function PS(e) {
	e[0] = -1, e[1] = 1, e[2] = 0, e[3] = -1, e[4] = 0, e[5] = 1;
}
function FS(e, t, n, r, i, a, o = 1e-6) {
	let s = !1, c = [], l = [], u = [], d = [], f = [];
	NS(e, t, n, d), NS(r, i, a, f);
	let p = -U(d, e), m = -U(f, r), h = [
		U(f, e) + m,
		U(f, t) + m,
		U(f, n) + m
	];
	if (h[0] * h[1] > o && h[0] * h[2] > o) return {
		intersect: !1,
		coplanar: s,
		pt1: c,
		pt2: l,
		surfaceId: u
	};
	let g = [
		U(d, r) + p,
		U(d, i) + p,
		U(d, a) + p
	];
	if (g[0] * g[1] > o && g[0] * g[2] > o) return {
		intersect: !1,
		coplanar: s,
		pt1: c,
		pt2: l,
		surfaceId: u
	};
	if (Math.abs(d[0] - f[0]) < 1e-9 && Math.abs(d[1] - f[1]) < 1e-9 && Math.abs(d[2] - f[2]) < 1e-9 && Math.abs(p - m) < 1e-9) return s = !0, {
		intersect: !1,
		coplanar: s,
		pt1: c,
		pt2: l,
		surfaceId: u
	};
	let _ = [
		e,
		t,
		n
	], v = [
		r,
		i,
		a
	], y = U(d, f), b = (p - m * y) / (y * y - 1), x = (m - p * y) / (y * y - 1), S = [
		b * d[0] + x * f[0],
		b * d[1] + x * f[1],
		b * d[2] + x * f[2]
	], C = Yo(d, f, []);
	Zo(C);
	let w = 0, T = 0, E = [], D = [], O = 50, k = 50;
	for (let t = 0; t < 3; t++) {
		let n = t, i = (t + 1) % 3, a = Hc.intersectWithLine(_[n], _[i], r, f);
		a.intersection && a.t > 0 - o && a.t < 1 + o && (a.t < 1 + o && a.t > 1 - o && (O = w), E[w++] = U(a.x, C) - U(S, C));
		let s = Hc.intersectWithLine(v[n], v[i], e, d);
		s.intersection && s.t > 0 - o && s.t < 1 + o && (s.t < 1 + o && s.t > 1 - o && (k = T), D[T++] = U(s.x, C) - U(S, C));
	}
	if (w > 2) {
		w--;
		let e = E[2];
		E[2] = E[O], E[O] = e;
	}
	if (T > 2) {
		T--;
		let e = D[2];
		D[2] = D[k], D[k] = e;
	}
	if (w !== 2 || T !== 2 || Number.isNaN(E[0]) || Number.isNaN(E[1]) || Number.isNaN(D[0]) || Number.isNaN(D[1])) return {
		intersect: !1,
		coplanar: s,
		pt1: c,
		pt2: l,
		surfaceId: u
	};
	if (E[0] > E[1]) {
		let e = E[1];
		E[1] = E[0], E[0] = e;
	}
	if (D[0] > D[1]) {
		let e = D[1];
		D[1] = D[0], D[0] = e;
	}
	let A, ee;
	return E[1] < D[0] || D[1] < E[0] ? {
		intersect: !1,
		coplanar: s,
		pt1: c,
		pt2: l,
		surfaceId: u
	} : (E[0] < D[0] ? E[1] < D[1] ? (u[0] = 2, u[1] = 1, A = D[0], ee = E[1]) : (u[0] = 2, u[1] = 2, A = D[0], ee = D[1]) : E[1] < D[1] ? (u[0] = 1, u[1] = 1, A = E[0], ee = E[1]) : (u[0] = 1, u[1] = 2, A = E[0], ee = D[1]), Ko(S, C, A, c), Ko(S, C, ee, l), {
		intersect: !0,
		coplanar: s,
		pt1: c,
		pt2: l,
		surfaceId: u
	});
}
var IS = [
	[0, 1],
	[1, 2],
	[2, 0]
], LS = [
	1,
	2,
	4
], RS = [
	[
		-1,
		-1,
		-1,
		-1,
		-1,
		-1,
		-1
	],
	[
		0,
		2,
		100,
		-1,
		-1,
		-1,
		-1
	],
	[
		1,
		0,
		101,
		-1,
		-1,
		-1,
		-1
	],
	[
		1,
		2,
		100,
		1,
		100,
		101,
		-1
	],
	[
		2,
		1,
		102,
		-1,
		-1,
		-1,
		-1
	],
	[
		0,
		1,
		102,
		102,
		100,
		0,
		-1
	],
	[
		0,
		101,
		2,
		2,
		101,
		102,
		-1
	],
	[
		100,
		101,
		102,
		-1,
		-1,
		-1,
		-1
	]
], zS = {
	computeNormalDirection: MS,
	computeNormal: NS,
	interpolationDerivs: PS,
	intersectWithTriangle: FS
};
function BS(e, t) {
	t.classHierarchy.push("vtkTriangle"), e.getCellDimension = () => 2, e.intersectWithLine = (n, r, i, a, o) => {
		let s = {
			subId: 0,
			t: Number.MAX_VALUE,
			intersect: 0,
			betweenPoints: !1
		};
		o[2] = 0;
		let c = [], l = i * i, u = [], d = [], f = [];
		t.points.getPoint(0, u), t.points.getPoint(1, d), t.points.getPoint(2, f);
		let p = [], m = [];
		if (NS(u, d, f, p), p[0] !== 0 || p[1] !== 0 || p[2] !== 0) {
			let t = Hc.intersectWithLine(n, r, u, p);
			if (s.betweenPoints = t.betweenPoints, s.t = t.t, a[0] = t.x[0], a[1] = t.x[1], a[2] = t.x[2], !t.intersection) return o[0] = 0, o[1] = 0, s.intersect = 0, s;
			let i = e.evaluatePosition(a, c, o, m);
			if (i.evaluation >= 0) return i.dist2 <= l ? (s.intersect = 1, s) : (s.intersect = i.evaluation, s);
		}
		let h = rs(u, d), g = rs(d, f), _ = rs(f, u);
		t.line ||= oS.newInstance(), h > g && h > _ ? (t.line.getPoints().setPoint(0, u), t.line.getPoints().setPoint(1, d)) : g > _ && g > h ? (t.line.getPoints().setPoint(0, d), t.line.getPoints().setPoint(1, f)) : (t.line.getPoints().setPoint(0, f), t.line.getPoints().setPoint(1, u));
		let v = t.line.intersectWithLine(n, r, i, a, o);
		if (s.betweenPoints = v.betweenPoints, s.t = v.t, v.intersect) {
			let e = [], t = [], n = [];
			for (let r = 0; r < 3; r++) e[r] = u[r] - f[r], t[r] = d[r] - f[r], n[r] = a[r] - f[r];
			return o[0] = U(n, e) / _, o[1] = U(n, t) / g, s.intersect = 1, s;
		}
		return o[0] = 0, o[1] = 0, s.intersect = 0, s;
	}, e.evaluatePosition = (e, n, r, i) => {
		let a = {
			subId: 0,
			dist2: 0,
			evaluation: -1
		}, o, s, c = [], l = [], u = [], d = [], f, p = [], m = [], h = [], g = 0, _ = 0, v = [], y, b, x, S = [], C = [], w = [], T = [];
		a.subId = 0, r[2] = 0, t.points.getPoint(1, c), t.points.getPoint(2, l), t.points.getPoint(0, u), MS(c, l, u, d), Hc.generalizedProjectPoint(e, c, d, T);
		let E = 0;
		for (o = 0; o < 3; o++) f = d[o] < 0 ? -d[o] : d[o], f > E && (E = f, _ = o);
		for (s = 0, o = 0; o < 3; o++) o !== _ && (v[s++] = o);
		for (o = 0; o < 2; o++) p[o] = T[v[o]] - u[v[o]], m[o] = c[v[o]] - u[v[o]], h[o] = l[v[o]] - u[v[o]];
		if (g = W(m, h), g === 0) return r[0] = 0, r[1] = 0, a.evaluation = -1, a;
		if (r[0] = W(p, h) / g, r[1] = W(m, p) / g, i[0] = 1 - (r[0] + r[1]), i[1] = r[0], i[2] = r[1], i[0] >= 0 && i[0] <= 1 && i[1] >= 0 && i[1] <= 1 && i[2] >= 0 && i[2] <= 1) n && (a.dist2 = rs(T, e), n[0] = T[0], n[1] = T[1], n[2] = T[2]), a.evaluation = 1;
		else {
			let t;
			if (n) {
				if (i[1] < 0 && i[2] < 0) for (y = rs(e, u), b = oS.distanceToLine(e, c, u, t, C), x = oS.distanceToLine(e, u, l, t, w), y < b ? (a.dist2 = y, S = u) : (a.dist2 = b, S = C), x < a.dist2 && (a.dist2 = x, S = w), o = 0; o < 3; o++) n[o] = S[o];
				else if (i[2] < 0 && i[0] < 0) for (y = rs(e, c), b = oS.distanceToLine(e, c, u, t, C), x = oS.distanceToLine(e, c, l, t, w), y < b ? (a.dist2 = y, S = c) : (a.dist2 = b, S = C), x < a.dist2 && (a.dist2 = x, S = w), o = 0; o < 3; o++) n[o] = S[o];
				else if (i[1] < 0 && i[0] < 0) for (y = rs(e, l), b = oS.distanceToLine(e, l, u, t, C), x = oS.distanceToLine(e, c, l, t, w), y < b ? (a.dist2 = y, S = l) : (a.dist2 = b, S = C), x < a.dist2 && (a.dist2 = x, S = w), o = 0; o < 3; o++) n[o] = S[o];
				else i[0] < 0 ? a.dist2 = oS.distanceToLine(e, c, l, n).distance : i[1] < 0 ? a.dist2 = oS.distanceToLine(e, l, u, n).distance : i[2] < 0 && (a.dist2 = oS.distanceToLine(e, c, u, n).distance);
			}
			a.evaluation = 0;
		}
		return a;
	}, e.evaluateLocation = (e, n, r) => {
		let i = [], a = [], o = [];
		t.points.getPoint(0, i), t.points.getPoint(1, a), t.points.getPoint(2, o);
		let s = 1 - e[0] - e[1];
		for (let t = 0; t < 3; t++) n[t] = i[t] * s + a[t] * e[0] + o[t] * e[1];
		r[0] = s, r[1] = e[0], r[2] = e[1];
	}, e.getParametricDistance = (e) => {
		let t, n = 0, r = [];
		r[0] = e[0], r[1] = e[1], r[2] = 1 - e[0] - e[1];
		for (let e = 0; e < 3; e++) t = r[e] < 0 ? -r[e] : r[e] > 1 ? r[e] - 1 : 0, t > n && (n = t);
		return n;
	}, e.derivatives = (e, n, r, i, a) => {
		let o = t.points.getPoint(0), s = t.points.getPoint(1), c = t.points.getPoint(2), l = [], u = [], d = [], f = [];
		NS(o, s, c, l), Uo(s, o, u), Uo(c, o, f), Yo(l, u, d);
		let p = Zo(u);
		if (p <= 0 || Zo(d) <= 0) {
			for (let e = 0; e < i; e++) for (let t = 0; t < 3; t++) a[e * i + t] = 0;
			return;
		}
		let m = [0, 0], h = [p, 0], g = [U(f, u), U(f, d)], _ = [
			,
			,
			,
			,
			,
			,
		];
		PS(_);
		let v = [
			h[0] - m[0],
			h[1] - m[1],
			g[0] - m[0],
			g[1] - m[1]
		], y = V.newTypedArray(ua.Float64Array, 4);
		Ls(v, y, 2);
		for (let e = 0; e < i; e++) {
			let t = 0, n = 0;
			for (let a = 0; a < 3; a++) t += _[a] * r[i * a + e], n += _[3 + a] * r[i * a + e];
			let o = t * y[0] + n * y[1], s = t * y[2] + n * y[3];
			a[3 * e] = o * u[0] + s * d[0], a[3 * e + 1] = o * u[1] + s * d[1], a[3 * e + 2] = o * u[2] + s * d[2];
		}
	}, e.cellBoundary = (e, n, r) => {
		let i = n[0] - n[1], a = .5 * (1 - n[0]) - n[1], o = 2 * n[0] + n[1] - 1;
		return i >= 0 && a >= 0 ? (r[0] = t.pointsIds[0], r[1] = t.pointsIds[1]) : a < 0 && o >= 0 ? (r[0] = t.pointsIds[1], r[1] = t.pointsIds[2]) : (r[0] = t.pointsIds[2], r[1] = t.pointsIds[0]), !(n[0] < 0 || n[1] < 0 || n[0] > 1 || n[1] > 1 || 1 - n[0] - n[1] < 0);
	}, e.clip = (e, n, r, i, a, o, s, c, l, u) => {
		let d = 0;
		for (let t = 0; t < 3; t++) {
			let r = n.getComponent(t, 0);
			(u && r <= e || !u && r > e) && (d += LS[t]);
		}
		let f = RS[d], p = [
			0,
			0,
			0
		], m = [
			0,
			0,
			0
		], h = [
			0,
			0,
			0
		], g = [
			0,
			0,
			0
		];
		for (let u = 0; f[u] > -1; u += 3) {
			g[0] = 0, g[1] = 0, g[2] = 0;
			for (let i = 0; i < 3; i++) {
				let s = f[u + i];
				if (s >= 100) {
					let e = s - 100;
					t.points.getPoint(e, p);
					let { inserted: n, id: c } = r.insertUniquePoint(p);
					g[i] = c, n && o.passData(a, t.pointsIds[e], c);
				} else {
					let c = IS[s], l = c[0], u = c[1], d = n.getComponent(c[1], 0) - n.getComponent(c[0], 0);
					d <= 0 && (l = c[1], u = c[0], d = -d);
					let f = d === 0 ? 0 : (e - n.getComponent(l, 0)) / d;
					t.points.getPoint(l, m), t.points.getPoint(u, h);
					for (let e = 0; e < 3; e++) p[e] = m[e] + f * (h[e] - m[e]);
					let { inserted: _, id: v } = r.insertUniquePoint(p);
					g[i] = v, _ && o.interpolateData(a, t.pointsIds[l], t.pointsIds[u], v, f);
				}
			}
			if (g[0] !== g[1] && g[0] !== g[2] && g[1] !== g[2]) {
				let e = i.insertNextCell(g);
				l.passData(s, c, e);
			}
		}
	};
}
var VS = {};
function HS(e, t, n = {}) {
	Object.assign(t, VS, n), Fx.extend(e, t, n), BS(e, t);
}
var US = {
	newInstance: V.newInstance(HS, "vtkTriangle"),
	extend: HS,
	...zS
};
// node_modules/@kitware/vtk.js/Common/DataModel/Quad.js
function WS() {
	return {
		intersected: !1,
		subId: -1,
		x: [
			0,
			0,
			0
		],
		pCoords: [
			0,
			0,
			0
		],
		t: -1
	};
}
function GS(e, t) {
	t.classHierarchy.push("vtkQuad"), e.getCellDimension = () => 2, e.getCellType = () => $.VTK_QUAD, e.getNumberOfEdges = () => 4, e.getNumberOfFaces = () => 0, e.intersectWithLine = (e, n, r, i, a) => {
		let o = {
			subId: 0,
			t: Number.MAX_VALUE,
			intersect: 0,
			betweenPoints: !1
		}, s, c = t.points.getPoint(0, []), l = t.points.getPoint(1, []), u = t.points.getPoint(2, []), d = t.points.getPoint(3, []), f = rs(c, u), p = rs(l, d);
		if (f === p) {
			let e, n = 0, r = 0;
			for (let i = 0; i < 4; i++) e = t.pointsIds[i], e > n && (n = e, r = i);
			s = r === 0 || r === 2 ? 0 : 1;
		} else s = f < p ? 0 : 1;
		let m = null;
		t.triangle ? m = t.triangle.getPoints() : (t.triangle = US.newInstance(), m = Cx.newInstance(), m.setNumberOfPoints(3), t.triangle.initialize(m));
		let h, g = WS(), _, v = WS(), y, b;
		switch (s) {
			case 0:
				m.setPoint(0, ...c), m.setPoint(1, ...l), m.setPoint(2, ...u), h = t.triangle.intersectWithLine(e, n, r, g.x, g.pCoords), m.setPoint(0, ...u), m.setPoint(1, ...d), m.setPoint(2, ...c), _ = t.triangle.intersectWithLine(e, n, r, v.x, v.pCoords), y = h.intersect && _.intersect ? h.t <= _.t : h.intersect, b = h.intersect && _.intersect ? _.t < h.t : _.intersect, y ? (o = h, i[0] = g.x[0], i[1] = g.x[1], i[2] = g.x[2], a[0] = g.pCoords[0] + g.pCoords[1], a[1] = g.pCoords[1], a[2] = g.pCoords[2]) : b && (o = _, i[0] = v.x[0], i[1] = v.x[1], i[2] = v.x[2], a[0] = 1 - (v.pCoords[0] + v.pCoords[1]), a[1] = 1 - v.pCoords[1], a[2] = v.pCoords[2]);
				break;
			case 1: m.setPoint(0, ...c), m.setPoint(1, ...l), m.setPoint(2, ...d), h = t.triangle.intersectWithLine(e, n, r, g.x, g.pCoords), m.setPoint(0, ...u), m.setPoint(1, ...d), m.setPoint(2, ...l), _ = t.triangle.intersectWithLine(e, n, r, v.x, v.pCoords), y = h.intersect && _.intersect ? h.t <= _.t : h.intersect, b = h.intersect && _.intersect ? _.t < h.t : _.intersect, y ? (o = h, i[0] = g.x[0], i[1] = g.x[1], i[2] = g.x[2], a[0] = g.pCoords[0], a[1] = g.pCoords[1], a[2] = g.pCoords[2]) : b && (o = _, i[0] = v.x[0], i[1] = v.x[1], i[2] = v.x[2], a[0] = 1 - v.pCoords[0], a[1] = 1 - v.pCoords[1], a[2] = v.pCoords[2]);
		}
		return o;
	}, e.interpolationFunctions = (e, t) => {
		let n = 1 - e[0], r = 1 - e[1];
		t[0] = n * r, t[1] = e[0] * r, t[2] = e[0] * e[1], t[3] = n * e[1];
	}, e.evaluateLocation = (n, r, i) => {
		let a = [];
		e.interpolationFunctions(n, i), r[0] = 0, r[1] = 0, r[2] = 0;
		for (let e = 0; e < 4; e++) {
			t.points.getPoint(e, a);
			for (let t = 0; t < 3; t++) r[t] += a[t] * i[e];
		}
	};
}
var KS = {};
function qS(e, t, n = {}) {
	Object.assign(t, KS, n), Fx.extend(e, t, n), GS(e, t);
}
var JS = {
	newInstance: V.newInstance(qS, "vtkQuad"),
	extend: qS
}, { vtkErrorMacro: YS } = V;
function XS(e) {
	return () => YS(`vtkTriangleStrip.${e} - NOT IMPLEMENTED`);
}
function ZS(e, t) {
	if (!Array.isArray(e) || e.length < 3) {
		YS("decomposeStrip - Invalid points array");
		return;
	}
	let n = e[0], r = e[1];
	for (let i = 0; i < e.length - 2; i++) {
		let a = e[i + 2];
		i % 2 ? t.insertNextCell([
			r,
			n,
			a
		]) : t.insertNextCell([
			n,
			r,
			a
		]), n = r, r = a;
	}
}
var QS = { decomposeStrip: ZS };
function $S(e, t) {
	t.classHierarchy.push("vtkTriangleStrip");
	let n = e.initialize;
	e.initialize = (e, r) => {
		t.triangle.initialize(e, r), n(e, r);
	}, e.getCellType = () => $.VTK_TRIANGLE_STRIP, e.getCellDimension = () => 2, e.getNumberOfEdges = () => t.pointsIds.length, e.getNumberOfFaces = () => 0, e.evaluatePosition = (e, n, r, i, a) => {
		let o = [
			0,
			0,
			0
		], s = Number.MAX_VALUE, c = 0, l = [], u = [], d = [];
		r[2] = 0, u[0] = 0, u[1] = 0, u[2] = 0;
		let f = t.triangle.getPoints();
		f.setNumberOfPoints(3);
		let p = t.triangle.getPointsIds().length;
		for (let e = 0; e < p; e++) a[e] = 0;
		for (let i = 0; i < p - 2; i++) {
			let a = [];
			f.getPoint(i, a);
			let p = [];
			f.getPoint(i + 1, p);
			let m = [];
			f.getPoint(i + 2, m), f.setData(Float32Array.from([
				...a,
				...p,
				...m
			]), 3);
			let h = t.triangle.evaluatePosition(e, d, o, l), g = h.dist2;
			h.evaluation >= 0 && (g < s || g === s && c === 0) && (c = h, n && (n[0] = d[0], n[1] = d[1], n[2] = d[2]), r[0] = o[0], r[1] = o[1], s = g, u[0] = l[0], u[1] = l[1], u[2] = l[2]);
		}
		return i[0] = s, a[0] = u[0], a[1] = u[1], a[2] = u[2], c;
	}, e.evaluateLocation = (e, n, r, i) => {
		let a = [[
			0,
			1,
			2
		], [
			1,
			0,
			2
		]], o = e % 2, s = t.pointsIds.length;
		for (let e = 0; e < s; e++) i[e] = 0;
		i[e] = 1 - n[0] - n[1], i[e + 1] = n[0], i[e + 2] = n[1];
		let c = [];
		t.points.getPoint(e + a[o][0], c);
		let l = [];
		t.points.getPoint(e + a[o][1], l);
		let u = [];
		t.points.getPoint(e + a[o][2], u);
		for (let t = 0; t < 3; t++) r[t] = c[t] * i[e] + l[t] * i[e + 1] + u[t] * i[e + 2];
	}, e.cellBoundary = (e, n, r) => {
		let i = [[
			0,
			1,
			2
		], [
			1,
			0,
			2
		]], a = e % 2, o = t.triangle.getPointsIds();
		return o[0] = t.pointsIds[i[a][0]], o[1] = t.pointsIds[i[a][1]], o[2] = t.pointsIds[i[a][2]], t.triangle.cellBoundary(0, n, r);
	}, e.getEdge = (e) => {
		let n, r, i = t.pointsIds.length;
		return e === 0 ? (n = 0, r = 1) : e === i - 1 ? (n = e - 1, r = e) : (n = e - 1, r = e + 1), t.line.getPointsIds()[0] = t.pointsIds[n], t.line.getPointsIds()[1] = t.pointsIds[r], t.line.getPoints().setPoint(0, t.points.getPoint(n)), t.line.getPoints().setPoint(1, t.points.getPoint(r)), t.line;
	}, e.intersectWithLine = (e, n, r, i, a) => {
		let o = t.pointsIds.length - 2, s = t.triangle.getPoints();
		s.setNumberOfPoints(3);
		for (let c = 0; c < o; c++) {
			let o = [];
			t.points.getPoint(t.pointsIds[c], o);
			let l = [];
			t.points.getPoint(t.pointsIds[c + 1], l);
			let u = [];
			t.points.getPoint(t.pointsIds[c + 2], u), s.setData(Float32Array.from([
				...o,
				...l,
				...u
			]), 3);
			let d = t.triangle.intersectWithLine(e, n, r, i, a);
			if (d.intersect) return d;
		}
		return !1;
	}, e.triangulate = () => {
		let e = t.points.getNumberOfPoints() - 2;
		t.tris = Array(3 * e);
		let n = [[
			0,
			1,
			2
		], [
			1,
			0,
			2
		]];
		for (let r = 0; r < e; r++) {
			let e = r % 2;
			for (let i = 0; i < 3; i++) t.tris[r * 3 + i] = r + n[e][i];
		}
		return !0;
	}, e.getPointArray = () => t.tris, e.derivatives = (e, n, r, i, a) => {
		let o = [];
		t.points.getPoint(e, o);
		let s = [];
		t.points.getPoint(e + 1, s);
		let c = [];
		t.points.getPoint(e + 2, c);
		let l = t.triangle.getPoints();
		l.setPoint(0, ...o), l.setPoint(1, ...s), l.setPoint(2, ...c), t.triangle.derivatives(0, n, r, i, a);
	}, e.getParametricCenter = (e) => (e[0] = .333333, e[1] = .333333, e[2] = 0, Math.floor((t.pointsIds.length - 2) / 2)), e.contour = (e, t, n, r, i, a, o, s, c, l, u) => XS("contour")(), e.clip = (e, n, r, i, a, o, s, c, l, u) => {
		let d = t.points.getNumberOfPoints() - 2, f = /* @__PURE__ */ new Float32Array(3), p = n.newClone();
		p.setNumberOfComponents(n.getNumberOfComponents()), p.setData(f, n.getNumberOfComponents());
		let m = t.triangle.getPoints();
		m.setNumberOfPoints(3);
		let h = t.triangle.getPointsIds(), g = [
			0,
			0,
			0
		];
		for (let _ = 0; _ < d; _++) {
			let d = _, v = _ + 1, y = _ + 2;
			_ % 2 && (d = _ + 2, v = _ + 1, y = _), m.setPoint(0, ...t.points.getPoint(d, g)), m.setPoint(1, ...t.points.getPoint(v, g)), m.setPoint(2, ...t.points.getPoint(y, g)), h[0] = t.pointsIds[d], h[1] = t.pointsIds[v], h[2] = t.pointsIds[y], f[0] = n.getComponent(d, 0), f[1] = n.getComponent(v, 0), f[2] = n.getComponent(y, 0), t.triangle.clip(e, p, r, i, a, o, s, c, l, u);
		}
	};
}
var eC = {
	line: null,
	triangle: null,
	tris: null
};
function tC(e, t, n = {}) {
	Object.assign(t, eC, n), Fx.extend(e, t, n), t.line ||= oS.newInstance(), t.triangle ||= US.newInstance(), $S(e, t);
}
var nC = {
	newInstance: V.newInstance(tC, "vtkTriangleStrip"),
	extend: tC,
	...QS
}, rC = [
	"verts",
	"lines",
	"polys",
	"strips"
], { vtkWarningMacro: iC } = V, aC = {
	[$.VTK_LINE]: oS,
	[$.VTK_QUAD]: JS,
	[$.VTK_POLY_LINE]: oS,
	[$.VTK_TRIANGLE]: US,
	[$.VTK_TRIANGLE_STRIP]: nC,
	[$.VTK_POLY_LINE]: mS,
	[$.VTK_POLYGON]: jS
};
function oC(e, t) {
	t.classHierarchy.push("vtkPolyData");
	function n(e) {
		return e.replace(/(?:^\w|[A-Z]|\b\w)/g, (e) => e.toUpperCase()).replace(/\s+/g, "");
	}
	function r() {
		t.cells = void 0, t.links = void 0;
	}
	rC.forEach((i) => {
		e[`getNumberOf${n(i)}`] = () => t[i].getNumberOfCells(), t[i] = t[i] ? Wi(t[i]) : jx.newInstance(), t[`_on${n(i)}Changed`] = r;
	}), e.getNumberOfCells = () => rC.reduce((e, n) => e + t[n].getNumberOfCells(), 0);
	let i = e.shallowCopy;
	e.shallowCopy = (e, n = !1) => {
		i(e, n), rC.forEach((n) => {
			t[n] = jx.newInstance(), t[n].shallowCopy(e.getReferenceByName(n));
		});
	};
	let a = e.getMTime;
	e.getMTime = () => rC.reduce((e, n) => Math.max(e, t[n]?.getMTime() ?? e), a());
	let o = e.initialize;
	e.initialize = () => (rC.forEach((e) => t[e]?.initialize()), r(), o()), e.buildCells = () => {
		let n = e.getNumberOfVerts(), r = e.getNumberOfLines(), i = e.getNumberOfPolys(), a = e.getNumberOfStrips(), o = n + r + i + a, s = new Uint8Array(o), c = s, l = new Uint32Array(o), u = l;
		if (n) {
			let e = 0;
			t.verts.getCellSizes().forEach((t, n) => {
				u[n] = e, c[n] = t > 1 ? $.VTK_POLY_VERTEX : $.VTK_VERTEX, e += t + 1;
			}), u = u.subarray(n), c = c.subarray(n);
		}
		if (r) {
			let e = 0;
			t.lines.getCellSizes().forEach((t, n) => {
				u[n] = e, c[n] = t > 2 ? $.VTK_POLY_LINE : $.VTK_LINE, t === 1 && iC("Building VTK_LINE ", n, " with only one point, but VTK_LINE needs at least two points. Check the input."), e += t + 1;
			}), u = u.subarray(r), c = c.subarray(r);
		}
		if (i) {
			let e = 0;
			t.polys.getCellSizes().forEach((t, n) => {
				switch (u[n] = e, t) {
					case 3:
						c[n] = $.VTK_TRIANGLE;
						break;
					case 4:
						c[n] = $.VTK_QUAD;
						break;
					default: c[n] = $.VTK_POLYGON;
				}
				t < 3 && iC("Building VTK_TRIANGLE ", n, " with less than three points, but VTK_TRIANGLE needs at least three points. Check the input."), e += t + 1;
			}), u += u.subarray(i), c += c.subarray(i);
		}
		if (a) {
			let e = 0;
			c.fill($.VTK_TRIANGLE_STRIP, 0, a), t.strips.getCellSizes().forEach((t, n) => {
				u[n] = e, e += t + 1;
			});
		}
		t.cells = Xx.newInstance(), t.cells.setCellTypes(o, s, l);
	}, e.buildLinks = (n = 0) => {
		t.cells ?? e.buildCells(), t.links = Bx.newInstance(), n > 0 ? t.links.allocate(n) : t.links.allocate(e.getPoints().getNumberOfPoints()), t.links.buildLinks(e);
	}, e.getCellType = (e) => t.cells.getCellType(e), e.getCellPoints = (n) => {
		let r = e.getCellType(n), i = null;
		switch (r) {
			case $.VTK_VERTEX:
			case $.VTK_POLY_VERTEX:
				i = t.verts;
				break;
			case $.VTK_LINE:
			case $.VTK_POLY_LINE:
				i = t.lines;
				break;
			case $.VTK_TRIANGLE:
			case $.VTK_QUAD:
			case $.VTK_POLYGON:
				i = t.polys;
				break;
			case $.VTK_TRIANGLE_STRIP:
				i = t.strips;
				break;
			default: return i = null, {
				type: 0,
				cellPointIds: null
			};
		}
		let a = t.cells.getCellLocation(n);
		return {
			cellType: r,
			cellPointIds: i.getCell(a)
		};
	}, e.getPointCells = (e) => t.links.getCells(e), e.getCellEdgeNeighbors = (e, n, r) => {
		let i = t.links.getLink(n), a = t.links.getLink(r);
		return i.cells.filter((t) => t !== e && a.cells.indexOf(t) !== -1);
	}, e.getCell = (t, n = null) => {
		let r = e.getCellPoints(t), i = n || aC[r.cellType].newInstance();
		return i.initialize(e.getPoints(), r.cellPointIds), i;
	}, e.getMaxCellSize = () => rC.reduce((e, n) => Math.max(e, t[n]?.getMaxCellSize?.() ?? 0), 0);
}
var sC = {};
function cC(e, t, n = {}) {
	Object.assign(t, sC, n), uS.extend(e, t, n), V.get(e, t, ["cells", "links"]), V.setGet(e, t, [
		"verts",
		"lines",
		"polys",
		"strips"
	]), oC(e, t);
}
V.newInstance(cC, "vtkPolyData");
// node_modules/@kitware/vtk.js/Rendering/Core/Actor.js
function lC(e, t) {
	t.classHierarchy.push("vtkActor");
	let n = { ...e };
	e.getActors = () => [e], e.getIsOpaque = () => {
		if (t.forceOpaque) return !0;
		if (t.forceTranslucent) return !1;
		t.properties[0] || e.getProperty();
		let n = t.properties[0].getOpacity() >= 1;
		return n &&= !t.texture || !t.texture.isTranslucent(), n &&= !t.mapper || t.mapper.getIsOpaque(), n;
	}, e.hasTranslucentPolygonalGeometry = () => t.mapper !== null && (t.properties[0] || e.getProperty(), !e.getIsOpaque()), e.makeProperty = W_.newInstance, e.getMTime = () => {
		let e = n.getMTime();
		if (t.backfaceProperty !== null) {
			let n = t.backfaceProperty.getMTime();
			e = n > e ? n : e;
		}
		return e;
	}, e.getRedrawMTime = () => {
		let e = t.mtime;
		if (t.mapper !== null) {
			let n = t.mapper.getMTime();
			e = n > e ? n : e, t.mapper.getInput() !== null && (t.mapper.getInputAlgorithm().update(), n = t.mapper.getInput().getMTime(), e = n > e ? n : e);
		}
		return e;
	}, e.getSupportsSelection = () => t.mapper ? t.mapper.getSupportsSelection() : !1, e.processSelectorPixelBuffers = (e, n) => {
		t.mapper && t.mapper.processSelectorPixelBuffers && t.mapper.processSelectorPixelBuffers(e, n);
	};
}
var uC = {
	mapper: null,
	backfaceProperty: null,
	forceOpaque: !1,
	forceTranslucent: !1
};
function dC(e, t, n = {}) {
	Object.assign(t, uC, n), _f.extend(e, t, n), t.boundsMTime = {}, V.obj(t.boundsMTime), V.setGet(e, t, [
		"backfaceProperty",
		"forceOpaque",
		"forceTranslucent",
		"mapper"
	]), lC(e, t);
}
V.newInstance(dC, "vtkActor");
// node_modules/@kitware/vtk.js/Common/Core/LookupTable.js
var { vtkErrorMacro: fC } = V, pC = 0, mC = 1, hC = 2;
function gC(e, t) {
	t.classHierarchy.push("vtkLookupTable"), e.isOpaque = () => {
		if (t.opaqueFlagBuildTime.getMTime() < e.getMTime()) {
			let e = !0;
			t.nanColor[3] < 1 && (e = 0), t.useBelowRangeColor && t.belowRangeColor[3] < 1 && (e = 0), t.useAboveRangeColor && t.aboveRangeColor[3] < 1 && (e = 0);
			for (let n = 3; n < t.table.length && e; n += 4) t.table[n] < 255 && (e = !1);
			t.opaqueFlag = e, t.opaqueFlagBuildTime.modified();
		}
		return t.opaqueFlag;
	}, e.usingLogScale = () => !1, e.getNumberOfAvailableColors = () => t.table.length / 4 - 3, e.linearIndexLookup = (e, t) => {
		let n = 0, r = Number(e);
		return r < t.range[0] ? n = t.maxIndex + pC + 1.5 : r > t.range[1] ? n = t.maxIndex + mC + 1.5 : (n = (r + t.shift) * t.scale, n = n < t.maxIndex ? n : t.maxIndex), Math.floor(n);
	}, e.linearLookup = (t, n, r) => {
		let i = 0;
		i = mc(t) ? Math.floor(r.maxIndex + 1.5 + hC) : e.linearIndexLookup(t, r);
		let a = 4 * i;
		return n.slice(a, a + 4);
	}, e.indexedLookupFunction = (n, r, i) => {
		let a = e.getAnnotatedValueIndexInternal(n);
		a === -1 && (a = t.numberOfColors + hC);
		let o = 4 * a;
		return [
			r[o],
			r[o + 1],
			r[o + 2],
			r[o + 3]
		];
	}, e.lookupShiftAndScale = (e, t) => {
		t.shift = -e[0], t.scale = Number.MAX_VALUE, e[1] > e[0] && (t.scale = (t.maxIndex + 1) / (e[1] - e[0]));
	}, e.mapScalarsThroughTable = (n, r, i, a) => {
		let o = e.linearLookup;
		t.indexedLookup && (o = e.indexedLookupFunction);
		let s = e.getMappingRange(), c = {
			maxIndex: e.getNumberOfColors() - 1,
			range: s,
			shift: 0,
			scale: 0
		};
		e.lookupShiftAndScale(s, c);
		let l = e.getAlpha(), u = n.getNumberOfTuples(), d = n.getNumberOfComponents(), f = r.getData(), p = n.getData();
		if (l >= 1) {
			if (i === Lu.RGBA) for (let e = 0; e < u; e++) {
				let n = o(p[e * d + a], t.table, c);
				f[e * 4] = n[0], f[e * 4 + 1] = n[1], f[e * 4 + 2] = n[2], f[e * 4 + 3] = n[3];
			}
		} else if (i === Lu.RGBA) for (let e = 0; e < u; e++) {
			let n = o(p[e * d + a], t.table, c);
			f[e * 4] = n[0], f[e * 4 + 1] = n[1], f[e * 4 + 2] = n[2], f[e * 4 + 3] = Math.floor(n[3] * l + .5);
		}
	}, e.forceBuild = () => {
		let n = 0, r = 0, i = 0, a = 0, o = t.numberOfColors - 1;
		o && (n = (t.hueRange[1] - t.hueRange[0]) / o, r = (t.saturationRange[1] - t.saturationRange[0]) / o, i = (t.valueRange[1] - t.valueRange[0]) / o, a = (t.alphaRange[1] - t.alphaRange[0]) / o), t.table.length = 4 * o + 16;
		let s = [], c = [];
		for (let e = 0; e <= o; e++) s[0] = t.hueRange[0] + e * n, s[1] = t.saturationRange[0] + e * r, s[2] = t.valueRange[0] + e * i, Ws(s, c), c[3] = t.alphaRange[0] + e * a, t.table[e * 4] = c[0] * 255 + .5, t.table[e * 4 + 1] = c[1] * 255 + .5, t.table[e * 4 + 2] = c[2] * 255 + .5, t.table[e * 4 + 3] = c[3] * 255 + .5;
		e.buildSpecialColors(), t.buildTime.modified();
	}, e.setTable = (n) => {
		if (Array.isArray(n)) {
			let r = n[0].length;
			t.numberOfColors = n.length;
			let i = 4 - r, a = 0;
			for (let e = 0; e < t.numberOfColors; e++) t.table[e * 4] = 255, t.table[e * 4 + 1] = 255, t.table[e * 4 + 2] = 255, t.table[e * 4 + 3] = 255;
			for (let e = 0; e < n.length; e++) {
				let o = n[e];
				for (let e = 0; e < r; e++) t.table[a++] = o[e];
				a += i;
			}
			return e.buildSpecialColors(), t.insertTime.modified(), e.modified(), !0;
		}
		if (n.getNumberOfComponents() !== 4) return fC("Expected 4 components for RGBA colors"), !1;
		if (n.getDataType() !== K.UNSIGNED_CHAR) return fC("Expected unsigned char values for RGBA colors"), !1;
		t.numberOfColors = n.getNumberOfTuples();
		let r = n.getData();
		t.table.length = r.length;
		for (let e = 0; e < r.length; e++) t.table[e] = r[e];
		return e.buildSpecialColors(), t.insertTime.modified(), e.modified(), !0;
	}, e.buildSpecialColors = () => {
		let { numberOfColors: e } = t, n = t.table, r = (e + pC) * 4;
		t.useBelowRangeColor || e === 0 ? (n[r] = t.belowRangeColor[0] * 255 + .5, n[r + 1] = t.belowRangeColor[1] * 255 + .5, n[r + 2] = t.belowRangeColor[2] * 255 + .5, n[r + 3] = t.belowRangeColor[3] * 255 + .5) : (n[r] = n[0], n[r + 1] = n[1], n[r + 2] = n[2], n[r + 3] = n[3]), r = (e + mC) * 4, t.useAboveRangeColor || e === 0 ? (n[r] = t.aboveRangeColor[0] * 255 + .5, n[r + 1] = t.aboveRangeColor[1] * 255 + .5, n[r + 2] = t.aboveRangeColor[2] * 255 + .5, n[r + 3] = t.aboveRangeColor[3] * 255 + .5) : (n[r] = n[4 * (e - 1) + 0], n[r + 1] = n[4 * (e - 1) + 1], n[r + 2] = n[4 * (e - 1) + 2], n[r + 3] = n[4 * (e - 1) + 3]), r = (e + hC) * 4, n[r] = t.nanColor[0] * 255 + .5, n[r + 1] = t.nanColor[1] * 255 + .5, n[r + 2] = t.nanColor[2] * 255 + .5, n[r + 3] = t.nanColor[3] * 255 + .5;
	}, e.build = () => {
		(t.table.length < 1 || e.getMTime() > t.buildTime.getMTime() && t.insertTime.getMTime() <= t.buildTime.getMTime()) && e.forceBuild();
	}, t.table.length > 0 && (e.buildSpecialColors(), t.insertTime.modified());
}
var _C = {
	numberOfColors: 256,
	hueRange: [0, .66667],
	saturationRange: [1, 1],
	valueRange: [1, 1],
	alphaRange: [1, 1],
	nanColor: [
		.5,
		0,
		0,
		1
	],
	belowRangeColor: [
		0,
		0,
		0,
		1
	],
	aboveRangeColor: [
		1,
		1,
		1,
		1
	],
	useAboveRangeColor: !1,
	useBelowRangeColor: !1,
	alpha: 1
};
function vC(e, t, n = {}) {
	Object.assign(t, _C, n), Zu.extend(e, t, n), t.table ||= [], t.buildTime = {}, V.obj(t.buildTime), t.opaqueFlagBuildTime = {}, V.obj(t.opaqueFlagBuildTime, { mtime: 0 }), t.insertTime = {}, V.obj(t.insertTime, { mtime: 0 }), V.get(e, t, ["buildTime"]), V.setGet(e, t, [
		"numberOfColors",
		"useAboveRangeColor",
		"useBelowRangeColor"
	]), V.setArray(e, t, [
		"alphaRange",
		"hueRange",
		"saturationRange",
		"valueRange"
	], 2), V.setArray(e, t, [
		"nanColor",
		"belowRangeColor",
		"aboveRangeColor"
	], 4), V.getArray(e, t, [
		"hueRange",
		"saturationRange",
		"valueRange",
		"alphaRange",
		"nanColor",
		"belowRangeColor",
		"aboveRangeColor"
	]), gC(e, t);
}
var yC = {
	newInstance: V.newInstance(vC, "vtkLookupTable"),
	extend: vC
}, { FieldAssociations: bC } = pu, { staticOffsetAPI: xC, otherStaticMethods: SC } = Md, { ColorMode: CC, ScalarMode: wC, GetArray: TC } = zu, { VectorMode: EC } = Ru, { VtkDataTypes: DC } = q;
function OC(e) {
	return () => V.vtkErrorMacro(`vtkMapper::${e} - NOT IMPLEMENTED`);
}
function kC(e, t) {
	let n = e[1] % 2 == 0 ? 1 : -1;
	if (e[0] += n, e[0] >= t[0] || e[0] < 0) {
		let r = e[2] % 2 == 0 ? 1 : -1;
		e[0] -= n, e[1] += r, (e[1] >= t[1] || e[1] < 0) && (e[1] -= r, e[2]++);
	}
}
function AC(e, t) {
	return e[0] + t[0] * (e[1] + t[1] * e[2]);
}
function jC(e, t, n) {
	let r = Math.floor(t), i = r % (2 * n[0]), a, o;
	i < n[0] ? (e[0] = i, a = 1, o = e[0] === n[0] - 1) : (e[0] = 2 * n[0] - 1 - i, a = -1, o = e[0] === 0);
	let s = Math.floor(r / n[0]), c = s % (2 * n[1]), l, u;
	c < n[1] ? (e[1] = c, l = 1, u = e[1] === n[1] - 1) : (e[1] = 2 * n[1] - 1 - c, l = -1, u = e[1] === 0), e[2] = Math.floor(s / n[1]);
	let d = t - r;
	o ? u ? e[2] += d : e[1] += l * d : e[0] += a * d, e[0] = (e[0] + .5) / n[0], e[1] = (e[1] + .5) / n[1], e[2] = (e[2] + .5) / n[2];
}
var MC = /* @__PURE__ */ new WeakMap();
function NC(e, t, n, r, i, a, o) {
	let s = Array(arguments.length);
	for (let e = 0; e < arguments.length; ++e) {
		let t = arguments[e];
		s[e] = t.getMTime?.() ?? t;
	}
	let c = s.join("/"), l = MC.get(e);
	if (l && l.stringHash === c) return l.textureCoordinates;
	let u = (n[1] - n[0]) / (i - 1), [d, f] = [n[0] - u, n[1] + u], p = d - .5 * u, m = 1 / (f - d + u), h = d, g = (i + 1) / (f - d), _ = e.getData(), v = e.getNumberOfTuples(), y = e.getNumberOfComponents(), b = t < 0 || t >= y, x = a[2] <= 1 ? 2 : 3, S = q.newInstance({
		numberOfComponents: x,
		values: new Float32Array(v * x)
	}), C = S.getData(), w = [
		0,
		0,
		0
	];
	jC(w, i + 2, a);
	let T = 0, E = 0, D = [
		.5,
		.5,
		.5
	];
	for (let e = 0; e < v; ++e) {
		let e;
		if (b) {
			let t = 0;
			for (let e = 0; e < y; ++e) {
				let n = Number(_[T + e]);
				t += n * n;
			}
			e = Math.sqrt(t);
		} else e = Number(_[T + t]);
		if (r && (e = Math.log10(e)), T += y, mc(e)) D[0] = w[0], D[1] = w[1], D[2] = w[2];
		else if (o) {
			let t = (e - h) * g;
			t < 1 ? t = 0 : t > i && (t = i + 1), jC(D, t, a);
		} else {
			D[1] = .49;
			let t = (e - p) * m;
			D[0] = t > 1e3 ? 1e3 : t < -1e3 ? -1e3 : t;
		}
		for (let e = 0; e < x; ++e) C[E++] = D[e];
	}
	return MC.set(e, {
		stringHash: c,
		textureCoordinates: S
	}), S;
}
function PC(e, t) {
	t.classHierarchy.push("vtkMapper"), e.computeBounds = () => {
		let n = e.getInputData();
		n ? (t.static || e.update(), G.setBounds(t.bounds, n.getBounds())) : G.reset(t.bounds);
	}, e.setForceCompileOnly = (e) => {
		t.forceCompileOnly = e;
	}, e.setSelectionWebGLIdsToVTKIds = (e) => {
		t.selectionWebGLIdsToVTKIds = e;
	}, e.createDefaultLookupTable = () => {
		t.lookupTable = yC.newInstance();
	}, e.getColorModeAsString = () => V.enumToString(CC, t.colorMode), e.setColorModeToDefault = () => e.setColorMode(0), e.setColorModeToMapScalars = () => e.setColorMode(1), e.setColorModeToDirectScalars = () => e.setColorMode(2), e.getScalarModeAsString = () => V.enumToString(wC, t.scalarMode), e.setScalarModeToDefault = () => e.setScalarMode(0), e.setScalarModeToUsePointData = () => e.setScalarMode(1), e.setScalarModeToUseCellData = () => e.setScalarMode(2), e.setScalarModeToUsePointFieldData = () => e.setScalarMode(3), e.setScalarModeToUseCellFieldData = () => e.setScalarMode(4), e.setScalarModeToUseFieldData = () => e.setScalarMode(5), e.getAbstractScalars = (e, n, r, i, a) => {
		if (!e || !t.scalarVisibility) return {
			scalars: null,
			cellFlag: !1
		};
		let o = null, s = !1;
		if (n === wC.DEFAULT) o = e.getPointData().getScalars(), o || (o = e.getCellData().getScalars(), s = !0);
		else if (n === wC.USE_POINT_DATA) o = e.getPointData().getScalars();
		else if (n === wC.USE_CELL_DATA) o = e.getCellData().getScalars(), s = !0;
		else if (n === wC.USE_POINT_FIELD_DATA) {
			let t = e.getPointData();
			o = r === TC.BY_ID ? t.getArrayByIndex(i) : t.getArrayByName(a);
		} else if (n === wC.USE_CELL_FIELD_DATA) {
			let t = e.getCellData();
			s = !0, o = r === TC.BY_ID ? t.getArrayByIndex(i) : t.getArrayByName(a);
		} else if (n === wC.USE_FIELD_DATA) {
			let t = e.getFieldData();
			o = r === TC.BY_ID ? t.getArrayByIndex(i) : t.getArrayByName(a);
		}
		return {
			scalars: o,
			cellFlag: s
		};
	}, e.mapScalars = (n, r) => {
		let { scalars: i, cellFlag: a } = e.getAbstractScalars(n, t.scalarMode, t.arrayAccessMode, t.arrayId, t.colorByArrayName);
		if (t.areScalarsMappedFromCells = a, !i) {
			t.colorCoordinates = null, t.colorTextureMap = null, t.colorMapColors = null;
			return;
		}
		let o = `${e.getMTime()}${i.getMTime()}${r}`;
		if (t.colorBuildString !== o) {
			if (t.useLookupTableScalarRange || e.getLookupTable().setRange(t.scalarRange[0], t.scalarRange[1]), e.canUseTextureMapForColoring(i, a)) t.mapScalarsToTexture(i, a, r);
			else {
				t.colorCoordinates = null, t.colorTextureMap = null;
				let n = e.getLookupTable();
				n && (n.build(), t.colorMapColors = n.mapScalars(i, t.colorMode, t.fieldDataTupleId));
			}
			t.colorBuildString = `${e.getMTime()}${i.getMTime()}${r}`;
		}
	}, t.mapScalarsToTexture = (n, r, i) => {
		let a = t.lookupTable.getRange(), o = t.lookupTable.usingLogScale(), s = t.lookupTable.getAlpha(), c = o ? [Math.log10(a[0]), Math.log10(a[1])] : a;
		if (t.colorMapColors = null, t.colorTextureMap == null || e.getMTime() > t.colorTextureMap.getMTime() || t.lookupTable.getMTime() > t.colorTextureMap.getMTime() || t.lookupTable.getAlpha() !== i) {
			t.lookupTable.setAlpha(i), t.colorTextureMap = null, t.lookupTable.build();
			let e = t.lookupTable.getNumberOfAvailableColors(), n = 2048;
			t.numberOfColorsInRange = Math.min(Math.max(e, 2), r ? n ** 3 - 3 : 4094);
			let a = t.numberOfColorsInRange + 3, l = t.numberOfColorsInRange + 2, u = r ? [
				Math.min(Math.ceil(a / 1), n),
				Math.min(Math.ceil(a / n ** 1), n),
				Math.min(Math.ceil(a / n ** 2), n)
			] : [
				l,
				2,
				1
			], d = u[0] * u[1] * u[2], f = new Float64Array(d);
			f.fill(NaN);
			let p = t.numberOfColorsInRange, m = p + 2, h = [
				0,
				0,
				0
			], g = c[0], _ = c[1] - c[0];
			for (let e = 0; e < m; ++e) {
				let t = AC(h, u), n = g + _ * (e - 1) / (p - 1);
				f[t] = o ? 10 ** n : n, kC(h, u);
			}
			let v = q.newInstance({
				numberOfComponents: 1,
				values: f
			}), y = t.lookupTable.mapScalars(v, t.colorMode, 0);
			t.colorTextureMap = Cu.newInstance(), t.colorTextureMap.setDimensions(u), t.colorTextureMap.getPointData().setScalars(y), t.lookupTable.setAlpha(s);
		}
		t.colorCoordinates = NC(n, t.lookupTable.getVectorMode() === EC.MAGNITUDE && n.getNumberOfComponents() > 1 ? -1 : t.lookupTable.getVectorComponent(), c, o, t.numberOfColorsInRange, t.colorTextureMap.getDimensions(), r);
	}, e.getIsOpaque = () => {
		let n = e.getInputData(), r = e.getAbstractScalars(n, t.scalarMode, t.arrayAccessMode, t.arrayId, t.colorByArrayName).scalars;
		if (!t.scalarVisibility || r == null) return !0;
		let i = e.getLookupTable();
		return !i || (i.build(), i.areScalarsOpaque(r, t.colorMode, -1));
	}, e.canUseTextureMapForColoring = (e, n) => n && t.colorMode !== CC.DIRECT_SCALARS ? !0 : !(!t.interpolateScalarsBeforeMapping || t.lookupTable && t.lookupTable.getIndexedLookup() || !e || t.colorMode === CC.DEFAULT && e.getDataType() === DC.UNSIGNED_CHAR || t.colorMode === CC.DIRECT_SCALARS), e.clearColorArrays = () => {
		t.colorMapColors = null, t.colorCoordinates = null, t.colorTextureMap = null;
	}, e.getLookupTable = () => (t.lookupTable || e.createDefaultLookupTable(), t.lookupTable), e.getMTime = () => {
		let e = t.mtime;
		if (t.lookupTable !== null) {
			let n = t.lookupTable.getMTime();
			e = n > e ? n : e;
		}
		return e;
	}, e.getPrimitiveCount = () => {
		let t = e.getInputData();
		return {
			points: t.getPoints().getNumberOfValues() / 3,
			verts: t.getVerts().getNumberOfValues() - t.getVerts().getNumberOfCells(),
			lines: t.getLines().getNumberOfValues() - 2 * t.getLines().getNumberOfCells(),
			triangles: t.getPolys().getNumberOfValues() - 3 * t.getPolys().getNumberOfCells()
		};
	}, e.acquireInvertibleLookupTable = OC("AcquireInvertibleLookupTable"), e.valueToColor = OC("ValueToColor"), e.colorToValue = OC("ColorToValue"), e.useInvertibleColorFor = OC("UseInvertibleColorFor"), e.clearInvertibleColor = OC("ClearInvertibleColor"), e.processSelectorPixelBuffers = (e, n) => {
		if (!e || !t.selectionWebGLIdsToVTKIds || !t.populateSelectionSettings) return;
		let r = e.getRawPixelBuffer(Uv.ID_LOW24), i = e.getRawPixelBuffer(Uv.ID_HIGH24), a = e.getCurrentPass(), o = e.getFieldAssociation(), s = null;
		o === bC.FIELD_ASSOCIATION_POINTS ? s = t.selectionWebGLIdsToVTKIds.points : o === bC.FIELD_ASSOCIATION_CELLS && (s = t.selectionWebGLIdsToVTKIds.cells), s && n.forEach((t) => {
			if (a === Uv.ID_LOW24) {
				let n = 0;
				i && (n += i[t], n *= 256), n += r[t + 2], n *= 256, n += r[t + 1], n *= 256, n += r[t];
				let a = s[n], o = e.getPixelBuffer(Uv.ID_LOW24);
				o[t] = a & 255, o[t + 1] = (a & 65280) >> 8, o[t + 2] = (a & 16711680) >> 16;
			} else if (a === Uv.ID_HIGH24 && i) {
				let n = 0;
				n += i[t], n *= 256, n += r[t + 2], n *= 256, n += r[t + 1], n *= 256, n += r[t];
				let a = s[n], o = e.getPixelBuffer(Uv.ID_HIGH24);
				o[t] = (a & 4278190080) >> 24;
			}
		});
	};
}
var FC = {
	colorMapColors: null,
	areScalarsMappedFromCells: !1,
	static: !1,
	lookupTable: null,
	scalarVisibility: !0,
	scalarRange: [0, 1],
	useLookupTableScalarRange: !1,
	colorMode: 0,
	scalarMode: 0,
	arrayAccessMode: 1,
	renderTime: 0,
	colorByArrayName: null,
	fieldDataTupleId: -1,
	populateSelectionSettings: !0,
	selectionWebGLIdsToVTKIds: null,
	interpolateScalarsBeforeMapping: !1,
	colorCoordinates: null,
	colorTextureMap: null,
	numberOfColorsInRange: 0,
	forceCompileOnly: 0,
	useInvertibleColors: !1,
	invertibleScalars: null,
	customShaderAttributes: []
};
function IC(e, t, n = {}) {
	Object.assign(t, FC, n), Gd.extend(e, t, n), V.get(e, t, [
		"areScalarsMappedFromCells",
		"colorCoordinates",
		"colorMapColors",
		"colorTextureMap",
		"numberOfColorsInRange",
		"selectionWebGLIdsToVTKIds"
	]), V.setGet(e, t, [
		"colorByArrayName",
		"arrayAccessMode",
		"colorMode",
		"fieldDataTupleId",
		"interpolateScalarsBeforeMapping",
		"lookupTable",
		"populateSelectionSettings",
		"renderTime",
		"scalarMode",
		"scalarVisibility",
		"static",
		"useLookupTableScalarRange",
		"customShaderAttributes"
	]), V.setGetArray(e, t, ["scalarRange"], 2), Md.implementCoincidentTopologyMethods(e, t), PC(e, t);
}
V.newInstance(IC, "vtkMapper"), {
	...xC,
	...SC,
	...zu
};
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/vtkClasses/vtkOffscreenMultiRenderWindow.js
function LC(e, t) {
	let n = e.invokeResize;
	delete e.invokeResize, t.renderWindow = Rg.newInstance(), t.rendererMap = {}, t.openGLRenderWindow = Lb.newInstance(), t.renderWindow.addView(t.openGLRenderWindow), t.interactor = vx.newInstance(), t.interactor.setView(t.openGLRenderWindow), t.interactor.initialize(), e.addRenderer = ({ viewport: e, id: n, background: r }) => {
		let i = nx.newInstance({
			viewport: e,
			background: r || t.background
		});
		t.renderWindow.addRenderer(i), t.rendererMap[n] = i;
	}, e.destroy = () => {
		t.renderWindow.getInteractor().delete();
	}, e.removeRenderer = (n) => {
		let r = e.getRenderer(n);
		t.renderWindow.removeRenderer(r), r.delete(), delete t.rendererMap[n];
	}, e.getRenderer = (e) => t.rendererMap[e], e.getRenderers = () => {
		let { rendererMap: e } = t;
		return Object.keys(e).map((t) => ({
			id: t,
			renderer: e[t]
		}));
	}, e.resize = () => {
		if (t.container) {
			let { width: e, height: r } = t.container;
			t.openGLRenderWindow.setSize(Math.floor(e), Math.floor(r)), n(), t.renderWindow.render();
		}
	}, e.setContainer = (e) => {
		t.container = e, t.openGLRenderWindow.setContainer(t.container);
	}, e.delete = V.chain(e.setContainer, e.destroy, t.openGLRenderWindow.delete, e.delete), e.resize();
}
var RC = {
	background: [
		0,
		0,
		0
	],
	container: null
};
function zC(e, t, n = {}) {
	Object.assign(t, RC, n), V.obj(e, t), V.get(e, t, [
		"renderWindow",
		"openGLRenderWindow",
		"interactor",
		"container"
	]), V.event(e, t, "resize"), LC(e, t);
}
var BC = {
	newInstance: V.newInstance(zC),
	extend: zC
}, VC = qt.getLogger("RenderingEngine", "attachWebGLContextEvents");
function HC(e, t, n = 0) {
	let r = e.getOpenGLRenderWindow?.()?.getCanvas?.();
	r && (r.addEventListener("webglcontextlost", () => {
		VC.warn(`CornerstoneRender: WebGL context lost (renderingEngine=${t}, context=${n})`), P(N, j.WEBGL_CONTEXT_LOST, {
			renderingEngineId: t,
			contextIndex: n
		});
	}), r.addEventListener("webglcontextrestored", () => {
		P(N, j.WEBGL_CONTEXT_RESTORED, {
			renderingEngineId: t,
			contextIndex: n
		});
	}));
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/TiledRenderingEngine.js
var UC = qt.getLogger("RenderingEngine", "TiledRenderingEngine"), WC = class extends kg {
	constructor(e) {
		super(e), this._renderFlaggedViewports = () => {
			this._throwIfDestroyed(), this.offscreenMultiRenderWindow && this.performVtkDrawCall();
			let e = this._getViewportsAsArray(), t = [];
			for (let n = 0; n < e.length; n++) {
				let r = e[n];
				if (this._needsRender.has(r.id)) {
					let e = this.renderViewportUsingCustomOrVtkPipeline(r);
					if (t.push(e), r.setRendered(), this._needsRender.delete(r.id), this._needsRender.size === 0) break;
				}
			}
			this._animationFrameSet = !1, this._animationFrameHandle = null, t.forEach((e) => {
				e?.element && P(e.element, j.IMAGE_RENDERED, e);
			});
		}, this.useCPURendering || this.ensureOffscreenResources();
	}
	ensureOffscreenResources() {
		this.offscreenMultiRenderWindow || (this.offscreenMultiRenderWindow = BC.newInstance(), this.offScreenCanvasContainer = document.createElement("div"), this.offscreenMultiRenderWindow.setContainer(this.offScreenCanvasContainer), HC(this.offscreenMultiRenderWindow, this.id));
	}
	enableVTKjsDrivenViewport(e) {
		this.ensureOffscreenResources();
		let t = this._getViewportsAsArray().filter((e) => $h(e.type) === !1), n = t.map((e) => e.canvas), r = dm(e.element);
		n.push(r);
		let { offScreenCanvasWidth: i, offScreenCanvasHeight: a } = this._resizeOffScreenCanvas(n), o = this._resize(t, i, a), s = {
			...e,
			canvas: r
		};
		this.addVtkjsDrivenViewport(s, {
			offScreenCanvasWidth: i,
			offScreenCanvasHeight: a,
			xOffset: o
		});
	}
	addVtkjsDrivenViewport(e, t) {
		this.ensureOffscreenResources();
		let { element: n, canvas: r, viewportId: i, type: a, defaultOptions: o } = e;
		n.tabIndex = -1, ng(n);
		let { offScreenCanvasWidth: s, offScreenCanvasHeight: c, xOffset: l } = t, { sxStartDisplayCoords: u, syStartDisplayCoords: d, sxEndDisplayCoords: f, syEndDisplayCoords: p, sx: m, sy: h, sWidth: g, sHeight: _ } = this._getViewportCoordsOnOffScreenCanvas(e, s, c, l);
		this.offscreenMultiRenderWindow.addRenderer({
			viewport: [
				u,
				d,
				f,
				p
			],
			id: i,
			background: o.background ? o.background : [
				0,
				0,
				0
			]
		});
		let v = {
			id: i,
			element: n,
			renderingEngineId: this.id,
			type: a,
			canvas: r,
			sx: m,
			sy: h,
			sWidth: g,
			sHeight: _,
			defaultOptions: o || {}
		}, y = Zh(e);
		if (!y) throw Error(`Viewport Type ${a} is not supported`);
		let b = new y(v);
		b.requestedType = e.requestedType ?? a, this._viewports.set(i, b);
		let x = {
			element: n,
			viewportId: i,
			renderingEngineId: this.id
		};
		b.suppressEvents || P(N, j.ELEMENT_ENABLED, x);
	}
	setVtkjsDrivenViewports(e) {
		if (e.length) {
			let t = e.map((e) => dm(e.element));
			t.forEach((e) => {
				let t = window.devicePixelRatio || 1, n = e.getBoundingClientRect();
				e.width = n.width * t, e.height = n.height * t;
			});
			let { offScreenCanvasWidth: n, offScreenCanvasHeight: r } = this._resizeOffScreenCanvas(t), i = 0;
			for (let a = 0; a < e.length; a++) {
				let o = e[a], s = t[a], c = {
					...o,
					canvas: s
				};
				this.addVtkjsDrivenViewport(c, {
					offScreenCanvasWidth: n,
					offScreenCanvasHeight: r,
					xOffset: i
				}), i += s.width;
			}
		}
	}
	_resizeVTKViewports(e, t = !0, n = !0) {
		let r = e.map((e) => dm(e.element));
		if (r.forEach((e) => {
			let t = window.devicePixelRatio || 1;
			e.width = e.clientWidth * t, e.height = e.clientHeight * t;
		}), r.length) {
			let { offScreenCanvasWidth: t, offScreenCanvasHeight: n } = this._resizeOffScreenCanvas(r);
			this._resize(e, t, n);
		}
		e.forEach((e) => {
			let n = e.getCamera(), r = e.getRotation(), { flipHorizontal: i } = n, a = e;
			a.resetViewStateForResize ? a.resetViewStateForResize() : a.resetCameraForResize();
			let o = e.getDisplayArea();
			t && (o ? (i && e.setCamera({ flipHorizontal: i }), r && e.setViewPresentation({ rotation: r })) : e.setCamera(n));
		}), n && this.render();
	}
	performVtkDrawCall() {
		let { offscreenMultiRenderWindow: e } = this, t = e.getRenderWindow(), n = e.getRenderers();
		if (n.length) {
			for (let e = 0; e < n.length; e++) {
				let { renderer: t, id: r } = n[e], i = r.split("::")[0];
				this._needsRender.has(i) ? t.setDraw(!0) : t.setDraw(!1);
			}
			t.render();
			for (let e = 0; e < n.length; e++) n[e].renderer.setDraw(!1);
		}
	}
	renderViewportUsingCustomOrVtkPipeline(e) {
		let t;
		if (e.sWidth < 2 || e.sHeight < 2) UC.warn("Viewport is too small", e.sWidth, e.sHeight);
		else {
			if ($h(e.type) === !0) t = e.customRenderViewportToCanvas();
			else {
				if (!this.offscreenMultiRenderWindow) throw Error("GPU not available, and using a viewport with no custom render pipeline.");
				let { offscreenMultiRenderWindow: n } = this, r = n.getOpenGLRenderWindow().get3DContext().canvas;
				t = this._renderViewportFromVtkCanvasToOnscreenCanvas(e, r);
			}
			return t;
		}
	}
	_renderViewportFromVtkCanvasToOnscreenCanvas(e, t) {
		let { element: n, canvas: r, sx: i, sy: a, sWidth: o, sHeight: s, id: c, renderingEngineId: l, suppressEvents: u } = e, { width: d, height: f } = r;
		return r.getContext("2d").drawImage(t, i, a, o, s, 0, 0, d, f), {
			element: n,
			suppressEvents: u,
			viewportId: c,
			renderingEngineId: l,
			viewportStatus: e.viewportStatus
		};
	}
	_resizeOffScreenCanvas(e) {
		let { offScreenCanvasContainer: t, offscreenMultiRenderWindow: n } = this, r = Math.max(...e.map((e) => e.height)), i = 0;
		return e.forEach((e) => {
			i += e.width;
		}), t.width = i, t.height = r, n.resize(), {
			offScreenCanvasWidth: i,
			offScreenCanvasHeight: r
		};
	}
	_resize(e, t, n) {
		let r = 0;
		for (let i = 0; i < e.length; i++) {
			let a = e[i], { sxStartDisplayCoords: o, syStartDisplayCoords: s, sxEndDisplayCoords: c, syEndDisplayCoords: l, sx: u, sy: d, sWidth: f, sHeight: p } = this._getViewportCoordsOnOffScreenCanvas(a, t, n, r);
			r += a.canvas.width, a.sx = u, a.sy = d, a.sWidth = f, a.sHeight = p, this.offscreenMultiRenderWindow.getRenderer(a.id).setViewport(o, s, c, l);
		}
		return r;
	}
	_getViewportCoordsOnOffScreenCanvas(e, t, n, r) {
		let { canvas: i } = e, { width: a, height: o } = i, s = r, c = s / t, l = 0 + (n - o) / n, u = a / t, d = o / n;
		return {
			sxStartDisplayCoords: c,
			syStartDisplayCoords: l,
			sxEndDisplayCoords: c + u,
			syEndDisplayCoords: l + d,
			sx: s,
			sy: 0,
			sWidth: a,
			sHeight: o
		};
	}
}, GC = class {
	constructor(e, t = "") {
		this.contexts = [], this.offScreenCanvasContainers = [], this.viewportToContext = /* @__PURE__ */ new Map(), this.viewportSizes = /* @__PURE__ */ new Map(), this.contextMaxSizes = /* @__PURE__ */ new Map();
		for (let n = 0; n < e; n++) {
			let e = BC.newInstance(), r = document.createElement("div");
			e.setContainer(r), HC(e, t, n), this.contexts.push(e), this.offScreenCanvasContainers.push(r);
		}
	}
	getContextByIndex(e) {
		return e >= 0 && e < this.contexts.length ? {
			context: this.contexts[e],
			container: this.offScreenCanvasContainers[e]
		} : null;
	}
	assignViewportToContext(e, t) {
		this.viewportToContext.set(e, t);
	}
	getContextIndexForViewport(e) {
		return this.viewportToContext.get(e);
	}
	getAllContexts() {
		return this.contexts;
	}
	getContextCount() {
		return this.contexts.length;
	}
	updateViewportSize(e, t, n) {
		let r = this.viewportToContext.get(e);
		if (r === void 0) return !1;
		this.viewportSizes.set(e, {
			width: t,
			height: n
		});
		let i = this.contextMaxSizes.get(r), a = this.calculateMaxSizeForContext(r);
		return this.contextMaxSizes.set(r, a), !i || i.width !== a.width || i.height !== a.height;
	}
	getMaxSizeForContext(e) {
		return this.contextMaxSizes.get(e);
	}
	calculateMaxSizeForContext(e) {
		let t = 0, n = 0;
		return this.viewportToContext.forEach((r, i) => {
			if (r === e) {
				let e = this.viewportSizes.get(i);
				e && (t = Math.max(t, e.width), n = Math.max(n, e.height));
			}
		}), {
			width: t,
			height: n
		};
	}
	removeViewport(e) {
		let t = this.viewportToContext.get(e);
		if (this.viewportToContext.delete(e), this.viewportSizes.delete(e), t !== void 0) {
			let e = this.calculateMaxSizeForContext(t);
			this.contextMaxSizes.set(t, e);
		}
	}
	destroy() {
		this.contexts.forEach((e) => {
			e.delete();
		}), this.contexts = [], this.offScreenCanvasContainers = [], this.viewportToContext.clear(), this.viewportSizes.clear(), this.contextMaxSizes.clear();
	}
};
// node_modules/@cornerstonejs/core/dist/esm/utilities/viewportCapabilities.js
function KC(e, t) {
	return typeof e?.[t] == "function";
}
function qC(e) {
	return KC(e, "setDisplaySets") && KC(e, "setDisplaySetPresentation") && KC(e, "setViewState");
}
// node_modules/@cornerstonejs/core/dist/esm/RenderingEngine/ContextPoolRenderingEngine.js
var JC = qt.getLogger("RenderingEngine", "ContextPoolRenderingEngine"), YC = class extends kg {
	constructor(e) {
		super(e), this._renderFlaggedViewports = () => {
			this._throwIfDestroyed();
			let e = this._getViewportsAsArray().filter((e) => this._needsRender.has(e.id));
			if (e.length === 0) {
				this._animationFrameSet = !1, this._animationFrameHandle = null;
				return;
			}
			let t = e.map((e) => {
				let t = this.renderViewportUsingCustomOrVtkPipeline(e);
				return e.setRendered(), this._needsRender.delete(e.id), t;
			});
			this._animationFrameSet = !1, this._animationFrameHandle = null, t.forEach((e) => {
				e?.element && P(e.element, j.IMAGE_RENDERED, e);
			});
		}, this.useCPURendering || this.ensureContextPool();
	}
	ensureContextPool() {
		if (!this.contextPool) {
			let { rendering: e } = zn(), { webGlContextCount: t } = e;
			this.contextPool = new GC(t, this.id);
		}
		return this.contextPool;
	}
	enableVTKjsDrivenViewport(e) {
		let t = this._getViewportsAsArray().filter((e) => $h(e.type) === !1).map((e) => e.canvas), n = dm(e.element);
		um(n), t.push(n);
		let r = {
			...e,
			canvas: n
		};
		this.addVtkjsDrivenViewport(r);
	}
	addVtkjsDrivenViewport(e) {
		let t = this.ensureContextPool(), { element: n, canvas: r, viewportId: i, type: a, defaultOptions: o } = e;
		n.tabIndex = -1, ng(n);
		let s = 0;
		if (a === be.STACK) {
			let e = t.getAllContexts();
			s = this._viewports.size % e.length;
		}
		t.assignViewportToContext(i, s), t.updateViewportSize(i, r.width, r.height);
		let { context: c, container: l } = t.getContextByIndex(s), u = t.getMaxSizeForContext(s);
		l.width = u.width, l.height = u.height, c.resize(), c.addRenderer({
			viewport: [
				0,
				0,
				1,
				1
			],
			id: i,
			background: o.background ? o.background : [
				0,
				0,
				0
			]
		});
		let d = {
			id: i,
			element: n,
			renderingEngineId: this.id,
			type: a,
			canvas: r,
			sx: 0,
			sy: 0,
			sWidth: r.width,
			sHeight: r.height,
			defaultOptions: o || {}
		}, f = Zh(e);
		if (!f) throw Error(`Viewport Type ${a} is not supported`);
		let p = new f(d);
		p.requestedType = e.requestedType ?? a, this._viewports.set(i, p);
		let m = {
			element: n,
			viewportId: i,
			renderingEngineId: this.id
		};
		p.suppressEvents || P(N, j.ELEMENT_ENABLED, m);
	}
	setVtkjsDrivenViewports(e) {
		if (e.length) {
			let t = e.map((e) => dm(e.element));
			t.forEach((e) => um(e));
			for (let n = 0; n < e.length; n++) {
				let r = e[n], i = t[n], a = {
					...r,
					canvas: i
				};
				this.addVtkjsDrivenViewport(a);
			}
		}
	}
	_getDisplayedSize(e) {
		let t = window.devicePixelRatio || 1, n = qC(e) ? e.element : dm(e.element);
		return {
			displayedWidth: Math.round(n.clientWidth * t),
			displayedHeight: Math.round(n.clientHeight * t)
		};
	}
	_resizeVTKViewports(e, t = !0, n = !0) {
		let r = [];
		for (let t of e) {
			let e = dm(t.element), { displayedWidth: n, displayedHeight: i } = this._getDisplayedSize(t);
			if (n === 0 || i === 0) continue;
			let a = e.width, o = e.height;
			(n !== a || i !== o) && r.push(t);
		}
		if (r.length !== 0) {
			for (let e of r) {
				let { displayedWidth: t, displayedHeight: n } = this._getDisplayedSize(e), r = Math.max(2, t), i = Math.max(2, n);
				e.sWidth = r, e.sHeight = i;
			}
			this._animationFrameSet || (e.length && this._resize(e), e.forEach((e) => {
				if (e.resize?.(), qC(e)) return;
				let n = e.getCamera(), r = e.getRotation?.() ?? 0, { flipHorizontal: i } = n, a = e;
				a.resetViewStateForResize ? a.resetViewStateForResize() : a.resetCameraForResize?.();
				let o = e.getDisplayArea();
				t && (o ? (i && e.setCamera({ flipHorizontal: i }), r && e.setViewPresentation({ rotation: r })) : e.setCamera(n));
			}), n && this.render());
		}
	}
	renderViewportUsingCustomOrVtkPipeline(e) {
		if (eg(e)) return e.customRenderViewportToCanvas();
		if (!this.contextPool) throw Error("GPU not available, and using a viewport with no custom render pipeline.");
		let t = this.contextPool.getContextIndexForViewport(e.id), { context: n, container: r } = this.contextPool.getContextByIndex(t);
		return this._renderViewportWithContext(e, n, r);
	}
	_renderViewportWithContext(e, t, n) {
		if (e.canvas.clientWidth === 0 || e.canvas.clientHeight === 0) return;
		if (e.sWidth < 2 || e.sHeight < 2) {
			JC.warn("Viewport is too small", e.sWidth, e.sHeight);
			return;
		}
		if (eg(e)) return e.customRenderViewportToCanvas();
		if (!this.contextPool) throw Error("GPU not available, and using a viewport with no custom render pipeline.");
		t.getRenderer(e.id) || t.addRenderer({
			viewport: [
				0,
				0,
				1,
				1
			],
			id: e.id,
			background: e.defaultOptions?.background || [
				0,
				0,
				0
			]
		});
		let r = t.getRenderWindow(), i = r.getViews()[0], a = i.getRenderPasses(), o = this.getViewportRenderPasses(e.id);
		o && i.setRenderPasses(o), this._resizeOffScreenCanvasForViewport(e, n, t);
		let s = t.getRenderer(e.id), c = this.contextPool.getContextIndexForViewport(e.id), l = this.contextPool.getMaxSizeForContext(c), u = e.sWidth, d = e.sHeight, f = Math.min(1, u / l.width), p = Math.min(1, d / l.height);
		s.setViewport(0, 0, f, p);
		let m = t.getRenderers();
		m.forEach(({ renderer: t, id: n }) => {
			let r = n.split("::")[0];
			t.setDraw(r === e.id);
		});
		let h = this.getWidgetRenderers();
		h.forEach((t, n) => {
			n.setDraw(t === e.id);
		}), r.render(), m.forEach(({ renderer: e }) => e.setDraw(!1)), h.forEach((e, t) => {
			t.setDraw(!1);
		}), a && i.setRenderPasses(a);
		let g = t.getOpenGLRenderWindow().get3DContext().canvas;
		return this._copyToOnscreenCanvas(e, g);
	}
	_renderViewportFromVtkCanvasToOnscreenCanvas(e, t) {
		return this._copyToOnscreenCanvas(e, t);
	}
	_resizeOffScreenCanvasForViewport(e, t, n) {
		let r = this.contextPool.getContextIndexForViewport(e.id);
		if (r === void 0 || !this.contextPool.updateViewportSize(e.id, e.sWidth, e.sHeight)) return;
		let i = this.contextPool.getMaxSizeForContext(r);
		(t.width !== i.width || t.height !== i.height) && (t.width = i.width, t.height = i.height, n.resize());
	}
	_copyToOnscreenCanvas(e, t) {
		let { element: n, canvas: r, id: i, renderingEngineId: a, suppressEvents: o } = e, s = e.sWidth, c = e.sHeight;
		um(r, {
			width: s,
			height: c
		});
		let l = r.getContext("2d"), u = this.contextPool.getContextIndexForViewport(i), d = this.contextPool.getMaxSizeForContext(u).height - c;
		return l.drawImage(t, 0, d, s, c, 0, 0, s, c), {
			element: n,
			suppressEvents: o,
			viewportId: i,
			renderingEngineId: a,
			viewportStatus: e.viewportStatus
		};
	}
	_resize(e) {
		let t = /* @__PURE__ */ new Set();
		for (let n of e) {
			n.sx = 0, n.sy = 0;
			let e = this.contextPool.getContextIndexForViewport(n.id);
			this.contextPool.updateViewportSize(n.id, n.sWidth, n.sHeight) && t.add(e);
			let { context: r } = this.contextPool.getContextByIndex(e), i = r.getRenderer(n.id), a = this.contextPool.getMaxSizeForContext(e), o = Math.min(1, n.sWidth / a.width), s = Math.min(1, n.sHeight / a.height);
			i.setViewport(0, 0, o, s);
		}
		t.forEach((e) => {
			let t = this.contextPool.getContextByIndex(e);
			if (t) {
				let { context: n, container: r } = t, i = this.contextPool.getMaxSizeForContext(e);
				r.width = i.width, r.height = i.height, n.resize();
			}
		});
	}
	getWidgetRenderers() {
		let e = this._getViewportsAsArray(), t = /* @__PURE__ */ new Map();
		return e.forEach((e) => {
			(e.getWidgets ? e.getWidgets() : []).forEach((n) => {
				let r = n.getRenderer ? n.getRenderer() : null;
				r && t.set(r, e.id);
			});
		}), t;
	}
	getViewportRenderPasses(e) {
		let t = this.getViewport(e);
		return t?.getRenderPasses ? t.getRenderPasses() : null;
	}
	getRenderer(e) {
		let t = this.contextPool?.getContextIndexForViewport(e);
		if (t === void 0 || !this.contextPool) return;
		let n = this.contextPool.getContextByIndex(t);
		if (!n) return;
		let { context: r } = n;
		return r.getRenderer(e);
	}
	disableElement(e) {
		let t = this.getViewport(e);
		if (t && (super.disableElement(e), !$h(t.type) && this.contextPool)) {
			let t = this.contextPool.getContextIndexForViewport(e);
			if (t !== void 0) {
				let n = this.contextPool.getContextByIndex(t);
				if (n) {
					let { context: t } = n;
					t.removeRenderer(e);
				}
			}
			this.contextPool.removeViewport(e);
		}
	}
	destroy() {
		super.destroy(), this.contextPool && this.contextPool.destroy();
	}
	getOffscreenMultiRenderWindow(e) {
		if (!this.contextPool) throw Error("Offscreen multi render window is not available.");
		let t = this.contextPool.getContextIndexForViewport(e);
		if (t === void 0) throw Error(`Offscreen multi render window is not available for viewport ${e}.`);
		let n = this.contextPool.getContextByIndex(t);
		if (!n) throw Error(`Offscreen multi render window is not available for viewport ${e}.`);
		return n.context;
	}
}, XC = qt.getLogger("RenderingEngine"), ZC = class {
	constructor(e) {
		let t = zn()?.rendering?.renderingEngineMode;
		switch (t) {
			case Vt.Tiled:
				this._implementation = new WC(e);
				break;
			case Vt.ContextPool:
				this._implementation = new YC(e);
				break;
			default: XC.warn(`RenderingEngine: Unknown rendering engine mode "${t}". Defaulting to Next rendering engine.`), this._implementation = new YC(e);
		}
	}
	get id() {
		return this._implementation.id;
	}
	disableViewport(e) {
		return this._implementation.disableElement(e);
	}
	enableElement(e) {
		return this._implementation.enableElement(e);
	}
	disableElement(e) {
		return this._implementation.disableElement(e);
	}
	setViewports(e) {
		return this._implementation.setViewports(e);
	}
	resize(e = !0, t = !0) {
		return this._implementation.resize(e, t);
	}
	getViewport(e) {
		return this._implementation.getViewport(e);
	}
	getViewports() {
		return this._implementation.getViewports();
	}
	getRenderer(e) {
		return this._implementation.getRenderer(e);
	}
	fillCanvasWithBackgroundColor(e, t) {
		return this._implementation.fillCanvasWithBackgroundColor(e, t);
	}
	render() {
		return this._implementation.render();
	}
	renderViewports(e) {
		return this._implementation.renderViewports(e);
	}
	renderViewport(e) {
		return this._implementation.renderViewport(e);
	}
	destroy() {
		return this._implementation.destroy();
	}
	getOffscreenMultiRenderWindow(e) {
		return this._implementation.getOffscreenMultiRenderWindow(e);
	}
}, QC = {
	int16: Int16Array,
	uint16: Uint16Array,
	uint8: Uint8Array,
	float32: Float32Array
}, $C = [31, 139];
async function ew(e, t) {
	let n = await fetch(e);
	if (!n.ok) throw Error("The image’s pixels can’t be read.");
	let r = QC[t.dtype], i = t.width * t.height * r.BYTES_PER_ELEMENT, a = await n.arrayBuffer();
	if (a.byteLength !== i && $C.every((e, t) => new Uint8Array(a)[t] === e) && (a = await new Response(new Blob([a]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()), a.byteLength !== i) throw Error("The image’s pixels arrived incomplete.");
	return new r(a);
}
// src/cornerstone.ts
var tw = 512 * 1024 ** 2, nw = 12, rw = "casekin", iw = /* @__PURE__ */ new Map(), aw = null, ow = 0;
async function sw(e, t, n, r) {
	aw ??= cw();
	let i = In(), a = n.frames.map((e) => {
		let r = `casekin:${t}/pixels/${e}`;
		return iw.set(r, {
			address: `${t}/pixels/${e}`,
			plane: n
		}), r;
	}), o = `casekin-${++ow}`, s = document.createElement("div");
	s.className = "pixels", e.prepend(s), aw.enableElement({
		viewportId: o,
		type: "stack",
		element: s,
		defaultOptions: { background: [
			0,
			0,
			0
		] }
	}), s.removeAttribute("tabindex");
	let c = aw.getViewport(o), l = r.frame, u = r, d = null, f = !1, p = () => {
		f = !0, aw?.disableElement(o), s.remove();
	};
	try {
		await zi(a[l]), await c.setStack(a, l);
	} catch (e) {
		throw p(), e;
	}
	let m = ({ view: e, window: t, isInverted: r }) => {
		let [a, o] = dw(t, c.getCornerstoneImage());
		c.setProperties({
			voiRange: {
				lower: a,
				upper: o
			},
			invert: r
		}), lw(c, e, n, i), c.render();
	}, h = async () => {
		for (; l !== u.frame;) {
			let e = u.frame;
			if (await zi(a[e]), f || (await c.setImageIdIndex(e), f)) return;
			l = e, m(u);
		}
		pw(a, l, () => !f && u.frame === l);
	}, g = async (e) => {
		u = e, m(e), d ??= h().finally(() => d = null), await d;
	};
	return await g(r), {
		kind: i ? "cpu" : "webgl",
		show: g,
		valueAt: (e, t) => fw(c.getCornerstoneImage(), n, e, t),
		resize: () => aw?.resize(!0, !0),
		dispose: p
	};
}
function cw() {
	return Fn({ rendering: { webGlContextCount: 1 } }), Wn.setMaxCacheSize(tw), Bi("casekin", ((e) => ({ promise: mw(e) }))), Gn(gw, 100), new ZC(rw);
}
function lw(e, t, n, r) {
	let { pixels: i } = n, a = uw(n), [o, s] = [t.x * i.width / n.width, t.y * i.height / n.height], c = t.scale * n.width / i.width;
	if (r) {
		let { canvas: t, viewport: n } = e._cpuFallbackEnabledElement;
		n.scale = c * t.width * Math.min(1, a) / e.element.clientWidth, n.translation = {
			x: i.width / 2 - o,
			y: i.height / 2 - s
		};
		return;
	}
	let l = e.getCamera(), u = [
		o - .5,
		(s - .5) * a,
		l.focalPoint[2]
	], d = [
		u[0],
		u[1],
		l.position[2]
	];
	e.setCamera({
		focalPoint: u,
		position: d,
		parallelScale: e.element.clientHeight / 2 / c
	});
}
function uw(e) {
	let { pixels: n } = e;
	return t(e) * e.height * n.width / (n.height * e.width);
}
function dw([e, t], n) {
	let { slope: r, intercept: i } = n.casekin;
	return [(e - i) / r, (t - i) / r];
}
function fw(e, t, n, r) {
	if (!e || n < 0 || r < 0 || n >= t.width || r >= t.height) return null;
	let { slope: i, intercept: a } = e.casekin, o = Math.floor(n * e.columns / t.width), s = Math.floor(r * e.rows / t.height);
	return e.voxelManager.getScalarData()[s * e.columns + o] * i + a;
}
async function pw(e, t, n) {
	for (let r = 1; r <= nw; r++) for (let i of [e[t + r], e[t - r]]) if (i !== void 0) {
		if (!n()) return;
		await zi(i).catch(() => void 0);
	}
}
async function mw(e) {
	let t = iw.get(e);
	if (!t) throw Error("unknown image");
	let { plane: n, address: r } = t, i = {
		numbers: await ew(r, n.pixels),
		slope: n.pixels.slope,
		intercept: n.pixels.intercept
	}, { numbers: a, slope: o, intercept: s } = In() ? hw(i, n.valueRange) : i, [c, l] = n.valueRange.map((e) => (e - s) / o), { width: u, height: d } = n.pixels;
	return {
		imageId: e,
		casekin: {
			slope: o,
			intercept: s
		},
		minPixelValue: c,
		maxPixelValue: l,
		slope: 1,
		intercept: 0,
		windowCenter: (c + l) / 2,
		windowWidth: l - c,
		voiLUTFunction: "LINEAR_EXACT",
		color: !1,
		rgba: !1,
		numberOfComponents: 1,
		rows: d,
		columns: u,
		height: d,
		width: u,
		columnPixelSpacing: 1,
		rowPixelSpacing: uw(n),
		invert: !1,
		photometricInterpretation: "MONOCHROME2",
		sizeInBytes: a.byteLength,
		dataType: a.constructor.name,
		getPixelData: () => a,
		imageFrame: {}
	};
}
function hw(t, [n, r]) {
	if (!(t.numbers instanceof Float32Array)) return t;
	let i = (r - n) / 65535 || 1;
	return {
		numbers: Uint16Array.from(t.numbers, (r) => e(Math.round((r * t.slope + t.intercept - n) / i), 0, 65535)),
		slope: i,
		intercept: n
	};
}
function gw(e, t) {
	let n = iw.get(t);
	if (!n) return;
	let { width: r, height: i, dtype: a } = n.plane.pixels, o = {
		uint8: 8,
		int16: 16,
		uint16: 16,
		float32: 32
	}[a];
	return e === "imagePlaneModule" ? {
		frameOfReferenceUID: n.address,
		rows: i,
		columns: r,
		rowCosines: [
			1,
			0,
			0
		],
		columnCosines: [
			0,
			1,
			0
		],
		imageOrientationPatient: [
			1,
			0,
			0,
			0,
			1,
			0
		],
		imagePositionPatient: [
			0,
			0,
			0
		],
		columnPixelSpacing: 1,
		rowPixelSpacing: uw(n.plane)
	} : e === "imagePixelModule" ? {
		samplesPerPixel: 1,
		photometricInterpretation: "MONOCHROME2",
		rows: i,
		columns: r,
		bitsAllocated: o,
		bitsStored: o,
		highBit: o - 1,
		pixelRepresentation: +(a === "int16")
	} : e === "generalSeriesModule" ? { modality: "OT" } : void 0;
}
export { sw as openCornerstone };
