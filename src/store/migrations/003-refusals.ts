// Whose operations Workshop refuses run after run, and how many commits the disk has confirmed.

export const refusals = `
-- What Workshop refused in the last run that asked for it; applied, or no longer wanted, it is forgotten.
CREATE TABLE refusal (
  external_id TEXT PRIMARY KEY,
  feed        TEXT NOT NULL,
  -- What exactly: another operation on the same contact is another matter.
  kind        TEXT NOT NULL,
  body        TEXT,
  -- In how many runs in a row, and since when.
  runs        INTEGER NOT NULL CHECK (runs > 0),
  since_ms    INTEGER NOT NULL,
  last_run    TEXT NOT NULL REFERENCES run (id)
) STRICT, WITHOUT ROWID;

-- Compared with the file beside the database: src/store/disk-watch.ts says why.
CREATE TABLE commit_count (count INTEGER NOT NULL) STRICT;
INSERT INTO commit_count VALUES (0);

-- The number of runs in a row as it was when this one was refused.
ALTER TABLE operation ADD COLUMN refused_runs INTEGER CHECK (refused_runs IS NULL OR state = 'refused');
`;
