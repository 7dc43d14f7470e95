// conformance-http and conformance-share: the same two requirement sets over two set-ups. `v2` runs them against the fixture that is
// written with the TypeScript SDK, without the product, so that what fails behind it can be told from what fails by itself;
// `share-v2` has it behind `sallyport share`.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { INTEROP, ROOT, serve, suite, temporaryFolder } from '../process.mjs';
import { readyProblems, share } from '../product.mjs';
import { report, runSet } from './report.mjs';

const SETS = [['2025-11-25', 'legacy'], ['2026-07-28', 'modern']];
const FIXTURE = './examples/everything/run';
const V2 = path.join(INTEROP, 'servers/v2-everything.mjs');
const disputed = JSON.parse(readFileSync(new URL('disputed.json', import.meta.url)));

async function judgeSet(url, revision, folder, options) {
  const { out, log } = await runSet(url, revision, folder);
  writeFileSync(path.join(folder, `${revision}.log`), log);
  const { ok, rows } = report(revision, out, { ...options, disputed });
  if (rows.every(row => row.state === 'NOT RUN')) console.log(log.slice(-3000));
  return ok;
}

/** One process serves both sets, one after the other: the eras live side by side as they will for users. */
async function overHttp(folder) {
  const { program, ready } = await serve('everything', FIXTURE, ['--http', '127.0.0.1:0']);
  let ok = true;
  for (const [revision] of SETS) {
    ok = await judgeSet(ready.url, revision, folder, { extras: true, title: 'examples/everything over HTTP' }) && ok;
  }
  await program.stop();
  return ok;
}

async function overV2(folder) {
  const { program, ready } = await serve('v2-everything', process.execPath, [V2, '--http', '127.0.0.1:0']);
  let ok = true;
  for (const [revision] of SETS) {
    ok = await judgeSet(ready.url, revision, folder, { extras: true, title: 'the fixture on the TypeScript SDK v2' }) && ok;
  }
  await program.stop();
  return ok;
}

/** `fixture` makes the command line of the server of an era; each set is run against one of its own. */
async function behindShare(folder, name, fixture) {
  let ok = true;
  for (const [revision, era] of SETS) {
    const { program, ready } = await share(`${name} ${era}`, ['--no-auth', '--era', era], fixture(era), temporaryFolder('share'));
    for (const problem of readyProblems(ready, program, { key: false })) {
      console.log(`✗ share --no-auth: ${problem}`);
      ok = false;
    }
    ok = await judgeSet(ready.url, revision, folder, { extras: false, title: `${name} (${era}) behind share` }) && ok;
    await program.stop();
  }
  return ok;
}

const bodies = {
  http: overHttp,
  v2: overV2,
  share: folder => behindShare(folder, 'examples/everything', era => [path.join(ROOT, FIXTURE), '--stdio', '--era', era]),
  'share-v2': folder => behindShare(folder, 'v2-everything', () => [process.execPath, V2, '--stdio']),
};
// Where ./test wants the reports; else they go with the rest.
await suite(() => bodies[process.argv[2]](process.env.SUITE_OUT ?? temporaryFolder('conformance')));
