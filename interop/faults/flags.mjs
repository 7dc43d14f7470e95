// Which options `share` has. A row that needs one that is not there is PENDING, and red; the self-test's stand-in has few.
import path from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { sallyport } from '../product.mjs';

let help;

async function helpOf(command) {
  const folder = mkdtempSync(path.join(tmpdir(), 'sallyport-help-'));
  try {
    return (await sallyport([...command, '--help'], folder, 300_000)).lines.join('\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Those of the options that `share` does not have. */
export async function missing(options) {
  help ??= await helpOf(['share']);
  return options.filter(option => !new RegExp(`(^|[\\s,])${option}\\b`, 'm').test(help));
}

export const pendingIsRed = () => process.env.SALLYPORT_UNDER_TEST === undefined;
