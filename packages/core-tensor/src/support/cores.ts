import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Counts the cores that this process may use: those of its affinity (`taskset`), each physical core once, at most the
 * quota of its control group, rounded down, since threads of one operation wait for each other. onnxruntime, too,
 * counts two hyper-threads as one core: they share the units that multiply. Where the system gives no such information,
 * as outside Linux, every logical core counts.
 * @param root folder used in place of /, for tests
 */
export function usableCores(root = '/'): number {
  return Math.max(1, Math.floor(Math.min(physicalCores(root) ?? availableParallelism(), quota(root))));
}

/** Default number of threads per operation: OMP_NUM_THREADS, as in other numeric programs, else {@link usableCores}. */
export function defaultThreads(): number {
  const wanted = Number.parseInt(process.env.OMP_NUM_THREADS ?? '', 10);
  return wanted >= 1 ? wanted : usableCores();
}

function physicalCores(root: string): number | undefined {
  const allowed = /^Cpus_allowed_list:\s*(\S+)$/m.exec(textOf(join(root, 'proc/self/status')) ?? '')?.[1];
  if (allowed === undefined) return undefined;
  const siblings = cpusOf(allowed).map((cpu) =>
    textOf(join(root, `sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`)),
  );
  return siblings.includes(undefined) ? undefined : new Set(siblings).size;
}

/** Parses a list of CPU numbers as the kernel writes it: "0-2,5". */
function cpusOf(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** CPU time, in cores, that the process's control groups (version 1 or 2) allow; Infinity where they set no limit. */
function quota(root: string): number {
  const groups = (textOf(join(root, 'proc/self/cgroup')) ?? '').split('\n').map((line) => line.split(':'));
  const limits = groups.flatMap(([, controllers, path]) => {
    if (controllers === undefined || path === undefined) return [];
    if (controllers === '') return chain('sys/fs/cgroup', path).map((folder) => limitV2(join(root, folder)));
    if (!controllers.split(',').includes('cpu')) return [];
    return chain(`sys/fs/cgroup/${controllers}`, path).map((folder) => limitV1(join(root, folder)));
  });
  return Math.min(Infinity, ...limits);
}

/** A group's folder and its parents; inside a container only the topmost may exist. */
function chain(mount: string, path: string): string[] {
  const above = path === '/' || path === '.' ? [] : chain(mount, dirname(path));
  return [join(mount, path), ...above];
}

function limitV2(folder: string): number {
  const [most, period] = (textOf(join(folder, 'cpu.max')) ?? 'max').split(/\s+/);
  return most === 'max' ? Infinity : Number(most) / Number(period);
}

function limitV1(folder: string): number {
  const most = Number(textOf(join(folder, 'cpu.cfs_quota_us')) ?? -1);
  return most < 0 ? Infinity : most / Number(textOf(join(folder, 'cpu.cfs_period_us')));
}

/** Reads a system file; undefined if it cannot be read. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
