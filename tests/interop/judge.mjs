// Says what @digitalbazaar/vc says of a credential with an embedded proof (eddsa-rdfc-2022, eddsa-jcs-2022).
// In: {"credential": …, "documents": {url: …}, "now": …} as JSON. Out: {"verified": …, "reason": …}.
import {readFileSync} from 'node:fs';

import {verifyCredential} from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as eddsaRdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

const {credential, documents, now} = JSON.parse(readFileSync(0));

async function documentLoader(url) {
  const [address] = url.split('#');
  if(url in documents || address in documents) {
    return {contextUrl: null, documentUrl: url, document: documents[url] ?? documents[address]};
  }
  throw new Error(`not among the documents of this test: ${url}`);
}

const suite = [eddsaRdfc, createVerifyCryptosuite()].map(cryptosuite => new DataIntegrityProof({cryptosuite}));
// Whether it was withdrawn is not what is asked here.
const checkStatus = async () => ({verified: true});
const {verified, error} = await verifyCredential({credential, suite, documentLoader, checkStatus, now: new Date(now)});
const reason = error ? [error.message, ...(error.errors ?? []).map(each => each.message)].join('; ') : '';
process.stdout.write(JSON.stringify({verified, reason}));
