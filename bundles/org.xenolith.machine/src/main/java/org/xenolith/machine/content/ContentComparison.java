// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a machine runs on beside what a recording says.
 *
 * @param here    by {@link ContentLine#key}
 * @param started whether all that it was given is known
 * @param atStart whether its memory is as it was before the first instruction
 */
record ContentComparison(Map<String, ContentLine> here, boolean started, boolean atStart) {
  /**
   * What differs.
   *
   * @param recorded which line of the recording it is, from 0; -1 if that has none
   * @param name     of what does, for people
   * @param text     how, for people
   */
  record Difference(int recorded, String name, String text) {}

  /** Whether a recorded line can be looked at: of a machine that goes on from a state nobody knows what it was given, nor its memory then. */
  private boolean isKnown(ContentLine line) {
    return line.isGiven() ? started : atStart || !line.isMemory();
  }

  /** What is another one, or there on one side only: first what people have a name for. */
  List<Difference> differences(List<ContentLine> recorded) {
    List<Difference> found = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < recorded.size(); i++) {
      ContentLine was = recorded.get(i);
      ContentLine is = here.get(was.key());
      keys.add(was.key());
      if (!isKnown(was) || was.digest().equals(ContentLine.ANY)) {
        continue;
      }
      if (is == null) {
        found.add(new Difference(i, was.named(), "recorded with " + was.named() + " (" + was.identity() + "), and here is none"));
      } else if (was.bytes() != is.bytes() || was.isComparable(is) && !was.digest().equals(is.digest())) {
        found.add(new Difference(i, is.named(), text(was, is)));
      }
    }
    // Who writes what is known later knows disks, and not all of the others.
    boolean all = recorded.stream().anyMatch(ContentLine::isMemory);
    here.forEach((key, is) -> {
      if (!keys.contains(key) && !is.isMemory() && !is.isState() && (all || is.what().equals(ContentLine.DISK))) {
        found.add(new Difference(-1, is.named(), "recorded without " + is.named() + ", which is here"));
      }
    });
    return found;
  }

  private static String text(ContentLine was, ContentLine is) {
    if (is.isState()) {
      return "recorded from another state than the machine has here, by its digest";
    }
    if (is.isMemory()) {
      return "recorded with other memory at the start, by its digest, though all that has a name is the same: the device tree, tables or firmware that the machine is given differ";
    }
    return "recorded with another " + is.named() + ": " + was.identity() + " then, " + is.identity() + " here";
  }

  /** What may differ unseen, for people. */
  List<String> unseen(List<ContentLine> recorded) {
    List<String> unseen = new ArrayList<>();
    if (recorded.stream().anyMatch(line -> !isKnown(line))) {
      unseen.add("what the recorded machine was started with isn't compared: this one goes on from a state");
    }
    for (ContentLine was : recorded) {
      ContentLine is = here.get(was.key());
      if (is == null || was.digest().equals(ContentLine.ANY)) {
        continue;
      }
      if (!was.isComparable(is)) {
        unseen.add(is.named() + ": only its size is compared with the recorded one's");
      } else if (!was.samples().isEmpty()) {
        unseen.add(is.named() + ": samples are compared, " + was.samples() + " bytes of " + was.bytes()
            + "; a change between them isn't seen");
      }
    }
    return unseen;
  }
}
