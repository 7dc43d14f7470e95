// The sandbox from the outside in: what a server tries is denied, what it needs works, and what it costs.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { RawCaller } from './clients/raw.mjs';
import { INTEROP, run, suite, temporaryFolder } from './process.mjs';
import { sallyport, share } from './product.mjs';
import { printTable } from './table.mjs';

const CANARY = 'canary-6f1b';
const NOBODY = 65_534;
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
const PROBE = path.join(INTEROP, 'servers/probe.mjs');
const STARTS = 50;
const STRICT = ['--sandbox', 'strict', '--allow-read', path.dirname(PROBE)];
const KINDS = { strict: STRICT, auto: ['--sandbox', 'auto'], landlock: ['--sandbox', 'landlock'], none: ['--sandbox', 'none'] };
const EVERYTHING = JSON.parse(readFileSync(path.join(INTEROP, 'package.json'), 'utf8')).dependencies['@modelcontextprotocol/server-everything'];

let failed = 0;
const rows = [];

async function check(name, body) {
  try {
    rows.push([name, await body() ?? 'ok']);
  } catch (error) {
    failed++;
    rows.push([name, 'FAILED']);
    console.log(`✗ ${name}: ${String(error.stack ?? error).split('\n').slice(0, 12).join('\n  ')}`);
  }
}

/** What the gateway is started with: a home and data of its own, and a secret in its environment. */
function setting(label, uid = 0) {
  const folder = temporaryFolder(`sandbox-${label}`);
  for (const name of ['home', 'data', 'cwd', 'other']) mkdirSync(path.join(folder, name), { mode: 0o700 });
  writeFileSync(path.join(folder, 'home', CANARY), CANARY);
  writeFileSync(path.join(folder, 'other', CANARY), CANARY);
  mkdirSync(path.join(folder, 'tmp'));
  chmodSync(path.join(folder, 'tmp'), 0o1777);
  chmodSync(folder, 0o755);
  if (uid !== 0) {
    for (const name of ['home', 'data', 'cwd', 'other']) chownSync(path.join(folder, name), uid, uid);
  }
  const home = path.join(folder, 'home');
  return { folder, env: { HOME: home, SALLYPORT_JAVA_OPTS: `-Duser.home=${home} -Djava.io.tmpdir=${path.join(folder, 'tmp')}`, SECRET_OF_GATEWAY: CANARY, STATE_DIRECTORY: path.join(folder, 'state') },
    cwd: path.join(folder, 'cwd') };
}

async function open(ready) {
  return new RawCaller({ url: ready.url, key: ready.key, era: 'legacy' }).open();
}

let nextId = 1;
async function tool(caller, name, args = {}) {
  const answer = await caller.call(nextId++, name, args, { signal: AbortSignal.timeout(40_000) });
  const text = answer.result?.content?.[0]?.text;
  assert.equal(typeof text, 'string', JSON.stringify(answer).slice(0, 300));
  return text;
}

const [reached, denied] = ['REACHED', 'DENIED'].map(word => text => assert.ok(text.startsWith(word), text));

