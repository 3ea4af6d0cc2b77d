// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.signatures;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.DigestInfo;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.PKCS7ProcessableObject;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.operator.bc.BcRSAContentSignerBuilder;
import org.bouncycastle.util.CollectionStore;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.secure.kit.SignatureLists;
import org.xenolith.testkit.efi.FakeRam;

/** Who signs images, the same in each run, and what tools make of a file when they sign it. */
final class ImageSigners {
  private static final ASN1ObjectIdentifier INDIRECT_DATA = new ASN1ObjectIdentifier("1.3.6.1.4.1.311.2.1.4");
  private static final ASN1ObjectIdentifier PE_IMAGE = new ASN1ObjectIdentifier("1.3.6.1.4.1.311.2.1.15");
  private static final EfiGuid OWNER = EfiGuid.of("11111111-2222-3333-4444-123456789abc");
  private static final int BITS = 1024;

  private ImageSigners() {}

  /** A key, its certificate and those above it. */
  record ImageSigner(String name, AsymmetricCipherKeyPair key, X509CertificateHolder certificate, List<X509CertificateHolder> chain) {}

  private static final class SameNumbers extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final Random random;

    SameNumbers(long seed) {
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

  /** Somebody with a certificate. @param issuer null: his own */
  static ImageSigner signer(String name, long seed, ImageSigner issuer) {
    RSAKeyPairGenerator generator = new RSAKeyPairGenerator();
    generator.init(new RSAKeyGenerationParameters(BigInteger.valueOf(65_537), new SameNumbers(seed), BITS, 30));
    AsymmetricCipherKeyPair key = generator.generateKeyPair();
    try {
      X509v3CertificateBuilder builder = new X509v3CertificateBuilder(new X500Name("CN=" + (issuer == null ? name : issuer.name)),
          BigInteger
              .valueOf(seed), new Date(0), new Date(1000), new X500Name("CN=" + name), SubjectPublicKeyInfoFactory
                  .createSubjectPublicKeyInfo(key
                      .getPublic()));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(issuer == null));
      X509CertificateHolder certificate = builder.build(content(issuer == null ? key : issuer.key, "SHA256withRSA"));
      List<X509CertificateHolder> chain = new ArrayList<>(List.of(certificate));
      if (issuer != null) {
        chain.addAll(issuer.chain);
      }
      return new ImageSigner(name, key, certificate, chain);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static ContentSigner content(AsymmetricCipherKeyPair key, String algorithm) throws Exception {
    AlgorithmIdentifier identifier = new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm);
    return new BcRSAContentSignerBuilder(identifier, new DefaultDigestAlgorithmIdentifierFinder().find(identifier)).build(key.getPrivate());
  }

  /** SignedData over the hash of a file, in a ContentInfo. */
  static byte[] signature(ImageSigner signer, Hash hash, byte[] file) {
    try {
      ASN1Encodable what = new DERSequence(new ASN1Encodable[] {PE_IMAGE, new DERSequence()});
      DERSequence indirect = new DERSequence(new ASN1Encodable[] {what, new DigestInfo(new AlgorithmIdentifier(hash.identifier,
          DERNull.INSTANCE), digest(hash, file))});
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(new SignerInfoGeneratorBuilder(new BcDigestCalculatorProvider()).build(content(signer.key, hash
          + "withRSA"), signer.certificate));
      generator.addCertificates(new CollectionStore<>(signer.chain));
      SignedData made = SignedData.getInstance(generator.generate(new PKCS7ProcessableObject(INDIRECT_DATA, indirect), false)
          .toASN1Structure().getContent());
      return new ContentInfo(CMSObjectIdentifiers.signedData, new SignedData(made.getDigestAlgorithms(), new ContentInfo(INDIRECT_DATA,
          indirect), made.getCertificates(), null, made.getSignerInfos())).getEncoded("DER");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static byte[] digest(Hash hash, byte[] file) {
    FakeRam memory = new FakeRam();
    memory.write(FakeRam.BASE, file);
    try {
      return new SignedImage(memory, FakeRam.BASE, file.length).digest(hash);
    } catch (BadImage e) {
      throw new AssertionError(e);
    }
  }

  /** A file with these signatures behind it, of which there were none. */
  static byte[] with(byte[] file, byte[]... signatures) {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    for (byte[] each : signatures) {
      int length = 8 + each.length;
      table.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(length).putShort((short) 0x0200).putShort((short) 2)
          .array());
      table.writeBytes(Arrays.copyOf(each, (length + 7 & -8) - 8));
    }
    byte[] all = Arrays.copyOf(file, file.length + table.size());
    System.arraycopy(table.toByteArray(), 0, all, file.length, table.size());
    ByteBuffer out = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
    int optional = out.getInt(60) + 24;
    out.putInt(optional + 64, 0x1234_5678).putInt(optional + 112 + 32, table.size() == 0 ? 0 : file.length).putInt(optional + 112 + 36,
        table
            .size());
    return all;
  }

  static byte[] signed(byte[] file, ImageSigner... signers) {
    return with(file, Arrays.stream(signers).map(each -> signature(each, Hash.SHA256, file)).toArray(byte[][]::new));
  }

  /** A signature list. */
  static byte[] list(EfiGuid type, byte[] data) {
    return ByteBuffer.allocate(28 + 16 + data.length).order(ByteOrder.LITTLE_ENDIAN).put(type.toBytes()).putInt(44 + data.length).putInt(0)
        .putInt(16 + data.length).put(OWNER.toBytes()).put(data).array();
  }

  static byte[] list(ImageSigner signer) {
    try {
      return list(SignatureLists.X509, signer.certificate.getEncoded());
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
