import { testRecipes } from '@unweather/testing';
import { afrnet } from './paper.js';

testRecipes(afrnet);
