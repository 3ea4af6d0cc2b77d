// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.operator.bc.BcRSAContentSignerBuilder;
import org.bouncycastle.util.CollectionStore;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.VariableName;

/** Keys and certificates that are the same in each run, and what tools make with them. */
final class Signers {
  private static final EfiGuid OWNER = EfiGuid.of("11111111-2222-3333-4444-123456789abc");
  /** Small, as it need only be quick. */
  private static final int BITS = 1024;

  /** Somebody who signs: a key, its certificate and those of who is above. */
  record Signer(AsymmetricCipherKeyPair key, X509CertificateHolder certificate, List<X509CertificateHolder> chain) {}

  /** The same numbers in each run. */
  private static final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final Random random;

    FixedRandom(long seed) {
      super(null, null);
      random = new Random(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
      random.nextBytes(bytes);
    }

    @Override
    public int nextInt() {
      return random.nextInt();
    }

    @Override
    public long nextLong() {
      return random.nextLong();
    }
  }

  private Signers() {}

  private static AsymmetricCipherKeyPair key(long seed) {
    RSAKeyPairGenerator generator = new RSAKeyPairGenerator();
    generator.init(new RSAKeyGenerationParameters(BigInteger.valueOf(65_537), new FixedRandom(seed), BITS, 30));
    return generator.generateKeyPair();
  }

  /** Somebody who has issued the own certificate. */
  static Signer root(String name, long seed) {
    return root(name, key(seed), new Date(0));
  }

  /** Another certificate of the same name and key. */
  static Signer root(String name, AsymmetricCipherKeyPair key, Date from) {
    X509CertificateHolder certificate = certificate(name, key, name, key, true, from);
    return new Signer(key, certificate, List.of(certificate));
  }

  /** Somebody whose certificate another one has issued. */
  static Signer issued(String name, long seed, Signer issuer, boolean authority) {
    AsymmetricCipherKeyPair key = key(seed);
    X500Name above = issuer.certificate.getSubject();
    X509CertificateHolder certificate = certificate(name, key, above.toString().substring(3), issuer.key, authority, new Date(0));
    List<X509CertificateHolder> chain = new ArrayList<>(List.of(certificate));
    chain.addAll(issuer.chain);
    return new Signer(key, certificate, chain);
  }

  private static X509CertificateHolder certificate(String name, AsymmetricCipherKeyPair key, String issuer, AsymmetricCipherKeyPair above,
      boolean authority, Date from) {
    try {
      X509v3CertificateBuilder builder = new X509v3CertificateBuilder(new X500Name("CN=" + issuer),
          BigInteger.valueOf(name.hashCode() & 0xFFFF), from, new Date(from.getTime() + 1000), new X500Name("CN=" + name),
          SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key.getPublic()));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      return builder.build(signer("SHA256withRSA").build(above.getPrivate()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static BcRSAContentSignerBuilder signer(String algorithm) {
    AlgorithmIdentifier identifier = new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm);
    return new BcRSAContentSignerBuilder(identifier, new DefaultDigestAlgorithmIdentifierFinder().find(identifier));
  }

  /** SignedData over bytes, in a ContentInfo, without attributes, as sbvarsign and sign-efi-sig-list make it. */
  static byte[] sign(Signer signer, byte[] content) {
    return sign(signer, content, "SHA256withRSA", true, signer.chain);
  }

  /** The same of another kind. @param direct whether there are no signed attributes */
  static byte[] sign(Signer signer, byte[] content, String algorithm, boolean direct, List<X509CertificateHolder> certificates) {
    try {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      SignerInfoGeneratorBuilder information = new SignerInfoGeneratorBuilder(new BcDigestCalculatorProvider());
      information.setDirectSignature(direct);
      generator.addSignerInfoGenerator(information.build(signer(algorithm).build(signer.key.getPrivate()), signer.certificate));
      generator.addCertificates(new CollectionStore<>(certificates));
      return generator.generate(new CMSProcessableByteArray(content), false).getEncoded("DER");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The SignedData in a ContentInfo, as the specification asks for it. */
  static byte[] bare(byte[] contentInfo) {
    try {
      return ((ASN1TaggedObject) ASN1Sequence.getInstance(contentInfo).getObjectAt(1)).getExplicitBaseObject().toASN1Primitive()
          .getEncoded("DER");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A signature list with the certificate of somebody. */
  static byte[] list(Signer signer) {
    try {
      return list("a5c059a1-94e4-4aa7-87b5-ab155c2bf072", signer.certificate.getEncoded());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A signature list of signatures of one size. */
  static byte[] list(String type, byte[]... signatures) {
    int each = 16 + signatures[0].length;
    ByteBuffer out = ByteBuffer.allocate(28 + each * signatures.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(EfiGuid.of(type).toBytes()).putInt(out.capacity()).putInt(0).putInt(each);
    for (byte[] signature : signatures) {
      out.put(OWNER.toBytes()).put(signature);
    }
    return out.array();
  }

  /** A time, by its second. */
  static EfiTime time(int second) {
    return EfiTime.utc(2026, 11, 22, 5, second / 60, second % 60);
  }

  /** What SetVariable is given for a signed write; null for nobody: no signature at all. */
  static byte[] write(Signer signer, VariableName name, int attributes, EfiTime time, byte[] payload) {
    byte[] signature = signer == null ? new byte[0]
        : sign(signer, new AuthenticatedData(time, new byte[0], payload).signed(name, attributes));
    return descriptor(time, signature, payload);
  }

  static byte[] descriptor(EfiTime time, byte[] signature, byte[] payload) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(time.toBytes());
    all.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(24 + signature.length).putShort((short) 0x0200)
        .putShort((short) 0x0EF1).array());
    all.writeBytes(EfiGuid.of("4aafd29d-68df-49ee-8aa9-347d375665a7").toBytes());
    all.writeBytes(signature);
    all.writeBytes(payload);
    return all.toByteArray();
  }
}
