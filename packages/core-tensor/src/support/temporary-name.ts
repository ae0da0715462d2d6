import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** `.unweather-PLACE-PROCESS-START-RANDOM.tmp`: hidden, so that no folder of pictures or weights contains it. */
const NAME = /^\.unweather-([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{8}\.tmp$/;

/** Age in milliseconds from which a temporary file of an unknown process counts as left behind. */
const OLD = 24 * 60 * 60 * 1000;

/**
 * Makes a name for a temporary file. It is short, whatever the final name, since a name may have 255 bytes. It tells
 * which process made it, by number and start, and where numbers of processes mean the same: this boot of this machine
 * and this container.
 */
export function temporaryName(): string {
  return `.unweather-${placeOf()}-${process.pid}-${startOf(process.pid) ?? 0}-${randomBytes(4).toString('hex')}.tmp`;
}

/** Folders that this process has cleared; a few, since a server may write to many. */
const cleared = new Set<string>();
const REMEMBERED = 256;

/**
 * Removes temporary files that ended processes left in a folder: those of this machine whose process has ended, and
 * those of other machines that are older than a day. Looks once per process at each folder. Files that cannot be removed
 * stay.
 */
export async function clearLitter(folder: string): Promise<void> {
  if (cleared.has(folder)) return;
  if (cleared.size >= REMEMBERED) cleared.clear();
  cleared.add(folder);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    if (NAME.test(name) && (isOfDead(name) ?? (await isOld(path))))
      await rm(path, { force: true }).catch(() => undefined);
  }
}

/**
 * True if the process that made a temporary name has ended; undefined where that cannot be told. The age would not tell:
 * a clock that is set forward makes a file old while it is being written.
 */
function isOfDead(name: string): boolean | undefined {
  const [, place, pid, start] = NAME.exec(name)!;
  if (place !== placeOf()) return undefined;
  if (!isRunning(Number(pid))) return true;
  // The number may belong to another process by now.
  const now = startOf(Number(pid));
  return start === '0' || now === undefined ? undefined : `${now}` !== start;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it runs, as another user.
    return (thrown as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function isOld(path: string): Promise<boolean> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
  return Date.now() - mtimeMs > OLD;
}

let place: string | undefined;

/** Hash of the boot and of the container (the namespace of process numbers); elsewhere than on Linux, of the host. */
function placeOf(): string {
  place ??= createHash('sha256')
    .update(`${hostname()} ${read('/proc/sys/kernel/random/boot_id') ?? ''} ${pidNamespace()}`)
    .digest('hex')
    .slice(0, 8);
  return place;
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** Start of a process in clock ticks since the boot; undefined if it has ended, or elsewhere than on Linux. */
function startOf(pid: number): number | undefined {
  // The second field, the program's name, may contain spaces and brackets.
  const fields = read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ');
  return fields === undefined ? undefined : Number(fields[19]);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
