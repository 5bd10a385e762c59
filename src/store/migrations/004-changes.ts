// Feeds of changes read every file once, and again as long as something of it is open.

export const changes = `
-- 1: a file of changes of which nothing is left to do.
ALTER TABLE file ADD COLUMN is_done INTEGER NOT NULL DEFAULT 0 CHECK (is_done IN (0, 1) AND (is_done = 0 OR verdict = 'accepted'));
CREATE INDEX file_by_name ON file (feed, name);
-- Who was removed or got another id lately: an old file of another feed does not bring them back.
CREATE INDEX operation_gone ON operation (settled_at_ms) WHERE state = 'applied' AND kind IN ('delete', 'rekey');
`;
