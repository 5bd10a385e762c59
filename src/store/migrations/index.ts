// All migrations, oldest first. The number of a migration is its place in this list, counted from 1.

import { initial } from './001-initial.ts';
import { heldSets } from './002-held-sets.ts';
import { refusals } from './003-refusals.ts';
import { changes } from './004-changes.ts';

export const MIGRATIONS: readonly string[] = [initial, heldSets, refusals, changes];
