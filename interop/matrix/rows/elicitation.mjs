// Elicitation: forms and pages (2.1 rows 4, 23, 24; 2.2, 2.3).
import { textOf } from '../cell.mjs';
import { ada, ask, asked, beyond, form, page } from '../questions.mjs';
import { absent, inexpressible, oneOf, refused, text, whole } from '../verdict.mjs';

/** A property of a form before 2025-11-25: enums with names, no defaults but for booleans. */
const ENUMS = {
  modern: {
    type: 'object',
    properties: {
      plain: { type: 'string', enum: ['a', 'b'], default: 'a' },
      titled: {
        type: 'string',
        oneOf: [
          { const: 'a', title: 'Letter A' },
          { const: 'b', title: 'Letter B' },
        ],
      },
      count: { type: 'integer', minimum: 1, default: 3 },
      sure: { type: 'boolean', default: true },
      mail: { type: 'string', format: 'email', default: 'a@example.com' },
    },
  },
  '06': {
    type: 'object',
    properties: {
      plain: { type: 'string', enum: ['a', 'b'] },
      titled: { type: 'string', enum: ['a', 'b'], enumNames: ['Letter A', 'Letter B'] },
      count: { type: 'integer', minimum: 1 },
      sure: { type: 'boolean', default: true },
      mail: { type: 'string', format: 'email' },
    },
  },
};
const MULTI = { type: 'object', properties: { several: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } } } };

const answeredWith = (name, answer, by) => ({
  name,
  due: () => whole({ client: { asked: [form('Who are you?')], text: JSON.stringify({ name: answer }) }, upstream: { name: answer } }),
  async see(cell) {
    const { questions, result } = await cell.play(ask({ name: form('Who are you?') }), { by, answer: () => answer });
    return { client: { asked: asked(questions), text: textOf(result) }, upstream: cell.answers() };
  },
});

