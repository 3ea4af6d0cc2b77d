// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.nio.file.Path;
import java.util.Optional;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.profile.api.ProfileRequest;

/**
 * What a person wants of a machine.
 *
 * @param launch       what to launch
 * @param console      the domain or node whose console is shown; empty for the board's
 * @param stopsAtPanic whether a panic on the board's console ends the run
 * @param profile      where to write a profile when the run ends
 * @param profiled     what it is to look for
 * @param save         where to write a snapshot when the run ends
 * @param record       where to journal all outside input
 * @param replay       a journal to take all outside input from
 */
record RunRequest(LaunchRequest launch, String console, boolean stopsAtPanic, Optional<Path> profile, ProfileRequest profiled,
    Optional<Path> save, Optional<Path> record, Optional<Path> replay) {}
