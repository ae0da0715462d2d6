import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @returns where Chromium lies @throws Error saying how it is installed */
export function browserPath(): string {
  const { CHROME_PATH, PATH = '' } = process.env;
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const candidates = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = CHROME_PATH ?? candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error('no Chromium to open the page in: "apt-get install chromium", or name one by CHROME_PATH');
}