/** The probes of one child: name -> tool and arguments. */
function probes({ folder, ready, outside }) {
  const gateway = ready.pid;
  return {
    "the gateway's environment": ['environment-of-gateway', { pid: gateway, canary: CANARY }],
    "any process's environment": ['environment-of-all', { canary: `SECRET_OF_GATEWAY=${CANARY}` }],
    'the key store': ['file', { path: path.join(folder, 'data/sallyport.db'), canary: 'SQLite' }],
    'the home folder': ['folder', { path: path.join(folder, 'home'), canary: CANARY }],
    'a port of this machine': ['connect', { host: '127.0.0.1', port: Number(new URL(ready.url).port) }],
    'metadata of the cloud': ['send', { host: '169.254.169.254' }],
    'the world': ['send', { host: '8.8.8.8' }],
    'a signal to the gateway': ['signal', { pid: gateway }],
    "the gateway's memory": ['memory-of-gateway', { pid: gateway }],
    'attaching to another JVM': ['jvm', { pid: outside.jvm }],
    'attaching to the gateway': ['jvm', { pid: gateway }],
    '500 processes': ['fork', { count: 500 }],
    'more memory than allowed': ['allocate', { mib: 384 }],
    'writing /usr': ['write', { path: '/usr/sallyport-probe' }],
    'writing /etc': ['write', { path: '/etc/sallyport-probe' }],
    'settings of the kernel': ['kernel', {}],
    "another server's folder": ['file', { path: path.join(folder, 'other', CANARY), canary: CANARY }],
    'inherited descriptors': ['descriptors', {}],
    'an abstract socket': ['abstract-socket', { name: outside.socket }],
    '/dev/shm': ['file', { path: outside.shared, canary: CANARY }],
    '/tmp': ['file', { path: outside.temporary, canary: CANARY }],
  };
}

// Denied whatever the sandbox, so that something else has to show that the probe can succeed.
const SHOWN_ELSEWHERE = new Set(['attaching to the gateway', 'inherited descriptors']);
const ALWAYS_DENIED = ['the key store', "the gateway's memory", 'writing /usr', 'writing /etc', 'settings of the kernel', 'the home folder', "the gateway's environment",
  'attaching to the gateway', 'inherited descriptors', '500 processes', 'more memory than allowed'];

async function column(kind, outside, { uid = 0 } = {}) {
  const place = setting(kind, uid);
  const { program, ready } = await share(kind, [...KINDS[kind], ...kind === 'none' ? [] : ['--limit', 'memory=256m'], ...kind === 'strict' ? [] : ['--cwd', place.cwd]], [process.execPath, PROBE], place.folder,
    { env: place.env, wrap: line => (uid === 0 ? line : [...AS_NOBODY, ...line]) });
  const caller = await open(ready);
  const results = new Map();
  for (const [name, [probe, args]] of Object.entries(probes({ folder: place.folder, ready, outside }))) results.set(name, await tool(caller, probe, args));
  results.set('who', await tool(caller, 'who'));
  await caller.close();
  await program.stop();
  assertNothingLeft(place);
  return { kind, results, sandbox: ready.servers[0].sandbox, errors: program.errors };
}

function assertNothingLeft({ folder }) {
  const left = readdirSync(path.join(folder, 'tmp')).filter(name => name.startsWith('sallyport-children-'));
  assert.deepEqual(left, [], 'folders of children are left');
  assert.ok(existsSync(path.join(folder, 'data')));
}

