// What is shipped: the distribution, built and started; the unit, the container file and the chart, linted. No engine and no cluster is
// asked: what needs one is not claimed.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { INTEROP, ROOT, run, serve, sleep, suite, temporaryFolder } from './process.mjs';
import { dataIn, sallyport } from './product.mjs';
import { printTable } from './table.mjs';

const { validate } = createRequire(import.meta.url)('dockerfile-utils');
const PACKAGING = path.join(ROOT, 'packaging');
const JAVA_HOME = process.env.JAVA_HOME;
/** Of 100: what the sandbox of servers leaves to be hardened (the unit says what is left out, and why). */
const EXPOSURE = 35;

const read = (...names) => readFileSync(path.join(...names), 'utf8');
const sum = file => createHash('sha256').update(readFileSync(file)).digest('hex');

async function ok(name, command, args, options) {
  const ended = await run(name, command, args, options);
  if (ended.code !== 0) throw ended.failure(`exit code ${ended.code}`);
  return ended;
}

/** Builds it, and unpacks it where nothing else of ours is. */
async function distribution(folder) {
  const env = { SALLYPORT_DIST_AS_BUILT: '1' };
  const dist = path.join(PACKAGING, 'dist');
  const archive = path.join(ROOT, (await ok('dist', dist, [], { env })).lines.at(-1));
  const first = sum(archive);
  await ok('dist again', dist, [], { env });
  assert.equal(sum(archive), first, 'the same sources give other bytes');
  await ok('tar', 'tar', ['-C', folder, '-xzf', archive]);
  return path.join(folder, readdirSync(folder)[0]);
}

/** Java as a JRE has it: nothing that compiles. */
function jre(folder) {
  mkdirSync(path.join(folder, 'bin'), { recursive: true });
  symlinkSync(path.join(JAVA_HOME, 'bin/java'), path.join(folder, 'bin/java'));
  cpSync(path.join(JAVA_HOME, 'release'), path.join(folder, 'release'));
  return folder;
}

async function served(home, java) {
  const folder = temporaryFolder('serve');
  const config = path.join(folder, 'sallyport.yaml');
  const server = path.join(ROOT, 'examples/order-assistant/run');
  const write = (...names) => {
    const servers = names.map(name => `  ${name}: {command: ${server}, args: [--stdio], sandbox: none}\n`).join('');
    writeFileSync(`${config}.new`, `listen: 127.0.0.1:0\nadmin: 127.0.0.1:0\ncallers: anyone\nservers:\n${servers}`);
    renameSync(`${config}.new`, config);
  };
  write('one');
  const env = { ...dataIn(folder), SALLYPORT_JAVA_HOME: java };
  const health = (what, address) =>
    run(`health ${what}`, path.join(home, 'bin/sallyport-health'), [what], { env: { SALLYPORT_ADMIN: address } });
  // By a link, as /usr/local/bin has it.
  const link = path.join(folder, 'sallyport');
  symlinkSync(path.join(home, 'bin/sallyport'), link);
  const { program, ready } = await serve('serve', link, ['serve', '--json', '--config', config], { env });
  const address = new URL(ready.admin).host;
  assert.equal((await health('livez', address)).code, 0, 'livez');
  assert.equal((await health('readyz', address)).code, 0, 'readyz');
  assert.equal((await health('nothing', address)).code, 1, 'what there is not');
  write('one', 'two');
  program.child.kill('SIGHUP');
  for (let i = 0; i < 200 && !program.errors.includes('reloaded'); i++) await sleep(100);
  assert.match(program.errors, /reloaded/);
  await program.stop();
  assert.equal((await health('livez', address)).code, 1, 'livez after its end');
}

async function started(home, java) {
  const env = { ...dataIn(temporaryFolder('data')), SALLYPORT_JAVA_HOME: java };
  const version = await ok('version', path.join(home, 'bin/sallyport'), ['version'], { env });
  assert.match(version.lines[0], /^sallyport \d/);
  const bare = await run('no Java', path.join(home, 'bin/sallyport'), ['version'], { env: { ...env, SALLYPORT_JAVA_HOME: '/nowhere' } });
  assert.equal(bare.code, 69);
  assert.match(bare.errors, /^sallyport: SALLYPORT_JAVA_HOME is not/);
  const libraries = readdirSync(path.join(home, 'app/lib')).filter(jar => !jar.startsWith('sallyport-'));
  const third = read(home, 'THIRD-PARTY');
  for (const jar of libraries) assert.ok(third.includes(jar), `${jar} is not in THIRD-PARTY`);
  return `${libraries.length} libraries`;
}

