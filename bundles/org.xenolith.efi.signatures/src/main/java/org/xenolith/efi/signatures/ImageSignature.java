// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.signatures;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.x509.DigestInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.operator.OperatorCreationException;
import org.xenolith.efi.secure.kit.CertificateChain;
import org.xenolith.efi.secure.kit.CertificateKeys;

/**
 * A signature of an image whose own mathematics is right: SignedData of PKCS #7 over SpcIndirectDataContent, with one signer and his certificates
 * (Microsoft, Windows Authenticode Portable Executable Signature Format). Whether the image is the one that was signed, and the signer anybody, isn't said.
 *
 * @param hash   by which the image was signed
 * @param digest of the image that was signed
 * @param chain  the signer and who is above him
 * @param said   what the certificate of each says, as its issuer has signed it
 * @param signer his name
 */
record ImageSignature(Hash hash, byte[] digest, CertificateChain chain, List<byte[]> said, String signer) {
  private static final ASN1ObjectIdentifier INDIRECT_DATA = new ASN1ObjectIdentifier("1.3.6.1.4.1.311.2.1.4");

  /** Verifies a signature with the certificate of the signer that is in it; null if it isn't one. */
  static ImageSignature verify(byte[] bytes) {
    try {
      CMSSignedData data = new CMSSignedData(contentInfo(bytes));
      Collection<SignerInformation> signers = data.getSignerInfos().getSigners();
      List<X509CertificateHolder> certificates = new ArrayList<>(data.getCertificates().getMatches(null));
      if (signers.size() != 1 || certificates.size() > CertificateChain.MOST || !INDIRECT_DATA.getId().equals(data
          .getSignedContentTypeOID())
          || !(data.getSignedContent().getContent() instanceof ASN1Encodable content)) {
        return null;
      }
      DigestInfo signed = DigestInfo.getInstance(ASN1Sequence.getInstance(content).getObjectAt(1));
      Hash hash = Hash.of(signed.getAlgorithmId().getAlgorithm());
      SignerInformation signer = signers.iterator().next();
      if (hash == null || Hash.of(signer.getDigestAlgorithmID().getAlgorithm()) == null) {
        return null;
      }
      for (X509CertificateHolder certificate : certificates) {
        if (signer.getSID().match(certificate) && signer.verify(CertificateKeys.verifier(certificate))) {
          CertificateChain chain = new CertificateChain(certificate, certificates);
          List<byte[]> said = new ArrayList<>();
          for (X509CertificateHolder one : chain.certificates()) {
            said.add(said(one)); // parts that nobody has looked at yet are read here, and may be none
          }
          return new ImageSignature(hash, signed.getDigest(), chain, said, certificate.getSubject().toString());
        }
      }
      return null;
    } catch (CMSException | IOException | OperatorCreationException | RuntimeException | StackOverflowError e) {
      // Whatever somebody has put into the file: it isn't a signature.
      return null;
    }
  }

  static byte[] said(X509CertificateHolder certificate) throws IOException {
    return certificate.toASN1Structure().getTBSCertificate().getEncoded("DER");
  }

  /** The first value of what may end with filling: the table's entries are rounded up. */
  private static ContentInfo contentInfo(byte[] bytes) throws IOException {
    try (ASN1InputStream in = new ASN1InputStream(bytes)) {
      ASN1Primitive first = in.readObject();
      ASN1Sequence sequence = ASN1Sequence.getInstance(first);
      return sequence.getObjectAt(0) instanceof ASN1ObjectIdentifier ? ContentInfo.getInstance(sequence)
          : new ContentInfo(CMSObjectIdentifiers.signedData, sequence);
    }
  }
}
