// The generator's side of generator.mjs: does what it is told over IPC, one action at a time, and ends with whoever started it.
export function obey(actions) {
  process.on('message', async ({ action, ...details }) => {
    try {
      process.send({ value: await actions[action](details) });
    } catch (error) {
      process.send({ error: `${action}: ${error.message}` });
    }
  });
  process.on('disconnect', () => process.exit(0));
}
