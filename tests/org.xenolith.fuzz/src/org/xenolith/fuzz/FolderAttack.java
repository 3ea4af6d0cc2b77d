// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.util.List;
import org.xenolith.hyp.api.Domain;

/** Requests for files of a folder, by the rings of Xen's transport of 9P. */
final class FolderAttack extends GuestAttack {
  @Override
  public String word() {
    return "folders";
  }

  @Override
  public String says() {
    return "a guest's requests for files in one or two rings of 9P's transport, whole or not, of any size, answered or not by who serves the folder; any index; bytes anywhere in "
        + "the shared pages; changes of the grant table and of the front end's nodes meanwhile";
  }

  @Override
  List<String> packages() {
    return List.of("ninepback.**", "grant.**", "evtchn.**");
  }

  @Override
  List<String> roles() {
    return List.of("ninepback");
  }

  @Override
  byte[] code() {
    return GuestCode.SCRIPT;
  }

  @Override
  long place(World world, Domain guest, byte[] input) {
    FolderInput.place(world, guest, input);
    return Fuzzing.INSTRUCTIONS;
  }

  @Override
  void end(World world, Domain guest) {
    FolderDevice.end(world, guest);
  }
}
