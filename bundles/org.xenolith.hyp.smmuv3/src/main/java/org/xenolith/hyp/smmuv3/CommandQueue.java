// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import static org.xenolith.hyp.smmuv3.Registers.CMDQ_CONS;
import static org.xenolith.hyp.smmuv3.Registers.CMDQ_PROD;
import static org.xenolith.hyp.smmuv3.Registers.GERROR;
import static org.xenolith.hyp.smmuv3.Registers.GERRORN;

import java.util.function.Consumer;
import org.xenolith.hyp.kit.MachineMemory;

/**
 * Gives commands and waits until they are consumed (Arm IHI 0070, 4). Where the queue stands is what the registers say, so that
 * no record can contradict the hardware.
 */
final class CommandQueue {
  private static final int CFGI_STE = 0x03;
  private static final int CFGI_ALL = 0x04;
  private static final int TLBI_EL2_ALL = 0x20;
  private static final int TLBI_S12_VMALL = 0x28;
  private static final int TLBI_NSNH_ALL = 0x30;
  private static final int SYNC = 0x46;
  private static final long LEAF = 1;
  private static final long ALL_STREAMS = 31;
  private static final long ERROR = 1;
  private static final int ERROR_AT = 24;
  private static final String[] REASONS = {"no reason", "an illegal command", "the command could not be read",
      "a device's cache does not answer"};
  private static final int WRAP_AND_INDEX = 0xF_FFFF;

  private final Registers registers;
  private final MachineMemory memory;
  private final Consumer<String> errors;
  private long base;
  private int log2;

  /** @param errors told what the SMMU refused */
  CommandQueue(Registers registers, MachineMemory memory, Consumer<String> errors) {
    this.registers = registers;
    this.memory = memory;
    this.errors = errors;
  }

  /** Where it is. @param newLog2 log2 of its entries */
  void at(long newBase, int newLog2) {
    base = newBase;
    log2 = newLog2;
  }

  /** A stream's table entry changed. */
  boolean stream(long stream) {
    return issue(CFGI_STE | stream << 32, LEAF) && sync();
  }

  /** What is kept of a domain's addresses is void. */
  boolean addresses(int vmid) {
    return issue(TLBI_S12_VMALL | (long) vmid << 32, 0) && sync();
  }

  /** All that is kept is void. */
  boolean everything(boolean el2) {
    return issue(CFGI_ALL, ALL_STREAMS) && issue(TLBI_NSNH_ALL, 0) && (!el2 || issue(TLBI_EL2_ALL, 0)) && sync();
  }

  private boolean sync() {
    return issue(SYNC, 0);
  }

  /** @return whether it was consumed without an error */
  private boolean issue(long low, long high) {
    long mask = (2L << log2) - 1;
    long prod = registers.read(CMDQ_PROD) & mask;
    put(prod, low, high);
    long next = prod + 1 & mask;
    registers.write(CMDQ_PROD, next);
    boolean clean = true;
    for (int i = 0; i < Registers.POLLS; i++) {
      if ((registers.read(CMDQ_CONS) & mask) == next && (active() & ERROR) == 0) {
        return clean;
      }
      if ((active() & ERROR) != 0) {
        clean = false;
        mend();
      }
    }
    errors.accept("command 0x%x is not consumed".formatted(low & 0xFF));
    return false;
  }

  private void put(long index, long low, long high) {
    long at = base + ((index & (1L << log2) - 1) << 4);
    memory.write64(at, low);
    memory.write64(at + 8, high);
  }

  private long active() {
    return registers.read(GERROR) ^ registers.read(GERRORN);
  }

  /** The command at which the queue stands becomes a CMD_SYNC, and the queue goes on (7.1). Also when told by an interrupt. */
  void mend() {
    if ((active() & ERROR) == 0) {
      return;
    }
    long cons = registers.read(CMDQ_CONS);
    int reason = (int) (cons >>> ERROR_AT) & 0x7F;
    long at = cons & WRAP_AND_INDEX & (1L << log2) - 1;
    errors.accept("command 0x%x is refused: %s".formatted(memory.read64(base + (at << 4)) & 0xFF,
        reason < REASONS.length ? REASONS[reason] : "reason " + reason));
    put(at, SYNC, 0);
    registers.write(GERRORN, registers.read(GERRORN) ^ ERROR);
  }
}
