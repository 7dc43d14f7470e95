// The TypeScript v2 server on stdio, both eras.
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createServer } from './v2.mjs';

serveStdio(() => createServer());