async function unit(home) {
  const folder = temporaryFolder('unit');
  const text = read(PACKAGING, 'systemd/sallyport.service');
  const file = path.join(folder, 'sallyport.service');
  // Where it will be is not where it is now.
  const here = change => writeFileSync(file, change(text).replaceAll('/opt/sallyport', home));
  const verify = async () => (await run('verify', 'systemd-analyze', ['verify', file])).errors
    .split('\n').filter(line => line.includes('sallyport.service')).join('\n');
  here(same => same);
  assert.equal(await verify(), '');
  here(same => same.replace('KillMode=mixed', 'KilMode=mixed'));
  assert.match(await verify(), /KilMode/);
  const exposed = () => run('security', 'systemd-analyze', ['security', '--offline=true', `--threshold=${EXPOSURE}`, '--no-pager', file]);
  here(same => same);
  const hardened = await exposed();
  assert.equal(hardened.code, 0, hardened.lines.at(-1));
  here(same => same.replace(/^(Protect|Private|Restrict|Capability|SystemCall|NoNew).*$/gm, ''));
  assert.notEqual((await exposed()).code, 0, 'a unit without hardening passes');
  const seconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(text)[1]);
  assert.ok(seconds > 10 + 20, 'it is killed before calls and servers have had their time');
  return hardened.lines.at(-1).replace(/^.*: /, 'exposure ').replace(/[^\x20-\x7e]/gu, '').trim();
}

function container(home) {
  const text = read(PACKAGING, 'container/Containerfile');
  assert.deepEqual(validate(text).map(each => `${each.range.start.line + 1}: ${each.message}`), []);
  assert.notEqual(validate(text.replace('EXPOSE 8443', 'EXPOSE port')).length, 0, 'the linter finds nothing');
  assert.match(text, /^# .*NOT EXECUTED/m);
  for (const [, file] of text.matchAll(/"\/opt\/sallyport\/(bin\/[\w-]+)"/g)) assert.ok(existsSync(path.join(home, file)), file);
  const last = text.slice(text.lastIndexOf('\nFROM '));
  assert.match(last, /^USER (?!0)\d+:\d+$/m);
  assert.match(last, /^STOPSIGNAL SIGTERM$/m);
  assert.match(last, /^HEALTHCHECK .*sallyport-health/m);
  return 'linted, not executed';
}

function helm(...args) {
  const lib = path.join(INTEROP, 'charts/target');
  return run(`helm ${args[0]}`, path.join(JAVA_HOME, 'bin/java'),
    ['--enable-native-access=ALL-UNNAMED', '-cp', `${lib}/classes:${lib}/lib/*`, 'dev.sallyport.charts.Charts', ...args]);
}

const CHART = path.join(PACKAGING, 'helm/sallyport');
const VALUES = path.join(PACKAGING, 'helm/values');

async function chart() {
  const linted = await helm('lint', CHART);
  assert.equal(linted.code, 0, linted.lines.join('\n'));
  const broken = path.join(temporaryFolder('chart'), 'sallyport');
  cpSync(CHART, broken, { recursive: true });
  writeFileSync(path.join(broken, 'templates/service.yaml'), '{{ .Values.port');
  assert.equal((await helm('lint', broken)).code, 1, 'a broken chart passes');
  for (const [values, change, why] of [
    ['tls', 'publicUrl=', /set publicUrl/],
    ['tls', 'publicUrl=http://mcp.team.example', /publicUrl/],
    ['tls', 'tls.secretName=', /refuses to be reachable in clear/],
    ['tls', 'prot=1', /prot/],
    ['proxy', 'port=9090', /port/],
  ]) {
    const refused = await helm('template', CHART, path.join(VALUES, `${values}.yaml`), change);
    assert.equal(refused.code, 1, `${change} is rendered`);
    assert.match(refused.errors, why);
  }
  for (const values of readdirSync(VALUES)) await rendered(path.join(VALUES, values));
  return 'linted and rendered by Helm, not installed';
}

async function rendered(values) {
  const out = await helm('template', CHART, values);
  assert.equal(out.code, 0, out.errors);
  const documents = parseAllDocuments(out.lines.join('\n'));
  assert.deepEqual(documents.flatMap(each => each.errors), []);
  const all = documents.map(each => each.toJS()).filter(each => each !== null);
  const one = kind => all.find(each => each.kind === kind);
  const { spec } = one('Deployment').spec.template;
  const [main] = spec.containers;
  // The restricted profile of the Pod Security Standards.
  assert.equal(spec.securityContext.runAsNonRoot, true);
  assert.equal(spec.securityContext.fsGroupChangePolicy, 'OnRootMismatch');
  assert.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault');
  assert.equal(main.securityContext.allowPrivilegeEscalation, false);
  assert.equal(main.securityContext.readOnlyRootFilesystem, true);
  assert.deepEqual(main.securityContext.capabilities, { drop: ['ALL'] });
  assert.equal(spec.automountServiceAccountToken, false);
  // What is mounted is there, what selects finds, and ports have the names that they are called by.
  const volumes = new Set(spec.volumes.map(each => each.name));
  for (const mount of main.volumeMounts) assert.ok(volumes.delete(mount.name), `no volume ${mount.name}`);
  assert.deepEqual([...volumes], []);
  const labels = one('Deployment').spec.template.metadata.labels;
  for (const selector of [one('Deployment').spec.selector.matchLabels, one('Service').spec.selector]) {
    for (const [label, value] of Object.entries(selector)) assert.equal(labels[label], value);
  }
  const ports = main.ports.map(each => each.name);
  for (const port of one('Service').spec.ports) assert.ok(ports.includes(port.targetPort));
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) assert.ok(main[probe].exec.command[0].endsWith('sallyport-health'));
  const config = parse(one('ConfigMap').data['sallyport.yaml']);
  assert.equal(config.listen, `:${main.ports[0].containerPort}`);
  const seconds = name => Number(/^(\d+)s$/.exec(config.limits[name])[1]);
  const drain = seconds('drain') + seconds('drain-delay');
  assert.ok(spec.terminationGracePeriodSeconds > drain + 20, 'killed before calls have had their time');
  await sound(one('ConfigMap').data['sallyport.yaml']);
}

