// Who shares a child with whom (`share --isolation`), seen from two callers of a server that counts, tells and asks: in the modes that
// keep people apart nobody sees the other's state, and in the mode that does not, each still gets only what is theirs.
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { RawCaller } from './clients/raw.mjs';
import { missing } from './faults/flags.mjs';
import { INTEROP, temporaryFolder } from './process.mjs';
import { share } from './product.mjs';

const AT_ONCE = 8;
const QUESTIONS = 10;
const NAMES = ['alice', 'bob'];

/** Two callers with equal ids; in the mode `session` they are two sessions of one person. */
const MODES = {
  caller: { keys: (alice, bob) => [alice, bob], apart: true },
  session: { keys: alice => [alice, alice], apart: true },
  shared: { keys: (alice, bob) => [alice, bob], apart: false },
};

const text = answer => answer.result?.content?.[0]?.text;

/** One call: its answer, its progress and any log message must bear its own mark; returns the number that was counted. */
async function tell(caller, name, number, wrong) {
  const mark = `${name}-${number}-${randomUUID()}`;
  const id = number % 2 === 0 ? number : `call-${number}`;
  const progressToken = number % 2 === 0 ? number : `token-${number}`;
  const answer = await caller.call(id, 'tell', { mark }, { progressToken });
  const [said, counted] = (text(answer) ?? '').split(' ');
  const progress = answer.notifications.filter(message => message.method === 'notifications/progress').map(message => message.params);
  const logs = answer.notifications.filter(message => message.method === 'notifications/message').map(message => message.params.data);
  const right = said === mark && progress.length === 1 && progress[0].progressToken === progressToken && progress[0].message === mark
    && logs.every(data => data.startsWith(`${name}-`));
  if (!right) wrong.push(`call ${number} of ${name}: ${JSON.stringify(answer).slice(0, 400)}`);
  return Number(counted);
}

/** What was counted must be 1 to n without gaps: for each by themselves when they are apart, for both together when they are not. */
function countingProblems(apart, counts) {
  return (apart ? counts : [counts.flat()]).flatMap(numbers => {
    const sorted = [...numbers].sort((one, other) => one - other);
    return sorted.every((number, at) => number === at + 1) ? [] : [`counted ${sorted.slice(0, 10)} … ${sorted.slice(-3)}, not 1 to ${sorted.length}`];
  });
}

/** The server asks in mid-call: whoever called is asked and answers, or, where it cannot be known who that is, nobody is. */
async function questions(apart, callers, wrong) {
  let answered = 0;
  await Promise.all(callers.map(async (caller, index) => {
    const name = NAMES[index];
    caller.asked = message => {
      if (!message.params?.message?.startsWith(`${name}-`)) wrong.push(`${name} was asked ${JSON.stringify(message).slice(0, 200)}`);
      caller.exchange('POST', caller.frame().headers, { jsonrpc: '2.0', id: message.id, result: { action: 'accept', content: { said: `I-am-${name}` } } })
        .catch(error => wrong.push(error.message));
    };
    for (let number = 0; number < QUESTIONS; number++) {
      const mark = `${name}-ask-${number}`;
      const answer = await caller.call(`ask-${number}`, 'ask', { mark });
      const due = apart ? `${mark} I-am-${name}` : `${mark} refused -32601`;
      if (text(answer) !== due) wrong.push(`question ${number} to ${name}: ${JSON.stringify(answer).slice(0, 300)}, not "${due}"`);
      answered++;
    }
  }));
  return answered;
}

async function inMode(mode, calls, folder, bob) {
  const { keys, apart } = MODES[mode];
  const options = (await missing(['--isolation'])).length > 0 ? [] : ['--isolation', mode];
  const { program, ready } = await share(`for two, isolation ${mode}`, ['--era', 'legacy', ...options],
    [process.execPath, path.join(INTEROP, 'servers/faulty.mjs'), temporaryFolder(`isolation-${mode}`), 'legacy'], folder);
  const callers = await Promise.all(keys(ready.key, bob).map(key => new RawCaller({ url: ready.url, key, era: 'legacy' }).open()));
  await Promise.all(callers.map(caller => caller.listen()));
  const wrong = [];
  const counts = callers.map(() => []);
  let next = 1;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next <= calls / callers.length) {
      const number = next++;
      const counted = await Promise.all(callers.map((caller, index) => tell(caller, NAMES[index], number, wrong)));
      counted.forEach((value, index) => counts[index].push(value));
    }
  }));
  wrong.push(...countingProblems(apart, counts));
  const rows = [[`isolation ${mode}`, `${calls} interleaved calls with equal ids; ${apart ? 'a count each' : 'one count'}`, wrong.length === 0 ? '0 mismatches' : `${wrong.length} MISMATCHES`]];
  const before = wrong.length;
  const asked = await questions(apart, callers, wrong);
  rows.push([`isolation ${mode}`, `${asked} questions of the server ${apart ? 'reach whoever called' : 'reach nobody'}`, wrong.length === before ? 'ok' : 'FAILED']);
  const heard = callers.map((caller, index) => caller.received.includes(`${NAMES[1 - index]}-`));
  if (heard.some(each => each)) wrong.push(`${NAMES[heard.indexOf(true)]} received something of the other`);
  rows.push([`isolation ${mode}`, 'nothing either received names the other', heard.some(each => each) ? 'FAILED' : 'ok']);
  for (const caller of callers) await caller.close();
  await program.stop();
  for (const problem of wrong.slice(0, 5)) console.log(`  ✗ isolation ${mode}: ${problem}`);
  return { rows, failed: wrong.length };
}

/** All modes there are; what `share` cannot do yet is PENDING. */
export async function inEveryMode(calls, folder, bob) {
  const rows = [];
  let failed = 0;
  const absent = await missing(['--isolation']);
  for (const mode of Object.keys(MODES)) {
    if (mode !== 'caller' && absent.length > 0) {
      rows.push([`isolation ${mode}`, `share has no ${absent.join(', ')}`, 'PENDING']);
      continue;
    }
    const outcome = await inMode(mode, calls, folder, bob);
    rows.push(...outcome.rows);
    failed += outcome.failed;
  }
  return { rows, failed };
}
