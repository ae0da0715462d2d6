import { parentPort } from 'node:worker_threads';
import { messageOf, UserError } from '../../support/error.js';
import type { Executable } from '../executable.js';
import type { Answer, Request } from './messages.js';

/** Answers requests in the thread that owns a session: runs block this thread, not the one that requests them. */
export function serve(open: () => Promise<Executable>): void {
  const port = parentPort!;
  let executable: Promise<Executable> | undefined;
  const answer = async (request: Request): Promise<Answer> => {
    try {
      executable ??= open();
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
