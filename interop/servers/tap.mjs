// Stands between the product and a stdio server nobody here wrote, passes every byte on and notes every line, so that a suite can
// see what reached the server. Arguments: FILE COMMAND ARG…
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

const [file, command, ...args] = process.argv.slice(2);
const notes = createWriteStream(file, { flags: 'a' });
const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });

function pass(from, to, direction) {
  let rest = '';
  from.setEncoding('utf8').on('data', part => {
    const lines = (rest + part).split('\n');
    rest = lines.pop();
    for (const line of lines) notes.write(`${JSON.stringify({ direction, line })}\n`);
    to.write(part);
  });
  from.on('end', () => to.end());
}

pass(process.stdin, child.stdin, 'in');
pass(child.stdout, process.stdout, 'out');
child.stdin.on('error', () => undefined); // the child went first; its exit code says it
child.on('close', code => notes.end(() => process.exit(code ?? 1)));
process.on('SIGTERM', () => child.kill('SIGTERM'));
