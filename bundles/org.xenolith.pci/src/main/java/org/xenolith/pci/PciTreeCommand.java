// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.machine.control.Machine;
import org.xenolith.pci.api.PciInventory;

/** Offers {@code pcitree} at the monitor prompt. */
@Component
public final class PciTreeCommand implements MonitorCommand {
  private static final int PATIENCE_SECONDS = 10;

  @Reference
  private PciInventory inventory;

  @Override
  public String name() {
    return "pcitree";
  }

  @Override
  public String help() {
    return String.join("\n", PciTree.usage());
  }

  @Override
  public boolean onlyLooks() { return true; }

  @Override
  public String execute(Machine machine, List<String> words) {
    if (!words.isEmpty() && !words.equals(List.of("-x"))) {
      throw new BadInput("pcitree " + String.join(" ", words) + ": expected nothing or -x");
    }
    CompletableFuture<String> answer = inventory.ask(machine, asked -> new PciTree(machine, asked, !words.isEmpty()).text());
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new BadInput("pcitree: the machine doesn't run now; let it go on and ask again");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInput("pcitree: interrupted");
    }
  }
}
