// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.signatures;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.cert.X509CertificateHolder;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.secure.kit.SignatureLists;

/**
 * Which images may be started (UEFI 2.10, 32.5.3): those that {@code dbx} doesn't forbid, by their hash or by anybody in the chain of one of their signatures,
 * and that {@code db} allows, by their hash or by one of their signatures. Dates of revocation aren't compared with time stamps, which would be those of
 * whoever signed: what was revoked at any time is revoked.
 */
final class ImagePolicy {
  private final SignatureLists allowed;
  private final SignatureLists forbidden;

  /** @param db contents of the variable; empty if there is none; @param dbx of that one */
  ImagePolicy(byte[] db, byte[] dbx) {
    allowed = SignatureLists.parse(db);
    forbidden = SignatureLists.parse(dbx);
  }

  /** Why an image must not be started, and what can be done; empty if it may. */
  Optional<String> objection(EfiRam memory, long file, long size) {
    if (allowed == null || forbidden == null) {
      return Optional.of((allowed == null ? "db" : "dbx") + " has no signature lists; write it anew");
    }
    try {
      SignedImage image = new SignedImage(memory, file, size);
      return objection(image, image.signatures());
    } catch (BadImage e) {
      return Optional.of(e.getMessage() + "; take a file that is whole");
    }
  }

  private Optional<String> objection(SignedImage image, List<byte[]> signatures) {
    for (Hash hash : Hash.values()) {
      if (has(forbidden, hash, image)) {
        return Optional.of("dbx has its " + hash + ", " + text(image.digest(hash)) + "; take a version that isn't revoked");
      }
    }
    boolean good = false;
    String why = "it isn't signed";
    for (byte[] bytes : signatures) {
      ImageSignature signature = ImageSignature.verify(bytes);
      if (signature == null) {
        why = "its signature isn't one, or isn't of who it says";
      } else if (!Arrays.equals(signature.digest(), image.digest(signature.hash()))) {
        why = "it isn't the file that was signed";
      } else if (isRevoked(signature)) {
        return Optional.of("dbx has who signed it, " + signature.signer() + "; take a version that is signed by somebody else");
      } else if (isTrusted(signature)) {
        good = true;
      } else {
        why = "db has nobody of those who signed it, " + signature.signer();
      }
    }
    for (Hash hash : Hash.values()) {
      good |= has(allowed, hash, image);
    }
    return good ? Optional.empty() : Optional.of(why + "; put the certificate of who signs it into db, or its SHA256, " + text(image.digest(
        Hash.SHA256)));
  }

  private static String text(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  /** A hash is made only if a list has one of its kind. */
  private static boolean has(SignatureLists lists, Hash hash, SignedImage image) {
    List<byte[]> there = lists.data(hash.image);
    return !there.isEmpty() && there.stream().anyMatch(each -> Arrays.equals(each, image.digest(hash)));
  }

  private boolean isRevoked(ImageSignature signature) {
    return signature.chain().anchor(forbidden.certificates()).isPresent() || signature.said().stream().anyMatch(this::isRevoked);
  }

  /** By the hash of what a certificate says (UEFI 2.10, 32.4.1: EFI_CERT_X509_SHA256). */
  private boolean isRevoked(byte[] said) {
    for (Hash hash : Hash.values()) {
      List<byte[]> there = forbidden.data(hash.certificate);
      if (!there.isEmpty()) {
        byte[] digest = hash.of(said);
        if (there.stream().anyMatch(each -> Arrays.equals(each, 0, digest.length, digest, 0, digest.length))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isTrusted(ImageSignature signature) {
    try {
      Optional<X509CertificateHolder> anchor = signature.chain().anchor(allowed.certificates());
      return anchor.isPresent() && !isRevoked(ImageSignature.said(anchor.get()));
    } catch (IOException | RuntimeException e) {
      // A certificate in db that can't be read is nobody's.
      return false;
    }
  }
}
