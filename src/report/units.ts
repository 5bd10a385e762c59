// Numbers, sizes and times as people read them. The same on every machine: English digits, UTC.

const GROUPED = new Intl.NumberFormat('en-US');

/** `4,812` */
export function number(count: number): string {
  return GROUPED.format(count);
}

/** `1 row`, `3 rows` */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${number(count)} ${count === 1 ? singular : plural}`;
}

/** `812 bytes`, `1.2 MB`: powers of 1000, as `ls -h --si` shows them. */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return counted(bytes, 'byte');
  let size = bytes / 1000;
  const units = ['kB', 'MB', 'GB', 'TB'];
  while (size >= 999.5 && units.length > 1) {
    size /= 1000;
    units.shift();
  }
  return `${size.toFixed(size < 99.95 ? 1 : 0)} ${units[0] ?? 'TB'}`;
}

/** `45 ms`, `12.3 s`, `4 min 5 s`, `3 h 12 min`, `2 d 4 h`; never negative. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(seconds, [60, 'min'], [1, 's']);
  if (seconds < 86_400) return pair(seconds, [3600, 'h'], [60, 'min']);
  return pair(seconds, [86_400, 'd'], [3600, 'h']);
}

/** `2026-11-23 02:15:04 UTC` of an ISO timestamp. */
export function moment(isoTimestamp: string): string {
  return `${isoTimestamp.slice(0, 10)} ${isoTimestamp.slice(11, 19)} UTC`;
}

/** `a`, `a and b`, `a, b and c` */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

type Unit = readonly [seconds: number, name: string];

function pair(seconds: number, large: Unit, small: Unit): string {
  const rest = Math.floor((seconds % large[0]) / small[0]);
  const head = `${number(Math.floor(seconds / large[0]))} ${large[1]}`;
  return rest === 0 ? head : `${head} ${rest} ${small[1]}`;
}
