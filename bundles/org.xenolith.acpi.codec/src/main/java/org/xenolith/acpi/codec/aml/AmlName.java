// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec.aml;

import java.util.ArrayList;
import java.util.List;

/**
 * A name string: from the root, from some levels up, or from where it stands (ACPI 6.5, 20.2.2).
 *
 * @param root     whether it begins at the root ({@code \})
 * @param up       levels up ({@code ^}); 0 with {@code root}
 * @param segments of four characters each, filled up with {@code _}; none with neither: no object ({@code NullName})
 */
public record AmlName(boolean root, int up, List<String> segments) {
  /** Stands for no object. */
  public static final AmlName NULL = new AmlName(false, 0, List.of());

  /** Checks the segments. */
  public AmlName {
    segments = List.copyOf(segments);
    for (String segment : segments) {
      if (!isSegment(segment)) {
        throw new IllegalArgumentException("'" + segment + "' is no name of four capital letters, digits and _");
      }
    }
  }

  // What a record has of these is made by the JVM when it is called first, in each process: slow for what a start calls.

  @Override
  public final boolean equals(Object other) {
    return other instanceof AmlName name && root == name.root && up == name.up && segments.equals(name.segments);
  }

  @Override
  public final int hashCode() {
    return 31 * (31 * segments.hashCode() + up) + Boolean.hashCode(root);
  }

  /** No regular expression: a table has hundreds. */
  private static boolean isSegment(String text) {
    boolean right = text.length() == 4;
    for (int i = 0; right && i < text.length(); i++) {
      char c = text.charAt(i);
      right = c >= 'A' && c <= 'Z' || c == '_' || i > 0 && c >= '0' && c <= '9';
    }
    return right;
  }

  /**
   * Reads a name as ASL spells it, {@code \_SB.PCI0} for instance; segments may be shorter than four characters.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static AmlName of(String text) {
    boolean root = text.startsWith("\\");
    String rest = root ? text.substring(1) : text;
    int up = 0;
    while (!root && up < rest.length() && rest.charAt(up) == '^') {
      up++;
    }
    List<String> segments = new ArrayList<>();
    if (rest.length() > up) {
      for (String segment : rest.substring(up).split("\\.", -1)) {
        segments.add((segment + "____").substring(0, Math.max(4, segment.length())));
      }
    }
    return new AmlName(root, up, segments);
  }

  /** From the root: the place of this name when it stands in the scope of another one that is from the root. */
  public AmlName in(AmlName scope) {
    if (root) {
      return this;
    }
    List<String> all = new ArrayList<>(scope.segments.subList(0, Math.max(0, scope.segments.size() - up)));
    all.addAll(segments);
    return new AmlName(true, 0, all);
  }

  /** The name of what this one is in; the root's is the root. */
  public AmlName parent() {
    return new AmlName(root, up, segments.subList(0, Math.max(0, segments.size() - 1)));
  }

  /** The last segment; of the root an empty text. */
  public String last() {
    return segments.isEmpty() ? "" : segments.getLast();
  }

  /** As ASL spells it, without what fills up its segments. */
  @Override
  public String toString() {
    List<String> shown = segments.stream().map(segment -> segment.replaceAll("_+$", "")).toList();
    return (root ? "\\" : "^".repeat(up)) + String.join(".", shown);
  }
}
