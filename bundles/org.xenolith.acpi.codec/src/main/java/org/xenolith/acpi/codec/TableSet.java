// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tables of one machine in their order. */
public record TableSet(List<AcpiTable> tables) {
  /** A line of what {@code acpidump} writes: an offset and up to 16 bytes. */
  private static final Pattern LINE = Pattern.compile("\\s*([0-9A-Fa-f]{4,8}):((?: [0-9A-Fa-f]{2}){1,16})(?:\\s.*)?");
  /** Before the lines of a table. */
  private static final Pattern HEAD = Pattern.compile("(\\S.{2,6}) @ 0x[0-9A-Fa-f]{8,16}\\s*");

  /** Takes the list over. */
  public TableSet {
    tables = List.copyOf(tables);
  }

  /** The first table of a signature. */
  public Optional<AcpiTable> find(String signature) {
    return tables.stream().filter(table -> table.signature().equals(signature)).findFirst();
  }

  /** All tables of a signature; several SSDTs for instance. */
  public List<AcpiTable> all(String signature) {
    return tables.stream().filter(table -> table.signature().equals(signature)).toList();
  }

  /** DSDT and SSDTs: what makes the namespace. */
  public List<AcpiTable> definitions() {
    List<AcpiTable> all = new ArrayList<>(all("DSDT"));
    all.addAll(all("SSDT"));
    return all;
  }

  /**
   * Reads tables one after another as {@code acpidump -b} writes them, or the text that {@code acpidump} writes without.
   *
   * @throws AcpiException if it is neither, or one of them can't be read
   */
  public static TableSet read(byte[] bytes) {
    return read(bytes, bad -> {
      throw bad;
    });
  }

  /**
   * The same, where a table that can't be read doesn't stop the others: what follows it is read if its length says where that is.
   *
   * @param unreadable is told of each table that is left out
   */
  public static TableSet read(byte[] bytes, Consumer<AcpiException> unreadable) {
    String start = new String(bytes, 0, Math.min(bytes.length, 4096), StandardCharsets.ISO_8859_1);
    List<AcpiTable> tables = new ArrayList<>();
    if (start.lines().anyMatch(line -> HEAD.matcher(line).matches())) {
      fromText(new String(bytes, StandardCharsets.ISO_8859_1), tables, unreadable);
    } else {
      fromBytes(bytes, tables, unreadable);
    }
    return new TableSet(tables);
  }

  private static void fromBytes(byte[] all, List<AcpiTable> tables, Consumer<AcpiException> unreadable) {
    int at = 0;
    do {
      int end = at + next(all, at);
      byte[] rest = Arrays.copyOfRange(all, at, end);
      try {
        AcpiTable table = AcpiTable.read(rest);
        tables.add(table);
        at += table.length();
      } catch (AcpiException e) {
        unreadable.accept(e);
        at = end;
      }
    } while (at < all.length);
  }

  /** Bytes of a table by the length that its header has, all that are left where that can't be. */
  private static int next(byte[] all, int at) {
    int left = all.length - at;
    long length = left < TableHeader.SIZE ? 0
        : LittleEndian.get(all, at + TableHeader.LENGTH.spec().offset(), TableHeader.LENGTH.spec().size());
    return length >= TableHeader.SIZE && length < left ? (int) length : left;
  }

  /** Lines that are neither a table's name nor its bytes are messages of {@code acpidump}'s, which it writes among them. */
  private static void fromText(String text, List<AcpiTable> tables, Consumer<AcpiException> unreadable) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String name = "";
    boolean whole = true;
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher head = HEAD.matcher(line);
      Matcher bytes = LINE.matcher(line);
      if (head.matches()) {
        end(name, whole, out, tables, unreadable);
        name = head.group(1);
        whole = true;
      } else if (whole && bytes.matches() && !name.isEmpty()) {
        whole = Long.parseLong(bytes.group(1), 16) == out.size();
        if (!whole) {
          unreadable.accept(new AcpiException(name, out.size(), "line " + number + " of acpidump's text says that its bytes are those at 0x"
              + bytes.group(1) + "; lines are missing or damaged", "give the file as acpidump wrote it"));
        }
        for (String each : bytes.group(2).trim().split(" ")) {
          out.write(Integer.parseInt(each, 16));
        }
      }
    }
    end(name, whole, out, tables, unreadable);
  }

  private static void end(String name, boolean whole, ByteArrayOutputStream out, List<AcpiTable> tables,
      Consumer<AcpiException> unreadable) {
    if (whole && !name.isEmpty()) {
      fromBytes(out.toByteArray(), tables, unreadable);
    }
    out.reset();
  }
}
