// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.content;

import org.xenolith.block.api.DiskFingerprint;
import org.xenolith.machine.snapshot.MachineDigest;
import org.xenolith.machine.snapshot.RecordText;

/**
 * One thing that a machine runs on, as a recording's header has it: a line {@code content WHAT PLACE BYTES DIGEST}.
 *
 * @param what   for people, the same in each run
 * @param place  the node's path, with what tells several there apart; {@value #NOWHERE} for none
 * @param bytes  of all of it
 * @param digest SHA-256, of memory CRC-32C, of a state and of a disk as {@link MachineDigest#quick} and {@link DiskFingerprint} has it; behind a colon, and which pieces they are, that of samples; {@value #UNKNOWN} if nobody can tell; {@value #ANY} where somebody
 *               wrote that it doesn't matter
 * @param source where it was had from, for messages; a recording hasn't it
 */
public record ContentLine(String what, String place, long bytes, String digest, String source) {
  /** The disk at a place. */
  public static final String DISK = "disk";
  /** All RAM as it is before the first instruction. */
  static final String MEMORY = "memory";
  /** All of a machine that goes on from a state. */
  static final String STATE = "state";
  static final String NOWHERE = "-";
  static final String UNKNOWN = "unknown";
  static final String ANY = "any";
  private static final String WORD = "content ";
  private static final int FIELDS = 5;

  static ContentLine of(String what, String place, byte[] content, String source) {
    return new ContentLine(what, place, content.length, MachineDigest.of(content), source);
  }

  static ContentLine of(String place, DiskFingerprint disk) {
    return new ContentLine(DISK, place, disk.bytes(), (disk.samples().isEmpty() ? "" : disk.samples() + ":") + disk.digest(), disk
        .source());
  }

  /** Whether a line is one. */
  public static boolean is(String line) {
    return line.startsWith(WORD);
  }

  /** The line, without its end. */
  public String line() {
    return WORD + RecordText.encode(what) + ' ' + RecordText.encode(place) + ' ' + bytes + ' ' + digest;
  }

  /** What a line says. @throws IllegalArgumentException if that can't be understood */
  public static ContentLine of(String line) {
    String[] fields = line.split(" ", -1);
    if (fields.length != FIELDS || !fields[3].matches("[0-9]{1,18}") || fields[4].isEmpty()) {
      throw new IllegalArgumentException("expected content WHAT PLACE BYTES DIGEST, got \"" + RecordText.shown(line) + '"');
    }
    return new ContentLine(RecordText.decode(fields[1]), RecordText.decode(fields[2]), Long.parseLong(fields[3]), fields[4], "");
  }

  /** What tells it apart from the others of a machine. */
  String key() {
    return what + ' ' + place;
  }

  boolean isState() { return what.equals(STATE) && place.equals(NOWHERE); }

  boolean isMemory() { return what.equals(MEMORY) && place.equals(NOWHERE); }

  /** Whether it is what the machine was given by its name. */
  boolean isGiven() {
    return place.equals(NOWHERE) && !isState() && !isMemory();
  }

  /** Which samples its digest is of; empty for all of it. */
  String samples() {
    return digest.contains(":") ? digest.substring(0, digest.indexOf(':')) : "";
  }

  /** Whether the digests of both say whether they are the same. */
  boolean isComparable(ContentLine other) {
    return !digest.equals(ANY) && !digest.equals(UNKNOWN) && !other.digest.equals(UNKNOWN) && samples().equals(other.samples());
  }

  /** For people: what it is, where it is, and where it was had from. */
  String named() {
    return what + (place.equals(NOWHERE) ? "" : " of " + place) + (source.isEmpty() ? "" : " (" + source + ")");
  }

  /** For people: by what it is told apart. */
  String identity() {
    return bytes + " bytes, " + (digest.equals(UNKNOWN) ? "of which nothing is known" : "SHA-256 " + (samples().isEmpty() ? ""
        : "of samples ") + shortened(digest
            .substring(digest.indexOf(':') + 1)));
  }

  private static String shortened(String text) {
    return text.length() > 16 ? text.substring(0, 16) + "…" : text;
  }
}
