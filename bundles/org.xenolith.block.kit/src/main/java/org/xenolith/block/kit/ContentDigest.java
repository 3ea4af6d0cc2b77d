// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Digests that tell disks' contents apart: SHA-256, in hexadecimal. */
public final class ContentDigest {
  private static final int PIECE = 1 << 16;

  private ContentDigest() {}

  /** Of all bytes of an image. */
  public static String of(ImageBytes image) throws IOException {
    MessageDigest sha = sha();
    byte[] buffer = new byte[PIECE];
    long length = image.length();
    for (long at = 0; at < length; at += buffer.length) {
      int piece = (int) Math.min(buffer.length, length - at);
      image.read(at, buffer, 0, piece);
      sha.update(buffer, 0, piece);
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** Of a chain of images, by their digests: that of a single one is its own. */
  public static String of(List<String> chain) {
    if (chain.size() == 1) {
      return chain.getFirst();
    }
    MessageDigest sha = sha();
    chain.forEach(one -> sha.update(one.getBytes(StandardCharsets.US_ASCII)));
    return HexFormat.of().formatHex(sha.digest());
  }

  static MessageDigest sha() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
