// Medians and spreads as Markdown, and the goals, each met or missed.
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../interop/process.mjs';

const PAGE = path.join(ROOT, 'docs/performance.md');
const MIB = 1024;

/** {median, low, high} of what `pick` finds in the rounds, or null. */
export function over(rounds, pick) {
  const values = rounds.map(pick).filter(value => value !== undefined).sort((a, b) => a - b);
  if (values.length === 0) return null;
  const middle = values.length >> 1;
  const median = values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return { median, low: values[0], high: values.at(-1) };
}

const digits = value => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
export const number = value => value.toLocaleString('en-US', { maximumFractionDigits: digits(value), minimumFractionDigits: digits(value) });

export function cell(spread) {
  if (spread === null) return '–';
  return spread.low === spread.high ? number(spread.median) : `${number(spread.median)} (${number(spread.low)}–${number(spread.high)})`;
}

export function table(results, { sessions }) {
  const lines = [
    '| contender | sessions | requests/s | p50 ms | p99 ms | CPU us a request | of it the gateway |',
    '|---|---|---|---|---|---|---|',
  ];
  for (const { contender, rounds } of results) {
    for (const count of sessions) {
      const at = name => cell(over(rounds, round => round.levels[count]?.[name]));
      lines.push(`| ${contender.name} | ${count} | ${['perSecond', 'p50', 'p99', 'cpu', 'gatewayCpu'].map(at).join(' | ')} |`);
    }
  }
  lines.push('', '| contender | first answer ms | CPU ms until then | 100 idle sessions, MiB | of it children | gateway before any session, MiB |', '|---|---|---|---|---|---|');
  for (const { contender, rounds } of results) {
    lines.push(`| ${contender.name} | ${cell(over(rounds, round => round.firstMs))} | ${cell(over(rounds, round => round.firstCpuMs))} `
      + `| ${cell(over(rounds, round => (round.idle.treeKiB * 100) / MIB))} | ${cell(over(rounds, round => (round.idle.childKiB * 100) / MIB))} `
      + `| ${cell(over(rounds, round => round.idle.before.gateway / MIB))} |`);
  }
  return lines.join('\n');
}

export function goals(results) {
  const figure = (id, pick) => over(results.get(id)?.rounds ?? [], pick)?.median ?? null;
  const at64 = (id, name) => figure(id, round => round.levels[64]?.[name]);
  const lines = ['| goal | asked | stretch | measured | |', '|---|---|---|---|---|'];
  const ratio = (text, ours, theirs, most, stretch) => {
    if (ours === null || theirs === null) {
      lines.push(`| ${text} | ≤ ${most} | ${stretch ? `≤ ${stretch}` : ''} | not measured | – |`);
      return;
    }
    const value = ours / theirs;
    const verdict = stretch && value <= fraction(stretch) ? '**met, and the stretch**' : value <= fraction(most) ? '**met**' : 'missed';
    lines.push(`| ${text} | ≤ ${most} | ${stretch ? `≤ ${stretch}` : ''} | ${value.toFixed(3)} (${number(ours)} to ${number(theirs)}) | ${verdict} |`);
  };
  ratio('shared, 64 sessions: CPU a request, to mcp-proxy', at64('shared', 'cpu'), at64('mcp-proxy', 'cpu'), '1/4', '1/5');
  ratio('shared, 64 sessions: CPU a request, to supergateway', at64('shared', 'cpu'), at64('supergateway', 'cpu'), '1/7', '1/8');
  ratio('shared, 64 sessions: p99, to mcp-proxy', at64('shared', 'p99'), at64('mcp-proxy', 'p99'), '1/2');
  const first = id => figure(id, round => round.firstMs);
  ratio('first answer, to mcp-proxy', first('shared'), first('mcp-proxy'), '1');
  const child = figure('supergateway', round => round.idle.childKiB / MIB);
  ratio("a child per caller: MiB an idle session, to supergateway's child and 1 MiB",
    figure('caller', round => round.idle.treeKiB / MIB), child === null ? null : child + 1, '1');
  return lines.join('\n');
}

function fraction(text) {
  const [over, under = '1'] = text.split('/');
  return Number(over) / Number(under);
}

/** Replaces what an earlier run of `command` has written between its two marks of docs/performance.md. `how` says what it was. */
export function writeInto(command, body, how, nodeIsFor) {
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = ['begins', 'ends'].map(word => `<!-- ${command} --write ${word} -->`);
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`docs/performance.md has lost the marks of ${command}`);
  const machine = `${os.cpus().length} × ${os.cpus()[0].model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, `
    + `${os.type()} ${os.release().split('-')[0]}, Node.js ${process.versions.node} for ${nodeIsFor}`;
  const made = `${new Date().toISOString().slice(0, 10)}, \`${command} ${process.argv.slice(2).join(' ')}\`: ${how}. ${machine}.`;
  writeFileSync(PAGE, `${before}${begin}\n${made}\n\n${body}\n${end}${after}`);
}
