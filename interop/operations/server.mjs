// A server on stdio that starts in no time: `say` answers with LABEL, `wait` after a while. Speaks the handshake of 2025-11-25.
import { createInterface } from 'node:readline';

const label = process.argv[2];
const inputSchema = { type: 'object' };
const TOOLS = [{ name: 'say', description: 'Says which server it is', inputSchema }, { name: 'wait', description: 'The same after some milliseconds', inputSchema }];

const reply = (id, rest) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...rest })}\n`);
const said = id => reply(id, { result: { content: [{ type: 'text', text: label }] } });

function answer(id, method, params) {
  switch (method) {
    case 'initialize': return reply(id, { result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: label, version: '1.0.0' } } });
    case 'tools/list': return reply(id, { result: { tools: TOOLS } });
    case 'tools/call': return params.name === 'wait' ? setTimeout(said, params.arguments.ms, id) : said(id);
    case 'ping': return reply(id, { result: {} });
    default: return reply(id, { error: { code: -32601, message: 'Method not found' } });
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id !== undefined) answer(id, method, params);
}
