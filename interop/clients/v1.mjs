// The TypeScript SDK v1: speaks the handshake eras only, over whichever of their two transports the URL is of.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema, ResultSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { asProgram, noiseOf, oneAtATime, runChecks } from './checks.mjs';

function transportTo({ url, key, command }) {
  if (command) return new StdioClientTransport(asProgram(command));
  const Transport = url.endsWith('/sse') ? SSEClientTransport : StreamableHTTPClientTransport;
  return new Transport(new URL(url), key === undefined ? {} : { requestInit: { headers: { Authorization: `Bearer ${key}` } } });
}

async function connect(where) {
  const client = new Client({ name: 'interop-v1', version: '1.0.0' }, { capabilities: { elicitation: {} } });
  const transport = transportTo(where);
  const noise = noiseOf(client);
  const session = {
    era: 'legacy',
    toolChanges: 0,
    listTools: async () => (await client.listTools()).tools,
    listResources: async () => (await client.listResources()).resources,
    listTemplates: async () => (await client.listResourceTemplates()).resourceTemplates,
    listPrompts: async () => (await client.listPrompts()).prompts,
    call: (name, args, options) => client.callTool({ name, arguments: args }, undefined, options),
    read: async uri => (await client.readResource({ uri })).contents,
    prompt: async (name, args) => (await client.getPrompt({ name, arguments: args })).messages,
    complete: async (name, argument, value) =>
      (await client.complete({ ref: { type: 'ref/prompt', name }, argument: { name: argument, value } })).completion.values,
    request: (method, params) => client.request({ method, params }, ResultSchema),
    watchTools: async () => undefined, // the transport has its stream from the handshake on
    close: async () => {
      await transport.terminateSession?.();
      await client.close();
      noise();
    },
  };
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: session.answer }));
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => { session.toolChanges++; });
  await client.connect(transport);
  if (!(transport instanceof StreamableHTTPClientTransport)) oneAtATime(transport);
  // Of the others it is nobody's business.
  session.version = transport.protocolVersion ?? transport._protocolVersion ?? client.getServerVersion().name;
  return session;
}

await runChecks(connect);
