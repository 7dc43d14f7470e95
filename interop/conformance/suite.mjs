// conformance-http and conformance-share: the same two requirement sets over two set-ups.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, serve, suite, temporaryFolder } from '../process.mjs';
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
    const { program, ready } = await serve(`share ${era}`, './sallyport',
      ['share', '--listen', '127.0.0.1:0', '--json', '--no-auth', '--era', era, '--', path.join(ROOT, FIXTURE), '--stdio', '--era', era],
      { env: { SALLYPORT_DATA_DIR: path.join(folder, `data-${era}`) } });
    if ('key' in ready) {
      console.log('✗ the ready line of share --no-auth has a key');
      ok = false;
    }
    ok = await judgeSet(ready.url, revision, folder, { extras: false, title: `examples/everything --era ${era} behind share` }) && ok;
    await program.stop();
  }
  return ok;
}

const bodies = { http: overHttp, share: behindShare };
await suite(() => bodies[process.argv[2]](temporaryFolder('conformance')));
