// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.machine.kit.JournalScenario;

/**
 * A scenario as its file says it.
 *
 * @param file         the file
 * @param name         its name: the file's without the ending
 * @param description  for a person; may be empty
 * @param line         where the launch is described
 * @param launch       what to launch, without its disks
 * @param disks        its disks
 * @param files        files that it brings along
 * @param folder       where they lie while it runs
 * @param virtualLimit most virtual nanoseconds in all
 * @param hostLimit    most host nanoseconds in all
 * @param steps        what to do
 * @param endsAtPanic  whether a panic of the guest fails the step in which it comes
 * @param consoles     consoles that steps name, the board's as the empty name
 * @param source       what a journal of it says of it
 */
public record Script(Path file, String name, String description, int line, LaunchRequest launch, List<Disk> disks,
    List<ScriptFile> files, Path folder, long virtualLimit, long hostLimit, List<Step> steps, boolean endsAtPanic, Set<String> consoles,
    JournalScenario source) {
  /** Whether the file is the journal of a run of it. */
  public boolean isRecorded() { return YamlFile.recorded(file).isPresent(); }
}
