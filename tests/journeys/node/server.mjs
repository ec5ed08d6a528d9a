// What the scripts need beside the client under test: codes from the outbox, and one-time passwords by RFC 6238.

import { createHmac } from 'node:crypto';

const STEP_S = 30;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export const [url, userPoolId, clientId, name] = process.argv.slice(2);
export const password = 'Correct-horse-7';
export const email = `${name}@example.com`;

/** Say which step is done; the test reads it. */
export function done(step) {
  console.log(`done: ${step}`);
}

/** Return the newest code that was sent to the person. */
export async function sentCode() {
  const answer = await fetch(`${url}/_dev/outbox?to=${encodeURIComponent(email)}`);
  return (await answer.json()).messages[0].code;
}

/** Move the server's clock by one step, so that the next one-time password is a fresh one. */
export async function waitForTheNextOneTimePassword() {
  await fetch(`${url}/_dev/clock`, { method: 'POST', body: JSON.stringify({ advance: STEP_S }) });
}

/** Return the one-time password of the server's present moment. */
export async function oneTimePassword(secret) {
  const { now } = await (await fetch(`${url}/_dev/clock`)).json();
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.parse(now) / 1000 / STEP_S)));
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = digest[19] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

function fromBase32(text) {
  const bits = [...text].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}
