// Every test has a clock of its own.

const { advance, freeze, till } = require("./stend");

const ivan = "62a0f1e2d3c4b5a697882486";

test("a hold ends after ten minutes", async () => {
  const { id } = await till.hold(ivan, 878);
  const { expired } = await advance("PT11M");
  expect(expired).toContainEqual(expect.objectContaining({ kind: "hold", id }));
  expect((await till.pay(ivan, { amount: 1000, spend: 878 })).spend).toBe(878);
});

test("a hold stands while no time passes", async () => {
  await till.hold(ivan, 878);
  await expect(till.hold(ivan, 1)).rejects.toThrow("Amount can't be more 0");
});

test.each([
  ["P1D", "2040-01-02"],
  ["P31D", "2040-02-01"],
  ["P366D", "2041-01-01"],
])("%s passes here alone", async (by, date) => {
  await freeze("2040-01-01T00:00:00Z");
  expect((await advance(by)).now).toMatch(date);
});
