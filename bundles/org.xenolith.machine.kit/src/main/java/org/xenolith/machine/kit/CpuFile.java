// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.cpu.api.CpuDescription;
import org.xenolith.machine.api.ModelException;

/**
 * A CPU's description, read as far as it is the same for all architectures: lines of words, of which some are about the file itself and the others for who makes such processors.
 *
 * @param name         the CPU's name
 * @param place        where it is written, for messages
 * @param instructions the instruction set, as {@link Processor#instructions} names it
 * @param summary      what it is, in a line for people
 * @param source       the manual that says so; empty if nobody wrote it
 * @param compatible   how device trees name it, most specific first; empty if they don't
 * @param lines        all others, in order
 */
public record CpuFile(String name, String place, String instructions, String summary, String source, List<String> compatible, List<
    Line> lines) {
  /** The first line of this format. */
  public static final String FIRST = "xenolith-cpu 1";

  private static final String INSTRUCTIONS = "instructions";
  private static final String SUMMARY = "summary";
  private static final String SOURCE = "source";
  private static final String COMPATIBLE = "compatible";

  /**
   * A line that isn't about the file.
   *
   * @param number from 1
   * @param words  at least one; what was between quotation marks is one, without them
   */
  public record Line(int number, List<String> words) {
    /** All words from one on, with single blanks. */
    public String rest(int from) {
      return String.join(" ", words.subList(Math.min(from, words.size()), words.size()));
    }
  }

  /** The lists can't be changed. */
  public CpuFile {
    compatible = List.copyOf(compatible);
    lines = List.copyOf(lines);
  }

  /** Reads an installed one. @throws ModelException if it is wrong; the message names place, line and remedy */
  public static CpuFile of(CpuDescription description) {
    return read(description.name(), description.place(), description.text());
  }

  /**
   * Reads a text.
   *
   * @throws ModelException if it is wrong; the message names place, line and remedy
   */
  public static CpuFile read(String name, String place, String text) {
    List<String> all = text.lines().toList();
    Map<String, Line> header = new HashMap<>();
    List<Line> others = new ArrayList<>();
    boolean begun = false;
    for (int i = 0; i < all.size(); i++) {
      Line line = new Line(i + 1, words(all.get(i), place, i + 1));
      if (line.words.isEmpty()) {
        continue;
      }
      if (!begun) {
        if (!line.rest(0).equals(FIRST)) {
          throw wrong(place, line, "expected '" + FIRST + "', got '" + line.rest(0) + "'",
              "begin with that line; if it says another number, the file is for another version");
        }
        begun = true;
      } else if (isHeader(line.words.getFirst())) {
        Line before = header.putIfAbsent(line.words.getFirst(), line);
        if (before != null) {
          throw wrong(place, line, line.words.getFirst() + " is said a second time", "remove this line or line " + before.number);
        }
        if (line.words.size() == 1 || line.words.getFirst().equals(INSTRUCTIONS) && line.words.size() > 2) {
          throw wrong(place, line, line.words.getFirst() + " has " + (line.words.size() - 1) + " words", "write " + line.words.getFirst()
              + (line.words.getFirst().equals(INSTRUCTIONS) ? " and one word behind it" : " and what it is behind it"));
        }
      } else {
        others.add(line);
      }
    }
    for (String needed : List.of(INSTRUCTIONS, SUMMARY)) {
      if (!header.containsKey(needed)) {
        throw wrong(place, new Line(Math.max(1, all.size()), List.of("end")), begun ? "the file ends without a line '" + needed + "'"
            : "the file is empty",
            begun ? "add one" : "begin with '" + FIRST + "'");
      }
    }
    return new CpuFile(name, place, rest(header, INSTRUCTIONS), rest(header, SUMMARY), rest(header, SOURCE), header.containsKey(
        COMPATIBLE) ? header.get(COMPATIBLE).words.subList(1, header.get(COMPATIBLE).words.size()) : List.of(), others);
  }

  private static boolean isHeader(String word) {
    return word.equals(INSTRUCTIONS) || word.equals(SUMMARY) || word.equals(SOURCE) || word.equals(COMPATIBLE);
  }

  private static String rest(Map<String, Line> header, String word) {
    return header.containsKey(word) ? header.get(word).rest(1) : "";
  }

  /** Words, with what is between quotation marks as one; from a # that begins a word on it is a comment. */
  private static List<String> words(String text, String place, int number) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char first = text.charAt(at);
      if (Character.isWhitespace(first)) {
        at++;
      } else if (first == '#') {
        break;
      } else if (first == '"') {
        int end = text.indexOf('"', at + 1);
        if (end < 0) {
          throw wrong(place, new Line(number, List.of(text)), "a quotation mark without its end", "add it");
        }
        words.add(text.substring(at + 1, end));
        at = end + 1;
      } else {
        int end = at;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
          end++;
        }
        words.add(text.substring(at, end));
        at = end;
      }
    }
    return words;
  }

  /**
   * What is wrong with a line.
   *
   * @param remedy what to do about it, in the imperative and without a full stop
   */
  public ModelException wrong(Line line, String what, String remedy) {
    return wrong(place, line, what, remedy);
  }

  private static ModelException wrong(String place, Line line, String what, String remedy) {
    return new ModelException(place + ", line " + line.number + ": " + what + "; " + remedy);
  }

  /**
   * A number of a line: 0x and hexadecimal digits, or decimal ones; {@code _} between digits is for people.
   *
   * @param what what it is, for messages
   * @param bits how many bits it can have, 1 to 64
   * @throws ModelException if it is none, or too wide
   */
  public long number(Line line, String text, String what, int bits) {
    long number;
    try {
      String digits = text.replace("_", "");
      number = digits.startsWith("0x") || digits.startsWith("0X") ? Long.parseUnsignedLong(digits, 2, digits.length(), 16)
          : Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      throw wrong(line, what + ": '" + text + "' is no number of up to 64 bits", "write 0x and hexadecimal digits");
    }
    if (bits < 64 && number >>> bits != 0) {
      throw wrong(line, what + ": " + text + " is wider than " + bits + " bits", "write the value of the manual");
    }
    return number;
  }
}
