// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.xenolith.hw.smmuv3.SmmuRegister.CMDQ_PROD;
import static org.xenolith.hw.smmuv3.SmmuRegister.CR0;
import static org.xenolith.hw.smmuv3.SmmuRegister.CR0ACK;
import static org.xenolith.hw.smmuv3.SmmuRegister.GERRORN;
import static org.xenolith.hw.smmuv3.SmmuRegister.IRQ_CTRL;
import static org.xenolith.hw.smmuv3.SmmuRegister.IRQ_CTRLACK;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.RegisterFile;

/**
 * An SMMUv3 with Non-secure streams. Its state is its registers: all else lies in memory, or is kept of it until software says
 * that it changed.
 */
final class SmmuV3 implements DeviceModel, MmioHandler {
  private static final AccessRule WORDS = new AccessRule(4, 8, false);
  private static final long TRANSLATES = 1;
  private static final long EVENTS = 1 << 2;
  private static final long COMMANDS = 1 << 3;
  private static final long GLOBAL_ERRORS = 1;
  private static final long UPDATE = 1L << 31;

  private final DeviceState state = new DeviceState();
  private final RegisterFile<SmmuRegister> registers;
  private final Configurations configurations;
  private final SmmuTlb tlb = new SmmuTlb();

  SmmuV3(DeviceContext context) {
    registers = state.registers("registers", SmmuRegister.class, context.faults());
    DmaPort memory = context.memory().dma();
    Signals signals = new Signals(context);
    GlobalErrors errors = new GlobalErrors(registers, signals);
    Stage2 stage2 = new Stage2(memory);
    configurations = new Configurations(registers, memory, stage2);
    SmmuEventQueue events = new SmmuEventQueue(registers, memory, signals, errors);
    SmmuCommandQueue commands = new SmmuCommandQueue(registers, memory, signals, errors, new SmmuCommands(configurations, tlb));
    registers.onWrite(CR0, value -> {
      registers.set(CR0ACK, registers.get(CR0));
      commands.run();
    });
    registers.onWrite(IRQ_CTRL, value -> registers.set(IRQ_CTRLACK, registers.get(IRQ_CTRL)));
    registers.onWrite(GERRORN, value -> commands.run());
    registers.onWrite(CMDQ_PROD, value -> commands.run());
    context.bus().window(0, WORDS, this);
    context.memory().translator(new SmmuTranslation(registers, memory, stage2, configurations, tlb, events));
  }

  @Override
  public long read(long offset, int size) {
    return size == Long.BYTES ? registers.read64(offset) : registers.read(offset);
  }

  /** A wide access is one of each half: nothing happens at a write of a wide register that could tell them from one. */
  @Override
  public void write(long offset, int size, long value) {
    if (size == Long.BYTES) {
      write(offset, Integer.BYTES, value & 0xFFFF_FFFFL);
      write(offset + Integer.BYTES, Integer.BYTES, value >>> 32);
    } else if (!locked(registers.at(offset), value)) {
      registers.write(offset, value);
    }
  }

  /** What is in use can't be changed: such writes are ignored (each register's "Accessing", 6.3). */
  private boolean locked(SmmuRegister register, long value) {
    return switch (register) {
      case null -> false;
      case GBPA -> (value & UPDATE) == 0;
      case CR2, STRTAB_BASE, STRTAB_BASE_CFG -> (registers.get(CR0) & TRANSLATES) != 0;
      case CMDQ_BASE, CMDQ_CONS -> (registers.get(CR0) & COMMANDS) != 0;
      case EVENTQ_BASE, EVENTQ_PROD -> (registers.get(CR0) & EVENTS) != 0;
      case EVENTQ_IRQ_CFG0, EVENTQ_IRQ_CFG1, EVENTQ_IRQ_CFG2 -> (registers.get(IRQ_CTRL) & EVENTS) != 0;
      case GERROR_IRQ_CFG0, GERROR_IRQ_CFG1, GERROR_IRQ_CFG2 -> (registers.get(IRQ_CTRL) & GLOBAL_ERRORS) != 0;
      default -> false;
    };
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    forget();
  }

  /** Memory says the same as before; what an earlier life had kept of it is gone, which hardware may do at any time. */
  @Override
  public void restored() {
    forget();
  }

  private void forget() {
    tlb.clear();
    configurations.clear();
  }
}
