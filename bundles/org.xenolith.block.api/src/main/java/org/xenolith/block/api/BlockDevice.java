// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.regs.StateRecord;

/**
 * A disk's content, behind whatever controller the guest sees. Sectors have 512 bytes. Calls complete before they return;
 * a host error is an {@link IOException}, which the controller tells the guest as a media error.
 */
@ConsumerType
public interface BlockDevice extends AutoCloseable {
  /** Bytes in a sector. */
  int SECTOR = 512;

  /** Sectors on the disk. */
  long sectors();

  /** Whether writes are refused. */
  boolean readOnly();

  /** Reads {@code count} sectors from {@code sector} into {@code into} at {@code offset}. */
  void read(long sector, byte[] into, int offset, int count) throws IOException;

  /** Writes {@code count} sectors. */
  void write(long sector, byte[] from, int offset, int count) throws IOException;

  /** Makes what was written durable, as far as the back end promises it. */
  void flush() throws IOException;

  /**
   * The content of these sectors isn't needed any more: what it occupies may be freed. They read as anything afterwards, but as
   * the same in every run of a machine. Does nothing unless a device knows better.
   */
  default void discard(long sector, long count) throws IOException {}

  /** What differs from the base image, for a snapshot: sector runs and the base image's digest. */
  StateRecord save() throws IOException;

  /**
   * Takes over what {@link #save} gave.
   *
   * @throws IOException if the base image is another one; the message names both digests
   */
  void restore(StateRecord record) throws IOException;

  /**
   * What tells the content that this was opened with from any other, whatever guests have written since into a copy of theirs; of one that is written itself, what it has now. It may read some gibibytes.
   *
   * @return empty if it can't be told
   * @throws IOException if it can't be read
   */
  default Optional<DiskFingerprint> fingerprint() throws IOException {
    return Optional.empty();
  }

  @Override
  void close() throws IOException;
}