/** What all probes have to do with, on this machine and outside of every sandbox. */
async function surroundings(body) {
  const jvm = spawn(path.join(process.env.JAVA_HOME ?? '/usr', 'bin/java'), ['-XX:+UseSerialGC', path.join(INTEROP, 'selftest/Idle.java')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const socket = `sallyport-probe-${process.pid}`;
  const server = net.createServer(peer => peer.end()).listen(`\0${socket}`);
  const shared = `/dev/shm/sallyport-probe-${process.pid}`;
  const temporary = `/tmp/sallyport-probe-${process.pid}`;
  for (const file of [shared, temporary]) writeFileSync(file, CANARY);
  try {
    await new Promise((resolve, reject) => { jvm.stdout.once('data', resolve); jvm.once('exit', () => reject(new Error('no JVM'))); });
    await body({ jvm: jvm.pid, socket, shared, temporary });
  } finally {
    jvm.kill('SIGKILL');
    server.close();
    for (const file of [shared, temporary]) rmSync(file, { force: true });
  }
}

async function table() {
  await surroundings(async outside => {
    const columns = [];
    for (const kind of Object.keys(KINDS)) columns.push(await column(kind, outside));
    const asNobody = await column('strict', outside, { uid: NOBODY });
    columns.splice(1, 0, { ...asNobody, kind: `strict, uid ${NOBODY}` });
    const names = [...columns[0].results.keys()].filter(name => name !== 'who');
    const word = text => text.split(' ')[0].toLowerCase().replace('denied', '-');
    printTable(['probe', ...columns.map(({ kind }) => kind)], names.map(name => [name, ...columns.map(({ results }) => word(results.get(name)))]));
    for (const { kind, results, sandbox } of columns) console.log(`  ${kind}: ${sandbox.kind}, missing: ${sandbox.missing.join(', ') || 'nothing'}; ${results.get('who')}`);
    const [strict, nobody, auto, landlock, none] = columns;
    for (const name of names) {
      for (const one of [strict, nobody]) await check(`${one.kind}: ${name}`, () => denied(one.results.get(name)));
      if (!SHOWN_ELSEWHERE.has(name)) await check(`none: ${name}`, () => reached(none.results.get(name)));
    }
    for (const name of ALWAYS_DENIED) {
      for (const one of [auto, landlock]) await check(`${one.kind}: ${name}`, () => denied(one.results.get(name)));
    }
    for (const name of ['attaching to the gateway', 'inherited descriptors']) await check(`none: ${name} all the same`, () => denied(none.results.get(name)));
    await check('strict has everything, landlock says what not', () => {
      assert.deepEqual([strict.sandbox, nobody.sandbox], [{ kind: 'bwrap', missing: [] }, { kind: 'bwrap', missing: [] }]);
      assert.equal(landlock.sandbox.kind, 'landlock');
      assert.ok(landlock.sandbox.missing.includes('own view of processes'));
      assert.equal(none.sandbox.kind, 'none');
    });
    await check('no privileges, no core files', () => {
      for (const { results } of columns.filter(one => one !== none)) assert.match(results.get('who'), /"core":"0","privileges":".*CapEff:0+ .*NoNewPrivs:1/);
    });
    await check('the start-up text', () => {
      assert.match(auto.errors, /✓ sandbox +bwrap: own processes.*\(cgroup\).*change: --sandbox strict\|none/);
      assert.match(none.errors, /! sandbox +none/);
      assert.match(auto.errors, /--user NAME/);
    });
  });
  await check('the probe of descriptors sees one that is inherited', async () => {
    const file = temporaryFolder('descriptor');
    const script = `exec 7<${PROBE}; echo '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"descriptors","arguments":{}}}' | exec ${process.execPath} ${PROBE}`;
    reached(JSON.parse(execFileSync('sh', ['-c', script], { cwd: file, encoding: 'utf8' })).result.content[0].text);
  });
}

/** Shares, calls once, stops. */
async function once(label, options, command, body, { place = setting(label), ...more } = {}) {
  const { program, ready } = await share(label, options, command, place.folder, { env: place.env, ...more });
  try {
    const caller = await open(ready);
    const outcome = await body(caller, ready, place);
    await caller.close();
    return outcome;
  } finally {
    await program.stop();
  }
}

async function fails(args, code, pattern, options = {}) {
  const { folder, env } = setting('fails', options.uid);
  const end = await sallyport(['share', '--listen', '127.0.0.1:0', ...args], folder, 60_000, { ...options, env: { ...env, ...options.env } });
  assert.equal(end.code, code, end.errors);
  assert.match(end.errors, pattern);
}

/** A PATH with everything but bubblewrap. */
function pathWithout(missing) {
  const folder = temporaryFolder('path');
  for (const source of ['/usr/bin', '/bin']) {
    for (const name of readdirSync(source).filter(each => each !== missing)) {
      if (!existsSync(path.join(folder, name))) {
        try {
          symlinkSync(path.join(source, name), path.join(folder, name));
        } catch (error) {
          if (error.code !== 'EEXIST') throw error;
        }
      }
    }
  }
  chmodSync(folder, 0o755);
  return folder;
}

async function works() {
  await check('npx runs a server, in auto', () => once('npx', ['--cwd', INTEROP], ['npx', '-y', `@modelcontextprotocol/server-everything@${EVERYTHING}`],
    async caller => assert.match(await tool(caller, 'echo', { message: 'through npx' }), /through npx/)));
  await check('server-filesystem has its folder, and no other', async () => {
    const place = setting('filesystem');
    const files = path.join(place.folder, 'files');
    mkdirSync(files);
    const script = path.join(INTEROP, 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js');
    await once('filesystem', ['--cwd', place.cwd], [process.execPath, script, files], async caller => {
      await tool(caller, 'write_file', { path: path.join(files, 'made'), content: 'by it' });
      assert.equal(readFileSync(path.join(files, 'made'), 'utf8'), 'by it');
      assert.match(await tool(caller, 'read_text_file', { path: path.join(files, 'made') }), /by it/);
      assert.match(await tool(caller, 'read_text_file', { path: path.join(place.folder, 'other', CANARY) }), /[Dd]enied|not allowed|outside/);
    }, { place });
  });
  await check('what a flag allows in strict', async () => {
    const place = setting('allowed');
    const other = path.join(place.folder, 'other');
    await once('allowed', [...STRICT, '--allow-read', other, '--allow-net'], [process.execPath, PROBE], async (caller, ready) => {
      reached(await tool(caller, 'file', { path: path.join(other, CANARY), canary: CANARY }));
      denied(await tool(caller, 'write', { path: path.join(other, 'new') }));
      reached(await tool(caller, 'connect', { host: '127.0.0.1', port: Number(new URL(ready.url).port) }));
    }, { place });
    await once('allowed to write', [...STRICT, '--allow-write', place.folder], [process.execPath, PROBE], async caller => {
      reached(await tool(caller, 'write', { path: path.join(other, 'new') }));
      denied(await tool(caller, 'file', { path: path.join(place.folder, 'data/sallyport.db'), canary: 'SQLite' }));
    }, { place });
  });
  await check('a limit of memory can be chosen', () => once('memory', ['--limit', 'memory=256m'], [process.execPath, PROBE], async caller => {
    denied(await tool(caller, 'allocate', { mib: 384 }));
    reached(await tool(caller, 'allocate', { mib: 64 }));
  }));
  await check('another user', () => once('user', ['--user', 'nobody'], [process.execPath, PROBE], async (caller, ready, place) => {
    const who = JSON.parse((await tool(caller, 'who')).replace('REACHED ', ''));
    assert.deepEqual([who.uid, who.username], [NOBODY, 'nobody']);
    denied(await tool(caller, 'file', { path: path.join(place.folder, 'other', CANARY), canary: CANARY }));
  }));
  for (const kind of ['auto', 'landlock', 'none']) {
    await check(`asked to end, a server does what it has to, in ${kind}`, async () => {
      const place = setting('term');
      const file = path.join(place.folder, 'other/ended');
      await once('term', ['--sandbox', kind], [process.execPath, PROBE, '--on-term', file], async () => {}, { place });
      assert.equal(readFileSync(file, 'utf8'), 'asked');
    });
  }
}

async function refuses() {
  await check('exit codes come through, and the sandbox is named', async () => {
    await fails(['--', 'sh', '-c', 'kill -9 $$'], 69, /code 137[^]*--sandbox none/);
    await fails(['--sandbox', 'landlock', '--', 'sh', '-c', 'kill -9 $$'], 69, /code 137[^]*--sandbox none/);
    await fails(['--', 'sh', '-c', 'exit 7'], 69, /code 7[^]*ran in a sandbox/);
  });
  const PATH = pathWithout('bwrap');
  await check('strict without bubblewrap', () => fails(['--sandbox', 'strict', '--', 'cat'], 78, /bubblewrap is not installed[^]*apt install bubblewrap/, { env: { PATH } }));
  await check('bwrap without bubblewrap', () => fails(['--sandbox', 'bwrap', '--', 'cat'], 78, /apt install bubblewrap/, { env: { PATH } }));
  await check('auto without bubblewrap takes the next, and says so', async () => {
    const place = setting('without');
    await once('without', [], [process.execPath, PROBE], (caller, ready) => assert.equal(ready.servers[0].sandbox.kind, 'landlock'),
      { place: { ...place, env: { ...place.env, PATH } } });
  });
  // It says that it can, and cannot: as where user namespaces are forbidden.
  const broken = temporaryFolder('broken');
  writeFileSync(path.join(broken, 'bwrap'), `#!/bin/sh\n[ "$1" = --help ] && echo '--size BYTES' && exit\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n`, { mode: 0o755 });
  chmodSync(broken, 0o755);
  const withBroken = `${broken}:${PATH}`;
  for (const kind of ['strict', 'bwrap']) {
    await check(`${kind} with a bubblewrap that does not work`, () =>
      fails(['--sandbox', kind, '--', process.execPath, PROBE], 78, /No permissions to create new namespace[^]*user namespaces/, { env: { PATH: withBroken } }));
  }
  await check('auto with a bubblewrap that does not work takes the next, and says so', async () => {
    const place = setting('broken');
    await once('broken', [], [process.execPath, PROBE], (caller, ready) => assert.equal(ready.servers[0].sandbox.kind, 'landlock'),
      { place: { ...place, env: { ...place.env, PATH: withBroken } } });
  });
  await check('no such user', () => fails(['--user', 'no-such-user', '--', 'cat'], 2, /no such user/));
  await check('another user, without being root', () => fails(['--user', 'nobody', '--', 'cat'], 77, /takes root/, { as: AS_NOBODY, uid: NOBODY }));
  await check('its own keys', async () => {
    const place = setting('own');
    const end = await sallyport(['share', '--allow-read', path.join(place.folder, 'data'), '--', 'cat'], place.folder, 60_000, { env: place.env });
    assert.equal(end.code, 78, end.errors);
  });
}

/** What the sandbox adds to a start: the very command line of a child, with a program that does nothing. */
async function cost() {
  await check('start cost', () => once('cost', [...STRICT, '--era', 'legacy'], [process.execPath, PROBE], async caller => {
    await tool(caller, 'who');
    const outer = readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
      } catch {
        return [];
      }
    }).find(line => path.basename(line[0] ?? '') === 'bwrap' && line.includes(PROBE));
    assert.ok(outer, 'no bwrap is running');
    const chain = ['/bin/sh', '-c', 'while [ "$1" != -- ]; do echo 0 >"$1" || exit 125; shift; done; shift; exec "$@"', 'join', '/dev/null', '/dev/null', '--',
      ...outer.slice(0, outer.indexOf(process.execPath)), 'true'];
    const median = command => {
      const times = [];
      for (let i = 0; i < STARTS; i++) {
        const begin = process.hrtime.bigint();
        assert.equal(spawnSync('setsid', ['-w', ...command], { stdio: 'inherit' }).status, 0);
        times.push(Number(process.hrtime.bigint() - begin) / 1e6);
      }
      return times.sort((a, b) => a - b)[STARTS / 2];
    };
    const [plain, enclosed] = [median(['true']), median(chain)];
    return `${plain.toFixed(1)} ms plain, ${enclosed.toFixed(1)} ms in strict (median of ${STARTS}): ${(enclosed - plain).toFixed(1)} ms more; goal 15`;
  }));
}

await suite(async () => {
  await table();
  await works();
  await refuses();
  await cost();
  console.log();
  printTable(['what', 'outcome'], rows.filter(([, outcome]) => outcome !== 'ok'));
  console.log(failed === 0 ? `\n✓ ${rows.length} hold` : `\n✗ ${failed} of ${rows.length} did not hold`);
  return failed === 0;
});
