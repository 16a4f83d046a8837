// A sandbox for every worker, as it was at first for every test. Only this file knows of stend.

const { Till } = require("./till");

const url = process.env.STEND_URL ?? "http://127.0.0.1:6896";
const name = `jest-${process.env.JEST_WORKER_ID}`;

async function control(path, body) {
  const response = await fetch(`${url}/_stend/${path}`, {
    method: "POST",
    headers: { "x-stend-sandbox": name },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) {
    throw new Error(await response.text());
  }
  return response.json();
}

// One test at a time runs in a worker, unless it is a `test.concurrent`.
beforeEach(() => control("reset", {}));

module.exports = {
  till: new Till({ url, apiKey: `test-key~${name}`, point: "62a0f1e2d3c4b5a69788f4f4" }),
  freeze: (at) => control("clock/freeze", { at }),
  advance: (by) => control("clock/advance", { by }),
};
