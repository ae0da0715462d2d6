import { runCli } from '@unweather/lab';
import { study } from './study/study.js';

await runCli(study);
