// Two people on one shared server at the same time, with equal JSON-RPC ids and equal progress tokens: nobody may see, end, use or
// answer anything of the other; whoever shares a child with whom.
import path from 'node:path';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { RawCaller } from './clients/raw.mjs';
import { inEveryMode } from './isolation.mjs';
import { INTEROP, sleep, suite, temporaryFolder } from './process.mjs';
import { readyProblems, sallyport, share } from './product.mjs';
import { printTable } from './table.mjs';

const CALLS = Number(process.argv[2] ?? 1000);
const AT_ONCE = 8;
const NAMES = ['alice', 'bob'];

const text = answer => answer.result?.content?.[0]?.text;

/** One call of one caller; returns what is wrong with the answer. */
async function probe(caller, owner, number) {
  const nonce = `${owner}-${number}-${randomUUID()}`;
  const id = number % 2 === 0 ? number : `call-${number}`;
  if (number % 5 !== 0) {
    const answer = await caller.call(id, 'echo', { text: nonce });
    return text(answer) === nonce ? [] : [`call ${number} of ${owner}: ${JSON.stringify(answer).slice(0, 300)}`];
  }
  const progressToken = number % 2 === 0 ? number : `token-${number}`;
  const answer = await caller.call(id, 'steps', { count: 3, label: nonce, pauseMs: 1 }, { progressToken });
  const steps = answer.notifications.filter(message => message.method === 'notifications/progress').map(message => message.params);
  const right = text(answer) === `${nonce} done` && steps.length === 3
    && steps.every((step, index) => step.progressToken === progressToken && step.progress === index + 1 && step.message === `${nonce} ${index + 1}`);
  return right ? [] : [`call ${number} of ${owner}: ${JSON.stringify(answer).slice(0, 600)}`];
}

