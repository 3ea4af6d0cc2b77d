// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.List;
import org.xenolith.hyp.api.Domain;

/** Instructions that trap, on a GICv2 or GICv3. */
final class TrapAttack extends GuestAttack {
  @Override
  public String word() {
    return "traps";
  }

  @Override
  public String says() {
    return "up to 96 instructions of a guest that trap: MRS and MSR, loads and stores of every form at the windows of the virtual GIC and "
        + "UART, PSCI and SMCCC, and any other; on a board with a GICv2 or GICv3";
  }

  @Override
  List<String> packages() {
    return List.of("*", "vgic.**", "vuart.**", "vtimer.**", "vpsci.**", "vpmu.**", "v2m.**");
  }

  @Override
  byte[] code() {
    return GuestCode.PROGRAM;
  }

  @Override
  long place(World world, Domain guest, byte[] input) {
    return TrapInput.place(guest, input);
  }

  @Override
  public int world(byte[] input) {
    return TrapInput.gic(input);
  }
}
