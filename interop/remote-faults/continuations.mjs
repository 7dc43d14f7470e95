// A call that is continued with an answer, by whoever may and by whoever may not (MR-08, 2.2.5, 2.4, CM-02). That a state expires is
// proved in Java, with a clock that can be moved.
import { until } from '../faults/gateway.mjs';
import { sleep } from '../process.mjs';
import { before, call, ERAS, got, textOf } from './ground.mjs';
import { said } from './upstream.mjs';

const FORM = { message: 'which word?', requestedSchema: { type: 'object', properties: { word: { type: 'string' } } } };
/** What a server may call a state: nothing of it is ours to touch. */
const STATE = 'a "state" \\ of/its\u0000own\n \u2603 \ud83d\udd11 =?base64?eA==?= ';
const NOT_VALID = -32602;

const word = text => ({ action: 'accept', content: { word: text } });

/** Asks once and tells what it was answered; a tool of each name, so that a state can be brought to another. */
function asking(name) {
  return async answering => {
    const { upstream, args, params } = answering;
    if (!upstream.modern) {
      const reply = await Promise.race([answering.ask('elicitation/create', FORM), answering.unwanted]);
      return said(`${name}: ${args.mark}: ${reply?.result?.content?.word ?? 'nothing'}`);
    }
    if (params.inputResponses === undefined) return { resultType: 'input_required', inputRequests: { which: { method: 'elicitation/create', params: FORM } }, requestState: STATE };
    upstream.states.push(params.requestState);
    return said(`${name}: ${args.mark}: ${params.inputResponses.which?.content?.word ?? 'nothing'}`);
  };
}

const prepare = upstream => {
  upstream.states = [];
  upstream.tool('confirm', asking('confirm')).tool('destroy', asking('destroy'));
};

/** Begins a call and says how it may be continued. */
async function parked(client, mark) {
  const first = await call(client, 'confirm', { mark }, { stop: true });
  const [key] = Object.keys(first.result?.inputRequests ?? {});
  const continued = (by, { name = 'confirm', args = { mark }, state = first.result.requestState, answer = word(`word of ${mark}`) } = {}) =>
    by.ask('tools/call', { name, arguments: args, inputResponses: { [key]: answer }, requestState: state }, { stop: true });
  return { first, state: first.result?.requestState, continued };
}

function flipped(state, at) {
  return state.slice(0, at) + (state[at] === 'A' ? 'B' : 'A') + state.slice(at + 1);
}

async function attempts(ground, sheet) {
  const { upstream } = ground;
  const [key] = await ground.keys(1);
  const [alice, mallory] = [await ground.client('26', { profile: 'form' }), await ground.client('26', { profile: 'form', key })];
  const again = await ground.client('26', { profile: 'form' });
  const { first, state, continued } = await parked(alice, 'm1');
  sheet.row('a call that asks', 'input_required with a state that shows nothing', `${got(first)}, state of ${state?.length} characters`, state !== undefined && !state.includes('state'));
  const bytes = { first: 0, middle: Math.floor(state.length / 2), last: state.length - 1 };
  const wrong = {
    'by another caller': () => continued(mallory),
    'with other arguments': () => continued(alice, { args: { mark: 'm2' } }),
    'with one argument more': () => continued(alice, { args: { mark: 'm1', force: true } }),
    'with another tool': () => continued(alice, { name: 'destroy' }),
    ...Object.fromEntries(Object.entries(bytes).map(([name, at]) => [`its ${name} byte changed`, () => continued(alice, { state: flipped(state, at) })])),
    'cut short by one byte': () => continued(alice, { state: state.slice(0, -1) }),
    'the server\'s own state in place of it': () => continued(alice, { state: STATE }),
  };
  for (const [name, attempt] of Object.entries(wrong)) {
    const from = upstream.seen.length;
    const answer = await attempt();
    const reached = upstream.seen.slice(from).filter(each => each.method === 'tools/call' || each.method === undefined).length;
    sheet.row(`continued ${name}`, `${NOT_VALID}, nothing reaches the server`, `${got(answer)}, ${reached} messages`, answer.error?.code === NOT_VALID && reached === 0);
  }
  const honest = await continued(again);
  sheet.row('continued by its caller, on another connection', 'the answer', got(honest), textOf(honest) === 'confirm: m1: word of m1');
  const second = await continued(alice, { answer: word('second') });
  if (upstream.modern) {
    sheet.row('its state at the server', 'byte for byte', JSON.stringify(upstream.states[0]), upstream.states[0] === STATE);
    sheet.row('continued once more', 'left to the server, with its state again (T26)', got(second), textOf(second) === 'confirm: m1: second' && upstream.states[1] === STATE);
  } else {
    sheet.row('continued once more', NOT_VALID, got(second), second.error?.code === NOT_VALID);
    sheet.row('calls the server saw', 'one, answered once', `${upstream.count('tools/call', 'm1')} calls, ${upstream.received(undefined).length} answers`,
      upstream.count('tools/call', 'm1') === 1 && upstream.received(undefined).length === 1);
  }
}

