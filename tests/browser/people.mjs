// What people do in the browser, and what every page has to be like.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { nameAttendees } from './system.mjs';

/** The basics of accessibility, on every page. */
export async function look(page, language) {
  await page.waitForLoadState();
  const found = await page.evaluate(() => {
    const hidden = (element) => element.type === 'hidden';
    const name = (element) => (element.getAttribute('aria-label') ?? element.textContent).trim();
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    const missing = [...document.querySelectorAll('[aria-describedby]')].flatMap((element) => element.getAttribute('aria-describedby').split(' '))
      .concat([...document.querySelectorAll('a[href^="#"]')].map((link) => link.hash.slice(1)))
      .filter((id) => !document.getElementById(id));
    return {
      language: document.documentElement.lang,
      title: document.title.trim() !== '',
      headings: [...document.querySelectorAll('h1')].filter((heading) => name(heading) !== '').length,
      main: document.querySelectorAll('main').length,
      unlabelled: [...document.querySelectorAll('input,select,textarea')]
        .filter((input) => !hidden(input) && ![...input.labels].some((label) => name(label) !== '') && !input.hasAttribute('aria-label'))
        .map((input) => input.outerHTML),
      nameless: [...document.querySelectorAll('a,button,summary')].filter((element) => name(element) === '').map((element) => element.outerHTML),
      images: [...document.querySelectorAll('img:not([alt])')].map((image) => image.outerHTML),
      untitledFrames: [...document.querySelectorAll('iframe:not([title])')].length,
      repeatedIds: ids.filter((id, index) => ids.indexOf(id) !== index),
      missing,
    };
  });
  assert.deepEqual(found, {
    language, title: true, headings: 1, main: 1, unlabelled: [], nameless: [], images: [], untitledFrames: 0, repeatedIds: [], missing: [],
  }, page.url());
}

/** Opens the address on a telephone's width: what is wider scrolls inside its own box. */
export async function noSidewaysScrolling(context, address) {
  const phone = await context.newPage();
  await phone.setViewportSize({ width: 375, height: 720 });
  await phone.goto(address);
  const wide = await phone.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const range = document.createRange();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [`the page is ${scrollWidth} wide`];
    while (texts.nextNode()) {
      range.selectNodeContents(texts.currentNode);
      const inItsOwnBox = texts.currentNode.parentElement.closest('.scroll, pre');
      if (range.getBoundingClientRect().right > clientWidth && !inItsOwnBox) found.push(texts.currentNode.data);
    }
    return found;
  });
  assert.deepEqual(wide, [], `${address} scrolls sideways`);
  await phone.close();
}

/** Clicks the button and gives the status of the answer to the form itself. */
export async function sendForm(page, button) {
  const answered = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name: button }).click();
  const status = (await answered).status();
  await page.waitForLoadState();
  return status;
}

export async function register(page, answer, people, email) {
  await page.getByLabel(answer).check();
  await nameAttendees(page, people);
  await page.getByLabel('E-Mail-Adresse').fill(email);
  await page.getByRole('button', { name: 'Antwort senden' }).click();
}

export async function typedNames(page) {
  const lines = page.locator('#attendees [role=group]');
  return lines.evaluateAll((all) => all.map((line) => [...line.querySelectorAll('input')].map((input) => input.value)));
}

export async function signIn(page, overview) {
  await page.goto(overview);
  await page.locator('main').getByRole('link', { name: 'console' }).first().click();
  await look(page, 'de');
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.getByRole('heading', { level: 2, name: 'Veranstaltungen' }).waitFor();
}

export async function totals(page) {
  const shown = await page.locator('.total').evaluateAll((all) => all.map((one) => [one.querySelector('span').innerText, one.querySelector('b').innerText]));
  return Object.fromEntries(shown);
}

/** Presses Tab until the element has the focus, and checks that one sees it there. */
export async function tabTo(page, selector) {
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate((wanted) => {
      const element = document.activeElement;
      return { there: element.matches(wanted), outline: getComputedStyle(element).outlineStyle };
    }, selector);
    assert.notEqual(focus.outline, 'none', `the focus is seen on the way to ${selector}`);
    if (focus.there) return;
  }
  assert.fail(`${selector} cannot be reached with the keyboard`);
}

/** What a link leads to, with the cookies of the page. */
export async function bytesOf(page, link) {
  const address = new URL(await link.getAttribute('href'), page.url());
  const response = await page.context().request.get(address.href);
  assert.equal(response.status(), 200, address.href);
  assert.equal(response.headers()['content-type'], 'application/pdf');
  return response.body();
}

export async function pdfText(bytes) {
  const folder = await mkdtemp(join(tmpdir(), 'einlass-pdf-'));
  try {
    await writeFile(join(folder, 'invoice.pdf'), bytes);
    return execFileSync('pdftotext', ['-layout', join(folder, 'invoice.pdf'), '-'], { encoding: 'utf8' });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** With plain spaces for no-break ones. */
export function spaced(text) {
  return text.replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ');
}
