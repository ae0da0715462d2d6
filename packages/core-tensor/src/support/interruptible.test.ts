import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

/**
 * Starts a command in its own process. It prints "at work", "stopping" at the first signal, and obeys lines of its
 * standard input: "later" moves its clock by five seconds, "end" ends it.
 */
function started() {
  const code = `
    let clock = 0;
    performance.now = () => clock;
    const { interruptible } = await import('${new URL('interruptible.js', import.meta.url).href}');
    const said = (line) => new Promise((resolve) => process.stdin.on('data', (data) => String(data).includes(line) && resolve()));
    void said('later').then(() => { clock += 5000; console.log('it is later'); });
    await interruptible(async (signal) => {
      signal.addEventListener('abort', () => console.log('stopping'));
      console.log('at work');
      process.on('SIGINT', () => console.log('heard'));
      process.on('SIGTERM', () => console.log('heard'));
      await said('end');
      process.stdin.pause();
      process.removeAllListeners('SIGINT');
      process.removeAllListeners('SIGTERM');
      return !signal.aborted;
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close') as Promise<[status: number | null, signal: string | null]>;
  let text = '';
  child.stdout.on('data', (data) => {
    text += data;
  });
  /** Waits until the child has printed something a number of times. */
  const until = async (what: string, times = 1) => {
    while (text.split(what).length <= times) await once(child.stdout, 'data');
  };
  return { child, ended, until };
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s, sent twice as timeout does, is for the command to end on, with status %i', async (signal, status) => {
  const { child, ended, until } = started();
  await until('at work');
  child.kill(signal);
  await until('stopping');
  await until('heard');
  child.kill(signal);
  await until('heard', 2);
  child.stdin.write('end\n');
  expect(await ended).toEqual([status, null]);
});

test('a later signal ends what does not end', async () => {
  const { child, ended, until } = started();
  await until('at work');
  child.kill('SIGINT');
  await until('stopping');
  child.stdin.write('later\n');
  await until('it is later');
  child.kill('SIGINT');
  expect(await ended).toEqual([null, 'SIGINT']);
});

test('a command that ends by itself has status 0', async () => {
  const { child, ended, until } = started();
  await until('at work');
  child.stdin.write('end\n');
  expect(await ended).toEqual([0, null]);
});
