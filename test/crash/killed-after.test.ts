// The crash matrix, generated from the transitions of the journal: killed after every kind of them.

import { describeKills } from '../support/kills.ts';

describeKills('after', 52);
