// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.nio.ByteBuffer;
import org.xenolith.machine.api.Clock;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** What the controller counts over its life, resets of it included, and its last error (NVM Express 1.4, 5.14.1). */
final class Health {
  private static final int TEMPERATURE = 308;
  private static final int TEMPERATURE_WARNING = 1 << 1;
  private static final long HOUR = 3_600_000_000_000L;
  /** Data units are 1000 sectors. */
  private static final int UNIT = 1000;

  private final LongCell sectorsRead;
  private final LongCell sectorsWritten;
  private final LongCell reads;
  private final LongCell writes;
  private final LongCell mediaErrors;
  private final LongCell errors;
  /** Of the last error: queue and command 31:0, status 63:32. */
  private final LongCell lastError;
  private final LongCell lastNamespace;
  private final NvmeFeatures features;
  private final Clock clock;

  Health(DeviceState state, NvmeFeatures features, Clock clock) {
    this.features = features;
    this.clock = clock;
    sectorsRead = state.cell("sectors-read", 0);
    sectorsWritten = state.cell("sectors-written", 0);
    reads = state.cell("reads", 0);
    writes = state.cell("writes", 0);
    mediaErrors = state.cell("media-errors", 0);
    errors = state.cell("errors", 0);
    lastError = state.cell("last-error", 0);
    lastNamespace = state.cell("last-error-namespace", 0);
  }

  void read(int sectors) {
    reads.value++;
    sectorsRead.value += sectors;
  }

  void wrote(int sectors) {
    writes.value++;
    sectorsWritten.value += sectors;
  }

  void mediaError() {
    mediaErrors.value++;
  }

  /** A command ended with an error. */
  void failed(int queue, NvmeCommand command, Status status) {
    errors.value++;
    lastError.value = queue | command.id() << 16 & 0xFFFF_FFFFL | (long) status.field << 33;
    lastNamespace.value = command.namespace();
  }

  /** The error log: the last entry, none before the first error (figure 193). */
  void putErrors(ByteBuffer into) {
    if (errors.isSet()) {
      into.putLong(0, errors.value);
      into.putInt(8, (int) lastError.value);
      into.putShort(12, (short) (lastError.value >>> 32));
      // Which parameter was wrong isn't told.
      into.putShort(14, (short) -1);
      into.putInt(24, (int) lastNamespace.value);
    }
  }

  /** Figure 194. Its numbers have 16 bytes, of which 8 are enough. */
  void putSmart(ByteBuffer into) {
    into.put(0, (byte) (features.isOutside(TEMPERATURE) ? TEMPERATURE_WARNING : 0));
    into.putShort(1, (short) TEMPERATURE);
    into.put(3, (byte) 100);
    into.put(4, (byte) 10);
    into.putLong(32, (sectorsRead.value + UNIT - 1) / UNIT);
    into.putLong(48, (sectorsWritten.value + UNIT - 1) / UNIT);
    into.putLong(64, reads.value);
    into.putLong(80, writes.value);
    into.putLong(112, 1);
    into.putLong(128, clock.now() / HOUR);
    into.putLong(160, mediaErrors.value);
    into.putLong(176, errors.value);
  }
}
