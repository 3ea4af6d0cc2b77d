// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.semihosting;

import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SemihostingHandler;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.PowerPort;
import org.xenolith.regs.DeviceState;

/** SYS_EXIT and SYS_EXIT_EXTENDED, which are the same for A64 software. All else is refused, and told of. It has no state. */
final class Semihosting implements DeviceModel, SemihostingHandler {
  private static final int SYS_EXIT = 0x18;
  private static final int SYS_EXIT_EXTENDED = 0x20;
  /** ADP_Stopped_ApplicationExit: of all reasons the one that has a status. */
  private static final long APPLICATION_EXIT = 0x2_0026;
  private static final long FAILED = -1;
  /** Status of a run that was ended for another reason. */
  private static final int ABNORMAL = 1;

  private final DeviceState state = new DeviceState();
  private final PowerPort power;
  private final EventLog events;
  private final String instance;

  Semihosting(DeviceContext context) {
    power = context.power();
    events = context.events();
    instance = context.instance();
    ArmCpu.of(context.processors()).forEach(cpu -> cpu.semihosting(this));
  }

  @Override
  public long call(SemihostingCall call) {
    int operation = call.operation();
    if (operation != SYS_EXIT && operation != SYS_EXIT_EXTENDED) {
      return refused("operation 0x" + Integer.toHexString(operation) + " isn't there: SYS_EXIT (0x18) and SYS_EXIT_EXTENDED (0x20) are");
    }
    long[] block = call.fields(2);
    if (block == null) {
      return refused("the block of SYS_EXIT at 0x" + Long.toHexString(call.parameter()) + " isn't in memory that can be read");
    }
    power.exit(block[0] == APPLICATION_EXIT ? status(block[1]) : ABNORMAL);
    return 0;
  }

  /** A status that isn't 0 is none that is, either: 0 is success. */
  private static int status(long given) {
    return (int) given == 0 && given != 0 ? ABNORMAL : (int) given;
  }

  private long refused(String why) {
    events.report("semihosting-refused", instance, why + "; the caller gets -1");
    return FAILED;
  }

  @Override
  public DeviceState state() {
    return state;
  }
}
