// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.nio.file.Path;
import java.util.List;
import org.xenolith.command.api.ExitCode;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.RunEnd;
import org.xenolith.machine.control.Hang;
import org.xenolith.ui.workbench.Laboratory.Phase;
import org.xenolith.ui.workbench.Laboratory.Status;

/** What is said of a run: who runs on what and since when, and how it ended. */
final class RunSentence {
  /** What {@code Launch.guest()} says of a kernel that came from a file. */
  private static final String KERNEL = "kernel";

  private RunSentence() {}

  /**
   * Who runs.
   *
   * @param guest what was booted, as {@code Launch.guest()} says it: empty for domains alone, or firmware alone
   * @param board name of the platform
   */
  static Status runs(RunRequest request, String guest, String board) {
    LaunchRequest launch = request.launch();
    String since = launch.text("load").map(folder -> ", continued from " + folder).orElse("")
        + request.replay().map(journal -> ", as the journal " + journal + " has it").orElse("");
    return new Status(Phase.RUNNING, who(launch, guest) + " on " + board + since + ".");
  }

  private static String who(LaunchRequest launch, String guest) {
    if (!guest.isEmpty()) {
      return launch.text(KERNEL).filter(file -> guest.equals(KERNEL)).map(Path::of).map(Path::getFileName).map(Path::toString).orElse(guest)
          + " runs";
    }
    if (launch.text("load").isPresent()) {
      return "The machine runs";
    }
    List<String> domains = launch.option("domu").stream().map(Path::of).map(Path::getFileName).map(Path::toString).toList();
    return domains.isEmpty() ? "Firmware runs" : domains.size() == 1 ? "The domain of " + domains.getFirst() + " runs"
        : "The domains of " + String.join(", ", domains) + " run";
  }

  /** It is to end, and hasn't yet. */
  static Status stopping(Phase now) {
    return new Status(now, "Stopping the machine…");
  }

  /** Something that people should know while it goes on. @param text a sentence that begins with a small letter and has no full stop */
  static Status meanwhile(String text) {
    return new Status(Phase.RUNNING, sentence(text));
  }

  /** @param left what didn't come back, if it was left there; else null */
  static Status ended(RunEnd end, Hang left) {
    boolean well = end.exitCode() == ExitCode.DONE;
    String text = switch (end.outcome()) {
      case "hang" -> RunEnd.left(left);
      case "stopped" -> "stopped after %.3f virtual seconds".formatted(end.virtualSeconds());
      case "poweroff" -> "the guest powered off after %.3f virtual seconds".formatted(end.virtualSeconds());
      case "exit" -> "the guest ended the run with exit status %d after %.3f virtual seconds".formatted(end.exitStatus(), end
          .virtualSeconds());
      default -> end.text();
    };
    return new Status(well ? Phase.ENDED : Phase.FAILED, sentence(text));
  }

  private static String sentence(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }
}
