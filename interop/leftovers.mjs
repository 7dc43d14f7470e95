// Ends, and names, every process that still carries the mark of this suite's run. Exit code 1 if there was one.
import { readFileSync, readdirSync } from 'node:fs';

const mark = `SALLYPORT_INTEROP_MARK=${process.env.SALLYPORT_INTEROP_MARK}`;
let left = 0;
for (const pid of readdirSync('/proc').filter(entry => /^\d+$/.test(entry) && Number(entry) !== process.pid)) {
  try {
    if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark)) continue;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    if (command === '') continue; // a zombie: already over
    console.error(`✗ left running: ${pid} ${command.slice(0, 160)}`);
    left++;
    process.kill(Number(pid), 'SIGKILL');
  } catch (error) {
    if (!['ENOENT', 'EACCES', 'ESRCH'].includes(error.code)) throw error;
  }
}
process.exit(left === 0 ? 0 : 1);
