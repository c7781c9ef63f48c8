// Signs the credentials of a file with @digitalbazaar/vc, contexts at hand, and prints how many it did a second.
//
//   node sign_peer.mjs MATERIAL.json SECONDS
//
// The material is {"documents": [unsigned credentials], "contexts": {address: document}}.
import {readFileSync} from 'node:fs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';

const [path, seconds] = process.argv.slice(2);
const {documents, contexts} = JSON.parse(readFileSync(path, 'utf8'));
const key = await Ed25519Multikey.generate({controller: 'did:example:1'});
key.id = `did:example:1#${key.publicKeyMultibase}`;

async function documentLoader(url) {
  const document = contexts[url];
  if(!document) {
    throw new Error(`no document at ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document};
}

async function sign(credential) {
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite});
  await vc.issue({credential: structuredClone(credential), suite, documentLoader, now: new Date('2026-12-01T10:00:00Z')});
}

for(let i = 0; i < 5; i++) {
  await sign(documents[i % documents.length]);
}
const started = performance.now();
let done = 0;
while(performance.now() - started < seconds * 1000) {
  await sign(documents[done % documents.length]);
  done++;
}
console.log(JSON.stringify({perSecond: done / ((performance.now() - started) / 1000)}));
