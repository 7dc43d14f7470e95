// How the matrix's server writes: as JSON, with the texts put in that have to stay letter by letter.
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { EXACT } from './matrix-offer.mjs';

export function written(message) {
  let text = JSON.stringify({ jsonrpc: '2.0', ...message });
  if (message.result?.exact) {
    const own = message.result.resultType ? `,"resultType":"${message.result.resultType}"` : '';
    text = `{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${EXACT.result.slice(0, -1)}${own}}}`;
  }
  return text.replace('"inputSchema":"exact"', () => `"inputSchema":${EXACT.schema}`);
}

/** One line each in the file `record` of a folder; several processes may write into it. */
export function recorder(folder, fixed) {
  return entry => appendFileSync(path.join(folder, 'record'), `${JSON.stringify({ ...fixed, ...entry })}\n`);
}
