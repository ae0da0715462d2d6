import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Cores that this process may use: those of its affinity (`taskset`), each physical core once (onnxruntime counts
 * hyper-threads so too: two of them share the units that multiply), and no more than its control group's quota allows,
 * rounded down, since threads of one operation wait for each other. Where the system does not tell, as outside of Linux:
 * one per logical core.
 * @param root folder that takes the place of /, for tests
 */
export function usableCores(root = '/'): number {
  return Math.max(1, Math.floor(Math.min(physicalCores(root) ?? availableParallelism(), quota(root))));
}

/** Threads of one operation where nobody says how many: OMP_NUM_THREADS, as numeric programs read it, else {@link usableCores}. */
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

/** Numbers of a list as the kernel writes it: "0-2,5". */
function cpusOf(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** Cores' worth of time that the control groups of this process allow, of version 1 or 2; infinite where they set no limit. */
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

/** A group's folder and those above it; inside a container only the topmost may be there. */
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

/** A file of the system, or undefined where it is not there: what it would have told is then unknown. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
