// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.journal;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.InputFile;
import org.xenolith.machine.content.ContentLine;
import org.xenolith.machine.content.RecordedContents;
import org.xenolith.machine.kit.JournalCommand;
import org.xenolith.machine.kit.JournalScenario;
import org.xenolith.machine.snapshot.CpuIdentities;
import org.xenolith.machine.snapshot.RecordFormat;
import org.xenolith.machine.snapshot.RecordText;

/** A journal as a text file: a header that names the topology, then a line for each input in order. */
public final class JournalFile {
  /** First line of a journal of this format. */
  private static final RecordFormat FORMAT = new RecordFormat(JournalCommand.NAME, JournalCommand.FORMAT,
      "record anew, or use that version");
  static final String MAGIC = FORMAT.line();
  private static final String TOPOLOGY = "topology ";
  /** A line behind which nothing is taken any more: changes of bundles there only say what the run began with. */
  static final String END = "end";

  private JournalFile() {}

  /**
   * The header's lines.
   *
   * @param cpus     which CPUs the machine has
   * @param contents what it runs on
   * @param command  how the machine is made, as {@link JournalCommand} or {@link JournalScenario} writes it; empty if nobody says it
   */
  public static String header(String topology, CpuIdentities cpus, List<ContentLine> contents, String command) {
    StringBuilder header = new StringBuilder(MAGIC + '\n' + TOPOLOGY + topology + '\n' + (command.isEmpty() ? "" : command + '\n'));
    cpus.lines().forEach(line -> header.append(line).append('\n'));
    contents.forEach(line -> header.append(line.line()).append('\n'));
    return header.toString();
  }

  /** How many lines a journal has before its first entry. */
  static int header(List<String> lines) {
    int header = lines.size() > 2 && (JournalCommand.is(lines.get(2)) || JournalScenario.is(lines.get(2))) ? 3 : 2;
    while (header < lines.size() && (CpuIdentities.is(lines.get(header)) || ContentLine.is(lines.get(header)))) {
      header++;
    }
    return header;
  }

  /** What a journal says that its machine ran on. @throws IOException if it can't be read, or that is damaged */
  static RecordedContents contents(Path file) throws IOException {
    List<String> lines = lines(file);
    return RecordedContents.of(file, lines.subList(0, Math.min(header(lines), lines.size())));
  }

  /** Where the jars of a journal's changes are kept. */
  static Path jars(Path file) {
    return file.resolveSibling(file.getFileName() + ".jars");
  }

  /**
   * A journal.
   *
   * @param header   how many lines come before the first entry
   * @param contents what it says that the machine ran on
   * @param entries  what follows
   */
  public record Content(int header, RecordedContents contents, List<JournalEntry> entries) {}

  /**
   * Reads a whole journal.
   *
   * @param cpus which CPUs the machine has
   * @throws IOException if it is none, of another topology or CPU, or damaged; the message names file and line
   */
  public static Content read(Path file, String topology, CpuIdentities cpus) throws IOException {
    List<String> lines = lines(file);
    if (lines.size() < 2 || !lines.get(1).startsWith(TOPOLOGY)) {
      throw new IOException(file + ", line 2: expected the topology's digest");
    }
    int header = header(lines);
    checkCpus(file, lines.subList(0, header), cpus);
    if (!lines.get(1).substring(TOPOLOGY.length()).equals(topology)) {
      throw new IOException(file + ", line 2: recorded on another topology (" + RecordText.shown(lines.get(1).substring(TOPOLOGY.length()))
          + ", this machine has " + topology + "); use the board and options of the recording");
    }
    RecordedContents contents = RecordedContents.of(file, lines.subList(0, header));
    List<JournalEntry> entries = new ArrayList<>();
    JournalContents payloads = new JournalContents();
    for (int i = header; i < lines.size() && !lines.get(i).equals(END); i++) {
      JournalEntry entry;
      try {
        entry = JournalEntry.of(lines.get(i), payloads);
      } catch (IllegalArgumentException e) {
        throw new IOException(file + ", line " + (i + 1) + ": " + HostReason.of(e).text());
      }
      if (!entries.isEmpty() && (entry.instructions() < entries.getLast().instructions()
          || entry.nanoseconds() < entries.getLast().nanoseconds())) {
        throw new IOException(file + ", line " + (i + 1) + ": comes before the line above it in time");
      }
      entries.add(entry);
    }
    return new Content(header, contents, entries);
  }

  /** The lines of a file that is one. */
  private static List<String> lines(Path file) throws IOException {
    List<String> lines;
    boolean cut = false;
    try {
      String text = InputFile.text(file, InputFile.GUEST);
      cut = !text.endsWith("\n");
      lines = text.lines().toList();
    } catch (CharacterCodingException e) {
      lines = List.of();
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(file + ": " + HostReason.of(file, e).text());
    }
    if (lines.isEmpty() || !lines.getFirst().startsWith("xenolith-journal ")) {
      throw new IOException(file + ", line 1: expected \"" + MAGIC + "\": not a journal");
    }
    if (!lines.getFirst().equals(MAGIC)) {
      throw new IOException(file + ", line 1: expected \"" + MAGIC + "\", got \"" + RecordText.shown(lines.getFirst())
          + "\": " + FORMAT.refusal(lines.getFirst()));
    }
    if (cut) {
      // Whoever writes one ends each line at once.
      throw new IOException(file + ", line " + lines.size()
          + ": the file is cut, its last line has no end; get the whole file, or delete that line, if the lines above it are enough");
    }
    return lines;
  }

  private static void checkCpus(Path file, List<String> header, CpuIdentities cpus) throws IOException {
    CpuIdentities recorded = new CpuIdentities(new ArrayList<>());
    for (int i = 0; i < header.size(); i++) {
      if (CpuIdentities.is(header.get(i))) {
        try {
          recorded.read(header.get(i));
        } catch (IllegalArgumentException e) {
          throw new IOException(file + ", line " + (i + 1) + ": " + HostReason.of(e).text());
        }
      }
    }
    Optional<String> difference = recorded.difference(cpus);
    if (difference.isPresent()) {
      throw new IOException(file + ": recorded on another machine: " + difference.get());
    }
  }
}
