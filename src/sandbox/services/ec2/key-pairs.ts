/** Key pairs: EC2 keeps the public key; the private one is in the answer to the call that made it, and nowhere else. */
import type * as Ec2 from '@aws-sdk/client-ec2';
import { resourceId } from '../../ids.ts';
import { AwsError, type Operation, type Operations, type Request } from '../../service.ts';
import { invalidValue, list, missingParameter } from './common.ts';
import { newSshKey, readSshKey, type SshKey } from './ssh-keys.ts';
import { tagsFor } from './tag-rules.ts';

const LONGEST_NAME = 255;

function requireNewName({ region }: Request, name: string | undefined): string {
  if (name === undefined || name === '') throw missingParameter('KeyName');
  if (name.length > LONGEST_NAME) throw invalidValue('KeyName', name, 'Names have up to 255 characters.');
  if (region.ec2.keyPairs.some(({ KeyName }) => KeyName === name))
    throw new AwsError('InvalidKeyPair.Duplicate', 'The keypair already exists');
  return name;
}

interface Kept {
  readonly key: SshKey;
  readonly tags: Ec2.Tag[];
}

function keep({ region, now, random }: Request, name: string, { key, tags }: Kept): Ec2.KeyPairInfo {
  const pair: Ec2.KeyPairInfo = {
    KeyPairId: resourceId(random, 'key'),
    KeyName: name,
    KeyType: key.type,
    KeyFingerprint: key.fingerprint,
    PublicKey: key.publicKey,
    CreateTime: new Date(now),
    Tags: tags,
  };
  region.ec2.keyPairs.push(pair);
  return pair;
}

const CreateKeyPair: Operation<Ec2.CreateKeyPairRequest, Ec2.KeyPair> = (request, input) => {
  const name = requireNewName(request, input.KeyName);
  const type = input.KeyType ?? 'rsa';
  if (type !== 'rsa' && type !== 'ed25519') throw invalidValue('KeyType', type);
  if (input.KeyFormat !== undefined && input.KeyFormat !== 'pem')
    throw new AwsError('UnsupportedOperation', 'The sandbox gives private keys as PEM, not as PPK.');
  const tags = tagsFor(input.TagSpecifications, 'key-pair');
  let KeyMaterial = '';
  // Only the public half may be written down.
  const key = request.decide((): SshKey => {
    const { privateKey, ...made } = newSshKey(type);
    KeyMaterial = privateKey;
    return made;
  });
  const { KeyPairId, KeyFingerprint, Tags } = keep(request, name, { key, tags });
  return { KeyName: name, KeyPairId, KeyFingerprint, KeyMaterial, Tags };
};

const ImportKeyPair: Operation<Ec2.ImportKeyPairRequest, Ec2.ImportKeyPairResult> = (request, input) => {
  const name = requireNewName(request, input.KeyName);
  const tags = tagsFor(input.TagSpecifications, 'key-pair');
  const key = readSshKey(Buffer.from(input.PublicKeyMaterial ?? []).toString('latin1'));
  if (!key) throw new AwsError('InvalidKeyPair.Format', 'Key is not in valid OpenSSH public key format');
  const { KeyPairId, KeyFingerprint, Tags } = keep(request, name, { key, tags });
  return { KeyName: name, KeyPairId, KeyFingerprint, Tags };
};

const DescribeKeyPairs: Operation<Ec2.DescribeKeyPairsRequest, Ec2.DescribeKeyPairsResult> = ({ region }, input) => {
  const { keyPairs } = region.ec2;
  const { KeyNames: names = [], KeyPairIds: ids = [] } = input;
  for (const name of names)
    if (!keyPairs.some(({ KeyName }) => KeyName === name))
      throw new AwsError('InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`);
  for (const id of ids)
    if (!keyPairs.some(({ KeyPairId }) => KeyPairId === id))
      throw new AwsError('InvalidKeyPair.NotFound', `The key pair '${id}' does not exist`);
  const { items } = list(
    keyPairs.filter(
      ({ KeyName = '', KeyPairId = '' }) =>
        (names.length === 0 || names.includes(KeyName)) && (ids.length === 0 || ids.includes(KeyPairId)),
    ),
    { Filters: input.Filters },
    {
      idOf: ({ KeyPairId }) => KeyPairId,
      prefix: 'key',
      filters: {
        fingerprint: ({ KeyFingerprint }) => KeyFingerprint,
        'key-name': ({ KeyName }) => KeyName,
        'key-pair-id': ({ KeyPairId }) => KeyPairId,
      },
    },
  );
  return { KeyPairs: input.IncludePublicKey ? items : items.map(({ PublicKey: _left, ...pair }) => pair) };
};

/** A pair that is not there is deleted all the same (EC2 API Reference, DeleteKeyPair). */
const DeleteKeyPair: Operation<Ec2.DeleteKeyPairRequest, Ec2.DeleteKeyPairResult> = ({ region }, input) => {
  if (input.KeyName === undefined && input.KeyPairId === undefined) throw missingParameter('KeyName');
  const gone = region.ec2.keyPairs.find(
    ({ KeyName, KeyPairId }) => KeyName === input.KeyName || KeyPairId === input.KeyPairId,
  );
  region.ec2.keyPairs = region.ec2.keyPairs.filter((each) => each !== gone);
  return { Return: true, ...(gone && { KeyPairId: gone.KeyPairId }) };
};

export const keyPairOperations: Operations = { CreateKeyPair, ImportKeyPair, DescribeKeyPairs, DeleteKeyPair };
