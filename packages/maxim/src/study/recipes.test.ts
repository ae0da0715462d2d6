import { testRecipes } from '@unweather/testing';
import { study } from './study.js';

testRecipes(study);
