// Several questions, several rounds, and the state between them (2.2, 2.3, 2.4; MR, CM, T26, T27).
import { sleep } from '../../process.mjs';
import { textOf } from '../cell.mjs';
import { absent, differences, inexpressible, oneOf, refused, text, that, whole } from '../verdict.mjs';
import { ada, folders, form, roots, said, sampling } from '../questions.mjs';

const ODD = 's-1 "ü\u2028\\ ==/+';
const threeKinds = { name: form('Who are you?'), model: sampling(), folders: roots };
const answerOf = ({ method }) => ({ 'elicitation/create': ada, 'sampling/createMessage': said, 'roots/list': folders })[method];

/** One question a round, three times; the states are as odd as a server may make them. */
const steps = withState =>
  ['first', 'second', 'third'].map((name, index) => ({
    ask: { questions: { [name]: form(`The ${name}?`) }, ...(withState ? { state: `${ODD}${index}` } : {}) },
  }));
const nth = index => ({ action: 'accept', content: { name: `answer ${index}` } });
const ALL = { first: nth(0), second: nth(1), third: nth(2) };

const threeRounds = (name, withState) => ({
  name,
  due({ era, modern }) {
    if (!withState && era === 'legacy') return inexpressible('a legacy server has no state to leave out');
    return whole({
      client: { asked: ['The first?', 'The second?', 'The third?'], rounds: modern ? 4 : 1, keysOnce: true },
      upstream: {
        answers: ALL,
        calls: era === 'modern' ? 4 : 1,
        states: era === 'modern' && withState ? [0, 1, 2].map(index => `${ODD}${index}`) : [],
        ids: true,
      },
    });
  },
  async see(cell) {
    const { questions, rounds } = await cell.play(steps(withState), { answer: (_, index) => nth(index) });
    const calls = cell.calls().map(({ message }) => message);
    const keys = questions.map(({ key }) => key);
    return {
      client: {
        asked: questions.map(({ params }) => params.message),
        rounds: rounds.length,
        keysOnce: !cell.modern || new Set(keys).size === 3,
      },
      upstream: {
        answers: cell.answers(),
        calls: calls.length,
        states: calls.map(({ params }) => params.requestState).filter(state => state !== undefined),
        ids: new Set(calls.map(({ id }) => id)).size === calls.length,
      },
    };
  },
});

/** A modern client with a question before it: what it has to send to answer. */
async function asked(cell, { steps: played = [{ ask: { questions: { name: form('Who are you?') }, state: ODD } }], ...options } = {}) {
  const client = await cell.client();
  const [method, params] = cell.script(played, options);
  const { result } = await client.ask(method, params, { stop: true });
  if (result?.resultType !== 'input_required') throw new Error(`not asked: ${JSON.stringify(result)}`);
  return {
    client,
    method,
    params,
    questions: result.inputRequests,
    requestState: result.requestState,
    keys: Object.keys(result.inputRequests ?? {}),
  };
}

const answersTo = keys => Object.fromEntries(keys.map(key => [key, ada]));

/** A state that must not be taken; what the upstream was sent afterwards must be nothing. */
const refusedState = (name, change) => ({
  name,
  due: ({ modern }) =>
    modern
      ? whole({ client: { code: -32602, done: absent, afterwards: '{"name":{"action":"accept","content":{"name":"Ada"}}}' }, upstream: 0 })
      : inexpressible('a legacy client never sees a requestState'),
  async see(cell) {
    const question = await asked(cell);
    const { client, method, params, requestState, keys } = question;
    const before = cell.received().length;
    const attempt = { client, method, params: { ...params, requestState, inputResponses: answersTo(keys) } };
    const changed = { ...attempt, ...(await change(attempt, cell)) };
    const { error, result } = await changed.client.ask(changed.method, changed.params);
    const sent = cell
      .received()
      .slice(before)
      .filter(({ message }) => message.method === undefined || message.params?.requestState !== undefined).length;
    // The same with nothing changed still works: it was refused for what was changed.
    const afterwards = await client.ask(method, attempt.params);
    return {
      client: { code: error?.code, done: textOf(result), afterwards: textOf(afterwards.result) ?? JSON.stringify(afterwards.error) },
      upstream: sent,
    };
  },
});

/** What both ends see of a call that its client cancels in place of an answer. */
async function cancelledWhileAsked(cell, mark) {
  const client = await cell.client();
  let question;
  const answer = given => {
    question = given;
  };
  const traffic = await cell.begin([{ ask: { questions: { name: form('Who are you?') }, state: 'x' } }], { client, mark, answer });
  await traffic.until(message => message.method === 'elicitation/create');
  await client.notify('notifications/cancelled', { requestId: traffic.id, reason: 'changed my mind' });
  const cancelled = cell.era === 'legacy' ? await cell.noted('cancelled', mark, 1_000) : undefined;
  // Too late, and so for nobody.
  await client.reply(question, () => ada);
  await sleep(300);
  return {
    client: { answered: traffic.messages.some(message => message.id === traffic.id && message.method === undefined) },
    upstream: { cancelled: cancelled?.by, calls: cell.calls(mark).length, accepted: cell.answers(mark).name?.action === 'accept' },
  };
}

