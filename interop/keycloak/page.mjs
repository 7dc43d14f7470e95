// docs/identity/keycloak.md as something that is carried out: its commands and its configuration are those of this suite.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../process.mjs';

const FENCE = /^```(\w+)\n([\s\S]*?)^```$/gm;

/** {commands, configuration}: every `sh` block in order, the one `yaml` block; addresses of the page are those given. */
export function page(addresses) {
  const blocks = [...readFileSync(path.join(ROOT, 'docs/identity/keycloak.md'), 'utf8').matchAll(FENCE)].map(([, kind, text]) => ({ kind, text }));
  const commands = blocks.filter(block => block.kind === 'sh').map(block => block.text).join('\n');
  const configurations = blocks.filter(block => block.kind === 'yaml').map(block => block.text);
  if (commands === '' || configurations.length !== 1) throw new Error(`the page has ${configurations.length} yaml blocks and ${commands.length} characters of commands`);
  const here = text => Object.entries(addresses).reduce((before, [there, local]) => {
    if (!before.includes(there)) throw new Error(`the page does not say ${there} where it is wanted`);
    return before.replaceAll(there, local);
  }, text);
  return { commands: here(commands), configuration: here(configurations[0]) };
}
