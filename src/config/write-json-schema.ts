// Writes config/workshop-sync.schema.json anew; run by the package script `schema` after the schema changed.

import { writeFileSync } from 'node:fs';
import { publishedJsonSchema } from './json-schema.ts';

writeFileSync(new URL('../../config/workshop-sync.schema.json', import.meta.url), publishedJsonSchema());
