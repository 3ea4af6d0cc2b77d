// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.psci;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.PowerPort;
import org.xenolith.arm.api.SmcccHandler;
import org.xenolith.regs.DeviceState;

/**
 * PSCI 1.1 without a Trusted OS. Power-down states of CPU_SUSPEND are entered as standby, which the specification leaves to
 * the implementation (DEN 0022D, 5.4.5). Has no state of its own: which CPUs are on is the CPUs' state.
 */
final class Psci implements DeviceModel, SmcccHandler {
  private static final long VERSION_1_1 = 0x1_0001;
  private static final long SUCCESS = 0;
  private static final long NOT_SUPPORTED = -1;
  private static final long INVALID_PARAMETERS = -2;
  private static final long ALREADY_ON = -4;
  private static final long INVALID_ADDRESS = -9;
  private static final long ON = 0;
  private static final long OFF = 1;
  /** SYSTEM_RESET2: the only reset_type that isn't a vendor's own. */
  private static final long SYSTEM_WARM_RESET = 0;
  /** MIGRATE_INFO_TYPE: no Trusted OS that would have to migrate. */
  private static final long NO_MIGRATION_NEEDED = 2;
  /** Reserved bits of power_state in its original format (5.4.2.1). */
  private static final long POWER_STATE_RESERVED = 0xFCFE_0000L;
  private static final int SMCCC_VERSION = 0x8000_0000;
  private static final int SMCCC_ARCH_FEATURES = 0x8000_0001;
  private static final long SMCCC_1_1 = 0x1_0001;

  private final DeviceState state = new DeviceState();
  private final List<ArmCpu> cpus;
  private final PowerPort power;
  private final boolean smccc11;
  /** Conduits that are answered. */
  private final boolean hvc;
  private final boolean smc;
  /** Identifiers of PSCI 0.1, which the node chooses. */
  private final Map<Integer, PsciFunction> chosen = new TreeMap<>();

  Psci(DeviceContext context) {
    cpus = ArmCpu.of(context.processors());
    power = context.power();
    smccc11 = context.options().flag("smccc-1-1");
    String method = context.node().property("method").map(p -> p.string()).orElse("");
    if (!List.of("hvc", "smc", "").contains(method)) {
      throw new ModelException(context.instance() + ".method: expected hvc or smc, got " + method);
    }
    hvc = !method.equals("smc");
    smc = !method.equals("hvc");
    choose(context, "cpu_suspend", PsciFunction.CPU_SUSPEND);
    choose(context, "cpu_off", PsciFunction.CPU_OFF);
    choose(context, "cpu_on", PsciFunction.CPU_ON);
    cpus.forEach(cpu -> cpu.firmware(this));
  }

  private void choose(DeviceContext context, String property, PsciFunction function) {
    if (context.node().has(property)) {
      chosen.put((int) context.node().cell(property, 0), function);
    }
  }

  private boolean isFunction(int identifier) {
    return PsciFunction.of(identifier) != null || chosen.containsKey(identifier);
  }

  private boolean isSmccc(int identifier) {
    return smccc11 && (identifier == SMCCC_VERSION || identifier == SMCCC_ARCH_FEATURES);
  }

  @Override
  public boolean answers(int identifier) {
    return isFunction(identifier) || isSmccc(identifier);
  }

  @Override
  public void call(SmcccCall call) {
    call.result(0, (call.hvc() ? hvc : smc) ? answer(call) : NOT_SUPPORTED);
  }

  private long answer(SmcccCall call) {
    int identifier = (int) call.argument(0);
    if (isSmccc(identifier)) {
      return identifier == SMCCC_VERSION ? SMCCC_1_1 : isSmccc((int) call.argument(1)) ? SUCCESS : NOT_SUPPORTED;
    }
    // 0.1 nodes choose their identifiers freely; their arguments are as wide as the caller's registers.
    PsciFunction standard = PsciFunction.of(identifier);
    boolean wide = standard == null || PsciFunction.isWide(identifier);
    long mask = wide ? -1L : 0xFFFF_FFFFL;
    long first = call.argument(1) & mask;
    long second = call.argument(2) & mask;
    return switch (standard != null ? standard : chosen.get(identifier)) {
      case PSCI_VERSION -> VERSION_1_1;
      case MIGRATE_INFO_TYPE -> NO_MIGRATION_NEEDED;
      case PSCI_FEATURES -> answers((int) first) && (int) first != SMCCC_ARCH_FEATURES ? SUCCESS : NOT_SUPPORTED;
      case AFFINITY_INFO -> affinityInfo(first, second);
      case CPU_ON -> on(first, second, call.argument(3) & mask);
      case CPU_OFF -> {
        call.cpu().powerOff();
        yield SUCCESS;
      }
      case CPU_SUSPEND -> {
        if ((first & POWER_STATE_RESERVED) != 0) {
          yield INVALID_PARAMETERS;
        }
        call.cpu().waitForInterrupt();
        yield SUCCESS;
      }
      case SYSTEM_OFF -> {
        power.powerOff();
        yield SUCCESS;
      }
      case SYSTEM_RESET2 -> {
        if (first != SYSTEM_WARM_RESET) {
          yield INVALID_PARAMETERS;
        }
        power.warmReset("SYSTEM_RESET2");
        yield SUCCESS;
      }
      case SYSTEM_RESET -> {
        power.reset("SYSTEM_RESET");
        yield SUCCESS;
      }
    };
  }

  private long on(long target, long entry, long context) {
    for (ArmCpu cpu : cpus) {
      if (cpu.affinity() == target) {
        if (cpu.powered()) {
          return ALREADY_ON;
        }
        if ((entry & 3) != 0) {
          return INVALID_ADDRESS;
        }
        cpu.powerOn(entry, context);
        return SUCCESS;
      }
    }
    return INVALID_PARAMETERS;
  }

  /** A group is on while one of its CPUs is. */
  private long affinityInfo(long target, long level) {
    if (level < 0 || level > 3) {
      return INVALID_PARAMETERS;
    }
    long group = switch ((int) level) {
      case 0 -> 0xFF_00FF_FFFFL;
      case 1 -> 0xFF_00FF_FF00L;
      case 2 -> 0xFF_00FF_0000L;
      default -> 0xFF_0000_0000L;
    };
    if ((target & ~0xFF_00FF_FFFFL) != 0) {
      return INVALID_PARAMETERS;
    }
    boolean exists = false;
    for (ArmCpu cpu : cpus) {
      if ((cpu.affinity() & group) == (target & group)) {
        if (cpu.powered()) {
          return ON;
        }
        exists = true;
      }
    }
    return exists ? OFF : INVALID_PARAMETERS;
  }

  @Override
  public DeviceState state() {
    return state;
  }
}