/** Sallyport takes it, with the files there that the chart mounts. */
async function sound(text) {
  const folder = temporaryFolder('config');
  mkdirSync(path.join(folder, 'run/tls'), { recursive: true });
  mkdirSync(path.join(folder, 'run/secrets/sallyport'), { recursive: true });
  writeFileSync(path.join(folder, 'run/tls/tls.crt'), '-----BEGIN CERTIFICATE-----\n');
  writeFileSync(path.join(folder, 'run/tls/tls.key'), '-----BEGIN PRIVATE KEY-----\n');
  writeFileSync(path.join(folder, 'run/secrets/sallyport/tickets-token'), 'x\n');
  const file = path.join(folder, 'sallyport.yaml');
  writeFileSync(file, text.replaceAll('/run/', `${folder}/run/`));
  const checked = await sallyport(['config', 'check', file], folder, 60_000, { env: { NOTES_KEY: 'x' } });
  if (checked.code !== 0) throw checked.failure(`exit code ${checked.code}`);
}

await suite(async () => {
  const rows = [];
  let failed = 0;
  const step = async (name, body) => {
    try {
      const said = await body();
      rows.push([name, said ?? 'ok']);
      return said;
    } catch (error) {
      failed++;
      rows.push([name, 'FAILED']);
      console.log(`  ✗ ${name}: ${error.message}`);
      return undefined;
    }
  };
  await sallyport(['version'], temporaryFolder('build'), 300_000); // builds when nothing is built
  const home = await distribution(temporaryFolder('dist'));
  const java = jre(path.join(temporaryFolder('jre'), 'jre'));
  await step('distribution: on a JRE, licences', () => started(home, java));
  await step('distribution: served, asked, reloaded, stopped', () => served(home, java));
  await step('systemd unit', () => unit(home));
  await step('container file', () => container(home));
  await step('Helm chart', chart);
  printTable(['what', 'said'], rows);
  return failed === 0;
});
