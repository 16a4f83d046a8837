// The pages in a real browser: ProBonus's Swagger page is used as a person would use it, at the root and in a sandbox.
// `node pages.mjs URL CHROMIUM [FOLDER FOR SCREENSHOTS]`; ends with 1 at the first thing that is not as it must be.

import assert from "node:assert/strict";
import path from "node:path";
import puppeteer from "puppeteer-core";

const [base, executablePath, screenshots] = process.argv.slice(2);
const PATIENCE_MS = 20_000;

const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox"] });
try {
  await landing();
  await allDocuments();
  await probonus("");
  await probonus("/sandboxes/browser");
  console.log("pages: all of them work");
} finally {
  await browser.close();
}

/** A page that complains about errors in its scripts, and about every request to another place. */
async function open(address) {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.setViewport({ width: 1280, height: 1600 });
  page.wrong = [];
  page.on("pageerror", (error) => page.wrong.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== base) page.wrong.push(`asks ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) page.wrong.push(`${response.status()} ${response.url()}`);
  });
  const response = await page.goto(base + address, { waitUntil: "networkidle0" });
  assert.equal(response.status(), 200, address);
  return page;
}

async function close(page, name) {
  if (screenshots) await page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  assert.deepEqual(page.wrong, [], name);
  await page.close();
}

async function landing() {
  const page = await open("/");
  const links = await page.$$eval("a", (links) => links.map((link) => link.href));
  assert.ok(links.includes(`${base}/docs`), `the front page leads to /docs: ${links}`);
  for (const link of links) {
    const status = await page.evaluate(async (link) => (await fetch(link)).status, link);
    assert.equal(status, 200, link);
  }
  await close(page, "landing");
}

async function allDocuments() {
  const page = await open("/_stend/docs");
  await page.waitForSelector(".opblock");
  const names = await page.$$eval(".download-url-wrapper option", (options) => options.map((option) => option.text));
  assert.equal(names.length, 4, `a document of each API: ${names}`);
  await close(page, "all-documents");
}

/** Logs in as admin, authorizes with the token, finds a guest by phone: all by clicks. */
async function probonus(sandbox) {
  const page = await open(`${sandbox}/docs`);
  await page.waitForSelector(".opblock");
  assert.equal(await page.title(), 'API сервера "ProBonus"');
  const tags = await page.$$eval(".opblock-tag", (tags) => tags.map((tag) => tag.dataset.tag));
  assert.deepEqual(tags.slice(0, 2), ["auth", "users"]);
  const summaries = await page.$$eval("#operations-tag-auth ~ div .opblock-summary-description, .opblock-tag-section:first-child .opblock-summary-description", (all) =>
    all.map((one) => one.textContent),
  );
  const order = ["Login", "Info", "Refresh Token", "Logout"].map((summary) => summaries.indexOf(summary));
  assert.ok(order.every((place) => place >= 0) && order.every((place, index) => index === 0 || order[index - 1] < place), `${summaries}`);

  const login = await opened(page, "post", "/api/v0/auth/login");
  await overwrite(page, await login.waitForSelector("textarea"), '{"login": "admin", "password": "111"}');
  const pair = await executed(page, login, 200);
  assert.equal(pair.tokenType, "bearer");

  await page.click(".auth-wrapper .authorize");
  await page.waitForSelector(".auth-container");
  const schemes = await page.$$eval(".auth-container h4", (all) => all.map((one) => one.textContent.trim()));
  assert.ok(schemes.some((scheme) => scheme.startsWith("HTTPBearer") && scheme.includes("http, Bearer")), `${schemes}`);
  assert.ok(schemes.some((scheme) => scheme.startsWith("APIKeyHeader") && scheme.includes("apiKey")), `${schemes}`);
  const containers = await page.$$(".auth-container");
  for (const container of containers) {
    const title = await container.$eval("h4", (title) => title.textContent);
    if (!title.startsWith("HTTPBearer")) continue;
    await (await container.$("input")).type(pair.accessToken);
    await (await container.$("button.authorize")).click();
  }
  await page.waitForFunction(() => document.querySelector(".auth-container .btn-done") !== null);
  await page.click(".auth-container .btn-done");

  const find = await opened(page, "get", "/api/v0/accounts/find_by_phone");
  const phone = await find.waitForSelector('input[placeholder="phone"]');
  await overwrite(page, phone, "8 916 123-45-67");
  const account = await executed(page, find, 200);
  assert.equal(account.lastName, "Соколова");
  const asked = await find.$eval(".request-url", (request) => request.textContent);
  assert.ok(asked.includes(`${sandbox}/api/v0/accounts/find_by_phone?phone=8%20916%20123-45-67`), asked);
  assert.equal(account.accountGroupName, "Самостоятельно зарегистрировавшиеся");
  await close(page, sandbox ? "probonus-in-a-sandbox" : "probonus");
}

/** Writes a text in the place of the one that is there. */
async function overwrite(page, field, text) {
  await field.focus();
  await page.keyboard.down("Control");
  await page.keyboard.press("KeyA");
  await page.keyboard.up("Control");
  await page.keyboard.type(text);
  await page.waitForFunction((field, text) => field.value === text, {}, field, text);
  // The page takes what was written a while later, or when the field is left.
  await page.keyboard.press("Tab");
}

/** An operation, opened and ready to be tried out. */
async function opened(page, method, address) {
  const place = await page.evaluateHandle(
    (method, address) =>
      [...document.querySelectorAll(`.opblock-${method}`)].find(
        (block) => block.querySelector(".opblock-summary-path").dataset.path === address,
      ),
    method,
    address,
  );
  const block = place.asElement();
  assert.ok(block, `${method} ${address} is on the page`);
  await block.evaluate((block) => block.scrollIntoView());
  await (await block.$(".opblock-summary-control")).click();
  const tryOut = await block.waitForSelector(".try-out__btn");
  await tryOut.click();
  return block;
}

/** Executes an operation; answers what the server said, as the page shows it. */
async function executed(page, block, status) {
  const execute = await block.waitForSelector(".execute");
  await execute.evaluate((button) => button.click());
  const shown = await block.waitForSelector(".live-responses-table tbody .response-col_status");
  assert.match(await shown.evaluate((cell) => cell.textContent), new RegExp(`^\\s*${status}`));
  const body = await block.waitForSelector(".live-responses-table tbody .response-col_description .highlight-code code");
  return JSON.parse(await body.evaluate((code) => code.textContent));
}
