// Makes the pictures in docs/ from a real run. By hand: `npm run screenshots`, with the Inter typeface installed.

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { nameAttendees, openMail, registerByApi, startBrowser, startSystem, toNextMonth } from './system.mjs';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
const WIDTH = 1200;
const TALLEST = 1600;
const DPI = '80';

// 37 accepted and 6 declined, by the days on which they answer.
const ANSWERS = [
  ['no', 'Friederike Ahlers'],
  ['yes', 'Mehmet Aydın', 'Elif Aydın'],
  ['yes', 'Hinrich Behrens', 'Gesa Behrens', 'Jonte Behrens'],
  ['yes', 'Claudia Brinkmann', 'Olaf Brinkmann', 'Nils Ehlers', 'Svenja Ehlers'],
  null,
  ['yes', 'Ngoc Anh Tran'],
  ['no', 'Dieter Cordes', 'Helga Cordes'],
  ['yes', 'Wiebke Dittmer', 'Arne Dittmer'],
  ['yes', 'Julia Fehling', 'Markus Fehling', 'Karsten Grote', 'Birte Grote', 'Uwe Heins'],
  ['yes', 'Agnieszka Kowalska', 'Piotr Kowalski'],
  null,
  ['yes', 'Sönke Intemann', 'Antje Intemann', 'Lasse Intemann'],
  ['no', 'Jürgen Kahrs', 'Renate Kahrs', 'Malte Kahrs'],
  ['yes', 'Inge Lütjen', 'Heiko Lütjen'],
  ['yes', 'Thomas Meyerdierks', 'Sabine Meyerdierks', 'Ole Meyerdierks', 'Finja Meyerdierks'],
  null,
  ['yes', 'Katharina Oetjen', 'Bernd Oetjen'],
  ['yes', 'Volker Röhrs', 'Ute Röhrs', 'Paula Schröder', 'Emil Schröder'],
  ['yes', 'Änne Groß'],
];

const system = await startSystem();
const fonts = await mkdtemp(join(tmpdir(), 'einlass-fonts-'));
let browser;
try {
  browser = await startBrowser({ env: { ...process.env, FONTCONFIG_FILE: await typeface(fonts) } });
  const page = await browser.newPage({ locale: 'de-DE', viewport: { width: WIDTH, height: 900 }, deviceScaleFactor: 1 });
  await takePictures(page);
} finally {
  await browser?.close();
  await system.stop();
  await rm(fonts, { recursive: true });
}

async function takePictures(page) {
  const [openEvent] = system.pages;
  await page.goto(openEvent);
  await page.getByLabel('Ja, ich komme gern').check();
  await picture(page, 'registration-de');

  await nameAttendees(page, [['Marlene', 'Petersen'], ['Jörg', '']]);
  await page.getByLabel('E-Mail-Adresse').fill('marlene.petersen@');
  await page.getByRole('button', { name: 'Antwort senden' }).click();
  await page.getByRole('alert').waitFor();
  await picture(page, 'form-errors');

  await page.getByRole('group', { name: 'Teilnehmer 2' }).getByLabel('Nachname').fill('Petersen');
  await page.getByLabel('E-Mail-Adresse').fill('marlene.petersen@beispiel.example');
  await page.getByRole('button', { name: 'Antwort senden' }).click();
  const confirmation = await openMail(page, system.mailbox, 'marlene.petersen@', 'Ihre Antwort');
  await confirmation.getByRole('link', { name: 'Antwort ansehen oder ändern' }).click();
  await page.waitForURL(/\/r\//);
  await picture(page, 'personal-link');

  await answerOverTheWeek();
  await signIn(page);
  await page.getByRole('link', { name: 'Empfang der Wirtschaftsförderung' }).click();
  await page.locator('.totals').waitFor();
  await picture(page, 'console-event', 1000);

  await toNextMonth(page, system.clock);
  await picture(page, 'clock', 900);

  const bill = await openMail(page, system.mailbox, 'buchhaltung@', 'Rechnung RE-2026-');
  await picture(page, 'mailbox');
  await printed(page);
  await bill.getByRole('link', { name: 'Online bezahlen' }).click();
  await page.getByRole('button', { name: 'Jetzt online bezahlen' }).click();
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await page.getByText('Diese Rechnung ist bezahlt.').waitFor();
  await signIn(page);
  await picture(page, 'console');

  // To the January after the first whole year.
  for (let month = 0; month < 13; month += 1) {
    await page.goto(system.clock);
    await Promise.all([
      page.waitForNavigation(),
      page.getByRole('button', { name: 'To the start of the next month' }).click(),
    ]);
    await page.getByRole('button', { name: '+1 hour' }).waitFor({ timeout: 180_000 });
  }
  await signIn(page);
  await page.goto(`${system.origin}/console/figures/2027?lang=de`);
  await picture(page, 'figures');
}

async function answerOverTheWeek() {
  const day = new Date('2026-11-02T11:20:00+01:00');
  for (const answer of ANSWERS) {
    if (answer === null) {
      day.setDate(day.getDate() + 1);
      const moved = await fetch(system.clock, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ now: day.toISOString() }),
      });
      if (!moved.ok) throw new Error(`the clock answered with ${moved.status}`);
      continue;
    }
    const [key, ...people] = answer;
    const attendees = people.map((person) => {
      const [, first_name, last_name] = /^(.+) (\S+)$/.exec(person);
      return { first_name, last_name };
    });
    await registerByApi(system.origin, 'empfang', { email: `${spelled(people[0])}@beispiel.example`, answer: key, attendees });
  }
}

/** A name as it stands in an address: Änne Groß is aenne.gross. */
function spelled(name) {
  const letters = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', ı: 'i', ' ': '.' };
  return name.toLowerCase().replace(/[^a-z]/g, (letter) => letters[letter] ?? '');
}

async function signIn(page) {
  await page.goto(system.console);
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.getByRole('heading', { name: 'Veranstaltungen', exact: true }).waitFor();
}

/** The first page of the invoice as it is printed. */
async function printed(page) {
  const link = page.locator('.attachments a').first();
  const response = await page.request.get(new URL(await link.getAttribute('href'), page.url()).href);
  const folder = await mkdtemp(join(tmpdir(), 'einlass-pdf-'));
  await writeFile(join(folder, 'invoice.pdf'), await response.body());
  execFileSync('pdftoppm', ['-r', DPI, '-f', '1', '-l', '1', '-singlefile', '-png', join(folder, 'invoice.pdf'), join(DOCS, 'invoice')]);
  await rm(folder, { recursive: true });
}

async function picture(page, name, tallest = TALLEST) {
  await page.waitForLoadState();
  // The last click leaves neither a focus nor a caret.
  await page.evaluate(() => document.activeElement?.blur());
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const clip = { x: 0, y: 0, width: WIDTH, height: Math.min(height, tallest) };
  await page.screenshot({ path: join(DOCS, `${name}.png`), fullPage: true, clip });
}

/** Without a desktop there is no `system-ui`; this says which typeface it is, on every machine the same. */
async function typeface(folder) {
  const file = join(folder, 'fonts.conf');
  const alias = (family) => `<match target="pattern"><test name="family"><string>${family}</string></test>`
    + '<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>';
  await writeFile(file, `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
    <dir>/usr/share/fonts</dir><cachedir>${folder}</cachedir>${alias('system-ui')}${alias('sans-serif')}</fontconfig>`);
  return file;
}
