/** A package's command line. */
export interface CommandPlace {
  /** Folder of the package: a URL ending in a slash. */
  readonly home: URL;
  /** Name of the package without its scope, which is its name in nx, too. */
  readonly name: string;
  /** Name of its program; default: `name`. */
  readonly program?: string;
}

/**
 * Text that runs a command of a package where the package lies: through nx in the repository; through npx where npm has
 * installed it, which has no nx. It names the package, since another one might be called like its program.
 * @param command `train --task rain`
 */
export function commandOf({ home, name, program = name }: CommandPlace, command: string): string {
  if (home.pathname.includes('/node_modules/')) return `npx --package @unweather/${name} ${program} ${command}`;
  const [target, ...options] = command.split(' ');
  return `npx nx run ${name}:${target}${options.length > 0 ? ` -- ${options.join(' ')}` : ''}`;
}
