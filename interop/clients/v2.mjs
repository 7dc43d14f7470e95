// The TypeScript SDK v2, held to one era at a time: the handshake of 2025-11-25, or 2026-07-28 and nothing else.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { z } from 'zod';
import { asProgram, noiseOf, oneAtATime, runChecks } from './checks.mjs';

/** The SDK hands a 404 up unread; the JSON-RPC error is in its body. */
function asProtocolError(error) {
  const code = error.data?.status === 404 ? JSON.parse(error.data.text)?.error?.code : undefined;
  return code === undefined ? error : Object.assign(new Error(`HTTP 404 with ${code}`), { code });
}

async function connect({ url, key, era, command }) {
  const client = new Client({ name: `interop-v2-${era}`, version: '1.0.0' }, {
    capabilities: { elicitation: {} },
    versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' },
  });
  const transport = command ? new StdioClientTransport(asProgram(command)) : new StreamableHTTPClientTransport(new URL(url),
    key === undefined ? {} : { requestInit: { headers: { Authorization: `Bearer ${key}` } } });
  const noise = noiseOf(client);
  const session = {
    toolChanges: 0,
    listTools: async () => (await client.listTools(undefined, { cacheMode: 'refresh' })).tools,
    listResources: async () => (await client.listResources(undefined, { cacheMode: 'refresh' })).resources,
    listTemplates: async () => (await client.listResourceTemplates(undefined, { cacheMode: 'refresh' })).resourceTemplates,
    listPrompts: async () => (await client.listPrompts(undefined, { cacheMode: 'refresh' })).prompts,
    call: (name, args, options) => client.callTool({ name, arguments: args }, options),
    read: async uri => (await client.readResource({ uri }, { cacheMode: 'bypass' })).contents,
    prompt: async (name, args) => (await client.getPrompt({ name, arguments: args })).messages,
    complete: async (name, argument, value) =>
      (await client.complete({ ref: { type: 'ref/prompt', name }, argument: { name: argument, value } })).completion.values,
    request: (method, params) => client.request({ method, params }, z.looseObject({})).catch(error => { throw asProtocolError(error); }),
    watchTools: async () => {
      if (era === 'modern') session.subscription = await client.listen({ toolsListChanged: true });
    },
    close: async () => {
      await session.subscription?.close();
      if (era === 'legacy') await transport.terminateSession?.();
      await client.close();
      noise();
    },
  };
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: session.answer }));
  client.setNotificationHandler('notifications/tools/list_changed', () => { session.toolChanges++; });
  await client.connect(transport);
  if (command) oneAtATime(transport);
  session.era = client.getProtocolEra();
  session.version = client.getNegotiatedProtocolVersion();
  return session;
}

await runChecks(connect);
