#!/usr/bin/env node
// The matrix's server on a pipe. Arguments: its era, and the folder of its record.
import readline from 'node:readline';
import { Session } from './matrix-server.mjs';
import { recorder, written } from './matrix-wire.mjs';

const [era, folder] = process.argv.slice(2);
const note = recorder(folder, { session: `pid ${process.pid}` });
const send = message => process.stdout.write(`${written(message)}\n`);
const session = new Session(era, { note, send, folder, http: false });

readline
  .createInterface({ input: process.stdin })
  .on('line', text => {
    note({ what: 'received', text });
    session.take(JSON.parse(text), { reply: send });
  })
  .on('close', () => process.exit(0));
