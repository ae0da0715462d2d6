import { basename } from 'node:path';
import { BaseSequencer } from 'vitest/node';

/** Kinds of files that take longest, longest first: begun last, one would keep a single core busy at the end. */
const LONG = ['release', 'search', 'parity', 'train', 'page', 'devices', 'blocks', 'restore', 'bad-input', 'carried'];

export default class LongestFirst extends BaseSequencer {
  async sort(files) {
    const place = ({ moduleId }) => {
      const found = LONG.indexOf(basename(moduleId, '.test.js'));
      return found === -1 ? LONG.length : found;
    };
    return [...files].sort((a, b) => place(a) - place(b) || a.moduleId.localeCompare(b.moduleId));
  }
}
