// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.regs.StateRecord;

/** A disk in front of another one, which does all that isn't said otherwise; what disks may learn to do among that. */
@ConsumerType
public interface ForwardingDisk extends BlockDevice {
  /** The one behind. */
  BlockDevice disk();

  @Override
  default long sectors() {
    return disk().sectors();
  }

  @Override
  default boolean readOnly() {
    return disk().readOnly();
  }

  @Override
  default void read(long sector, byte[] into, int offset, int count) throws IOException {
    disk().read(sector, into, offset, count);
  }

  @Override
  default void write(long sector, byte[] from, int offset, int count) throws IOException {
    disk().write(sector, from, offset, count);
  }

  @Override
  default void flush() throws IOException {
    disk().flush();
  }

  @Override
  default void discard(long sector, long count) throws IOException {
    disk().discard(sector, count);
  }

  @Override
  default StateRecord save() throws IOException {
    return disk().save();
  }

  @Override
  default void restore(StateRecord record) throws IOException {
    disk().restore(record);
  }

  @Override
  default Optional<DiskFingerprint> fingerprint() throws IOException {
    return disk().fingerprint();
  }

  @Override
  default void close() throws IOException {
    disk().close();
  }
}
