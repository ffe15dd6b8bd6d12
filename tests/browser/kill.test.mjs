// The process is killed at any moment, again and again, and started on what it kept: what it acknowledged is there,
// once; the invoice is right, and there is one.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

const PEOPLE = 40;
/** Customers of the demo that are billed for November, this one among them. */
const BILLED = 6;
const isInvoice = (mail) => mail.to[0] === 'buchhaltung@musterhaus.example' && mail.subject.startsWith('Rechnung');
const numbersOf = (mails) => new Set(mails.map((mail) => mail.subject).filter((subject) => subject.startsWith('Rechnung')));
/** Milliseconds a process lives while people register, and while the month passes. */
const LIVES = [350, 150, 600, 250, 900];
const TRAVELS = [20, 400, 150, 900, 60, 1500];

async function start(folder, ...options) {
  const child = spawn(process.env.EINLASS_BIN, ['--port', '0', '--data', folder, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    printed += text;
    if (printed.includes('Ctrl-C')) break;
  }
  const origin = printed.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
  assert.ok(origin, `the program is ready: ${printed}`);
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  };
  return { origin, kill };
}

/** Sends a request; undefined if the process died before it answered. */
async function ask(origin, path, body) {
  const init = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  try {
    const response = await fetch(origin + path, init);
    return { status: response.status, text: await response.text() };
  } catch {
    return undefined;
  }
}

// The demo's other customers have guests of their own.
const isConfirmation = (mail) => mail.subject.startsWith('Ihre Antwort') && /^p\d+@example\.org$/.test(mail.to[0]);
const person = (index) => ({ email: `p${index}@example.org`, answer: 'yes', attendees: [{ first_name: 'Anna', last_name: `Berger${index}` }] });

test('killed at any moment, nothing is lost and nothing doubled', { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'einlass-kill-'));
  let system = await start(folder, '--date', '2026-11-02T09:00:00+01:00');
  try {
    let next = 0;
    for (const life of LIVES) {
      const end = pause(life).then(system.kill);
      // Whoever gets no answer sends the same again, as people do.
      while (next < PEOPLE) {
        const reply = await ask(system.origin, '/api/v1/events/empfang/registrations', person(next));
        if (reply === undefined) break;
        if (reply.status === 201) next += 1;
      }
      await end;
      system = await start(folder);
    }
    while (next < PEOPLE) {
      assert.equal((await ask(system.origin, '/api/v1/events/empfang/registrations', person(next))).status, 201);
      next += 1;
    }
    const to = { now: '2026-12-01T03:30:00+01:00' };
    for (const life of TRAVELS) {
      const end = pause(life).then(system.kill);
      await ask(system.origin, '/_local/clock', to);
      await end;
      system = await start(folder);
    }
    const there = await ask(system.origin, '/_local/clock', to);
    // A clock that has passed the time already refuses to go back; then the journey ended before a kill.
    assert.ok(there.status === 200 || there.text.includes('only moves forward'), there.text);
    let mails;
    for (let tries = 0; tries < 100; tries += 1) {
      mails = JSON.parse((await ask(system.origin, '/_local/mail.json')).text);
      const confirmed = new Set(mails.filter(isConfirmation).map((mail) => mail.to[0]));
      if (confirmed.size === PEOPLE && mails.some(isInvoice) && numbersOf(mails).size === BILLED) break;
      await pause(100);
    }
    const confirmations = new Map();
    for (const mail of mails.filter(isConfirmation)) {
      confirmations.set(mail.to[0], (confirmations.get(mail.to[0]) ?? new Set()).add(mail.message_id));
    }
    assert.equal(confirmations.size, PEOPLE, 'everybody has a confirmation');
    // A mail that was on its way when the process died may come twice, named the same.
    assert.ok([...confirmations.values()].every((names) => names.size === 1));
    const invoices = mails.filter(isInvoice);
    assert.equal(new Set(invoices.map((mail) => mail.subject)).size, 1, 'one invoice');
    const expected = Array.from({ length: BILLED }, (_, index) => `Rechnung RE-2026-0000${index + 1}`);
    assert.deepEqual([...numbersOf(mails)].sort(), expected, 'numbers without gap or twin');
    // 40 × 3.00 € = 120.00 € net, 142.80 € with VAT.
    assert.ok(invoices.every((mail) => mail.text.includes('120,00\u00a0€') && mail.text.includes('142,80\u00a0€')), invoices[0].text);
  } finally {
    await system.kill();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
});
