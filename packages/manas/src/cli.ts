import { runCli } from '@unweather/lab';
import { addSearch } from './study/search/command.js';
import { study } from './study/study.js';

await runCli(study, { own: { more: addSearch } });
