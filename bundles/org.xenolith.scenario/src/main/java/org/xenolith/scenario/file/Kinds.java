// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import java.util.Map;
import java.util.Set;

/**
 * Kinds of checks and faults that bundles define.
 *
 * @param checks keys by kind
 * @param faults keys by kind
 */
public record Kinds(Map<String, Set<String>> checks, Map<String, Set<String>> faults) {}
