// What each real server offers and how a client can tell that it works: data for the drivers, the Java one included.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { INTEROP, ROOT } from '../process.mjs';

const V2 = {
  tools: ['echo', 'measure', 'steps', 'slow', 'fate', 'ask', 'fail', 'announce'],
  resources: ['note://welcome', 'note://pixel'],
  templates: ['note://item/{id}'],
  prompts: ['greet'],
  call: { name: 'echo', arguments: { text: 'as it was' }, text: 'as it was' },
  echo: { name: 'echo', argument: 'text', prefix: '' },
  structured: { name: 'measure', arguments: { text: 'five5' }, members: ['length', 'upper'] },
  toolError: { name: 'fail', arguments: {} },
  read: { uri: 'note://item/42', text: 'Note number 42.' },
  missingResource: 'note://that/is/not/there',
  prompt: { name: 'greet', arguments: { name: 'Ada' }, text: 'Say hello to Ada.' },
  complete: { prompt: 'greet', argument: 'name', value: 'A', values: ['Ada', 'Alan'] },
  progress: { name: 'steps', arguments: { count: 5, label: 'walk' }, steps: 5 },
  cancel: { name: 'slow', arguments: { mark: '{client}', seconds: 60 }, watch: { name: 'fate', arguments: { mark: '{client}' } } },
  ask: { name: 'ask', arguments: { greeting: 'Good day' }, answer: { name: 'Ada' }, text: 'Good day, Ada!' },
  announce: { name: 'announce', arguments: {} },
};

export function loadProfiles() {
  return JSON.parse(readFileSync(path.join(INTEROP, 'servers/profiles.json'), 'utf8'))
    .map(profile => profile.extends === 'v2' ? { ...V2, ...profile } : profile);
}

/** The profile with {folder}, {client} … filled in; `{id}` and other braces of URI templates stay. */
export function fill(value, names) {
  if (typeof value === 'string') {
    return value.replace(/\{(node|packages|interop|root|folder|client)\}/g, (whole, name) => names[name] ?? whole);
  }
  if (Array.isArray(value)) return value.map(entry => fill(entry, names));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fill(entry, names)]));
  }
  return value;
}

/** The command line of a profile's server, its files laid out in `folder`. */
export function serverCommand(profile, folder, tapFile) {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(profile.files ?? {})) writeFileSync(path.join(folder, name), content);
  const command = fill(profile.command, { node: process.execPath, packages: path.join(INTEROP, 'node_modules/@modelcontextprotocol'),
    interop: INTEROP, root: ROOT, folder });
  return profile.tap ? [process.execPath, path.join(INTEROP, 'servers/tap.mjs'), tapFile, ...command] : command;
}
