import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { serveApp } from './serve-app.js';

// nx run demo:serve

const APP = fileURLToPath(new URL('./app', import.meta.url));

new Command('serve')
  .option('--app <folder>', 'folder that build wrote', APP)
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--port <number>', 'port to listen on', '8080')
  .action(({ app, host, port }: { app: string; host: string; port: string }) => {
    const server = serveApp(app);
    server.on('error', (thrown) => {
      console.error(`error: ${host}:${port} cannot be served (${thrown.message}); choose another --port`);
      process.exitCode = 1;
    });
    server.listen(Number(port), host, () => {
      console.log(`http://${host}:${(server.address() as AddressInfo).port}/ (Ctrl-C ends it)`);
    });
  })
  .parse();
