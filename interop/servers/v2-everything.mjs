// The official suite's server fixture on the TypeScript SDK v2, in both eras: `--http HOST:PORT` prints one ready line, `--stdio`.
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { serveHttp } from './both-eras.mjs';
import { createServer, TOOLS } from './v2-everything-offer.mjs';

const [how, where = '127.0.0.1:0'] = process.argv.slice(2);
if (how === '--stdio') {
  serveStdio(() => createServer({}));
} else if (how === '--http') {
  const colon = where.lastIndexOf(':');
  serveHttp(createServer, { name: 'v2-everything', tools: TOOLS, resumable: true, host: where.slice(0, colon), port: Number(where.slice(colon + 1)) });
} else {
  console.error('v2-everything: --http HOST:PORT or --stdio');
  process.exit(2);
}
