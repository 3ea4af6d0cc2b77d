// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

import static org.xenolith.lapic.kit.LapicRegister.DFR;
import static org.xenolith.lapic.kit.LapicRegister.ID;
import static org.xenolith.lapic.kit.LapicRegister.LDR;

import org.xenolith.regs.RegisterFile;

/** By which destinations a local APIC is meant: its id, its logical ids, and what means all (SDM volume 3, 12.6.2, 12.12.10). */
final class LapicNames {
  private static final int EVERYBODY = 0xFF;
  private static final int FLAT = 0xF;
  private static final int CLUSTER = 0;

  private final RegisterFile<LapicRegister> registers;
  private final int apicId;

  LapicNames(RegisterFile<LapicRegister> registers, int apicId) {
    this.registers = registers;
    this.apicId = apicId;
  }

  /** The id is the CPU's, in the form of the mode; in x2APIC mode the logical id is derived from it. */
  void identify(boolean x2) {
    if (x2) {
      registers.set(ID, apicId & 0xFFFF_FFFFL);
      registers.set(LDR, (apicId & 0xF_FFF0L) << 12 | 1L << (apicId & 0xF));
    } else {
      registers.set(ID, (apicId & 0xFFL) << 24);
    }
  }

  /**
   * Whether it is a destination.
   *
   * @param x2      whether it is in x2APIC mode
   * @param wide    whether the destination has 32 bits, else 8
   * @param logical whether the destination is logical, else an id
   */
  boolean match(boolean x2, int destination, boolean wide, boolean logical) {
    if (destination == (wide ? -1 : EVERYBODY)) {
      return true;
    }
    int name = (int) registers.get(logical ? LDR : ID);
    if (x2) {
      return logical ? name >>> 16 == destination >>> 16 && (name & destination & 0xFFFF) != 0 : name == destination;
    }
    name >>>= 24;
    return (destination & ~0xFF) == 0 && (logical ? matchesModel(name, destination) : name == destination);
  }

  private boolean matchesModel(int name, int destination) {
    return switch ((int) (registers.get(DFR) >>> 28)) {
      case FLAT -> (name & destination) != 0;
      case CLUSTER -> name >>> 4 == destination >>> 4 && (name & destination & 0xF) != 0;
      default -> false;
    };
  }
}
