import { parentPort, workerData } from 'node:worker_threads';
import { messageOf, UserError } from '../../support/error.js';
import type { Executable } from '../executable.js';
import { type OnnxOptions, openModels, type PreparedModels } from './session.js';
import type { Answer, Request } from './worker-messages.js';

/** The thread that owns one session; onnxruntime-node's `run` blocks it, not the one people see. */
async function serve(): Promise<void> {
  const port = parentPort!;
  const { prepared, options } = workerData as { prepared: PreparedModels; options: OnnxOptions };
  let executable: Promise<Executable> | undefined;
  const answer = async (request: Request): Promise<Answer> => {
    try {
      executable ??= openModels(prepared, options);
      const opened = await executable;
      if (request.kind === 'open') return { id: request.id, result: {} };
      if (request.kind === 'run') return { id: request.id, result: await opened.run(request.inputs, request.graph) };
      if (request.kind === 'state') return { id: request.id, result: Object.fromEntries(await opened.state()) };
      await opened.dispose();
      return { id: request.id, result: {} };
    } catch (thrown) {
      return { id: request.id, error: messageOf(thrown), userError: thrown instanceof UserError };
    }
  };
  let turn = Promise.resolve();
  port.on('message', (request: Request) => {
    turn = turn.then(async () => port.postMessage(await answer(request)));
  });
}

await serve();
