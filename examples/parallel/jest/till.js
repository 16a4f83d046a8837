// The client under test: it knows the loyalty programme, and nothing of stend.

class Till {
  constructor({ url, apiKey, point }) {
    Object.assign(this, { url, apiKey, point });
  }

  async find(phone) {
    return (await this.#call("client", { search: phone })).client;
  }

  async hold(client, amount) {
    return (await this.#call("bonuses/hold", { client, amount })).held;
  }

  async pay(client, { amount, spend }) {
    return (await this.#call("retail", { client, amount, spend })).retail;
  }

  async #call(path, fields) {
    const response = await fetch(new URL(`/integration/general/${path}`, this.url), {
      method: "POST",
      headers: { apikey: this.apiKey, "content-type": "application/json" },
      body: JSON.stringify({ point: this.point, ...fields }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) {
      throw new Error(await response.text());
    }
    return response.json();
  }
}

module.exports = { Till };
