// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tables of one machine in their order. */
public record TableSet(List<AcpiTable> tables) {
  /** A line of what {@code acpidump} writes: an offset and up to 16 bytes. */
  private static final Pattern LINE = Pattern.compile("\\s*[0-9A-Fa-f]{4,8}:((?: [0-9A-Fa-f]{2}){1,16})(?:\\s.*)?");
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
   * @throws AcpiException if it is neither
   */
  public static TableSet read(byte[] bytes) {
    String start = new String(bytes, 0, Math.min(bytes.length, 4096), StandardCharsets.ISO_8859_1);
    byte[] all = HEAD.matcher(start.lines().filter(line -> !line.isBlank()).findFirst().orElse("")).matches()
        ? fromText(new String(bytes, StandardCharsets.ISO_8859_1)) : bytes;
    List<AcpiTable> tables = new ArrayList<>();
    for (int at = 0; at < all.length || tables.isEmpty();) {
      AcpiTable table = AcpiTable.read(Arrays.copyOfRange(all, at, all.length));
      tables.add(table);
      at += table.length();
    }
    return new TableSet(tables);
  }

  private static byte[] fromText(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher bytes = LINE.matcher(line);
      if (bytes.matches()) {
        for (String each : bytes.group(1).trim().split(" ")) {
          out.write(Integer.parseInt(each, 16));
        }
      } else if (!line.isBlank() && !HEAD.matcher(line).matches()) {
        throw new AcpiException("acpidump's text", number, "line " + number + " is neither a table's name nor its bytes",
            "give the file as acpidump wrote it");
      }
    }
    return out.toByteArray();
  }
}
