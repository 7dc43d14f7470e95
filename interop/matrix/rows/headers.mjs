// Arguments that are repeated in headers (2.1 rows 29, 33; HD-10 to HD-16, CH-06 to CH-11).
import { sleep } from '../../process.mjs';
import { headerValue } from '../client.mjs';
import { headerText } from '../record.mjs';
import { absent, inexpressible, oneOf, refused, that, whole } from '../verdict.mjs';

const ARGS = { region: 'Zürich', count: 42, dry: true, place: { city: ' x' } };
const MIRRORED = { region: 'Zürich', count: '42', 'dry-run': 'true', city: ' x' };
const asHeaders = mirrored =>
  Object.fromEntries(Object.entries(mirrored).map(([name, value]) => [`Mcp-Param-${name}`, headerValue(value)]));
const overModernHttp = ({ era, transport }) => era === 'modern' && transport === 'http';

/** The Mcp-Param headers of a request, in clear. */
const paramsIn = headers =>
  Object.fromEntries(
    Object.entries(headers ?? {})
      .filter(([name]) => name.startsWith('mcp-param-'))
      .map(([name, value]) => [name.slice(10), headerText(value)]),
  );

async function listed(client) {
  const first = (await client.ask('tools/list')).result;
  return [...first.tools, ...(await client.ask('tools/list', { cursor: first.nextCursor })).result.tools];
}

async function call(cell, tool, args, headers) {
  const client = await cell.client();
  const [method, params] = cell.script([], { tool, args });
  return client.ask(method, params, cell.modern ? { headers } : {});
}

/** A modern call of `headed` whose headers do not say what its arguments say. */
const wrong = (name, args, mirrored) => ({
  name,
  due: ({ modern }) =>
    modern ? whole({ client: { status: 400, code: -32020 }, upstream: 0 }) : inexpressible('a legacy client sends no such headers'),
  async see(cell) {
    await listed(await cell.client());
    const { status, error } = await call(cell, 'headed', args, asHeaders(mirrored));
    return { client: { status, code: error?.code }, upstream: cell.calls().length };
  },
});

const right = (name, args, mirrored, upstream) => ({
  name,
  due: cell => whole({ client: 200, upstream: overModernHttp(cell) ? upstream : {} }),
  async see(cell) {
    await listed(await cell.client());
    const { status } = await call(cell, 'headed', args, asHeaders(mirrored));
    return { client: status, upstream: paramsIn(cell.calls()[0]?.headers) };
  },
});

export default [
  {
    name: 'x-mcp-header',
    refs: '2.1 rows 29, 33; HD-10 to HD-15, CH-07, CH-08, CO-06',
    parts: [
      right('every type', ARGS, MIRRORED, MIRRORED),
      right('null and absent', { region: null, count: 7 }, { count: '7' }, { count: '7' }),
      right('empty text', { region: '' }, { region: '' }, { region: '' }),
      right('an unknown header', { count: 7 }, { count: '7', other: 'x' }, { count: '7' }),
      right('integers by value', { count: 42 }, { count: '42.0' }, { count: oneOf('42', '42.0') }),
      wrong('missing', { region: 'a' }, {}),
      wrong('different', { region: 'a' }, { region: 'b' }),
      wrong('different in case', { dry: true }, { 'dry-run': 'True' }),
      {
        name: 'listed',
        due: () => whole({ client: { region: 'Region', city: 'City' } }),
        async see(cell) {
          const { properties } = (await listed(await cell.client())).find(({ name }) => name === 'headed').inputSchema;
          return { client: { region: properties.region['x-mcp-header'], city: properties.place.properties.city['x-mcp-header'] } };
        },
      },
    ],
  },
  {
    name: 'x-mcp-header that breaks a rule',
    refs: '2.1 row 29; CH-09, HD-16',
    parts: [
      {
        name: 'listed',
        due: cell =>
          whole({
            client: overModernHttp(cell)
              ? { tool: false, annotation: absent, others: true }
              : { tool: true, annotation: absent, others: true },
          }),
        async see(cell) {
          const tools = await listed(await cell.client());
          const tool = tools.find(({ name }) => name === 'badly_headed');
          return {
            client: {
              tool: tool !== undefined,
              annotation: tool?.inputSchema.properties.region['x-mcp-header'],
              others: tools.some(({ name }) => name === 'headed'),
            },
          };
        },
      },
      {
        name: 'called',
        due: cell => (overModernHttp(cell) ? inexpressible('the tool is hidden there') : whole({ client: 200, upstream: {} })),
        async see(cell) {
          const { status } = await call(cell, 'badly_headed', { region: 'a' }, {});
          return { client: status, upstream: paramsIn(cell.calls()[0]?.headers) };
        },
      },
    ],
  },
  {
    name: '-32020 of the upstream',
    refs: '2.1.1; CH-10, CH-11',
    parts: [
      {
        name: 'the list has changed',
        due: cell =>
          overModernHttp(cell)
            ? whole({
                client: { status: 200, text: '{}' },
                upstream: { calls: 2, lists: that('at least 1', count => count >= 1), key: 'k' },
              })
            : inexpressible('nothing is mirrored there'),
        async see(cell) {
          const client = await cell.client();
          // What Sallyport read less than two seconds ago it believes (docs/limits.md), and the cell before has changed the list.
          if (cell.modern) await sleep(2_100);
          const header = (await listed(client)).find(({ name }) => name === 'drifting').inputSchema.properties.key['x-mcp-header'];
          const [method, params] = cell.script([], { tool: 'drifting', args: { key: 'k' }, mark: `before-${cell.mark}` });
          const headers = cell.modern ? { [`Mcp-Param-${header}`]: 'k' } : {};
          // From now on the list that we know is the old one, as it is to the client.
          await client.ask(method, params, { headers });
          await cell.play([{ shift: true }], { client, mark: `shift-${cell.mark}` });
          const lists = cell.requests('tools/list').length;
          const { status, result, error } = await call(cell, 'drifting', { key: 'k' }, headers);
          const calls = cell.calls();
          return {
            client: { status, text: result?.content?.[0]?.text ?? error?.code },
            upstream: {
              calls: calls.length,
              lists: cell.requests('tools/list').length - lists,
              key: Object.values(paramsIn(calls.at(-1)?.headers))[0],
            },
          };
        },
      },
      {
        name: 'it stays so',
        due({ era, transport, modern }) {
          if (era === 'modern')
            return refused('error -32603', {
              client: { status: 200, code: -32603 },
              upstream: transport === 'http' ? 2 : that('1 or 2', count => count === 1 || count === 2),
            });
          return modern
            ? refused('error -32603', { client: { status: 200, code: -32603 }, upstream: 1 })
            : whole({ client: { status: 200, code: oneOf(-32020, -32603) }, upstream: 1 });
        },
        async see(cell) {
          const tool = overModernHttp(cell) ? 'never_right' : 'script';
          const { status, error } = await cell.play([{ error: { code: -32020, message: 'Header mismatch' } }], { tool });
          return { client: { status, code: error?.code }, upstream: cell.calls().length };
        },
      },
    ],
  },
];
