// Writes THIRD_PARTY.txt beside the bundle: every package with code in it, its version, licence and licence text.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export function thirdParty() {
  return {
    name: "third-party",
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((part) => Object.entries(part.modules ?? {}));
      const used = modules.filter(([id, made]) => made.renderedLength > 0 && id.includes("/node_modules/"));
      const folders = [...new Set(used.map(([id]) => folderOf(id)))].sort();
      const parts = ["Packages with code in this folder’s bundle, and their licences.", ...folders.map(describe)];
      this.emitFile({ type: "asset", fileName: "THIRD_PARTY.txt", source: `${parts.join(`\n\n${"-".repeat(78)}\n\n`)}\n` });
    },
  };
}

function folderOf(id) {
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(id.replace(/\0/g, ""))[1];
}

function describe(folder) {
  const said = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const where = said.homepage ?? said.repository?.url ?? said.repository ?? "";
  return `${said.name} ${said.version}\n${said.license}\n${where}\n\n${licenceText(folder, said)}`;
}

/** The package's own file (or its scope's), the end of its readme, or the MIT licence with the author it names. */
function licenceText(folder, { name, license, author, contributors }) {
  const files = [folder, dirname(folder)].filter(existsSync).flatMap((place) => readdirSync(place).map((file) => join(place, file)));
  const own = files.find((path) => /\/licen[cs]e[^/]*$/i.test(path));
  if (own) return readFileSync(own, "utf8").trim();
  const readme = files.find((path) => path.startsWith(`${folder}/`) && /\/readme[^/]*$/i.test(path));
  const told = readme && /\nLICEN[CS]E[^\n]*\n-+\n([\s\S]*Permission is hereby granted[\s\S]*)/.exec(readFileSync(readme, "utf8"));
  if (told) return told[1].trim();
  if (license !== "MIT") throw new Error(`${name} carries no licence text`);
  const mit = readFileSync(new URL("mit.txt", import.meta.url), "utf8").trim();
  return mit.replace("{author}", author?.name ?? author ?? contributors?.[0]?.name ?? `the authors of ${name}`);
}
