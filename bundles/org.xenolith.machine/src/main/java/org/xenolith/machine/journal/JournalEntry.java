// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.journal;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.InputFile;
import org.xenolith.machine.snapshot.MachineDigest;
import org.xenolith.machine.snapshot.RecordText;

/** One line of a journal: what came in from outside, and when; and resets, so that a replay without them is told from its journal. */
public sealed interface JournalEntry {
  /** How the line of a {@link Reset} ends. */
  String RESET = "reset";
  /** Words of a line of a {@link Change} that says what was before. */
  int CARRYING = 10;

  /** Instructions of all CPUs executed before it. */
  long instructions();

  /** Virtual time of it in nanoseconds. */
  long nanoseconds();

  /** The line without its end. */
  String line();

  /** An input to a device. */
  record Input(long instructions, long nanoseconds, String kind, String place, byte[] bytes) implements JournalEntry {
    @Override
    public String line() {
      return line(bytes.length == 0 ? "-" : Base64.getEncoder().encodeToString(bytes));
    }

    /** The line with its payload in another form. */
    String line(String payload) {
      return instructions + " " + nanoseconds + " input " + encode(kind) + ' ' + encode(place) + ' ' + payload;
    }
  }

  /** The guest reset the machine, which was booted again. */
  record Reset(long instructions, long nanoseconds) implements JournalEntry {
    @Override
    public String line() {
      return instructions + " " + nanoseconds + ' ' + RESET;
    }
  }

  /** What was done to a bundle. */
  enum Operation {
    /** Another version took over. */
    REPLACE,
    /** Uninstalled. */
    REMOVE,
    /** Installed. */
    ADD,
    /** Its services went by other means than the live change's. */
    WITHDRAW,
    /** Its services came by other means. */
    OFFER
  }

  /**
   * A version of a bundle and where its jar is.
   *
   * @param version of the bundle; empty of none
   * @param sha256  of the jar in hexadecimal, or {@code -}
   * @param jar     path of the jar relative to the journal; empty if it isn't there
   */
  record Carried(String version, String sha256, String jar) {
    /** Of a bundle that wasn't there. */
    public static final Carried NONE = new Carried("", "-", "");

    /**
     * The jar.
     *
     * @param journal of the recording
     * @throws IOException if the recording doesn't carry it, or it can't be read, or is another one
     */
    public byte[] read(Path journal, String bundle) throws IOException {
      if (jar.isEmpty()) {
        throw new IOException("the recording doesn't carry the jar of " + bundle + " " + version);
      }
      Path file;
      byte[] content;
      try {
        file = journal.resolveSibling(jar);
      } catch (InvalidPathException e) {
        throw new IOException("the path of the jar of " + bundle + ": " + e.getReason());
      }
      try {
        content = InputFile.read(file, InputFile.GUEST);
      } catch (NoSuchFileException e) {
        throw new IOException(file + " is missing: the jar of the recording");
      } catch (IOException e) {
        throw new IOException(file + ": " + HostReason.of(file, e).text());
      }
      if (!MachineDigest.of(content).equals(sha256)) {
        throw new IOException(file + ": not the jar of the recording (SHA-256 differs)");
      }
      return content;
    }

    String words() {
      return encode(version) + ' ' + sha256 + ' ' + encode(jar);
    }
  }

  /**
   * A change of a bundle.
   *
   * @param sha256 of the jar in hexadecimal, or {@code -}
   * @param jar    path of the jar relative to the journal; empty if there is none
   * @param before what was replaced or removed
   */
  record Change(long instructions, long nanoseconds, Operation operation, String bundle, String version, String sha256,
      String jar, Carried before) implements JournalEntry {
    /** One of which isn't known what was before. */
    public Change(long instructions, long nanoseconds, Operation operation, String bundle, String version, String sha256, String jar) {
      this(instructions, nanoseconds, operation, bundle, version, sha256, jar, Carried.NONE);
    }

    /** What was put in. */
    public Carried now() {
      return new Carried(version, sha256, jar);
    }

    @Override
    public String line() {
      return instructions + " " + nanoseconds + ' ' + operation.name().toLowerCase(java.util.Locale.ROOT) + ' '
          + encode(bundle) + ' ' + now().words() + (before.equals(Carried.NONE) ? "" : ' ' + before.words());
    }
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is none; the message says what was expected
   */
  static JournalEntry of(String line) {
    return of(line, new JournalContents());
  }

  /** The same for a line behind others, whose long payloads may stand in it again. */
  static JournalEntry of(String line, JournalContents contents) {
    String[] fields = line.split(" ");
    if (fields.length < 3) {
      throw new IllegalArgumentException("expected instructions, nanoseconds and what happened, got \"" + RecordText.shown(line) + '"');
    }
    long instructions = number("instruction count", fields[0]);
    long nanoseconds = number("virtual time", fields[1]);
    if (fields[2].equals("input")) {
      expect(fields, 6, "kind, place and payload");
      byte[] bytes;
      try {
        bytes = fields[5].equals("-") ? new byte[0] : contents.read(fields[5]);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("the payload is no Base64: " + e.getMessage());
      }
      return new Input(instructions, nanoseconds, decode(fields[3]), decode(fields[4]), bytes);
    }
    if (fields[2].equals(RESET)) {
      expect(fields, 3, "nothing");
      return new Reset(instructions, nanoseconds);
    }
    for (Operation operation : Operation.values()) {
      if (operation.name().equalsIgnoreCase(fields[2])) {
        boolean carries = fields.length == CARRYING;
        expect(fields, carries ? CARRYING : 7, "bundle, version, digest and path of the jar, and the last three of what was replaced");
        return new Change(instructions, nanoseconds, operation, decode(fields[3]), decode(fields[4]), fields[5],
            decode(fields[6]), carries ? new Carried(decode(fields[7]), fields[8], decode(fields[9])) : Carried.NONE);
      }
    }
    throw new IllegalArgumentException("expected input, reset, replace, remove, add, withdraw or offer, got \"" + RecordText.shown(
        fields[2])
        + '"');
  }

  private static void expect(String[] fields, int count, String what) {
    if (fields.length != count) {
      throw new IllegalArgumentException("expected " + what + " after " + fields[2] + ", got " + (fields.length - 3) + " fields");
    }
  }

  private static long number(String what, String field) {
    try {
      long number = Long.parseLong(field);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, with what it should have been.
    }
    throw new IllegalArgumentException("expected the " + what + ", got \"" + RecordText.shown(field) + '"');
  }

  private static String encode(String text) {
    // A name that is just a dash would come back as none.
    return text.isEmpty() ? "-" : text.equals("-") ? "%2D"
        : URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%2F", "/").replace("%40", "@");
  }

  private static String decode(String field) {
    return field.equals("-") ? "" : RecordText.decode(field);
  }
}
