// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntToLongFunction;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.Register;

/**
 * Shows who looks into the machine what a domain's interrupt controller has, as its guest finds it in the frames of distributor and redistributors (Arm IHI 0069H, 12.9 and 12.11). Of a virtual CPU that
 * is loaded, pending and active interrupts and list registers are those of when it was last not loaded.
 */
final class DomainRegisters {
  private static final String REFERENCE = "Arm IHI 0069H, 12.9";
  private static final int ENABLED = 0x100;
  private static final int PENDING = 0x200;
  private static final int ACTIVE = 0x300;
  private static final int PRIORITY = 0x400;
  private static final int TARGETS = 0x800;
  private static final int CONFIGURATION = 0xC00;
  private static final int ROUTER = 0x6000;

  private final DomainGic gic;
  /** Those of a window that is being put together, and what they have. */
  private final List<ListedRegister> registers = new ArrayList<>();
  private final Map<Register, IntToLongFunction> values = new HashMap<>();

  private DomainRegisters(DomainGic gic) {
    this.gic = gic;
  }

  /** Declares them as what a controller's state shows. */
  static void show(DomainGic gic, DeviceState state) {
    DomainRegisters distributor = new DomainRegisters(gic);
    distributor.add("GICD_CTLR", 0, Integer.BYTES, at -> gic.control.value);
    for (int word = 1; word < gic.lines / 32; word++) {
      distributor.bank("GICD_", word, gic.vcpus - 1 + word);
    }
    for (int intid = DomainGic.SPI; intid < gic.lines; intid++) {
      distributor.route(intid);
    }
    distributor.declare(state, "distributor");
    for (int vcpu = 0; vcpu < gic.vcpus; vcpu++) {
      DomainRegisters own = new DomainRegisters(gic);
      own.bank(gic.version == 2 ? "GICD_" : "GICR_", 0, vcpu);
      int first = vcpu * PhysicalGic.MOST_LISTS;
      for (int list = 0; list < PhysicalGic.MOST_LISTS; list++) {
        own.add("ICH_LR" + list + "_EL2", 0x1_0000 + list * Long.BYTES, Long.BYTES, at -> gic.lists[first + (at - 0x1_0000) / Long.BYTES]);
      }
      own.declare(state, "vcpu" + vcpu);
    }
  }

  private void add(String name, int offset, int bytes, IntToLongFunction value) {
    ListedRegister register = ListedRegister.of(name, offset, bytes, REFERENCE).saidBy(DomainRegisters.class);
    registers.add(register);
    values.put(register, value);
  }

  /** Those of 32 interrupts. */
  private void bank(String frame, int word, int bank) {
    add(frame + "ISENABLER" + word, ENABLED + 4 * word, Integer.BYTES, at -> gic.enabled[bank] & 0xFFFF_FFFFL);
    add(frame + "ISPENDR" + word, PENDING + 4 * word, Integer.BYTES, at -> (gic.latched[bank] | gic.level[bank] & ~gic.edge[bank])
        & 0xFFFF_FFFFL);
    add(frame + "ISACTIVER" + word, ACTIVE + 4 * word, Integer.BYTES, at -> gic.active[bank] & 0xFFFF_FFFFL);
    for (int i = 8 * word; i < 8 * word + 8; i++) {
      add(frame + "IPRIORITYR" + i, PRIORITY + 4 * i, Integer.BYTES, at -> priorities(bank, at - PRIORITY));
    }
    for (int i = 2 * word; i < 2 * word + 2; i++) {
      add(frame + "ICFGR" + i, CONFIGURATION + 4 * i, Integer.BYTES, at -> edges(gic.edge[bank] >>> ((at - CONFIGURATION) / 4 & 1) * 16));
    }
  }

  private void route(int intid) {
    if (gic.version == 3) {
      add("GICD_IROUTER" + intid, ROUTER + 8 * intid, Long.BYTES, at -> gic.route(intid));
    } else if (intid % 4 == 0) {
      add("GICD_ITARGETSR" + intid / 4, TARGETS + intid, Integer.BYTES, at -> gic.route(intid) | gic.route(intid + 1) << 8 | gic.route(intid
          + 2) << 16 | gic.route(intid + 3) << 24);
    }
  }

  private long priorities(int bank, int first) {
    long word = 0;
    for (int i = 3; i >= 0; i--) {
      word = word << 8 | gic.priority(bank, first + i);
    }
    return word;
  }

  /** 2 for an edge, 0 for a level. */
  private static long edges(int bits) {
    long word = 0;
    for (int i = 0; i < 16; i++) {
      word |= (long) (bits >>> i & 1) << 2 * i + 1;
    }
    return word;
  }

  private void declare(DeviceState state, String window) {
    state.shows(window, registers, this::value);
  }

  private OptionalLong value(Register register) {
    return OptionalLong.of(values.get(register).applyAsLong(register.spec().offset()));
  }
}
