// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.signatures;

import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.xenolith.efi.api.EfiGuid;

/** Hashes that are used, and the types of their signatures (UEFI 2.10, 32.4.1). */
enum Hash {
  SHA256(NISTObjectIdentifiers.id_sha256, "c1c41626-504c-4092-aca9-41f936934328", "3bd2a492-96c0-4079-b420-fcf98ef103ed",
      SHA256Digest::new),
  SHA384(NISTObjectIdentifiers.id_sha384, "ff3e5307-9fd0-48c9-85f1-8ad56c701e01", "7076876e-80c2-4ee6-aad2-28b349a6865b",
      SHA384Digest::new),
  SHA512(NISTObjectIdentifiers.id_sha512, "093e0fae-a6c4-4f50-9f1b-d41e2b89c19a", "446dbf63-2502-4cda-bcfa-2465d2b0fe9d",
      SHA512Digest::new);

  /** How signatures name it. */
  final ASN1ObjectIdentifier identifier;
  /** Type of an image's hash. */
  final EfiGuid image;
  /** Type of a certificate's hash, behind which is when it was revoked. */
  final EfiGuid certificate;
  private final Supplier<ExtendedDigest> digest;

  Hash(ASN1ObjectIdentifier identifier, String image, String certificate, Supplier<ExtendedDigest> digest) {
    this.identifier = identifier;
    this.image = EfiGuid.of(image);
    this.certificate = EfiGuid.of(certificate);
    this.digest = digest;
  }

  /** The hash of an identifier; null if it isn't used. */
  static Hash of(ASN1ObjectIdentifier identifier) {
    for (Hash each : values()) {
      if (each.identifier.equals(identifier)) {
        return each;
      }
    }
    return null;
  }

  ExtendedDigest digest() {
    return digest.get();
  }

  byte[] of(byte[] bytes) {
    ExtendedDigest one = digest();
    one.update(bytes, 0, bytes.length);
    byte[] result = new byte[one.getDigestSize()];
    one.doFinal(result, 0);
    return result;
  }
}
