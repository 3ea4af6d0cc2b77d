// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.xenolith.block.kit.ImageBytes;
import org.xenolith.boot.kit.Zstd;

/** Clusters that are packed: by deflate without a header ("Compressed clusters" in docs/interop/qcow2.txt of QEMU), or by zstd. The last one that was asked for is kept. */
final class CompressedClusters {
  private static final int SECTOR = 512;
  private static final long COMPRESSED_BITS = (1L << 62) - 1;

  private final String name;
  private final ImageBytes image;
  private final Qcow2Header header;
  /** An entry's bits that are its place; those above are its size. */
  private final int placeBits;
  private final byte[] unpacked;
  /** The entry of what is unpacked; 0 for nothing. */
  private long kept;

  CompressedClusters(String name, ImageBytes image, Qcow2Header header) {
    this.name = name;
    this.image = image;
    this.header = header;
    placeBits = 62 - (header.clusterBits() - 8);
    unpacked = new byte[header.clusterSize()];
  }

  /** Where an entry's packed bytes begin. */
  long place(long entry) {
    return entry & (1L << placeBits) - 1;
  }

  /** How many they are at most: to the end of the last of its sectors. */
  int bytes(long entry) {
    return (int) (((entry & COMPRESSED_BITS) >>> placeBits) + 1) * SECTOR - (int) (place(entry) & SECTOR - 1);
  }

  /** The content of a cluster, until the next one is asked for. */
  byte[] cluster(long entry, long guest) throws IOException {
    if (kept != entry) {
      kept = 0;
      long from = place(entry);
      long length = image.length();
      if (from >= length) {
        throw bad(guest, "is packed at 0x" + Long.toHexString(from) + ", behind the end of the file, which has 0x" + Long.toHexString(
            length) + " bytes");
      }
      byte[] packed = new byte[(int) Math.min(bytes(entry), length - from)];
      image.read(from, packed, 0, packed.length);
      if (!(header.zstd() ? zstd(packed) : inflate(packed))) {
        throw bad(guest, "is packed at 0x" + Long.toHexString(from) + ", and isn't what was packed there");
      }
      kept = entry;
    }
    return unpacked;
  }

  private boolean inflate(byte[] packed) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed);
      int made = 0;
      while (made < unpacked.length) {
        int more = inflater.inflate(unpacked, made, unpacked.length - made);
        if (more == 0) {
          return false;
        }
        made += more;
      }
      return true;
    } catch (DataFormatException e) {
      return false;
    } finally {
      inflater.end();
    }
  }

  /** What is behind the frame, up to the end of its sector, is nothing. */
  private boolean zstd(byte[] packed) {
    int[] made = new int[1];
    try {
      Zstd.unpack(packed, 0, packed.length, unpacked.length, (bytes, from, length) -> {
        System.arraycopy(bytes, from, unpacked, made[0], length);
        made[0] += length;
      });
    } catch (IOException e) {
      // It is damaged if less came out.
    }
    return made[0] == unpacked.length;
  }

  private IOException bad(long guest, String what) {
    return Qcow2Header.refused(name, "the cluster at 0x" + Long.toHexString(guest) + " of the disk " + what);
  }
}
