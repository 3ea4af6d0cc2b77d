// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.its;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.Register;

/** Shows who looks into the machine the control frame of a domain's ITS, as its guest finds it (Arm IHI 0069H, 12.19). */
final class DomainItsRegisters {
  private static final String REFERENCE = "Arm IHI 0069H, 12.19";
  private static final List<ListedRegister> TABLE = ListedRegister.saidBy(DomainItsRegisters.class, table());

  private DomainItsRegisters() {}

  private static List<ListedRegister> table() {
    List<ListedRegister> all = new ArrayList<>(List.of(ListedRegister.of("GITS_CTLR", 0x0, Integer.BYTES, REFERENCE), ListedRegister.of(
        "GITS_IIDR", 0x4, Integer.BYTES, REFERENCE), ListedRegister.of("GITS_TYPER", 0x8, Long.BYTES, REFERENCE), ListedRegister.of(
            "GITS_CBASER", 0x80, Long.BYTES, REFERENCE), ListedRegister.of("GITS_CWRITER", 0x88, Long.BYTES, REFERENCE), ListedRegister.of(
                "GITS_CREADR", 0x90, Long.BYTES, REFERENCE), ListedRegister.of("GITS_PIDR2", 0xFFE8, Integer.BYTES, REFERENCE)));
    all.addAll(ListedRegister.run("GITS_BASER", 0x100, Long.BYTES, 2, REFERENCE));
    return all;
  }

  /** Declares them as what an ITS' state shows. */
  static void show(DomainIts its) {
    its.state.shows("control", TABLE, register -> value(its, register));
  }

  private static OptionalLong value(DomainIts its, Register register) {
    int offset = register.spec().offset();
    long both = GuestFrame.register(its, offset & ~7);
    return OptionalLong.of(register.spec().size() == Long.BYTES ? both : both >>> (offset & 4) * 8 & 0xFFFF_FFFFL);
  }
}
