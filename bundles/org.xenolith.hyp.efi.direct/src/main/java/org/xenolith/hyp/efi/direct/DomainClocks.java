// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.UUID;
import org.xenolith.regs.StateMismatch;

/** The clocks of domains, by UUID; of the ones that were ever set. */
final class DomainClocks {
  /** Dom0 can have any number of UUIDs made: of more domains than these, the one that has set its clock first has the board's again. */
  static final int MOST = 256;
  private static final int EACH = 5 * Long.BYTES + 2;

  private final LinkedHashMap<UUID, ClockSettings> all = new LinkedHashMap<>();

  /** The clock of one domain. */
  final class Clock {
    private final UUID domain;

    private Clock(UUID domain) {
      this.domain = domain;
    }

    ClockSettings settings() {
      return all.getOrDefault(domain, ClockSettings.BOARDS);
    }

    void set(ClockSettings settings) {
      all.remove(domain);
      if (all.size() == MOST) {
        all.pollFirstEntry();
      }
      all.put(domain, settings);
    }
  }

  Clock of(UUID domain) {
    return new Clock(domain);
  }

  void clear() {
    all.clear();
  }

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(all.size() * EACH);
    all.forEach((domain, settings) -> out.putLong(domain.getMostSignificantBits()).putLong(domain.getLeastSignificantBits()).putLong(
        settings.ahead()).putLong(settings.alarm()).putLong(settings.since()).put((byte) (settings.enabled() ? 1 : 0)).put((byte) (settings
            .due() ? 1 : 0)));
    return out.array();
  }

  void decode(byte[] bytes) {
    if (bytes.length % EACH != 0) {
      throw new StateMismatch("clocks: " + bytes.length + " bytes are no multiple of " + EACH);
    }
    all.clear();
    for (ByteBuffer in = ByteBuffer.wrap(bytes); in.hasRemaining();) {
      all.put(new UUID(in.getLong(), in.getLong()), new ClockSettings(in.getLong(), in.getLong(), in.getLong(), in.get() != 0, in
          .get() != 0));
    }
  }
}
