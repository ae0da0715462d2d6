import { Worker } from 'node:worker_threads';
import type { State, TensorData } from '../../graph/tensor-data.js';
import { errorCode, UserError } from '../../support/error.js';
import { THREAD_OPTIONS, threadFailure } from '../../support/thread.js';
import type { Executable } from '../executable.js';
import type { Answer, Request } from './messages.js';

type Call = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

/** Work of these threads, as error messages name it. */
const WORK = 'runs the network';

/**
 * Opens an executable in its own worker thread. Runs are done one after another, in the order of the calls.
 * @param script module that calls `serve`
 * @param workerData data from which the module opens its session
 * @throws UserError if the thread does not start; any error of opening the session
 */
export async function openInThread(script: URL, workerData: unknown): Promise<Executable> {
  const worker = started(script, workerData);
  const executable = new WorkerExecutable(worker);
  try {
    await executable.open();
  } catch (thrown) {
    await worker.terminate();
    throw thrown;
  }
  return executable;
}

function started(script: URL, workerData: unknown): Worker {
  try {
    return new Worker(script, { ...THREAD_OPTIONS, workerData });
  } catch (thrown) {
    throw threadFailure(WORK, thrown);
  }
}

class WorkerExecutable implements Executable {
  private readonly waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  private counter = 0;
  /** True once the thread has answered. */
  private started = false;
  private ended = false;

  constructor(private readonly worker: Worker) {
    worker.on('message', (answer: Answer) => {
      this.started = true;
      this.waiting.get(answer.id)?.resolve(answer);
      this.waiting.delete(answer.id);
      // A program that awaits no answer may end, even without calling dispose.
      if (this.waiting.size === 0) worker.unref();
    });
    const fail = (error: Error) => {
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
    };
    // Before the first answer the thread has failed to start; afterwards an exception is a bug of ours.
    worker.on('error', (error) => fail(this.started && !isOfSystem(error) ? error : this.failure(error)));
    worker.on('exit', (status) => {
      this.ended = true;
      fail(this.failure(new Error(`its status is ${status}`)));
    });
  }

  private failure(reason: Error): UserError {
    return threadFailure(WORK, reason, this.started ? 'has ended' : 'cannot be started');
  }

  async open(): Promise<void> {
    await this.call({ kind: 'open' });
  }

  async run(inputs: Readonly<Record<string, TensorData>>, graph?: string): Promise<Record<string, TensorData>> {
    return this.call({ kind: 'run', inputs, ...(graph !== undefined && { graph }) });
  }

  async state(): Promise<State> {
    return new Map(Object.entries(await this.call({ kind: 'state' })));
  }

  async dispose(): Promise<void> {
    if (!this.ended) await this.call({ kind: 'dispose' });
    await this.worker.terminate();
  }

  private async call(request: Call): Promise<Record<string, TensorData>> {
    if (this.ended) throw this.failure(new Error('before its work began'));
    const id = this.counter++;
    const answer = await new Promise<Answer>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.ref();
      this.worker.postMessage({ ...request, id });
    });
    if ('result' in answer) return answer.result;
    throw answer.userError ? new UserError(answer.error) : new Error(answer.error);
  }
}

/** True if the system ended a thread, by its limit of memory. */
function isOfSystem(error: Error): boolean {
  return errorCode(error)?.startsWith('ERR_WORKER_') ?? false;
}
