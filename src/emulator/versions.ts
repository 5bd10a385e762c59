// What each dated version of the API does differently; `/v1` stays in the path whatever the version.

import { type Answer, failure } from './exchange.ts';

export interface VersionTraits {
  readonly pageObject: 'list' | 'array';
  readonly defaultLimit: number;
  /** false: PATCH replaces the whole attributes object. */
  readonly mergesAttributes: boolean;
  /** false: `external` is an unknown parameter and ignored. */
  readonly knowsExternal: boolean;
}

export type ApiVersion = '1.0' | '1.1' | '1.2';

const VERSIONS: Readonly<Record<ApiVersion, VersionTraits>> = {
  '1.0': { pageObject: 'list', defaultLimit: 5, mergesAttributes: false, knowsExternal: false },
  '1.1': { pageObject: 'array', defaultLimit: 50, mergesAttributes: false, knowsExternal: false },
  '1.2': { pageObject: 'array', defaultLimit: 50, mergesAttributes: true, knowsExternal: true },
};

export function isApiVersion(value: unknown): value is ApiVersion {
  return typeof value === 'string' && Object.hasOwn(VERSIONS, value);
}

/**
 * The version a request asks for. Without a Workshop-Version header, the one pinned on the key; a header that names
 * no version is refused with 400: silently answering in another version would hide a client's mistake.
 */
export function versionOf(header: string | string[] | undefined, pinned: ApiVersion): VersionTraits | Answer {
  const asked = (Array.isArray(header) ? header.join(', ') : (header ?? '')).trim();
  if (asked === '') return VERSIONS[pinned];
  if (isApiVersion(asked)) return VERSIONS[asked];
  const known = Object.keys(VERSIONS).join(', ');
  return failure(400, `Workshop-Version must be one of ${known}; "${asked}" is not.`);
}
