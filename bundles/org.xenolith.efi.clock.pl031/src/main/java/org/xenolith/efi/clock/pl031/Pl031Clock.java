// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.clock.pl031;

import java.util.Optional;
import java.util.function.Supplier;
import org.xenolith.efi.api.ClockPort;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.TimeServices;
import org.xenolith.efi.api.VariablesPort;
import org.xenolith.efi.api.WakeupAnswer;
import org.xenolith.efi.kit.KeptZone;
import org.xenolith.efi.kit.LocalTime;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;

/**
 * Drives the board's PL031 as firmware does: by its registers. The clock counts UTC; zone and daylight saving, which it has no place for,
 * are in non-volatile variables. All state is there, none here.
 */
final class Pl031Clock implements DeviceModel, TimeServices {
  private static final String COMPATIBLE = "arm,pl031";
  private static final int DATA = 0x000;
  private static final int MATCH = 0x004;
  private static final int LOAD = 0x008;
  private static final int MASK = 0x010;
  private static final int RAW = 0x014;
  private static final int CLEAR = 0x01C;
  /** First byte of the class that a PrimeCell says it is (3.3.10). */
  private static final int CELL_ID = 0xFF0;
  private static final int CELL = 0x0D;
  private static final long WORD = 0xFFFF_FFFFL;

  private final DeviceState state = new DeviceState();
  private final ClockPort port;
  private final KeptZone zone;
  private final PhysicalBus bus;
  private final long base;

  Pl031Clock(DeviceContext context) {
    port = context.port(ClockPort.class);
    zone = new KeptZone(context.port(VariablesPort.class));
    bus = context.memory().physical();
    Optional<PlatformNode> node = context.platform().nodes().stream().filter(each -> each.enabled() && each.isCompatible(COMPATIBLE)
        && !each.windows().isEmpty()).findFirst();
    base = node.map(found -> found.windows().getFirst().base()).orElse(0L);
    if (node.isPresent()) {
      port.attach(this, context);
    }
  }

  private long read(int register) {
    return bus.read(base + register, Integer.BYTES) & WORD;
  }

  private void write(int register, long value) {
    bus.write(base + register, Integer.BYTES, value);
  }

  /** Whether there is a PL031: one that was taken out reads all ones, or nothing answers. */
  private boolean isThere() {
    return (read(CELL_ID) & 0xFF) == CELL;
  }

  private <T> T use(T otherwise, Supplier<T> work) {
    try {
      return isThere() ? work.get() : otherwise;
    } catch (ExternalAbort gone) {
      return otherwise;
    }
  }

  // ---- Services

  @Override
  public TimeAnswer getTime() {
    return use(TimeAnswer.of(EfiStatus.DEVICE_ERROR),
        () -> new TimeAnswer(EfiStatus.SUCCESS, zone.date(read(DATA)), 1, 0, false));
  }

  /** UNSUPPORTED for a date that 32 bits of seconds from 1970 on don't reach. */
  @Override
  public EfiStatus setTime(EfiTime time) {
    if (!time.isValid()) {
      return EfiStatus.INVALID_PARAMETER;
    }
    long seconds = LocalTime.seconds(time);
    if ((seconds & ~WORD) != 0) {
      return EfiStatus.UNSUPPORTED;
    }
    return use(EfiStatus.DEVICE_ERROR, () -> {
      if (!zone.keep(time)) {
        return EfiStatus.DEVICE_ERROR;
      }
      write(LOAD, seconds);
      return EfiStatus.SUCCESS;
    });
  }

  @Override
  public WakeupAnswer getWakeupTime() {
    return use(WakeupAnswer.of(EfiStatus.DEVICE_ERROR), () -> {
      boolean enabled = (read(MASK) & 1) != 0;
      return new WakeupAnswer(EfiStatus.SUCCESS, enabled, enabled && (read(RAW) & 1) != 0, zone.date(read(MATCH)));
    });
  }

  @Override
  public EfiStatus setWakeupTime(boolean enable, EfiTime time) {
    if (enable && time != null && !time.isValid()) {
      return EfiStatus.INVALID_PARAMETER;
    }
    long seconds = enable && time != null ? LocalTime.seconds(time) : 0;
    if ((seconds & ~WORD) != 0) {
      return EfiStatus.UNSUPPORTED;
    }
    return use(EfiStatus.DEVICE_ERROR, () -> {
      write(MASK, 0);
      write(CLEAR, 1);
      if (enable && time != null) {
        write(MATCH, seconds);
      }
      write(MASK, enable ? 1 : 0);
      return EfiStatus.SUCCESS;
    });
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    port.detach(this);
  }
}
