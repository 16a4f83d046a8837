// Walks each API's scenario with openapi-fetch, on types that openapi-typescript made of the documents, against the
// stend at STEND_URL. tsc checks every path, field and status beforehand.

import { deepStrictEqual as equal, ok } from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths as ControlPaths } from "./control.js";
import type { paths as IbonusPaths } from "./ibonus.js";
import type { paths as LoyalClientPaths } from "./loyalclient.js";
import type { paths as ProBonusPaths } from "./probonus.js";

const server = process.env["STEND_URL"] ?? "http://127.0.0.1:6896";

/** The data of a good answer; with any other the walk ends. */
async function good<Data>(answer: Promise<{ data?: Data; error?: unknown; response: Response }>): Promise<Data> {
  const { data, error, response } = await answer;
  ok(data !== undefined, `${response.url}: ${response.status} ${JSON.stringify(error)}`);
  return data;
}

/** A new sandbox: the base address of all calls in it, and the control client for it. */
async function sandbox(name: string) {
  const control = createClient<ControlPaths>({ baseUrl: server });
  await good(control.POST("/_stend/sandboxes", { body: { name } }));
  const baseUrl = `${server}/sandboxes/${name}`;
  return { baseUrl, control: createClient<ControlPaths>({ baseUrl }) };
}

async function booksAreSound(control: ReturnType<typeof createClient<ControlPaths>>) {
  equal(await good(control.GET("/_stend/audit")), { ok: true, violations: [] });
}

/** Find the guest, hold points, pay with them; a hold that nobody ends; an answer that is lost. */
async function loyalClient() {
  const { baseUrl, control } = await sandbox("typescript-loyalclient");
  const api = createClient<LoyalClientPaths>({ baseUrl, headers: { apikey: "test-key" } });
  const point = "62a0f1e2d3c4b5a69788f4f4";
  const guest = async () =>
    (await good(api.POST("/integration/general/client", { body: { search: "8 920 123-45-67", point, hold: [] } }))).client;

  const ivan = await guest();
  equal([ivan.phone, ivan.balance, ivan.level.percent], [79201234567, 878, 10]);
  const hold = { client: ivan.id, point, amount: 100, duration: 10 };
  const { held } = await good(api.POST("/integration/general/bonuses/hold", { body: hold }));
  equal((await guest()).balance, 778);
  const paid = { client: ivan.id, point, amount: 1000, spend: 100, hold: [held.id] };
  const { retail } = await good(api.POST("/integration/general/retail", { body: paid }));
  ok("spend" in retail || "earn" in retail);
  equal((await guest()).balance, 778);

  await good(api.POST("/integration/general/bonuses/hold", { body: hold }));
  const { expired } = await good(control.POST("/_stend/clock/advance", { body: { by: "PT10M" } }));
  ok(expired.some((it) => it.kind === "hold" && it.account === ivan.id && it.amount === 100));
  equal((await guest()).balance, 778);
  const refused = await api.POST("/integration/general/bonuses/hold", { body: { ...hold, amount: 779 } });
  equal([refused.response.status, refused.error], [422, { amount: "Amount can't be more 778" }]);

  const fault = await good(
    control.POST("/_stend/faults", {
      body: { match: { operation: "hold" }, effect: { connection: "close", when: "after" }, times: 1 },
    }),
  );
  await api.POST("/integration/general/bonuses/hold", { body: { ...hold, amount: 1 } }).then(
    () => ok(false, "the answer is lost"),
    (error: unknown) => ok(error instanceof TypeError),
  );
  equal((await good(control.GET("/_stend/faults/{id}", { params: { path: { id: fault.id } } }))).hits, 1);
  equal((await guest()).balance, 777);
  const match = { operation: "hold", body: { amount: 1 } };
  const verified = await good(control.POST("/_stend/requests/verify", { body: { match, times: { exactly: 1 } } }));
  equal([verified.ok, verified.count, verified.dropped], [true, 1, 0]);
  await booksAreSound(control);
}

