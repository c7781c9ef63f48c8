// Verifies the credentials of a file with @digitalbazaar/vc, everything at hand, and prints how many it did a second.
//
//   node verify.mjs MATERIAL.json SECONDS
//
// The material is {"credentials": [...], "documents": {address: document}}. Its own status check is left out.
import {readFileSync} from 'node:fs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';

const [path, seconds] = process.argv.slice(2);
const {credentials, documents} = JSON.parse(readFileSync(path, 'utf8'));

async function documentLoader(url) {
  const document = documents[url];
  if(!document) {
    throw new Error(`no document at ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document};
}

async function verify(credential) {
  const suite = new DataIntegrityProof({cryptosuite});
  const now = new Date('2026-12-01T10:00:00Z');
  const checkStatus = async () => ({verified: true});
  const result = await vc.verifyCredential({credential, suite, documentLoader, checkStatus, now});
  if(!result.verified) {
    throw new Error(JSON.stringify(result.error?.errors?.map(String) ?? String(result.error)));
  }
}

for(let i = 0; i < 5; i++) {
  await verify(credentials[i % credentials.length]);
}
const started = performance.now();
let done = 0;
while(performance.now() - started < seconds * 1000) {
  await verify(credentials[done % credentials.length]);
  done++;
}
console.log(JSON.stringify({perSecond: done / ((performance.now() - started) / 1000)}));
