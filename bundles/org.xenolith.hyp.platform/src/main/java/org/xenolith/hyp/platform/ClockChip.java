// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.platform;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;

/**
 * The clock chip of a PC, an MC146818, whose date Xen reads when it starts on a machine that has one (registers: MC146818 data sheet, tables 2 and 3). Its year has two digits, which are
 * of 1970 to 2069. What is between two updates can't be seen by who reads at one point of virtual time.
 */
final class ClockChip {
  private static final String COMPATIBLE = "motorola,mc146818";
  private static final int SECONDS = 0;
  private static final int MINUTES = 2;
  private static final int HOURS = 4;
  private static final int DAY = 7;
  private static final int MONTH = 8;
  private static final int YEAR = 9;
  private static final int MODE = 0x0B;
  /** In the register of modes: numbers are binary, and not BCD. */
  private static final int BINARY = 0x04;
  /** In the register of modes: hours are 0 to 23, and not 1 to 12 with a bit for the afternoon. */
  private static final int HOURS_24 = 0x02;
  private static final int AFTERNOON = 0x80;
  private static final int FIRST_YEAR = 70;

  private final PhysicalBus bus;
  /** Port, or address, of the index; that of the data is the next one. */
  private final long index;
  private int mode;

  private ClockChip(PhysicalBus bus, long index) {
    this.bus = bus;
    this.index = index;
  }

  /** Seconds since 1970 that the machine's chip says now; nothing if there is none, or it says what is no date. */
  static OptionalLong read(DeviceContext context) {
    for (PlatformNode node : context.platform().nodes()) {
      if (node.enabled() && node.isCompatible(COMPATIBLE) && !node.windows().isEmpty()) {
        AddressWindow window = node.windows().getFirst();
        try {
          return OptionalLong.of(new ClockChip(context.memory().physical(), window.base()).seconds());
        } catch (ExternalAbort | DateTimeException nobody) {
          return OptionalLong.empty();
        }
      }
    }
    return OptionalLong.empty();
  }

  private long seconds() {
    mode = register(MODE);
    int year = number(register(YEAR));
    int hours = register(HOURS);
    int hour = (mode & HOURS_24) != 0 ? number(hours) : number(hours & ~AFTERNOON) % 12 + ((hours & AFTERNOON) != 0 ? 12 : 0);
    return LocalDateTime.of(year < FIRST_YEAR ? 2000 + year : 1900 + year, number(register(MONTH)), number(register(DAY)), hour, number(
        register(MINUTES)), number(register(SECONDS))).toEpochSecond(ZoneOffset.UTC);
  }

  private int register(int number) {
    bus.write(index, 1, number);
    return (int) bus.read(index + 1, 1) & 0xFF;
  }

  private int number(int code) {
    return (mode & BINARY) != 0 ? code : (code >> 4) * 10 + (code & 0xF);
  }
}
