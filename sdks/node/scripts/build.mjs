// Builds dist/esm and dist/cjs with their types from the same sources.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
const tsc = join(dirname(manifest), "bin", "tsc");

rmSync(join(root, "dist"), { recursive: true, force: true });
for (const [folder, type] of [["esm", "module"], ["cjs", "commonjs"]]) {
  mkdirSync(join(root, "dist", folder), { recursive: true });
  execFileSync(process.execPath, [tsc, "-p", `tsconfig.${folder}.json`], { cwd: root, stdio: "inherit" });
  writeFileSync(join(root, "dist", folder, "package.json"), `{ "type": "${type}" }\n`);
}
