// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.operator.OperatorCreationException;
import org.xenolith.efi.secure.kit.CertificateChain;
import org.xenolith.efi.secure.kit.CertificateKeys;

/**
 * A signature over an authenticated write that has been verified: SignedData of PKCS #7 without content, with one signer and his
 * certificates (UEFI 2.10, 8.2.6).
 *
 * <p>All of it is done by BouncyCastle's own classes and none by a provider of the Java platform: which of those there are, and in which
 * order, makes no difference. Nor does the date: validity of certificates isn't judged, as firmware has no clock that it could trust.
 */
final class SignedUpdate {
  /** The specification demands the first; firmware takes the others, too. */
  private static final Set<ASN1ObjectIdentifier> DIGESTS = Set.of(NISTObjectIdentifiers.id_sha256, NISTObjectIdentifiers.id_sha384,
      NISTObjectIdentifiers.id_sha512);

  private final X509CertificateHolder signer;
  private final List<X509CertificateHolder> certificates;

  private SignedUpdate(X509CertificateHolder signer, List<X509CertificateHolder> certificates) {
    this.signer = signer;
    this.certificates = certificates;
  }

  /**
   * Verifies a signature with the certificate of the signer that is in it.
   *
   * @param signature SignedData in DER, bare or in a ContentInfo
   * @return null if it isn't one, or isn't of these bytes
   */
  static SignedUpdate verify(byte[] signature, byte[] signed) {
    try {
      CMSSignedData data = new CMSSignedData(new CMSProcessableByteArray(signed), contentInfo(signature));
      Collection<SignerInformation> signers = data.getSignerInfos().getSigners();
      List<X509CertificateHolder> certificates = new ArrayList<>(data.getCertificates().getMatches(null));
      if (signers.size() != 1 || certificates.size() > CertificateChain.MOST || !data.isDetachedSignature()) {
        return null;
      }
      SignerInformation one = signers.iterator().next();
      if (!DIGESTS.contains(one.getDigestAlgorithmID().getAlgorithm())) {
        return null;
      }
      for (X509CertificateHolder certificate : certificates) {
        if (one.getSID().match(certificate) && one.verify(CertificateKeys.verifier(certificate))) {
          return new SignedUpdate(certificate, certificates);
        }
      }
      return null;
    } catch (CMSException | IOException | OperatorCreationException | RuntimeException | StackOverflowError e) {
      // Whatever a caller made up: it isn't a signature.
      return null;
    }
  }

  private static ContentInfo contentInfo(byte[] signature) throws IOException {
    ASN1Sequence sequence = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(signature));
    return sequence.getObjectAt(0) instanceof ASN1ObjectIdentifier ? ContentInfo.getInstance(sequence)
        : new ContentInfo(CMSObjectIdentifiers.signedData, sequence);
  }

  /** Whether the signer is one of these, or has his certificate from one of them by way of those in the signature. */
  boolean chainsTo(List<byte[]> anchors) {
    return new CertificateChain(signer, certificates).anchor(anchors).isPresent();
  }

  /** The certificate that the signer's chain ends with in this signature: the signer's own if nobody else's is there. */
  private X509CertificateHolder top() {
    X509CertificateHolder top = signer;
    for (int steps = 0; steps < certificates.size(); steps++) {
      X509CertificateHolder below = top;
      X509CertificateHolder above = certificates.stream().filter(issuer -> !issuer.equals(below) && CertificateKeys.issued(issuer, below))
          .findFirst().orElse(null);
      if (above == null) {
        break;
      }
      top = above;
    }
    return top;
  }

  /**
   * Who may change a private authenticated variable that this signer makes: a SHA-256 of the common name of his certificate's subject and
   * of the SHA-256 of the tbsCertificate of the last one in his chain. Null if that can't be made.
   */
  byte[] fingerprint() {
    try {
      RDN[] names = signer.getSubject().getRDNs(BCStyle.CN);
      byte[] name = names.length == 0 ? new byte[0] : names[0].getFirst().getValue().toASN1Primitive().getEncoded("DER");
      byte[] authority = sha256(top().toASN1Structure().getTBSCertificate().getEncoded("DER"));
      byte[] both = Arrays.copyOf(name, name.length + authority.length);
      System.arraycopy(authority, 0, both, name.length, authority.length);
      return sha256(both);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private static byte[] sha256(byte[] bytes) {
    SHA256Digest digest = new SHA256Digest();
    digest.update(bytes, 0, bytes.length);
    byte[] result = new byte[digest.getDigestSize()];
    digest.doFinal(result, 0);
    return result;
  }
}
