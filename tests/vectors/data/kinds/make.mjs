// Makes the signed credentials of this folder with software of Digital Bazaar. README.md says how to run it.
import {readFileSync, writeFileSync} from 'node:fs';

import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {cryptosuite as eddsaRdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';

const V1 = 'https://www.w3.org/2018/credentials/v1';
const V2 = 'https://www.w3.org/ns/credentials/v2';
const DATA_INTEGRITY = 'https://w3id.org/security/data-integrity/v2';
const CLR = 'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json';
const OB = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';
const STATUS_2021 = 'https://w3id.org/vc/status-list/2021/v1';
const FILES = {
  [V1]: 'credentials-v1.json',
  [V2]: 'credentials-v2.json',
  [DATA_INTEGRITY]: 'data-integrity-v2.json',
  [CLR]: 'clr-2.0.1.json',
  [OB]: 'ob-3.0.3.json',
  [STATUS_2021]: 'status-list-2021-v1.json',
};

async function documentLoader(url) {
  if(!(url in FILES)) {
    throw new Error(`not here: ${url}`);
  }
  const path = new URL(`../../../../badges/standards/jsonld/data/${FILES[url]}`, import.meta.url);
  return {contextUrl: null, documentUrl: url, document: JSON.parse(readFileSync(path))};
}

async function makeIssuer(name) {
  const key = await Ed25519Multikey.generate();
  const did = `did:key:${key.publicKeyMultibase}`;
  key.id = `${did}#${key.publicKeyMultibase}`;
  key.controller = did;
  const suite = () => new DataIntegrityProof({signer: key.signer(), cryptosuite: eddsaRdfc, date: '2026-11-01T09:00:00Z'});
  return {profile: {id: did, type: ['Profile'], name}, issue: credential => vc.issue({credential, suite: suite(), documentLoader})};
}

function write(name, document) {
  writeFileSync(new URL(`${name}.json`, import.meta.url), JSON.stringify(document, null, 1) + '\n');
}

const college = await makeIssuer('A college');
const library = await makeIssuer('A library');
const SAM = 'urn:uuid:00000000-0000-4000-8000-0000000000aa';
let number = 0;

function base(issuer, types, contexts, subject, more) {
  number += 1;
  return {
    '@context': contexts,
    id: `urn:uuid:00000000-0000-4000-8000-00000000000${number}`,
    type: ['VerifiableCredential', ...types],
    issuer: issuer.profile,
    validFrom: '2026-11-01T09:00:00Z',
    credentialSubject: subject,
    ...more,
  };
}

function achievement(name, more) {
  return {
    id: `https://college.example/achievements/${name}`,
    type: ['Achievement'],
    name: `Skill ${name}`,
    description: 'Can do it.',
    criteria: {narrative: 'Did it.'},
    ...more,
  };
}

const endorsement = await library.issue(base(library, ['EndorsementCredential'], [V2, OB], {
  id: 'https://college.example/achievements/a',
  type: ['EndorsementSubject'],
  endorsementComment: 'Well made.',
}, {name: 'Endorsement of a skill'}));

const endorsed = await college.issue(base(college, ['OpenBadgeCredential'], [V2, OB], {
  id: SAM, type: ['AchievementSubject'], achievement: achievement('a', {endorsement: [endorsement]}),
}, {name: 'Skill a'}));

const badge = await library.issue(base(library, ['AchievementCredential'], [V2, OB], {
  id: SAM, type: ['AchievementSubject'], achievement: achievement('b'),
}, {name: 'Skill b'}));

function record(badges) {
  return college.issue(base(college, ['ClrCredential'], [V2, CLR, OB], {
    id: SAM,
    type: ['ClrSubject'],
    verifiableCredential: badges,
    achievement: [achievement('c')],
    association: [{
      type: ['Association'],
      associationType: 'isParentOf',
      sourceId: 'https://college.example/achievements/c',
      targetId: 'https://college.example/achievements/a',
    }],
  }, {name: 'What Sam learned', partial: true}));
}

write('endorsement', endorsement);
write('endorsed-badge', endorsed);
write('record', await record([endorsed, badge]));
// Whoever signs a record can put into it what they like: this badge was changed before the record was signed.
write('record-with-a-forged-badge', await record([endorsed, {...badge, name: 'Skill z'}]));
write('schema', await college.issue(base(college, ['JsonSchemaCredential'], [V2], {
  id: 'https://college.example/schemas/1', type: 'JsonSchema', jsonSchema: {type: 'object', properties: {a: {const: 1}}},
}, {issuer: college.profile.id})));
const old = base(college, ['StatusList2021Credential'], [V1, STATUS_2021, DATA_INTEGRITY], {
  id: 'https://college.example/status/1#list',
  type: 'StatusList2021',
  statusPurpose: 'suspension',
  encodedList: 'H4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA',
}, {issuer: college.profile.id, issuanceDate: '2026-11-01T09:00:00Z'});
delete old.validFrom;
write('status-list-2021', await college.issue(old));
