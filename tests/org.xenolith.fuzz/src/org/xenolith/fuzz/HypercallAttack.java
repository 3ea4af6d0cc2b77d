// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.List;
import org.xenolith.hyp.api.Domain;

/** All hypercalls with arguments in registers and memory. */
final class HypercallAttack extends GuestAttack {
  @Override
  public String word() {
    return "hypercalls";
  }

  @Override
  public String says() {
    return "up to 32 hypercalls of a guest, any number, arguments in registers and a structure of fields in memory";
  }

  @Override
  List<String> packages() {
    return List.of("*", "grant.**", "evtchn.**", "p2m.**", "sched.**", "vcpu.**", "version.**", "console.**", "hvm.**",
        "physdev.**", "queries.**", "domctl.**", "sysctl.**", "platform.**", "multicall.**", "xsm.**");
  }

  @Override
  byte[] code() {
    return GuestCode.HYPERCALLS;
  }

  @Override
  long place(World world, Domain guest, byte[] input) {
    HypercallInput.place(guest, input);
    return Fuzzing.INSTRUCTIONS;
  }
}
