// Imported first by every script: an old Node must fail with one clear line, not in the middle of something.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Kuchikomi needs Node 20.19 or newer; this is ${process.versions.node}. See https://nodejs.org/en/download.`,
  );
  process.exit(1);
}
