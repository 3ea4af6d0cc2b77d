// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.regs.StateMismatch;

/** Which functions of which streams are attached to whom. Functions of one stream have one domain. */
final class Attachments {
  private static final int RECORD = 8 + 4 + 8 + 4;

  private final List<Attachment> all = new ArrayList<>();

  /**
   * A function's.
   *
   * @param serial of the domain
   * @param vttbr  VTTBR_EL2 of the domain
   */
  record Attachment(int sbdf, long stream, int serial, long vttbr) {
    int vmid() {
      return (int) (vttbr >>> 48);
    }
  }

  void clear() {
    all.clear();
  }

  /** A function's; null if it isn't attached. */
  Attachment function(int sbdf) {
    return all.stream().filter(a -> a.sbdf == sbdf).findFirst().orElse(null);
  }

  /** Those of a stream. */
  List<Attachment> stream(long stream) {
    return all.stream().filter(a -> a.stream == stream).toList();
  }

  /** One of a domain's; null if it has none. Runs on each change of stage 2. */
  Attachment domain(int serial) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).serial == serial) {
        return all.get(i);
      }
    }
    return null;
  }

  List<Attachment> copy() {
    return List.copyOf(all);
  }

  /** Sets a function's, in the place of an earlier one. */
  void put(Attachment attachment) {
    remove(attachment.sbdf);
    int at = 0;
    while (at < all.size() && Integer.compareUnsigned(all.get(at).sbdf, attachment.sbdf) < 0) {
      at++;
    }
    all.add(at, attachment);
  }

  void remove(int sbdf) {
    all.removeIf(a -> a.sbdf == sbdf);
  }

  byte[] save() {
    ByteBuffer bytes = ByteBuffer.allocate(all.size() * RECORD);
    all.forEach(a -> bytes.putInt(a.sbdf).putLong(a.stream).putInt(a.serial).putLong(a.vttbr));
    return bytes.array();
  }

  void restore(byte[] saved) {
    if (saved.length % RECORD != 0) {
      throw new StateMismatch("attached functions: " + saved.length + " bytes, expected a multiple of " + RECORD);
    }
    all.clear();
    ByteBuffer bytes = ByteBuffer.wrap(saved);
    while (bytes.hasRemaining()) {
      put(new Attachment(bytes.getInt(), bytes.getLong(), bytes.getInt(), bytes.getLong()));
    }
  }
}
