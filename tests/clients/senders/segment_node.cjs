// Sends one message of each kind with @segment/analytics-node; run by Node in the folder that has it.
const { Analytics } = require(require.resolve("@segment/analytics-node", { paths: [process.cwd()] }));

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ host, writeKey, maxRetries: 3 });
analytics.on("error", (error) => {
  console.error(error);
  process.exitCode = 1;
});
analytics.identify({ userId: "u1", anonymousId: "a1", traits: { email: "jane@mail.test", firstName: "Jane" } });
analytics.track({ userId: "u1", event: "Order Completed", properties: { total: 9.5 } });
analytics.page({ userId: "u1", category: "Docs", name: "Python", properties: { url: "https://site.test/docs" } });
analytics.screen({ userId: "u1", category: "Home", name: "Start", properties: { size: 2 } });
analytics.group({ userId: "u1", groupId: "g1", traits: { name: "Acme" } });
analytics.alias({ userId: "u1", previousId: "a0" });
analytics.track({ anonymousId: "a2", event: "Late", properties: { text: "Grüße 🎉" } });
analytics.closeAndFlush({ timeout: 20000 });