export default [
  {
    name: 'elicitation: form',
    refs: '2.1 rows 4, 23; MR-01, CM-01, T42',
    parts: [
      answeredWith('accept', ada),
      answeredWith('decline', { action: 'decline' }),
      answeredWith('cancel', { action: 'cancel' }),
      answeredWith('in prompts/get', ada, 'prompt'),
      answeredWith('in resources/read', ada, 'resource'),
      {
        name: 'an error instead of an answer',
        due: ({ modern, era }) =>
          modern
            ? inexpressible('a modern client that does not answer does not come again')
            : whole({
                client: { status: 200 },
                upstream: {
                  name:
                    era === 'modern'
                      ? oneOf({ action: 'cancel' }, { action: 'decline' })
                      : oneOf({ action: 'cancel' }, { action: 'decline' }, { error: -32603 }),
                },
              }),
        async see(cell) {
          const { status } = await cell.play(ask({ name: form('Who are you?') }), {
            answer: () => ({ error: { code: -32603, message: 'the window was closed' } }),
          });
          const { name } = cell.answers();
          return { client: { status }, upstream: { name: name?.error ? { error: name.error.code } : name } };
        },
      },
      {
        name: 'members of the legacy answer',
        due: ({ modern, era }) =>
          modern
            ? inexpressible('its answers are modern already')
            : whole({ client: 200, upstream: era === 'modern' ? ada : { ...ada, _meta: { 'com.example/by': 'hand' } } }),
        async see(cell) {
          const { status } = await cell.play(ask({ name: form('Who are you?') }), {
            answer: () => ({ ...ada, _meta: { 'com.example/by': 'hand' } }),
          });
          return { client: status, upstream: cell.answers().name };
        },
      },
      {
        name: 'unknown members, exact numbers',
        due: () => whole({ client: { a: [null] }, upstream: 'as written' }),
        async see(cell) {
          const question = form('How many?');
          question.params['com.example/unknown'] = { a: [null] };
          const { questions } = await cell.play(ask({ many: question }), {
            answer: () => ({ action: 'accept', content: { small: '§1.50§', big: '§12345678901234567890§' } }),
          });
          const written = cell.received(({ text: line }) => line.includes('"small":1.50,"big":12345678901234567890')).length;
          return { client: questions[0]?.params['com.example/unknown'], upstream: written > 0 ? 'as written' : 'changed' };
        },
      },
      beyond('not declared', form('Who are you?'), { profile: 'none', code: -32601 }),
      beyond('url mode alone declared', form('Who are you?'), { profile: 'url', code: -32602, only: ({ version }) => version !== '06' }),
      beyond(
        'an unknown mode',
        { method: 'elicitation/create', params: { mode: 'com.example/odd', message: 'm' } },
        { profile: 'full', code: -32602 },
      ),
    ],
  },
  {
    name: 'elicitation: titled enums, defaults',
    refs: '2.1 row 23; VN-11',
    due: ({ version }) =>
      whole({
        client: { schema: ENUMS[version === '06' ? '06' : 'modern'] },
        upstream: { choose: { action: 'accept', content: { titled: 'b' } } },
      }),
    async see(cell) {
      const { questions } = await cell.play(ask({ choose: form('Choose', ENUMS.modern) }), {
        answer: () => ({ action: 'accept', content: { titled: 'b' } }),
      });
      return { client: { schema: questions[0]?.params.requestedSchema }, upstream: cell.answers() };
    },
  },
  {
    name: 'elicitation: enumNames of 2025-06-18',
    refs: '2.1 row 23',
    due: () =>
      whole({
        client: { titled: { type: 'string', enum: ['a', 'b'], enumNames: ['Letter A', 'Letter B'] } },
        upstream: { action: 'accept', content: { titled: 'b' } },
      }),
    async see(cell) {
      const { questions } = await cell.play(ask({ choose: form('Choose', ENUMS['06']) }), {
        answer: () => ({ action: 'accept', content: { titled: 'b' } }),
      });
      const { titled, plain } = questions[0].params.requestedSchema.properties;
      // To clients that have them, titled choices may be handed on in the newer form too.
      const choices = titled.oneOf
        ? { type: 'string', enum: titled.oneOf.map(each => each.const), enumNames: titled.oneOf.map(each => each.title) }
        : titled;
      return { client: { titled: plain === undefined ? undefined : choices }, upstream: cell.answers().choose };
    },
  },
  {
    name: 'elicitation: several choices at once',
    refs: '2.1 row 23; T22',
    due: ({ version, era }) =>
      version === '06'
        ? refused('error: no several choices', {
            client: { asked: 0, failed: true, clear: true },
            // Nobody declined: a legacy server is told that there is no answer, a modern one nothing.
            upstream: era === 'legacy' ? { action: 'cancel' } : {},
          })
        : whole({ client: { asked: 1, failed: false, clear: absent }, upstream: { action: 'accept', content: { several: ['a', 'b'] } } }),
    async see(cell) {
      const { questions, result, error } = await cell.play(ask({ choose: form('Choose', MULTI) }), {
        answer: () => ({ action: 'accept', content: { several: ['a', 'b'] } }),
      });
      const reason = error?.message ?? (result?.isError ? textOf(result) : undefined);
      await cell.settled();
      return {
        client: { asked: questions.length, failed: reason !== undefined, clear: reason && /2025-06-18|newer/.test(reason) },
        upstream: cell.answers().choose ?? {},
      };
    },
  },
  {
    name: 'elicitation: a page to open',
    refs: '2.1 row 24; CM-08 to CM-10, MR-05',
    parts: [
      {
        name: 'asked',
        due({ version }) {
          if (version === '06') return inexpressible('2025-06-18 has no url mode');
          return whole({
            client: { mode: 'url', url: 'https://example.com/sign-in?x=1', message: 'Sign in there', id: version === '11' ? text : absent },
            upstream: { page: { action: 'accept' } },
          });
        },
        async see(cell) {
          const { questions } = await cell.play(ask({ page: page(cell) }), { answer: () => ({ action: 'accept' }) });
          const { mode, url, message, elicitationId: id } = questions[0]?.params ?? {};
          return { client: { mode, url, message, id }, upstream: cell.answers() };
        },
      },
      beyond('not declared', page, {
        profile: 'form',
        code: -32602,
        missing: ({ version }) => (version === '06' ? 'no url mode' : undefined),
      }),
      {
        name: 'told that it is done',
        due: ({ era, version }) =>
          era === 'modern'
            ? inexpressible('a modern server does not tell that a page is done')
            : version === '06'
              ? inexpressible('2025-06-18 has no url mode')
              : whole({ client: version === '11' ? ['the id it was asked with'] : [] }),
        async see(cell) {
          const { questions, notifications } = await cell.play([...ask({ page: page(cell) }), { completed: 'e-1' }], {
            answer: () => ({ action: 'accept' }),
          });
          const complete = notifications.filter(({ method }) => method === 'notifications/elicitation/complete');
          return {
            client: complete.map(({ params }) =>
              params.elicitationId === questions[0].params.elicitationId ? 'the id it was asked with' : `another id than it was asked with`,
            ),
          };
        },
      },
    ],
  },
  {
    name: 'elicitation: -32042 of 2025-11-25',
    refs: '2.1 row 24; 2.1.1; JR-11, LH-25',
    parts: [
      {
        name: 'asked to open a page',
        due({ era, version }) {
          if (era === 'modern') return inexpressible('a modern server asks instead');
          if (version === '26')
            return whole({ client: { asked: ['https://example.com/sign-in?x=1'], id: absent, text: '{}' }, upstream: 2 });
          return version === '11'
            ? whole({ client: { code: -32042, url: 'https://example.com/sign-in?x=1', id: 'e-1' }, upstream: 1 })
            : refused('error: isError', { client: { isError: true, text }, upstream: 1 });
        },
        async see(cell) {
          const { mode, ...rest } = page(cell).params;
          const { questions, result, error } = await cell.play(
            [{ first: { code: -32042, message: 'Sign in first', data: { elicitations: [{ mode, ...rest }] } } }],
            { answer: () => ({ action: 'accept' }) },
          );
          const upstream = cell.calls().length;
          if (cell.version === '26')
            return {
              client: { asked: questions.map(({ params }) => params.url), id: questions[0]?.params.elicitationId, text: textOf(result) },
              upstream,
            };
          if (cell.version === '06') return { client: { isError: result?.isError, text: textOf(result) }, upstream };
          const [listed] = error?.data?.elicitations ?? [];
          return { client: { code: error?.code ?? `asked ${questions.length}`, url: listed?.url, id: listed?.elicitationId }, upstream };
        },
      },
      {
        name: 'in prompts/get',
        due: ({ era, version }) =>
          era === 'modern'
            ? inexpressible('a modern server asks instead')
            : version === '06'
              ? whole({ client: -32603, upstream: 1 })
              : inexpressible('as in tools/call'),
        async see(cell) {
          const { error } = await cell.play(
            [{ error: { code: -32042, message: 'Sign in first', data: { elicitations: [page(cell).params] } } }],
            { by: 'prompt' },
          );
          return { client: error?.code, upstream: cell.calls().length };
        },
      },
      {
        name: 'not declared',
        due: ({ era, version }) =>
          era === 'modern'
            ? inexpressible('a modern server asks instead')
            : version === '26'
              ? whole({ client: { status: 400, code: -32021, required: { elicitation: { url: {} } } }, upstream: 1 })
              : version === '11'
                ? whole({ client: { status: 200, code: -32042, required: absent }, upstream: 1 })
                : inexpressible('2025-06-18 has no url mode'),
        async see(cell) {
          const { status, error } = await cell.play(
            [{ first: { code: -32042, message: 'Sign in first', data: { elicitations: [page(cell).params] } } }],
            { profile: 'none' },
          );
          return { client: { status, code: error?.code, required: error?.data?.requiredCapabilities }, upstream: cell.calls().length };
        },
      },
    ],
  },
];
