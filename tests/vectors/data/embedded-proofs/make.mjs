// Makes the signed badges of this folder with software of Digital Bazaar. README.md says how to run it.
import {readFileSync, writeFileSync} from 'node:fs';

import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as ecdsaRdfc} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsaRdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import jsigs from 'jsonld-signatures';

const ISSUER = 'did:web:college.example';
const CONTEXTS = {
  'https://www.w3.org/ns/credentials/v2': 'credentials-v2.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json': 'ob-3.0.3.json',
};
const {AssertionProofPurpose} = jsigs.purposes;

async function documentLoader(url) {
  if(!(url in CONTEXTS)) {
    throw new Error(`not here: ${url}`);
  }
  const path = `../../../../badges/standards/jsonld/data/${CONTEXTS[url]}`;
  const document = JSON.parse(readFileSync(new URL(path, import.meta.url)));
  return {contextUrl: null, documentUrl: url, document};
}

function badge(number) {
  return {
    '@context': Object.keys(CONTEXTS),
    id: `https://college.example/credentials/${number}`,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer: {id: ISSUER, type: ['Profile'], name: 'Anytown College – \u{1f393}'},
    validFrom: '2026-12-01T09:00:00Z',
    validUntil: '2036-12-01T09:00:00Z',
    name: 'Evidence "search" skills',
    evidence: [
      {id: 'https://college.example/evidence/1', type: ['Evidence'], name: 'A list of searches'},
      {type: ['Evidence'], name: 'A talk', narrative: 'It took\nfive minutes.'},
      {type: ['Evidence'], name: 'A poster'},
    ],
    credentialSubject: {
      type: ['AchievementSubject'],
      identifier: [
        {type: 'IdentityObject', hashed: false, identityHash: 'sam@example.org', identityType: 'emailAddress'},
        {type: 'IdentityObject', hashed: false, identityHash: 'Sam Şahin', identityType: 'name'},
      ],
      creditsEarned: 2.5,
      achievement: {
        id: 'https://college.example/achievements/1',
        type: ['Achievement'],
        name: 'Evidence "search" skills',
        description: 'Can find evidence.',
        criteria: {narrative: 'Found and judged evidence.'},
        tag: ['search', 'evidence'],
        alignment: [
          {type: ['Alignment'], targetName: 'Searching', targetUrl: 'https://skills.example/1'},
          {type: ['Alignment'], targetName: 'Judging', targetUrl: 'https://skills.example/2'},
        ],
      },
    },
  };
}

function plainBadge(number) {
  // Everything has an id, so that there is no blank node at all.
  const document = badge(number);
  document.evidence = [document.evidence[0]];
  document.credentialSubject = {
    id: 'did:example:sam',
    type: ['AchievementSubject'],
    achievement: {
      id: 'https://college.example/achievements/1',
      type: ['Achievement'],
      name: 'Search',
      description: 'Can find evidence.',
      criteria: {id: 'https://college.example/achievements/1/criteria'},
    },
  };
  return document;
}

async function sign(document, key, cryptosuite) {
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite, date: '2026-12-01T09:00:01Z'});
  return jsigs.sign(document, {suite, purpose: new AssertionProofPurpose(), documentLoader});
}

async function derive(document, selectivePointers) {
  const cryptosuite = ecdsaSd.createDiscloseCryptosuite({selectivePointers});
  const suite = new DataIntegrityProof({cryptosuite});
  return jsigs.derive(structuredClone(document), {suite, purpose: new AssertionProofPurpose(), documentLoader});
}

function write(name, value) {
  writeFileSync(new URL(`${name}.json`, import.meta.url), `${JSON.stringify(value, null, 1)}\n`);
}

async function named(key) {
  const {publicKeyMultibase} = await key.export({publicKey: true});
  key.id = `${ISSUER}#${publicKeyMultibase}`;
  key.controller = ISSUER;
  return key;
}

const ed25519 = await named(await Ed25519Multikey.generate());
const p256 = await named(await EcdsaMultikey.generate({curve: 'P-256'}));
const p384 = await named(await EcdsaMultikey.generate({curve: 'P-384'}));
const methods = [];
for(const key of [ed25519, p256, p384]) {
  const publicKeyMultibase = key.id.split('#')[1];
  methods.push({id: key.id, type: 'Multikey', controller: ISSUER, publicKeyMultibase});
}
write('issuer', {
  '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
  id: ISSUER,
  verificationMethod: methods,
  assertionMethod: methods.map(method => method.id),
});

write('eddsa-rdfc-2022', await sign(badge(1), ed25519, eddsaRdfc));
write('eddsa-jcs-2022', await sign(badge(2), ed25519, eddsaJcs.createSignCryptosuite()));
for(const [key, curve] of [[p256, 'p256'], [p384, 'p384']]) {
  write(`ecdsa-rdfc-2019-${curve}`, await sign(badge(3), key, ecdsaRdfc));
  write(`ecdsa-jcs-2019-${curve}`, await sign(badge(4), key, ecdsaJcs.createSignCryptosuite()));
}
const once = await sign(badge(5), p384, ecdsaRdfc);
write('set-of-two', await sign(once, ed25519, eddsaRdfc));

const SD = {
  'names': [['/issuer', '/validFrom', '/validUntil'], ['/name', '/credentialSubject/achievement/name']],
  'one-of-each': [
    ['/issuer', '/credentialSubject/achievement'],
    ['/validFrom', '/evidence/2', '/credentialSubject/identifier/1', '/credentialSubject/achievement/alignment/1'],
  ],
  'whole-subject': [['/issuer/name', '/validFrom'], ['/credentialSubject', '/evidence', '/validUntil']],
  'nothing-mandatory': [[], ['/issuer', '/validFrom', '/name', '/credentialSubject/achievement',
    '/credentialSubject/identifier']],
  'all-mandatory': [['/issuer', '/validFrom', '/validUntil', '/name', '/evidence', '/credentialSubject'], []],
};
for(const [name, [mandatoryPointers, selectivePointers]] of Object.entries(SD)) {
  const cryptosuite = ecdsaSd.createSignCryptosuite({mandatoryPointers});
  const base = await sign(badge(6), p256, cryptosuite);
  write(`ecdsa-sd-2023-${name}`, await derive(base, selectivePointers.length ? selectivePointers : ['/name']));
  if(name === 'names') {
    write('ecdsa-sd-2023-base', base);
  }
}
const plainSuite = ecdsaSd.createSignCryptosuite({mandatoryPointers: ['/issuer', '/validFrom']});
const plainBase = await sign(plainBadge(7), p256, plainSuite);
write('ecdsa-sd-2023-no-blank-nodes', await derive(plainBase, ['/credentialSubject', '/name']));
