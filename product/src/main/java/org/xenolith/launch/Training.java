// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** The process that shows the JVM what to keep ready: it runs several command lines, as no one has all that starts have. */
final class Training {
  /** The system property of such a process. */
  static final String PROPERTY = "xenolith.training";
  /** Between two command lines. */
  private static final String THEN = "then";
  /** Bytes of an arm64 kernel's header, and where it says that it is one (Linux, Documentation/arch/arm64/booting.rst). */
  private static final int HEADER = 64;
  private static final int MAGIC_AT = 56;
  private static final int MAGIC = 0x644D_5241;
  private static final int BRANCH = 0x1400_0000;
  /** Starts from the disk: the JVM keeps ready what was called some hundred times, and a loader of somebody else's calls more than the program on it does. */
  private static final int STARTS = 40;

  private Training() {}

  /** Runs one command line after the other. Returns the first exit code that isn't 0, or 0. */
  static int run(ToIntFunction<String[]> main, String[] arguments) {
    int first = 0;
    int from = 0;
    for (int at = 0; at <= arguments.length; at++) {
      if (at == arguments.length || arguments[at].equals(THEN)) {
        int code = main.applyAsInt(Arrays.copyOfRange(arguments, from, at));
        first = first == 0 ? code : first;
        from = at + 1;
      }
    }
    return first;
  }

  /**
   * Command lines, and four more: one that starts a kernel of the user's by device tree and writes a report, one that starts one on a PC, one that says which guests
   * there are, and one, many times over, that has firmware of bundles start a program from a disk.
   *
   * @param folder where their files are put
   */
  static List<String> withKernel(List<String> words, Path folder) throws IOException {
    ByteBuffer image = ByteBuffer.allocate(2 * HEADER).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, BRANCH | HEADER / 4).putInt(MAGIC_AT, MAGIC).putInt(HEADER, BRANCH);
    Path kernel = Files.write(folder.resolve("Image"), image.array());
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(THEN, "boot", "--kernel", kernel.toString(), "--memory", "64M", "--limit", "0.001", "--report", folder.resolve(
        "report.json")
        .toString()));
    Path pc = Files.write(folder.resolve("bzImage"), TrainingPcKernel.bytes());
    all.addAll(List.of(THEN, "boot", "pc-pvh", "--kernel", pc.toString(), "--memory", "64M", "--limit", "0.001", THEN, "guests"));
    Path disk = Files.write(folder.resolve("disk"), TrainingDisk.bytes());
    for (int start = 0; start < STARTS; start++) {
      all.addAll(List.of(THEN, "boot", "--firmware", "xenolith", "--disk", disk.toString(), "--memory", "64M", "--limit", "0.3"));
    }
    return all;
  }
}
