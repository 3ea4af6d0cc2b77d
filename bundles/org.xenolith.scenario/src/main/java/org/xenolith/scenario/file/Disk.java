// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A disk of a scenario.
 *
 * @param image its file; else a temporary one of random bytes
 * @param seed  of the random bytes ({@code java.util.Random})
 * @param size  their number
 * @param words what is said of it as the option for disks has it, each word behind a comma
 */
public record Disk(Optional<Path> image, long seed, long size, String words) {}
