// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci.kit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.regs.StateMismatch;

/** Which functions of which streams of an IOMMU are attached to whom. Functions of one stream have one domain. */
public final class StreamAttachments {
  private static final int RECORD = 8 + 4 + 8 + 4;

  private final List<Attachment> all = new ArrayList<>();

  /**
   * A function's.
   *
   * @param sbdf   the function
   * @param stream its stream
   * @param serial of the domain
   * @param tables where the domain's tables are (47:0), and the number by which the IOMMU tells its translations from others' (63:48)
   */
  public record Attachment(int sbdf, long stream, int serial, long tables) {
    /** The number by which the IOMMU tells the domain's translations from others'. */
    public int tag() {
      return (int) (tables >>> 48);
    }
  }

  /** None is attached. */
  public void clear() {
    all.clear();
  }

  /** A function's; null if it isn't attached. */
  public Attachment function(int sbdf) {
    return all.stream().filter(a -> a.sbdf == sbdf).findFirst().orElse(null);
  }

  /** Those of a stream. */
  public List<Attachment> stream(long stream) {
    return all.stream().filter(a -> a.stream == stream).toList();
  }

  /** One of a domain's; null if it has none. Runs on each change of stage 2. */
  public @Nullable Attachment domain(int serial) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).serial == serial) {
        return all.get(i);
      }
    }
    return null;
  }

  /** All, by function; they stay as they are while others come and go. */
  public List<Attachment> copy() {
    return List.copyOf(all);
  }

  /** Sets a function's, in the place of an earlier one. */
  public void put(Attachment attachment) {
    remove(attachment.sbdf);
    int at = 0;
    while (at < all.size() && Integer.compareUnsigned(all.get(at).sbdf, attachment.sbdf) < 0) {
      at++;
    }
    all.add(at, attachment);
  }

  /** A function is attached no more. */
  public void remove(int sbdf) {
    all.removeIf(a -> a.sbdf == sbdf);
  }

  /** All, for a record. */
  public byte[] save() {
    ByteBuffer bytes = ByteBuffer.allocate(all.size() * RECORD);
    all.forEach(a -> bytes.putInt(a.sbdf).putLong(a.stream).putInt(a.serial).putLong(a.tables));
    return bytes.array();
  }

  /** Takes over what {@link #save} gave. @throws StateMismatch if it isn't that */
  public void restore(byte[] saved) {
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
