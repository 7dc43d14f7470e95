// What is installed must be what package-lock.json says, and it must run: name, version, and the suite's own two requirement sets.
import { readFileSync } from 'node:fs';
import { loadRequirements } from './conformance/requirements.mjs';

const lock = JSON.parse(readFileSync(new URL('package-lock.json', import.meta.url)));
const wanted = JSON.parse(readFileSync(new URL('package.json', import.meta.url))).dependencies;
const problems = [];
for (const [name, version] of Object.entries(wanted)) {
  const pinned = lock.packages[`node_modules/${name}`]?.version;
  const manifest = new URL(`node_modules/${name}/package.json`, import.meta.url);
  const installed = JSON.parse(readFileSync(manifest)).version;
  if (pinned !== version || installed !== version) {
    problems.push(`${name}: package.json ${version}, lock ${pinned}, installed ${installed}`);
  }
}
for (const [revision, count] of [['2025-11-25', 30], ['2026-07-28', 37]]) {
  const required = loadRequirements(revision).required.length;
  if (required !== count) problems.push(`conformance requirements ${revision}: ${required} server scenarios, expected ${count}`);
}
if (/https?:\/\/[^"]*\.tgz/.test(JSON.stringify(lock))) problems.push('package-lock.json names a registry host');
for (const problem of problems) console.error(`interop: ${problem}`);
process.exit(problems.length === 0 ? 0 : 1);
