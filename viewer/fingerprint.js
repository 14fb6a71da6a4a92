// Writes sources.sha256 beside the bundle: of what it was built from, so that a test without Node sees a forgotten build.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FILES = ["package-lock.json", "vite.config.js"];
const FOLDERS = ["slim", "src"];

export function fingerprint() {
  return {
    name: "fingerprint",
    generateBundle() {
      const here = fileURLToPath(new URL(".", import.meta.url));
      const files = [...FILES, ...FOLDERS.flatMap((folder) => readdirSync(here + folder).map((name) => `${folder}/${name}`))].sort();
      const digest = createHash("sha256");
      for (const file of files) digest.update(`${file}\n`).update(readFileSync(here + file));
      this.emitFile({ type: "asset", fileName: "sources.sha256", source: `${digest.digest("hex")}\n` });
    },
  };
}
