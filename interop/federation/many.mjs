// A server on stdio with more tools than fit in a page: COUNT of them, PAGE at a time, named LABEL_1, LABEL_2 and so on. Speaks the
// handshake of 2025-11-25.
import { createInterface } from 'node:readline';

const [label, count, page] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const inputSchema = { type: 'object' };

function tools({ cursor } = {}) {
  const from = cursor === undefined ? 0 : Number(cursor.slice('from '.length));
  const to = Math.min(from + page, count);
  return { tools: Array.from({ length: to - from }, (_, at) => ({ name: `${label}_${from + at + 1}`, description: 'One of many', inputSchema })),
    ...to < count ? { nextCursor: `from ${to}` } : {} };
}

const isOurs = name => name.startsWith(`${label}_`) && Number(name.slice(label.length + 1)) <= count;

function answer(method, params) {
  switch (method) {
    case 'initialize': return { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: `many-${label}`, version: '1.0.0' } };
    case 'tools/list': return tools(params);
    case 'tools/call': return { content: [{ type: 'text', text: params.name }], isError: !isOurs(params.name) };
    case 'ping': return {};
    default: return undefined;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const result = answer(method, params);
  const rest = result === undefined ? { error: { code: -32601, message: 'Method not found' } } : { result };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...rest })}\n`);
}
