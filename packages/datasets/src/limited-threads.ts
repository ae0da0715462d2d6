import { Worker } from 'node:worker_threads';
import { errorCode, THREAD_OPTIONS, threadFailure } from '@unweather/core-tensor';

/** Limits of one task. */
export interface Limits {
  readonly milliseconds: number;
  /** Memory of a thread's JavaScript objects, in megabytes. */
  readonly megabytes: number;
}

/** Error of a task that was ended because it reached a limit. */
export class LimitReached extends Error {}

/**
 * Worker threads for files of strangers: a task that takes too long, or too much memory, is ended with its thread. Tasks
 * that run at once have a thread each; a thread that has finished its task waits for the next, and keeps no process alive.
 */
export class LimitedThreads<Task, Answer> {
  private readonly idle = new Set<LimitedThread<Task, Answer>>();

  /**
   * @param module answers every message of its parent with one message
   * @param what the threads' work, for error messages: "reads HDF5 files"
   */
  constructor(
    private readonly module: URL,
    private readonly what: string,
  ) {}

  /**
   * Runs a task.
   * @param transfer memory of the task that moves to the thread
   * @throws LimitReached if the task was ended; UserError if no thread can be started
   */
  async run(task: Task, { milliseconds, megabytes }: Limits, transfer: ArrayBuffer[] = []): Promise<Answer> {
    const [waiting] = this.idle;
    if (waiting !== undefined) this.idle.delete(waiting);
    try {
      const thread = waiting ?? new LimitedThread<Task, Answer>(this.module, megabytes);
      const answer = await thread.run(task, milliseconds, transfer);
      this.idle.add(thread);
      thread.onExit = () => this.idle.delete(thread);
      return answer;
    } catch (thrown) {
      if (errorCode(thrown) === 'ERR_WORKER_OUT_OF_MEMORY') throw new LimitReached(`more than ${megabytes} MB`);
      throw thrown instanceof LimitReached ? thrown : threadFailure(this.what, thrown);
    }
  }
}

class LimitedThread<Task, Answer> {
  /** Called when the thread ends while it has no task. */
  onExit: () => void = () => undefined;
  private readonly worker: Worker;
  private resolve: (answer: Answer) => void = () => undefined;
  private reject: (thrown: unknown) => void = () => undefined;

  constructor(module: URL, megabytes: number) {
    this.worker = new Worker(module, { ...THREAD_OPTIONS, resourceLimits: { maxOldGenerationSizeMb: megabytes } });
    this.worker.on('message', (answer: Answer) => this.resolve(answer));
    this.worker.on('error', (error) => this.reject(error));
    this.worker.on('exit', (status) => {
      this.reject(new Error(`its status is ${status}`));
      this.onExit();
    });
  }

  async run(task: Task, milliseconds: number, transfer: ArrayBuffer[]): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    this.worker.ref();
    try {
      const answer = await new Promise<Answer>((resolve, reject) => {
        this.resolve = resolve;
        this.reject = reject;
        timer = setTimeout(() => reject(new LimitReached(`more than ${milliseconds / 1000} s`)), milliseconds);
        this.worker.postMessage(task, transfer);
      });
      this.worker.unref();
      return answer;
    } catch (thrown) {
      await this.worker.terminate();
      throw thrown;
    } finally {
      clearTimeout(timer);
    }
  }
}
