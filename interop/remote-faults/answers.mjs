// Answers that come late, twice, never or for another call, and questions that nobody asked for (CH-13, CL-07, CM-12, CS-17, T45).
import { until } from '../faults/gateway.mjs';
import { sleep } from '../process.mjs';
import { before, call, eachClient, ERAS, got, says, textOf, timed } from './ground.mjs';
import { said } from './upstream.mjs';

const LIMIT_S = 1;
const SOON_MS = 2_000;
const QUIET_MS = 250;
const FORM = { message: 'which?', requestedSchema: { type: 'object', properties: {} } };
const SAMPLE = { messages: [{ role: 'user', content: { type: 'text', text: 'x' } }], maxTokens: 5 };
const QUESTIONS = { 'elicitation/create': FORM, 'sampling/createMessage': SAMPLE, 'roots/list': {} };

/** Waits until nobody wants its answer any more, then answers all the same. */
async function late(answering) {
  if (answering.args.progress) answering.progress(1);
  await answering.unwanted;
  answering.upstream.lastUnwanted = answering.cancelled;
  await sleep(50);
  if (!answering.response.destroyed) answering.finish({ id: answering.id, result: answering.typed(said('too late')) });
  return undefined;
}

const twice = answering => {
  answering.event({ id: answering.id, result: answering.typed(said('first')) });
  answering.event({ id: answering.id, result: answering.typed(said('second')) });
  answering.upstream.say({ id: answering.id, result: said('third') });
  answering.response.end();
};

const foreign = answering => {
  answering.event({ id: 'nobody', result: answering.typed(said('foreign')) });
  answering.event({ id: 987_654, result: answering.typed(said('foreign')) });
  return said('own');
};

const foreignAlone = answering => void answering.response.writeHead(200, { 'Content-Type': 'application/json' })
  .end(JSON.stringify({ jsonrpc: '2.0', id: 987_654, result: answering.typed(said('foreign')) }));

const tools = upstream => upstream.tool('late', late).tool('twice', twice).tool('foreign', foreign).tool('foreign alone', foreignAlone);

const rightWay = (upstream, cancelled) => cancelled?.by === (upstream.modern ? 'its stream was closed' : 'notifications/cancelled');

async function tooLate(ground, sheet, client) {
  const { upstream } = ground;
  for (const progress of [false, true]) {
    upstream.lastUnwanted = undefined;
    const answer = await timed(call(client, 'late', { progress }, progress ? { token: 'late' } : {}));
    await until(() => upstream.lastUnwanted, SOON_MS);
    const told = upstream.lastUnwanted;
    sheet.row(`silent beyond its limit${progress ? ', after progress' : ''}, then answered`, 'timed out; the server told', `${got(answer.value)} ${answer.in}; ${told?.by ?? 'not told'}`,
      says(answer.value, /timed out/) && answer.took < 1_000 * LIMIT_S + SOON_MS && rightWay(upstream, told));
    await sleep(100);
    const next = await call(client, 'echo', { text: 'on' });
    sheet.row('the call after the late answer', 'its own answer', got(next), textOf(next) === 'on');
  }
}

async function cancelled(ground, sheet, client) {
  const { upstream } = ground;
  upstream.lastUnwanted = undefined;
  const from = upstream.count('tools/call', 'cancelled');
  const traffic = client.begin('tools/call', { name: 'late', arguments: { mark: 'cancelled', progress: true } }, { id: 'to-cancel', token: 'c' });
  await until(() => upstream.count('tools/call', 'cancelled') > from, 5_000);
  const start = performance.now();
  if (client.modern) (await traffic).leave();
  else await client.notify('notifications/cancelled', { requestId: 'to-cancel' });
  await until(() => upstream.lastUnwanted, SOON_MS);
  const told = upstream.lastUnwanted;
  sheet.row(client.modern ? 'never answered, its client leaves' : 'never answered, its client cancels', 'the server told soon',
    told ? `${told.by}, ${Math.round(performance.now() - start)} ms later` : 'not told', rightWay(upstream, told));
  await sleep(100);
  const next = await call(client, 'echo', { text: 'on' });
  sheet.row('the call after that', 'its own answer', got(next), textOf(next) === 'on');
  const open = await until(() => upstream.calls().length === 0, SOON_MS);
  sheet.row('calls left open at the server', 'none', open ? 'none' : upstream.calls().length, open);
}

