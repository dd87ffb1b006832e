// Sends one message of each kind with @rudderstack/rudder-sdk-node; run by Node in the folder that has it.
const Rudder = require(require.resolve("@rudderstack/rudder-sdk-node", { paths: [process.cwd()] }));

const [host, writeKey] = process.argv.slice(2);
const RudderAnalytics = Rudder.default ?? Rudder;
const analytics = new RudderAnalytics(writeKey, { dataPlaneUrl: host, flushAt: 20, gzip: true });
analytics.identify({ userId: "u1", anonymousId: "a1", traits: { email: "jane@mail.test", firstName: "Jane" } });
analytics.track({ userId: "u1", event: "Order Completed", properties: { total: 9.5 } });
analytics.page({ userId: "u1", name: "Python", properties: { url: "https://site.test/docs" } });
analytics.screen({ userId: "u1", name: "Start", properties: { size: 2 } });
analytics.group({ userId: "u1", groupId: "g1", traits: { name: "Acme" } });
analytics.alias({ userId: "u1", previousId: "a0" });
analytics.track({ anonymousId: "a2", event: "Late", properties: { text: "Grüße 🎉" } });
analytics.flush((error) => {
  if (error) console.error(error);
  process.exit(error ? 1 : 0);
});
