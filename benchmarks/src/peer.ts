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

/** Work to be timed: a network, PSNR and SSIM of a pair of pictures, or a photograph from a cold start. */
export type Request = NetworkRequest | ScoreRequest | ColdStartRequest;

export interface NetworkRequest {
  readonly net: NetName;
  readonly kind: 'train' | 'infer';
  readonly batch: number;
  /** Height and width of the pictures. */
  readonly size: number;
  /** Name of the MANAS network. */
  readonly architecture?: string;
}

export interface ScoreRequest {
  readonly kind: 'score';
  /** Window of SSIM: 7×7 uniform or 11×11 Gaussian. */
  readonly window: 'uniform' | 'gaussian';
  readonly width: number;
  readonly height: number;
}

export interface ColdStartRequest {
  readonly kind: 'cold-start';
  /** Height and width of the photograph. */
  readonly size: number;
}

/** Libraries that our speed is compared with, and their Python modules. */
export const PEERS = {
  train: { name: 'PyTorch', module: 'torch' },
  infer: { name: 'PyTorch', module: 'torch' },
  'cold-start': { name: 'PyTorch', module: 'torch' },
  score: { name: 'scikit-image', module: 'skimage' },
} as const satisfies Record<Request['kind'], { name: string; module: string }>;

type Work = (NetworkRequest | ScoreRequest)['kind'];

/** Time and memory of one piece of work. */
export interface Timing {
  readonly ms: number;
  /** Peak resident memory of the process so far; null where it is not measured. */
  readonly mb: number | null;
}

/** One of the two sides that are timed in turn. */
export interface Side {
  time(request: Request): Promise<Timing>;
  close(): Promise<void> | void;
}

/** Separate process, with its own memory, that does one piece of work per line of JSON and answers with its timing. */
export class Peer implements Side {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;

  private constructor(command: string, script: URL) {
    this.process = spawn(command, [fileURLToPath(script)]);
    this.process.stderr.pipe(process.stderr);
    this.answers = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  static ours(kind: Work): Peer {
    return new Peer(process.execPath, new URL(kind === 'score' ? './score.js' : './ours.js', import.meta.url));
  }

  static theirs(kind: Work, python: string): Peer {
    return new Peer(python, new URL(`../torch/${kind === 'score' ? 'score' : 'step'}.py`, import.meta.url));
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

/** Finds a Python that has a module; undefined if there is none. */
export function findPython(module: string): string | undefined {
  return ['python3', '/usr/bin/python3'].find((python) => {
    try {
      execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}