async function wrongAnswers(ground, sheet, client) {
  for (const [name, due, holds] of [
    ['twice', 'the first', answer => textOf(answer) === 'first'],
    ['foreign', 'its own', answer => textOf(answer) === 'own'],
    ['foreign alone', 'told that it is lost', answer => says(answer, /connection lost/)],
  ]) {
    const answer = await timed(call(client, name));
    sheet.row(`answered ${name === 'twice' ? 'twice, and once more on another stream' : name === 'foreign' ? 'with foreign ids, then its own' : 'with a foreign id alone'}`,
      due, `${got(answer.value)} ${answer.in}`, holds(answer.value) && answer.took < SOON_MS);
    const next = await call(client, 'echo', { text: 'on' });
    sheet.row('the call after that', 'its own answer', got(next), textOf(next) === 'on');
  }
}

/** The stream of one caller's call carries an answer to another's. */
async function anothersAnswer(ground, sheet) {
  const { upstream } = ground;
  const [key] = await ground.keys(1);
  const [alice, bob] = [await ground.client('26'), await ground.client('26', { key })];
  let victim;
  upstream.tool('victim', answering => {
    victim = answering;
    return undefined;
  });
  upstream.tool('culprit', answering => {
    answering.event({ id: victim.id, result: answering.typed(said('forged')) });
    return said('own');
  });
  const waiting = call(bob, 'victim');
  await until(() => victim, 5_000);
  const own = await call(alice, 'culprit');
  await sleep(100);
  victim.result(said('genuine'));
  const answer = await waiting;
  sheet.row('a stream answers another caller\'s call too', 'each its own answer', `${got(own)}; ${got(answer)}`, textOf(own) === 'own' && textOf(answer) === 'genuine');
}

const replied = reply => (reply === undefined ? 'no answer' : reply.error ? `${reply.error.code} "${reply.error.message}"` : JSON.stringify(reply.result));
const within = promise => Promise.race([promise, sleep(SOON_MS).then(() => undefined)]);

async function undeclared(ground, sheet, client) {
  const { upstream } = ground;
  for (const [method, params] of Object.entries(QUESTIONS)) {
    let reply;
    upstream.tool('asks', async answering => {
      reply = await within(answering.ask(method, params));
      return said(`went on: ${reply?.error?.code}`);
    });
    const answer = await call(client, 'asks', {}, { answer: () => ({ action: 'accept', content: {} }) });
    sheet.row(`${method} during a call, not declared`, 'an error to the server, the client not asked', `${replied(reply)}; client ${answer.questions.length} questions; ${got(answer)}`,
      reply?.error !== undefined && answer.questions.length === 0 && textOf(answer)?.startsWith('went on'));
  }
}

async function declared(ground, sheet, client) {
  const { upstream } = ground;
  let reply;
  upstream.tool('asks', async answering => {
    reply = await within(answering.ask('elicitation/create', FORM));
    return said(`went on: ${reply?.result?.action}`);
  });
  const answer = await call(client, 'asks', {}, { answer: () => ({ action: 'accept', content: {} }) });
  sheet.row('elicitation/create during a call, declared', 'asked and answered', `${replied(reply)}; client ${answer.questions.length} questions; ${got(answer)}`,
    reply?.result?.action === 'accept' && answer.questions.length === 1 && textOf(answer) === 'went on: accept');
}