const flipped = state => {
  const middle = state.length >> 1;
  return `${state.slice(0, middle)}${state[middle] === 'A' ? 'B' : 'A'}${state.slice(middle + 1)}`;
};

export default [
  {
    name: 'three questions at once',
    refs: '2.2.3, 2.3.2; MR-04',
    due: ({ modern }) =>
      whole({
        client: { asked: ['elicitation/create', 'roots/list', 'sampling/createMessage'], rounds: modern ? 2 : 1 },
        upstream: { name: ada, model: said, folders },
      }),
    async see(cell) {
      const { questions, rounds } = await cell.play([{ ask: { questions: threeKinds, state: 'all' } }], { answer: answerOf });
      return { client: { asked: questions.map(({ method }) => method).sort(), rounds: rounds.length }, upstream: cell.answers() };
    },
  },
  {
    name: 'several rounds',
    refs: '2.2.5, 2.3.5; CM-02 to CM-04, MR-12',
    parts: [threeRounds('with state', true), threeRounds('without state', false)],
  },
  {
    name: 'ten questions, one after the other',
    refs: '2.3.5',
    // A loop of our own has a bound; what a client of the same era would answer has none.
    due: ({ era, modern }) =>
      era === 'modern' && !modern
        ? whole({ client: oneOf('10, done', 'fewer, -32603'), upstream: that('at least 5', count => count >= 5) })
        : whole({ client: '10, done', upstream: 10 }),
    async see(cell) {
      const played = Array.from({ length: 10 }, (_, index) => ({
        ask: { questions: { [`n${index}`]: form(`Question ${index}?`) }, state: `state ${index}` },
      }));
      const { questions, result, error } = await cell.play([...played, { result: { content: [{ type: 'text', text: 'done' }] } }], {
        answer: () => ada,
      });
      return {
        client: `${questions.length === 10 ? 10 : 'fewer'}, ${textOf(result) ?? error?.code}`,
        upstream: Object.keys(cell.answers()).length,
      };
    },
  },
  {
    name: 'a round with nothing but a state',
    refs: '2.3.6; MR-03',
    due: ({ era, modern }) =>
      era === 'legacy'
        ? inexpressible('a legacy server waits by itself')
        : whole({ client: { asked: 0, rounds: modern ? 2 : 1, text: 'at last' }, upstream: { calls: 2, states: [ODD], responses: 0 } }),
    async see(cell) {
      const { questions, rounds, result } = await cell.play([
        { ask: { state: ODD } },
        { result: { content: [{ type: 'text', text: 'at last' }] } },
      ]);
      const calls = cell.calls().map(({ message }) => message.params);
      return {
        client: { asked: questions.length, rounds: rounds.length, text: textOf(result) },
        upstream: {
          calls: calls.length,
          states: calls.flatMap(({ requestState }) => requestState ?? []),
          responses: calls.filter(({ inputResponses }) => Object.keys(inputResponses ?? {}).length > 0).length,
        },
      };
    },
  },
  {
    name: 'answers that are missing or too many',
    refs: '2.2.5; MR-10, MR-11',
    parts: [
      {
        name: 'one of two',
        due: ({ modern }) =>
          modern
            ? whole({
                client: { first: 2, again: ['The other?'], text: JSON.stringify({ one: nth(1), other: nth(2) }) },
                upstream: { one: nth(1), other: nth(2) },
              })
            : inexpressible('a legacy client answers each question by itself'),
        async see(cell) {
          const { client, method, params, questions, requestState } = await asked(cell, {
            steps: [{ ask: { questions: { one: form('The one?'), other: form('The other?') }, state: 'two' } }],
          });
          const one = Object.keys(questions).find(key => questions[key].params.message === 'The one?');
          const second = await client.ask(method, { ...params, requestState, inputResponses: { [one]: nth(1) } }, { stop: true });
          const missing = second.result?.inputRequests ?? {};
          // A modern server that keeps no answers itself wants all of them in the end.
          const last = {
            ...(cell.era === 'modern' ? { [one]: nth(1) } : {}),
            ...Object.fromEntries(Object.keys(missing).map(key => [key, nth(2)])),
          };
          const { result } = await client.ask(method, { ...params, requestState: second.result?.requestState, inputResponses: last });
          return {
            client: {
              first: Object.keys(questions).length,
              again: Object.values(missing).map(each => each.params.message),
              text: textOf(result),
            },
            upstream: cell.answers(),
          };
        },
      },
      {
        name: 'a key of no question',
        due: ({ modern }) =>
          modern
            ? whole({ client: '{"name":{"action":"accept","content":{"name":"Ada"}}}', upstream: ada })
            : inexpressible('a legacy client answers each question by itself'),
        async see(cell) {
          const { client, method, params, requestState, keys } = await asked(cell);
          const { result, error } = await client.ask(method, {
            ...params,
            requestState,
            inputResponses: { ...answersTo(keys), ...(cell.era === 'legacy' ? { nobody: { action: 'accept' } } : {}) },
          });
          return { client: textOf(result) ?? error?.code, upstream: cell.answers().name };
        },
      },
      {
        name: 'no object',
        due: ({ modern }) =>
          modern ? whole({ client: [-32602, -32602], upstream: 1 }) : inexpressible('a legacy client answers each question by itself'),
        async see(cell) {
          const { client, method, params, requestState, keys } = await asked(cell);
          const codes = [];
          for (const inputResponses of [5, { [keys[0]]: 'yes' }])
            codes.push((await client.ask(method, { ...params, requestState, inputResponses })).error?.code);
          const upstream = cell.calls().length;
          await client.ask(method, { ...params, requestState, inputResponses: answersTo(keys) });
          return { client: codes, upstream };
        },
      },
    ],
  },
  {
    name: 'requestState is good for its own request only',
    refs: '2.2.4, 2.4; MR-06, MR-07, T26, T27, T56',
    parts: [
      refusedState('changed', ({ params }) => ({ params: { ...params, requestState: flipped(params.requestState) } })),
      refusedState('made up', ({ params }) => ({ params: { ...params, requestState: ODD } })),
      refusedState("another caller's", async (_, cell) => ({ client: await cell.client('full', 'other') })),
      refusedState('other arguments', ({ params }) => ({ params: { ...params, arguments: { ...params.arguments, more: 1 } } })),
      refusedState('another tool', ({ params }) => ({ params: { ...params, name: 'object_out' } })),
      {
        name: 'arguments in another order',
        due: ({ modern }) =>
          modern
            ? whole({ client: '{"name":{"action":"accept","content":{"name":"Ada"}}}' })
            : inexpressible('a legacy client never sees a requestState'),
        async see(cell) {
          const { client, method, params, requestState, keys } = await asked(cell);
          const { result, error } = await client.ask(method, {
            ...params,
            arguments: Object.fromEntries(Object.entries(params.arguments).reverse()),
            requestState,
            inputResponses: answersTo(keys),
          });
          return { client: textOf(result) ?? error?.code };
        },
      },
      {
        name: 'opaque',
        due: ({ modern }) =>
          modern ? whole({ client: { state: text, told: false } }) : inexpressible('a legacy client never sees a requestState'),
        async see(cell) {
          const { client, method, params, requestState, keys } = await asked(cell);
          await client.ask(method, { ...params, requestState, inputResponses: answersTo(keys) });
          return {
            client: {
              state: requestState,
              told: [requestState, Buffer.from(requestState, 'base64url').toString('latin1')].some(
                readable => readable.includes('s-1') || readable.includes(cell.mark),
              ),
            },
          };
        },
      },
    ],
  },
  {
    name: 'requestState a second time',
    refs: '2.2.5; MR-08, T26',
    // What is parked is there once; what a modern server made of its state is for that server to say.
    due: ({ modern, era }) =>
      !modern
        ? inexpressible('a legacy client never sees a requestState')
        : era === 'legacy'
          ? refused('error -32602', { client: { first: text, second: -32602 }, upstream: 1 })
          : whole({
              client: { first: text, second: oneOf('served', -32602) },
              upstream: that('once or twice', count => count === 1 || count === 2),
            }),
    async see(cell) {
      const { client, method, params, requestState, keys } = await asked(cell);
      const again = { ...params, requestState, inputResponses: answersTo(keys) };
      const first = await client.ask(method, again);
      const second = await client.ask(method, again);
      const answers = cell.received(
        ({ mark, message }) => mark === cell.mark && (message.method === undefined || message.params.inputResponses !== undefined),
      ).length;
      return { client: { first: textOf(first.result), second: second.error?.code ?? 'served' }, upstream: answers };
    },
  },
  {
    name: 'cancelled while a question is open',
    refs: '3.2, 3.5; MR-09',
    due({ modern, era }) {
      if (modern) return inexpressible('a modern client has nothing open then');
      return whole({
        client: { answered: false },
        upstream:
          era === 'legacy'
            ? { cancelled: 'notifications/cancelled', calls: 1, accepted: false }
            : { cancelled: absent, calls: 1, accepted: false },
      });
    },
    async see(cell) {
      // Each time, and not only when of two messages the right one happens to come first.
      const seen = [];
      for (const round of [1, 2, 3, 4]) seen.push(await cancelledWhileAsked(cell, `round${round}-${cell.mark}`));
      return seen.find(each => differences(seen[0], each).length > 0 && each.upstream.cancelled === undefined) ?? seen[0];
    },
  },
];
