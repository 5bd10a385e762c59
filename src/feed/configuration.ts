// What of a feed's configuration the rest of the run asks about.

import { createHash } from 'node:crypto';
import type { FeedSettings } from '../config/settings.ts';

/** The attribute keys that the feed maps. */
export function attributeKeys(feed: FeedSettings): Set<string> {
  return new Set(Object.keys(feed.mapping.attributes));
}

/** Whatever of the configuration decides what a file means: with another hash, the same content is read again. */
export function configurationHash({ kind, missing, deleteAfter, format, mapping }: FeedSettings): string {
  return createHash('sha256').update(JSON.stringify({ kind, missing, deleteAfter, format, mapping })).digest('hex');
}
