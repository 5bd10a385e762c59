import { request } from 'undici';
import { expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';

test('the process that runs an emulator keeps its own Request and Response', async () => {
  const { Request: requestBefore, Response: responseBefore } = globalThis;
  const emulator = await startEmulator();
  expect(globalThis.Request).toBe(requestBefore);
  expect(globalThis.Response).toBe(responseBefore);
  await emulator.close();
});

test('close cuts connections that still wait for an answer', async () => {
  const emulator = await startEmulator();
  const origin = new URL(emulator.url).origin;
  const rule = JSON.stringify({ delay_ms: 60_000 });
  await (await request(`${origin}/_emulator/faults`, { method: 'POST', body: rule })).body.dump();
  const waiting = request(`${emulator.url}/v1/contacts`).then(
    () => 'answered',
    () => 'cut',
  );
  await expect.poll(async () => (await fetch(`${origin}/_emulator/requests`)).text()).toContain('"total":1');
  await emulator.close();
  expect(await waiting).toBe('cut');
});

test('two emulators in one process share nothing', async () => {
  const [one, other] = await Promise.all([startEmulator(), startEmulator()]);
  expect(one.port).not.toBe(other.port);
  const place = `${new URL(one.url).origin}/_emulator/contacts`;
  await (await request(place, { method: 'POST', body: '{"external_id":"A"}' })).body.dump();
  const seen = await request(`${new URL(other.url).origin}/_emulator/contacts`);
  expect(await seen.body.json()).toEqual([]);
  await Promise.all([one.close(), other.close()]);
});
