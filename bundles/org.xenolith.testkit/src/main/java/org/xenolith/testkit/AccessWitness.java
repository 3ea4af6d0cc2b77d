// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.BusAccess;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** Tells whom the bus names, at a read and at each other time; takes messages. */
final class AccessWitness implements DeviceModel, MmioHandler {
  /** What an 8-byte read gives: of that read, and of the last write, alarm, message, reset and creation. */
  static final int READ = 0x00;
  static final int WRITTEN = 0x08;
  static final int RANG = 0x10;
  static final int MESSAGE = 0x18;
  static final int RESET = 0x20;
  static final int MADE = 0x28;
  /** A write that has the alarm ring so many nanoseconds later. */
  static final int ARM = 0x30;

  /** Makes it. */
  static final class Factory implements DeviceModelFactory {
    @Override
    public ModelDescription description() {
      return new ModelDescription("witness", "a device that tells who asks", "none");
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      return new AccessWitness(context);
    }
  }

  private final DeviceState state = new DeviceState();
  private final LongCell written = state.cell("written", 0);
  private final LongCell rang = state.cell("rang", 0);
  private final LongCell message = state.cell("message", 0);
  private final LongCell reset = state.cell("reset", 0);
  private final DeviceContext context;
  private final BusAccess access;
  private final Alarm alarm;
  private final long made;

  private AccessWitness(DeviceContext context) {
    this.context = context;
    access = context.bus().access();
    alarm = context.time().alarm("alarm", () -> rang.value = who());
    context.bus().window(0, AccessRule.ANY, this);
    context.bus().messages(0, (device, offset, size, value) -> message.value = who());
    made = who();
  }

  /** As a number, which an access can give. */
  static long number(int cpu, boolean secure, boolean privileged, long requester) {
    return requester + 1 << 16 | (privileged ? 1 << 9 : 0) | (secure ? 1 << 8 : 0) | cpu + 1;
  }

  private long who() {
    return number(access.cpu(), access.secure(), access.privileged(), access.requester());
  }

  @Override
  public long read(long offset, int size) {
    return switch ((int) offset) {
      case READ -> who();
      case WRITTEN -> written.value;
      case RANG -> rang.value;
      case MESSAGE -> message.value;
      case RESET -> reset.value;
      default -> made;
    };
  }

  @Override
  public void write(long offset, int size, long value) {
    written.value = who();
    if (offset == ARM) {
      alarm.at(context.time().clock().now() + value);
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    alarm.cancel();
    reset.value = who();
  }
}
