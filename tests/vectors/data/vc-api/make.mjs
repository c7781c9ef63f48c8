// Makes the signed credentials and presentations of this folder with software of Digital Bazaar. See README.md.
import {readFileSync, writeFileSync} from 'node:fs';

import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {cryptosuite as eddsaRdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';

const CONTEXT = 'https://www.w3.org/ns/credentials/v2';

async function makeKey() {
  const key = await Ed25519Multikey.generate();
  const did = `did:key:${key.publicKeyMultibase}`;
  key.id = `${did}#${key.publicKeyMultibase}`;
  key.controller = did;
  return {did, signer: key.signer()};
}

async function documentLoader(url) {
  if(url !== CONTEXT) {
    throw new Error(`not here: ${url}`);
  }
  const path = '../../../../badges/standards/jsonld/data/credentials-v2.json';
  return {contextUrl: null, documentUrl: url, document: JSON.parse(readFileSync(new URL(path, import.meta.url)))};
}

function write(name, document) {
  writeFileSync(new URL(`${name}.json`, import.meta.url), JSON.stringify(document, null, 1) + '\n');
}

const issuer = await makeKey();
const holder = await makeKey();
const suite = signer => new DataIntegrityProof({signer, cryptosuite: eddsaRdfc, date: '2026-11-01T09:00:00Z'});

function credential(number, more = {}) {
  return vc.issue({
    credential: {
      '@context': [CONTEXT],
      id: `urn:uuid:00000000-0000-4000-8000-00000000000${number}`,
      type: ['VerifiableCredential'],
      issuer: {id: issuer.did, name: 'A college'},
      validFrom: '2026-11-01T09:00:00Z',
      credentialSubject: {id: holder.did, name: 'Sam'},
      ...more,
    },
    suite: suite(issuer.signer),
    documentLoader,
  });
}

function presentation(more, challenge, domain) {
  return vc.signPresentation({
    presentation: {'@context': [CONTEXT], type: ['VerifiablePresentation'], holder: holder.did, ...more},
    suite: suite(holder.signer),
    challenge,
    domain,
    documentLoader,
  });
}

const plain = await credential(1);
const arabic = await credential(2, {
  name: {'@value': 'مهارات البحث', '@language': 'ar', '@direction': 'rtl'},
  description: [
    {'@value': 'Search skills', '@language': 'en', '@direction': 'ltr'},
    {'@value': 'Sgiliau chwilio', '@language': 'cy'},
  ],
});
write('credential', plain);
write('credential-with-directions', arabic);
write('presentation', await presentation({verifiableCredential: [plain, arabic]}, 'a challenge'));
write('presentation-for-a-place', await presentation({verifiableCredential: [plain]}, 'a challenge', 'https://verifier.example'));