/** On the session's own stream, while nobody calls. */
async function outOfTheBlue(ground, sheet, client) {
  const { upstream } = ground;
  await call(client, 'echo');
  await until(() => [...upstream.sessions.values()].some(each => each.stream && 'elicitation' in each.capabilities), SOON_MS);
  const standing = client.modern ? undefined : await client.listen();
  for (const [method, params] of Object.entries({ ...QUESTIONS, ping: undefined })) {
    const asked = client.traffic.reduce((all, traffic) => all + traffic.messages.filter(message => message.method === method).length, 0);
    const reply = await within(upstream.say({ id: `blue-${method}-${client.version}`, method, params }, capabilities => 'elicitation' in capabilities));
    const after = client.traffic.reduce((all, traffic) => all + traffic.messages.filter(message => message.method === method).length, 0);
    const due = { ping: '{}', 'roots/list': 'no roots' }[method] ?? 'an error';
    const holds = { ping: JSON.stringify(reply?.result) === '{}', 'roots/list': reply?.result?.roots?.length === 0 || reply?.error !== undefined }[method] ?? reply?.error !== undefined;
    sheet.row(`${method} while nobody calls`, due, `${replied(reply)}; client ${after - asked} questions`, holds && after === asked);
  }
  standing?.leave();
}

/** A modern server has no way to ask but its result. */
async function modernAsks(ground, sheet, client) {
  const { upstream } = ground;
  upstream.tool('asks', answering => {
    answering.event({ id: 'ask-modern', method: 'elicitation/create', params: FORM });
    return said('went on');
  });
  const answer = await call(client, 'asks', {}, { answer: () => ({ action: 'accept', content: {} }) });
  sheet.row('a request on the stream of a call', 'the client not asked', `client ${answer.questions.length} questions; ${got(answer)}`, answer.questions.length === 0 && textOf(answer) === 'went on');
  upstream.tool('asks', () => ({ resultType: 'input_required', inputRequests: { q: { method: 'elicitation/create', params: FORM } }, requestState: 's' }));
  const undeclaredAnswer = await call(client, 'asks', {}, { answer: () => ({ action: 'accept', content: {} }) });
  sheet.row('input_required, not declared', 'an error, the client not asked', `client ${undeclaredAnswer.questions.length} questions; ${got(undeclaredAnswer)}`,
    undeclaredAnswer.questions.length === 0 && undeclaredAnswer.error !== undefined);
}

async function modernAsksDeclared(ground, sheet, client) {
  const { upstream } = ground;
  upstream.tool('asks', answering =>
    answering.params.inputResponses
      ? said(`went on: ${answering.params.inputResponses.q.action}`)
      : { resultType: 'input_required', inputRequests: { q: { method: 'elicitation/create', params: FORM } }, requestState: 's' });
  const answer = await call(client, 'asks', {}, { answer: () => ({ action: 'accept', content: {} }) });
  sheet.row('input_required, declared', 'asked and answered', `client ${answer.questions.length} questions; ${got(answer)}`, answer.questions.length === 1 && textOf(answer) === 'went on: accept');
}

const answers = era => ({
  name: `answers, ${era} server`,
  run: async sheet => {
    await before(era, sheet, { prepare: tools, options: ['--timeout', String(LIMIT_S)] }, ground => eachClient(ground, sheet, client => tooLate(ground, sheet, client)));
    await before(era, sheet, { prepare: tools }, async ground => {
      await eachClient(ground, sheet, client => cancelled(ground, sheet, client));
      await eachClient(ground, sheet, client => wrongAnswers(ground, sheet, client));
      await anothersAnswer(ground, sheet);
    });
  },
});

const questions = era => ({
  name: `unasked questions, ${era} server`,
  run: sheet =>
    before(era, sheet, { prepare: tools }, async ground => {
      if (era === 'modern') {
        await eachClient(ground, sheet, client => modernAsks(ground, sheet, client));
        await eachClient(ground, sheet, client => modernAsksDeclared(ground, sheet, client), { profile: 'form' });
        return;
      }
      await eachClient(ground, sheet, client => undeclared(ground, sheet, client));
      await eachClient(ground, sheet, client => outOfTheBlue(ground, sheet, client), { profile: 'full' });
      await eachClient(ground, sheet, client => declared(ground, sheet, client), { profile: 'form' });
      await sleep(QUIET_MS);
    }),
});

export const groups = [...ERAS.map(answers), ...ERAS.map(questions)];
