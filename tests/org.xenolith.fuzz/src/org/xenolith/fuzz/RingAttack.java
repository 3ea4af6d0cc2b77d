// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.List;
import org.xenolith.hyp.api.Domain;

/** Requests, indices and grants of block, network and console rings. */
final class RingAttack extends GuestAttack {
  @Override
  public String word() {
    return "rings";
  }

  @Override
  public String says() {
    return "a guest's block requests (direct, indirect, discard), frames and receive buffers of two interfaces on one switch, console "
        + "output, with good and bad grants; any index; bytes anywhere in the shared pages; changes of the grant table and of the "
        + "front ends' states meanwhile";
  }

  @Override
  List<String> packages() {
    return List.of("blkback.**", "netback.**", "console.**", "grant.**", "evtchn.**");
  }

  @Override
  List<String> roles() {
    return List.of("blkback", "netback", "console");
  }

  @Override
  byte[] code() {
    return GuestCode.SCRIPT;
  }

  @Override
  long place(World world, Domain guest, byte[] input) {
    RingInput.place(world, guest, input);
    return Fuzzing.INSTRUCTIONS;
  }

  @Override
  void end(World world, Domain guest) {
    RingDevices.end(world, guest);
  }
}
