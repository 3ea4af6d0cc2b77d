// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.xenolith.command.api.BadInput;

/**
 * What {@code --report} writes. Field names are the JSON keys and a contract with CI jobs.
 *
 * @param outcome            {@code marker}, {@code poweroff}, {@code exit}, {@code guest-failed}, {@code panic}, {@code idle}, {@code limit}, {@code stopped},
 *                           {@code fault}, {@code hang}, or {@code unseen}: it ended well, but what was to be seen was not
 * @param exitStatus         what the guest gave, with the outcome {@code exit}; else null, and the key isn't there
 * @param instructions       guest instructions executed, all CPUs together
 * @param virtualSeconds     guest time since power-on
 * @param hostSeconds        host time from the first guest instruction to the end
 * @param startSeconds       host time from the program's start to the first guest instruction
 * @param bootSeconds        host time of each boot of {@code --times}, from its first guest instruction; the last is
 *                           {@code hostSeconds}, and it is that boot's machine that the report is about
 * @param digest             SHA-256 of the machine's state; empty after a hang
 * @param events             events by kind
 * @param unmodelledAccesses accesses to addresses that no model serves
 * @param unmodelledNodes    nodes of the tree that no model serves; they were disabled for the guest
 * @param guest              what was booted
 * @param board              on what
 */
record RunReport(String outcome, Integer exitStatus, long instructions, double virtualSeconds, double hostSeconds, double startSeconds,
    List<Double> bootSeconds, String digest, Map<String, Long> events, long unmodelledAccesses,
    List<String> unmodelledNodes, String guest, String board) {

  void write(Path file) {
    try {
      Files.writeString(file, new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(this) + "\n");
    } catch (IOException e) {
      throw BadInput.of("--report", file, e);
    }
  }
}
