// Starts the whole system on this machine for one run, and ends it again.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { chromium } from 'playwright-core';

const READY_MS = 60_000;
const END_MS = 10_000;

/** Monday morning; the event of the first start is on Saturday of the same week. */
export const START = '2026-11-02T09:00:00+01:00';

/** Starts the program of EINLASS_BIN on a free port and gives the addresses it prints, by their names. */
export async function startSystem() {
  const program = process.env.EINLASS_BIN;
  if (!program) {
    throw new Error('EINLASS_BIN must be the path of the program that `cargo build -p local` makes');
  }
  const folder = await mkdtemp(join(tmpdir(), 'einlass-browser-'));
  const port = process.env.EINLASS_PORT ?? '0';
  const child = spawn(program, ['--port', port, '--data', folder, '--date', START], { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let printed = '';
  let logged = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { printed += text; });
  child.stderr.setEncoding('utf8').on('data', (text) => { logged += text; });
  const ended = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT');
      await Promise.race([ended, pause(END_MS, undefined, { ref: false })]);
      kill();
      await ended;
    }
    process.removeListener('exit', kill);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const deadline = Date.now() + READY_MS;
    while (!printed.includes('Ctrl-C')) {
      if (child.exitCode !== null) throw new Error(`the program ended by itself:\n${logged}`);
      if (Date.now() > deadline) throw new Error(`the program did not say that it is ready:\n${printed}${logged}`);
      await pause(50);
    }
    const addresses = Object.fromEntries([...printed.matchAll(/^ {2}(\w+)\b[^\n]*?(http:\S+)/gm)].map(([, name, url]) => [name, url]));
    const pages = [...printed.matchAll(/http:\S+\/e\/\S+/g)].map(([url]) => url);
    return { ...addresses, pages, origin: new URL(addresses.overview).origin, pid: child.pid, log: () => logged, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Chromium as the distribution ships it; another one by CHROMIUM. */
export function startBrowser(options = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox'],
    ...options,
  });
}

/** Opens the newest mail to `to` whose subject contains `subject`, in the mailbox, as soon as it is there. */
export async function openMail(page, mailbox, to, subject) {
  const mail = page.locator('ul.list li a').filter({ hasText: to }).filter({ hasText: subject }).first();
  const deadline = Date.now() + 20_000;
  for (;;) {
    await page.goto(mailbox);
    if (await mail.count() > 0) break;
    if (Date.now() > deadline) throw new Error(`no mail "${subject}" to ${to} has arrived`);
    await pause(200);
  }
  await mail.click();
  await page.getByRole('heading', { level: 1, name: subject }).waitFor();
  return page.frameLocator('iframe.mail');
}

/** Sends a registration as another system would. */
export async function registerByApi(origin, event, registration) {
  const reply = await fetch(`${origin}/api/v1/events/${event}/registrations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': 'de' },
    body: JSON.stringify(registration),
  });
  if (reply.status !== 201) throw new Error(`the registration was answered with ${reply.status}: ${await reply.text()}`);
  return reply.json();
}

/** Fills the attendee lines of the form, opening further ones where needed. */
export async function nameAttendees(page, people) {
  const more = page.locator('details:not([open]) > summary');
  if (people.length > 1 && await more.count() > 0) await more.click();
  const lines = page.locator('#attendees [role=group]');
  for (const [index, [first, last]] of people.entries()) {
    await lines.nth(index).getByRole('textbox').nth(0).fill(first);
    await lines.nth(index).getByRole('textbox').nth(1).fill(last);
  }
}

/** Moves the clock by the button of its page and waits until it is there. */
export async function toNextMonth(page, clock) {
  await page.goto(clock);
  await page.getByRole('button', { name: 'To the start of the next month' }).click();
  // The page refreshes itself; the buttons come back when the time is there.
  await page.getByText('1 December 2026').first().waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: '+1 hour' }).waitFor({ timeout: 180_000 });
}