/** Find the client, place an order with points, take it back. */
async function ibonus() {
  const { baseUrl, control } = await sandbox("typescript-ibonus");
  const basic = Buffer.from("merchant@example.com:secret").toString("base64");
  const api = createClient<IbonusPaths>({ baseUrl, headers: { Authorization: `Basic ${basic}` } });

  const clients = await good(api.GET("/ext/api/v1/clients/", { params: { query: { phone: "%123456789%" } } }));
  const anna = clients[0];
  ok(clients.length === 1 && anna?.phone);
  const path = { id: anna.id };
  const points = async () => {
    const sums = await good(api.GET("/ext/api/v1/clients/{id}/balance/", { params: { path } }));
    return sums.find((it) => it.currency === "points")?.amount ?? NaN;
  };
  const before = await points();

  const receipt = { customerPhone: anna.phone, amountCard: 400 };
  const items = [{ name: "Капучино", price: 250, quantity: 2, unit: "piece" as const, vat: 20 }];
  const sale = { ...receipt, externalId: "typescript-1", receiptType: "sale" as const, items };
  const written = { order: sale, amount: 100, currency: "points" as const };
  const placed = await api.POST("/ext/api/v1/fiscal/orders/", { body: written });
  equal([placed.response.status, placed.response.headers.get("content-length")], [200, "0"]);
  const query = { client_id: anna.id, limit: 1 };
  const [order] = await good(api.GET("/ext/api/v1/fiscal/orders/", { params: { query } }));
  ok(order?.externalOrderNumber === "typescript-1");
  equal(await points(), before - 100 + order.cashbackAmount);
  const lines = await good(api.GET("/ext/api/v1/fiscal/orders/{id}/items/", { params: { path: { id: order.id } } }));
  const back = lines.map(({ id }) => ({ id }));
  const refund = { externalId: "typescript-2", receiptType: "refund" as const, items: back };
  const returned = await api.POST("/ext/api/v1/fiscal/orders/", { body: { order: refund } });
  equal(returned.response.status, 200);
  equal(await points(), before);
  const again = await api.POST("/ext/api/v1/fiscal/orders/", { body: { order: sale } });
  equal(again.response.status, 400);
  await booksAreSound(control);
}

/** Log in, find and open accounts, points that burn, a sale and its return. */
async function proBonus() {
  const { baseUrl, control } = await sandbox("typescript-probonus");
  const guest = createClient<ProBonusPaths>({ baseUrl });
  const tokens = await good(guest.POST("/api/v0/auth/login", { body: { login: "admin", password: "111" } }));
  const api = createClient<ProBonusPaths>({ baseUrl, headers: { Authorization: `Bearer ${tokens.accessToken}` } });
  const balance = (accountId: number) =>
    good(api.GET("/api/v0/accounts/get_balance_extended", { params: { query: { accountId } } }));

  const spelling = { params: { query: { phone: "8 (916) 123-45-67" } } };
  const maria = await good(api.GET("/api/v0/accounts/find_by_phone", spelling));
  equal(await good(api.POST("/api/v0/accounts/find_by_phone", { body: { phone: "9161234567" } })), maria);

  const body = { phone: "+79031112233", accountId: 3, lastName: "Орлова", firstName: "Анна" };
  const anna = await good(api.POST("/api/v0/accounts/insert_by_template", { body }));
  equal((await api.POST("/api/v0/accounts/insert_by_template", { body })).response.status, 409);
  await good(api.POST("/api/v0/accounts/refill", { body: { accountId: anna.id, amount: 60.5, burnDays: 2 } }));
  equal((await balance(anna.id))?.burning[0]?.daysLeft, 2);
  const nothing = await api.POST("/api/v0/accounts/refill", { body: { accountId: anna.id, amount: 0 } });
  equal(nothing.response.status, 422);
  const { expired } = await good(control.POST("/_stend/clock/advance", { body: { by: "P2D" } }));
  ok(expired.some((it) => it.kind === "lot" && it.account === `${anna.id}` && it.amount === 60.5));
  equal((await api.POST("/api/v0/auth/info")).response.status, 401, "the token's life has ended");

  const key = createClient<ProBonusPaths>({ baseUrl, headers: { "X-API-Key": "test-key" } });
  const dishes = [{ name: "Борщ", quantity: 2, price: 600 }];
  const rung = await good(
    control.POST("/_stend/till/sales", { body: { accountId: anna.id, dishes, bonusPaid: 200 } }),
  );
  const check = await good(key.GET("/api/v0/checks/get_by_id", { params: { query: { id: rung.id } } }));
  equal([check?.total, check?.bonusPaid, check?.dishes[0]?.name], [1200, 200, "Борщ"]);
  await good(control.POST("/_stend/till/refunds", { body: { checkId: rung.id } }));
  const transactions = await good(
    key.GET("/api/v0/accounts/transactions", { params: { query: { accountId: anna.id } } }),
  );
  const sum = transactions.reduce((sum, it) => sum + it.amount, 0);
  equal(sum, (await good(key.GET("/api/v0/accounts/get_balance", { params: { query: { accountId: anna.id } } })))?.balance);
  await booksAreSound(control);
}

for (const walk of [loyalClient, ibonus, proBonus]) {
  await walk();
  console.log(`${walk.name}: ok`);
}
