import { describe, expect, it } from 'vitest';
import { replaceVariables } from '../../src/config/variables.ts';
import { added, changed, problemsOf, SMALLEST, settingsOf, withEmail } from './written.ts';

describe('variables in the configuration', () => {
  it('are replaced, also inside longer text', () => {
    expect(replaceVariables('${A}-${B}', { A: 'x', B: '${A}' }).text).toBe('x-${A}');
  });

  it('take their default when they are not set or empty', () => {
    expect(replaceVariables('${A:-x}/${B:-y}/${C:-}', { B: '' }).text).toBe('x/y/');
    expect(replaceVariables('${A:-x}', { A: 'set' }).text).toBe('set');
  });

  it('are left alone after a second dollar sign', () => {
    expect(replaceVariables('$${A} $A ${B}', { A: 'x', B: 'y' }).text).toBe('${A} $A y');
  });

  it('that are not set are a problem with name and line', () => {
    expect(problemsOf(changed('${WORKSHOP_API_KEY}', '${OTHER_KEY}'))).toEqual([
      'line 2: workshop.api_key needs the environment variable OTHER_KEY, which is not set',
    ]);
  });

  it('do not find what every object inherits', () => {
    expect(replaceVariables('${constructor}', {}).problems).toHaveLength(1);
  });

  it.each(['${not closed', '${}', '${A B}', '${1A}', '${A-x}'])('that read %s are a problem', (text) => {
    expect(replaceVariables(text, {}).problems).toEqual([
      'has a "${" that is no reference to a variable: write ${NAME} or ${NAME:-default}, or $${ for the characters themselves',
    ]);
  });

  it('give numbers, and nothing, where these belong', () => {
    const text = added('server: { port: "${PORT:-9090}" }').replace(
      'kind: full',
      'kind: full\n    max_age: ${MAX_AGE:-}',
    );
    expect(settingsOf(text).server?.port).toBe(9090);
    expect(settingsOf(text, { PORT: '81', MAX_AGE: '26h' })).toMatchObject({
      server: { port: 81 },
      feeds: [{ maxAgeMs: 93_600_000 }],
    });
    expect(settingsOf(text).feeds[0]?.maxAgeMs).toBeNull();
  });

  it('are not replaced in keys, and cannot add structure', () => {
    expect(settingsOf(withEmail('"${COLUMN}"'), { COLUMN: 'a: [b' }).feeds[0]?.mapping.email.columns).toEqual([
      'a: [b',
    ]);
    const attributes = changed('email: Email', 'email: Email\n      attributes: { "${NAME}": Dept }');
    expect(Object.keys(settingsOf(attributes, { NAME: 'x' }).feeds[0]?.mapping.attributes ?? {})).toEqual(['${NAME}']);
  });

  it('in comments do not matter', () => {
    expect(problemsOf(`# \${NOWHERE}\n${SMALLEST}`)).toEqual([]);
  });
});
