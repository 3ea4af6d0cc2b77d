// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.content;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.xenolith.command.api.HostReason;
import org.xenolith.machine.content.ContentComparison.Difference;

/**
 * What a recording says that its machine ran on: lines of its header. Those of versions that had none have no lines, and are taken for what is here.
 *
 * @param file  of the recording
 * @param lines in their order
 * @param first number of the first of them in the file, from 1
 */
public record RecordedContents(Path file, List<ContentLine> lines, int first) {
  /** The lines of a header. @throws IOException if one of them is damaged */
  public static RecordedContents of(Path file, List<String> header) throws IOException {
    List<ContentLine> lines = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < header.size(); i++) {
      if (ContentLine.is(header.get(i))) {
        first = first == 0 ? i + 1 : first;
        try {
          lines.add(ContentLine.of(header.get(i)));
        } catch (IllegalArgumentException e) {
          throw new IOException(file + ", line " + (i + 1) + ": " + HostReason.of(e).text());
        }
      }
    }
    return new RecordedContents(file, lines, first);
  }

  /** Whether its machine went on from a state. */
  public boolean isOfState() { return lines.stream().anyMatch(ContentLine::isState); }

  /**
   * Refuses a machine that runs on something else.
   *
   * @return what may differ unseen, for people
   * @throws IOException naming what differs first, and what to do
   */
  public List<String> check(StartContents here) throws IOException {
    if (lines.isEmpty()) {
      return List.of();
    }
    ContentComparison compared = here.compared(lines);
    List<Difference> differences = compared.differences(lines);
    if (differences.isEmpty()) {
      return compared.unseen(lines);
    }
    throw new IOException(file + place(differences.getFirst()) + ": " + differences.getFirst().text() + also(differences) + ". " + remedy(
        differences));
  }

  private String place(Difference difference) {
    return difference.recorded() < 0 ? "" : ", line " + line(difference);
  }

  private int line(Difference difference) {
    return first + difference.recorded();
  }

  private static String also(List<Difference> differences) {
    return differences.size() == 1 ? "" : "; others, too: " + differences.stream().skip(1).map(Difference::name).collect(Collectors.joining(
        ", "));
  }

  /** A line that is lost would be taken for something that wasn't there: it's a word in it that says that it doesn't matter. */
  private String remedy(List<Difference> differences) {
    List<String> numbers = differences.stream().filter(each -> each.recorded() >= 0).map(each -> Integer.toString(line(each))).toList();
    boolean disks = differences.stream().anyMatch(each -> each.recorded() >= 0 && lines.get(each.recorded()).what().equals(
        ContentLine.DISK));
    return "Replay it with what there was then" + (disks
        ? "; a disk that the guest itself writes is another one after each run: keep a copy"
        : "") + (numbers.isEmpty() ? ""
            : ". To have what is here instead, in what may be another run, put \"" + ContentLine.ANY + "\" for the last word of line "
                + String.join(" and ", numbers));
  }
}
