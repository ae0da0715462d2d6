import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../test-support.js';
import { defaultThreads, usableCores } from './cores.js';

afterEach(() => void vi.unstubAllEnvs());

/** A system of two cores with two hyper-threads each, as Linux describes it. */
const HYPER = {
  'proc/self/status': 'Name:\tnode\nCpus_allowed:\tf\nCpus_allowed_list:\t0-3\n',
  ...Object.fromEntries([0, 1, 2, 3].map((cpu) => [siblingsOf(cpu), cpu % 2 === 0 ? '0,2' : '1,3'])),
};

function siblingsOf(cpu: number): string {
  return `sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`;
}

async function coresOf(files: Readonly<Record<string, string>>): Promise<number> {
  const root = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return usableCores(root);
}

test('hyper-threads of a core count once, and cores that affinity leaves out do not', async () => {
  expect(await coresOf(HYPER)).toBe(2);
  expect(await coresOf({ ...HYPER, 'proc/self/status': 'Cpus_allowed_list:\t0,2\n' })).toBe(1);
  expect(await coresOf({ ...HYPER, 'proc/self/status': 'Cpus_allowed_list:\t1-2\n' })).toBe(2);
});

test('a quota of a control group counts, its own and those above it, rounded down, at least 1', async () => {
  const v2 = { ...HYPER, 'proc/self/cgroup': '0::/a/b\n' };
  expect(await coresOf(v2)).toBe(2);
  expect(await coresOf({ ...v2, 'sys/fs/cgroup/a/b/cpu.max': 'max 100000\n' })).toBe(2);
  expect(await coresOf({ ...v2, 'sys/fs/cgroup/a/cpu.max': '150000 100000\n' })).toBe(1);
  expect(await coresOf({ ...v2, 'sys/fs/cgroup/cpu.max': '50000 100000' })).toBe(1);
  expect(await coresOf({ ...v2, 'sys/fs/cgroup/a/b/cpu.max': '900000 100000' })).toBe(2);
  const v1 = { ...HYPER, 'proc/self/cgroup': '3:cpuset:/\n2:cpu,cpuacct:/docker/x\n' };
  const limited = (folder: string, quota: number) => ({
    ...v1,
    [`sys/fs/cgroup/cpu,cpuacct${folder}/cpu.cfs_quota_us`]: `${quota}\n`,
    [`sys/fs/cgroup/cpu,cpuacct${folder}/cpu.cfs_period_us`]: '100000\n',
  });
  expect(await coresOf(limited('/docker/x', -1))).toBe(2);
  expect(await coresOf(limited('/docker/x', 100_000))).toBe(1);
  // A container's view of its own group.
  expect(await coresOf(limited('', 120_000))).toBe(1);
});

test('where the system tells nothing, every logical core counts', async () => {
  expect(await coresOf({})).toBe(availableParallelism());
});

test('OMP_NUM_THREADS is the default of threads, unless it is no number', () => {
  vi.stubEnv('OMP_NUM_THREADS', '3');
  expect(defaultThreads()).toBe(3);
  vi.stubEnv('OMP_NUM_THREADS', 'many');
  expect(defaultThreads()).toBe(usableCores());
});
