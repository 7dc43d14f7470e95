// Who is there, in which version, and what they say they can do (2.1 rows 1 to 3, 9, 15, 16, 27, 33, 34).
import { VERSIONS } from '../client.mjs';
import { inexpressible, oneOf, that, whole } from '../verdict.mjs';

const META = 'io.modelcontextprotocol/';
const SERVED = ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26'];
const OFFERED = ['completions', 'logging', 'prompts', 'resources', 'tools'];

/** `elicitation: {}` and `{form: {}}` say the same (T41). */
const modes = declared =>
  declared?.elicitation && Object.keys(declared.elicitation).length === 0 ? { ...declared, elicitation: { form: {} } } : declared;

/** What the upstream learned of the client of a row: in the handshake, or with the call. */
function learned(cell) {
  const [call] = cell.calls();
  if (cell.era === 'modern')
    return { capabilities: call.message.params._meta[`${META}clientCapabilities`], info: call.message.params._meta[`${META}clientInfo`] };
  const handshake = cell.upstream.record
    .received()
    .find(({ session, message }) => session === call.session && message.method === 'initialize');
  return {
    capabilities: handshake.message.params.capabilities,
    info: handshake.message.params.clientInfo,
    version: handshake.message.params.protocolVersion,
  };
}

const SEEN_OF = {
  none: () => ({}),
  form: () => ({ elicitation: { form: {} } }),
  url: version => ({ elicitation: version === '06' ? { form: {} } : { url: {} } }),
  full: version => ({
    roots: {},
    sampling: version === '06' ? {} : { tools: {}, context: {} },
    elicitation: version === '06' ? { form: {} } : { form: {}, url: {} },
  }),
};

const profilePart = profile => ({
  name: `profile ${profile}`,
  due: ({ version }) => whole({ client: { status: 200 }, upstream: SEEN_OF[profile](version) }),
  async see(cell) {
    const mark = `${cell.mark}`;
    const { status } = await cell.play([{ result: { content: [] } }], { profile, mark });
    return { client: { status }, upstream: modes(learned(cell).capabilities) };
  },
});

