// Ids, tokens and callers that look alike (2.1 row 32; 2.7.1, 2.7.2; JR-03, T39).
import { textOf } from '../cell.mjs';
import { that, whole } from '../verdict.mjs';

const ids = (name, id, text = JSON.stringify(id)) => ({
  name,
  due: () => whole({ client: { id: true, text: '{}' }, upstream: 1 }),
  async see(cell) {
    const traffic = await cell.begin([], { id });
    await traffic.ended;
    const last = traffic.messages.at(-1);
    return {
      client: { id: traffic.text.includes(`"id":${text}`), text: textOf(last?.result) ?? last?.error?.message },
      upstream: cell.calls().length,
    };
  },
});

export default [
  {
    name: "the client's request ids",
    refs: '2.1 row 32; JR-03, T39',
    parts: [
      ids('a number', 1),
      ids('the same as text', '1'),
      ids('a text', 'id ü'),
      ids('beyond 2^53', '§9007199254740993§', '9007199254740993'),
      {
        name: 'the same again',
        due: () => whole({ client: ['{}', '{}', '{}'], upstream: 3 }),
        async see(cell) {
          const client = await cell.client();
          const texts = [];
          for (let round = 0; round < 3; round++) {
            const [method, params] = cell.script([]);
            texts.push(textOf((await client.ask(method, params, { id: 'again' })).result));
          }
          return { client: texts, upstream: new Set(cell.calls().map(({ session, message }) => `${session} ${message.id}`)).size };
        },
      },
    ],
  },
  {
    name: 'two callers with equal ids and tokens',
    refs: '2.7.1, 2.7.2; PR-01, CN-03',
    due: ({ era }) =>
      whole({
        client: [
          { text: 'for own', progress: ['own', 'own'] },
          { text: 'for other', progress: ['other', 'other'] },
        ],
        upstream: { calls: 2, apart: true, sessions: era === 'legacy' ? 2 : that('one or two', count => count === 1 || count === 2) },
      }),
    async see(cell) {
      const seen = await Promise.all(
        ['own', 'other'].map(async who => {
          const client = await cell.client('full', who);
          const steps = [
            { progress: { progress: 1, message: who } },
            { pause: 150 },
            { progress: { progress: 2, message: who } },
            { result: { content: [{ type: 'text', text: `for ${who}` }] } },
          ];
          const [method, params] = cell.script(steps);
          const { result, notifications } = await client.ask(method, params, { id: 'equal', token: 'equal' });
          const right = notifications.filter(({ params: { progressToken } }) => progressToken === 'equal');
          return { text: textOf(result), progress: right.map(({ params: { message } }) => message) };
        }),
      );
      const calls = cell.calls();
      const names = calls.map(({ session, message }) => [
        `${session} ${message.id}`,
        `${session} ${JSON.stringify(message.params._meta.progressToken)}`,
      ]);
      return {
        client: seen,
        upstream: {
          calls: calls.length,
          apart: new Set(names.map(([id]) => id)).size === 2 && new Set(names.map(([, token]) => token)).size === 2,
          sessions: new Set(calls.map(({ session }) => session)).size,
        },
      };
    },
  },
  {
    name: 'several calls of one caller at once',
    refs: '2.1 row 32; 2.2.1',
    parts: [
      {
        name: 'answers',
        due: () => whole({ client: Array.from({ length: 8 }, (_, index) => [`call ${index}`, [`call ${index}`]]), upstream: 8 }),
        async see(cell) {
          const client = await cell.client();
          const seen = await Promise.all(
            Array.from({ length: 8 }, async (_, index) => {
              const [method, params] = cell.script([
                { pause: 8 * (8 - index) },
                { progress: { progress: 1, message: `call ${index}` } },
                { result: { content: [{ type: 'text', text: `call ${index}` }] } },
              ]);
              const { result, notifications } = await client.ask(method, params, { token: index });
              return [
                textOf(result),
                notifications.filter(({ params: { progressToken } }) => progressToken === index).map(({ params: { message } }) => message),
              ];
            }),
          );
          return { client: seen, upstream: cell.calls().length };
        },
      },
      {
        name: 'a question in one of them',
        due: () =>
          whole({
            client: { asked: 1, answered: '{"name":{"action":"accept","content":{"name":"Ada"}}}', other: 'for other' },
            upstream: { name: { action: 'accept', content: { name: 'Ada' } } },
          }),
        async see(cell) {
          const client = await cell.client();
          const other = cell.script([{ pause: 600 }, { result: { content: [{ type: 'text', text: 'for other' }] } }], {
            mark: `other-${cell.mark}`,
          });
          const asking = cell.script([
            {
              ask: {
                questions: {
                  name: {
                    method: 'elicitation/create',
                    params: { message: 'Who are you?', requestedSchema: { type: 'object', properties: {} } },
                  },
                },
                state: 's',
              },
            },
          ]);
          const answer = () => ({ action: 'accept', content: { name: 'Ada' } });
          const running = client.ask(...other, { answer });
          await cell.until(message => message.params?.arguments?.mark === `other-${cell.mark}`);
          const [asked, held] = [await client.ask(...asking, { answer }), await running];
          return {
            client: { asked: asked.questions.length + held.questions.length, answered: textOf(asked.result), other: textOf(held.result) },
            upstream: cell.answers(),
          };
        },
      },
    ],
  },
];