async function atOnce(ground, sheet) {
  const { upstream } = ground;
  const alice = await ground.client('26', { profile: 'form' });
  const { continued } = await parked(alice, 'm3');
  const answers = await Promise.all(Array.from({ length: 8 }, (_, each) => continued(alice, { answer: word(`w${each}`) })));
  const served = answers.filter(answer => textOf(answer)?.startsWith('confirm: m3: w')).length;
  const refused = answers.filter(answer => answer.error?.code === NOT_VALID).length;
  sheet.row('continued eight times at once', 'served once, refused seven times', `served ${served}, refused ${refused}`, served === 1 && refused === 7);
  const left = await until(() => upstream.calls().length === 0, 2_000);
  sheet.row('calls left open at the server', 'none', left ? 'none' : upstream.calls().length, left);
}

/** The server ends while a call is parked there. */
async function lost(ground, sheet) {
  const { upstream } = ground;
  const alice = await ground.client('26', { profile: 'form' });
  const { continued } = await parked(alice, 'm4');
  const others = await parked(alice, 'm5');
  await upstream.vanish();
  await sleep(200);
  await upstream.listen();
  const answer = await continued(alice);
  const due = upstream.modern ? 'the answer: nothing was kept' : 'told that it is gone';
  const text = textOf(answer) ?? '';
  sheet.row('continued after a restart of the server', due, got(answer), upstream.modern ? text === 'confirm: m4: word of m4' : /partial effects|may have had effects/.test(text + (answer.error?.message ?? '')));
  const other = await others.continued(alice);
  sheet.row('another one', due, got(other), upstream.modern ? textOf(other) === 'confirm: m5: word of m5' : /partial effects|may have had effects/.test((textOf(other) ?? '') + (other.error?.message ?? '')));
  const { continued: anew } = await parked(alice, 'm6');
  const after = await anew(alice);
  sheet.row('one that begins afterwards', 'the answer', got(after), textOf(after) === 'confirm: m6: word of m6');
}

/** A client with a session is asked, and never sees a state. */
async function legacyClient(ground, sheet) {
  const { upstream } = ground;
  const client = await ground.client('11', { profile: 'form' });
  const from = upstream.states.length;
  const answer = await call(client, 'confirm', { mark: 'm7' }, { answer: () => word('legacy') });
  const leaked = answer.texts.includes('requestState') || answer.texts.includes('of/its');
  sheet.row('a client with a session', 'asked, answered; the state byte for byte and never seen', `${got(answer)}; ${JSON.stringify(upstream.states[from])}${leaked ? '; it saw the state' : ''}`,
    textOf(answer) === 'confirm: m7: legacy' && upstream.states[from] === STATE && !leaked);
}

const continuations = era => ({
  name: `continuations, ${era} server`,
  run: sheet =>
    before(era, sheet, { prepare }, async ground => {
      await attempts(ground, sheet);
      if (era === 'legacy') await atOnce(ground, sheet);
      else await legacyClient(ground, sheet);
      await lost(ground, sheet);
    }),
});

export const groups = ERAS.map(continuations);
