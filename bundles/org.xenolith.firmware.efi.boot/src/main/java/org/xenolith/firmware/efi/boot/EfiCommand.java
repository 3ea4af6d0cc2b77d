// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.xenolith.command.api.OptionName.option;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.FirmwareRequestsPort;
import org.xenolith.efi.boot.api.InspectionPort;
import org.xenolith.machine.control.Machine;

/** {@code efi} at the monitor prompt: what our own firmware has. */
@Component
public final class EfiCommand implements MonitorCommand {
  private static final int PATIENCE = 30;

  @Override
  public String name() {
    return "efi";
  }

  @Override
  public String help() {
    return "efi dh|drivers|devtree|map|memmap|vars|layers|calls   what UEFI firmware of bundles has, while its boot services are there\n"
        + "efi connect [FIRMWARE] [HANDLE], efi disconnect [FIRMWARE] HANDLE   drivers, for handles by their numbers in dh, or themselves (0x...)";
  }

  @Override
  public String execute(Machine machine, List<String> words) {
    if (machine.platform().node(BootNode.PATH).isEmpty()) {
      throw new BadInput("efi: this machine has no firmware of bundles; boot with " + option("firmware") + " xenolith");
    }
    InspectionPort port = machine.port(BootNode.PATH, InspectionPort.class);
    String question = words.isEmpty() ? "" : words.getFirst();
    if (question.equals("connect") || question.equals("disconnect")) {
      try {
        return machine.port(BootNode.PATH, FirmwareRequestsPort.class).ask(machine, String.join(" ", words), PATIENCE) + "\n";
      } catch (IllegalArgumentException e) {
        throw new BadInput("efi: " + e.getMessage());
      }
    }
    CompletableFuture<List<String>> answer = new CompletableFuture<>();
    machine.post(() -> {
      List<String> questions = port.questions();
      boolean known = questions.stream().anyMatch(each -> each.split(" ")[0].equals(question));
      answer.complete(known ? port.answer(question) : questions);
    });
    try {
      List<String> lines = answer.get(PATIENCE, TimeUnit.SECONDS);
      return lines.isEmpty() ? "efi: boot services are over, or the firmware isn't there\n" : String.join("\n", lines) + "\n";
    } catch (TimeoutException e) {
      throw new BadInput("efi: the machine gives no answer in " + PATIENCE + " s; is it stopped?");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInput("efi: interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
