/** Key pairs (EC2 User Guide, "Verify the fingerprint of your key pair": the commands there are what the tests compute). */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { EC2 } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusal, type Served, serve, there } from '../clients.ts';

let sandbox: Served;
let ec2: EC2;
beforeAll(async () => {
  sandbox = await serve();
  ec2 = sandbox.ec2;
});
afterAll(() => sandbox.close());

const colons = (digest: string) => digest.match(/../g)?.join(':');

async function publicKeyOf(name: string) {
  const { KeyPairs } = await ec2.describeKeyPairs({ KeyNames: [name], IncludePublicKey: true });
  return there(KeyPairs?.[0]?.PublicKey);
}

it('A new RSA pair has the fingerprint of its private key; imported again, that of its public key', async () => {
  const { KeyMaterial = '', KeyFingerprint } = await ec2.createKeyPair({ KeyName: 'made' });
  const key = createPrivateKey(KeyMaterial);
  expect(KeyMaterial).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
  expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048);
  const ofPrivate = createHash('sha1').update(key.export({ type: 'pkcs8', format: 'der' }));
  expect(KeyFingerprint).toBe(colons(ofPrivate.digest('hex')));

  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const ofPublic = colons(createHash('md5').update(spki).digest('hex'));
  const openSsh = await publicKeyOf('made');
  const rfc4716 = `---- BEGIN SSH2 PUBLIC KEY ----\nComment: "of a test"\n${openSsh.split(' ')[1]}\n---- END SSH2 PUBLIC KEY ----\n`;
  for (const [KeyName, material] of [
    ['openssh', `${openSsh} me@example.org`],
    ['rfc4716', rfc4716],
    ['der', spki.toString('base64')],
  ] as const) {
    const imported = await ec2.importKeyPair({ KeyName, PublicKeyMaterial: Buffer.from(material) });
    expect(imported.KeyFingerprint).toBe(ofPublic);
    expect(await publicKeyOf(KeyName)).toBe(openSsh);
  }
});

it('A new ED25519 pair has the SHA-256 fingerprint of its public key, as OpenSSH shows it', async () => {
  const { KeyMaterial, KeyFingerprint } = await ec2.createKeyPair({ KeyName: 'edwards', KeyType: 'ed25519' });
  expect(KeyMaterial).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n[\s\S]*\n-----END OPENSSH PRIVATE KEY-----$/);
  const blob = Buffer.from((await publicKeyOf('edwards')).split(' ')[1] ?? '', 'base64');
  expect(KeyFingerprint).toBe(createHash('sha256').update(blob).digest('base64'));
  expect(Buffer.from((KeyMaterial ?? '').split('\n').slice(1, -1).join(''), 'base64').includes(blob)).toBe(true);
});

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' });

it.each<readonly [what: string, code: string, call: () => Promise<unknown>]>([
  ['a name that is there', 'InvalidKeyPair.Duplicate', () => ec2.createKeyPair({ KeyName: 'made' })],
  ['a kind that is none', 'InvalidParameterValue', () => ec2.createKeyPair({ KeyName: 'x', KeyType: 'dsa' as 'rsa' })],
  ['no name', 'MissingParameter', () => ec2.createKeyPair({ KeyName: '' })],
  ['no key', 'InvalidKeyPair.Format', () => ec2.importKeyPair({ KeyName: 'x', PublicKeyMaterial: Buffer.from('x') })],
  [
    'a key of another kind',
    'InvalidKeyPair.Format',
    () => ec2.importKeyPair({ KeyName: 'x', PublicKeyMaterial: Buffer.from(ec.toString('base64')) }),
  ],
  ['an unknown name', 'InvalidKeyPair.NotFound', () => ec2.describeKeyPairs({ KeyNames: ['nobody'] })],
])('A call with %s is refused with %s', async (_what, code, call) => {
  expect(await refusal(call())).toMatchObject({ code, status: 400 });
});

it('A pair is found by its fingerprint, and deleted once; deleting it again is no error', async () => {
  const { KeyFingerprint, KeyPairId } = await ec2.createKeyPair({ KeyName: 'gone', KeyType: 'ed25519' });
  const Filters = [{ Name: 'fingerprint', Values: [KeyFingerprint ?? ''] }];
  expect((await ec2.describeKeyPairs({ Filters })).KeyPairs).toMatchObject([{ KeyName: 'gone', KeyType: 'ed25519' }]);
  expect((await ec2.deleteKeyPair({ KeyName: 'gone' })).KeyPairId).toBe(KeyPairId);
  expect((await ec2.deleteKeyPair({ KeyName: 'gone' })).Return).toBe(true);
  expect((await ec2.describeKeyPairs({ Filters })).KeyPairs).toEqual([]);
});
