// A list of issuers, signed by software of others. See README.md.
import {writeFileSync} from "node:fs";
import {DataIntegrityProof} from "@digitalbazaar/data-integrity";
import * as Ed25519Multikey from "@digitalbazaar/ed25519-multikey";
import {createSignCryptosuite} from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import jsigs from "jsonld-signatures";

const key = await Ed25519Multikey.generate();
const publisher = `did:key:${key.publicKeyMultibase}`;
key.id = `${publisher}#${key.publicKeyMultibase}`;
key.controller = publisher;

const list = {
  type: "IssuerList",
  version: 1,
  name: "Libraries: Zoë’s list, 50% done",
  publisher,
  issued: "2026-12-01T00:00:00Z",
  validUntil: "2027-06-01T00:00:00Z",
  entries: [
    {
      ids: ["did:web:library.example", "https://library.example/issuer"],
      name: "Anytown Hospitals Library",
      url: "https://library.example/",
      kind: "campaign",
      since: "2026-11-01T00:00:00Z",
      note: {staff: 12.5, open: true, "\u20ac": null},
    },
  ],
};
const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite: createSignCryptosuite(), date: "2026-12-01T00:00:00Z"});
const documentLoader = async (url) => {
  throw new Error(`nothing is fetched: ${url}`);
};
const signed = await jsigs.sign(list, {suite, purpose: new jsigs.purposes.AssertionProofPurpose(), documentLoader});
writeFileSync(new URL("signed.json", import.meta.url), JSON.stringify(signed, null, 2) + "\n");
