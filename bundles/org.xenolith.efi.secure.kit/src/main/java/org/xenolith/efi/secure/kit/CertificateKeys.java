// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.secure.kit;

import java.io.IOException;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.DefaultCMSSignatureAlgorithmNameGenerator;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.cms.bc.BcECSignerInfoVerifierBuilder;
import org.bouncycastle.cms.bc.BcRSASignerInfoVerifierBuilder;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.operator.bc.BcECContentVerifierProviderBuilder;
import org.bouncycastle.operator.bc.BcRSAContentVerifierProviderBuilder;

/** What certificates verify: signatures over data, and other certificates. */
public final class CertificateKeys {
  /** Larger keys would be a way to keep the host busy. */
  private static final int MOST_RSA_BITS = 8192;
  private static final int MOST_EXPONENT_BITS = 64;

  private CertificateKeys() {}

  /**
   * What verifies a signature with a certificate's key; without the certificate, whose dates would be compared with what the signer says.
   *
   * @throws OperatorCreationException if the key is of a kind that isn't used
   */
  public static SignerInformationVerifier verifier(X509CertificateHolder certificate) throws IOException, OperatorCreationException {
    AsymmetricKeyParameter key = key(certificate.getSubjectPublicKeyInfo());
    if (key instanceof RSAKeyParameters) {
      return new BcRSASignerInfoVerifierBuilder(new DefaultCMSSignatureAlgorithmNameGenerator(),
          new DefaultSignatureAlgorithmIdentifierFinder(), new DefaultDigestAlgorithmIdentifierFinder(), new BcDigestCalculatorProvider())
          .build(key);
    }
    return new BcECSignerInfoVerifierBuilder(new DefaultCMSSignatureAlgorithmNameGenerator(),
        new DefaultSignatureAlgorithmIdentifierFinder(), new DefaultDigestAlgorithmIdentifierFinder(), new BcDigestCalculatorProvider())
        .build(key);
  }

  /**
   * An RSA or elliptic-curve key. Of RSA keys it isn't tested whether their modulus is a product of primes, which {@link PublicKeyFactory}
   * does with random numbers of the Java platform: a bad key is its owner's loss only.
   */
  private static AsymmetricKeyParameter key(SubjectPublicKeyInfo information) throws IOException, OperatorCreationException {
    ASN1ObjectIdentifier kind = information.getAlgorithm().getAlgorithm();
    if (kind.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      RSAPublicKey rsa = RSAPublicKey.getInstance(information.parsePublicKey());
      if (rsa.getModulus().signum() > 0 && rsa.getModulus().testBit(0) && rsa.getModulus().bitLength() <= MOST_RSA_BITS
          && rsa.getPublicExponent().signum() > 0 && rsa.getPublicExponent().bitLength() <= MOST_EXPONENT_BITS) {
        return new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent(), true);
      }
    } else if (kind.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return PublicKeyFactory.createKey(information);
    }
    throw new OperatorCreationException("keys of this kind or size aren't used: " + kind);
  }

  /** Whether a certificate is one of an authority, and another one has been issued by it. */
  public static boolean issued(X509CertificateHolder authority, X509CertificateHolder certificate) {
    try {
      if (!authority.getSubject().equals(certificate.getIssuer()) || !isAuthority(authority)) {
        return false;
      }
      AsymmetricKeyParameter key = key(authority.getSubjectPublicKeyInfo());
      if (key instanceof RSAKeyParameters) {
        return certificate.isSignatureValid(new BcRSAContentVerifierProviderBuilder(new DefaultDigestAlgorithmIdentifierFinder())
            .build(key));
      }
      return certificate.isSignatureValid(
          new BcECContentVerifierProviderBuilder(new DefaultDigestAlgorithmIdentifierFinder()).build(key));
    } catch (IOException | OperatorCreationException | CertException | RuntimeException e) {
      // What can't be read, or has a key that nothing can be verified with, has issued nothing.
      return false;
    }
  }

  /** By its extensions; one of version 1 has none and is one if it issued itself. */
  private static boolean isAuthority(X509CertificateHolder certificate) {
    if (certificate.getVersionNumber() < 3) {
      return certificate.getSubject().equals(certificate.getIssuer());
    }
    BasicConstraints constraints = BasicConstraints.fromExtensions(certificate.getExtensions());
    KeyUsage usage = KeyUsage.fromExtensions(certificate.getExtensions());
    return constraints != null && constraints.isCA() && (usage == null || usage.hasUsages(KeyUsage.keyCertSign));
  }
}
