/** Makes a fresh folder for one test's files; it goes when the file of tests ends. @returns its path */
export function temporaryFolder(): Promise<string>;

/** True for the name of a folder that `temporaryFolder` made. */
export function isTemporaryFolder(name: string): boolean;
