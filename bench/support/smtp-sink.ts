import { SMTPServer } from 'smtp-server';

/** A mail server that takes everything and keeps nothing, in a process of its own. */
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  logger: false,
  onData: (stream, _session, done) => {
    stream.resume();
    stream.once('end', () => done());
  },
});
const listener = server.listen(0, '127.0.0.1', () => process.send!((listener.address() as { port: number }).port));
process.once('SIGTERM', () => process.exit(0));
