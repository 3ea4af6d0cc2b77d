// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells of a JVM that has crashed, as its {@code OnError} command: where the host's program counter was in generated code, which of the guest's instructions that was, and what to do;
 * elsewhere, which bundle's code had been called.
 * It reads the JVM's own report and what the engine keeps in files of the run's folder ({@code SurvivingMemory} of {@code hostcode.kit}).
 */
public final class CrashReport {
  private static final long MARK = 0x3145_444F_434C_4E58L;
  private static final int HEAD = 4096;
  private static final int SHIFT = 32;
  private static final int OWN = 64;
  private static final int WORDS = 1024;
  private static final Pattern COUNTER = Pattern.compile("(?m)^RIP=0x([0-9a-f]+)");
  private static final Pattern SIGNAL = Pattern.compile("(?m)^siginfo: si_signo: \\d+ \\((\\w+)\\).*?(?:si_addr: (0x[0-9a-f]+))?$");

  private final long counter;
  private final String signal;
  /** Where in code it was; -1 if it was elsewhere. */
  private long place = -1;
  private int best;
  private long frame;
  /** Of the instruction in its page. */
  private int offset;
  private boolean words;
  private long page = -1;

  private CrashReport(String report) {
    Matcher rip = COUNTER.matcher(report);
    counter = rip.find() ? Long.parseUnsignedLong(rip.group(1), 16) : 0;
    Matcher info = SIGNAL.matcher(report);
    signal = !info.find() ? "a signal" : info.group(2) == null ? info.group(1) : info.group(1) + " at address " + info.group(2);
  }

  /**
   * Prints to standard error.
   *
   * @param arguments the JVM's report, the number of its process, and the folder of all runs' folders
   */
  public static void main(String[] arguments) throws IOException, URISyntaxException {
    tell(Path.of(arguments[0]), Long.parseLong(arguments[1]), Path.of(arguments[2]), Home.ofThisProcess(CrashReport.class).plugins(),
        System.err);
  }

  /** @param product the folder of the product's bundles */
  static void tell(Path file, long process, Path temporary, Path product, PrintStream out) throws IOException {
    String said = Files.readString(file);
    CrashReport report = new CrashReport(said);
    for (Path memory : memories(temporary)) {
      report.look(memory, process);
    }
    out.print(report.text(file, report.place < 0 ? CrashedBundle.of(said, RunFolder.of(temporary, process).resolve(RunFolder.STORAGE),
        product) : null));
  }

  private static List<Path> memories(Path temporary) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> runs = Files.newDirectoryStream(temporary, "xenolith-*")) {
      for (Path run : runs) {
        Path files = run.resolve("files");
        if (Files.isDirectory(files) && Files.isReadable(files)) {
          try (DirectoryStream<Path> each = Files.newDirectoryStream(files, "code-*")) {
            each.forEach(found::add);
          }
        }
      }
    }
    return found;
  }

  private void look(Path memory, long process) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(memory)).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.limit() < HEAD || bytes.getLong(0) != MARK || bytes.getLong(8) != process) {
      return;
    }
    long executed = bytes.getLong(16);
    if (Long.compareUnsigned(counter - executed, bytes.getLong(24)) >= 0) {
      return;
    }
    place = counter - executed;
    if (memory.toString().endsWith(".state")) {
      page = bytes.getLong((int) bytes.getLong(OWN));
      return;
    }
    // Bytes of what has an index: of A64 words, of x86-64 bytes, whose two lowest bits are in the word of the table.
    int shift = (int) bytes.getLong(SHIFT);
    int low = 3 >> shift;
    int tables = (bytes.limit() - HEAD) / (4 * WORDS);
    for (int table = 0; table < tables; table++) {
      long noted = bytes.getLong(OWN + 8 * table);
      for (int word = 0; noted != 0 && word < WORDS; word++) {
        int entry = bytes.getInt(HEAD + 4 * (table * WORDS + word));
        int begins = entry & ~low;
        // What is common to all pages, as where no block begins, comes before any block.
        if (begins <= place && begins > best) {
          best = begins;
          frame = noted & -4096;
          offset = 4 * word | entry & low;
          words = low == 0;
        }
      }
    }
  }

  private String text(Path file, CrashedBundle bundle) {
    if (bundle != null) {
      return """
          xenolith: the JVM has crashed (%s) in %s, which is code of %s
            %s
            The JVM's report: %s
          """.formatted(signal, bundle.method(), bundle.bundle(), bundle.late()
          ? "The bundle came by --plugins or while the program ran: without it the next run does without that code. Show its author the report."
          : "Please report it with that file.", file);
    }
    if (place < 0) {
      return "xenolith: the JVM has crashed (%s); its report, for ours: %s%n".formatted(signal, file);
    }
    return """
        xenolith: internal fault in generated code: %s, in the block for the guest's instructions from PC 0x%x on
          page 0x%x of the guest's memory, byte 0x%x of it; code from byte 0x%x on, the fault at byte 0x%x
          Please report it with %s
          %s
        """.formatted(signal, page + offset, frame, offset, best, place, file, words
        ? "--engine machinecode-lockstep checks generated code in the next run, --engine regions does without."
        : "--engine interpreter does without generated code in the next run.");
  }
}