/** Pairs of calls with the same id, a few pairs at a time. */
async function interleave(callers) {
  const wrong = [];
  let next = 1;
  const worker = async () => {
    while (next <= CALLS / callers.length) {
      const number = next++;
      const found = await Promise.all(callers.map((caller, index) => probe(caller, NAMES[index], number)));
      wrong.push(...found.flat());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return wrong;
}

const LEGACY_TRESPASSES = {
  async "the other's session is as unknown as any other"([alice, bob]) {
    const trespasser = Object.assign(new RawCaller(bob), { session: alice.session });
    const stranger = Object.assign(new RawCaller(bob), { session: randomUUID() });
    const outcomes = await Promise.all([trespasser, stranger].map(async caller => {
      const { headers, body } = caller.frame(1, 'tools/list', {});
      const { status } = await caller.exchange('POST', headers, body);
      return { status, body: caller.received };
    }));
    assert.equal(outcomes[0].status, 404);
    assert.deepEqual(outcomes[0], outcomes[1]);
  },
  async "the other's stream cannot be read"([alice, bob]) {
    const { headers } = alice.frame();
    assert.equal((await bob.exchange('GET', headers)).status, 404);
  },
  async "the other's session cannot be ended"([alice, bob]) {
    const { headers } = alice.frame();
    assert.equal((await bob.exchange('DELETE', headers)).status, 404);
    assert.deepEqual((await alice.request('still there', 'ping', {})).result, {});
  },
  async "a cancellation with the other's id ends only one's own call"(callers) {
    const [mine, theirs] = callers.map((caller, index) => caller.call(7, 'slow', { mark: `own-${NAMES[index]}`, seconds: 1.5 },
      index === 1 ? { signal: AbortSignal.timeout(4_000) } : {}).catch(error => error));
    await sleep(400);
    await callers[1].notify('notifications/cancelled', { requestId: 7 });
    assert.equal(text(await mine), 'finished');
    const own = await theirs;
    assert.notEqual(text(own), 'finished');
    assert.equal(text(await callers[1].call(8, 'fate', { mark: 'own-bob' })), 'cancelled');
  },
};

const MODERN_TRESPASSES = {
  async "the other's request state is refused"([alice, bob]) {
    const args = { greeting: 'Good day' };
    const asked = await alice.call(1, 'ask', args);
    assert.equal(asked.result?.resultType, 'input_required', JSON.stringify(asked));
    const [question] = Object.keys(asked.result.inputRequests);
    const answer = { name: 'ask', arguments: args, requestState: asked.result.requestState,
      inputResponses: { [question]: { action: 'accept', content: { name: 'Ada' } } } };
    const stolen = await bob.request(2, 'tools/call', answer);
    assert.ok(stolen.error, `bob was served: ${JSON.stringify(stolen)}`);
    assert.equal(text(await alice.request(2, 'tools/call', answer)), 'Good day, Ada!');
  },
  async "a disconnect ends only one's own call"(callers) {
    const gone = new AbortController();
    const [mine, theirs] = callers.map((caller, index) => caller.call(7, 'slow', { mark: `own-${NAMES[index]}`, seconds: 1.5 },
      index === 1 ? { signal: gone.signal } : {}).catch(error => error));
    await sleep(400);
    gone.abort();
    assert.equal(text(await mine), 'finished');
    await theirs;
    assert.equal(text(await callers[1].call(8, 'fate', { mark: 'own-bob' })), 'cancelled');
  },
};

const BOTH_TRESPASSES = {
  async "nothing either received names the other"([alice, bob]) {
    assert.ok(!alice.received.includes('bob-'), 'alice received something of bob');
    assert.ok(!bob.received.includes('alice-'), 'bob received something of alice');
  },
};

async function inEra(era, url, keys) {
  const callers = await Promise.all(keys.map(key => new RawCaller({ url, key, era }).open()));
  await Promise.all(callers.map(caller => caller.listen()));
  const rows = [];
  const wrong = await interleave(callers);
  rows.push([era, `${CALLS} interleaved calls with equal ids`, wrong.length === 0 ? '0 mismatches' : `${wrong.length} MISMATCHES`]);
  for (const text of wrong.slice(0, 5)) console.log(`  ✗ ${era}: ${text}`);
  const trespasses = { ...era === 'legacy' ? LEGACY_TRESPASSES : MODERN_TRESPASSES, ...BOTH_TRESPASSES };
  let failed = wrong.length;
  for (const [name, trespass] of Object.entries(trespasses)) {
    try {
      await trespass(callers);
      rows.push([era, name, 'ok']);
    } catch (error) {
      failed++;
      rows.push([era, name, 'FAILED']);
      console.log(`  ✗ ${era}, ${name}: ${String(error.message).replaceAll('\n', ' ')}`);
    }
  }
  const waits = callers.reduce((sum, caller) => sum + caller.refusedForNow, 0);
  if (waits > 0) rows.push([era, 'answers of 429 that were waited out', waits]);
  for (const caller of callers) await caller.close();
  return { rows, failed };
}

await suite(async () => {
  const folder = temporaryFolder('two-callers');
  const added = await sallyport(['keys', 'add', 'bob', '--json'], folder, 300_000);
  if (added.code !== 0) throw added.failure(`exit code ${added.code}`);
  const bob = JSON.parse(added.lines[0]);
  assert.deepEqual([bob.name, typeof bob.key, 'expires' in bob], ['bob', 'string', true], added.lines[0]);

  const rows = [];
  let failed = 0;
  // A child of the same era each: what is proved here is isolation, not translation.
  for (const era of ['legacy', 'modern']) {
    const { program, ready } = await share(`for two, ${era}`, ['--era', era], [process.execPath, path.join(INTEROP, 'servers/v2-stdio.mjs')], folder);
    const problems = readyProblems(ready, program);
    if (ready.key === bob.key) problems.push('both callers have one key');
    for (const problem of problems) console.log(`  ✗ ${problem}`);
    const outcome = await inEra(era, ready.url, [ready.key, bob.key]);
    rows.push(...outcome.rows);
    failed += outcome.failed + problems.length;
    await program.stop();
  }
  const modes = await inEveryMode(CALLS, folder, bob.key);
  rows.push(...modes.rows);
  failed += modes.failed;
  console.log();
  printTable(['era', 'what', 'outcome'], rows);
  console.log(failed === 0 ? '\n✓ nobody saw anything of the other' : `\n✗ ${failed} did not hold`);
  return failed === 0;
});
