// The TypeScript SDKs as callers of the endpoint, under one set of names: v1 with the handshake of 2025-11-25, v2 held to 2026-07-28.
import { Client as V2, StreamableHTTPClientTransport as V2Transport } from '@modelcontextprotocol/client';
import { Client as V1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';

const INFO = { name: 'interop-federation', version: '1.0.0' };
const PATIENCE_MS = 70_000;
const carrying = key => ({ requestInit: { headers: { Authorization: `Bearer ${key}` } } });

/** All pages of a list; a cursor that comes twice would be walked for ever. */
async function walked(page, member) {
  const entries = [];
  for (let cursor, pages = 0; ;) {
    const result = await page(cursor);
    entries.push(...result[member]);
    if (result.nextCursor === undefined) return entries;
    if (result.nextCursor === cursor || ++pages > 1_000) throw new Error('the pages do not end');
    cursor = result.nextCursor;
  }
}

async function legacy({ ready, keys }) {
  const client = new V1(INFO, { capabilities: { elicitation: {} } });
  const transport = new V1Transport(new URL(ready.url), carrying(keys.legacy));
  const session = { era: 'legacy', title: 'TypeScript v1', client, toolChanges: 0, updates: [], questions: [], answer: undefined };
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    session.questions.push(params.message);
    return { action: 'accept', content: session.answer };
  });
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => { session.toolChanges++; });
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => { session.updates.push(params.uri); });
  await client.connect(transport);
  return Object.assign(session, {
    tools: () => walked(cursor => client.listTools({ cursor }), 'tools'),
    resources: () => walked(cursor => client.listResources({ cursor }), 'resources'),
    templates: () => walked(cursor => client.listResourceTemplates({ cursor }), 'resourceTemplates'),
    prompts: () => walked(cursor => client.listPrompts({ cursor }), 'prompts'),
    call: (name, args, options) => client.callTool({ name, arguments: args }, undefined, { timeout: PATIENCE_MS, ...options }),
    subscribe: uri => client.subscribeResource({ uri }),
    watchTools: async () => undefined, // its stream is there from the handshake on
    close: async () => {
      await transport.terminateSession();
      await client.close();
    },
  });
}

async function modern({ ready, keys }) {
  const client = new V2(INFO, { capabilities: { elicitation: {} }, versionNegotiation: { mode: { pin: '2026-07-28' } } });
  const session = { era: 'modern', title: 'TypeScript v2', client, toolChanges: 0, updates: [], questions: [], answer: undefined };
  const subscriptions = [];
  client.setRequestHandler('elicitation/create', ({ params }) => {
    session.questions.push(params.message);
    return { action: 'accept', content: session.answer };
  });
  client.setNotificationHandler('notifications/tools/list_changed', () => { session.toolChanges++; });
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => { session.updates.push(params.uri); });
  await client.connect(new V2Transport(new URL(ready.url), carrying(keys.modern)));
  const fresh = { cacheMode: 'refresh' };
  return Object.assign(session, {
    tools: async () => (await client.listTools(undefined, fresh)).tools,
    resources: async () => (await client.listResources(undefined, fresh)).resources,
    templates: async () => (await client.listResourceTemplates(undefined, fresh)).resourceTemplates,
    prompts: async () => (await client.listPrompts(undefined, fresh)).prompts,
    call: (name, args, options) => client.callTool({ name, arguments: args }, { timeout: PATIENCE_MS, ...options }),
    subscribe: async uri => { subscriptions.push(await client.listen({ resourceSubscriptions: [uri] })); },
    watchTools: async () => { subscriptions.push(await client.listen({ toolsListChanged: true })); },
    close: async () => {
      for (const subscription of subscriptions) await subscription.close();
      await client.close();
    },
  });
}

const KINDS = { legacy, modern };

/** A client of an era on the endpoint. */
export const connect = (era, endpoint) => KINDS[era](endpoint);
