// Questions that come to nothing (2.2.10, 2.3; 3.5).
import { sleep } from '../../process.mjs';
import { textOf } from '../cell.mjs';
import { ada, ask, beyond, form } from '../questions.mjs';
import { inexpressible, refused, that, whole } from '../verdict.mjs';

export default [
  {
    name: 'a question of unknown kind',
    refs: 'MR-04, CS-17, T45',
    parts: [beyond('com.example/ask', { method: 'com.example/ask', params: {} }, { profile: 'full', code: -32601 })],
  },
  {
    name: 'a question that fails the call',
    refs: '2.2.10; 2.1.1; VN-06, T24',
    parts: [
      {
        name: 'the server cannot go on without',
        due({ era, modern }) {
          if (era === 'modern') return inexpressible('a modern server is told with each request');
          return modern
            ? refused('error -32021', { client: { status: 400, code: -32021, required: ['elicitation'] }, upstream: -32601 })
            : whole({
                client: { status: 200, isError: true, text: that('what the server says', value => value?.startsWith('cannot go on: ')) },
                upstream: -32601,
              });
        },
        async see(cell) {
          const { status, result, error } = await cell.play(ask({ name: form('Who are you?') }, { strict: true }), { profile: 'none' });
          const upstream = cell.answers().name?.error?.code;
          return cell.modern
            ? { client: { status, code: error?.code, required: Object.keys(error?.data?.requiredCapabilities ?? {}) }, upstream }
            : { client: error ? { status, code: error.code } : { status, isError: result?.isError, text: textOf(result) }, upstream };
        },
      },
      {
        name: '-32021 of the server',
        due: ({ era, modern }) =>
          era === 'legacy'
            ? inexpressible('a legacy server has no such code')
            : modern
              ? whole({ client: { status: 400, code: -32021, required: { elicitation: { form: {} } } }, upstream: 1 })
              : refused('error -32602', { client: { status: 200, code: -32602, required: { elicitation: { form: {} } } }, upstream: 1 }),
        async see(cell) {
          const { status, error } = await cell.play(
            [{ error: { code: -32021, message: 'Missing capability', data: { requiredCapabilities: { elicitation: { form: {} } } } } }],
            { profile: 'none' },
          );
          return { client: { status, code: error?.code, required: error?.data?.requiredCapabilities }, upstream: cell.calls().length };
        },
      },
      {
        name: '-32021 after a notification',
        // The status is out by then (T24).
        due: ({ era, modern }) =>
          era === 'legacy'
            ? inexpressible('a legacy server has no such code')
            : whole({ client: { status: 200, code: modern ? -32021 : -32602, progress: 1 } }),
        async see(cell) {
          const { status, error, notifications } = await cell.play(
            [
              { progress: { progress: 1 } },
              { error: { code: -32021, message: 'Missing capability', data: { requiredCapabilities: { elicitation: { form: {} } } } } },
            ],
            { profile: 'none', token: 't' },
          );
          return { client: { status, code: error?.code, progress: notifications.length } };
        },
      },
    ],
  },
  {
    name: 'a question taken back',
    refs: '3.5',
    due({ era, modern }) {
      if (era === 'modern') return inexpressible('a modern server cannot take a question back');
      return whole({ client: modern ? { text: '{"name":"withdrawn"}' } : { told: true, text: '{"name":"withdrawn"}' }, upstream: {} });
    },
    async see(cell) {
      let id;
      const answer = async question => {
        id = question.id;
        await sleep(1_000);
        return ada;
      };
      const client = await cell.client();
      if (cell.modern) {
        const [method, params] = cell.script(ask({ name: form('Who are you?') }, { withdrawMs: 200 }));
        const {
          result: { inputRequests, requestState },
        } = await client.ask(method, params, { stop: true });
        await sleep(400);
        const { result, error } = await client.ask(method, {
          ...params,
          requestState,
          inputResponses: { [Object.keys(inputRequests)[0]]: ada },
        });
        return { client: { text: textOf(result) ?? error?.code }, upstream: cell.answers() };
      }
      const { notifications, result } = await cell.play(ask({ name: form('Who are you?') }, { withdrawMs: 200 }), { client, answer });
      return {
        client: {
          told: notifications.some(({ method, params }) => method === 'notifications/cancelled' && params.requestId === id),
          text: textOf(result),
        },
        upstream: cell.answers(),
      };
    },
  },
];
