import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'unweather-';

export const temporaryFolder = () => mkdtemp(join(tmpdir(), PREFIX));

export const isTemporaryFolder = (name) => name.startsWith(PREFIX) && /^[^-]{6}$/.test(name.slice(PREFIX.length));
