// The crash matrix, generated from the transitions of the journal: killed before every kind of them.

import { describeKills } from '../support/kills.ts';

describeKills('before', 52);
