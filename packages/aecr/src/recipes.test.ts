import { testRecipes } from '@unweather/testing';
import { aecr } from './paper.js';

testRecipes(aecr);
