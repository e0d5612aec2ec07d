/** Keys for SSH as EC2 makes, reads and fingerprints them (EC2 User Guide, "Verify the fingerprint of your key pair"). */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

export interface SshKey {
  readonly type: 'rsa' | 'ed25519';
  /** In OpenSSH's form, without a comment. */
  readonly publicKey: string;
  readonly fingerprint: string;
}

interface NewSshKey extends SshKey {
  /** PEM: PKCS#1 for RSA, OpenSSH's own form for ED25519. */
  readonly privateKey: string;
}

const RSA_BITS = 2048;

export function newSshKey(type: 'rsa' | 'ed25519'): NewSshKey {
  return type === 'rsa' ? newRsaKey() : newEd25519Key();
}

/** The fingerprint of a pair that EC2 made is that of its private key. */
function newRsaKey(): NewSshKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  const digest = createHash('sha1')
    .update(privateKey.export({ type: 'pkcs8', format: 'der' }))
    .digest('hex');
  return {
    type: 'rsa',
    publicKey: openSsh('ssh-rsa', rsaBlob(publicKey)),
    fingerprint: colons(digest),
    privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString().trim(),
  };
}

function newEd25519Key(): NewSshKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  const blob = ed25519Blob(point);
  return {
    type: 'ed25519',
    publicKey: openSsh('ssh-ed25519', blob),
    fingerprint: sha256(blob),
    privateKey: openSshPrivateKey(blob, point, seed),
  };
}

/**
 * A public key as ImportKeyPair takes it: OpenSSH's form, RFC 4716, or DER in base64.
 * @returns `undefined` for what is none of them, or of another kind than RSA and ED25519.
 */
export function readSshKey(material: string): SshKey | undefined {
  const blob = blobOf(material.trim());
  const [kind, first, second] = fieldsOf(blob);
  if (kind?.toString() === 'ssh-ed25519' && first?.length === 32)
    return { type: 'ed25519', publicKey: openSsh('ssh-ed25519', blob), fingerprint: sha256(blob) };
  if (kind?.toString() === 'ssh-rsa' && first && second) return readRsaKey(first, second);
  return readDer(Buffer.from(material, 'base64'));
}

function readRsaKey(e: Buffer, n: Buffer): SshKey | undefined {
  try {
    const jwk = { kty: 'RSA', e: e.toString('base64url'), n: trimmed(n).toString('base64url') };
    return importedRsa(createPublicKey({ key: jwk, format: 'jwk' }));
  } catch {
    return undefined;
  }
}

function readDer(der: Buffer): SshKey | undefined {
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'rsa' ? importedRsa(key) : undefined;
  } catch {
    return undefined;
  }
}

/** The fingerprint of an imported pair is that of its public key. */
function importedRsa(key: KeyObject): SshKey {
  const digest = createHash('md5')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  return { type: 'rsa', publicKey: openSsh('ssh-rsa', rsaBlob(key)), fingerprint: colons(digest) };
}

function blobOf(material: string): Buffer {
  const framed = /^---- BEGIN SSH2 PUBLIC KEY ----([\s\S]*)---- END SSH2 PUBLIC KEY ----$/.exec(material);
  if (!framed) return Buffer.from(material.split(/\s+/)[1] ?? '', 'base64');
  // RFC 4716, 3.3: header lines have a colon, and go on after a backslash.
  const body = (framed[1] ?? '').replace(/^[\w-]+:(?:.*\\\r?\n)*.*$/gm, '');
  return Buffer.from(body, 'base64');
}

/** RFC 4251, 5: each field behind its length. */
function fieldsOf(blob: Buffer): readonly Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at + 4 <= blob.length; ) {
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return [];
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

function field(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function trimmed(number: Buffer): Buffer {
  return number[0] === 0 ? number.subarray(1) : number;
}

/** RFC 4251, 5: an mpint whose first bit is set has a zero before it. */
function mpint(number: Buffer): Buffer {
  return field((number[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), number]) : number);
}

function rsaBlob(key: KeyObject): Buffer {
  const { e = '', n = '' } = key.export({ format: 'jwk' });
  return Buffer.concat([field('ssh-rsa'), mpint(Buffer.from(e, 'base64url')), mpint(Buffer.from(n, 'base64url'))]);
}

function ed25519Blob(point: Buffer): Buffer {
  return Buffer.concat([field('ssh-ed25519'), field(point)]);
}

/** OpenSSH, PROTOCOL.key: one key, without a passphrase. */
function openSshPrivateKey(blob: Buffer, point: Buffer, seed: Buffer): string {
  const check = randomBytes(4);
  const inner = Buffer.concat([check, check, blob, field(Buffer.concat([seed, point])), field('')]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, index) => index + 1));
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    Buffer.of(0, 0, 0, 1),
    field(blob),
    field(Buffer.concat([inner, padding])),
  ]);
  const lines = whole.toString('base64').replace(/(.{70})(?=.)/g, '$1\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----`;
}

function openSsh(kind: string, blob: Buffer): string {
  return `${kind} ${blob.toString('base64')}`;
}

function sha256(blob: Buffer): string {
  return createHash('sha256').update(blob).digest('base64');
}

function colons(digest: string): string {
  return (digest.match(/../g) ?? []).join(':');
}
