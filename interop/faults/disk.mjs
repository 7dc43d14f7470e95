// A disk without room (security.md R28 in small). It is a tmpfs of its own in a mount namespace of its own, so nothing has to be
// cleaned up: it goes with the last process in it.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { COMMAND, dataIn } from '../product.mjs';
import { run, temporaryFolder } from '../process.mjs';
import { Gateway, text } from './gateway.mjs';

const NAMESPACES = [['unshare', '-m'], ['unshare', '-Urm']];
/** The options of `unshare` that may mount here. */
const unshare = NAMESPACES.find(([program, ...options]) => spawnSync(program, [...options, 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', '/mnt']).status === 0);

/** A command line on a disk of 256 KiB at `folder`; `full` fills it first. */
function onSmallDisk(folder, full, line) {
  if (unshare === undefined) throw new Error('this needs root or user namespaces: `unshare -Urm mount -t tmpfs none /mnt` must work');
  const fill = full ? `cat /dev/zero >"$disk/full" 2>/dev/null; [ -s "$disk/full" ] && ` : '';
  return [...unshare, '/bin/sh', '-c', `disk=$1; shift; mkdir -p "$disk" && mount -t tmpfs -o size=256k,mode=700 none "$disk" && ${fill}exec "$@"`, 'sh', folder, ...line];
}

/** What is wrong with how a program says that it cannot go on. */
function refusalProblems(code, errors) {
  const lines = errors.split('\n').filter(line => line.trim() !== '');
  const problems = [];
  if (code === 0 || code >= 128) problems.push(`exit code ${code}`);
  if (!/disk|space|room/i.test(errors)) problems.push('nothing about the disk');
  if (lines.length > 3) problems.push(`${lines.length} lines`);
  if (/Exception|^\s+at /m.test(errors)) problems.push('a stack trace');
  return problems.length === 0 ? [] : [`${problems.join(', ')}: ${JSON.stringify(errors.slice(0, 600))}`];
}

async function noRoomForData(verdict) {
  let outcome;
  try {
    const gateway = await Gateway.open('no room for its data', staged('data', true));
    verdict.holds(text(await gateway.owner.call(1, 'echo', { text: 'on' })) === 'on', 'it serves no call');
    await gateway.stop();
    outcome = 'serves all the same';
  } catch (error) {
    const [, code] = /exit code (\d+)/.exec(error.message) ?? [];
    const said = error.message.split('its stderr ended with\n')[1] ?? '';
    for (const problem of refusalProblems(Number(code ?? 200), said)) verdict.holds(false, problem);
    outcome = `does not start: ${code}, "${said.trim().split('\n')[0]}"`;
  }
  return outcome;
}

/** A small disk where the data are, or another folder of the run. */
function staged(name, full) {
  let disk;
  return {
    command: folder => { disk = path.join(folder, name); return [process.execPath, path.join(import.meta.dirname, '../servers/faulty.mjs'), folder, 'legacy']; },
    wrap: line => onSmallDisk(disk, full, line),
    env: name === 'tmp' ? { get TMPDIR() { return disk; } } : {},
  };
}

async function noRoomForTemporaryFiles(verdict) {
  const gateway = await Gateway.open('no room for temporary files', staged('tmp', true));
  const answer = await gateway.owner.call(1, 'echo', { text: 'on' });
  verdict.holds(text(answer) === 'on', JSON.stringify(answer));
  await gateway.stop();
  return 'serves';
}

async function fillsUp(verdict) {
  const gateway = await Gateway.open('the disk fills up', staged('data', false));
  const filled = text(await gateway.owner.call('f', 'fill', { file: path.join(gateway.folder, 'data/full') }));
  verdict.holds(filled === 'ENOSPC', `filling ended with ${filled}`);
  let served = 0;
  for (let call = 0; call < 200; call++) if (text(await gateway.owner.call(call, 'echo', { text: 'on' })) === 'on') served++;
  const session = await gateway.caller(gateway.ready.key, 'legacy').open();
  verdict.holds(text(await session.call(1, 'echo', { text: 'on' })) === 'on', 'a session is not served');
  verdict.holds(served === 200, `${served} of 200 calls were served`);
  await gateway.stop();
  return `${served} of 200 calls served, a new session too`;
}

async function keysWithoutRoom(verdict) {
  const folder = temporaryFolder('keys-full');
  const script = `"$0" keys add alice >/dev/null 2>&1 || exit 90
cat /dev/zero >"$SALLYPORT_DATA_DIR/full" 2>/dev/null
i=0; while [ $i -lt 3 ]; do i=$((i + 1)); said=$("$0" keys add "bob$i" 2>&1 >/dev/null); code=$?; [ $code = 0 ] || break; done
echo "code $code"; echo "$said" >&2; rm "$SALLYPORT_DATA_DIR/full"
"$0" keys list`;
  const disk = path.join(folder, 'data');
  const [program, ...args] = onSmallDisk(disk, false, ['/bin/sh', '-c', script, COMMAND]);
  const { code, lines, errors } = await run('keys add on a full disk', program, args, { env: dataIn(folder), withinMs: 90_000 });
  const added = Number(/code (\d+)/.exec(lines[0])?.[1]);
  verdict.holds(code === 0, `exit code ${code}: ${errors}`);
  for (const problem of refusalProblems(added, errors)) verdict.holds(false, problem);
  verdict.holds(lines.some(line => line.includes('alice')), `the key that was there is not listed: ${lines.join('|')}`);
  return `exit code ${added}, "${errors.trim()}"; the key that was there still is`;
}

export const rows = [
  { name: 'disk of the data is full at the start', run: noRoomForData },
  { name: 'disk of temporary files is full', run: noRoomForTemporaryFiles },
  { name: 'disk of the data fills up', run: fillsUp },
  { name: 'keys add on a full disk', run: keysWithoutRoom },
];
