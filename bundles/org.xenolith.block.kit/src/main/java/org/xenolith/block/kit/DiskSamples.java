// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.xenolith.block.api.DiskFingerprint;

/**
 * Which bytes of a disk its fingerprint is made of: pieces at equal distances, of which the first is the disk's first and the last its last, so that what a mount or a partitioner changes is among them.
 *
 * @param piece bytes of one
 * @param count how many; as many as there are, if the whole disk is looked at
 */
record DiskSamples(int piece, long count) {
  /** A disk of more bytes isn't looked at as a whole. */
  static final long WHOLE = 4L << 30;
  private static final int PIECE = 1 << 20;
  /** 1 GiB. */
  private static final int SAMPLES = 1024;
  private static final int REMOTE_PIECE = 1 << 16;
  /** 1 MiB: a round trip each. */
  private static final int REMOTE_SAMPLES = 16;

  /** Those of a content. */
  static DiskSamples of(DiskContent content) {
    if (content.isRemote()) {
      return new DiskSamples(REMOTE_PIECE, Math.min(pieces(content.length(), REMOTE_PIECE), REMOTE_SAMPLES));
    }
    return new DiskSamples(PIECE, content.length() <= WHOLE ? pieces(content.length(), PIECE) : SAMPLES);
  }

  private static long pieces(long length, int piece) {
    return (length + piece - 1) / piece;
  }

  /**
   * SHA-256 over the pieces that aren't zeros, each behind its number (64 bits, big-endian): an image with holes costs what is in it, and whoever gets the same bytes by another format has the same.
   *
   * @throws IOException if they can't be read
   */
  DiskFingerprint fingerprint(DiskContent content) throws IOException {
    MessageDigest sha = ContentDigest.sha();
    byte[] bytes = new byte[piece];
    byte[] zeros = new byte[piece];
    long pieces = pieces(content.length(), piece);
    for (long i = 0; i < count; i++) {
      long number = count == 1 ? 0 : i * (pieces - 1) / (count - 1);
      int length = (int) Math.min(piece, content.length() - number * piece);
      if (content.isHole(number * piece, length)) {
        continue;
      }
      content.read(number * piece, bytes, 0, length);
      if (Arrays.mismatch(bytes, 0, length, zeros, 0, length) >= 0) {
        sha.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
        sha.update(bytes, 0, length);
      }
    }
    return new DiskFingerprint(content.name(), content.length(), HexFormat.of().formatHex(sha.digest()), count < pieces
        ? count + "x" + piece : "");
  }
}
