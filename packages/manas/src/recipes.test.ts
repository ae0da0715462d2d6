import { testRecipes } from '@unweather/testing';
import { manas } from './paper.js';

testRecipes(manas);
