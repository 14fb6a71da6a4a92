// Writes THIRD_PARTY.txt beside the bundle: every package with code in it, its version, licence and licence text.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export function thirdParty() {
  return {
    name: "third-party",
    generateBundle(_, bundle) {
      const ids = Object.values(bundle).flatMap((part) => Object.entries(part.modules ?? {}).filter(([, made]) => made.renderedLength > 0).map(([id]) => id));
      const folders = [...new Set(ids.filter((id) => id.includes("/node_modules/")).map(packageOf))].sort();
      const source = ["Packages with code in this folder’s bundle, and their licences.", ...folders.map(describe)].join(`\n\n${"-".repeat(78)}\n\n`);
      this.emitFile({ type: "asset", fileName: "THIRD_PARTY.txt", source: `${source}\n` });
    },
  };
}

function packageOf(id) {
  const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(id.replace(/\0/g, ""));
  return folder;
}

function describe(folder) {
  const { name, version, license, homepage, repository } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = [folder, dirname(folder)].flatMap((place) => (existsSync(place) ? readdirSync(place).map((found) => join(place, found)) : [])).find((path) => /\/licen[cs]e[^/]*$/i.test(path));
  const where = homepage ?? repository?.url ?? repository ?? "";
  return `${name} ${version}\n${license}\n${where}\n\n${file ? readFileSync(file, "utf8").trim() : "(the package carries no licence text)"}`;
}
