// The requirement sets as the suite ships them. Read from its own files, so that a newer suite cannot silently ask for less.
import { readFileSync } from 'node:fs';

const PACKAGE = new URL('../node_modules/@modelcontextprotocol/conformance/', import.meta.url);

export const SUITE = new URL('dist/index.js', PACKAGE).pathname;

/** {required: [scenario], notScored: [{scenario, reason}]} of a leg. The files are plain two-level YAML lists. */
export function loadRequirements(revision, leg = 'server') {
  const lines = readFileSync(new URL(`requirements/${revision}.yaml`, PACKAGE), 'utf8').split('\n');
  const required = [];
  const notScored = [];
  let section = '';
  for (const line of lines) {
    const heading = /^(\w+):\s*$/.exec(line);
    if (heading) section = heading[1];
    const name = /^ {2}- ([\w/.-]+)\s*$/.exec(line);
    if (name && section === leg) required.push(name[1]);
    const entry = /^ {2}- scenario: (\S+)/.exec(line);
    if (entry) notScored.push({ scenario: entry[1], leg: '', reason: '' });
    const field = /^ {4}(leg|reason): (\S+)/.exec(line);
    if (field && section === 'not_scored') notScored.at(-1)[field[1]] = field[2];
  }
  return { required, notScored: notScored.filter(entry => entry.leg === leg) };
}
