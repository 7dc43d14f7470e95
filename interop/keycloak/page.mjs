// docs/identity/keycloak.md as something that is carried out: its commands and its configuration are those of this suite. Of the pages about
// other providers at least the configuration is read by the product.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../process.mjs';
import { sallyport } from '../product.mjs';

const PAGES = path.join(ROOT, 'docs/identity');
const FENCE = /^```(\w+)\n([\s\S]*?)^```$/gm;

const blocksOf = name => [...readFileSync(path.join(PAGES, name), 'utf8').matchAll(FENCE)].map(([, kind, text]) => ({ kind, text }));

/** Every configuration that a page shows is one, with a server added. */
export async function everyPage(sheet, folder) {
  for (const name of readdirSync(PAGES).filter(entry => entry !== 'README.md')) {
    const file = path.join(folder, `${name}.yaml`);
    const shown = blocksOf(name).filter(block => block.kind === 'yaml').map(block => block.text);
    writeFileSync(file, `servers: {notes: {url: "https://notes.example/mcp"}}\n${shown.join('')}`);
    const { code, errors } = await sallyport(['config', 'print', file], folder, 60_000);
    sheet.row(`the configuration of ${name}`, 'one that is understood', shown.length === 1 && code === 0 ? 'understood' : `${shown.length} blocks, exit code ${code} ${errors.trim()}`, shown.length === 1 && code === 0);
  }
}

/** {commands, configuration}: every `sh` block in order, the one `yaml` block; addresses of the page are those given. */
export function page(addresses) {
  const blocks = blocksOf('keycloak.md');
  const commands = blocks.filter(block => block.kind === 'sh').map(block => block.text).join('\n');
  const configurations = blocks.filter(block => block.kind === 'yaml').map(block => block.text);
  if (commands === '' || configurations.length !== 1) throw new Error(`the page has ${configurations.length} yaml blocks and ${commands.length} characters of commands`);
  const here = text => Object.entries(addresses).reduce((before, [there, local]) => {
    if (!before.includes(there)) throw new Error(`the page does not say ${there} where it is wanted`);
    return before.replaceAll(there, local);
  }, text);
  return { commands: here(commands), configuration: here(configurations[0]) };
}
