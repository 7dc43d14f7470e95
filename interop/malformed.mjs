// Everything that is wrong with a request, a line or a child, one at a time, on the product as shipped: raw sockets, raw pipes, and a
// child that lies. Each row says what came back and what was due by the requirement, and what the connection is good for afterwards.
import path from 'node:path';
import { Connection } from './clients/socket.mjs';
import { headRows, slowRows } from './malformed/heads.mjs';
import { HONEST, TRUTH, lieRows } from './malformed/lies.mjs';
import { messageRows } from './malformed/messages.mjs';
import { pipeOutcomes } from './malformed/pipes.mjs';
import { BATCHING, Endpoint, modern } from './malformed/requests.mjs';
import { carryOut, messageOf } from './malformed/rows.mjs';
import { credentialRows, sessionRows } from './malformed/sessions.mjs';
import { INTEROP, ROOT, suite, temporaryFolder } from './process.mjs';
import { readyProblems, share } from './product.mjs';
import { printTable } from './table.mjs';

const ORDERS = path.join(ROOT, 'examples/order-assistant/run');
const LIAR = path.join(INTEROP, 'servers/liar.mjs');
const SECONDS_FOR_A_CALL = '3';
const AT_LEAST = { sockets: 45, pipes: 35, lies: 12 };

/** One row after the other, but for those that do nothing but wait. */
async function inTurn(rows, port, good) {
  const outcomes = await Promise.all(rows.filter(row => row.together).map(row => carryOut(row, port, good)));
  for (const row of rows.filter(each => !each.together)) outcomes.push(await carryOut(row, port, good));
  return outcomes;
}

/** A fresh connection is served, whatever was done before; then the program ends as it should, and has complained to nobody. */
async function stillThere(program, endpoint, good) {
  const connection = new Connection(endpoint.port);
  const { bytes, problems: problemsOf } = good();
  const answer = await connection.send(bytes).answer();
  const problems = problemsOf(answer, messageOf(answer));
  connection.close();
  await program.stop();
  if (/\n\s+at /.test(program.errors)) problems.push(`a stack trace on stderr: ${/.*\n\s+at .*/.exec(program.errors)[0]}`);
  return { group: 'the program', name: program.name, due: 'alive, then code 0', got: problems.length === 0 ? 'so it was' : 'not so', then: 'ended', problems };
}

async function shared(name, options, command, key) {
  const { program, ready } = await share(name, options, command, temporaryFolder('malformed'));
  const problems = readyProblems(ready, program, { key });
  if (problems.length > 0) throw program.failure(problems.join('; '));
  return { program, endpoint: new Endpoint(ready) };
}

async function onSockets() {
  const { program, endpoint } = await shared('without keys', ['--no-auth'], [ORDERS, '--stdio'], false);
  const good = endpoint.good();
  const slow = inTurn(slowRows(endpoint), endpoint.port, good);
  const outcomes = await inTurn([...headRows(endpoint), ...messageRows(endpoint)], endpoint.port, good);
  const session = await endpoint.open();
  const old = await endpoint.open(BATCHING);
  outcomes.push(...await inTurn(sessionRows(endpoint, session, old), endpoint.port, endpoint.good(session)));
  outcomes.push(...await slow, await stillThere(program, endpoint, endpoint.good()));
  return outcomes;
}

/** Lies told in one era, and with its key, credentials that do not open it. */
async function behindALiar(era) {
  const { program, endpoint } = await shared(`a liar, ${era}`, ['--era', era, '--timeout', SECONDS_FOR_A_CALL], [process.execPath, LIAR, era], true);
  const session = era === 'legacy' ? await endpoint.open() : undefined;
  const good = endpoint.good(session, HONEST, TRUTH);
  const rows = lieRows(endpoint, session);
  const lies = [await untoldLies(endpoint, rows), ...await inTurn(rows, endpoint.port, good)];
  const credentials = session ? await inTurn(credentialRows(endpoint, session), endpoint.port, good) : [];
  return { lies, credentials: [...credentials, await stillThere(program, endpoint, good)] };
}

/** Every lie the server offers has its row, and the other way round. */
async function untoldLies(endpoint, rows) {
  const connection = new Connection(endpoint.port);
  const { result } = messageOf(await connection.send(endpoint.modern(modern(1, 'tools/list', {}))).answer());
  connection.close();
  const offered = result.tools.map(tool => tool.name).filter(name => name !== HONEST.name);
  const known = rows.map(row => row.tool);
  const problems = [...offered.filter(name => !known.includes(name)), ...known.filter(name => !offered.includes(name))].map(name => `${name} is on one side only`);
  return { group: rows[0].group, name: 'all lies have a row', due: rows.length, got: offered.length, then: 'usable', problems };
}

await suite(async () => {
  const [sockets, modernLies, legacyLies, pipes] = await Promise.all([onSockets(), behindALiar('modern'), behindALiar('legacy'), pipeOutcomes(ORDERS, ['--stdio'])]);
  const parts = { sockets: [...sockets, ...modernLies.credentials, ...legacyLies.credentials], pipes, lies: [...modernLies.lies, ...legacyLies.lies] };
  const all = Object.values(parts).flat();
  printTable(['what', 'malformed by', 'came back', 'due', 'afterwards', ''], all.map(({ group, name, got, due, then, problems }) =>
    [group, name, got, due, then, problems.length === 0 ? 'ok' : 'WRONG']));
  console.log();
  for (const { group, name, problems } of all) for (const problem of problems) console.log(`✗ ${group}: ${name}: ${problem}`);
  const few = Object.entries(AT_LEAST).filter(([part, least]) => parts[part].length < least);
  for (const [part, least] of few) console.log(`✗ only ${parts[part].length} rows of ${part}, at least ${least}`);
  const wrong = all.filter(({ problems }) => problems.length > 0).length;
  console.log(`${wrong === 0 ? '✓' : '✗'} ${all.length} rows (${Object.entries(parts).map(([part, rows]) => `${rows.length} ${part}`).join(', ')}), ${wrong} wrong`);
  return wrong === 0 && few.length === 0;
});
