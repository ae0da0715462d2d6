import { fileURLToPath } from 'node:url';
import { errorCode, messageOf, THREAD_OPTIONS, threadFailure, UserError, withNewThread } from '@unweather/core-tensor';
import { Piscina } from 'piscina';

/** Answer that stands for a UserError, whose class is lost on the way between threads. */
export interface Refusal {
  readonly userError: string;
}

/** Numbers of threads of a pool. */
export interface PoolSize {
  /** Threads that are started at once and stay; default: 0. */
  readonly least?: number;
  readonly most: number;
  /** Milliseconds after which further threads end if they have nothing to do; default: 0. */
  readonly idle?: number;
}

/** A pool of worker threads that each run the default export of one module. Idle threads keep no process alive. */
export class ThreadPool<Task, Answer extends object> {
  private readonly pool: Piscina<Task, Answer | Refusal>;
  /** Error of a thread that ended while it had no task, as one does that cannot load its module. */
  private failure: unknown;
  /** Rejects the tasks under way. A promise that all of them race with would keep every task of a long training. */
  private readonly underWay = new Set<(thrown: unknown) => void>();

  /**
   * @param module default export: `(task) => Promise<Answer | Refusal>`
   * @param what the threads' work, for error messages: "reads pairs"
   */
  constructor(
    module: URL,
    private readonly what: string,
    { least = 0, most, idle = 0 }: PoolSize,
  ) {
    const threads = { minThreads: least, maxThreads: most, idleTimeout: idle };
    this.pool = new Piscina({ ...THREAD_OPTIONS, ...threads, filename: fileURLToPath(module) });
    this.pool.on('error', (thrown) => {
      this.failure ??= thrown;
      for (const reject of this.underWay) reject(thrown);
    });
  }

  /**
   * Runs a task; once more, in another thread, if its thread ends.
   * @throws UserError that the task answers with, or if its thread cannot be started, or ends again
   */
  run(task: Task): Promise<Answer> {
    return withNewThread(() => this.runOnce(task));
  }

  private async runOnce(task: Task): Promise<Answer> {
    try {
      const answer = await this.answerTo(task);
      if ('userError' in answer) throw new UserError(answer.userError);
      return answer as Answer;
    } catch (thrown) {
      if (/^worker exited with code/.test(messageOf(thrown)) || errorCode(thrown) === 'ERR_WORKER_OUT_OF_MEMORY')
        throw threadFailure(this.what, thrown, 'has ended');
      throw isOfThread(thrown) ? threadFailure(this.what, thrown) : thrown;
    }
  }

  private async answerTo(task: Task): Promise<Answer | Refusal> {
    if (this.failure !== undefined) throw this.failure;
    let failed: (thrown: unknown) => void = () => undefined;
    try {
      return await new Promise((resolve, reject) => {
        failed = reject;
        this.underWay.add(reject);
        this.pool.run(task).then(resolve, reject);
      });
    } finally {
      this.underWay.delete(failed);
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

/** True for an error of the thread itself, not of its task. */
function isOfThread(thrown: unknown): boolean {
  const code = errorCode(thrown) ?? '';
  return (
    code.startsWith('ERR_WORKER_') ||
    ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM', 'ERR_MODULE_NOT_FOUND', 'ERR_ACCESS_DENIED'].includes(code)
  );
}
