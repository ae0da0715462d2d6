import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export type NetName =
  | 'durn-p'
  | 'durn-p-no-norm'
  | 'durn-u'
  | 'durn-us'
  | 'durn-s'
  | 'durn-s-p'
  | 'aecr'
  | 'manas'
  | 'plain';

/** One piece of work to be timed. */
export interface Request {
  readonly net: NetName;
  readonly kind: 'train' | 'infer';
  readonly batch: number;
  /** Height and width of the pictures. */
  readonly size: number;
  /** Which of MANAS's networks, by its name. */
  readonly architecture?: string;
}

/** What it took. */
export interface Timing {
  readonly ms: number;
  /** Peak resident memory of the process so far. */
  readonly mb: number;
}

/** A process that does one piece of work per line of JSON and answers with its timing; memory is thus its own. */
export class Peer {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;

  private constructor(command: string, script: URL) {
    this.process = spawn(command, [fileURLToPath(script)]);
    this.process.stderr.pipe(process.stderr);
    this.answers = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  static ours(): Peer {
    return new Peer(process.execPath, new URL('./ours.js', import.meta.url));
  }

  static torch(python: string): Peer {
    return new Peer(python, new URL('../torch/step.py', import.meta.url));
  }

  async time(request: Request): Promise<Timing> {
    this.process.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error('the timed process has ended early; its message stands above');
    return JSON.parse(value) as Timing;
  }

  close(): void {
    this.process.stdin.end();
  }
}

/** A Python that has PyTorch, or undefined. */
export function findPython(): string | undefined {
  return ['python3', '/usr/bin/python3'].find((python) => {
    try {
      execFileSync(python, ['-c', 'import torch'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}
