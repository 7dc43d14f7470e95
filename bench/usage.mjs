// What a process and everything below it has used: CPU from /proc/PID/stat, memory as PSS, which counts a shared page once.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const US_PER_TICK = 1e6 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [user, system, deadUser, deadSystem] = fields.slice(11, 15).map(Number);
    return { parent: Number(fields[1]), own: user + system, dead: deadUser + deadSystem };
  } catch {
    return null; // it has just ended
  }
}

/** pid -> stat, of `root` and all below it. */
function tree(root) {
  const all = new Map();
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? statOf(entry) : null;
    if (stat) all.set(Number(entry), stat);
  }
  const found = new Map(all.has(root) ? [[root, all.get(root)]] : []);
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, stat] of all) {
      if (!found.has(pid) && found.has(stat.parent)) {
        found.set(pid, stat);
        grown = true;
      }
    }
  }
  return found;
}

/** CPU used so far, in microseconds: the whole tree with those that are dead, and the root process alone. */
export function cpuOf(root) {
  const found = tree(root);
  let ticks = 0;
  for (const stat of found.values()) ticks += stat.own + stat.dead;
  return { tree: ticks * US_PER_TICK, gateway: (found.get(root)?.own ?? 0) * US_PER_TICK };
}

/** PSS in KiB: of the tree, of the root process, and how many processes there are. */
export function memoryOf(root) {
  let whole = 0;
  let gateway = 0;
  let processes = 0;
  for (const pid of tree(root).keys()) {
    let text;
    try {
      text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    } catch {
      continue; // it has just ended
    }
    const pss = Number(/^Pss:\s+(\d+) kB/m.exec(text)[1]);
    whole += pss;
    processes += 1;
    if (pid === root) gateway = pss;
  }
  return { tree: whole, gateway, processes };
}

/** Resident memory of one process in KiB. */
export function residentOf(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}
