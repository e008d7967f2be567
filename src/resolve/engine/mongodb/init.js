// Joins the members of a sharded cluster, as plan.json says. Run again, it changes only what is not so yet.
const fs = require("fs");
const plan = JSON.parse(fs.readFileSync(process.env.PLAN || "/plan/plan.json", "utf8"));
const key = encodeURIComponent(fs.readFileSync(plan.keyFile, "utf8").replace(/\s/g, ""));
const TRIES = Number(process.env.TRIES || 120);

// Members know each other as the user __system, whose password is the key. So nobody has to be created first, and no
// server ever listens without a password.
function connect(hosts, options) {
  return new Mongo(`mongodb://__system:${key}@${hosts}/?authSource=local&serverSelectionTimeoutMS=5000${options}`);
}

function until(what, attempt) {
  for (let tries = 1; ; tries++) {
    try {
      const result = attempt();
      if (result) return result;
    } catch (error) {
      if (tries >= TRIES) throw error;
    }
    if (tries >= TRIES) throw new Error(`${what}: gave up after ${tries} tries`);
    print(`${what}: waiting`);
    sleep(5000);
  }
}

function initiate(replicas, isConfig) {
  const first = connect(replicas.hosts[0], "&directConnection=true").getDB("admin");
  until(replicas.hosts[0], () => first.runCommand({ hello: 1 }).ok);
  const members = replicas.hosts.map((host, at) => ({ _id: at, host }));
  try {
    first.runCommand({ replSetGetStatus: 1 });
  } catch (error) {
    if (error.codeName !== "NotYetInitialized") throw error;
    const config = { _id: replicas.set, members };
    if (isConfig) config.configsvr = true;
    first.runCommand({ replSetInitiate: config });
    print(`${replicas.set}: initiated with ${members.length} members`);
  }
  const set = connect(replicas.hosts.join(","), `&replicaSet=${replicas.set}`).getDB("admin");
  until(`${replicas.set}: primary`, () => set.runCommand({ hello: 1 }).isWritablePrimary);
  join(set, replicas);
}

// A set may grow by one voting member at a time.
function join(set, replicas) {
  for (const host of replicas.hosts) {
    const config = set.runCommand({ replSetGetConfig: 1 }).config;
    if (config.members.some((member) => member.host === host)) continue;
    const next = Math.max(...config.members.map((member) => member._id)) + 1;
    config.members.push({ _id: next, host });
    config.version += 1;
    set.runCommand({ replSetReconfig: config });
    print(`${replicas.set}: added ${host}`);
  }
}

function addShards(admin) {
  const known = admin.runCommand({ listShards: 1 }).shards.map((shard) => shard._id);
  for (const shard of plan.shards) {
    if (!known.includes(shard.name)) {
      admin.runCommand({ addShard: `${shard.set}/${shard.hosts.join(",")}`, name: shard.name });
      print(`shard ${shard.name}: added`);
    }
    if (shard.zone) admin.runCommand({ addShardToZone: shard.name, zone: shard.zone });
  }
}

// The ranges come before the collection is sharded: its first chunks are then made where they belong, and no document
// ever has to move from one region to another.
function addZones(admin, collection) {
  if (!collection.zoneBy) return;
  const bounds = (country, rest) =>
    Object.fromEntries(collection.shardKey.map((field) => [field, field === collection.zoneBy ? country : rest]));
  for (const [zone, countries] of Object.entries(plan.zones)) {
    for (const country of countries) {
      admin.runCommand({
        updateZoneKeyRange: `${plan.database}.${collection.name}`,
        min: bounds(country, MinKey()),
        max: bounds(country, MaxKey()),
        zone,
      });
    }
  }
}

function addCollection(mongo, admin, collection) {
  const database = mongo.getDB(plan.database);
  const name = collection.name;
  const validator = Object.keys(collection.schema).length ? { $jsonSchema: collection.schema } : {};
  if (database.getCollectionInfos({ name }).length) {
    database.runCommand({ collMod: name, validator });
  } else {
    database.createCollection(name, { validator });
    print(`collection ${name}: created`);
  }
  const namespace = `${plan.database}.${name}`;
  if (collection.shardKey.length && !mongo.getDB("config").collections.findOne({ _id: namespace })) {
    addZones(admin, collection);
    const fields = Object.fromEntries(collection.shardKey.map((field) => [field, 1]));
    admin.runCommand({ shardCollection: namespace, key: fields });
    print(`collection ${name}: sharded`);
  } else if (collection.shardKey.length) {
    addZones(admin, collection);
  }
  const index = (fields) => Object.fromEntries(fields.map((field) => [field, 1]));
  for (const fields of collection.unique) database[name].createIndex(index(fields), { unique: true });
  for (const fields of collection.indexes) database[name].createIndex(index(fields));
}

function addUser(database, user, pwd, roles) {
  if (!pwd) throw new Error(`user ${user}: no password`);
  if (database.getUser(user)) {
    database.updateUser(user, { pwd, roles });
  } else {
    database.createUser({ user, pwd, roles });
    print(`user ${user}: created`);
  }
}

initiate(plan.config, true);
for (const shard of plan.shards) initiate(shard, false);
const mongo = until("router", () => {
  const router = connect(plan.router, "");
  return router.getDB("admin").runCommand({ hello: 1 }).ok && router;
});
const admin = mongo.getDB("admin");
addUser(admin, process.env.ROOT_USER, process.env.ROOT_PASSWORD, [{ role: "root", db: "admin" }]);
addShards(admin);
admin.runCommand({ enableSharding: plan.database, primaryShard: plan.home });
for (const collection of plan.collections) addCollection(mongo, admin, collection);
for (const user of plan.users) addUser(admin, user.name, process.env[user.password], user.roles);
print("the cluster is as planned");
