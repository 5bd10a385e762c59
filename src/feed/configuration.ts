// What of a feed's configuration the rest of the run asks about.

import { createHash } from 'node:crypto';
import type { ManagedFields } from '../apply/managed.ts';
import type { FeedSettings } from '../config/settings.ts';

/**
 * The attribute keys that a contact of the feed may have; any other is removed from it. What a full feed maps is not
 * removed because a file of changes, which may tell less of a person, was the last to speak of them.
 */
export function attributeKeys(feeds: readonly FeedSettings[], feed: FeedSettings): Set<string> {
  const mapping = feed.kind === 'changes' ? feeds : [feed];
  return new Set(mapping.flatMap(({ mapping: { attributes } }) => Object.keys(attributes)));
}

/** What the feed of that name writes into its contacts; nothing when it is no longer configured. */
export function managedFields(feeds: readonly FeedSettings[], name: string): ManagedFields {
  const mapping = feeds.find((feed) => feed.name === name)?.mapping;
  const attributes = Object.entries(mapping?.attributes ?? {}).map(([key, { blank }]) => [key, blank] as const);
  return { phoneNumber: mapping?.phoneNumber?.blank ?? 'keep', attributes: new Map(attributes) };
}

/** Whatever of the configuration decides what a file means: with another hash, the same content is read again. */
export function configurationHash(feed: FeedSettings): string {
  const { kind, missing, deleteAfter, packing, format, mapping } = feed;
  const deciding = { kind, missing, deleteAfter, packing, format, mapping };
  return createHash('sha256').update(JSON.stringify(deciding)).digest('hex');
}
