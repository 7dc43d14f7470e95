// How the suites start the product. SALLYPORT_UNDER_TEST names something else to start: the self-test puts a stand-in there.
import path from 'node:path';
import { ROOT, run, serve } from './process.mjs';

const OTHER = process.env.SALLYPORT_UNDER_TEST;
export const COMMAND = OTHER ?? path.join(ROOT, 'sallyport');
if (OTHER !== undefined) console.log(`! not the product: ${OTHER}`);

/** `sallyport share … -- COMMAND`; `folder` keeps its data out of the user's. */
export function share(name, options, command, folder) {
  return serve(`share ${name}`, COMMAND, ['share', '--listen', '127.0.0.1:0', '--json', ...options, '--', ...command],
    { env: dataIn(folder) });
}

export function demo(folder) {
  return serve('demo', COMMAND, ['demo', '--json'], { env: dataIn(folder) });
}

export function sallyport(args, folder, withinMs) {
  return run(`sallyport ${args.join(' ')}`, COMMAND, args, { env: dataIn(folder), withinMs });
}

/** As on a machine that has never run it. */
export function dataIn(folder) {
  return { SALLYPORT_DATA_DIR: path.join(folder, 'data'), XDG_DATA_HOME: path.join(folder, 'xdg-data'),
    XDG_CONFIG_HOME: path.join(folder, 'xdg-config'), XDG_STATE_HOME: path.join(folder, 'xdg-state') };
}

/** What is wrong with a ready line; `pid` must be a process of the program, the address a loopback one. */
export function readyProblems(ready, program, { key = true } = {}) {
  const problems = [];
  if (key && !/^sp_/.test(ready.key ?? '')) problems.push('the key does not begin with sp_');
  if (!key && 'key' in ready) problems.push('there is a key, though nobody checks one');
  if (!/^http:\/\/127\.0\.0\.1:\d+\//.test(ready.url ?? '')) problems.push(`url ${ready.url}`);
  if (ready.servers?.length !== 1) problems.push(`servers: ${JSON.stringify(ready.servers)}`);
  program.remember();
  if (!program.seen.has(ready.pid)) problems.push(`pid ${ready.pid} is none of ours`);
  return problems;
}
