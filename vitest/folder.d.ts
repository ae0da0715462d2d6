/** Makes a fresh folder for one test's files; it goes when the file of tests ends. @returns its path */
export function temporaryFolder(): Promise<string>;

/** Whether `temporaryFolder` made the folder of this name. */
export function isTemporaryFolder(name: string): boolean;
