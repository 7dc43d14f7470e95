// Medians and spreads of the hop as Markdown, the ratios of each round to the raw proxy's, and the goals, each met or missed.
import { cell, number, over } from '../report.mjs';

/** Who can stand between a client and the upstream. The first one is what the others are measured by. */
export const BETWEEN = ['raw', 'sallyport'];

const NAMES = { upstream: 'nobody between', raw: 'raw Netty', sallyport: 'Sallyport' };
const SIZES = { 400: '0.4 KB', 10_000: '10 KB', 1_000_000: '1 MB' };
const MIB = 1024;

/** What the goal speaks of, and the fewest that say something about it: a machine may allow not quite as many open files. */
const IDLE_STREAMS = 10_000;
const NEARLY_ALL = 9_500;

const loadOf = (id, bytes, name) => round => round.load?.[id]?.[bytes]?.[name];
const ratio = (bytes, name) => round => {
  const [ours, theirs] = BETWEEN.toReversed().map(id => loadOf(id, bytes, name)(round));
  return ours === undefined || theirs === undefined ? undefined : ours / theirs;
};
const eventsOf = (id, name) => round => round.events?.[id]?.[name];
const added = (id, name) => round => (round.events?.[id] && round.events.upstream ? round.events[id][name] - round.events.upstream[name] : undefined);

export function table(rounds, idle, { only }) {
  const parts = [];
  if (rounds.some(round => round.load)) parts.push(loadTable(rounds, only), ratioTable(rounds));
  if (rounds.some(round => round.events)) parts.push(eventsTable(rounds, only));
  if (idle) parts.push(idleTable(idle));
  return parts.map(lines => lines.join('\n')).join('\n\n');
}

function loadTable(rounds, only) {
  const lines = ['| result | through | requests/s | p50 ms | p99 ms | CPU us a request | the upstream\'s |', '|---|---|---|---|---|---|---|'];
  for (const [bytes, size] of Object.entries(SIZES)) {
    for (const id of only) {
      const cells = ['perSecond', 'p50', 'p99', 'cpu', 'upstreamCpu'].map(name => cell(over(rounds, loadOf(id, bytes, name))));
      lines.push(`| ${size} | ${NAMES[id]} | ${cells.join(' | ')} |`);
    }
  }
  return lines;
}

function ratioTable(rounds) {
  const lines = ['| result | requests/s, to raw Netty | CPU a request, to raw Netty | p99, to raw Netty |', '|---|---|---|---|'];
  for (const [bytes, size] of Object.entries(SIZES)) {
    lines.push(`| ${size} | ${['perSecond', 'cpu', 'p99'].map(name => cell(over(rounds, ratio(bytes, name)))).join(' | ')} |`);
  }
  return lines;
}

function eventsTable(rounds, only) {
  const lines = ['| events of 64 streams, through | p50 ms | p99 ms | added p50 ms | added p99 ms |', '|---|---|---|---|---|'];
  for (const id of ['upstream', ...only]) {
    const plain = ['p50', 'p99'].map(name => cell(over(rounds, eventsOf(id, name))));
    const more = ['p50', 'p99'].map(name => (id === 'upstream' ? '–' : cell(over(rounds, added(id, name)))));
    lines.push(`| ${NAMES[id]} | ${[...plain, ...more].join(' | ')} |`);
  }
  return lines;
}

function idleTable({ wanted, count, open, before, after, refusal }) {
  const why = [...(count < wanted ? [`a process may not have the files open that ${number(wanted)} need`] : []), ...(refusal ? [refusal] : [])];
  return ['| idle streams asked for | open | resident before, MiB | with them, MiB | KiB each | why not all |', '|---|---|---|---|---|---|',
    `| ${wanted.toLocaleString('en-US')} | ${open.toLocaleString('en-US')} | ${number(before / MIB)} | ${number(after / MIB)} `
    + `| ${number((after - before) / Math.max(1, open - 1))} | ${why.join('; ').replaceAll('|', '\\|')} |`];
}

export function goals(rounds, idle) {
  const lines = ['| goal | asked | stretch | measured | |', '|---|---|---|---|---|'];
  const row = (text, sign, [asked, stretch], unit, measured, verdict) => lines.push(
    `| ${text} | ${sign} ${asked}${unit} | ${stretch === undefined ? '' : `${sign} ${stretch}${unit}`} | ${measured} | ${verdict} |`);
  const verdict = (sign, [asked, stretch], value) => {
    const reaches = bound => (sign === '≥' ? value >= bound : value <= bound);
    return stretch !== undefined && reaches(stretch) ? '**met, and the stretch**' : reaches(asked) ? '**met**' : 'missed';
  };
  const goal = (text, sign, bounds, spread, unit = '') => (spread === null
    ? row(text, sign, bounds, unit, 'not measured', '–')
    : row(text, sign, bounds, unit, cell(spread) + unit, verdict(sign, bounds, spread.median)));
  goal('0.4 KB: requests/s, to raw Netty', '≥', [0.55, 0.65], over(rounds, ratio(400, 'perSecond')));
  goal('0.4 KB: CPU a request, to raw Netty', '≤', [2.2, 1.6], over(rounds, ratio(400, 'cpu')));
  goal('10 KB: CPU a request, to raw Netty', '≤', [2.3], over(rounds, ratio(10_000, 'cpu')));
  goal('1 MB: CPU a request, to raw Netty', '≤', [2.0], over(rounds, ratio(1_000_000, 'cpu')));
  goal('an event of 64 streams: p99, to nobody between', '≤', [1], over(rounds, added('sallyport', 'p99')), ' ms more');

  const idleRow = (measured, found) => row('10,000 idle streams: resident', '≤', [400], ' MiB', measured, found);
  if (!idle) idleRow('not measured', '–');
  else if (idle.open < NEARLY_ALL) idleRow(`only ${idle.open.toLocaleString('en-US')} were open`, 'not shown');
  else {
    const resident = (idle.before + ((idle.after - idle.before) / idle.open) * IDLE_STREAMS) / MIB;
    idleRow(`${number(resident)} MiB, from ${idle.open.toLocaleString('en-US')}`, verdict('≤', [400], resident));
  }
  return lines.join('\n');
}
