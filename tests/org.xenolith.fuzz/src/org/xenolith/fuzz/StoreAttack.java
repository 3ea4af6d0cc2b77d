// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.List;
import org.xenolith.hyp.api.Domain;

/** Messages to the store, and the indices of its ring. */
final class StoreAttack extends GuestAttack {
  @Override
  public String word() {
    return "store";
  }

  @Override
  public String says() {
    return "a guest's messages to the store with paths, permissions, watches and transactions; raw bytes and any index in its ring";
  }

  @Override
  List<String> packages() {
    return List.of("xenstore.**");
  }

  @Override
  byte[] code() {
    return GuestCode.SCRIPT;
  }

  @Override
  long place(World world, Domain guest, byte[] input) {
    StoreInput.place(guest, input);
    return Fuzzing.INSTRUCTIONS;
  }
}
