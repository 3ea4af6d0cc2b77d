// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.control.Machine;

/**
 * What a test's machine took from outside, from the boot that it shares on: a journal that a test alone could have recorded. It is put together of that of the boot and that of the fork, whose
 * instructions are counted on.
 */
final class TestRecording {
  /** The system property that names the folder of what failing tests leave. */
  static final String PROPERTY = "xenolith.junit.recordings";
  private static final String FOLDER = "xenolith";
  /** Which line of the header says the command. */
  private static final int COMMAND = 2;

  private TestRecording() {}

  /** Where recordings go: what the property says, or a folder in Maven's {@code target} or Gradle's {@code build}, whichever is there. */
  static Path folder() {
    String said = System.getProperty(PROPERTY);
    if (said != null) {
      return Path.of(said);
    }
    return List.of("target", "build").stream().map(Path::of).filter(Files::isDirectory).findFirst().orElse(Path.of("")).resolve(FOLDER);
  }

  /**
   * Leaves it.
   *
   * @param of          the boot, whose journal is the first part
   * @param name        of what failed: the file's
   * @param rest        what a fork of it recorded then, without the header; nothing if the boot failed
   * @param machine     of the test, which stands where that was
   * @return what a person is told of it
   */
  static String leave(SharedBoot of, String name, List<String> rest, Machine machine) {
    Path to = file(name);
    try {
      write(to, of.journal(), rest, of.command(Map.of("limit", List.of(moment(machine)))));
    } catch (IOException e) {
      return "no recording of it could be written: " + HostReason.of(e).text();
    }
    return "it was recorded; at where it failed, with its past: " + of.product().product().opens(to);
  }

  /** Where a machine stands, as an option and the prompt take it. */
  private static String moment(Machine machine) {
    return machine.instructions() + "@" + machine.now() + "ns";
  }

  static Path file(String name) {
    return folder().toAbsolutePath().resolve(name + ".journal");
  }

  /** Writes it. @param command the header's line that says how the machine is made, and how far it ran */
  static void write(Path to, Path boot, List<String> rest, String command) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(boot));
    lines.set(COMMAND, command);
    lines.addAll(rest);
    Files.createDirectories(to.getParent());
    Files.writeString(to, String.join("\n", lines) + "\n");
  }
}
