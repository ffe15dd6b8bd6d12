// The journey of a stranger through the whole system in a real browser: registering, answering by mail, signing in,
// letting the month end, and paying its invoice. Only printed addresses are typed; everything else is clicked.

import assert from 'node:assert/strict';
import test from 'node:test';

import {
  bytesOf, look, noSidewaysScrolling, pdfText, register, sendForm, signIn, spaced, tabTo, totals, typedNames,
} from './people.mjs';
import { nameAttendees, openMail, registerByApi, startBrowser, startSystem, toNextMonth } from './system.mjs';

const ANNA = 'anna.gross@beispiel.example';
const BILLING = 'buchhaltung@musterhaus.example';
let number;

test('the journey of a stranger', { timeout: 600_000 }, async (t) => {
  const system = await startSystem();
  t.after(() => system.stop());
  const browser = await startBrowser();
  t.after(() => browser.close());
  const [openEvent, limitedEvent] = system.pages;

  // What must not happen on any page, wherever the journey leads.
  const faults = [];
  let expectedRefusals = 0;
  const watch = (page) => {
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      // The browser reports the form that was refused on purpose.
      if (/status of 4\d\d/.test(message.text()) && expectedRefusals > 0) { expectedRefusals -= 1; return; }
      faults.push(`${page.url()}: ${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`));
    page.on('requestfailed', (request) => faults.push(`${request.url()}: ${request.failure()?.errorText}`));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && url.hostname !== '127.0.0.1') faults.push(`a request left the machine: ${url}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 500) faults.push(`${response.url()}: ${response.status()}`);
    });
    return page;
  };
  const open = async (options = {}) => {
    const context = await browser.newContext({ locale: 'de-DE', ...options });
    context.on('page', watch);
    return { context, page: await context.newPage() };
  };

  // Each step builds on the one before: after a failure the rest says nothing.
  let broken = false;
  let current;
  const step = (name, act) => t.test(name, async (own) => {
    if (broken) return own.skip('an earlier step failed');
    try {
      await act();
      assert.deepEqual(faults.splice(0), [], 'nothing is reported by the browser');
    } catch (error) {
      broken = true;
      const seen = await current?.locator('body').innerText({ timeout: 2_000 }).catch(() => '');
      error.message += `\n\nat ${current?.url()}\n${seen?.slice(0, 1_500)}\n${system.log().slice(-1_500)}`;
      throw error;
    }
  });

  const stranger = await open();
  const page = current = stranger.page;

  await step('the page speaks the language of the browser, and the other one by a link', async () => {
    await page.goto(openEvent);
    await look(page, 'de');
    await page.getByRole('heading', { level: 1, name: 'Empfang der Wirtschaftsförderung' }).waitFor();
    await page.getByText('7. November 2026, 18:00 bis 22:00 Uhr').waitFor();
    await page.getByRole('link', { name: 'English' }).click();
    await look(page, 'en');
    await page.getByRole('heading', { level: 1, name: 'Business development reception' }).waitFor();
    await page.getByRole('button', { name: 'Send answer' }).waitFor();
    await page.getByRole('link', { name: 'Deutsch' }).click();
    await look(page, 'de');

    const english = await open({ locale: 'en-GB' });
    await english.page.goto(openEvent);
    await look(english.page, 'en');
    const french = await open({ locale: 'fr-FR' });
    await french.page.goto(openEvent);
    await look(french.page, 'de');
    await Promise.all([english.context.close(), french.context.close()]);
  });

  await step('an empty form is refused and every wrong field is named', async () => {
    await page.goto(openEvent);
    expectedRefusals = 1;
    assert.equal(await sendForm(page, 'Antwort senden'), 422);
    await look(page, 'de');
    const summary = page.getByRole('alert');
    await summary.getByText('Es wurde noch nichts gespeichert').waitFor();
    for (const name of ['Ihre Antwort', 'Vorname (Teilnehmer 1)', 'Nachname (Teilnehmer 1)', 'E-Mail-Adresse']) {
      await summary.getByRole('link', { name, exact: true }).waitFor();
    }
    assert.equal(await summary.getByRole('listitem').count(), 4);
    for (const name of ['Vorname', 'Nachname', 'E-Mail-Adresse']) {
      const field = page.getByLabel(name, { exact: true }).first();
      assert.equal(await field.getAttribute('aria-invalid'), 'true', name);
      const described = await field.getAttribute('aria-describedby');
      assert.match(await page.locator(`#${described.split(" ")[0]}`).innerText(), /Bitte/, `${name} says what would be right`);
    }
    await summary.getByRole('link', { name: 'E-Mail-Adresse' }).click();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'email', 'the list leads to the field');
  });

  await step('what was typed stays, and the corrected form is thanked for', async () => {
    await page.getByLabel('Ja, ich komme gern').check();
    await nameAttendees(page, [['Änne', 'Groß'], ['Jörg', ''], ['Émilie', "O'Neill"]]);
    await page.getByLabel('E-Mail-Adresse').fill('anna.gross@');
    expectedRefusals = 1;
    assert.equal(await sendForm(page, 'Antwort senden'), 422);
    await look(page, 'de');
    const summary = page.getByRole('alert');
    assert.deepEqual((await summary.getByRole('link').allInnerTexts()).sort(), ['E-Mail-Adresse', 'Nachname (Teilnehmer 2)']);
    assert.equal(await page.getByLabel('Ja, ich komme gern').isChecked(), true);
    assert.equal(await page.getByLabel('E-Mail-Adresse').inputValue(), 'anna.gross@');
    assert.deepEqual(await typedNames(page), [['Änne', 'Groß'], ['Jörg', ''], ['Émilie', "O'Neill"], ['', ''], ['', '']]);
    const third = page.getByRole('group', { name: 'Teilnehmer 3' });
    assert.equal(await third.isVisible(), true, 'lines that are filled in are shown');

    await page.getByRole('group', { name: 'Teilnehmer 2' }).getByLabel('Nachname').fill('Weiß-Yılmaz');
    await page.getByLabel('E-Mail-Adresse').fill(ANNA);
    assert.equal(await sendForm(page, 'Antwort senden'), 303);
    await page.getByText('Vielen Dank für Ihre Zusage!').waitFor();
    await look(page, 'de');
  });

  await step('the confirmation leads to the personal page, where the answer is changed, withdrawn and given again', async () => {
    const mail = await openMail(page, system.mailbox, ANNA, 'Ihre Antwort: Empfang der Wirtschaftsförderung');
    await look(page, 'en');
    await mail.getByText('Guten Tag Änne Groß,').waitFor();
    await mail.getByText('Jörg Weiß-Yılmaz').waitFor();
    await mail.getByRole('link', { name: 'Antwort ansehen oder ändern' }).click();
    await page.waitForURL(/\/r\//);
    await look(page, 'de');
    assert.deepEqual((await typedNames(page)).slice(0, 3), [['Änne', 'Groß'], ['Jörg', 'Weiß-Yılmaz'], ['Émilie', "O'Neill"]]);
    await noSidewaysScrolling(stranger.context, page.url());

    await page.getByLabel('Nein, ich kann leider nicht').check();
    await page.getByRole('button', { name: 'Änderung speichern' }).click();
    await page.getByText('Ihre Antwort ist gespeichert.').waitFor();
    await look(page, 'de');
    assert.match(await page.locator('dl.facts').last().innerText(), /Nein, ich kann leider nicht/);

    await page.getByRole('button', { name: 'Antwort zurückziehen' }).click();
    await page.getByText('Ihre Antwort ist zurückgezogen.').waitFor();
    await look(page, 'de');
    assert.equal(await page.getByRole('button', { name: 'Antwort zurückziehen' }).count(), 0);

    // Again by the newest mail, as a person would who closed the page.
    const withdrawn = await openMail(page, system.mailbox, ANNA, 'Antwort zurückgezogen');
    await withdrawn.getByRole('link', { name: 'Antwort ansehen oder ändern' }).click();
    await page.waitForURL(/\/r\//);
    await page.getByLabel('Ja, ich komme gern').check();
    await page.getByRole('button', { name: 'Änderung speichern' }).click();
    await page.getByText('Ihre Antwort ist gespeichert.').waitFor();
    await page.getByRole('link', { name: 'English' }).click();
    await look(page, 'en');
    await page.getByRole('button', { name: 'Withdraw answer' }).waitFor();
  });

  await step('an address that is registered already is answered like a new one, and its holder is told by mail', async () => {
    await page.goto(openEvent);
    await register(page, 'Nein, ich kann leider nicht', [['Fremde', 'Person']], ANNA.toUpperCase());
    await page.getByText('Danke für Ihre Absage.').waitFor();
    const mail = await openMail(page, system.mailbox, ANNA, 'Sie sind schon angemeldet');
    await mail.getByText('Sie gilt unverändert weiter.').waitFor();
  });

  await step('a party of five registers in English', async () => {
    const { context, page: english } = await open({ locale: 'en-GB' });
    await english.goto(openEvent);
    await english.getByText('Add more people').click();
    await look(english, 'en');
    await english.getByLabel('Yes, I will come').check();
    await nameAttendees(english, ['One', 'Two', 'Three', 'Four', 'Five'].map((name) => [name, 'Smith']));
    await english.getByLabel('E-mail address').fill('smith@example.example');
    await english.getByRole('button', { name: 'Send answer' }).click();
    await english.getByText('Thank you for accepting!').waitFor();
    await look(english, 'en');
    const mail = await openMail(english, system.mailbox, 'smith@example.example', 'Your answer: Business development reception');
    await mail.getByText('Five Smith').waitFor();
    await context.close();
  });

  await step('the keyboard alone is enough to register', async () => {
    const { context, page: keys } = await open();
    await keys.goto(openEvent);
    const type = (text) => keys.keyboard.type(text);
    await keys.keyboard.press('Tab');
    assert.equal(await keys.evaluate(() => document.activeElement.textContent), 'Zum Inhalt', 'first of all the content can be reached');
    await tabTo(keys, 'input[type=radio]');
    await keys.keyboard.press('Space');
    await tabTo(keys, '#attendees-0--first-name');
    await type('Tabea');
    await keys.keyboard.press('Tab');
    await type('Taste');
    await tabTo(keys, 'summary');
    await keys.keyboard.press('Enter');
    await tabTo(keys, '#attendees-1--first-name');
    await type('Leo');
    await keys.keyboard.press('Tab');
    await type('Leer');
    await tabTo(keys, '#email');
    await type('tabea@beispiel.example');
    await tabTo(keys, 'button[type=submit]');
    await keys.keyboard.press('Enter');
    await keys.getByText('Vielen Dank für Ihre Zusage!').waitFor();
    await context.close();
  });

  await step('the rest answer: 37 accepted and 6 declined here, 4 accepted at the other event', async () => {
    await page.goto(openEvent);
    await register(page, 'Nein, ich kann leider nicht', [['Karin', 'Kranich'], ['Kurt', 'Kranich']], 'kranich@beispiel.example');
    await page.getByText('Danke für Ihre Absage.').waitFor();
    await look(page, 'de');
    // Accepted so far: 3 of Anna, 5 Smiths, 2 by keyboard.
    const event = new URL(openEvent).pathname.split('/').pop();
    const parties = [...[5, 5, 5, 5, 5, 2].map((size) => ['yes', size]), ...[3, 1].map((size) => ['no', size])];
    for (const [index, [answer, size]] of parties.entries()) {
      const attendees = Array.from({ length: size }, (_, one) => ({ first_name: `Gast ${one + 1}`, last_name: `Familie ${index + 1}` }));
      await registerByApi(system.origin, event, { email: `familie${index + 1}@beispiel.example`, answer, attendees });
    }
    await page.goto(limitedEvent);
    await look(page, 'de');
    await register(page, 'Ja, ich komme gern', [['Hanna', 'Holz'], ['Hugo', 'Holz'], ['Heide', 'Holz'], ['Hein', 'Holz']], 'holz@beispiel.example');
    await page.getByText('Vielen Dank für Ihre Zusage!').waitFor();
  });

  await step('the console shows 37 accepted, 6 declined, 43 responses', async () => {
    await signIn(page, system.overview);
    await look(page, 'de');
    await page.getByRole('heading', { level: 1, name: 'Musterhaus Veranstaltungen e. K.' }).waitFor();
    await page.getByText('Noch keine Rechnung.').waitFor();
    await noSidewaysScrolling(stranger.context, page.url());
    await page.getByRole('link', { name: 'Empfang der Wirtschaftsförderung' }).click();
    await look(page, 'de');
    assert.deepEqual(await totals(page), { Zusagen: '37', Absagen: '6', Rückmeldungen: '43' });
    assert.equal(await page.locator('tbody tr').count(), 43);
    await noSidewaysScrolling(stranger.context, page.url());
    await page.getByRole('link', { name: 'English' }).click();
    await look(page, 'en');
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('link', { name: 'Timber workshop evening' }).click();
    assert.deepEqual(await totals(page), { accepted: '4', declined: '0', responses: '4', 'free places': '36' });
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('link', { name: 'New event' }).click();
    await look(page, 'en');
    await noSidewaysScrolling(stranger.context, page.url());
  });

  await step('the clock moves to the next month', async () => {
    await page.goto(system.overview);
    await look(page, 'en');
    await page.locator('nav').getByRole('link', { name: 'Clock' }).click();
    await look(page, 'en');
    await toNextMonth(page, page.url());
    await page.getByText('What fired').waitFor();
    await look(page, 'en');
    await page.goto(openEvent);
    await page.getByText('Die Anmeldung ist geschlossen.').waitFor();
    await look(page, 'de');
    const mail = await openMail(page, system.mailbox, ANNA, 'Ihre geänderte Antwort');
    await mail.getByRole('link', { name: 'Antwort ansehen oder ändern' }).click();
    await page.getByText('Änderungen sind nicht mehr möglich').waitFor();
    assert.equal(await page.getByRole('button').count(), 0, 'a closed answer has no form');
  });

  await step('the invoice comes by mail with its PDF', async () => {
    const mail = await openMail(page, system.mailbox, BILLING, 'Rechnung RE-2026-');
    // Other customers of the demo have invoices too; which number this one has depends on their order.
    [number] = (await page.getByRole('heading', { level: 1, name: 'Rechnung RE-2026-' }).innerText()).match(/RE-2026-0000\d/);
    await look(page, 'en');
    assert.match(spaced(await mail.locator('body').innerText()), /Netto\s+111,00 €[\s\S]*Gesamtbetrag\s+132,09 €/);
    const attached = page.locator('.attachments a');
    assert.equal(await attached.count(), 1, 'one invoice: four attendees at the other event are not billed');
    assert.ok((await attached.innerText()).includes(`${number}.pdf`));
    const byMail = await bytesOf(page, attached);

    await page.goto(system.documents);
    await look(page, 'en');
    const stored = page.locator('ul.files a[href*="acc_10001"]').filter({ hasText: '.pdf' });
    assert.equal(await stored.count(), 1);
    const document = await bytesOf(page, stored);
    assert.deepEqual(byMail, document, 'the mail carries the stored document');
    const text = spaced(await pdfText(document));
    for (const expected of [number, '111,00 €', '21,09 €', '132,09 €', '37', 'Musterhaus Veranstaltungen e. K.', '01.12.2026']) {
      assert.ok(text.includes(expected), `${expected} is printed:\n${text}`);
    }
  });

  await step('the invoice is paid through the link in the mail', async () => {
    const mail = await openMail(page, system.mailbox, BILLING, `Rechnung ${number}`);
    await mail.getByRole('link', { name: 'Online bezahlen' }).click();
    await page.waitForURL(/\/pay\//);
    await look(page, 'de');
    await noSidewaysScrolling(stranger.context, page.url());
    assert.match(spaced(await page.locator('dl.facts').innerText()), /132,09 €/);
    await page.getByRole('button', { name: 'Jetzt online bezahlen' }).click();
    await page.getByRole('heading', { name: 'Pay 132.09 EUR' }).waitFor();
    await look(page, 'en');
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByText('The card was declined.').waitFor();
    await page.getByRole('button', { name: 'Pay', exact: true }).click();
    await page.getByText('Diese Rechnung ist bezahlt. Vielen Dank!').waitFor();
    await look(page, 'de');
    assert.equal(await page.getByRole('button').count(), 0, 'it cannot be paid twice');
  });

  await step('the console shows the invoice as paid, and the usage days behind its 37', async () => {
    await signIn(page, system.overview);
    const row = page.getByRole('row').filter({ hasText: number });
    await row.getByText('bezahlt', { exact: true }).waitFor();
    assert.match(spaced(await row.innerText()), /132,09 €/);
    await row.getByRole('link', { name: number }).click();
    await look(page, 'de');
    await page.getByRole('heading', { level: 1 }).getByText('bezahlt').waitFor();
    await page.getByRole('heading', { name: 'Woraus sich die Mengen ergeben' }).waitFor();
    const rows = await page.locator('h2 ~ .card tbody tr').evaluateAll((all) => all.map((one) => [...one.cells].map((cell) => cell.innerText)));
    const sum = rows.pop();
    assert.deepEqual(sum, ['Summe', '37', '6', '43']);
    assert.ok(rows.length > 0);
    for (const column of [1, 2, 3]) {
      assert.equal(rows.reduce((all, row) => all + Number(row[column]), 0), Number(sum[column]), 'the days add up');
    }
    await noSidewaysScrolling(stranger.context, page.url());
    const document = await bytesOf(page, page.getByRole('link', { name: 'PDF öffnen' }));
    assert.ok((await pdfText(document)).includes(number));
    await page.getByRole('link', { name: 'Läufe' }).click();
    await look(page, 'de');
    await noSidewaysScrolling(stranger.context, page.url());
    await page.getByRole('button', { name: 'Abmelden' }).click();
    await page.waitForURL(/\/console\/sign-in/);
    await look(page, 'de');
  });

  await step('a narrow screen need not be scrolled sideways', async () => {
    for (const address of [openEvent, limitedEvent, system.overview, system.mailbox, system.documents, system.clock]) {
      await noSidewaysScrolling(stranger.context, address);
    }
  });
});
