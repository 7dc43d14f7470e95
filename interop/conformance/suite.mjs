// conformance-http and conformance-share: the same two requirement sets over two set-ups.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, serve, suite, temporaryFolder } from '../process.mjs';
import { readyProblems, share } from '../product.mjs';
import { report, runSet } from './report.mjs';

const SETS = [['2025-11-25', 'legacy'], ['2026-07-28', 'modern']];
const FIXTURE = './examples/everything/run';
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

async function behindShare(folder) {
  let ok = true;
  for (const [revision, era] of SETS) {
    const { program, ready } = await share(`everything ${era}`, ['--no-auth', '--era', era],
      [path.join(ROOT, FIXTURE), '--stdio', '--era', era], temporaryFolder('share'));
    for (const problem of readyProblems(ready, program, { key: false })) {
      console.log(`✗ share --no-auth: ${problem}`);
      ok = false;
    }
    ok = await judgeSet(ready.url, revision, folder, { extras: false, title: `examples/everything --era ${era} behind share` }) && ok;
    await program.stop();
  }
  return ok;
}

const bodies = { http: overHttp, share: behindShare };
// Where ./test wants the reports; else they go with the rest.
await suite(() => bodies[process.argv[2]](process.env.SUITE_OUT ?? temporaryFolder('conformance')));
