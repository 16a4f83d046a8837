// Every test has all the points of the same client.

const { till } = require("./stend");

const ivan = "62a0f1e2d3c4b5a697882486";
const phone = "+7 920 123-45-67";

test.each(["first", "second", "third", "fourth"])("points are there for the %s guest", async () => {
  expect((await till.find(phone)).balance).toBe(878);
  expect((await till.pay(ivan, { amount: 1000, spend: 878 })).total).toBe(122);
  expect((await till.find(phone)).balance).toBe(0);
});

test("points cannot be spent twice", async () => {
  await till.pay(ivan, { amount: 1000, spend: 878 });
  await expect(till.pay(ivan, { amount: 1000, spend: 878 })).rejects.toThrow("Spend can't be more 0");
});
