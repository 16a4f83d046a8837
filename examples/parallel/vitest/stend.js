// A sandbox for every test. Only this file knows of stend.

import { createHash } from "node:crypto";
import { test as base } from "vitest";
import { Till } from "./till.js";

const url = process.env.STEND_URL ?? "http://127.0.0.1:6896";

// The same name every run. The digest tells apart what the title alone would not.
function sandboxName(testId, title) {
  const digest = createHash("sha256").update(testId).digest("hex").slice(0, 8);
  const slug = title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return `vi-${digest}-${slug}`.slice(0, 63);
}

// What a test may do to its world, beside calling it.
class Sandbox {
  constructor(name) {
    this.name = name;
    this.apiKey = `test-key~${name}`;
  }

  reset() {
    return this.#control("reset", {});
  }

  freeze(at) {
    return this.#control("clock/freeze", { at });
  }

  advance(by) {
    return this.#control("clock/advance", { by });
  }

  async #control(path, body) {
    const response = await fetch(`${url}/_stend/${path}`, {
      method: "POST",
      headers: { "x-stend-sandbox": this.name },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) {
      throw new Error(await response.text());
    }
    return response.json();
  }
}

export const test = base.extend({
  sandbox: async ({ task }, use) => {
    const sandbox = new Sandbox(sandboxName(`${task.file.name} ${task.fullTestName}`, task.name));
    await sandbox.reset(); // what an earlier run left goes
    await use(sandbox);
  },
  till: async ({ sandbox }, use) => {
    await use(new Till({ url, apiKey: sandbox.apiKey, point: "62a0f1e2d3c4b5a69788f4f4" }));
  },
});
