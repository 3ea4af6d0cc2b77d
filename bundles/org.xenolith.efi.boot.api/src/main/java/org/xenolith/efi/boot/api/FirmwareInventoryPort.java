// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.xenolith.machine.api.RolePort;
import org.xenolith.machine.control.Machine;

/** Port at the firmware's node by which programs ask what there is. Without the core there is no firmware. */
public final class FirmwareInventoryPort extends RolePort<FirmwareInventory> implements FirmwareInventory {
  @Override
  public List<FirmwareFacts> firmwares() {
    return ask(List.of(), FirmwareInventory::firmwares);
  }

  /**
   * Has a machine asked at its next safe point. Any thread; nobody waits.
   *
   * @param machine whose port this is
   * @return completed on the machine's thread; never, if the machine runs no more
   */
  public CompletableFuture<List<FirmwareFacts>> ask(Machine machine) {
    CompletableFuture<List<FirmwareFacts>> answer = new CompletableFuture<>();
    machine.post(() -> answer.complete(firmwares()));
    return answer;
  }
}
