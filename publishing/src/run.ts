import { execFile } from 'node:child_process';

/** Runs a command. @returns its standard output @throws Error with all its output if it fails */
export function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const shell = process.platform === 'win32';
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd, env, shell, maxBuffer: 2 ** 27 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command} ${args.join(' ')}: ${error.message}\n${stdout}\n${stderr}`));
      else resolve(stdout);
    });
  });
}

/**
 * Environment without the settings of the user and of the npm and nx that run the tests, and without access to other
 * machines: requests outside of loopback go to a proxy that does not exist.
 */
export function isolated(folder: string, registry?: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|nx_|node_|init_cwd|vitest|git_)|proxy/i.test(name),
  );
  const nowhere = 'http://127.0.0.1:9';
  return {
    ...Object.fromEntries(own),
    HOME: folder,
    USERPROFILE: folder,
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    GIT_CONFIG_NOSYSTEM: '1',
    npm_config_cache: `${folder}/npm-cache`,
    npm_config_update_notifier: 'false',
    npm_config_registry: registry ?? nowhere,
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    NO_PROXY: '127.0.0.1',
  };
}
