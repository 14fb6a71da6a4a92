import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { fingerprint } from "./fingerprint.js";
import { thirdParty } from "./third-party.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const esm = (name) => here(`node_modules/@cornerstonejs/${name}/dist/esm`);

// Modules that the stack viewport imports and never calls, each with what stands in for it.
const SLIM = [
  [/\/core\/dist\/esm\/RenderingEngine\/helpers\/viewportTypeToViewportClass\.js$/, "slim/viewports.js"],
  [/\/core\/dist\/esm\/RenderingEngine\/renderPasses\/index\.js$/, "slim/nothing.js"],
  [/\/core\/dist\/esm\/constants\/cpuColormaps\.js$/, "slim/nothing.js"],
  [/\/vtkClasses\/vtkStreamingOpenGL(ImageReslice|Volume)Mapper\.js$/, "slim/nothing.js"],
  [/\/node_modules\/dcmjs\//, "slim/dcmjs.js"],
  [/\/OpenGL\/(Actor2D|Skybox|Volume|(Glyph3D|ImageCPR|ImageReslice|PixelSpaceCallback|PolyData|Sphere|Stick|Volume)Mapper)\.js$/, "slim/nothing.js"],
  [/\/ColorTransferFunction\/ColorMaps\.json\.js$/, "slim/no-entries.js"],
];

const slim = {
  name: "slim",
  enforce: "pre",
  async resolveId(id, importer, options) {
    const found = await this.resolve(id, importer, { ...options, skipSelf: true });
    const match = found && SLIM.find(([pattern]) => pattern.test(found.id));
    return match ? here(match[1]) : found;
  },
};

export default defineConfig({
  plugins: [slim, thirdParty(), fingerprint()],
  resolve: {
    alias: [
      { find: /^@cornerstonejs\/metadata$/, replacement: here("slim/metadata.js") },
      { find: /^metadata\//, replacement: `${esm("metadata")}/` },
      { find: /^cornerstone\//, replacement: `${esm("core")}/` },
    ],
  },
  build: {
    target: "es2023",
    outDir: here("../src/casekin/web/static/viewer"),
    emptyOutDir: true,
    lib: { entry: here("src/element.ts"), formats: ["es"], fileName: () => "viewer.js" },
    rolldownOptions: { output: { chunkFileNames: "[name].js" } },
  },
});
