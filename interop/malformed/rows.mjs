// What a row of the table is, how it is carried out on a socket, and what counts as wrong.
import { Connection } from '../clients/socket.mjs';

/** Nothing of this may be in any answer, whatever was asked. */
const INTERNALS = /Exception|\tat |dev\.sallyport\.|java\.(?:lang|util|io|net|base)|io\.(?:netty|vertx)|jackson|\/target\/|\.jar\b/;

/** What is wrong with a text a caller was given. */
export function leaksIn(text) {
  const found = INTERNALS.exec(text);
  return found ? [`the answer tells internals: ${JSON.stringify(text.slice(Math.max(0, found.index - 40), found.index + 60))}`] : [];
}

/** What is wrong with a JSON-RPC error, by the code and the id that are due (JR-03, JR-04, JR-05); an id of undefined is none at all. */
export function errorProblems(message, { code, id }) {
  const problems = [];
  if (message?.jsonrpc !== '2.0') problems.push('no jsonrpc 2.0');
  if (message?.error?.code !== code) problems.push(`code ${message?.error?.code}`);
  if (typeof message?.error?.message !== 'string') problems.push('no error.message');
  if (message && 'result' in message) problems.push('a result beside the error');
  if (message?.id !== id) problems.push(`id ${JSON.stringify(message?.id)}, not ${JSON.stringify(id)}`);
  return problems;
}

/** What is wrong with a result that must contain a text and nothing of anybody else. */
function resultProblems(message, { id, result }) {
  const problems = message?.id === id ? [] : [`id ${JSON.stringify(message?.id)}, not ${JSON.stringify(id)}`];
  if (!JSON.stringify(message?.result ?? {}).includes(result)) problems.push(`no result with "${result}": ${JSON.stringify(message)?.slice(0, 200)}`);
  return problems;
}

const cell = (status, code) => [status, code].filter(each => each !== undefined).join(' ');

/** `status` may be a list where the requirement leaves a choice. */
const statusOf = ({ status }) => [status].flat().map(each => each ?? 'none').join(' or ');

const dueOf = row => cell(statusOf(row), row.code ?? (row.result && 'result'));

/** The problems of an answer by itself. */
function answerProblems(row, answer, message) {
  if (answer === undefined) return [row.status].flat().includes(undefined) ? [] : ['no answer'];
  const problems = leaksIn(answer.head + answer.body);
  if (![row.status].flat().includes(answer.status)) problems.push(`status ${answer.status}`);
  if (row.code !== undefined) problems.push(...errorProblems(message, row));
  if (row.result !== undefined) problems.push(...resultProblems(message, row));
  if (row.empty && answer.body !== '') problems.push('a body');
  for (const [name, pattern] of Object.entries(row.fields ?? {})) {
    if (!pattern.test(answer.fields.get(name) ?? '')) problems.push(`${name}: ${answer.fields.get(name)}`);
  }
  return problems;
}

/** The only JSON-RPC message of an answer, however it is wrapped. */
export function messageOf(answer) {
  const text = answer?.fields.get('content-type')?.startsWith('text/event-stream')
    ? answer.body.split(/\r?\n/).findLast(line => line.startsWith('data:'))?.slice(5) : answer?.body;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** After a row: the same connection serves, or has ended as it should; and nothing came that nobody asked for. */
async function afterwards(row, connection, answer, good) {
  const says = answer?.fields.get('connection')?.toLowerCase() === 'close' ? 'closed' : 'usable';
  const due = row.then === 'said' ? says : row.then;
  if (due === 'usable' && says === 'usable') {
    const { bytes, problems: problemsOf } = good();
    const next = await connection.send(bytes).answer();
    const problems = problemsOf(next, messageOf(next)).map(problem => `afterwards: ${problem}`);
    if (connection.received.length > 0) problems.push('afterwards: more than one answer');
    return { then: problems.length === 0 ? 'usable' : connection.over ?? 'spoilt', problems };
  }
  const then = due === 'usable' ? 'closed' : await connection.end();
  const problems = then === due ? [] : [`the connection is ${then}, expected ${due}`];
  if (connection.received.length > 0) problems.push(`a second answer: ${JSON.stringify(connection.received.toString('latin1', 0, 60))}`);
  return { then, problems };
}

/** Carries one row out: {group, name, due, got, then, problems}. `good` makes a sound request: {bytes, problems(answer, message)}. */
export async function carryOut(row, port, good, patienceMs) {
  const connection = new Connection(port, patienceMs);
  try {
    for (const part of [row.bytes].flat()) connection.send(part);
    if (row.finish) connection.finish();
    const answer = await connection.answer({ withoutBody: row.withoutBody });
    const message = messageOf(answer);
    const { then, problems } = await afterwards(row, connection, answer, good);
    return { group: row.group, name: row.name, due: dueOf(row), then,
      got: answer === undefined ? 'none' : cell(answer.status, message?.error?.code ?? (message?.result && 'result')),
      problems: [...answerProblems(row, answer, message), ...problems] };
  } catch (error) {
    return { group: row.group, name: row.name, due: dueOf(row), got: 'none', then: 'stuck', problems: [error.message] };
  } finally {
    connection.close();
  }
}

/** Rows of one group, with what they have in common. */
export function group(name, common, rows) {
  return rows.map(row => ({ group: name, ...common, ...row }));
}