export default [
  {
    name: 'handshake and discovery',
    refs: '2.1 row 1; VN-01, VN-09, VN-10, CS-10, CS-14',
    parts: [
      {
        name: 'offer',
        due: ({ modern, version, era }) =>
          whole({
            client: {
              versions: modern ? SERVED : VERSIONS[version],
              offered: OFFERED,
              subscribe: true,
              instructions: 'Read the label.',
              server: 'matrix 1.2.3',
            },
            upstream:
              era === 'legacy'
                ? { asked: 'initialize', version: '2025-11-25', then: 'notifications/initialized' }
                : { asked: 'server/discover', version: '2026-07-28' },
          }),
        async see(cell) {
          const client = await cell.newClient('none');
          const offer = cell.modern ? (await client.ask('server/discover')).result : client.opened.result;
          const info = cell.modern ? offer._meta?.[`${META}serverInfo`] : offer.serverInfo;
          await cell.play([], { client });
          const { session } = cell.calls()[0];
          const all = cell.upstream.record
            .received()
            .filter(entry => entry.session === session && (cell.era === 'modern' || entry.message.method !== 'server/discover'));
          const first = all.find(({ message }) => message.method !== 'server/discover' || cell.era === 'modern');
          return {
            client: {
              versions: cell.modern ? offer.supportedVersions : offer.protocolVersion,
              offered: OFFERED.filter(name => name in offer.capabilities),
              subscribe: offer.capabilities.resources?.subscribe,
              instructions: offer.instructions,
              server: `${info?.name} ${info?.version}`,
            },
            upstream:
              cell.era === 'legacy'
                ? {
                    asked: first.message.method,
                    version: first.message.params.protocolVersion,
                    then: all[all.indexOf(first) + 1]?.message.method,
                  }
                : { asked: first.message.method, version: first.message.params._meta[`${META}protocolVersion`] },
          };
        },
      },
      {
        name: 'unknown version',
        due: ({ modern }) =>
          whole({
            client: modern
              ? { status: 400, code: -32022, requested: '1900-01-01', supported: SERVED }
              : { future: '2025-11-25', modern: '2025-11-25' },
            upstream: 0,
          }),
        async see(cell) {
          if (!cell.modern) {
            const versions = await Promise.all(
              ['2030-01-01', '2026-07-28'].map(
                async version => (await cell.newClient('none', 'own', version)).opened.result.protocolVersion,
              ),
            );
            return { client: { future: versions[0], modern: versions[1] }, upstream: cell.calls().length };
          }
          const client = await cell.client();
          const [method, params] = cell.script([]);
          const { status, error } = await client.ask(method, params, {
            meta: { [`${META}protocolVersion`]: '1900-01-01' },
            headers: { 'MCP-Protocol-Version': '1900-01-01' },
          });
          return {
            client: { status, code: error.code, requested: error.data.requested, supported: error.data.supported },
            upstream: cell.calls().length,
          };
        },
      },
    ],
  },
  {
    name: "the client's capabilities, mirrored",
    refs: '2.1 row 2; CM-06, VN-11, T41',
    parts: [
      profilePart('full'),
      profilePart('form'),
      profilePart('url'),
      profilePart('none'),
      {
        name: 'per request',
        due: ({ modern, era }) =>
          modern
            ? whole({ client: [200, 200], upstream: era === 'modern' ? ['elicitation', ''] : ['elicitation', ''] })
            : inexpressible('a legacy client declares its capabilities once'),
        async see(cell) {
          const client = await cell.client('none');
          const statuses = [];
          const seen = [];
          for (const [index, capabilities] of [{ elicitation: {} }, {}].entries()) {
            const mark = `r-${index}-${cell.mark}`;
            const [method, params] = cell.script([], { mark });
            statuses.push((await client.ask(method, params, { capabilities })).status);
            const [call] = cell.calls(mark);
            const declared =
              cell.era === 'modern'
                ? call.message.params._meta[`${META}clientCapabilities`]
                : cell.upstream.record
                    .received()
                    .find(({ session, message }) => session === call.session && message.method === 'initialize').message.params
                    .capabilities;
            seen.push(Object.keys(declared).join());
          }
          return { client: statuses, upstream: seen };
        },
      },
    ],
  },
  {
    name: 'extensions that are not relayed',
    refs: '2.1 row 27; T46',
    due: () => whole({ client: { status: 200 }, upstream: { extensions: [] } }),
    async see(cell) {
      const { status } = await cell.play([], { profile: 'extended' });
      const extensions = Object.keys(learned(cell).capabilities.extensions ?? {});
      return { client: { status }, upstream: { extensions: extensions.filter(name => name !== `${META}tasks`) } };
    },
  },
  {
    name: 'clientInfo',
    refs: '2.1 row 16',
    // One session of the upstream for each caller: it may hear of the client or of the gateway, and of nothing else.
    due: ({ era }) =>
      whole({ client: 200, upstream: era === 'modern' ? 'matrix-client 3.2.1' : oneOf('matrix-client 3.2.1', 'sallyport') }),
    async see(cell) {
      const { status } = await cell.play([]);
      const { info } = learned(cell);
      return { client: status, upstream: info.name === 'sallyport' ? info.name : `${info.name} ${info.version}` };
    },
  },
  {
    name: 'serverInfo, resultType',
    refs: '2.1 rows 13, 15; JR-08, JR-22, CH-16, T44',
    parts: [
      {
        name: 'complete',
        due: ({ modern }) => whole({ client: modern ? { type: 'complete', server: 'matrix' } : {}, upstream: 1 }),
        async see(cell) {
          const { result } = await cell.play([]);
          return {
            client: JSON.parse(JSON.stringify({ type: result.resultType, server: result._meta?.[`${META}serverInfo`]?.name })),
            upstream: cell.calls().length,
          };
        },
      },
      {
        name: 'unknown resultType',
        due: ({ era }) =>
          era === 'modern' ? whole({ client: { code: -32603, leaked: false }, upstream: 1 }) : inexpressible('a legacy result has no type'),
        async see(cell) {
          const { error, texts } = await cell.play([{ result: { resultType: 'com.example/odd', content: [] } }]);
          return { client: { code: error?.code, leaked: texts.includes('com.example/odd') }, upstream: cell.calls().length };
        },
      },
    ],
  },
  {
    name: 'sessions stay on their side',
    refs: '2.1 row 3; CL-10, SH-20, LH-03',
    due: ({ modern, era, transport }) =>
      whole({ client: modern ? 'none' : 'its own', upstream: era === 'modern' || transport === 'stdio' ? 'none' : 'its own' }),
    async see(cell) {
      const client = await cell.client();
      const [method, params] = cell.script([]);
      // A modern client that sends a session id is served without one.
      const { status } = await client.ask(method, params, cell.modern ? { headers: { 'Mcp-Session-Id': 'left-over' } } : {});
      if (status !== 200) return { client: `status ${status}`, upstream: 'none' };
      const [{ headers }] = cell.calls();
      const upstream = headers?.['mcp-session-id'];
      return {
        client: client.session === undefined ? 'none' : client.session === upstream ? "the upstream's" : 'its own',
        upstream: upstream === undefined ? 'none' : upstream === client.session ? "the client's" : 'its own',
      };
    },
  },
  {
    name: 'a session that ends with calls in progress',
    refs: '3.5; LH-05, LH-06',
    due: ({ modern, era, transport }) =>
      modern
        ? inexpressible('a modern client has no session')
        : whole({
            client: { ended: 204, afterwards: 404 },
            upstream: { cancelled: era === 'modern' && transport === 'http' ? 'the stream was closed' : 'notifications/cancelled' },
          }),
    async see(cell) {
      const client = await cell.newClient();
      const pending = cell.begin([{ hold: cell.mark }], { client });
      pending.catch(() => undefined);
      await cell.noted('holds');
      const ended = await client.end();
      const note = await cell.noted('cancelled');
      if (note === undefined) cell.release(cell.mark);
      const { status } = await client.ask('tools/list');
      return { client: { ended, afterwards: status }, upstream: { cancelled: note?.by } };
    },
  },
  {
    name: 'ping',
    refs: '2.1 row 9; LH-19, VN-17, CS-17',
    parts: [
      {
        name: 'from the client',
        due: ({ modern }) => whole({ client: modern ? { status: 404, code: -32601 } : { status: 200, result: {} }, upstream: 0 }),
        async see(cell) {
          const { status, result, error } = await (await cell.client()).ask('ping');
          return { client: cell.modern ? { status, code: error?.code } : { status, result }, upstream: cell.requests('ping').length };
        },
      },
      {
        name: 'from the server',
        due: ({ era }) =>
          era === 'legacy'
            ? whole({ client: { asked: 0, text: '{"pong":{}}' }, upstream: { pong: {} } })
            : inexpressible('a modern server sends no requests'),
        async see(cell) {
          const { questions, result } = await cell.play([{ ping: true }]);
          return { client: { asked: questions.length, text: result.content[0].text }, upstream: cell.answers() };
        },
      },
    ],
  },
  {
    name: "the client's notifications",
    refs: '2.1 rows 26, 34; SH-07, LH-07',
    due: () => whole({ client: [202, 202, 202, 202], upstream: [] }),
    async see(cell) {
      const client = await cell.client();
      const statuses = [];
      for (const [method, params] of [
        ['notifications/roots/list_changed'],
        ['notifications/progress', { progressToken: 'none', progress: 1 }],
        ['notifications/cancelled', { requestId: 'no such request' }],
        ['notifications/com.example/own'],
      ])
        statuses.push((await client.notify(method, params)).status);
      await cell.quiet();
      return { client: statuses, upstream: cell.received(({ message }) => message.id === undefined).map(({ message }) => message.method) };
    },
  },
  {
    name: "the client's headers and key stay outside",
    refs: '2.1 row 33; GW-08',
    due: ({ transport }) => (transport === 'http' ? whole({ client: 200, upstream: [] }) : inexpressible('a pipe has no headers')),
    async see(cell) {
      const client = await cell.client();
      const [method, params] = cell.script([]);
      const { status } = await client.ask(method, params, {
        headers: { Cookie: 'a=1', 'X-Example': 'from the client', Forwarded: 'for=192.0.2.1' },
      });
      const [{ headers }] = cell.calls();
      return {
        client: status,
        upstream: ['authorization', 'cookie', 'x-example', 'forwarded', 'x-forwarded-for'].filter(name => name in headers),
      };
    },
  },
  {
    name: "the upstream's 401 is not the client's",
    refs: '2.1 row 30; 3.3',
    due: ({ transport }) =>
      transport === 'http'
        ? whole({
            client: { status: 200, failed: true, challenge: null },
            upstream: that('at most 2 calls', count => count >= 1 && count <= 2),
          })
        : inexpressible('a pipe has no statuses'),
    async see(cell) {
      const traffic = await cell.begin([{ status: 401 }], { profile: 'none' });
      await traffic.ended;
      const last = traffic.messages.at(-1);
      return {
        client: {
          status: traffic.status,
          failed: last?.error?.code === -32603 || last?.result?.isError === true,
          challenge: traffic.headers.get('www-authenticate'),
        },
        upstream: cell.calls().length,
      };
    },
  },
];
